//! Web login as a browser lives it, on embedded engines and on shared ones behind two instances.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use weiqiao_journeys::{Answer, Browser, Engines, Served, World};

const EXCHANGE: &str = "/sns/oauth2/access_token";
const PAGE: &str = "/wechat/frontend-driven";

/// One instance on embedded engines, two behind one name on shared ones.
async fn service(engines: Engines) -> Option<(World, Vec<Served>)> {
    let world = World::start(engines).await?;
    let first = world.serve(None).await;
    let instances = match engines {
        Engines::Embedded => vec![first],
        Engines::Shared => {
            let second = world.serve(Some(&first)).await;
            vec![first, second]
        }
    };
    Some((world, instances))
}

/// Asks for the authorize link and lets this person allow it; gives what WeChat sends back: code and state.
async fn allow(browser: &mut Browser, at: &Served, persona: &str) -> (String, String) {
    let query = format!("redirect_uri={}{PAGE}&scope=snsapi_userinfo", at.public);
    let start = browser.fetch(format!("{}/api/wechat/authorize-url?{query}", at.url)).await;
    assert_eq!(start.status, 200, "{}", start.text);
    let link = start.json()["data"]["url"].as_str().unwrap().to_owned();
    let back = consent(browser, &link, &format!("_persona={persona}&_auto=allow")).await;
    (back.location_query("code").unwrap(), back.location_query("state").unwrap())
}

/// Opens WeChat's page with the emulator's switches for browsers without a person.
async fn consent(browser: &mut Browser, link: &str, switches: &str) -> Answer {
    let (address, fragment) = link.split_once('#').unwrap();
    assert_eq!(fragment, "wechat_redirect");
    let answer = browser.get(format!("{address}&{switches}")).await;
    assert!(answer.location.is_some(), "no redirect: {} {}", answer.status, answer.text);
    answer
}

async fn post_code(browser: &mut Browser, at: &Served, code: &str, state: &str) -> Answer {
    browser.post(format!("{}/api/wechat/auth", at.url), &json!({ "code": code, "state": state })).await
}

async fn front_end_login_lasts_a_day(engines: Engines) {
    let Some((world, instances)) = service(engines).await else { return };
    let (first, last) = (&instances[0], &instances[instances.len() - 1]);
    let mut browser = Browser::new();
    let (code, state) = allow(&mut browser, first, "xiaohong").await;

    // It begins at one instance and ends at another.
    let login = post_code(&mut browser, last, &code, &state).await;
    assert_eq!(login.status, 200, "{}", login.text);
    let body = login.json();
    assert_eq!(body["message"], "success");
    assert_eq!(body["data"]["message"], "微信登录成功");
    let user = &body["data"]["user_info"];
    assert_eq!(user["nickname"], "小红");
    assert_eq!(user["openid"], world.emulator.openid("xiaohong", "official").as_str());
    assert!(user["sex"].is_i64() && user["privilege"].is_array(), "{user}");
    assert_eq!(user["expires_at"].as_i64().unwrap() - user["login_time"].as_i64().unwrap(), 86_400);

    for at in &instances {
        let me = browser.fetch(format!("{}/api/me", at.url)).await;
        assert_eq!(me.status, 200, "the session cookie counts everywhere: {}", me.text);
    }
    let status = |body: Value| (body["data"]["exists"].clone(), body["data"]["need_auth"].clone());
    let openid = user["openid"].as_str().unwrap();
    let address = format!("{}/api/user/{openid}", first.url);
    assert_eq!(status(browser.fetch(&address).await.json()), (json!(true), json!(false)));
    world.advance(Duration::from_secs(24 * 60 * 60 - 1));
    assert_eq!(status(browser.fetch(&address).await.json()), (json!(true), json!(false)));
    world.advance(Duration::from_secs(2));
    assert_eq!(status(browser.fetch(&address).await.json()), (json!(true), json!(true)));
}

