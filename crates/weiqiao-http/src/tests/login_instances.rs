//! What servers may ask of a login instance.

use std::time::Duration;

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use weiqiao_model::ApiScope;
use weixin_emulator::{CodeKind, Scope};

use crate::testing::{Answer, World};

const SERVICES: &str = "/auths/loginTypes/MyWechatLogin/services/WechatPublicAuthSvc";

async fn ask(world: &World, service: &str, body: Value) -> Answer {
    world.request("POST", &format!("{SERVICES}/{service}")).api_key(World::API_KEY).json(&body.to_string()).send().await
}

fn assert_error(answer: &Answer, status: StatusCode, error: &str, errcode: impl Into<Value>) {
    let json = answer.is(status).json();
    assert_eq!((&json["error"], &json["errcode"]), (&json!(error), &errcode.into()), "{answer:?}");
    assert!(json.get("success").is_none(), "bare: {answer:?}");
}

#[tokio::test]
async fn the_documented_answers_bare() {
    let world = World::strict().await;
    let user = ask(&world, "getUserInfo", json!({ "code": world.code("xiaoming") })).await;
    let user = user.is(StatusCode::OK).json().as_object().unwrap();
    let keys: Vec<&str> = user.keys().map(String::as_str).collect();
    assert_eq!(keys, ["city", "country", "headimgurl", "nickname", "openid", "province", "sex", "unionid"]);
    assert_eq!((&user["nickname"], &user["openid"]), (&json!("小明"), &json!(world.openid("xiaoming"))));
    assert!(user["sex"].is_i64() && user["unionid"].is_string());

    let token = ask(&world, "getAccessToken", json!({ "code": world.code("xiaoming") })).await;
    let keys: Vec<&str> = token.is(StatusCode::OK).json().as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["access_token", "expires_in", "openid", "refresh_token", "scope"]);
    assert_eq!((&token.json()["expires_in"], &token.json()["scope"]), (&json!(7200), &json!("snsapi_userinfo")));
    let refreshed = ask(&world, "refreshToken", json!({ "refresh_token": token.json()["refresh_token"] })).await;
    assert_eq!(refreshed.is(StatusCode::OK).json()["openid"], world.openid("xiaoming"));
    assert!(refreshed.json()["access_token"].is_string() && refreshed.json()["refresh_token"].is_string());
}

#[tokio::test]
async fn one_exchange_per_code_whatever_is_asked_and_in_parallel() {
    let world = World::strict().await;
    let code = json!({ "code": world.code("xiaohong") });
    let calls = (0..20).map(|number| {
        let service = if number % 2 == 0 { "getUserInfo" } else { "getAccessToken" };
        ask(&world, service, code.clone())
    });
    for answer in futures_util::future::join_all(calls).await {
        assert_eq!(answer.is(StatusCode::OK).json()["openid"], world.openid("xiaohong"));
    }
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);
    let first = ask(&world, "getAccessToken", code.clone()).await;
    let second = ask(&world, "getAccessToken", code.clone()).await;
    assert_eq!(first.is(StatusCode::OK).json(), second.is(StatusCode::OK).json());

    let other_key = world.api_key(&[ApiScope::LoginExchange]).await;
    let path = format!("{SERVICES}/getUserInfo");
    let stranger = world.request("POST", &path).api_key(&other_key).json(&code.to_string()).send().await;
    assert_error(&stranger, StatusCode::BAD_REQUEST, "Auth error: 授权码已被使用，请重新发起授权", 40163);
    world.advance(Duration::from_secs(61));
    let late = ask(&world, "getAccessToken", code).await;
    assert_error(&late, StatusCode::BAD_REQUEST, "Auth error: 授权码已被使用，请重新发起授权", 40163);
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);
}

#[rstest]
#[case::unknown("getUserInfo", json!({ "code": "never-issued" }), StatusCode::INTERNAL_SERVER_ERROR, "invalid code", 40029)]
#[case::unknown_token("getAccessToken", json!({ "code": "never-issued" }), StatusCode::INTERNAL_SERVER_ERROR, "invalid code", 40029)]
#[case::no_code("getUserInfo", json!({}), StatusCode::BAD_REQUEST, "请求参数错误: code 不能为空", 41008)]
#[case::empty("getAccessToken", json!({ "code": "" }), StatusCode::BAD_REQUEST, "请求参数错误: code 不能为空", 41008)]
#[case::no_token("refreshToken", json!({}), StatusCode::BAD_REQUEST, "请求参数错误: refresh_token 不能为空", 41003)]
#[tokio::test]
async fn failures_are_bare_too(
    #[case] service: &str,
    #[case] body: Value,
    #[case] status: StatusCode,
    #[case] text: &str,
    #[case] errcode: i64,
) {
    let world = World::strict().await;
    let answer = ask(&world, service, body).await;
    assert_error(&answer, status, &format!("Auth error: {text}"), errcode);
}

