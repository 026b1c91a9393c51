//! Which addresses a delivery may go to: none inside.
//!
//! A person who may enter an address must not be able to make this server speak to its own network: to a database without
//! password, to the metadata service of a cloud, to itself. So a name is resolved by a resolver that leaves out every
//! address inside, and the connection goes to what it gave: a name that answers otherwise the second time gains nothing.
//! An address that is written as digits does not pass a resolver, so it is looked at by itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Whether an address is in the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        // This host, private, shared (and the metadata service of Alibaba Cloud), loopback, link-local (and every other
        // cloud's metadata service).
        (0 | 10 | 127, ..) | (100, 64..=127, _) | (169, 254, _) | (172, 16..=31, _) | (192, 168, _)
        // Protocol assignments, documentation, relays, benchmarks.
        | (192, 0, 0 | 2) | (192, 88, 99) | (198, 18..=19, _) | (198, 51, 100) | (203, 0, 113)
        // Multicast, reserved, broadcast.
        | (224..=255, ..)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = embedded_v4(address) {
        return is_public_v4(inner);
    }
    let [first, second, ..] = address.segments();
    // Only what has been given to networks so far, without documentation and Teredo.
    (first & 0xe000) == 0x2000
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        && !(first == 0x3fff && second < 0x1000)
}

/// The IPv4 address that traffic to this one ends at: mapped, translated, tunnelled.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [first, second, third, _, _, _, high, low] = address.segments();
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    match (first, second) {
        (0x0064, 0xff9b) => Some(joined(high, low)),
        (0x2002, _) => Some(joined(second, third)),
        _ => None,
    }
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

/// Why an address cannot be an endpoint's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Not a complete `http` or `https` address.
    #[error("必须是完整的 https:// 地址")]
    NotHttp,
    /// `http` sends what people write through the internet for everybody to read.
    #[error("必须使用 https；只有在开发环境或内网（WEBHOOK_ALLOW_PRIVATE=on）才可以用 http")]
    Plain,
    /// Credentials in an address end up in logs.
    #[error("地址里不能带用户名或密码")]
    Credentials,
    /// It leads inside.
    #[error("地址指向本机或内网，不允许；如果接收端确实在内网，请设置 WEBHOOK_ALLOW_PRIVATE=on")]
    Private,
}

/// Looks at an address as it is written. What its name resolves to is looked at when connecting.
///
/// # Errors
///
/// See [`BadAddress`].
pub fn check_url(url: &Url, allow_private: bool) -> Result<(), BadAddress> {
    let private = match url.host() {
        None => return Err(BadAddress::NotHttp),
        Some(Host::Ipv4(address)) => !is_public_v4(address),
        Some(Host::Ipv6(address)) => !is_public_v6(address),
        Some(Host::Domain(name)) => is_local_name(name),
    };
    match url.scheme() {
        "https" => {}
        "http" if allow_private => {}
        "http" if private => return Err(BadAddress::Private),
        "http" => return Err(BadAddress::Plain),
        _ => return Err(BadAddress::NotHttp),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadAddress::Credentials);
    }
    if private && !allow_private {
        return Err(BadAddress::Private);
    }
    Ok(())
}

/// Names that mean something inside whatever they resolve to.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.contains('.') || [".localhost", ".local", ".internal", ".home.arpa"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T-83.
    #[test]
    fn addresses_inside_are_refused_however_they_are_written() {
        for inside in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://0.0.0.0/",
            "https://10.0.0.8/",
            "https://172.16.0.1/",
            "https://172.31.255.255/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.100.100.200/latest/meta-data/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:a9fe:a9fe]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[fd00:ec2::254]/",
            "https://[fe80::1]/",
            "https://[fec0::1]/",
            "https://[ff02::1]/",
            "https://[2001:db8::1]/",
            "https://[2001::1]/",
            "https://[::7f00:1]/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://foo.localhost/",
            "https://metadata.google.internal/",
            "https://printer.local/",
            "https://postgres/",
            "http://127.0.0.1/",
        ] {
            let url: Url = inside.parse().unwrap();
            assert_eq!(check_url(&url, false), Err(BadAddress::Private), "{inside}");
            assert_eq!(check_url(&url, true), Ok(()), "{inside}");
        }
    }

    #[test]
    fn the_public_internet_is_allowed() {
        for outside in [
            "https://example.com/hook?x=1",
            "https://8.8.8.8/",
            "https://172.32.0.1/",
            "https://100.128.0.1/",
            "https://[2400:3200::1]/",
            "https://[2001:4860:4860::8888]/",
            "https://[64:ff9b::808:808]/",
        ] {
            assert_eq!(check_url(&outside.parse().unwrap(), false), Ok(()), "{outside}");
        }
    }

    #[test]
    fn what_else_is_wrong_is_said() {
        let of = |url: &str| check_url(&url.parse().unwrap(), false).unwrap_err();
        assert_eq!(of("http://example.com/"), BadAddress::Plain);
        assert_eq!(of("ftp://example.com/"), BadAddress::NotHttp);
        assert_eq!(of("data:text/plain,x"), BadAddress::NotHttp);
        assert_eq!(of("https://user:pass@example.com/"), BadAddress::Credentials);
    }
}
