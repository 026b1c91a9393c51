//! Which pages of a mini program a message may open.
//!
//! A tap on a message opens what stands there, with our name on the card. So it has to be a page of the mini program by its
//! form, one of those that are allowed, and nothing that leads on from there: no address of another site among its parameters.

use percent_encoding::percent_decode_str;

/// The longest page with its parameters, in bytes.
const LONGEST: usize = 1_024;

/// Patterns of pages: `*` stands for any characters. A pattern with `?*` at its end also allows parameters that are addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRules(Vec<String>);

impl Default for PageRules {
    /// `pages/*`, `*/pages/*` (sub-packages) and `index`.
    fn default() -> Self {
        Self(["pages/*", "*/pages/*", "index"].map(str::to_owned).to_vec())
    }
}

impl PageRules {
    /// Rules by their patterns; nothing for a pattern that no page could have.
    #[must_use]
    pub fn new(patterns: &[String]) -> Option<Self> {
        let good = |pattern: &String| {
            let path = pattern.strip_suffix("?*").unwrap_or(pattern);
            !path.is_empty() && path.bytes().all(|byte| byte == b'*' || is_plain(byte))
        };
        (!patterns.is_empty() && patterns.iter().all(good)).then(|| Self(patterns.to_vec()))
    }

    /// Whether a message may open the page.
    #[must_use]
    pub fn allow(&self, page: &str) -> bool {
        if page.len() > LONGEST || page.chars().any(|c| c.is_control() || c.is_whitespace() || c == '#' || c == '\\') {
            return false;
        }
        let (path, query) = page.split_once('?').unwrap_or((page, ""));
        // WeChat takes a page with a slash in front for the same page.
        let path = path.strip_prefix('/').unwrap_or(path);
        let well_formed = path.bytes().all(is_plain) && path.split('/').all(|part| !part.trim_matches('.').is_empty());
        well_formed
            && self.0.iter().any(|pattern| match pattern.strip_suffix("?*") {
                Some(pattern) => matches(pattern, path),
                None => matches(pattern, path) && leads_nowhere(query),
            })
    }
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/' | b'.')
}

/// Whether the text is as the pattern has it.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((begin, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(begin) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    text.ends_with(end)
}

/// Whether a parameter's value reads like a host, `www.example.com/…`, with a scheme or without, its dots of any script: names
/// with a last one that begins with a letter, or four numbers. So `a.jpg` is refused and `1.5` is not; who needs the former allows
/// the page with `?*`.
fn names_a_host(pair: &str) -> bool {
    let value = pair.split_once('=').map_or(pair, |(_, value)| value);
    let dot = |c: char| matches!(c, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}');
    let slash = |c: char| matches!(c, '/' | '\u{ff0f}' | '?' | '#' | ':' | '\u{ff1a}' | '@');
    value.split(slash).any(|part| {
        let labels: Vec<&str> = part.split(dot).collect();
        let named = labels.len() > 1 && labels.iter().all(|label| !label.is_empty());
        let last = labels.last().copied().unwrap_or_default();
        named && (last.starts_with(char::is_alphabetic) || labels.len() == 4)
    })
}

/// Whether no parameter, however often it is encoded, is an address or a script.
fn leads_nowhere(query: &str) -> bool {
    let mut text = query.to_owned();
    for _ in 0..4 {
        let plain = text.to_ascii_lowercase();
        let bad = ["://", "javascript:", "data:", "vbscript:", "=//", "\\"].iter().any(|sign| plain.contains(sign));
        if bad || plain.split('&').any(names_a_host) || plain.starts_with("//") || plain.chars().any(char::is_control) {
            return false;
        }
        let Ok(decoded) = percent_decode_str(&text).decode_utf8() else { return false };
        if decoded == text {
            return true;
        }
        text = decoded.into_owned();
    }
    // Encoded more often than anybody has a reason to.
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(patterns: &[&str]) -> Option<PageRules> {
        PageRules::new(&patterns.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn pages_of_the_mini_program_are_allowed() {
        let usual = PageRules::default();
        for page in [
            "pages/index/index",
            "pages/customer/detail?id=0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d11",
            "/pages/index/index?a=1&b=%E7%8E%8B",
            "packageA/pages/shop/shop?from=message",
            "index",
            "index?foo=bar",
            "pages/a/a?time=12:30",
            "pages/a/a?price=1.5&v=1.2.3",
        ] {
            assert!(usual.allow(page), "{page}");
        }
    }

    #[test]
    fn patterns_narrow_and_widen() {
        let narrow = rules(&["pages/shop/*", "pages/web/index?*"]).unwrap();
        for (page, allowed) in [
            ("pages/shop/detail?id=1", true),
            ("pages/index/index", false),
            ("pages/web/index?url=https%3A%2F%2Fexample.com", true),
            ("pages/web/index?url=https://example.com", true),
            ("pages/web/other", false),
        ] {
            assert_eq!(narrow.allow(page), allowed, "{page}");
        }
        assert!(rules(&["*"]).unwrap().allow("anything/at/all"));
        assert!(!rules(&["*"]).unwrap().allow("https://evil.example"));
        assert!(rules(&["a*b*c"]).unwrap().allow("axxbyyc") && !rules(&["a*b*c"]).unwrap().allow("axxc"));
        for bad in [&[][..], &[""], &["pages/?x"], &["https://a"], &["pages/ a"], &["?*"]] {
            assert_eq!(rules(bad), None, "{bad:?}");
        }
    }
}
