//! Requests that mean no good: whatever they are, the answer is a documented one.

use http::StatusCode;
use rstest::rstest;

use super::envelope::described_paths;
use crate::testing::{Answer, World, encode};

/// Nothing that a stranger could learn from: no stack, no SQL, no path, no library's words.
fn tells_nothing(answer: &Answer) {
    let text = answer.text().to_ascii_lowercase();
    for word in [
        "panicked",
        "sqlite",
        "select ",
        "insert ",
        "/src/",
        ".rs:",
        "serde",
        "axum",
        "expected value",
        "rusqlite",
        "thread '",
    ] {
        assert!(!text.contains(word), "{word}: {answer:?}");
    }
}

fn harmless(answer: &Answer) {
    assert!(
        answer.status().is_success() || answer.status().is_client_error() || answer.status().is_redirection(),
        "{answer:?}"
    );
    tells_nothing(answer);
}

/// A small generator: the same bodies every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn body(&mut self) -> Vec<u8> {
        const PIECES: [&[u8]; 24] = [
            b"{",
            b"}",
            b"[",
            b"]",
            b"\"code\"",
            b"\"username\"",
            b"\"password\"",
            b"\"state\"",
            b":",
            b",",
            b"null",
            b"1e999",
            b"\"\\ud83d\"",
            b"\"\\u0000\"",
            b"\xff\xfe",
            b"\"x\"",
            b"true",
            b"-0",
            b"\"",
            b"\\",
            b"\n",
            b"\xef\xbb\xbf",
            b"code=",
            b"&",
        ];
        let count = self.roll(16);
        (0..count).flat_map(|_| PIECES[self.roll(PIECES.len())].to_vec()).collect()
    }
}

#[tokio::test]
async fn any_body_gets_a_documented_answer() {
    let world = World::open().await;
    let mut dice = Dice(42);
    let paths =
        ["/api/wechat/auth", "/api/wechat/openid", "/auth/wechat", "/auth/wechat/mini", "/wx/share", "/api/auth/login"];
    let kinds = ["application/json", "application/x-www-form-urlencoded", "text/plain", ""];
    for _ in 0..600 {
        let (path, kind, body) = (paths[dice.roll(paths.len())], kinds[dice.roll(kinds.len())], dice.body());
        let call = world.request("POST", path).body(body);
        let call = if kind.is_empty() { call } else { call.header("content-type", kind) };
        let answer = call.send().await;
        tells_nothing(&answer);
        // A body that happened to hold a code is WeChat's to refuse.
        let refused_by_wechat = answer.json()["error"]["errcode"] == 40029;
        assert!(answer.status().is_client_error() || refused_by_wechat, "{answer:?}");
    }
}

#[rstest]
#[case::deep("{\"code\":".to_owned() + &"[".repeat(10_000) + &"]".repeat(10_000) + "}", StatusCode::BAD_REQUEST)]
#[case::big(format!("{{\"code\":\"{}\"}}", "x".repeat(2 << 20)), StatusCode::PAYLOAD_TOO_LARGE)]
#[case::wide(format!("{{{}}}", (0..300).map(|n| format!("\"{n}\":1")).collect::<Vec<_>>().join(",")), StatusCode::BAD_REQUEST)]
#[case::number(format!("{{\"code\":{}}}", "9".repeat(400)), StatusCode::BAD_REQUEST)]
#[tokio::test]
async fn huge_and_deep_bodies_are_refused_early(#[case] body: String, #[case] status: StatusCode) {
    let world = World::open().await;
    let begun = std::time::Instant::now();
    let answer = world.request("POST", "/api/wechat/auth").json(&body).send().await;
    answer.is(status);
    tells_nothing(&answer);
    assert!(begun.elapsed() < std::time::Duration::from_secs(2));
}

#[tokio::test]
async fn a_body_of_unknown_length_is_cut_at_the_limit() {
    let world = World::open().await;
    let chunk =
        || futures_util::future::ready(Ok::<_, std::convert::Infallible>(bytes::Bytes::from(vec![b'x'; 64 * 1024])));
    let endless = futures_util::stream::repeat_with(chunk);
    let body = axum::body::Body::from_stream(futures_util::StreamExt::buffered(endless, 1));
    let call = world.request("POST", "/api/wechat/auth").header("content-type", "application/json").body(body);
    let answer = call.send().await;
    answer.is(StatusCode::PAYLOAD_TOO_LARGE).code("PAYLOAD_TOO_LARGE");
    assert_eq!(answer.header("connection"), "close");
}

