//! Which pages the JS-SDK may be signed for, and how their address arrives.
//!
//! The address is *checked* as a URL parser reads it and *signed* exactly as the page sent it, without its fragment:
//! WeChat compares with the text in the address bar. <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html>

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::memchr;
use url::{Host, Url};

use crate::settings::SettingError;

/// The longest page address that is signed, in bytes.
pub const MAX_LENGTH: usize = 4096;

/// Hosts, or hosts with a path, that pages may be signed for. A host covers its sub-domains.
#[derive(Debug, Clone)]
pub struct JsSafeDomains {
    /// `None`: any host.
    entries: Option<Vec<Entry>>,
}

/// Why a page is not signed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsUrlProblem {
    /// No address was given.
    #[error("url 不能为空")]
    Missing,
    /// Longer than [`MAX_LENGTH`].
    #[error("url 过长")]
    TooLong,
    /// Not an absolute http(s) address as a browser shows it.
    #[error("url 不是有效的 http(s) 网页地址")]
    NotAWebPage,
    /// A user name or password before the host.
    #[error("url 中不能包含用户名或密码")]
    UserInfo,
    /// The Base64 text cannot be read.
    #[error("wechaturl 不是有效的 Base64 文本")]
    NotBase64,
    /// The address was not percent-encoded, so what follows its first `&` arrived as other parameters.
    #[error(
        "url 没有编码：`&` 之后的部分被当成了其他参数。请在前端使用 encodeURIComponent(location.href.split('#')[0])"
    )]
    Unencoded,
    /// There are two addresses, each whole as far as can be seen: none is signed.
    #[error("url 出现了两次，只能有一个：不知道该为哪一个签名")]
    Twice,
    /// The host is not in `JS_SAFE_DOMAINS`.
    #[error("该域名不在 JS 安全域名列表中")]
    HostNotListed,
}

#[derive(Debug, Clone)]
struct Entry {
    host: Host<String>,
    /// Without the closing slash; empty for the whole host.
    path: String,
}

impl JsSafeDomains {
    /// Any host may be signed for. For development.
    #[must_use]
    pub fn any() -> Self {
        Self { entries: None }
    }

    /// Reads a list of `host` or `host/path`.
    ///
    /// # Errors
    ///
    /// An entry with a scheme, port, wildcard or query.
    pub fn new<S: AsRef<str>>(entries: &[S]) -> Result<Self, SettingError> {
        let entries = entries.iter().map(|entry| Entry::parse(entry.as_ref())).collect::<Result<_, _>>()?;
        Ok(Self { entries: Some(entries) })
    }

    /// Only the host of `url`.
    ///
    /// # Errors
    ///
    /// `url` has no host.
    pub fn host_of(url: &Url) -> Result<Self, SettingError> {
        let host = url.host().ok_or_else(|| SettingError::new("PUBLIC_URL", "must have a host"))?.to_owned();
        Ok(Self { entries: Some(vec![Entry { host, path: String::new() }]) })
    }

    /// The part of the page's address that is signed: everything before `#`.
    ///
    /// # Errors
    ///
    /// See [`JsUrlProblem`]; only [`JsUrlProblem::HostNotListed`] is a matter of being allowed, the rest is malformed.
    pub fn check<'a>(&self, page: &'a str) -> Result<&'a str, JsUrlProblem> {
        let page = weixin_proto::sign::page_url(page);
        if page.is_empty() {
            return Err(JsUrlProblem::Missing);
        }
        if page.len() > MAX_LENGTH {
            return Err(JsUrlProblem::TooLong);
        }
        if self.lists_plainly(page) {
            return Ok(page);
        }
        if hides_something(page) || !is_http(page) {
            return Err(JsUrlProblem::NotAWebPage);
        }
        let url = Url::parse(page).map_err(|_| JsUrlProblem::NotAWebPage)?;
        if !url.username().is_empty() || url.password().is_some() || has_user_info(page) {
            return Err(JsUrlProblem::UserInfo);
        }
        let host = url.host().ok_or(JsUrlProblem::NotAWebPage)?;
        match &self.entries {
            None => Ok(page),
            Some(entries) if entries.iter().any(|entry| entry.covers(&host, url.path())) => Ok(page),
            Some(_) => Err(JsUrlProblem::HostNotListed),
        }
    }

    /// Whether the page may be signed for, as far as that is seen without a parser. `false` means: ask the parser.
    ///
    /// Nearly every page has an address that can only be read in one way, and reading it with all the care that the others
    /// need is a third of what signing costs. A test holds the two against each other.
    fn lists_plainly(&self, page: &str) -> bool {
        let Some(host) = plain_host(page) else { return false };
        match &self.entries {
            None => true,
            // What a path is, after its dots and escapes, is for the parser to say.
            Some(entries) => {
                let host = Host::Domain(host);
                entries.iter().any(|entry| entry.path.is_empty() && entry.covers(&host, ""))
            }
        }
    }
}

