//! Where a login may return to: an allow-list of exact hosts, read with one URL parser.
//!
//! The text that was asked for is never sent back. What leaves is the parser's own serialisation of what it understood,
//! so the browser cannot understand something else.

use url::{Host, Url};

use crate::settings::SettingError;

/// The longest page address that is accepted, in bytes.
pub const MAX_LENGTH: usize = 2048;

/// Exact hosts a login may return to.
#[derive(Debug, Clone)]
pub struct RedirectAllowList {
    base: Url,
    entries: Vec<Entry>,
    plain_http: bool,
}

/// Why a page may not be returned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectProblem {
    /// Longer than [`MAX_LENGTH`].
    #[error("地址过长")]
    TooLong,
    /// Neither an absolute http(s) address nor a path that starts with one slash, or one that hides something.
    #[error("不是有效的 http(s) 地址")]
    Malformed,
    /// A user name or password before the host.
    #[error("地址中不能包含用户名或密码")]
    UserInfo,
    /// Plain http to a host that is not this computer, while our own address is https.
    #[error("必须使用 https 地址")]
    PlainHttp,
    /// The host, or its port, is not on the list.
    #[error("域名不在允许列表中")]
    HostNotListed,
}

#[derive(Debug, Clone)]
struct Entry {
    host: Host<String>,
    port: Ports,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ports {
    /// The port of the scheme; any port when the host is this computer.
    Default,
    One(u16),
    Any,
}

impl RedirectAllowList {
    /// Reads the list; `None` means the host of `public_url`. That host is always allowed on its own port.
    ///
    /// # Errors
    ///
    /// An entry that is not `host`, `host:port` or `host:*`; wildcards in the host are refused.
    pub fn new(public_url: &Url, hosts: Option<&[String]>) -> Result<Self, SettingError> {
        let own = own_host(public_url)?;
        let mut entries =
            hosts.unwrap_or_default().iter().map(|text| Entry::parse(text)).collect::<Result<Vec<_>, _>>()?;
        let own_port = if hosts.is_none() && is_loopback(&own) { Ports::Any } else { own_ports(public_url) };
        entries.push(Entry { host: own, port: own_port });
        Ok(Self { base: public_url.clone(), entries, plain_http: public_url.scheme() == "http" })
    }

    /// Reads the page address somebody asked for. A path (`/orders?id=1`) is a page of our own.
    ///
    /// # Errors
    ///
    /// Anything but an http(s) address on the list; see [`RedirectProblem`].
    pub fn check(&self, asked: &str) -> Result<Url, RedirectProblem> {
        if asked.len() > MAX_LENGTH {
            return Err(RedirectProblem::TooLong);
        }
        if asked.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\' || is_invisible(c)) {
            return Err(RedirectProblem::Malformed);
        }
        let url = if asked.starts_with('/') && !asked.starts_with("//") {
            self.base.join(asked)
        } else if has_http_scheme(asked) {
            Url::parse(asked)
        } else {
            return Err(RedirectProblem::Malformed);
        }
        .map_err(|_| RedirectProblem::Malformed)?;
        self.check_parsed(&url)?;
        Ok(url)
    }

    fn check_parsed(&self, url: &Url) -> Result<(), RedirectProblem> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(RedirectProblem::UserInfo);
        }
        let host = url.host().ok_or(RedirectProblem::Malformed)?;
        if !self.entries.iter().any(|entry| entry.allows(&host, url)) {
            return Err(RedirectProblem::HostNotListed);
        }
        if url.scheme() != "https" && !self.plain_http && !is_loopback(&host.to_owned()) {
            return Err(RedirectProblem::PlainHttp);
        }
        Ok(())
    }
}

impl Entry {
    fn parse(text: &str) -> Result<Self, SettingError> {
        let wrong = || SettingError::new("OAUTH_REDIRECT_HOSTS", format!("`{text}` is not host, host:port or host:*"));
        let (host, port) = match text.strip_suffix(":*") {
            Some(host) => (host, Some(Ports::Any)),
            None => (text, None),
        };
        if host.is_empty() || host.contains(['*', '/', '\\', '@', '?', '#', ' ']) {
            return Err(wrong());
        }
        // The scheme is only there to make it parse; `url` drops a port that is the scheme's own, so ask with another.
        let url = Url::parse(&format!("ftp://{host}/")).map_err(|_| wrong())?;
        let explicit = url.port().map_or(Ports::Default, Ports::One);
        let parsed = Url::parse(&format!("https://{host}/")).map_err(|_| wrong())?;
        let host = parsed.host().ok_or_else(wrong)?.to_owned();
        match (port, explicit) {
            (Some(any), Ports::Default) => Ok(Self { host, port: any }),
            (Some(_), _) => Err(wrong()),
            (None, explicit) => Ok(Self { host, port: explicit }),
        }
    }

