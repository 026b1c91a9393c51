//! Content checks, risk, and the rest a mini program's server may ask about a person.

use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use weixin_emulator::{AccountKind, AccountSeed, CodeKind, MiniProgram, OpenDataKind, PersonaSeed};
use weixin_proto::sign::{raw_data_signature, session_signature};
use weixin_proto::{AppId, SessionKey, user_data};

use crate::media::JPEG;
use crate::rig::{Answer, MINI, MINI_SECRET, Rig};

async fn post(rig: &Rig, path: &str, body: Value) -> Answer {
    let token = rig.token(MINI, MINI_SECRET).await;
    rig.post(path, &[("access_token", &token)], &body).await
}

/// Logs somebody in; gives openid and session key.
async fn login(rig: &Rig, persona: &str) -> (String, String) {
    let code = rig.emulator.persona_code(persona, "mini", CodeKind::Mini);
    let query = [("appid", MINI), ("secret", MINI_SECRET), ("js_code", &code), ("grant_type", "authorization_code")];
    let session = rig.get("/sns/jscode2session", &query).await;
    (session.text_of("openid"), session.text_of("session_key"))
}

#[tokio::test]
async fn texts_are_judged_for_people_who_were_there_lately() {
    let rig = Rig::new().await;
    let stranger = rig.emulator.openid("xiaohong", "mini");
    let check = async |content: &str, openid: &str| {
        let body = json!({ "content": content, "version": 2, "scene": 2, "openid": openid, "nickname": "小红" });
        post(&rig, "/wxa/msg_sec_check", body).await
    };
    assert_eq!(check("你好", &stranger).await.errcode(), 61010);
    let (openid, _) = login(&rig, "xiaohong").await;
    for (content, suggest, label) in
        [("你好", "pass", 100), ("这是违规内容", "risky", 20006), ("疑似广告", "review", 21000)]
    {
        let checked = check(content, &openid).await;
        assert_eq!(checked.errcode(), 0, "a risky text is no error");
        assert_eq!(checked.json["result"], json!({ "suggest": suggest, "label": label }), "{content}");
        assert_eq!(checked.json["detail"][0]["suggest"], suggest);
    }
    assert_eq!(check(&"长".repeat(2501), &openid).await.errcode(), 47001);
    assert_eq!(check("你好", "o").await.errcode(), 40003);
    let scene = json!({ "content": "x", "version": 2, "scene": 5, "openid": openid });
    assert_eq!(post(&rig, "/wxa/msg_sec_check", scene).await.errcode(), 40129);
    assert_eq!(post(&rig, "/wxa/msg_sec_check", json!({ "content": "违规" })).await.errcode(), 87014, "version 1");
    assert_eq!(post(&rig, "/wxa/msg_sec_check", json!({ "content": "好" })).await.errcode(), 0, "version 1");
    rig.emulator.advance(Duration::from_secs(7200));
    assert_eq!(check("你好", &openid).await.errcode(), 61010);
    rig.emulator.engine().freeze(true);
    let quota = json!({ "account": "mini", "path": "/wxa/msg_sec_check", "per_minute": 0 });
    rig.post("/_emulator/quotas", &[], &quota).await;
    assert_eq!(check("你好", &openid).await.errcode(), 44991);
}

#[tokio::test]
async fn pictures_and_media_are_judged_by_their_names() {
    let rig = Rig::new().await;
    let (openid, _) = login(&rig, "xiaohong").await;
    let media = |url: &str, kind: i64| json!({ "media_url": url, "media_type": kind, "version": 2, "scene": 1, "openid": openid });
    let started = post(&rig, "/wxa/media_check_async", media("https://example.com/a.jpg", 2)).await;
    assert_eq!(started.text_of("trace_id").len(), 26);
    assert_eq!(post(&rig, "/wxa/media_check_async", media("https://example.com/a.jpg", 3)).await.errcode(), 40004);
    let token = rig.token(MINI, MINI_SECRET).await;
    let upload = async |name: &str, bytes: &'static [u8]| {
        let part = reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new().part("media", part);
        let request = rig.http.post(rig.url("/wxa/img_sec_check")).query(&[("access_token", &token)]).multipart(form);
        Rig::read(request.send().await.unwrap()).await.errcode()
    };
    assert_eq!((upload("a.jpg", JPEG).await, upload("risky.jpg", JPEG).await), (0, 87014));
    assert_eq!(upload("a.txt", b"text").await, 40005);
}

