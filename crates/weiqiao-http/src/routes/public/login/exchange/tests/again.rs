//! A code that comes again: to whom the same answer is given, and to whom it is not.

use http::StatusCode;
use serde_json::json;

use super::{PATH, body};
use crate::testing::World;

#[tokio::test]
async fn many_posts_of_one_code_from_one_browser_are_one_login() {
    let world = World::strict().await;
    let person = world.browser();
    let state = person.begin_login().await;
    let request = json!({ "code": world.code("xiaohong"), "state": state }).to_string();
    let posts = (0..20).map(|_| person.post(PATH, &request));
    let answers = futures_util::future::join_all(posts).await;
    let first = answers.first().unwrap().is(StatusCode::OK).data();
    for answer in &answers {
        assert_eq!(answer.is(StatusCode::OK).data(), first);
    }
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);

    world.advance(std::time::Duration::from_secs(59));
    assert_eq!(person.post(PATH, &request).await.is(StatusCode::OK).data(), first);
    world.advance(std::time::Duration::from_secs(2));
    person.post(PATH, &request).await.is(StatusCode::BAD_REQUEST);
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);
}

/// A browser that lost the binding cookie, or a client that keeps the token only.
#[tokio::test]
async fn the_session_vouches_for_a_repeated_post() {
    for world in [World::strict().await, World::open().await] {
        let strict = world.app.auth_mode().is_strict();
        let person = world.browser();
        let state = person.begin_login().await;
        let code = world.code("xiaoming");
        let request = json!({ "code": code, "state": state }).to_string();
        let first = person.post(PATH, &request).await;
        let token = first.is(StatusCode::OK).data()["token"].as_str().unwrap();
        let cookie = format!("weiqiao_session={token}");
        let by_cookie = |request: &str| world.request("POST", PATH).header("cookie", &cookie).json(request).send();
        let by_token = |request: &str| world.request("POST", PATH).bearer(token).json(request).send();

        for request in [request.as_str(), &body(&code)] {
            assert_eq!(by_cookie(request).await.is(StatusCode::OK).data(), first.data());
            assert_eq!(by_token(request).await.is(StatusCode::OK).data(), first.data());
        }
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);

        // Neither another code, nor another state, nor another person's session.
        let fresh = world.code("xiaoming");
        by_token(&json!({ "code": fresh, "state": state }).to_string()).await.is(StatusCode::BAD_REQUEST);
        if strict {
            by_token(&body(&fresh)).await.is(StatusCode::BAD_REQUEST).code("STATE_REQUIRED");
        }
        let later = person.begin_login().await;
        by_token(&json!({ "code": code, "state": later }).to_string()).await.is(StatusCode::BAD_REQUEST);
        let stranger = world.browser();
        let foreign = stranger.log_in("xiaohong").await;
        let stolen = world.request("POST", PATH).bearer(&foreign).json(&request).send().await;
        stolen.is(StatusCode::BAD_REQUEST).code("STATE_INVALID");
        world.post(PATH, &request).await.is(StatusCode::BAD_REQUEST).code("STATE_INVALID");
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 2);

        world.request("POST", "/api/logout").bearer(token).json("{}").send().await.is(StatusCode::OK);
        assert!(by_cookie(&request).await.is(StatusCode::BAD_REQUEST).cookie_line("weiqiao_session").is_none());
    }
}

#[tokio::test]
async fn the_session_vouches_for_a_minute() {
    let world = World::strict().await;
    let person = world.browser();
    let state = person.begin_login().await;
    let code = world.code("xiaoming");
    let request = json!({ "code": code, "state": state }).to_string();
    let token = person.post(PATH, &request).await.is(StatusCode::OK).data()["token"].as_str().unwrap().to_owned();
    let post = |request: &str| world.request("POST", PATH).bearer(&token).json(request).send();
    world.advance(std::time::Duration::from_secs(59));
    post(&request).await.is(StatusCode::OK);
    world.advance(std::time::Duration::from_secs(2));
    post(&request).await.is(StatusCode::BAD_REQUEST).code("STATE_INVALID");
    post(&body(&code)).await.is(StatusCode::BAD_REQUEST).code("STATE_REQUIRED");
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);
}