    fn allows(&self, host: &Host<&str>, url: &Url) -> bool {
        let same_host = match (&self.host, host) {
            (Host::Domain(listed), Host::Domain(asked)) => listed == asked,
            (Host::Ipv4(listed), Host::Ipv4(asked)) => listed == asked,
            (Host::Ipv6(listed), Host::Ipv6(asked)) => listed == asked,
            _ => false,
        };
        same_host
            && match self.port {
                Ports::Any => true,
                Ports::One(port) => url.port_or_known_default() == Some(port),
                Ports::Default => url.port().is_none() || is_loopback(&self.host),
            }
    }
}

fn own_host(public_url: &Url) -> Result<Host<String>, SettingError> {
    match (public_url.scheme(), public_url.host()) {
        ("http" | "https", Some(host)) => Ok(host.to_owned()),
        _ => Err(SettingError::new("PUBLIC_URL", "must be an http(s) address with a host")),
    }
}

fn own_ports(public_url: &Url) -> Ports {
    public_url.port_or_known_default().map_or(Ports::Default, Ports::One)
}

/// Whether the host can only be the computer the browser runs on.
pub(crate) fn is_loopback(host: &Host<String>) -> bool {
    match host {
        Host::Domain(domain) => domain == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn has_http_scheme(text: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && text.get(scheme.len()..).is_some_and(|rest| !rest.starts_with('/'))
    })
}