#[rstest]
#[case("gzip")]
#[case("identity, gzip")]
#[case("br")]
#[tokio::test]
async fn a_compressed_body_is_refused_as_that(#[case] coding: &str) {
    let world = World::open().await;
    for (path, kind) in [
        ("/api/wechat/auth", "application/json"),
        ("/auth/wechat", "application/json"),
        ("/wx/share", "application/x-www-form-urlencoded"),
    ] {
        let call = world.request("POST", path).header("content-type", kind).header("content-encoding", coding);
        let answer = call.body(vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0]).send().await;
        answer.is(StatusCode::UNSUPPORTED_MEDIA_TYPE).code("UNSUPPORTED_MEDIA_TYPE");
        assert!(
            answer.message().contains("压缩") && answer.message().contains("Content-Encoding"),
            "{}",
            answer.message()
        );
        assert!(answer.error()["hint"].as_str().unwrap().contains("identity"), "{answer:?}");
    }
    let plain = world.request("POST", "/api/wechat/auth").header("content-encoding", "Identity").json("{}");
    plain.send().await.is(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn any_query_gets_a_documented_answer() {
    let world = World::open().await;
    let queries = [
        "%",
        "%zz",
        "a=%FF",
        "=",
        "&&&",
        "url=%00",
        "code=%0d%0aSet-Cookie:x",
        "code[]=1&code[]=2",
        "state=a&state=b",
        "redirect_url=%0d%0a",
        "redirect_uri=//evil.test",
        "page=9999999999999999999",
        "page_size=-9223372036854775808",
        "scope=%F0%9F%98%80",
        "account=..%2f",
        "account=%00",
        "search=%00",
        "sort=1;drop",
        "type=%27",
        "x=1&x=2",
        &"a&".repeat(1000),
        &format!("url={}", "x".repeat(7000)),
    ];
    for (path, methods) in described_paths() {
        // A stream has no end to read to.
        if !methods.iter().any(|method| method == "GET") || path.ends_with("/stream") || path.ends_with("/events") {
            continue;
        }
        for query in queries {
            let answer = world.request("GET", &format!("{path}?{query}")).api_key(World::API_KEY).send().await;
            harmless(&answer);
            assert!(
                answer.headers().get("set-cookie").is_none_or(|line| !line.to_str().unwrap().contains("Set-Cookie"))
            );
        }
    }
}

#[tokio::test]
async fn openids_that_are_none_are_refused_like_that() {
    let world = World::open().await;
    let long = "a".repeat(1024);
    for openid in
        ["%00", "%2e%2e%2f", "a%2Fb", "%ff", "%E2%80%AE", "'", "\"", ";", "a%0d%0ab", "%25", &long, "*", "%7B%7D"]
    {
        let answer = world.get(&format!("/api/user/{openid}")).await;
        harmless(&answer);
        assert!(answer.status().is_client_error(), "{openid}: {answer:?}");
    }
}

#[tokio::test]
async fn forged_credentials_are_refused_alike() {
    let world = World::strict().await;
    let token = world.browser().log_in("xiaoming").await;
    let (head, rest) = token.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let staff = world.staff_token("boss", weiqiao_model::Role::Admin).await;
    let staff_signature = staff.rsplit('.').next().unwrap();
    let forged = [
        String::new(),
        "a".to_owned(),
        "a.b".to_owned(),
        "..".to_owned(),
        format!("{none}.{body}."),
        format!("{none}.{body}.{signature}"),
        format!("{head}.{body}."),
        format!("{head}.{body}.{}", signature.replace(|c: char| c.is_ascii_lowercase(), "A")),
        format!("{head}.{body}.{staff_signature}"),
        format!("{head}.{}.{signature}", encode("{}")),
        format!("{token}.x"),
        format!("{token} {token}"),
        "x".repeat(100_000),
        token.to_uppercase(),
    ];
    let mut texts = Vec::new();
    for forged in forged {
        let answer = world.request("GET", "/api/me").bearer(&forged).header("x-request-id", "same").send().await;
        answer.is(StatusCode::UNAUTHORIZED).code("UNAUTHORIZED");
        texts.push(answer.text().to_owned());
    }
    for scheme in ["Basic YTpi", "Bearer", "bearer", "Token x", ""] {
        let answer =
            world.request("GET", "/api/me").header("authorization", scheme).header("x-request-id", "same").send().await;
        answer.is(StatusCode::UNAUTHORIZED);
        texts.push(answer.text().to_owned());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    world.request("GET", "/api/me").bearer(&token).send().await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_header_credential_wins_over_the_cookie_and_is_not_overlooked() {
    let world = World::strict().await;
    let person = world.browser();
    person.log_in("xiaoming").await;
    let answer = person.request("GET", "/api/me").bearer("junk").send().await;
    answer.is(StatusCode::UNAUTHORIZED);
    let answer = person.request("GET", "/api/admin/api-keys").api_key(World::API_KEY).send().await;
    answer.is(StatusCode::OK);
}

/// Whether a route needs a key or not: one that is wrong is never taken for good.
#[tokio::test]
async fn a_wrong_key_is_refused_everywhere() {
    for world in [World::strict().await, World::open().await] {
        let document = serde_json::to_value(crate::openapi()).unwrap();
        let mut seen = 0;
        for (path, operations) in document["paths"].as_object().unwrap() {
            let api = ["/api/", "/auth/", "/wechat/", "/wx/share"].iter().any(|start| path.starts_with(start));
            if !api || path == "/api/health" {
                continue;
            }
            for method in operations.as_object().unwrap().keys() {
                let concrete = path.replace(['{', '}'], "");
                let call = world.request(&method.to_uppercase(), &concrete).header("accept", "application/json");
                let answer = call.api_key("wxk_live_wrong").json("{}").send().await;
                answer.is(StatusCode::UNAUTHORIZED).code("UNAUTHORIZED");
                seen += 1;
            }
        }
        assert!(seen > 40, "{seen}");
        for path in ["/api/wechat/openid", "/auth/wechat/mini"] {
            let body = serde_json::json!({ "code": world.mini_code("xiaoming") }).to_string();
            let answer = world.request("POST", path).api_key("wrong").json(&body).send().await;
            answer.is(StatusCode::UNAUTHORIZED).code("UNAUTHORIZED");
        }
        let signed = "/wechat/jsconfig?url=https%3A%2F%2Fm.example.com%2F";
        world.request("GET", signed).api_key("wrong").send().await.is(StatusCode::UNAUTHORIZED);
        assert_eq!(world.wechat_calls("/sns/jscode2session"), 0);
    }
}
