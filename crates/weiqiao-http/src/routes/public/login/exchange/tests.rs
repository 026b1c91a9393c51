//! Codes posted by pages and servers.

mod again;

use http::StatusCode;
use rstest::rstest;
use serde_json::json;
use weiqiao_model::ApiScope;
use weixin_emulator::{CodeKind, Scope};

use crate::testing::World;

const PATH: &str = "/api/wechat/auth";

fn body(code: &str) -> String {
    json!({ "code": code }).to_string()
}

#[tokio::test]
async fn a_code_becomes_a_person_and_a_session() {
    let world = World::open().await;
    let answer = world.post(PATH, body(&world.code("xiaoming"))).await;
    answer.is(StatusCode::OK).success("success");
    assert_eq!(answer.data()["message"], "微信登录成功");
    let info = &answer.data()["user_info"];
    assert_eq!(info["openid"], world.openid("xiaoming"));
    assert_eq!(info["nickname"], "小明");
    for field in ["headimgurl", "language", "country", "province", "city"] {
        assert!(info[field].is_string(), "{field}");
    }
    assert!(info["sex"].is_i64() && info["privilege"].is_array() && info["unionid"].is_string(), "{info}");
    assert_eq!(info["login_time"], world.now_s());
    assert_eq!(info["expires_at"], world.now_s() + 86_400);

    let token = answer.data()["token"].as_str().unwrap();
    let cookie = answer.cookie_line("weiqiao_session").unwrap();
    assert_eq!(cookie, format!("weiqiao_session={token}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax"));
    world.request("GET", "/api/me").bearer(token).send().await.is(StatusCode::OK);
}

#[tokio::test]
async fn in_strict_mode_the_state_has_to_be_ours_and_this_browsers() {
    let world = World::strict().await;
    let person = world.browser();
    let state = person.begin_login().await;
    let code = world.code("xiaoming");

    person.post(PATH, body(&code)).await.is(StatusCode::BAD_REQUEST).code("STATE_REQUIRED");
    let foreign = json!({ "code": code, "state": "somebody-elses" }).to_string();
    person.post(PATH, &foreign).await.is(StatusCode::BAD_REQUEST).code("STATE_INVALID");
    let ours = json!({ "code": code, "state": state }).to_string();
    world.browser().post(PATH, &ours).await.is(StatusCode::BAD_REQUEST).code("STATE_INVALID");
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);

    let answer = person.post(PATH, &ours).await;
    assert!(answer.is(StatusCode::OK).cookie_line("weiqiao_session").unwrap().ends_with("; Secure"));
}

