//! `/sns/…`: web login and mini-program login.

use std::time::Duration;

use weixin_emulator::{CodeKind, PersonaSeed, Scope};

use crate::rig::{Answer, MINI, MINI_SECRET, OFFICIAL, OFFICIAL_SECRET, Rig};

async fn exchange(rig: &Rig, app_id: &str, secret: &str, code: &str) -> Answer {
    let query = [("appid", app_id), ("secret", secret), ("code", code), ("grant_type", "authorization_code")];
    rig.get("/sns/oauth2/access_token", &query).await
}

async fn session(rig: &Rig, code: &str) -> Answer {
    let query = [("appid", MINI), ("secret", MINI_SECRET), ("js_code", code), ("grant_type", "authorization_code")];
    rig.get("/sns/jscode2session", &query).await
}

#[tokio::test]
async fn a_code_gives_a_token_once_and_the_token_gives_the_profile() {
    let rig = Rig::new().await;
    let code = rig.emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::UserInfo));
    let token = exchange(&rig, OFFICIAL, OFFICIAL_SECRET, &code).await;
    assert_eq!(token.content_type, "text/plain");
    assert_eq!(token.text_of("openid"), rig.emulator.openid("xiaoming", "official"));
    assert_eq!(token.text_of("scope"), "snsapi_userinfo");
    assert_eq!(token.json["expires_in"], 7200);
    assert!(token.json.get("errcode").is_none() && token.json.get("is_snapshotuser").is_none());
    assert_eq!(exchange(&rig, OFFICIAL, OFFICIAL_SECRET, &code).await.errcode(), 40163);

    let (access, openid) = (token.text_of("access_token"), token.text_of("openid"));
    let user = rig.get("/sns/userinfo", &[("access_token", &access), ("openid", &openid)]).await;
    assert_eq!(user.text_of("nickname"), "小明");
    assert_eq!((user.json["sex"].as_i64(), user.text_of("city").as_str()), (Some(0), ""));
    assert!(user.text_of("headimgurl").starts_with(rig.emulator.url()));
    assert_eq!(user.text_of("unionid"), token.text_of("unionid"));
    let check = rig.get("/sns/auth", &[("access_token", &access), ("openid", &openid)]).await;
    assert_eq!(check.text, r#"{"errcode":0,"errmsg":"ok"}"#);
    let foreign = rig.get("/sns/userinfo", &[("access_token", &access), ("openid", "o")]).await;
    assert_eq!(foreign.errcode(), 40003);
    rig.emulator.advance(Duration::from_secs(7201));
    let late = rig.get("/sns/userinfo", &[("access_token", &access), ("openid", &openid)]).await;
    assert_eq!(late.errcode(), 42001);
    assert!(late.errmsg().starts_with("access_token expired, rid: "), "{}", late.errmsg());
}

#[tokio::test]
async fn codes_of_the_wrong_kind_account_or_age_are_40029() {
    let rig = Rig::new().await;
    let oauth = rig.emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::Base));
    let mini = rig.emulator.persona_code("xiaoming", "mini", CodeKind::Mini);
    assert_eq!(exchange(&rig, OFFICIAL, OFFICIAL_SECRET, &mini).await.errcode(), 40029);
    assert_eq!(session(&rig, &oauth).await.errcode(), 40029);
    assert_eq!(exchange(&rig, OFFICIAL, OFFICIAL_SECRET, "nothing").await.errcode(), 40029);
    assert_eq!(exchange(&rig, OFFICIAL, OFFICIAL_SECRET, "").await.errcode(), 41008);
    rig.emulator.advance(Duration::from_secs(301));
    assert_eq!(exchange(&rig, OFFICIAL, OFFICIAL_SECRET, &oauth).await.errcode(), 40029);
    assert_eq!(session(&rig, &mini).await.errcode(), 40029);
}