#[tokio::test]
async fn a_refused_refresh_token_and_refused_user_info_have_wechats_number() {
    let world = World::strict().await;
    let refused = ask(&world, "refreshToken", json!({ "refresh_token": "never-issued" })).await;
    let json = refused.is(StatusCode::INTERNAL_SERVER_ERROR).json();
    assert!(json["errcode"].is_i64() && json["error"].as_str().unwrap().starts_with("Auth error: "), "{json}");
    world.wechat_refuses("/sns/userinfo", 48001, 1).await;
    let refused = ask(&world, "getUserInfo", json!({ "code": world.code("xiaoming") })).await;
    assert_eq!(refused.is(StatusCode::INTERNAL_SERVER_ERROR).json()["errcode"], 48001);
}

#[tokio::test]
async fn strict_mode_wants_an_api_key_with_the_scope_and_open_mode_none() {
    let world = World::strict().await;
    let path = format!("{SERVICES}/getUserInfo");
    let body = json!({ "code": world.code("xiaoming") }).to_string();
    let nobody = world.post(&path, &body).await;
    assert_error(&nobody, StatusCode::UNAUTHORIZED, "Auth error: 未登录或登录已过期", Value::Null);
    let person = world.browser();
    person.log_in("xiaoming").await;
    person.post(&path, &body).await.is(StatusCode::FORBIDDEN);
    let other = world.api_key(&[ApiScope::Token]).await;
    world.request("POST", &path).api_key(&other).json(&body).send().await.is(StatusCode::FORBIDDEN);
    let key = world.api_key(&[ApiScope::LoginExchange]).await;
    world.request("POST", &path).api_key(&key).json(&body).send().await.is(StatusCode::OK);
    let unknown = path.replace("MyWechatLogin", "Nobody");
    world.request("POST", &unknown).api_key(&key).json(&body).send().await.is(StatusCode::NOT_FOUND);

    let open = World::open().await;
    let body = json!({ "code": open.code("xiaoming") }).to_string();
    open.post(&path, &body).await.is(StatusCode::OK);
    open.get(&path).await.is(StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_silent_code_knows_the_openid_only() {
    let world = World::strict().await;
    let code = world.emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::Base));
    let user = ask(&world, "getUserInfo", json!({ "code": code })).await;
    assert_eq!(user.is(StatusCode::OK).json()["nickname"], "");
    assert_eq!(world.wechat_calls("/sns/userinfo"), 0);
}

#[tokio::test]
async fn a_stale_token_is_renewed_before_it_is_used() {
    let world = World::strict().await;
    let openid = json!({ "openid": world.openid("xiaoming") });
    ask(&world, "getUserInfo", openid.clone()).await.is(StatusCode::NOT_FOUND);
    let first = ask(&world, "getAccessToken", json!({ "code": world.code("xiaoming") })).await;
    let kept = ask(&world, "getAccessToken", openid.clone()).await;
    assert_eq!(kept.is(StatusCode::OK).json()["access_token"], first.json()["access_token"]);
    assert_eq!(world.wechat_calls("/sns/oauth2/refresh_token"), 0);

    world.advance(Duration::from_secs(2 * 3600));
    let calls = (0..8).map(|_| ask(&world, "getAccessToken", openid.clone()));
    for answer in futures_util::future::join_all(calls).await {
        assert_ne!(answer.is(StatusCode::OK).json()["access_token"], first.json()["access_token"]);
    }
    assert_eq!(world.wechat_calls("/sns/oauth2/refresh_token"), 1, "one renewal for all");
    assert_eq!(ask(&world, "getUserInfo", openid).await.is(StatusCode::OK).json()["nickname"], "小明");
}

