//! How many connections may be open, in all and per address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

use super::ListenerSettings;

/// The places there are.
#[derive(Debug, Clone)]
pub(super) struct Places {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    most: usize,
    most_per_ip: usize,
    exempt: Vec<IpNet>,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    per_ip: HashMap<IpAddr, usize>,
}

/// One open connection; gives its place back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    inner: Arc<Inner>,
    counted_for: Option<IpAddr>,
}

impl Places {
    pub(super) fn new(settings: &ListenerSettings) -> Self {
        Self {
            inner: Arc::new(Inner {
                most: settings.max_connections,
                most_per_ip: settings.max_connections_per_ip,
                exempt: settings.trusted_proxies.clone(),
                taken: Mutex::new(Taken::default()),
            }),
        }
    }

    /// A place for a connection from `ip`, or `None` when there is none left for it.
    pub(super) fn take(&self, ip: IpAddr) -> Option<Place> {
        let ip = ip.to_canonical();
        let counted_for = (!self.inner.is_exempt(ip)).then_some(ip);
        let mut taken = self.inner.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= self.inner.most {
            return None;
        }
        if let Some(ip) = counted_for {
            let of_ip = taken.per_ip.entry(ip).or_default();
            if *of_ip >= self.inner.most_per_ip {
                return None;
            }
            *of_ip += 1;
        }
        taken.all += 1;
        metrics::gauge!("http_connections_open").set(gauge(taken.all));
        drop(taken);
        Some(Place { inner: Arc::clone(&self.inner), counted_for })
    }
}

impl Inner {
    fn is_exempt(&self, ip: IpAddr) -> bool {
        ip.is_loopback() || self.exempt.iter().any(|network| network.contains(&ip))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.inner.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        metrics::gauge!("http_connections_open").set(gauge(taken.all));
        let Some(ip) = self.counted_for else { return };
        if let Some(of_ip) = taken.per_ip.get_mut(&ip) {
            *of_ip = of_ip.saturating_sub(1);
            if *of_ip == 0 {
                taken.per_ip.remove(&ip);
            }
        }
    }
}

fn gauge(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{super::ListenerSettings, Places};

    const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));

    fn places(all: usize, per_ip: usize) -> Places {
        Places::new(&ListenerSettings {
            max_connections: all,
            max_connections_per_ip: per_ip,
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            ..ListenerSettings::default()
        })
    }

    #[test]
    fn one_address_has_its_own_limit_and_gets_its_place_back() {
        let places = places(10, 2);
        let first = places.take(STRANGER).unwrap();
        let _second = places.take(STRANGER).unwrap();
        assert!(places.take(STRANGER).is_none());
        drop(first);
        assert!(places.take(STRANGER).is_some());
    }

    #[test]
    fn loopback_and_proxies_are_only_bound_by_the_total() {
        let places = places(3, 1);
        let _kept: Vec<_> =
            ["127.0.0.1", "::ffff:127.0.0.1", "10.1.2.3"].map(|ip| places.take(ip.parse().unwrap()).unwrap()).into();
        assert!(places.take("10.1.2.3".parse().unwrap()).is_none());
    }

    #[test]
    fn an_address_that_left_is_forgotten() {
        let places = places(10, 2);
        drop(places.take(STRANGER));
        assert!(places.inner.taken.lock().unwrap().per_ip.is_empty());
    }
}
