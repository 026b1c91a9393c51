//! Tokens and tickets that WeChat refuses, takes away, or gives strangely.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use weixin_emulator::Fault;

use super::{MENU, Office, SEND, STABLE, menu, send, token_health};
use crate::testing::{Answer, Instance, World};

const TICKET: &str = "/cgi-bin/ticket/getticket";
const SIGN: &str = "/wechat/jsconfig?url=http%3A%2F%2Flocalhost%3A3001%2F";

/// A call every five seconds on every instance, for ten minutes; how often a token was fetched.
async fn ten_minutes(world: &World, others: &[Instance], path: &str) -> usize {
    let before = world.wechat_calls(STABLE);
    for _ in 0..120 {
        let routers = others.iter().map(|other| other.router.clone()).chain([world.router.clone()]);
        for router in routers {
            let answer = World::call(router, "GET", path).api_key(World::API_KEY).send().await;
            assert!(!answer.status().is_success(), "{answer:?}");
        }
        world.advance(Duration::from_secs(5));
    }
    world.wechat_calls(STABLE) - before
}

#[tokio::test]
async fn fm_01_a_token_somebody_else_replaced_is_replaced_once_and_the_call_goes_through() {
    let world = World::open().await;
    menu(&world).await.is(StatusCode::OK);
    world.emulator.steal_token("official");
    menu(&world).await.is(StatusCode::OK);
    assert_eq!((world.wechat_calls(STABLE), world.wechat_calls(MENU)), (2, 3), "one refresh, one repetition");
    for (n, errcode) in (3..).zip([40001, 40014, 42001]) {
        world.wechat_refuses(MENU, errcode, 1).await;
        menu(&world).await.is(StatusCode::OK);
        assert_eq!(world.wechat_calls(STABLE), n, "{errcode}");
    }
    // Only the generation that was used: another caller has replaced it already.
    let health = token_health(&world).await;
    assert_eq!((&health["tokens"][0]["generation"], &health["tokens"][0]["replaced_outside"]), (&json!(5), &json!(1)));
}

#[tokio::test]
async fn fm_02_tokens_that_are_always_refused_are_fetched_three_times_in_ten_minutes_by_all_instances_together() {
    let world = World::open().await;
    let others = [world.instance().await, world.instance().await];
    for path in ["/cgi-bin/menu/*", "/cgi-bin/get_current_selfmenu_info"] {
        world.emulator.fault(Fault::on(path).errcode(40001).probability(1.0));
    }
    for round in 0..3 {
        let fetches = ten_minutes(&world, &others, "/api/admin/accounts/official/menu").await;
        assert!((1..=3).contains(&fetches), "round {round}: {fetches} fetches");
    }
    let token = token_health(&world).await["tokens"][0].clone();
    assert!(token["rejections"].as_i64().unwrap() >= 2, "{token}");
    assert_eq!((&token["state"], &token["last_error"]["errcode"]), (&json!("resting"), &json!(40001)), "{token}");
    world.emulator.clear_faults();
    world.advance(Duration::from_secs(601));
    menu(&world).await.is(StatusCode::OK);
}

#[tokio::test]
async fn fm_03_what_only_a_person_can_put_right_is_not_tried_again() {
    let office = Office::new().await;
    let world = &office.world;
    world.wechat_refuses(SEND, 41001, 1).await;
    office.act().await;
    office.work().await;
    assert_eq!((office.statuses().await, office.sends()), (vec!["retrying".to_owned()], 1));
    let holds = world.request("GET", "/api/admin/jobs/holds").api_key(World::API_KEY).send().await;
    assert_eq!(holds.data()[0]["reason"], "account", "{holds:?}");
    office.work_after(61).await;
    assert_eq!(office.statuses().await, ["sent"]);

    world.wechat_refuses(STABLE, 40013, 1).await;
    let before = world.wechat_calls(STABLE);
    for _ in 0..5 {
        let refused = menu(world).await;
        assert_eq!(refused.is(StatusCode::INTERNAL_SERVER_ERROR).error()["errcode"], 40013);
        assert!(refused.error()["hint"].as_str().unwrap().contains("AppID"), "{refused:?}");
    }
    assert_eq!(world.wechat_calls(STABLE) - before, 1);
}