#[tokio::test]
async fn after_a_refused_renewal_only_a_new_login_helps() {
    let world = World::strict().await;
    let openid = json!({ "openid": world.openid("xiaoming") });
    ask(&world, "getAccessToken", json!({ "code": world.code("xiaoming") })).await.is(StatusCode::OK);
    world.advance(Duration::from_secs(2 * 3600));
    world.wechat_refuses("/sns/oauth2/refresh_token", 42007, 1).await;
    assert_eq!(ask(&world, "getUserInfo", openid.clone()).await.json()["errcode"], 42007);
    for _ in 0..2 {
        let again = ask(&world, "getAccessToken", openid.clone()).await;
        assert_error(&again, StatusCode::CONFLICT, "Auth error: 用户的授权已失效，需要重新登录", 42002);
    }
    assert_eq!(world.wechat_calls("/sns/oauth2/refresh_token"), 1, "not asked again and again");
    ask(&world, "getUserInfo", json!({ "code": world.code("xiaoming") })).await.is(StatusCode::OK);
    ask(&world, "getAccessToken", openid).await.is(StatusCode::OK);
}

/// A changed password, a withdrawn consent: the token is dead long before its time.
#[rstest]
#[case(42007)]
#[case(42001)]
#[case(40001)]
#[case(40014)]
#[tokio::test]
async fn a_token_refused_at_the_profile_is_renewed_once_and_then_given_up(#[case] errcode: i64) {
    let world = World::strict().await;
    let openid = json!({ "openid": world.openid("xiaoming") });
    ask(&world, "getAccessToken", json!({ "code": world.code("xiaoming") })).await.is(StatusCode::OK);
    world.wechat_refuses("/sns/userinfo", errcode, 1).await;
    ask(&world, "getUserInfo", openid.clone()).await.is(StatusCode::OK);
    ask(&world, "getAccessToken", openid.clone()).await.is(StatusCode::OK);
    assert_eq!(world.wechat_calls("/sns/oauth2/refresh_token"), 1);

    world.wechat_refuses("/sns/userinfo", errcode, 2).await;
    let refused = ask(&world, "getUserInfo", openid.clone()).await;
    assert_eq!(refused.is(StatusCode::INTERNAL_SERVER_ERROR).json()["errcode"], errcode);
    let (renewals, asked) = (world.wechat_calls("/sns/oauth2/refresh_token"), world.wechat_calls("/sns/userinfo"));
    assert_eq!((renewals, asked), (2, 4), "one renewal, one more question");
    for service in ["getAccessToken", "getUserInfo"] {
        let again = ask(&world, service, openid.clone()).await;
        assert_error(&again, StatusCode::CONFLICT, "Auth error: 用户的授权已失效，需要重新登录", 42002);
    }
    assert_eq!((world.wechat_calls("/sns/oauth2/refresh_token"), world.wechat_calls("/sns/userinfo")), (2, 4));
    ask(&world, "getAccessToken", json!({ "code": world.code("xiaoming") })).await.is(StatusCode::OK);
    ask(&world, "getUserInfo", openid).await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_token_that_is_dead_and_cannot_be_renewed_is_not_given_out() {
    for by_code in [false, true] {
        let world = World::strict().await;
        let openid = json!({ "openid": world.openid("xiaoming") });
        let code = json!({ "code": world.code("xiaoming") });
        if !by_code {
            ask(&world, "getAccessToken", code.clone()).await.is(StatusCode::OK);
        }
        world.wechat_refuses("/sns/userinfo", 42007, 1).await;
        world.wechat_refuses("/sns/oauth2/refresh_token", 42007, 1).await;
        let refused = ask(&world, "getUserInfo", if by_code { code } else { openid.clone() }).await;
        assert_eq!(refused.is(StatusCode::INTERNAL_SERVER_ERROR).json()["errcode"], 42007);
        let again = ask(&world, "getAccessToken", openid).await;
        assert_error(&again, StatusCode::CONFLICT, "Auth error: 用户的授权已失效，需要重新登录", 42002);
    }
}

#[tokio::test]
async fn thirty_days_later_wechat_is_not_even_asked() {
    let world = World::strict().await;
    ask(&world, "getAccessToken", json!({ "code": world.code("xiaoming") })).await.is(StatusCode::OK);
    world.advance(Duration::from_secs(30 * 86_400));
    ask(&world, "getAccessToken", json!({ "openid": world.openid("xiaoming") })).await.is(StatusCode::CONFLICT);
    assert_eq!(world.wechat_calls("/sns/oauth2/refresh_token"), 0);
}

#[tokio::test]
async fn a_made_up_person_of_a_snapshot_page_is_nobody() {
    let world = World::strict().await;
    world.wechat_shows_snapshot("xiaoming");
    let answer = ask(&world, "getUserInfo", json!({ "code": world.code("xiaoming") })).await;
    assert!(answer.is(StatusCode::FORBIDDEN).json()["error"].as_str().unwrap().contains("快照页"));
}