/// An old token may be stuck to everything a client sends; one that was never ours is a mistake.
#[tokio::test]
async fn a_wrong_bearer_token_is_refused_and_an_old_one_does_not_lock_out() {
    for world in [World::strict().await, World::open().await] {
        let person = world.browser();
        let old = person.log_in("xiaoming").await;
        let log_in = async |name: &str, value: &str| {
            let state = person.begin_login().await;
            let request = json!({ "code": world.code("xiaoming"), "state": state }).to_string();
            let binding = person.cookie(world.state.binding_cookie());
            let call = world.request("POST", PATH).json(&request);
            let call = match name {
                "cookie" => call.header("cookie", &format!("{binding}; {value}")),
                _ => call.header("cookie", &binding).header(name, value),
            };
            call.send().await
        };
        let before = world.wechat_calls("/sns/oauth2/access_token");
        for wrong in ["Bearer a.b.c", "Bearer junk", &format!("bearer {old}x")] {
            log_in("authorization", wrong).await.is(StatusCode::UNAUTHORIZED).code("UNAUTHORIZED");
        }
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), before);
        log_in("cookie", "weiqiao_session=junk").await.is(StatusCode::OK);
        // A proxy's own password is no credential of ours.
        log_in("authorization", "Basic c3RhZ2luZzpzdGFnaW5n").await.is(StatusCode::OK);
        let bearer = format!("Bearer {old}");
        log_in("authorization", &bearer).await.is(StatusCode::OK);
        world.request("POST", "/api/logout").bearer(&old).json("{}").send().await.is(StatusCode::OK);
        log_in("authorization", &bearer).await.is(StatusCode::OK);
        world.advance(std::time::Duration::from_secs(2 * 86_400));
        log_in("authorization", &bearer).await.is(StatusCode::OK);
        log_in("cookie", &format!("weiqiao_session={old}")).await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn a_finished_state_answers_no_other_code() {
    let world = World::strict().await;
    let person = world.browser();
    let state = person.begin_login().await;
    let request = |code: &str| json!({ "code": code, "state": state }).to_string();
    person.post(PATH, request(&world.code("xiaoming"))).await.is(StatusCode::OK);
    for code in ["junk", world.code("xiaoming").as_str(), world.code("xiaohong").as_str()] {
        let answer = person.post(PATH, request(code)).await;
        answer.is(StatusCode::BAD_REQUEST).code("STATE_INVALID");
        assert!(answer.cookie_line("weiqiao_session").is_none());
    }
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);
}

#[tokio::test]
async fn nothing_is_given_again_after_a_log_out() {
    for (world, word) in [(World::strict().await, "STATE_INVALID"), (World::open().await, "CODE_ALREADY_USED")] {
        let person = world.browser();
        let mut request = json!({ "code": world.code("xiaoming") });
        let state = person.begin_login().await;
        if word == "STATE_INVALID" {
            request["state"] = state.into();
        }
        let request = request.to_string();
        person.post(PATH, &request).await.is(StatusCode::OK);
        let binding = person.cookie(world.state.binding_cookie());
        person.post("/api/logout", "{}").await.is(StatusCode::OK);
        let replay = world.request("POST", PATH).header("cookie", &binding).json(&request).send().await;
        assert!(replay.is(StatusCode::BAD_REQUEST).code(word).cookie_line("weiqiao_session").is_none());
        person.post(PATH, &request).await.is(StatusCode::BAD_REQUEST);
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);
    }
}

#[tokio::test]
async fn a_code_posted_again_does_not_undo_a_later_login() {
    let world = World::open().await;
    let person = world.browser();
    person.begin_login().await;
    let earlier = body(&world.code("xiaoming"));
    person.post(PATH, &earlier).await.is(StatusCode::OK);
    person.post(PATH, body(&world.code("xiaohong"))).await.is(StatusCode::OK);
    person.post(PATH, &earlier).await.is(StatusCode::BAD_REQUEST).code("CODE_ALREADY_USED");
    let me = person.get("/api/me").await;
    assert_eq!(me.is(StatusCode::OK).data()["user_info"]["openid"], world.openid("xiaohong"));
}

#[tokio::test]
async fn a_used_code_is_refused_to_everybody_else() {
    let world = World::open().await;
    let code = world.code("xiaoming");
    world.browser().post(PATH, body(&code)).await.is(StatusCode::OK);
    let other = world.browser().post(PATH, body(&code)).await;
    other.is(StatusCode::BAD_REQUEST).code("CODE_ALREADY_USED");
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);
}

#[tokio::test]
async fn the_session_recognises_a_browser_that_had_no_state() {
    let world = World::open().await;
    let person = world.browser();
    let request = body(&world.code("xiaoming"));
    let first = person.post(PATH, &request).await;
    let again = person.post(PATH, &request).await;
    assert_eq!(again.is(StatusCode::OK).data(), first.is(StatusCode::OK).data());
}