#[tokio::test]
async fn fm_25_tokens_of_any_length_are_kept_and_used() {
    for length in [512, 1_024] {
        let world = World::open().await;
        world.emulator.engine().change_settings(&json!({ "access_token_length": length })).unwrap();
        menu(&world).await.is(StatusCode::OK);
        let token = world.request("GET", "/api/admin/accounts/official/token").api_key(World::API_KEY).send().await;
        assert_eq!(token.data()["access_token"].as_str().unwrap().len(), length);
        let again = world.instance().await;
        let path = "/api/admin/accounts/official/menu";
        World::call(again.router, "GET", path).api_key(World::API_KEY).send().await.is(StatusCode::OK);
        assert_eq!(world.wechat_calls(STABLE), 1, "found whole in the database");
    }
}

#[tokio::test]
async fn fm_26_a_life_is_between_half_a_minute_and_two_hours_whatever_is_said() {
    for (said, life) in [
        (json!(7200), 7200),
        (json!("7200"), 7200),
        (json!(0), 30),
        (json!(-1), 30),
        (json!(10), 30),
        (json!(1_000_000_000), 7200),
        (json!("10"), 30),
        (Value::Null, 6900),
    ] {
        let world = World::open().await;
        world.emulator.fault(Fault::on(STABLE).patch(json!({ "expires_in": said })));
        menu(&world).await.is(StatusCode::OK);
        let token = token_health(&world).await["tokens"][0].clone();
        assert_eq!(token["expires_at"].as_i64().unwrap() - world.now_s(), life, "{said}: {token}");
    }
}

#[tokio::test]
async fn fm_27_a_ticket_refused_for_its_token_has_the_token_replaced_once() {
    let world = World::open().await;
    world.wechat_refuses(TICKET, 40001, 1).await;
    world.get(SIGN).await.is(StatusCode::OK);
    assert_eq!((world.wechat_calls(STABLE), world.wechat_calls(TICKET)), (2, 2));

    let world = World::open().await;
    let others = [world.instance().await, world.instance().await];
    world.emulator.fault(Fault::on(TICKET).errcode(40001).probability(1.0));
    let fetches = ten_minutes(&world, &others, SIGN).await;
    assert!((1..=3).contains(&fetches), "{fetches} fetches");
}

#[tokio::test]
async fn tokens_refused_as_soon_as_they_are_given_are_no_matter_of_the_secret() {
    for errcode in [40001, 42001] {
        let world = World::open().await;
        let other = world.instance().await;
        world.get(SIGN).await.is(StatusCode::OK);
        world.advance(Duration::from_secs(3 * 3600));
        world.wechat_refuses(TICKET, errcode, 2).await;
        let before = (world.wechat_calls(STABLE), world.wechat_calls(TICKET));
        let told = |answer: &Answer, rest: &str| {
            let error = answer.is(StatusCode::INTERNAL_SERVER_ERROR).error();
            assert_eq!((&error["errcode"], &error["retryable"]), (&json!(errcode), &json!(true)), "{answer:?}");
            let hint = error["hint"].as_str().unwrap();
            assert!(hint.contains("别的程序") && hint.contains("AppSecret 没有问题") && hint.contains(rest), "{hint}");
        };
        told(&world.get(SIGN).await, "60 秒内");
        world.advance(Duration::from_secs(20));
        told(&world.get(SIGN).await, "40 秒内");
        told(&World::call(other.router.clone(), "GET", SIGN).send().await, "40 秒内");
        let after = (world.wechat_calls(STABLE), world.wechat_calls(TICKET));
        assert_eq!((after.0 - before.0, after.1 - before.1), (2, 2), "the rest is answered from memory");
        let health = token_health(&world).await;
        for token in health["tokens"].as_array().unwrap() {
            assert!(token["last_error"]["hint"].as_str().unwrap().contains("别的程序"), "{token}");
        }
        world.advance(Duration::from_secs(41));
        world.get(SIGN).await.is(StatusCode::OK);
    }
    // The same code where a token is fetched is about the secret.
    let world = World::open().await;
    world.wechat_refuses(STABLE, 40001, 1).await;
    let refused = world.get(SIGN).await;
    let error = refused.is(StatusCode::INTERNAL_SERVER_ERROR).error();
    assert!(error["hint"].as_str().unwrap().contains("不匹配") && error["retryable"] == false, "{refused:?}");
}

