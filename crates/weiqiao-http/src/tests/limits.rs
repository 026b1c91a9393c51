//! Rate limits: on where they are on, counted for whom they should be.

use std::time::Duration;

use http::StatusCode;
use weiqiao_app::AuthMode;
use weiqiao_model::ApiScope;

use crate::testing::{World, encode};

const PATH: &str = "/api/user/oNobodyNobodyNobodyNobody";

async fn limited() -> World {
    World::with(AuthMode::Strict, "https://app.example.com/", |plan| {
        plan.http.rate_limits = true;
        plan.http.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await
}

#[tokio::test]
async fn one_address_has_its_share_and_gets_it_back() {
    let world = limited().await;
    for _ in 0..60 {
        world.request("GET", PATH).at_ip("203.0.113.9").send().await.is(StatusCode::OK);
    }
    let refused = world.request("GET", PATH).at_ip("203.0.113.9").send().await;
    refused.is(StatusCode::TOO_MANY_REQUESTS).failure("TOO_MANY_REQUESTS", "请求过于频繁，请稍后再试");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    world.request("GET", PATH).at_ip("198.51.100.7").send().await.is(StatusCode::OK);
    // Another group has its own share.
    let page = format!("/wechat/jsconfig?url={}", encode(&world.page("/")));
    world.request("GET", &page).at_ip("203.0.113.9").send().await.is(StatusCode::OK);
    world.advance(Duration::from_secs(wait));
    world.request("GET", PATH).at_ip("203.0.113.9").send().await.is(StatusCode::OK);
}

#[tokio::test]
async fn inventing_addresses_does_not_help() {
    let world = limited().await;
    let mut refused = 0;
    for n in 0..100 {
        let forged = format!("198.51.100.{n}, 192.0.2.{n}");
        let call = world.request("GET", PATH).at_ip("203.0.113.9").header("x-forwarded-for", &forged);
        refused += usize::from(call.send().await.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 40);
}

#[tokio::test]
async fn behind_a_proxy_the_client_counts() {
    let world = limited().await;
    for n in 0..100 {
        let call =
            world.request("GET", PATH).at_ip("10.0.0.1").header("x-forwarded-for", &format!("1.1.1.1, 198.51.100.{n}"));
        call.send().await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn addresses_of_one_ipv6_network_are_one_client() {
    let world = limited().await;
    let mut refused = 0;
    for n in 0..70 {
        let answer = world.request("GET", PATH).at_ip(&format!("2001:db8::{n:x}")).send().await;
        refused += usize::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 10);
    world.request("GET", PATH).at_ip("2001:db8:0:1::1").send().await.is(StatusCode::OK);
}

#[tokio::test]
async fn one_session_has_its_share_wherever_it_is() {
    let world = limited().await;
    let token = world.browser().log_in("xiaoming").await;
    let mut refused = 0;
    for n in 0..80 {
        let answer = world.request("GET", "/api/me").bearer(&token).at_ip(&format!("198.51.100.{n}")).send().await;
        refused += usize::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 20);
}

#[tokio::test]
async fn a_good_key_counts_by_itself_and_a_bad_one_like_nobody() {
    let world = limited().await;
    let key = world.api_key(&[ApiScope::UserRead]).await;
    for _ in 0..200 {
        world.request("GET", PATH).at_ip("203.0.113.9").api_key(&key).send().await.is(StatusCode::OK);
    }
    let mut seen = Vec::new();
    for _ in 0..70 {
        let answer = world.request("GET", PATH).at_ip("203.0.113.9").api_key("guess").send().await;
        seen.push(answer.status());
    }
    assert_eq!(seen.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count(), 60);
    assert_eq!(seen.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
}

#[tokio::test]
async fn junk_codes_cost_wechat_little() {
    let world = limited().await;
    let person = world.browser();
    for n in 0..200 {
        let state = if n % 20 == 0 { world.browser().begin_login().await } else { "junk".to_owned() };
        let body = format!(r#"{{"code":"junk{n}","state":"{state}"}}"#);
        let call = person.request("POST", "/api/wechat/auth").at_ip("203.0.113.9").json(&body);
        assert!(!call.send().await.status().is_success());
    }
    assert!(world.wechat_calls("/sns/oauth2/access_token") <= 40);
}

#[tokio::test]
async fn too_many_logins_begun_are_refused_as_a_page_too() {
    let world = limited().await;
    let mut last = None;
    for _ in 0..31 {
        let call = world.browser().request("GET", "/wechat/auth").at_ip("203.0.113.9").header("accept", "text/html");
        last = Some(call.send().await);
    }
    let last = last.unwrap();
    last.is(StatusCode::TOO_MANY_REQUESTS);
    assert!(last.text().contains("请求过于频繁"), "{}", last.text());
}

/// `/wechat/me` begins a login for whoever has none: it writes a state as the others do.
#[tokio::test]
async fn a_page_that_begins_a_login_counts_as_one() {
    let world = limited().await;
    let visit = |path| world.browser().request("GET", path).at_ip("203.0.113.9").header("accept", "text/html");
    for path in ["/wechat/auth", "/wechat/me"].repeat(15) {
        visit(path).send().await.is(StatusCode::FOUND);
    }
    for path in ["/wechat/auth", "/wechat/me"] {
        let refused = visit(path).send().await;
        refused.is(StatusCode::TOO_MANY_REQUESTS);
        assert!(
            refused.text().contains("请求过于频繁") && refused.headers().contains_key("retry-after"),
            "{refused:?}"
        );
    }
    world.request("GET", PATH).at_ip("203.0.113.9").send().await.is(StatusCode::OK);
}

#[tokio::test]
async fn where_limits_are_off_nobody_is_counted() {
    let world = World::open().await;
    for _ in 0..100 {
        world.request("GET", PATH).at_ip("203.0.113.9").send().await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn a_page_says_when_to_come_back_too() {
    let world = limited().await;
    let begin = || world.request("GET", "/wechat/auth").at_ip("203.0.113.9").header("accept", "text/html").send();
    let mut last = begin().await;
    for _ in 0..100 {
        last = begin().await;
    }
    last.is(StatusCode::TOO_MANY_REQUESTS);
    assert!(last.text().starts_with("<!doctype html>"), "{}", last.text());
    assert!((1..=60).contains(&last.header("retry-after").parse::<u64>().unwrap()));
}
