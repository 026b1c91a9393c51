//! T-78, T-79: the console's cookie: what it looks like, how long it is good, whose pages may use it.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use weiqiao_model::Role;

use super::routes::{all, status};
use crate::testing::{Answer, World};

const OWN: &str = "https://app.example.com";

async fn log_in(world: &World, remember: bool, shown: Option<&str>) -> Answer {
    let body = json!({ "username": "boss", "password": World::PASSWORD, "cookie": true, "remember": remember });
    let call = world.request("POST", "/api/auth/login").header("origin", OWN).header("sec-fetch-site", "same-origin");
    let call = match shown {
        Some(cookie) => call.header("cookie", cookie),
        None => call,
    };
    call.json(&body.to_string()).send().await
}

/// `name=value`, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.cookie_line("__Host-adm").unwrap().split(';').next().unwrap().to_owned()
}

async fn world() -> World {
    let world = World::strict().await;
    world.staff_token("boss", Role::Admin).await;
    world
}

async fn me(world: &World, cookie: &str) -> StatusCode {
    world.request("GET", "/api/auth/me").header("cookie", cookie).send().await.status()
}

#[tokio::test]
async fn the_cookie_says_nothing_and_no_script_reads_it() {
    let world = world().await;
    let answer = log_in(&world, false, None).await;
    assert!(answer.is(StatusCode::OK).data().get("access_token").is_none(), "no token where a script could find it");
    let line = answer.cookie_line("__Host-adm").unwrap();
    let value = line.split(['=', ';']).nth(1).unwrap();
    assert!(value.len() == 43 && value.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{line}");
    assert!(line.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"), "{line}");
    assert!(!line.contains("Max-Age") && !line.contains("Domain"), "until the browser is closed: {line}");
    let remembered = log_in(&world, true, None).await;
    assert!(remembered.cookie_line("__Host-adm").unwrap().contains("; Max-Age=1209600;"));
    assert_eq!(me(&world, &cookie(&answer)).await, StatusCode::OK);

    // It counts for administration alone, and a session cookie beside it does not hide it.
    let both = format!("weiqiao_session=junk; {}", cookie(&answer));
    assert_eq!(me(&world, &both).await, StatusCode::OK);
    world.request("GET", "/api/me").header("cookie", &cookie(&answer)).send().await.is(StatusCode::UNAUTHORIZED);

    let out = world.request("POST", "/api/auth/logout").header("cookie", &cookie(&answer)).header("origin", OWN);
    let out = out.send().await;
    assert!(out.is(StatusCode::OK).cookie_line("__Host-adm").unwrap().contains("Max-Age=0"));
    assert_eq!(me(&world, &cookie(&answer)).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_unused_after_half_an_hour_and_in_any_case_after_twelve() {
    let world = world().await;
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    let used = cookie(&log_in(&world, false, None).await);
    let unused = cookie(&log_in(&world, false, None).await);
    let remembered = cookie(&log_in(&world, true, None).await);
    world.advance(minutes(29));
    assert_eq!(me(&world, &used).await, StatusCode::OK);
    world.advance(minutes(1));
    assert_eq!((me(&world, &unused).await, me(&world, &used).await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
    for _ in 0..23 {
        world.advance(minutes(29));
        assert_eq!(me(&world, &used).await, StatusCode::OK);
    }
    world.advance(minutes(23));
    assert_eq!(me(&world, &used).await, StatusCode::UNAUTHORIZED, "twelve hours");
    assert_eq!(me(&world, &remembered).await, StatusCode::OK);
    world.advance(minutes(3 * 24 * 60));
    assert_eq!(me(&world, &remembered).await, StatusCode::UNAUTHORIZED, "three days unused");
}

#[tokio::test]
async fn a_login_brings_a_new_cookie_and_ends_the_one_that_was_shown() {
    let world = world().await;
    let first = cookie(&log_in(&world, false, None).await);
    assert_eq!(me(&world, &first).await, StatusCode::OK);
    let second = cookie(&log_in(&world, false, Some(&first)).await);
    assert_ne!(first, second);
    assert_eq!((me(&world, &first).await, me(&world, &second).await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
    // A value somebody planted becomes nobody's session.
    let planted = format!("__Host-adm={}", "x".repeat(43));
    let third = cookie(&log_in(&world, false, Some(&planted)).await);
    assert_ne!(third, planted);
    assert_eq!(me(&world, &planted).await, StatusCode::UNAUTHORIZED);
}

/// T-78: on every changing route another site's page is refused, whatever the browser tells about it.
#[tokio::test]
async fn no_other_sites_page_acts_for_staff() {
    let world = world().await;
    let staff = cookie(&log_in(&world, false, None).await);
    let foreign: [&[(&str, &str)]; 5] = [
        &[("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")],
        &[("origin", "https://evil.test")],
        &[("origin", "https://evil.example.com"), ("sec-fetch-site", "same-site")],
        &[("origin", "null"), ("sec-fetch-site", "cross-site")],
        &[],
    ];
    let mut routes = 0;
    for operation in all() {
        let staffed = operation.path.starts_with("/api/admin/") || operation.path == "/api/auth/password";
        if !operation.changes() || !(staffed || operation.path == "/api/auth/logout") {
            continue;
        }
        routes += 1;
        for sender in foreign {
            let headers = [&[("cookie", staff.as_str())], sender].concat();
            let found = status(&world, &operation.method, &operation.filled(), &headers).await;
            assert_eq!(found, StatusCode::FORBIDDEN, "{} from {sender:?}", operation.name());
        }
    }
    println!("{routes} changing routes × {} foreign senders, all refused", foreign.len());
    assert!(routes > 30, "{routes}");
    assert_eq!(me(&world, &staff).await, StatusCode::OK, "nobody was logged out by it");
    let body = json!({ "username": "boss", "password": World::PASSWORD, "cookie": true }).to_string();
    let call = world.request("POST", "/api/auth/login").header("origin", "https://evil.test").json(&body);
    call.send().await.is(StatusCode::FORBIDDEN).code("CROSS_SITE_REQUEST");
    let own = [("cookie", staff.as_str()), ("origin", OWN), ("sec-fetch-site", "same-origin")];
    assert_eq!(status(&world, "POST", "/api/auth/logout", &own).await, StatusCode::OK);
}