#[tokio::test]
async fn a_server_with_the_right_key_needs_no_state() {
    let world = World::strict().await;
    let key = world.api_key(&[ApiScope::LoginExchange]).await;
    for state in [None, Some("its-own")] {
        let request = json!({ "code": world.code("xiaoming"), "state": state }).to_string();
        let post = |key: &str| world.request("POST", PATH).api_key(key).json(&request);
        let answer = post(&key).send().await;
        let token = answer.is(StatusCode::OK).data()["token"].as_str().unwrap();
        assert!(answer.headers().get("set-cookie").is_none(), "the session is a visitor's, not the server's");
        world.request("GET", "/api/me").bearer(token).send().await.is(StatusCode::OK);
        assert_eq!(post(&key).send().await.is(StatusCode::OK).data(), answer.data());
        let another = world.api_key(&[ApiScope::LoginExchange]).await;
        post(&another).send().await.is(StatusCode::BAD_REQUEST).code("CODE_ALREADY_USED");
    }
    let people: Vec<_> = ["xiaoming", "xiaohong"].iter().map(|name| body(&world.code(name))).collect();
    for person in people {
        world.request("POST", PATH).api_key(&key).json(&person).send().await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn a_key_without_the_scope_and_a_wrong_one_exchange_nothing() {
    for world in [World::strict().await, World::open().await] {
        let key = world.api_key(&[ApiScope::UserRead]).await;
        let request = body(&world.code("xiaoming"));
        let refused = world.request("POST", PATH).api_key(&key).json(&request).send().await;
        refused.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
        let wrong = world.request("POST", PATH).api_key("wxk_live_wrong").json(&request).send().await;
        wrong.is(StatusCode::UNAUTHORIZED);
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
    }
}

/// A state of ours stays bound to its browser, whoever brings it.
#[tokio::test]
async fn a_key_does_not_open_the_state_of_a_browser() {
    let world = World::strict().await;
    let state = world.browser().begin_login().await;
    let key = world.api_key(&[ApiScope::LoginExchange]).await;
    let request = json!({ "code": world.code("xiaoming"), "state": state }).to_string();
    let answer = world.request("POST", PATH).api_key(&key).json(&request).send().await;
    answer.is(StatusCode::BAD_REQUEST).code("STATE_INVALID");
}

/// React's strict mode on a page of another origin that sends no cookies.
#[tokio::test]
async fn in_open_mode_posts_without_cookie_are_one_browser_by_their_own_state() {
    let world = World::open().await;
    let request = json!({ "code": world.code("xiaoming"), "state": "made-by-the-page" }).to_string();
    let post = |ip: &str, agent: &str, request: &str| {
        world.request("POST", PATH).at_ip(ip).header("user-agent", agent).json(request).send()
    };
    let posts = (0..25).map(|_| post("203.0.113.7", "Safari", &request));
    let answers = futures_util::future::join_all(posts).await;
    let first = answers.first().unwrap().is(StatusCode::OK).data();
    assert!(answers.iter().all(|answer| answer.is(StatusCode::OK).data() == first));
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);

    post("203.0.113.8", "Safari", &request).await.is(StatusCode::BAD_REQUEST).code("CODE_ALREADY_USED");
    post("203.0.113.7", "Firefox", &request).await.is(StatusCode::BAD_REQUEST);
    let code = serde_json::from_str::<serde_json::Value>(&request).unwrap()["code"].clone();
    for other in [json!({ "code": code, "state": "another" }), json!({ "code": code })] {
        post("203.0.113.7", "Safari", &other.to_string()).await.is(StatusCode::BAD_REQUEST);
    }
    let token = first["token"].as_str().unwrap();
    world.request("POST", "/api/logout").bearer(token).json("{}").send().await.is(StatusCode::OK);
    post("203.0.113.7", "Safari", &request).await.is(StatusCode::BAD_REQUEST);

    let other = json!({ "code": world.code("xiaoming"), "state": "made-by-the-page" }).to_string();
    post("203.0.113.7", "Safari", &other).await.is(StatusCode::OK);
    world.advance(std::time::Duration::from_secs(61));
    post("203.0.113.7", "Safari", &other).await.is(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn in_open_mode_a_foreign_state_is_tolerated() {
    let world = World::open().await;
    let request = json!({ "code": world.code("xiaoming"), "state": "made-by-the-page" }).to_string();
    world.post(PATH, request).await.is(StatusCode::OK);
}

#[rstest]
#[case::missing("{}")]
#[case::empty(r#"{"code":""}"#)]
#[case::blank(r#"{"code":"  "}"#)]
#[case::null(r#"{"code":null}"#)]
#[case::unknown_fields_only(r#"{"Code":"x","other":1}"#)]
#[tokio::test]
async fn without_a_code_the_documented_sentence_is_said(#[case] request: &str) {
    let world = World::open().await;
    let answer = world.post(PATH, request).await;
    answer.is(StatusCode::BAD_REQUEST).failure(
        "VALIDATION_FAILED",
        "请求参数错误: Key: 'WechatAuthRequest.Code' Error:Field validation for 'Code' failed on the 'required' tag",
    );
    let detail = json!([{ "field": "code", "rule": "required", "message": "code 不能为空" }]);
    assert_eq!(answer.error()["details"], detail);
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
}

#[rstest]
#[case::wrong_type(r#"{"code":12}"#, "code 必须是字符串")]
#[case::object(r#"{"code":{}}"#, "code 必须是字符串")]
#[case::wrong_state(r#"{"code":"x","state":1}"#, "state 必须是字符串")]
#[case::long(&format!(r#"{{"code":"{}"}}"#, "x".repeat(513)), "code 不能超过 512 字节")]
#[case::control("{\"code\":\"a\\u0000b\"}", "code 含有控制字符")]
#[case::twice(r#"{"code":"a","code":"b"}"#, "code 重复出现")]
#[case::bad_json(r#"{"code":"a""#, "请求体不是合法的 JSON（第 1 行第 11 列）")]
#[case::list("[]", "请求体必须是 JSON 对象")]
#[tokio::test]
async fn other_requests_are_told_what_is_wrong(#[case] request: &str, #[case] text: &str) {
    let world = World::open().await;
    let answer = world.post(PATH, request).await;
    answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &format!("请求参数错误: {text}"));
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
}

#[tokio::test]
async fn an_empty_body_lacks_the_code_and_another_content_type_is_refused() {
    let world = World::open().await;
    let empty = world.request("POST", PATH).send().await;
    assert!(empty.is(StatusCode::BAD_REQUEST).message().contains("'WechatAuthRequest.Code'"));
    for kind in ["text/plain", "application/x-www-form-urlencoded", "text/json", "application/json; charset=gbk"] {
        let call = world.request("POST", PATH).header("content-type", kind).body(body("x"));
        call.send().await.is(StatusCode::UNSUPPORTED_MEDIA_TYPE).code("UNSUPPORTED_MEDIA_TYPE");
    }
    world.request("POST", PATH).body(body("x")).send().await.is(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let long = format!(r#"{{"code":"x","pad":"{}"}}"#, "x".repeat(256 * 1024));
    world.post(PATH, long).await.is(StatusCode::PAYLOAD_TOO_LARGE).code("PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn a_refused_code_says_what_wechat_said_and_what_to_do() {
    let world = World::open().await;
    let answer = world.post(PATH, body("never-issued")).await;
    answer.is(StatusCode::INTERNAL_SERVER_ERROR);
    answer.failure("WECHAT_LOGIN_FAILED", "微信登录失败: wechat api error: 40029 - invalid code");
    assert_eq!(answer.error()["errcode"], 40029);
    assert_eq!(answer.error()["errmsg"], "invalid code");
    assert!(answer.error()["rid"].is_string() && answer.error()["retryable"] == false);
    assert!(answer.error()["hint"].as_str().unwrap().contains("5 分钟"));
}

#[tokio::test]
async fn a_mini_program_code_is_sent_where_it_belongs() {
    let world = World::open().await;
    let answer = world.post(PATH, body(&world.mini_code("xiaoming"))).await;
    assert!(
        answer.is(StatusCode::INTERNAL_SERVER_ERROR).error()["hint"].as_str().unwrap().contains("/api/wechat/openid")
    );
}

#[tokio::test]
async fn refused_user_info_has_its_own_text() {
    let world = World::open().await;
    world.wechat_refuses("/sns/userinfo", 48001, 1).await;
    let answer = world.post(PATH, body(&world.code("xiaoming"))).await;
    answer.is(StatusCode::INTERNAL_SERVER_ERROR).code("GET_USER_INFO_FAILED");
    assert!(answer.message().starts_with("获取用户信息失败: "), "{}", answer.message());
    assert_eq!(answer.error()["errcode"], 48001);
}

#[tokio::test]
async fn a_silent_login_knows_the_openid_only() {
    let world = World::open().await;
    let code = world.emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::Base));
    let answer = world.post(PATH, body(&code)).await;
    let info = &answer.is(StatusCode::OK).data()["user_info"];
    assert_eq!(info["openid"], world.openid("xiaoming"));
    assert_eq!((&info["nickname"], &info["sex"], &info["privilege"]), (&json!(""), &json!(0), &json!([])));
    assert_eq!(world.wechat_calls("/sns/userinfo"), 0);
}

#[tokio::test]
async fn a_made_up_person_of_a_snapshot_page_is_nobody() {
    let world = World::open().await;
    world.wechat_shows_snapshot("xiaoming");
    let answer = world.post(PATH, body(&world.code("xiaoming"))).await;
    answer.is(StatusCode::FORBIDDEN).code("SNAPSHOT_USER");
    assert!(answer.cookie_line("weiqiao_session").is_none());
}

#[tokio::test]
async fn hostile_nicknames_are_text() {
    let world = World::open().await;
    for persona in ["emoji", "script"] {
        let answer = world.post(PATH, body(&world.code(persona))).await;
        let nickname = answer.is(StatusCode::OK).data()["user_info"]["nickname"].as_str().unwrap();
        assert!(!nickname.is_empty() && !nickname.chars().any(char::is_control), "{nickname}");
    }
}

#[tokio::test]
async fn what_the_client_claims_about_the_person_does_not_count() {
    let world = World::open().await;
    let request = json!({ "code": world.code("xiaoming"), "openid": "oEvil", "user_info": { "nickname": "admin" } });
    let answer = world.post(PATH, request.to_string()).await;
    assert_eq!(answer.is(StatusCode::OK).data()["user_info"]["openid"], world.openid("xiaoming"));
}

#[tokio::test]
async fn first_logins_in_parallel_are_one_person() {
    let world = World::open().await;
    let logins = (0..8).map(|_| world.post(PATH, body(&world.code("xiaohong"))));
    let answers = futures_util::future::join_all(logins.collect::<Vec<_>>()).await;
    let mut people = Vec::new();
    for answer in &answers {
        let token = answer.is(StatusCode::OK).data()["token"].as_str().unwrap();
        let me = world.request("GET", "/api/me").bearer(token).send().await;
        people.push(me.data()["user_id"].to_string());
    }
    people.dedup();
    assert_eq!(people.len(), 1, "{people:?}");
}

#[tokio::test]
async fn an_unknown_account_and_a_dead_database_are_told_apart() {
    let world = World::open().await;
    let path = format!("{PATH}?account=nobody");
    world.post(&path, body("x")).await.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
    world.lose_database().await;
    let answer = world.post(PATH, body(&world.code("xiaoming"))).await;
    answer.is(StatusCode::SERVICE_UNAVAILABLE).code("DATABASE_UNAVAILABLE");
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
}