#[tokio::test]
async fn fm_35_a_secret_that_was_reset_does_not_storm_and_says_what_to_do() {
    let world = World::open().await;
    let others = [world.instance().await, world.instance().await];
    menu(&world).await.is(StatusCode::OK);
    world.emulator.steal_token("official");
    world.emulator.fault(Fault::on(STABLE).errcode(40125).probability(1.0));
    let fetches = ten_minutes(&world, &others, "/api/admin/accounts/official/menu").await;
    assert!((1..=3).contains(&fetches), "{fetches} fetches");
    let refused = menu(&world).await;
    assert_eq!(refused.is(StatusCode::INTERNAL_SERVER_ERROR).error()["errcode"], 40125);
    let token = token_health(&world).await["tokens"][0].clone();
    assert!(token["last_error"]["hint"].as_str().unwrap().contains("AppSecret"), "{token}");
}

/// Wrong or frozen secret, address not listed.
#[tokio::test]
async fn fi_19_a_refused_account_is_asked_for_rarely_and_its_queue_waits_whole() {
    for errcode in [40001, 40125, 40164, 40243] {
        let office = Office::new().await;
        let world = &office.world;
        world.emulator.fault(Fault::on(STABLE).errcode(errcode).probability(1.0));
        for _ in 0..5 {
            office.act().await;
        }
        let mut at = Vec::new();
        for second in 0..1_800 {
            if second % 10 == 0 {
                office.work().await;
            }
            (at.len()..world.wechat_calls(STABLE)).for_each(|_| at.push(second));
            world.advance(Duration::from_secs(1));
        }
        println!("{errcode}: fetches after {at:?} s");
        let pairs = at.iter().skip(2).zip(at.iter().skip(3));
        assert!(pairs.clone().all(|(one, next)| next - one >= 60), "{errcode}: {at:?}");
        assert!((2..=6).contains(&at.len()), "{errcode}: {at:?}");
        let statuses = office.statuses().await;
        assert!(statuses.iter().all(|status| matches!(status.as_str(), "queued" | "retrying")), "{statuses:?}");
        world.emulator.clear_faults();
        for _ in 0..11 {
            office.work_after(61).await;
        }
        assert_eq!(office.statuses().await, ["sent"; 5], "{errcode}");
    }
}

#[tokio::test]
async fn t_99_strangers_cause_no_fetch_of_a_token() {
    let world = World::strict().await;
    menu(&world).await.is(StatusCode::OK);
    world.emulator.steal_token("official");
    let before = world.wechat_calls(STABLE);
    let body = json!({ "code": "junk", "touser": "oNobody", "template_id": "t", "data": {"thing1": "x"} }).to_string();
    for number in 0..100 {
        let code = format!("junk{number}");
        for (method, path) in [
            ("GET", "/api/admin/accounts/official/menu".to_owned()),
            ("GET", "/api/admin/accounts/official/token".to_owned()),
            ("GET", "/api/admin/accounts/official/ticket".to_owned()),
            ("GET", "/api/admin/health/tokens".to_owned()),
            ("GET", "/wechat/jsconfig?url=https%3A%2F%2Fevil.example%2F".to_owned()),
            ("GET", format!("/wechat/callback?code={code}&state=forged")),
            ("POST", "/api/message/send".to_owned()),
            ("POST", "/api/wechat/phone".to_owned()),
            ("POST", "/api/wechat/openid".to_owned()),
            ("POST", format!("/wx?signature=0&timestamp={}&nonce=1", world.now_s())),
        ] {
            world.request(method, &path).json(&body).send().await;
        }
    }
    assert_eq!(world.wechat_calls(STABLE), before, "a thousand calls");
    assert!(send(&world).await.status() != StatusCode::UNAUTHORIZED);
}
