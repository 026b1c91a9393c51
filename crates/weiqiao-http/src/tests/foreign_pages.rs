//! A page of another site may post a code and read the token; whoever visits it is not logged in as somebody else by that.

use http::StatusCode;
use rstest::rstest;
use serde_json::json;
use weiqiao_app::AuthMode;

use crate::Cors;
use crate::testing::{Answer, Browser, Call, World};

const SESSION: &str = "weiqiao_session";

/// A front end with an address of its own, such as a development server's.
const FRONT_END: &str = "http://localhost:5173";

async fn development() -> World {
    World::with(AuthMode::Open, "http://localhost:3001/", |plan| plan.http.cors = Cors::AnyWithoutCredentials).await
}

async fn listed() -> World {
    let cors = Cors::Origins(vec![FRONT_END.to_owned()]);
    World::with(AuthMode::Open, "http://localhost:3001/", |plan| plan.http.cors = cors).await
}

/// Every way to post a code that begins a session of a browser.
fn posts(browser: &Browser<'_>, code: &dyn Fn() -> String) -> [Call; 4] {
    [
        browser.request("POST", "/api/wechat/auth").json(&json!({ "code": code() }).to_string()),
        browser.request("POST", &format!("/auth/wechat?code={}", code())),
        browser.request("POST", "/auth/wechat").form(&format!("code={}&state=made-by-the-page", code())),
        browser.request("POST", "/auth/wechat").json(&json!({ "code": code() }).to_string()),
    ]
}

/// The token of a login, which works.
async fn token(world: &World, answer: &Answer) -> String {
    let token = answer.is(StatusCode::OK).data()["token"].as_str().unwrap().to_owned();
    world.request("GET", "/api/me").bearer(&token).send().await.is(StatusCode::OK);
    token
}

#[rstest]
#[case::ours(&[("origin", "http://localhost:3001")], true)]
#[case::no_browser(&[], true)]
#[case::typed(&[("sec-fetch-site", "none")], true)]
#[case::our_form(&[("origin", "null"), ("sec-fetch-site", "same-origin")], true)]
#[case::foreign(&[("origin", "https://evil.test")], false)]
#[case::foreign_form(&[("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")], false)]
#[case::sandboxed(&[("origin", "null"), ("sec-fetch-site", "cross-site")], false)]
#[case::sandboxed_old_browser(&[("origin", "null")], false)]
#[case::without_origin(&[("sec-fetch-site", "cross-site")], false)]
#[case::neighbour(&[("sec-fetch-site", "same-site")], false)]
#[case::other_port(&[("origin", FRONT_END), ("sec-fetch-site", "same-site")], false)]
#[tokio::test]
async fn without_a_state_of_this_browser_only_our_pages_log_it_in(
    #[case] from: &[(&str, &str)],
    #[case] remembered: bool,
) {
    for world in [World::open().await, development().await] {
        for call in posts(&world.browser(), &|| world.code("xiaoming")) {
            let call = from.iter().fold(call, |call, (name, value)| call.header(name, value));
            let answer = call.send().await;
            token(&world, &answer).await;
            assert_eq!(answer.cookie_line(SESSION).is_some(), remembered, "{answer:?}");
            assert_eq!(answer.headers().contains_key("set-cookie"), remembered);
        }
    }
}

#[tokio::test]
async fn a_foreign_page_does_not_replace_the_session_of_its_visitor() {
    let world = development().await;
    let victim = world.browser();
    victim.log_in("xiaoming").await;
    for call in posts(&victim, &|| world.code("xiaohong")) {
        let call = call.header("origin", "https://evil.test").header("sec-fetch-site", "cross-site");
        victim.send(call).await.is(StatusCode::OK);
        let me = victim.get("/api/me").await;
        assert_eq!(me.is(StatusCode::OK).data()["user_info"]["openid"], world.openid("xiaoming"));
    }
}

