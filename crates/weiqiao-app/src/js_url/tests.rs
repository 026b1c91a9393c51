use super::*;

fn list(entries: &[&str]) -> JsSafeDomains {
    JsSafeDomains::new(entries).unwrap()
}

#[test]
fn what_is_signed_is_the_text_of_the_page_without_its_fragment() {
    let list = list(&["example.com", "shop.cn/app"]);
    for (page, signed) in [
        ("https://example.com/a?b=1&c=%E4%B8%AD#/route", "https://example.com/a?b=1&c=%E4%B8%AD"),
        ("http://example.com", "http://example.com"),
        (
            "https://h5.www.example.com:8443/?from=singlemessage&isappinstalled=0",
            "https://h5.www.example.com:8443/?from=singlemessage&isappinstalled=0",
        ),
        ("https://EXAMPLE.com/A//b/../c", "https://EXAMPLE.com/A//b/../c"),
        ("https://shop.cn/app", "https://shop.cn/app"),
        ("https://shop.cn/app/x#", "https://shop.cn/app/x"),
        ("https://m.shop.cn/app?x=a@b", "https://m.shop.cn/app?x=a@b"),
    ] {
        assert_eq!(list.check(page), Ok(signed));
    }
}

#[test]
fn foreign_and_hostile_pages_are_refused() {
    let list = list(&["example.com", "shop.cn/app"]);
    let not_listed = [
        "https://evil.cn/",
        "https://example.com.evil.cn/",
        "https://evilexample.com/",
        "https://example.co/",
        "https://example.com./",
        "https://evil.cn/example.com",
        "https://evil.cn/?example.com",
        "https://evil.cn/.example.com",
        "https://com/",
        "https://shop.cn/",
        "https://shop.cn/application",
        "https://shop.cn/app/../admin",
        "https://shop.cn/%61pp",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://xn--exmple-cua.com/",
        "https://examplе.com/",
        "https://evil.cn:443/",
    ];
    for page in not_listed {
        assert_eq!(list.check(page), Err(JsUrlProblem::HostNotListed), "{page}");
    }
    let malformed = [
        "javascript:alert(1)",
        "ftp://example.com/",
        "//example.com/",
        "example.com/",
        "/path",
        "https:example.com",
        "https:/example.com",
        "https:///example.com",
        "https://",
        "http://?x",
        "https://exa mple.com/",
        "https://example.com/\n",
        "https://example.com\\@evil.cn",
        "https://example.com/a b",
        "data:text/html,x",
        "https://example.com:99999/",
        "file:///etc/passwd",
        "https://exam\u{200b}ple.com/",
        "weixin://example.com",
        "https://example.com/\u{0}",
        "blob:https://example.com/",
    ];
    for page in malformed {
        assert_eq!(list.check(page), Err(JsUrlProblem::NotAWebPage), "{page:?}");
    }
    for page in [
        "https://u@example.com/",
        "https://u:p@example.com/",
        "https://@example.com/",
        "https://example.com@evil.cn/",
        "https://:@example.com/",
    ] {
        assert_eq!(list.check(page), Err(JsUrlProblem::UserInfo), "{page}");
    }
    for page in ["", "#", "#/only/a/route"] {
        assert_eq!(list.check(page), Err(JsUrlProblem::Missing));
    }
    assert_eq!(list.check(&format!("https://example.com/{}", "a".repeat(MAX_LENGTH))), Err(JsUrlProblem::TooLong));
}

#[test]
fn what_is_seen_without_the_parser_is_what_the_parser_sees() {
    let plain =
        ["https://a.cn", "http://m.shop-1.example.com:8080/p?q=%41&r=中#x", "https://x1.y2z/", "http://localhost?a"];
    let odd = [
        "https://A.cn/",
        "https://a..cn/",
        "https://.a.cn/",
        "https://a.cn./",
        "https://xn--fiq.cn/",
        "https://a--b.cn/",
        "https://1.2.3.4/",
        "https://a.0x7f/",
        "https://a.1/",
        "https://-a.cn/",
        "https://a-.cn/",
        "https://a_b.cn/",
        "https://a.cn:/",
        "https://a.cn:99999/",
        "https://a.cn:1a/",
        "https://u@a.cn/",
        "https://a.cn@b.cn/",
        "https://%61.cn/",
        "https://a.cn:80@b.cn/",
        "https://[::1]/",
        "https:///a.cn",
        "https://",
        "https://:80/",
        "HTTPS://a.cn/",
        "ftp://a.cn/",
        "https://a.cn\\@b.cn/",
        "https://a.cn/\n",
        "https://a.cn/ x",
        "https://a.cn/\u{200b}",
    ];
    for page in plain.into_iter().filter(|page| page.is_ascii()) {
        let page = page.split('#').next().unwrap();
        assert_eq!(plain_host(page), Url::parse(page).unwrap().host_str(), "{page}");
    }
    for page in odd {
        assert_eq!(plain_host(page), None, "{page}");
    }
    // Every address of four of these pieces.
    let pieces = ["a", "b.cn", "1", "-", "--", ".", ":", "80", "@", "/", "?", "xn--", "0x7f", "%41", "[", "\\", "A"];
    let list = list(&["b.cn", "shop.cn/app"]);
    let mut seen = [0, 0];
    for number in 0..pieces.len().pow(4) {
        let (mut page, mut left) = ("https://".to_owned(), number);
        for _ in 0..4 {
            page.push_str(pieces[left % pieces.len()]);
            left /= pieces.len();
        }
        if let Some(host) = plain_host(&page) {
            seen[0] += 1;
            let url = Url::parse(&page).unwrap();
            assert_eq!(url.host(), Some(Host::Domain(host)), "{page}");
            assert!(url.username().is_empty() && url.password().is_none() && !has_user_info(&page), "{page}");
        }
        seen[1] += usize::from(list.lists_plainly(&page));
    }
    assert!(seen.iter().all(|&times| times > 100), "{seen:?}");
}