async fn fifty_posts_of_one_code_are_one_exchange(engines: Engines) {
    let Some((world, instances)) = service(engines).await else { return };
    let mut browser = Browser::new();
    let (code, state) = allow(&mut browser, &instances[0], "xiaoming").await;
    let posts = (0..50).map(|n| {
        let (mut tab, at) = (browser.tab(), &instances[n % instances.len()]);
        let (code, state) = (&code, &state);
        async move { post_code(&mut tab, at, code, state).await }
    });
    let answers = join_all(posts).await;
    for answer in &answers {
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json()["data"], answers[0].json()["data"], "the same answer for all");
    }
    assert_eq!(world.emulator.calls(EXCHANGE), 1);

    let stranger = post_code(&mut Browser::new(), &instances[0], &code, &state).await;
    assert_eq!(stranger.status, 400, "{}", stranger.text);
    world.advance(Duration::from_secs(61));
    let late = post_code(&mut browser.tab(), &instances[0], &code, &state).await;
    assert_eq!(late.status, 400, "after a minute the code is used up: {}", late.text);
    assert_eq!(world.emulator.calls(EXCHANGE), 1, "nobody made us ask again");
}

async fn wechat_may_call_back_twice(engines: Engines) {
    let Some((world, instances)) = service(engines).await else { return };
    let (first, last) = (&instances[0], &instances[instances.len() - 1]);
    for pair in 1..=20 {
        let mut browser = Browser::new();
        let page = format!("{}{PAGE}?boutique_id=7", first.public);
        let start = browser.get(format!("{}/wechat/auth?redirect_url={page}", first.url)).await;
        assert_eq!(start.status, 302, "{}", start.text);
        let back = consent(&mut browser, start.location.unwrap().as_str(), "_persona=emoji&_auto=allow").await;
        let query = back.location.unwrap().query().unwrap().to_owned();
        let (mut one, mut two) = (browser.tab(), browser.tab());
        let (at_one, at_two) =
            (format!("{}/wechat/callback?{query}", first.url), format!("{}/wechat/callback?{query}", last.url));
        let (a, b) = tokio::join!(one.get(at_one), two.get(at_two));
        for answer in [&a, &b] {
            assert!((302..=303).contains(&answer.status), "{answer:?}");
            let to = answer.location.as_ref().unwrap();
            assert_eq!(answer.location_query("wechat_auth").as_deref(), Some("success"), "{to}");
            assert_eq!(answer.location_query("boutique_id").as_deref(), Some("7"), "{to}");
            assert!(answer.location_query("code").is_none() && answer.location_query("state").is_none(), "{to}");
        }
        assert_eq!(world.emulator.calls(EXCHANGE), pair, "one exchange for each pair");
        assert_eq!(one.fetch(format!("{}/api/me", last.url)).await.status, 200);
    }
}

async fn a_finished_callback_is_worthless_in_another_browser(engines: Engines) {
    let Some((world, instances)) = service(engines).await else { return };
    let mut attacker = Browser::new();
    let start = attacker.get(format!("{}/wechat/auth", instances[0].url)).await;
    let back = consent(&mut attacker, start.location.unwrap().as_str(), "_persona=xiaoming&_auto=allow").await;
    let query = back.location.unwrap().query().unwrap().to_owned();
    let mut victim = Browser::new();
    let landed = victim.get(format!("{}/wechat/callback?{query}", instances[0].url)).await;
    assert_eq!(landed.status, 400, "{}", landed.text);
    assert_eq!(victim.fetch(format!("{}/api/me", instances[0].url)).await.status, 401);
    assert_eq!(world.emulator.calls(EXCHANGE), 0);
}

async fn a_person_who_declines_comes_back_denied(engines: Engines) {
    let Some((world, instances)) = service(engines).await else { return };
    let mut browser = Browser::new();
    let start = browser.get(format!("{}/wechat/auth", instances[0].url)).await;
    let back = consent(&mut browser, start.location.unwrap().as_str(), "_persona=xiaoming&_auto=deny").await;
    assert!(back.location_query("code").is_none());
    let query = back.location.unwrap().query().unwrap().to_owned();
    let landed = browser.get(format!("{}/wechat/callback?{query}", instances[0].url)).await;
    assert_eq!(landed.location_query("wechat_auth").as_deref(), Some("denied"), "{landed:?}");
    assert_eq!(world.emulator.calls(EXCHANGE), 0);
}

/// The same story on both pairs of engines.
macro_rules! on_both {
    ($($story:ident),* $(,)?) => {$(
        mod $story {
            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite_and_memory() {
                super::$story(super::Engines::Embedded).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres_and_redis() {
                super::$story(super::Engines::Shared).await;
            }
        }
    )*};
}

on_both![
    front_end_login_lasts_a_day,
    fifty_posts_of_one_code_are_one_exchange,
    wechat_may_call_back_twice,
    a_finished_callback_is_worthless_in_another_browser,
    a_person_who_declines_comes_back_denied,
];
