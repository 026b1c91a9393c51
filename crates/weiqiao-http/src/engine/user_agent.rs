//! What a browser says about itself. Good for showing and for convenience, never for deciding who somebody is.

use http::HeaderMap;
use http::header::USER_AGENT;

/// Whether this is WeChat's own browser, on a phone or a computer. WeCom says so too, but logs in by other rules.
pub(crate) fn is_wechat(headers: &HeaderMap) -> bool {
    let agent = text(headers).to_ascii_lowercase();
    agent.contains("micromessenger") && !agent.contains("wxwork")
}

/// Browser and system in words, such as `Chrome · Windows`; empty when nothing is recognised.
pub(crate) fn in_words(headers: &HeaderMap) -> String {
    // The first that fits counts: nearly every browser also names those it is compatible with.
    const BROWSERS: [(&str, &str); 8] = [
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("QQBrowser", "QQ 浏览器"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Macintosh", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let agent = text(headers);
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let found: Vec<_> = [first(&BROWSERS), first(&SYSTEMS)].into_iter().flatten().collect();
    found.join(" · ")
}

fn text(headers: &HeaderMap) -> &str {
    headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use rstest::rstest;

    use super::{in_words, is_wechat};

    #[rstest]
    #[case::edge(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0",
        "Edge · Windows",
        false
    )]
    #[case::mac(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.4 Safari/605.1.15",
        "Safari · macOS",
        false
    )]
    #[case::phone("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Mobile MicroMessenger/8.0.50", "微信 · iPhone", true)]
    #[case::pc(
        "Mozilla/5.0 (Windows NT 10.0) Chrome/120 WindowsWechat micromessenger/7.0.20",
        "Chrome · Windows",
        true
    )]
    #[case::wecom("Mozilla/5.0 (Linux; Android 14) wxwork/4.1 MicroMessenger/7.0", "微信 · Android", false)]
    #[case::curl("curl/8.5", "", false)]
    #[case::hostile("<script>alert(1)</script>", "", false)]
    fn browsers(#[case] agent: &'static str, #[case] words: &str, #[case] wechat: bool) {
        let mut headers = HeaderMap::new();
        headers.insert("user-agent", HeaderValue::from_static(agent));
        assert_eq!((in_words(&headers).as_str(), is_wechat(&headers)), (words, wechat));
    }
}
