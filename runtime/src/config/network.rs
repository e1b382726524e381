//! A range of IP addresses, written as one address or as `address/bits`.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// One address or one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Says whether an address lies inside; an IPv4 address inside IPv6 counts as the IPv4 one.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl FromStr for Network {
    type Err = ipnet::AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self(IpNet::from(address.to_canonical())));
        }
        text.parse::<IpNet>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().expect("a network")
    }

    #[test]
    fn one_address_and_a_range_are_both_networks() {
        assert!(network("195.211.122.249").contains("195.211.122.249".parse().unwrap()));
        assert!(!network("195.211.122.249").contains("195.211.122.250".parse().unwrap()));
        assert!(network("195.211.122.0/24").contains("195.211.122.7".parse().unwrap()));
        assert!(!network("195.211.122.0/24").contains("195.211.123.7".parse().unwrap()));
        assert!(network("10.0.0.0/8").contains("::ffff:10.1.2.3".parse().unwrap()));
        assert!("195.211.122".parse::<Network>().is_err());
        assert!("10.0.0.0/33".parse::<Network>().is_err());
    }
}
