//! From where a request comes: the other end of the connection, or whom a trusted proxy names.

use std::net::IpAddr;

use http::HeaderMap;

use crate::config::Network;

/// The header that proxies write.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The sender of a request, as an extension of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// Works out the sender.
    ///
    /// Each proxy adds the address it saw at the end of the list, so the list is read from its end for as long as the
    /// addresses are those of trusted proxies; the first other one is the sender. What stands before it anybody
    /// could have written.
    pub fn of(connection: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
        let mut peer = connection.to_canonical();
        let mut named: Vec<&str> = Vec::new();
        for value in headers.get_all(FORWARDED_FOR) {
            named.extend(value.to_str().unwrap_or_default().split(','));
        }
        for name in named.iter().rev() {
            if !is_trusted(peer) {
                break;
            }
            let Ok(address) = name.trim().parse::<IpAddr>() else { break };
            peer = address.to_canonical();
        }
        Self(peer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(connection: &str, forwarded: &[&'static str], expected: &str) {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let peer = Peer::of(connection.parse().unwrap(), &headers, &trusted);
        assert_eq!(peer, Peer(expected.parse().unwrap()));
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        check("1.1.1.1", &["2.2.2.2"], "1.1.1.1");
        check("10.0.0.1", &["2.2.2.2"], "2.2.2.2");
        check("10.0.0.1", &["9.9.9.9, 2.2.2.2"], "2.2.2.2");
        check("10.0.0.1", &["9.9.9.9", "2.2.2.2, 10.0.0.2"], "2.2.2.2");
        check("10.0.0.1", &["2.2.2.2, nonsense"], "10.0.0.1");
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["10.0.0.2"], "10.0.0.2");
        check("::ffff:10.0.0.1", &["2.2.2.2"], "2.2.2.2");
    }
}
