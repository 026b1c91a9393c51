//! `/cgi-bin/token` and `/cgi-bin/stable_token`.

use std::time::Duration;

use serde_json::json;
use weixin_emulator::AccountSeed;

use crate::rig::{OFFICIAL, OFFICIAL_SECRET, Rig};

const TOKEN: &str = "/cgi-bin/token";

#[tokio::test]
async fn the_former_classic_token_lives_five_minutes_and_then_answers_40001() {
    let rig = Rig::new().await;
    let first = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let second = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    rig.emulator.engine().freeze(true);
    rig.emulator.advance(Duration::from_secs(290));
    assert_eq!(rig.call_with(&first).await.errcode(), 0);
    rig.emulator.advance(Duration::from_secs(11));
    let stale = rig.call_with(&first).await;
    assert_eq!(stale.errcode(), 40001);
    assert!(stale.errmsg().starts_with("invalid credential, access_token is invalid or not latest, could get"));
    assert!(stale.errmsg().contains(" https://mmbizurl.cn/s/JtxxFh33r rid: "), "{}", stale.errmsg());
    assert_eq!(stale.status, 200);
    assert_eq!(rig.call_with(&second).await.errcode(), 0);
    rig.emulator.advance(Duration::from_secs(7200));
    assert_eq!(rig.call_with(&second).await.errcode(), 42001);
    assert_eq!(rig.call_with("made-up").await.errcode(), 40001);
    assert_eq!(rig.get("/cgi-bin/get_api_domain_ip", &[]).await.errcode(), 41001);
}

#[tokio::test]
async fn credentials_are_checked_in_the_live_order() {
    let rig = Rig::new().await;
    let good = [("grant_type", "client_credential"), ("appid", OFFICIAL), ("secret", OFFICIAL_SECRET)];
    for (change, errcode, text) in [
        (("appid", ""), 41002, "appid missing, rid: "),
        (("appid", "wx0000000000000000"), 40013, "invalid appid, rid: "),
        (("grant_type", "client_credentials"), 40002, "invalid grant_type, rid: "),
        (("secret", ""), 41004, "appsecret missing, rid: "),
        (("secret", "x"), 40125, "invalid appsecret, rid: "),
    ] {
        let query: Vec<_> = good.iter().map(|pair| if pair.0 == change.0 { change } else { *pair }).collect();
        let answer = rig.get(TOKEN, &query).await;
        assert_eq!(answer.errcode(), errcode, "{change:?}");
        assert!(answer.errmsg().starts_with(text), "{}", answer.errmsg());
    }
    let no_grant = rig.get(TOKEN, &[("appid", "wx0000000000000000")]).await;
    assert_eq!(no_grant.errcode(), 40013, "the appid is looked at before the grant type");
    assert_eq!(rig.post(TOKEN, &good, &json!({})).await.errcode(), 43001);
}

#[tokio::test]
async fn addresses_outside_the_list_and_frozen_secrets_are_refused() {
    let rig = Rig::new().await;
    let seed = AccountSeed {
        name: "listed".into(),
        app_id: "wx5555555555555555".into(),
        app_secret: "s".into(),
        ip_whitelist: vec!["10.0.0.0/8".into()],
        ..AccountSeed::default()
    };
    rig.emulator.add_account(seed.clone());
    let query = [("grant_type", "client_credential"), ("appid", "wx5555555555555555"), ("secret", "s")];
    let refused = rig.get(TOKEN, &query).await;
    assert_eq!(refused.errcode(), 40164);
    let text = "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: ";
    assert!(refused.errmsg().starts_with(text), "{}", refused.errmsg());
    rig.emulator.add_account(AccountSeed { ip_whitelist: vec!["127.0.0.1".into()], ..seed.clone() });
    assert_eq!(rig.get(TOKEN, &query).await.errcode(), 0);
    rig.emulator.add_account(AccountSeed { secret_frozen: true, ip_whitelist: vec![], ..seed.clone() });
    assert_eq!(rig.get(TOKEN, &query).await.errcode(), 40243);
    rig.emulator.add_account(AccountSeed { banned: true, ip_whitelist: vec![], ..seed });
    assert_eq!(rig.get(TOKEN, &query).await.errcode(), 50004);
}

#[tokio::test]
async fn the_stable_token_is_shared_renewed_early_and_forced_with_limits() {
    let rig = Rig::new().await;
    rig.emulator.engine().freeze(true);
    let ask = |force: bool| {
        json!({
            "grant_type": "client_credential", "appid": OFFICIAL, "secret": OFFICIAL_SECRET, "force_refresh": force,
        })
    };
    let first = rig.post("/cgi-bin/stable_token", &[], &ask(false)).await;
    rig.emulator.advance(Duration::from_secs(100));
    let again = rig.post("/cgi-bin/stable_token", &[], &ask(false)).await;
    assert_eq!(again.text_of("access_token"), first.text_of("access_token"));
    assert_eq!(again.json["expires_in"], 7100);
    let classic = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let forced = rig.post("/cgi-bin/stable_token", &[], &ask(true)).await;
    assert_eq!(rig.call_with(&first.text_of("access_token")).await.errcode(), 40001, "dead at once");
    assert_eq!(rig.call_with(&classic).await.errcode(), 0, "the classic line is another");
    let soon = rig.post("/cgi-bin/stable_token", &[], &ask(true)).await;
    assert_eq!(soon.text_of("access_token"), forced.text_of("access_token"));
    for _ in 1..20 {
        rig.emulator.advance(Duration::from_secs(30));
        assert_eq!(rig.post("/cgi-bin/stable_token", &[], &ask(true)).await.errcode(), 0);
    }
    rig.emulator.advance(Duration::from_secs(30));
    let over = rig.post("/cgi-bin/stable_token", &[], &ask(true)).await;
    assert_eq!(over.errcode(), 45009);
    assert!(over.errmsg().starts_with("reach max api daily quota limit rid: "), "{}", over.errmsg());
    assert_eq!(rig.get("/cgi-bin/stable_token", &[]).await.errcode(), 43002);
    assert_eq!(rig.post("/cgi-bin/stable_token", &[("appid", OFFICIAL)], &json!({})).await.errcode(), 41002);
}

#[tokio::test]
async fn a_stolen_token_kills_ours() {
    let rig = Rig::new().await;
    let ours = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let stolen = rig.emulator.steal_token("official");
    assert_eq!(rig.call_with(&ours).await.errcode(), 40001);
    assert_eq!(rig.call_with(&stolen[0].access_token).await.errcode(), 0);
    let seen = rig.emulator.ledger("/cgi-bin/get_api_domain_ip");
    assert_eq!(seen[0].token.as_ref().unwrap().generation, 1);
    assert_eq!(seen[1].token.as_ref().unwrap().generation, 2);
}
