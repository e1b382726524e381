//! Who may hold a connection: so many in all, so many from one place.
//!
//! A place is one IPv4 address or one IPv6 network of 64 bits, since that is what one sender has of each. Trusted
//! proxies speak for many, so they count in all only.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::Network;

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) total: usize,
    pub(super) per_place: usize,
}

/// The connections of one listener.
#[derive(Debug)]
pub(super) struct Admission {
    limits: Limits,
    trusted: Vec<Network>,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_place: HashMap<IpAddr, usize>,
}

/// The right to hold a connection; given back when dropped.
#[derive(Debug)]
pub(super) struct Ticket {
    admission: Arc<Admission>,
    place: Option<IpAddr>,
}

/// Which limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Total,
    Place,
}

impl Refused {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Place => "address",
        }
    }
}

impl Admission {
    pub(super) fn new(limits: Limits, trusted: Vec<Network>) -> Arc<Self> {
        Arc::new(Self { limits, trusted, open: Mutex::default() })
    }

    /// Lets a connection in, or says which limit it would break.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Ticket, Refused> {
        let trusted = self.trusted.iter().any(|network| network.contains(address));
        let place = (!trusted).then(|| place(address));
        let mut open = self.open();
        if open.total >= self.limits.total {
            return Err(Refused::Total);
        }
        if let Some(place) = place {
            let here = open.by_place.entry(place).or_default();
            if *here >= self.limits.per_place {
                return Err(Refused::Place);
            }
            *here += 1;
        }
        open.total += 1;
        Ok(Ticket { admission: Arc::clone(self), place })
    }

    /// How many connections are open.
    pub(super) fn count(&self) -> usize {
        self.open().total
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut open = self.admission.open();
        open.total = open.total.saturating_sub(1);
        if let Some(place) = self.place
            && let Some(here) = open.by_place.get_mut(&place)
        {
            *here = here.saturating_sub(1);
            // Places that come and go must not stay in memory.
            if *here == 0 {
                open.by_place.remove(&place);
            }
        }
    }
}

fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(total: usize, per_place: usize, trusted: &[&str]) -> Arc<Admission> {
        let trusted = trusted.iter().map(|network| network.parse().unwrap()).collect();
        Admission::new(Limits { total, per_place }, trusted)
    }

    fn admit(admission: &Arc<Admission>, address: &str) -> Result<Ticket, Refused> {
        admission.admit(address.parse().unwrap())
    }

    #[test]
    fn a_place_has_so_many_and_gets_them_back() {
        let door = admission(10, 2, &[]);
        let first = admit(&door, "1.1.1.1").unwrap();
        let _second = admit(&door, "::ffff:1.1.1.1").unwrap();
        assert_eq!(admit(&door, "1.1.1.1").unwrap_err(), Refused::Place);
        assert!(admit(&door, "1.1.1.2").is_ok());
        drop(first);
        assert!(admit(&door, "1.1.1.1").is_ok());
    }

    #[test]
    fn a_network_of_64_bits_is_one_place() {
        let door = admission(10, 1, &[]);
        let _one = admit(&door, "2001:db8:1:2::1").unwrap();
        assert_eq!(admit(&door, "2001:db8:1:2:ffff::5").unwrap_err(), Refused::Place);
        assert!(admit(&door, "2001:db8:1:3::1").is_ok());
    }

    #[test]
    fn all_together_have_so_many_and_nothing_is_left_behind() {
        let door = admission(2, 2, &["10.0.0.0/8"]);
        let tickets = [admit(&door, "10.0.0.1").unwrap(), admit(&door, "10.0.0.1").unwrap()];
        assert_eq!(admit(&door, "10.0.0.1").unwrap_err(), Refused::Total);
        assert_eq!(door.count(), 2);
        drop(tickets);
        let ticket = admit(&door, "2.2.2.2").unwrap();
        drop(ticket);
        assert_eq!(door.count(), 0);
        assert!(door.open().by_place.is_empty());
    }

    #[test]
    fn a_trusted_proxy_counts_in_all_only() {
        let door = admission(10, 1, &["10.0.0.0/8"]);
        let _tickets: Vec<Ticket> = (0..5).map(|_| admit(&door, "10.0.0.1").unwrap()).collect();
        assert_eq!(door.count(), 5);
    }
}
