//! Mini programs: session keys and phone numbers.

use std::time::Duration;

use serde_json::{Value, json};
use weixin_emulator::{AccountKind, AccountSeed, CodeKind, PersonaSeed};
use weixin_proto::sign::session_signature;

use crate::rig::{Answer, MINI, MINI_SECRET, Rig};

async fn login(rig: &Rig, persona: &str) -> Answer {
    let code = rig.emulator.persona_code(persona, "mini", CodeKind::Mini);
    let query = [("appid", MINI), ("secret", MINI_SECRET), ("js_code", &code), ("grant_type", "authorization_code")];
    rig.get("/sns/jscode2session", &query).await
}

async fn signed(rig: &Rig, path: &str, openid: &str, signature: &str) -> Answer {
    let token = rig.token(MINI, MINI_SECRET).await;
    let query =
        [("access_token", token.as_str()), ("openid", openid), ("signature", signature), ("sig_method", "hmac_sha256")];
    rig.get(path, &query).await
}

async fn phone(rig: &Rig, body: Value) -> Answer {
    let token = rig.token(MINI, MINI_SECRET).await;
    rig.post("/wxa/business/getuserphonenumber", &[("access_token", &token)], &body).await
}

#[tokio::test]
async fn a_session_key_proves_itself_until_it_is_replaced() {
    let rig = Rig::new().await;
    let session = login(&rig, "xiaohong").await;
    let (openid, key) = (session.text_of("openid"), session.text_of("session_key"));
    let proof = session_signature(&key, b"");
    let check = async |signature: &str| signed(&rig, "/wxa/checksession", &openid, signature).await.errcode();
    assert_eq!(check(&proof).await, 0);
    assert_eq!(check("0").await, 87009);
    let reset = signed(&rig, "/wxa/resetusersessionkey", &openid, &proof).await;
    assert_eq!(reset.text_of("openid"), openid);
    assert_eq!(check(&proof).await, 87009, "the old key is dead");
    let proof = session_signature(&reset.text_of("session_key"), b"");
    assert_eq!(check(&proof).await, 0);
    rig.emulator.advance(Duration::from_secs(601));
    assert_eq!(check(&proof).await, 0, "time alone does not rotate");
    let next = login(&rig, "xiaohong").await.text_of("session_key");
    assert_eq!(check(&proof).await, 87009, "a later login does");
    assert_eq!(check(&session_signature(&next, b"")).await, 0);
}

#[tokio::test]
async fn session_checks_refuse_other_methods_and_strangers() {
    let rig = Rig::new().await;
    let token = rig.token(MINI, MINI_SECRET).await;
    let openid = rig.emulator.openid("xiaohong", "mini");
    let ask = async |path: &str, openid: &str, method: &str| {
        let query = [("access_token", token.as_str()), ("openid", openid), ("signature", "s"), ("sig_method", method)];
        rig.get(path, &query).await.errcode()
    };
    assert_eq!(ask("/wxa/checksession", &openid, "md5").await, 87008);
    assert_eq!(ask("/wxa/checksession", "o", "hmac_sha256").await, 40003);
    assert_eq!(ask("/wxa/checksession", &openid, "hmac_sha256").await, 87009, "never logged in");
    assert_eq!(ask("/wxa/resetusersessionkey", &openid, "hmac_sha256").await, 87007);
}

#[tokio::test]
async fn session_checks_take_their_parameters_from_the_body_too() {
    let rig = Rig::new().await;
    let session = login(&rig, "xiaohong").await;
    let token = rig.token(MINI, MINI_SECRET).await;
    let signature = session_signature(&session.text_of("session_key"), b"");
    let body = json!({ "openid": session.text_of("openid"), "signature": signature, "sig_method": "hmac_sha256" });
    let answer = rig.post("/wxa/checksession", &[("access_token", &token)], &body).await;
    assert_eq!(answer.errcode(), 0);
}