/// The host of an address in plain form: `https://` or `http://`, names in small letters, digits and single dashes with dots
/// between them, perhaps a port; then nothing, or `/` or `?` and what an address bar shows as it is.
fn plain_host(page: &str) -> Option<&str> {
    let rest = page.strip_prefix("https://").or_else(|| page.strip_prefix("http://"))?;
    if page.bytes().fold(false, |odd, byte| odd | !byte.is_ascii_graphic() | (byte == b'\\')) {
        return None;
    }
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    if !matches!(port.len(), 1..=4) || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Two dashes begin an encoded name; a last label that begins with a digit may be a number, and the host an address.
    let (mut before, mut label_begins_with) = (b'.', b'.');
    for byte in host.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' if before == b'.' => label_begins_with = byte,
            b'a'..=b'z' | b'0'..=b'9' => {}
            b'-' | b'.' if before != b'-' && before != b'.' => {}
            _ => return None,
        }
        before = byte;
    }
    (!matches!(before, b'.' | b'-') && label_begins_with.is_ascii_lowercase()).then_some(host)
}

impl Entry {
    fn parse(text: &str) -> Result<Self, SettingError> {
        let wrong = || SettingError::new("JS_SAFE_DOMAINS", format!("`{text}` is not host or host/path"));
        let (host, path) = text.split_once('/').unwrap_or((text, ""));
        if text.contains("//")
            || host.is_empty()
            || host.contains(['*', '@', '?', '#', ' ', '\\'])
            || path.contains(['?', '#', ' ', '\\'])
        {
            return Err(wrong());
        }
        // WeChat's console takes no port, but a computer of one's own needs one; it is the host that counts.
        let url = Url::parse(&format!("https://{host}/{path}")).map_err(|_| wrong())?;
        let host = url.host().ok_or_else(wrong)?.to_owned();
        Ok(Self { host, path: url.path().trim_end_matches('/').to_owned() })
    }

    fn covers(&self, host: &Host<&str>, path: &str) -> bool {
        let host_fits = match (&self.host, host) {
            (Host::Domain(listed), Host::Domain(asked)) => {
                asked.strip_suffix(listed.as_str()).is_some_and(|left| left.is_empty() || left.ends_with('.'))
            }
            (Host::Ipv4(listed), Host::Ipv4(asked)) => listed == asked,
            (Host::Ipv6(listed), Host::Ipv6(asked)) => listed == asked,
            _ => false,
        };
        host_fits && path.strip_prefix(self.path.as_str()).is_some_and(|left| left.is_empty() || left.starts_with('/'))
    }
}

