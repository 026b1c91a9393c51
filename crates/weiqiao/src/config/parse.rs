//! The shapes values have. An error says what was expected and never repeats the value.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::reader::Expected;

type Parsed<T> = Result<T, Expected>;

pub(super) fn port(text: &str) -> Parsed<u16> {
    whole_number(text, 1..=u16::MAX.into()).and_then(|port| u16::try_from(port).map_err(|_| number_in(1..=65_535)))
}

pub(super) fn whole_number(text: &str, range: RangeInclusive<u64>) -> Parsed<u64> {
    match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(number_in(range)),
    }
}

fn number_in(range: RangeInclusive<u64>) -> Expected {
    let (from, to) = range.into_inner();
    Expected::new(format!("应当是 {from} 到 {to} 的整数。"), format!("must be a whole number from {from} to {to}."))
}

pub(super) fn switch(text: &str) -> Parsed<bool> {
    match text {
        "on" | "true" | "1" | "yes" => Ok(true),
        "off" | "false" | "0" | "no" => Ok(false),
        _ => Err(Expected::new("应当是 on 或 off。", "must be on or off.")),
    }
}

/// One of some words.
pub(super) fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Parsed<T> {
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let all: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        Expected::new(format!("应当是 {}。", all.join(" 或 ")), format!("must be {}.", all.join(" or ")))
    })
}

/// A number with a unit (`90s`, `30m`, `24h`, `7d`); without one it is seconds.
pub(super) fn duration(text: &str, from: Duration, to: Duration) -> Parsed<Duration> {
    let (digits, factor) = match text.char_indices().next_back() {
        Some((at, 's')) => (text.get(..at), 1),
        Some((at, 'm')) => (text.get(..at), 60),
        Some((at, 'h')) => (text.get(..at), 3_600),
        Some((at, 'd')) => (text.get(..at), 86_400),
        _ => (Some(text), 1),
    };
    let seconds = digits.and_then(|digits| digits.trim_end().parse::<u64>().ok()?.checked_mul(factor));
    match seconds.map(Duration::from_secs) {
        Some(duration) if (from..=to).contains(&duration) => Ok(duration),
        _ => {
            let (from, to) = (in_words(from), in_words(to));
            Err(Expected::new(
                format!("应当是 {from} 到 {to} 的时长，例如 90s、30m、24h、7d。"),
                format!("must be a duration from {from} to {to}, such as 90s, 30m, 24h or 7d."),
            ))
        }
    }
}

fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds % 86_400 == 0 => format!("{}d", seconds / 86_400),
        seconds if seconds % 3_600 == 0 => format!("{}h", seconds / 3_600),
        seconds if seconds % 60 == 0 => format!("{}m", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}

/// An address to listen on: an IP address, or `localhost`.
pub(super) fn host(text: &str) -> Parsed<IpAddr> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => text.trim_matches(['[', ']']).parse().map_err(|_| {
            Expected::new(
                "应当是要监听的 IP 地址，例如 0.0.0.0 或 127.0.0.1。",
                "must be the IP address to listen on, such as 0.0.0.0 or 127.0.0.1.",
            )
        }),
    }
}

pub(super) fn socket_address(text: &str) -> Parsed<SocketAddr> {
    let local = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    local.as_deref().unwrap_or(text).parse().map_err(|_| {
        Expected::new("应当是“IP:端口”，例如 127.0.0.1:9464。", "must be IP:port, such as 127.0.0.1:9464.")
    })
}

/// A network, or one address.
pub(super) fn network(text: &str) -> Parsed<IpNet> {
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| Expected::new("应当是网段，例如 10.0.0.0/8。", "must be a network, such as 10.0.0.0/8."))
}

/// `http(s)://host[:port]`, with nothing after it.
pub(super) fn site(text: &str) -> Parsed<Url> {
    base(text).ok().filter(|url| url.path() == "/").ok_or_else(|| {
        Expected::new(
            "应当是 http:// 或 https:// 开头的网址，只有域名和端口，后面不带路径，例如 https://wx.example.com。",
            "must be http:// or https:// with a host and perhaps a port and nothing after it, such as https://wx.example.com.",
        )
    })
}

/// An origin as browsers write it: `scheme://host[:port]`, lower case, no slash at the end.
pub(super) fn origin(text: &str) -> Parsed<String> {
    site(text).map(|url| url.origin().ascii_serialization())
}

/// `http(s)://host[:port][/path]` without user, query or fragment.
pub(super) fn base(text: &str) -> Parsed<Url> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .filter(|url| url.username().is_empty() && url.password().is_none())
        .filter(|url| url.query().is_none() && url.fragment().is_none())
        .ok_or_else(|| {
            Expected::new(
                "应当是 http:// 或 https:// 开头的网址，不带用户名、? 和 #。",
                "must be an http:// or https:// address without user, ? and #.",
            )
        })
}

/// A text as part of an address, for the setters of [`Url`]: they encode everything but a percent sign.
pub(super) fn part_of_address(text: &str) -> String {
    text.replace('%', "%25")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok<T>(parsed: Parsed<T>) -> Option<T> {
        parsed.ok()
    }

    #[test]
    fn durations_have_a_unit_or_are_seconds() {
        let read = |text| ok(duration(text, Duration::from_secs(1), Duration::from_secs(86_400 * 30)));
        for (text, seconds) in
            [("90", 90), ("90s", 90), ("30m", 1_800), ("24h", 86_400), ("7d", 604_800), ("7 d", 604_800)]
        {
            assert_eq!(read(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for wrong in ["", "h", "24 hours", "-1h", "1.5h", "0", "31d", "99999999999999999999d", "24时", "h24"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let Err(expected) = duration("x", Duration::from_secs(60), Duration::from_secs(86_400 * 30)) else { panic!() };
        assert!(expected.en.contains("from 1m to 30d"), "{}", expected.en);
    }

    #[test]
    fn sites_have_nothing_after_the_host() {
        for (text, shown) in [
            ("https://wx.example.com", "https://wx.example.com"),
            ("https://WX.example.com:443/", "https://wx.example.com"),
            ("http://localhost:3001", "http://localhost:3001"),
            ("http://例子.中国", "http://xn--fsqu00a.xn--fiqs8s"),
        ] {
            assert_eq!(ok(origin(text)).as_deref(), Some(shown));
        }
        for wrong in [
            "wx.example.com",
            "*",
            "null",
            "ftp://a",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "https://a#b",
            "https://",
        ] {
            assert_eq!(ok(origin(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn addresses_ports_networks_and_switches() {
        assert_eq!(ok(host("localhost")).map(|ip| ip.to_string()).as_deref(), Some("127.0.0.1"));
        assert_eq!(ok(host("[::1]")).map(|ip| ip.to_string()).as_deref(), Some("::1"));
        assert_eq!(ok(host("example.com")), None);
        assert_eq!(
            (ok(port("3001")), ok(port("0")), ok(port("65536")), ok(port("tcp://x"))),
            (Some(3001), None, None, None)
        );
        assert!(ok(socket_address("localhost:9464")).is_some() && ok(socket_address("9464")).is_none());
        assert_eq!(ok(network("10.1.2.3")).map(|net| net.to_string()).as_deref(), Some("10.1.2.3/32"));
        assert!(ok(network("10.0.0.0/8")).is_some() && ok(network("10.0.0.0/33")).is_none());
        assert_eq!((ok(switch("on")), ok(switch("0")), ok(switch("enabled"))), (Some(true), Some(false), None));
    }
}