#[tokio::test]
async fn risk_is_that_of_the_person() {
    let rig = Rig::new().await;
    let (openid, _) = login(&rig, "xiaohong").await;
    let ask = async |change: Value| {
        let mut body = json!({ "appid": MINI, "openid": openid, "scene": 0, "client_ip": "127.0.0.1" });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        post(&rig, "/wxa/getuserriskrank", body).await
    };
    let rank = ask(json!({})).await;
    assert_eq!((rank.errmsg(), &rank.json["risk_rank"]), ("getuserriskrank succ", &json!(0)));
    assert!(rank.json["unoin_id"].is_u64());
    let seed = PersonaSeed { id: Some("xiaohong".into()), high_risk: Some(true), ..PersonaSeed::default() };
    rig.emulator.engine().put_persona(seed).unwrap();
    assert_eq!(ask(json!({})).await.json["risk_rank"], 4);
    assert_eq!(ask(json!({ "appid": "wx0000000000000000" })).await.errcode(), 43104);
    assert_eq!(ask(json!({ "scene": 3 })).await.errcode(), 40129);
    assert_eq!(ask(json!({ "client_ip": "" })).await.errcode(), 47001);
    rig.emulator.add_account(AccountSeed {
        name: "plain".into(),
        kind: AccountKind::Mini,
        app_id: "wx5555555555555555".into(),
        app_secret: "s".into(),
        mini_program: MiniProgram { risk_rank: false, ..MiniProgram::default() },
        ..AccountSeed::default()
    });
    let token = rig.token("wx5555555555555555", "s").await;
    let refused = rig.post("/wxa/getuserriskrank", &[("access_token", &token)], &json!({})).await;
    assert_eq!(refused.errcode(), 48001);
}

