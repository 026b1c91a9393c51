//! Who is calling, by address.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client: the peer, or, where the peer is one of our proxies, the right-most hop of
/// `X-Forwarded-For` that is none of them. What a client writes into that header itself stands further left and
/// is never believed.
pub(crate) fn client_ip(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let is_proxy = |ip: IpAddr| proxies.iter().any(|network| network.contains(&ip));
    let mut ip = peer.to_canonical();
    if !is_proxy(ip) {
        return ip;
    }
    for line in headers.get_all(X_FORWARDED_FOR).iter().rev() {
        for hop in line.as_bytes().rsplit(|&byte| byte == b',') {
            // A hop that is no address ends the trust: the proxy before it is all we know.
            let Some(hop) = parse(hop) else { return ip };
            ip = hop;
            if !is_proxy(ip) {
                return ip;
            }
        }
    }
    ip
}

/// An address, perhaps with a port as some proxies write it.
fn parse(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let ip = text
        .parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())?;
    Some(ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use http::{HeaderMap, HeaderValue};
    use rstest::rstest;

    use super::client_ip;

    fn seen(peer: &str, forwarded: &[&str]) -> IpAddr {
        let proxies = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        client_ip(peer.parse().unwrap(), &headers, &proxies)
    }

    #[rstest]
    #[case::a_stranger_is_not_believed("203.0.113.1", &["1.2.3.4"], "203.0.113.1")]
    #[case::one_proxy("10.0.0.1", &["198.51.100.7"], "198.51.100.7")]
    #[case::what_the_client_wrote_stands_left("10.0.0.1", &["1.2.3.4, 198.51.100.7"], "198.51.100.7")]
    #[case::a_chain_of_proxies("10.0.0.1", &["1.2.3.4, 198.51.100.7, 10.9.9.9"], "198.51.100.7")]
    #[case::several_lines_are_one_list("10.0.0.1", &["1.2.3.4", "198.51.100.7, 10.0.0.2"], "198.51.100.7")]
    #[case::junk_ends_the_trust("10.0.0.1", &["198.51.100.7, unknown, 10.0.0.2"], "10.0.0.2")]
    #[case::nothing_forwarded("10.0.0.1", &[], "10.0.0.1")]
    #[case::only_proxies("10.0.0.1", &["10.0.0.2"], "10.0.0.2")]
    #[case::with_a_port("10.0.0.1", &["198.51.100.7:5123"], "198.51.100.7")]
    #[case::six("fd00::1", &["[2001:db8::7]:443"], "2001:db8::7")]
    #[case::four_in_six("::ffff:10.0.0.1", &["::ffff:198.51.100.7"], "198.51.100.7")]
    fn clients(#[case] peer: &str, #[case] forwarded: &[&str], #[case] expected: &str) {
        assert_eq!(seen(peer, forwarded), expected.parse::<IpAddr>().unwrap());
    }
}