#[tokio::test]
async fn a_phone_code_gives_the_number_once() {
    let rig = Rig::new().await;
    let code = rig.emulator.persona_code("xiaohong", "mini", CodeKind::Phone);
    let answer = phone(&rig, json!({ "code": code })).await;
    let info = &answer.json["phone_info"];
    assert_eq!((info["phoneNumber"].as_str(), info["countryCode"].as_str()), (Some("13800000002"), Some("86")));
    assert_eq!(info["watermark"]["appid"], MINI);
    let again = phone(&rig, json!({ "code": code })).await;
    assert_eq!(again.errcode(), 40029);
    assert!(again.errmsg().starts_with("invalid code hint: [") && again.errmsg().contains("] rid: "));
    assert_eq!(phone(&rig, json!({})).await.errcode(), 40097);
    let login_code = rig.emulator.persona_code("xiaohong", "mini", CodeKind::Mini);
    assert_eq!(phone(&rig, json!({ "code": login_code })).await.errcode(), 40029);
    let late = rig.emulator.persona_code("xiaohong", "mini", CodeKind::Phone);
    rig.emulator.advance(Duration::from_secs(301));
    assert_eq!(phone(&rig, json!({ "code": late })).await.errcode(), 40029);
}

#[tokio::test]
async fn phone_codes_belong_to_one_person_and_one_mini_program() {
    let rig = Rig::new().await;
    let code = rig.emulator.persona_code("xiaohong", "mini", CodeKind::Phone);
    let stranger = rig.emulator.openid("xiaoming", "mini");
    assert_eq!(phone(&rig, json!({ "code": code, "openid": stranger })).await.errcode(), 40003);
    let owner = rig.emulator.openid("xiaohong", "mini");
    assert_eq!(phone(&rig, json!({ "code": code, "openid": owner })).await.errcode(), 0, "the refusal did not use it");
    let other = AccountSeed {
        name: "other".into(),
        kind: AccountKind::Mini,
        app_id: "wx7777777777777777".into(),
        app_secret: "s".into(),
        ..AccountSeed::default()
    };
    rig.emulator.add_account(other);
    let foreign = rig.emulator.persona_code("xiaohong", "other", CodeKind::Phone);
    assert_eq!(phone(&rig, json!({ "code": foreign })).await.errcode(), 40013);
    let abroad = PersonaSeed {
        id: Some("abroad".into()),
        phone: Some("5551234".into()),
        country_code: Some("1".into()),
        ..PersonaSeed::default()
    };
    rig.emulator.engine().put_persona(abroad).unwrap();
    let code = rig.emulator.persona_code("abroad", "mini", CodeKind::Phone);
    let info = phone(&rig, json!({ "code": code })).await.json["phone_info"].clone();
    assert_eq!((info["phoneNumber"].as_str(), info["purePhoneNumber"].as_str()), (Some("15551234"), Some("5551234")));
}

#[tokio::test]
async fn risky_people_and_hasty_ones_are_refused() {
    let rig = Rig::new().await;
    let seed = PersonaSeed { id: Some("xiaoming".into()), high_risk: Some(true), ..PersonaSeed::default() };
    rig.emulator.engine().put_persona(seed).unwrap();
    let refused = login(&rig, "xiaoming").await;
    assert_eq!(refused.errcode(), 40226);
    assert!(refused.errmsg().starts_with("code blocked, rid: "));
    rig.emulator.engine().change_settings(&json!({ "jscode2session_per_user_minute": 2 })).unwrap();
    rig.emulator.engine().freeze(true);
    assert_eq!(login(&rig, "xiaohong").await.errcode(), 0);
    assert_eq!(login(&rig, "xiaohong").await.errcode(), 0);
    assert_eq!(login(&rig, "xiaohong").await.errcode(), 45011);
    assert_eq!(login(&rig, "emoji").await.errcode(), 0, "counted per person");
}

#[tokio::test]
async fn parameters_of_the_login_are_checked_one_by_one() {
    let rig = Rig::new().await;
    let code = rig.emulator.persona_code("xiaohong", "mini", CodeKind::Mini);
    let good = [("appid", MINI), ("secret", MINI_SECRET), ("js_code", &code), ("grant_type", "authorization_code")];
    for (name, value, errcode) in [
        ("appid", "", 41002),
        ("appid", "wx0000000000000000", 40013),
        ("appid", "wx1111111111111111", 40125),
        ("secret", "", 41004),
        ("secret", "x", 40125),
        ("js_code", "", 41008),
        ("grant_type", "x", 40002),
    ] {
        let query: Vec<_> = good.iter().map(|pair| if pair.0 == name { (name, value) } else { *pair }).collect();
        assert_eq!(rig.get("/sns/jscode2session", &query).await.errcode(), errcode, "{name}={value}");
    }
    assert_eq!(rig.get("/sns/jscode2session", &good).await.errcode(), 0, "none of these used the code");
}
