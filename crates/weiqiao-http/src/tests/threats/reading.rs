//! Reading people: only oneself, only what is documented, never kept on the way.

use std::time::Instant;

use http::{HeaderMap, StatusCode};
use serde_json::json;
use weiqiao_model::{ApiScope, Role};

use super::{ACTION, Dice, OPENID, action, median_us, session};
use crate::testing::{World, encode};

#[tokio::test]
async fn t_26_a_stranger_cannot_tell_known_from_unknown() {
    let world = World::strict().await;
    for persona in ["xiaohong", "advisor-li"] {
        world.browser().log_in(persona).await;
    }
    let stranger = world.browser().log_in("xiaoming").await;
    let known = [world.openid("xiaohong"), world.openid("advisor-li")];
    let mut dice = Dice(26);
    let mut times = [Vec::new(), Vec::new()];
    let mut first: Option<String> = None;
    let rounds = if cfg!(debug_assertions) { 300 } else { 1_000 };
    for round in 0..rounds {
        let letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
        let unknown: String =
            (0..known[0].len()).map(|at| if at == 0 { 'o' } else { letters[dice.roll(64)].into() }).collect();
        for (kind, openid) in [(0, &known[round % 2]), (1, &unknown)] {
            for token in ["", &stranger] {
                let call = world.request("GET", &format!("/api/user/{openid}")).header("x-request-id", "same");
                let call = if token.is_empty() { call } else { call.bearer(token) };
                let begun = Instant::now();
                let answer = call.send().await;
                times[kind].push(begun.elapsed());
                let text = first.get_or_insert_with(|| answer.is(StatusCode::OK).text().to_owned());
                assert_eq!(answer.text(), text);
            }
        }
    }
    let [known, unknown] = times.map(median_us);
    println!("a stranger's read, median: {known} µs of somebody known, {unknown} µs of nobody");
    assert!(known < 10 * unknown.max(50) && unknown < 10 * known.max(50));
}

#[tokio::test]
async fn t_27_answers_hold_the_documented_fields_and_no_others() {
    let world = World::strict().await;
    let browser = world.browser();
    browser.log_in("xiaoming").await;
    let path = format!("/api/user/{}", world.openid("xiaoming"));
    let answer = browser.get(&path).await;
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(answer.is(StatusCode::OK).data()), ["exists", "need_auth", "user_info"]);
    let documented = [
        "city",
        "country",
        "expires_at",
        "headimgurl",
        "is_snapshotuser",
        "language",
        "login_time",
        "nickname",
        "openid",
        "privilege",
        "province",
        "sex",
        "unionid",
    ];
    let person = keys(&answer.data()["user_info"]);
    assert!(person.iter().all(|key| documented.contains(&key.as_str())), "{person:?}");

    let staff = world.staff_token("boss", Role::Viewer).await;
    let users = world.request("GET", "/api/users").bearer(&staff).send().await;
    assert!(!users.is(StatusCode::OK).text().contains("session_key"));
    let body = action(&json!({"customerPhone": "13800138000", "customerId": "o1"}));
    let key = world.api_key(&[ApiScope::ActionWrite, ApiScope::AdvisorWrite]).await;
    super::advisor(&world, "li", "oLi").await;
    world.request("POST", ACTION).api_key(&key).json(&body).send().await.is(StatusCode::OK);
    for list in ["leads", "actions"] {
        let answer = world.request("GET", &format!("/api/admin/{list}")).bearer(&staff).send().await;
        assert!(!answer.is(StatusCode::OK).text().contains("13800138000"), "phones are masked in {list}");
    }
}

#[tokio::test]
async fn t_28_what_is_no_openid_is_refused_and_breaks_nothing() {
    let world = World::strict().await;
    let mut forms: Vec<String> = [
        "%2e%2e%2f",
        "..%2f..%2fetc%2fpasswd",
        "%2F",
        "a%2Fb",
        "a%5Cb",
        "%00",
        "a%00",
        "%FF",
        "%C0%AF",
        "%E0%80%AF",
        "%F0%9F%99%82",
        "%E5%B0%8F",
        "a%20b",
        "a+b",
        "a;b",
        "a'b",
        "a%22b",
        "a%3Cb",
        "a%3Eb",
        "a%7Cb",
        "a%60b",
        "a%24b",
        "a%40b",
        "a:b",
        "a,b",
        "a=b",
        "a%26b",
        "a%25b",
        "a%23b",
        "a%3Fb",
        "%0D%0AX-A:b",
        "%0a",
        "%09",
        "%7f",
        "%u0041",
        "o'or'1'='1",
        "1%3B--",
        "%2527",
        "~",
        "!",
        "*",
        "(a)",
        "%E2%80%AE",
        "%EF%BC%8F",
        "a.b",
        ".",
        "%2e",
        "%2e%2e",
        "...",
        "a%C2%A0",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut dice = Dice(28);
    while forms.len() < 200 {
        let length = 1 + dice.roll(40);
        let bytes: Vec<u8> = (0..length).map(|_| u8::try_from(dice.roll(256)).unwrap()).collect();
        if bytes.iter().any(|byte| !byte.is_ascii_alphanumeric() && !b"_-".contains(byte)) {
            forms.push(bytes.iter().map(|byte| format!("%{byte:02X}")).collect());
        }
    }
    forms.push("x".repeat(1_024));
    for form in &forms {
        let answer = world.get(&format!("/api/user/{form}")).await;
        assert!([400, 404].contains(&answer.status().as_u16()), "{form}: {answer:?}");
        assert!(!answer.text().to_ascii_lowercase().contains("sql"), "{form}");
    }
}

fn not_to_be_kept(headers: &HeaderMap, what: &str) {
    assert_eq!(headers["cache-control"], "no-store", "{what}");
    assert_ne!(headers.get("access-control-allow-origin").map(http::HeaderValue::as_bytes), Some(&b"*"[..]), "{what}");
}

#[tokio::test]
async fn t_29_personal_data_is_kept_nowhere_and_read_by_no_other_page() {
    let world = World::strict().await;
    let browser = world.browser();
    browser.log_in("xiaoming").await;
    let (_, token) = session(&world, "xiaohong").await;
    let evil = "https://evil.example";
    for (path, statuses) in [
        (format!("/api/user/{}", world.openid("xiaoming")), [200, 200]),
        ("/api/user/a%20b".to_owned(), [400, 400]),
        ("/api/me".to_owned(), [200, 401]),
        ("/api/users".to_owned(), [403, 401]),
        ("/api/admin/leads".to_owned(), [403, 401]),
        (format!("/wechat/jsconfig?url={}", encode("https://app.example.com/")), [200, 200]),
    ] {
        let own = browser.send(browser.request("GET", &path).header("origin", evil)).await;
        let nobodys = world.request("GET", &path).header("origin", evil).send().await;
        for (answer, status) in [own, nobodys].iter().zip(statuses) {
            assert_eq!(answer.status().as_u16(), status, "{path}");
            not_to_be_kept(answer.headers(), &path);
            assert!(answer.headers().get("access-control-allow-origin").is_none(), "{path}");
        }
    }
    for (path, body) in [(OPENID, r#"{"code":"x"}"#), (ACTION, "{}"), ("/api/wechat/phone", "{}")] {
        let answer = world.request("POST", path).bearer(&token).header("origin", evil).json(body).send().await;
        not_to_be_kept(answer.headers(), path);
    }
}