#[test]
fn any_host_still_means_a_web_page() {
    assert!(JsSafeDomains::any().check("https://whatever.example/").is_ok());
    assert_eq!(JsSafeDomains::any().check("javascript:1"), Err(JsUrlProblem::NotAWebPage));
}

#[test]
fn a_wrong_entry_is_named() {
    for wrong in ["*.example.com", "https://example.com", "", "/path", "a b", "example.com?x", "u@example.com"] {
        assert_eq!(JsSafeDomains::new(&[wrong]).unwrap_err().key, "JS_SAFE_DOMAINS", "{wrong}");
    }
}

#[test]
fn the_address_is_taken_out_of_the_query_whole_or_not_at_all() {
    assert_eq!(from_query("url=https%3A%2F%2Fa.cn%2F%3Fx%3D1%26y%3D2"), Ok("https://a.cn/?x=1&y=2".into()));
    assert_eq!(from_query("account=shop&url=https%3A%2F%2Fa.cn%2F&_=17"), Ok("https://a.cn/".into()));
    assert_eq!(from_query("url=https://a.cn/?x=1"), Ok("https://a.cn/?x=1".into()));
    assert_eq!(from_query("account=shop&url=https://a.cn/"), Ok("https://a.cn/".into()));
    assert_eq!(from_query("url=https:%2F%2Fa.cn%2F%3Fx&_=1"), Ok("https://a.cn/?x".into()));
    for unencoded in [
        "url=https://a.cn/?x=1&y=2",
        "url=http://a.cn/?x=1&y",
        "url=https://a.cn/?x&account=shop",
        "url=https://a.cn/?x=1&url=2",
        "url=https%3A%2F%2Fa.cn/?x=1&y=2",
    ] {
        assert_eq!(from_query(unencoded), Err(JsUrlProblem::Unencoded), "{unencoded}");
    }
    for twice in ["url=https%3A%2F%2Fa.cn&url=https%3A%2F%2Fb.cn", "url=https://a.cn/&url=https://b.cn/", "url=&url="] {
        assert_eq!(from_query(twice), Err(JsUrlProblem::Twice), "{twice}");
    }
    for missing in ["", "url=", "url", "x=1", "URL=https%3A%2F%2Fa.cn"] {
        assert_eq!(from_query(missing), Err(JsUrlProblem::Missing), "{missing}");
    }
}

#[test]
fn base64_survives_what_forms_do_to_it() {
    let page = "https://a.cn/?x=>>>???~~~&y=中文";
    let standard = base64::engine::general_purpose::STANDARD.encode(page);
    assert!(standard.contains('+') && standard.contains('/') && standard.ends_with('='), "{standard}");
    let forms = [
        standard.clone(),
        standard.replace('+', " "),
        standard.trim_end_matches('=').to_owned(),
        standard.replace('+', "-").replace('/', "_"),
        standard.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned(),
        {
            let (start, end) = standard.split_at(20);
            format!("{start}\r\n{end}")
        },
    ];
    for form in forms {
        assert_eq!(from_base64(&form).as_deref(), Ok(page), "{form}");
    }
    assert_eq!(from_base64(""), Err(JsUrlProblem::Missing));
    assert_eq!(from_base64("=="), Err(JsUrlProblem::Missing));
    for bad in ["!!!", "a", "aHR0c%3D", "/////w"] {
        assert_eq!(from_base64(bad), Err(JsUrlProblem::NotBase64), "{bad}");
    }
}

#[test]
fn a_value_is_decoded_as_the_library_does_it() {
    // Deterministic noise out of what an address is made of, escapes whole, broken and cut off among it.
    const PIECES: [&str; 12] =
        ["https", "%3A", "%2f", "+", "%", "%4", "%zz", "%E4%B8%AD", "%FF", "中", "%%41", "a.cn/"];
    let mut seed = 7_u32;
    for _ in 0..2_000 {
        let mut raw = String::new();
        for _ in 0..seed % 9 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            raw.push_str(PIECES[(seed >> 16) as usize % PIECES.len()]);
        }
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let plain = raw.replace('+', " ");
        let expected = percent_encoding::percent_decode_str(&plain).decode_utf8_lossy();
        assert_eq!(super::decode(&raw), expected, "{raw}");
    }
}