#[tokio::test]
async fn base_scope_reads_no_profile() {
    let rig = Rig::new().await;
    let code = rig.emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::Base));
    let token = exchange(&rig, OFFICIAL, OFFICIAL_SECRET, &code).await;
    let (access, openid) = (token.text_of("access_token"), token.text_of("openid"));
    let refused = rig.get("/sns/userinfo", &[("access_token", &access), ("openid", &openid)]).await;
    assert_eq!(refused.errcode(), 48001);
    assert!(refused.errmsg().starts_with("api unauthorized, rid: "));
}

#[tokio::test]
async fn refreshing_renews_for_thirty_days() {
    let rig = Rig::new().await;
    let code = rig.emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::UserInfo));
    let token = exchange(&rig, OFFICIAL, OFFICIAL_SECRET, &code).await;
    let refresh_token = token.text_of("refresh_token");
    let query = [("appid", OFFICIAL), ("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
    let same = rig.get("/sns/oauth2/refresh_token", &query).await;
    assert_eq!(same.text_of("access_token"), token.text_of("access_token"));
    rig.emulator.advance(Duration::from_secs(10_000));
    let new = rig.get("/sns/oauth2/refresh_token", &query).await;
    assert_ne!(new.text_of("access_token"), token.text_of("access_token"));
    assert_eq!(new.text_of("refresh_token"), refresh_token);
    rig.emulator.advance(Duration::from_secs(30 * 86_400));
    assert_eq!(rig.get("/sns/oauth2/refresh_token", &query).await.errcode(), 42002);
    let unknown = [("appid", OFFICIAL), ("grant_type", "refresh_token"), ("refresh_token", "x")];
    assert_eq!(rig.get("/sns/oauth2/refresh_token", &unknown).await.errcode(), 40030);
}

#[tokio::test]
async fn a_snapshot_identity_is_fake_and_says_so() {
    let rig = Rig::new().await;
    let seed = PersonaSeed { id: Some("xiaoming".into()), snapshot: Some(true), ..PersonaSeed::default() };
    rig.emulator.engine().put_persona(seed).unwrap();
    let code = rig.emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::UserInfo));
    let token = exchange(&rig, OFFICIAL, OFFICIAL_SECRET, &code).await;
    assert_eq!(token.json["is_snapshotuser"], 1);
    assert_ne!(token.text_of("openid"), rig.emulator.openid("xiaoming", "official"));
    let query = [("access_token", token.text_of("access_token")), ("openid", token.text_of("openid"))];
    let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(rig.get("/sns/userinfo", &query).await.text_of("nickname"), "微信用户");
}

#[tokio::test]
async fn a_mini_program_login_gives_key_openid_and_the_common_unionid() {
    let rig = Rig::new().await;
    let code = rig.emulator.persona_code("xiaoming", "mini", CodeKind::Mini);
    let first = session(&rig, &code).await;
    assert_eq!(first.content_type, "text/plain");
    assert_eq!(first.text_of("openid"), rig.emulator.openid("xiaoming", "mini"));
    assert_eq!(first.text_of("session_key").len(), 24);
    assert!(first.json.get("errcode").is_none());
    assert_eq!(session(&rig, &code).await.errcode(), 40163);
    let web = rig.emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::Base));
    let web = exchange(&rig, OFFICIAL, OFFICIAL_SECRET, &web).await;
    assert_eq!(web.text_of("unionid"), first.text_of("unionid"));
    assert_ne!(web.text_of("openid"), first.text_of("openid"));
}

#[tokio::test]
async fn a_changed_password_ends_both_tokens() {
    let rig = Rig::new().await;
    let code = rig.emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::UserInfo));
    let token = exchange(&rig, OFFICIAL, OFFICIAL_SECRET, &code).await;
    rig.emulator.engine().change_password("xiaoming").unwrap();
    let (access, openid) = (token.text_of("access_token"), token.text_of("openid"));
    let user = rig.get("/sns/userinfo", &[("access_token", &access), ("openid", &openid)]).await;
    assert_eq!(user.errcode(), 42007);
}