#[tokio::test]
async fn encrypted_data_opens_with_the_session_key_of_the_moment() {
    let rig = Rig::new().await;
    let path = "/_emulator/personas/xiaohong/open-data";
    let seal = async |body: Value| rig.post(path, &[], &body).await;
    let never = seal(json!({ "account": "mini", "kind": "user_profile" })).await;
    assert!(never.status == 400 && never.text.contains("no session key"), "{}", never.text);
    let (openid, key) = login(&rig, "xiaohong").await;
    let now_s = rig.emulator.engine().now_ms() / 1000;
    let open = |sealed: &Answer, app_id: &str| {
        let (data, iv) = (sealed.text_of("encryptedData"), sealed.text_of("iv"));
        user_data::decrypt(&SessionKey::new(key.as_str()), &data, &iv, &AppId::new(app_id), now_s, 60)
    };
    let profile = seal(json!({ "account": "mini", "kind": "user_profile" })).await;
    let plain = open(&profile, MINI).unwrap();
    assert_eq!((&plain["nickName"], plain.get("openId")), (&json!("小红"), None));
    let raw = profile.text_of("rawData");
    assert_eq!(profile.text_of("signature"), raw_data_signature(&raw, &key));
    assert_eq!(serde_json::from_str::<Value>(&raw).unwrap()["nickName"], "小红");
    let info = open(&seal(json!({ "account": "mini", "kind": "user_info" })).await, MINI).unwrap();
    assert_eq!((&info["openId"], info["unionId"].is_string()), (&json!(openid), true));
    let phone = seal(json!({ "account": "mini", "kind": "phone" })).await;
    assert_eq!(open(&phone, MINI).unwrap()["purePhoneNumber"], "13800000002");
    assert!(phone.json.get("rawData").is_none());
    let run = open(&seal(json!({ "account": "mini", "kind": "we_run" })).await, MINI).unwrap();
    assert_eq!(run["stepInfoList"].as_array().unwrap().len(), 31);
    let foreign = json!({ "account": "mini", "kind": "phone", "app_id": "wx0000000000000000" });
    assert!(open(&seal(foreign).await, MINI).is_err(), "made for another account");
    let old = seal(json!({ "account": "mini", "kind": "phone", "timestamp": now_s - 3600 })).await;
    assert!(open(&old, MINI).is_err(), "made long ago");
    assert_eq!(seal(json!({ "account": "official", "kind": "phone" })).await.status, 400);
    let again = rig.emulator.engine().open_data("xiaohong", "mini", OpenDataKind::Phone).unwrap();
    assert_ne!(again.encrypted_data, phone.text_of("encryptedData"), "another initialisation vector");

    let known = hex::encode(Sha256::digest(again.encrypted_data.as_bytes()));
    let check =
        async |hash: &str| post(&rig, "/wxa/business/checkencryptedmsg", json!({ "encrypted_msg_hash": hash })).await;
    let checked = check(&known).await;
    assert!(checked.json["vaild"] == true && checked.json["create_time"].is_i64(), "{}", checked.text);
    assert_eq!((check(&"0".repeat(64)).await.errcode(), check("short").await.errcode()), (1, 40097));
    rig.emulator.advance(Duration::from_secs(3 * 86_400));
    assert_eq!(check(&known).await.errcode(), 1, "after three days");
}

#[tokio::test]
async fn keys_payments_and_plugins() {
    let rig = Rig::new().await;
    let token = rig.token(MINI, MINI_SECRET).await;
    let (openid, key) = login(&rig, "xiaohong").await;
    let proof = session_signature(&key, b"");
    let query =
        [("access_token", token.as_str()), ("openid", &openid), ("signature", &proof), ("sig_method", "hmac_sha256")];
    let keys = rig.get("/wxa/business/getuserencryptkey", &query).await.json["key_info_list"].clone();
    assert_eq!((&keys[0]["version"], keys[0]["iv"].as_str().unwrap().len()), (&json!(1), 16));

    let paid = async |transaction: &str| {
        let query = [("access_token", token.as_str()), ("openid", &openid), ("transaction_id", transaction)];
        rig.get("/wxa/getpaidunionid", &query).await
    };
    assert_eq!(paid("T").await.errcode(), 89300);
    let payment = json!({ "account": "mini", "transaction_id": "T", "mch_id": "M", "out_trade_no": "N" });
    assert_eq!(rig.post("/_emulator/personas/xiaohong/payments", &[], &payment).await.json["mch_id"], "M");
    assert!(paid("T").await.text_of("unionid").starts_with('o'));
    let order = [("access_token", token.as_str()), ("openid", &openid), ("mch_id", "M"), ("out_trade_no", "N")];
    assert_eq!(rig.get("/wxa/getpaidunionid", &order).await.errcode(), 0);
    rig.emulator.advance(Duration::from_secs(300));
    assert_eq!(paid("T").await.errcode(), 89300, "after five minutes");

    let code =
        rig.post("/_emulator/personas/xiaohong/codes", &[], &json!({ "account": "mini", "kind": "plugin" })).await;
    let code = code.text_of("code");
    let who = post(&rig, "/wxa/getpluginopenpid", json!({ "code": code })).await.text_of("openpid");
    assert!(who.len() == 28 && who.starts_with('G'), "{who}");
    assert_eq!(post(&rig, "/wxa/getpluginopenpid", json!({ "code": code })).await.errcode(), 1007, "once");
    assert_eq!(post(&rig, "/wxa/getpluginopenpid", json!({})).await.errcode(), 1001);
}