/// Characters that take no room and so can make two addresses look alike.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(public: &str, hosts: &[&str]) -> RedirectAllowList {
        let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        RedirectAllowList::new(&Url::parse(public).unwrap(), Some(&hosts)).unwrap()
    }

    #[test]
    fn listed_pages_keep_their_path_query_and_fragment() {
        let list = list("https://wx.example.com", &["app.example.com", "other.example.com:8443", "中文.example"]);
        for (asked, expected) in [
            ("https://app.example.com", "https://app.example.com/"),
            (
                "https://app.example.com/a/b?order=1&from=menu#/route",
                "https://app.example.com/a/b?order=1&from=menu#/route",
            ),
            ("HTTPS://APP.example.com/", "https://app.example.com/"),
            ("https://app.example.com:443/x", "https://app.example.com/x"),
            ("https://other.example.com:8443/x", "https://other.example.com:8443/x"),
            ("https://app.example.com/订单?名=值", "https://app.example.com/%E8%AE%A2%E5%8D%95?%E5%90%8D=%E5%80%BC"),
            ("https://xn--fiq228c.example/x", "https://xn--fiq228c.example/x"),
            ("/me?x=1", "https://wx.example.com/me?x=1"),
            ("/", "https://wx.example.com/"),
        ] {
            assert_eq!(list.check(asked).map(String::from).as_deref(), Ok(expected), "{asked}");
        }
    }

    /// Whatever form it takes, nothing but a page of a listed host comes out.
    #[test]
    fn the_hostile_battery_never_leaves_the_list() {
        let list = list("https://wx.example.com", &["app.example.com"]);
        let battery = [
            "//evil.example",
            "///evil.example",
            "////evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            " //evil.example",
            "https:evil.example",
            "https:/evil.example",
            "https:///evil.example",
            "https:\\\\evil.example",
            "https:/\\evil.example",
            "http:evil.example",
            "https://evil.example",
            "http://evil.example",
            "https://app.example.com@evil.example",
            "https://app.example.com:x@evil.example",
            "https://app.example.com%40evil.example",
            "https://evil.example@app.example.com",
            "https://user:pass@app.example.com/",
            "https://@app.example.com.evil.example",
            "https://app.example.com.evil.example",
            "https://app.example.com.",
            "https://app.example.com..",
            "https://.app.example.com",
            "https://evilapp.example.com",
            "https://sub.app.example.com",
            "https://example.com",
            "https://app.example.comx",
            "https://app-example.com",
            "https://app.example.com\\.evil.example",
            "https://app.example.com\\@evil.example",
            "https://evil.example\\app.example.com",
            "https://evil.example#app.example.com",
            "https://evil.example?app.example.com",
            "https://evil.example/app.example.com",
            "https://evil.example;app.example.com",
            "https://evil.example%2fapp.example.com",
            "https://evil.example%5capp.example.com",
            "https://app.example.com%2eevil.example",
            "https://app.example.com%00.evil.example",
            "https://app.example.com\0.evil.example",
            "https://app.example.com:444/",
            "https://app.example.com:80/",
            "https://app.example.com:0/",
            "https://app.example.com:99999/",
            "https://app.example.com:443@evil.example",
            "http://app.example.com/",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "javascript://app.example.com/%0aalert(1)",
            "data:text/html,<script>1</script>",
            "vbscript:msgbox",
            "file:///etc/passwd",
            "ftp://app.example.com/",
            "ws://app.example.com/",
            "blob:https://app.example.com/x",
            "about:blank",
            "weixin://dl/business",
            "https://app.example.com\r\nSet-Cookie: a=b",
            "https://app.example.com/%0d%0a\r\n",
            "/x\r\nLocation: https://evil.example",
            "https://аpp.example.com",
            "https://app。example。com.evil.example",
            "https://app.example.com\u{ff0f}@evil.example",
            "https://app.example.com\u{2044}evil.example",
            "https://app.example.com\u{ff20}evil.example",
            "https://app\u{200b}.example.com",
            "https://\u{202e}moc.elpmaxe.ppa",
            "https://app\u{ad}.example.com",
            "https://[::1]/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://localhost/",
            "app.example.com",
            "app.example.com/path",
            "./evil",
            "../evil",
            "?x=//evil.example",
            "#https://evil.example",
            "",
            " ",
            "https://",
            "https:",
            "http://[",
            "https://app.example.com /",
            "https ://app.example.com",
        ];
        assert!(battery.len() >= 60);
        for asked in battery {
            assert!(list.check(asked).is_err(), "{asked:?} gave {:?}", list.check(asked).map(String::from));
        }
    }

    /// Forms a browser reads as something harmless may pass, but only as a page of the list.
    #[test]
    fn what_passes_is_always_a_page_of_the_list() {
        let list = list("https://wx.example.com", &["app.example.com"]);
        for asked in [
            "https://app。example。com/",
            "https://ａpp.example.com/",
            "/%5cevil.example",
            "/%2f%2fevil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "https://app.example.com//evil.example",
            "https://app.example.com/@evil.example",
            "https://app.example.com?next=https://evil.example",
            "https://app.example.com#@evil.example",
            "/;//evil.example",
            "/x?u=javascript:1",
            "https://app.example.com/%0d%0aSet-Cookie:a",
            "/..;/evil",
            "https://APP.EXAMPLE.COM/%2e%2e/",
        ] {
            let Ok(url) = list.check(asked) else { continue };
            assert!(matches!(url.host_str(), Some("app.example.com" | "wx.example.com")), "{asked} gave {url}");
            assert_eq!(Url::parse(url.as_str()).unwrap(), url, "{asked}: what leaves reads the same again");
            assert!(!url.as_str().contains(['\r', '\n', '\\', ' ']), "{url}");
        }
    }

    #[test]
    fn a_computer_of_ones_own_may_use_any_port_and_plain_http() {
        let list = RedirectAllowList::new(&Url::parse("http://localhost:3001").unwrap(), None).unwrap();
        for good in ["http://localhost:3001/a", "http://localhost:5173/", "http://localhost/", "/a"] {
            assert!(list.check(good).is_ok(), "{good}");
        }
        assert_eq!(list.check("http://localhost.evil.example/"), Err(RedirectProblem::HostNotListed));
        let listed = super::tests::list("https://wx.example.com", &["localhost", "app.example.com:*"]);
        assert!(listed.check("http://localhost:8080/").is_ok());
        assert!(listed.check("https://app.example.com:8080/").is_ok());
        assert_eq!(listed.check("http://app.example.com:8080/"), Err(RedirectProblem::PlainHttp));
    }

    #[test]
    fn our_own_pages_are_always_allowed() {
        let list = list("https://wx.example.com:8443/base", &["app.example.com"]);
        assert_eq!(list.check("/me").unwrap().as_str(), "https://wx.example.com:8443/me");
        assert!(list.check("https://wx.example.com:8443/").is_ok());
        assert_eq!(list.check("https://wx.example.com/"), Err(RedirectProblem::HostNotListed));
    }

    #[test]
    fn a_wrong_entry_is_named() {
        for wrong in [
            "*.example.com",
            "https://a.example",
            "a.example/path",
            "",
            "a b",
            "u@a.example",
            "a.example:99999",
            "a:1:*",
        ] {
            let hosts = [wrong.to_owned()];
            let error = RedirectAllowList::new(&Url::parse("https://x.example").unwrap(), Some(&hosts)).unwrap_err();
            assert_eq!(error.key, "OAUTH_REDIRECT_HOSTS", "{wrong}");
        }
        let error = RedirectAllowList::new(&Url::parse("data:x").unwrap(), None).unwrap_err();
        assert_eq!(error.key, "PUBLIC_URL");
    }

    #[test]
    fn a_long_address_is_refused_before_it_is_read() {
        let list = list("https://wx.example.com", &[]);
        assert_eq!(list.check(&format!("/{}", "a".repeat(MAX_LENGTH))), Err(RedirectProblem::TooLong));
    }
}