/// What the browser SDK does where the service lists the origin of its page.
#[tokio::test]
async fn a_listed_front_end_keeps_its_cookie_with_and_without_a_state() {
    let world = listed().await;
    let person = world.browser();
    let state = person.begin_login().await;
    let body = json!({ "code": world.code("xiaoming"), "state": state }).to_string();
    let call = person.request("POST", "/api/wechat/auth").header("origin", FRONT_END);
    let answer = person.send(call.header("sec-fetch-site", "same-site").json(&body)).await;
    assert!(answer.is(StatusCode::OK).cookie_line(SESSION).is_some());
    assert_eq!(answer.header("access-control-allow-origin"), FRONT_END);
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    person.request("GET", "/api/me").header("origin", FRONT_END).send().await.is(StatusCode::OK);
    person.request("POST", "/api/logout").header("origin", FRONT_END).json("{}").send().await.is(StatusCode::OK);

    for call in posts(&world.browser(), &|| world.code("xiaoming")) {
        let answer = call.header("origin", FRONT_END).header("sec-fetch-site", "same-site").send().await;
        assert!(answer.is(StatusCode::OK).cookie_line(SESSION).is_some());
    }
    for call in posts(&world.browser(), &|| world.code("xiaoming")) {
        let answer = call.header("origin", "http://localhost:9").send().await;
        assert!(answer.is(StatusCode::OK).cookie_line(SESSION).is_none());
    }
}

/// The front end of the original documents: another port, a state of its own, no cookies, the token of the body.
#[tokio::test]
async fn a_front_end_nobody_listed_goes_on_with_the_token_of_the_body() {
    let world = development().await;
    let body = json!({ "code": world.code("xiaoming"), "state": "its-own" }).to_string();
    let from_there = |method: &str, path: &str| world.request(method, path).header("origin", FRONT_END);
    let preflight = from_there("OPTIONS", "/api/wechat/auth").header("access-control-request-method", "POST");
    preflight.send().await.is(StatusCode::NO_CONTENT);
    let answer = from_there("POST", "/api/wechat/auth").json(&body).send().await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(!answer.headers().contains_key("set-cookie"));
    let token = token(&world, &answer).await;
    // React's strict mode posts twice.
    let again = from_there("POST", "/api/wechat/auth").json(&body).send().await;
    assert_eq!(again.is(StatusCode::OK).data(), answer.data());

    let me = from_there("GET", "/api/me").bearer(&token).send().await;
    assert_eq!(me.is(StatusCode::OK).data()["user_info"]["openid"], world.openid("xiaoming"));
    let user = from_there("GET", &format!("/api/user/{}", world.openid("xiaoming"))).send().await;
    assert_eq!(user.is(StatusCode::OK).data()["exists"], true);
    from_there("POST", "/api/logout").bearer(&token).json("{}").send().await.is(StatusCode::OK);
}

/// The state is the proof, whatever the browser says about the page: old ones say little, and the state is bound to this one.
#[tokio::test]
async fn a_state_of_this_browser_is_enough() {
    for world in [World::open().await, World::strict().await] {
        let person = world.browser();
        for origin in ["https://app.example.com.evil.test", "null"] {
            let state = person.begin_login().await;
            let body = json!({ "code": world.code("xiaoming"), "state": state }).to_string();
            let post = || person.request("POST", "/api/wechat/auth").header("origin", origin).json(&body).send();
            let (one, other) = tokio::join!(post(), post());
            for answer in [one, other] {
                assert!(answer.is(StatusCode::OK).cookie_line(SESSION).is_some(), "{origin}");
            }
        }
    }
}

#[tokio::test]
async fn mini_programs_get_no_cookie_whoever_asks() {
    let world = World::open().await;
    for path in ["/api/wechat/openid", "/auth/wechat/mini"] {
        for origin in ["http://localhost:3001", "https://evil.test"] {
            let body = json!({ "code": world.mini_code("xiaoming") }).to_string();
            let answer = world.request("POST", path).header("origin", origin).json(&body).send().await;
            assert!(!answer.is(StatusCode::OK).headers().contains_key("set-cookie"));
        }
    }
}
