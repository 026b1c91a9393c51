//! What may be returned to, and what may not.

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
    let listed = self::list("https://wx.example.com", &["localhost", "app.example.com:*"]);
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
fn a_login_never_returns_to_where_logins_begin_and_end() {
    let bare = list("https://wx.example.com", &["app.example.com"]);
    for own in [
        "/wechat/callback",
        "/wechat/callback?x=1#y",
        "/wechat/callback/",
        "/a/../wechat/callback",
        "/wechat/auth?redirect_url=%2F",
        "/api/wechat/authorize-url",
        "/auths/loginTypes/Shop/login",
        "/auths/loginTypes/Shop/callback?code=1",
        "https://wx.example.com/wechat/callback",
        "https://WX.example.com:443/wechat//callback",
    ] {
        assert_eq!(bare.check(own), Err(RedirectProblem::OwnLogin), "{own}");
    }
    for page in [
        "/wechat/me",
        "/wechat/callbacks",
        "/shop/wechat/callback",
        "/auths/loginTypes/Shop/handover/abc",
        "https://app.example.com/wechat/callback",
    ] {
        assert!(bare.check(page).is_ok(), "{page}");
    }
    let deep = list("https://wx.example.com/base/", &[]);
    assert_eq!(deep.check("/base/wechat/callback"), Err(RedirectProblem::OwnLogin));
    assert!(deep.check("/wechat/callback").is_ok(), "that is somebody else's");
}

#[test]
fn a_wrong_entry_is_named() {
    for wrong in
        ["*.example.com", "https://a.example", "a.example/path", "", "a b", "u@a.example", "a.example:99999", "a:1:*"]
    {
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