/// Reads the page address out of the raw query of `GET /wechat/jsconfig`, decoded once.
///
/// # Errors
///
/// No `url`, `url` twice, or an unencoded one followed by other parameters: those may have been part of it, and a
/// truncated address must never be signed.
pub fn from_query(raw_query: &str) -> Result<String, JsUrlProblem> {
    let mut found: Option<&str> = None;
    let mut others_follow = false;
    for pair in pairs(raw_query) {
        match pair.strip_prefix("url=") {
            // The second one belongs to the first address, if that has a query in plain sight.
            Some(_) if found.is_some_and(|first| first.contains('?')) => return Err(JsUrlProblem::Unencoded),
            Some(_) if found.is_some() => return Err(JsUrlProblem::Twice),
            Some(value) => found = Some(value),
            None => others_follow |= found.is_some() && !pair.is_empty(),
        }
    }
    let raw = found.filter(|value| !value.is_empty()).ok_or(JsUrlProblem::Missing)?;
    // An encoded address shows neither its `://` nor its `?`.
    if others_follow && (raw.contains("://") || raw.contains('?')) {
        return Err(JsUrlProblem::Unencoded);
    }
    Ok(decode(raw))
}

/// The parts between `&`. Most queries are one.
fn pairs(raw_query: &str) -> impl Iterator<Item = &str> {
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let rest = raw_query.get(from?..)?;
        let end = memchr(b'&', rest.as_bytes());
        from = end.and_then(|end| Some(from? + end + 1));
        rest.get(..end.unwrap_or(rest.len()))
    })
}

/// A value of a query as text; what is no UTF-8 in it becomes a replacement character. What is no escape stays as it is.
///
/// A plain loop: addresses are short and full of escapes, and neither the library's iterator nor a search from escape to
/// escape is half as fast here.
fn decode(raw: &str) -> String {
    // Written into room that is there: at most as long as the text.
    let mut bytes = vec![0; raw.len()];
    let (mut rest, mut length) = (raw.as_bytes(), 0);
    for to in &mut bytes {
        let [byte, after @ ..] = rest else { break };
        rest = after;
        length += 1;
        *to = *byte;
        if *byte == b'+' {
            *to = b' ';
        } else if *byte == b'%'
            && let [high, low, after @ ..] = rest
        {
            let (high, low) = (digit(*high), digit(*low));
            // No digit has the bits that what is none has.
            if (high | low) < 16 {
                *to = (high << 4) | low;
                rest = after;
            }
        }
    }
    bytes.truncate(length);
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// What a hex digit stands for; 16 or more for what is none.
const fn digit(byte: u8) -> u8 {
    let number = byte.wrapping_sub(b'0');
    let letter = (byte | 0x20).wrapping_sub(b'a');
    if number < 10 {
        number
    } else if letter < 6 {
        letter + 10
    } else {
        16
    }
}

/// Reads the page address out of the `wechaturl` field of `POST /wx/share`.
///
/// Takes what forms do to Base64 in stride: `+` turned into a space, the URL-safe alphabet, missing padding.
///
/// # Errors
///
/// Empty, not Base64, or not UTF-8 inside.
pub fn from_base64(text: &str) -> Result<String, JsUrlProblem> {
    let compact: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'=' | b'\r' | b'\n' | b'\t'))
        .map(|byte| match byte {
            b' ' | b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    if compact.is_empty() {
        return Err(JsUrlProblem::Missing);
    }
    let bytes = LENIENT.decode(compact).map_err(|_| JsUrlProblem::NotBase64)?;
    String::from_utf8(bytes).map_err(|_| JsUrlProblem::NotBase64)
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Whether a character is in it that no address bar shows as it is, or that readers take for another.
fn hides_something(page: &str) -> bool {
    if page.is_ascii() {
        return page.bytes().any(|byte| byte <= b' ' || byte == b'\\' || byte == 0x7f);
    }
    page.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\' || crate::redirect::is_invisible(c))
}

fn is_http(page: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        page.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && page.get(scheme.len()..).is_some_and(|rest| !rest.starts_with(['/', '?']))
    })
}

/// An empty user name (`https://@host/`) is dropped by the parser, but WeChat's reader may differ.
fn has_user_info(page: &str) -> bool {
    let authority = page.split_once("://").map_or("", |(_, rest)| rest);
    authority.bytes().take_while(|byte| !matches!(byte, b'/' | b'?')).any(|byte| byte == b'@')
}

#[cfg(test)]
mod tests;
