//! Which network addresses may be dialled.
//!
//! Goes in: an IP address that a name resolved to, or that stood in an address literally. Comes out: yes or no.
//! A shop types the address of its RetailCRM account into our settings, so without this check the server could
//! be made to call its own neighbours (server-side request forgery). The check is made on the address that is
//! dialled, not on the name, because a name may resolve differently the second time.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses may be dialled beyond the public ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guard {
    /// Whether loopback may be dialled. For tests and the demo, where the other side runs on this machine.
    pub allow_loopback: bool,
}

impl Guard {
    /// Tells whether `address` may be dialled.
    ///
    /// Refused: unspecified, private, shared (carrier-grade NAT), link-local, unique local, multicast,
    /// documentation, benchmarking, reserved, and every form of IPv6 that carries such an IPv4 address.
    pub fn allows(self, address: IpAddr) -> bool {
        if address.is_loopback() {
            return self.allow_loopback;
        }
        match address {
            IpAddr::V4(v4) => public_v4(v4),
            IpAddr::V6(v6) => match embedded_v4(v6) {
                Some(v4) => self.allows(IpAddr::V4(v4)),
                None => public_v6(v6),
            },
        }
    }
}

/// The IPv4 address inside a mapped, compatible, NAT64 or 6to4 address.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    let [a, b, c, d, e, f, g, h] = address.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (a, b) {
        (0, 0) if [c, d, e, f] == [0; 4] => Some(join(g, h)),
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => Some(join(g, h)),
        (0x2002, _) => Some(join(b, c)),
        _ => None,
    }
}

fn public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_unspecified()
        || address.is_private()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240)
}

fn public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    !(address.is_unspecified()
        || address.is_multicast()
        || (a & 0xfe00) == 0xfc00
        || (a & 0xffc0) == 0xfe80
        || (a & 0xffc0) == 0xfec0
        || (a == 0x2001 && b == 0xdb8)
        || (a == 0x100 && b == 0)
        // NAT64 with a local prefix (RFC 8215).
        || (a == 0x64 && b == 0xff9b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, public: bool, with_loopback: bool) {
        let address: IpAddr = address.parse().expect("an address");
        assert_eq!(Guard::default().allows(address), public, "{address}");
        assert_eq!(Guard { allow_loopback: true }.allows(address), with_loopback, "{address} with loopback");
    }

    #[test]
    fn public_addresses_pass() {
        for address in
            ["8.8.8.8", "195.211.122.249", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2a00:1450::1"]
        {
            check(address, true, true);
        }
    }

    #[test]
    fn loopback_needs_permission() {
        for address in ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"] {
            check(address, false, true);
        }
    }

    #[test]
    fn everything_else_that_is_not_public_never_passes() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "100::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::a00:1",
            "2002:a00:1::1",
            "::10.0.0.1",
        ] {
            check(address, false, false);
        }
    }
}
