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
    /// One of our own addresses where a login begins or comes back from WeChat.
    #[error("登录之后不能回到登录接口自己")]
    OwnLogin,
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
        if self.is_own_login(url) {
            return Err(RedirectProblem::OwnLogin);
        }
        Ok(())
    }

    /// Whether a login begins or ends there: whoever were sent there after a login would never arrive.
    fn is_own_login(&self, url: &Url) -> bool {
        let ours = url.host() == self.base.host() && url.port_or_known_default() == self.base.port_or_known_default();
        let path = url.path().strip_prefix(self.base.path().trim_end_matches('/')).filter(|_| ours);
        let steps: Vec<&str> = path.unwrap_or_default().split('/').filter(|step| !step.is_empty()).collect();
        matches!(
            steps.as_slice(),
            ["wechat", "auth" | "callback"]
                | ["api", "wechat", "authorize-url"]
                | ["auths", "loginTypes", _, "login" | "callback"]
        )
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
mod tests;
