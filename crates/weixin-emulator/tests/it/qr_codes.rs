//! QR codes with a scene, short keys, and the automatic answers of the console.

use std::time::Duration;

use serde_json::{Value, json};
use weixin_emulator::AccountSeed;

use crate::rig::{OFFICIAL, OFFICIAL_SECRET, Rig};

const CREATE: &str = "/cgi-bin/qrcode/create";

#[tokio::test]
async fn a_qr_code_has_a_ticket_a_picture_and_an_end() {
    let rig = Rig::new().await;
    rig.emulator.engine().freeze(true);
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let body = json!({ "expire_seconds": 604800, "action_name": "QR_SCENE",
        "action_info": { "scene": { "scene_id": 123 } } });
    let made = rig.post(CREATE, &[("access_token", &token)], &body).await;
    assert_eq!(made.json["expire_seconds"], 604800);
    assert!(made.text_of("url").starts_with("http://weixin.qq.com/q/"));
    let ticket = made.text_of("ticket");
    let picture = async |ticket: &str| {
        let response = rig.http.get(rig.url("/cgi-bin/showqrcode")).query(&[("ticket", ticket)]).send().await.unwrap();
        let (status, kind) = (response.status().as_u16(), response.headers().get("content-type").cloned());
        (status, kind, response.bytes().await.unwrap())
    };
    let (status, kind, bytes) = picture(&ticket).await;
    assert_eq!((status, kind.unwrap().to_str().unwrap()), (200, "image/jpg"));
    assert!(bytes.starts_with(&[0xff, 0xd8, 0xff, 0xe0]) && bytes.ends_with(&[0xff, 0xd9]) && bytes.len() > 1000);
    assert_eq!(picture("gQ-nothing").await.0, 404);
    assert_eq!(picture("").await.0, 404);
    rig.emulator.advance(Duration::from_secs(604_800));
    assert_eq!(picture(&ticket).await.0, 404);
}

#[tokio::test]
async fn kinds_lives_and_scenes_are_checked() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let create = async |action: &str, scene: Value, expire: Option<Value>| {
        let mut body = json!({ "action_name": action, "action_info": { "scene": scene } });
        if let Some(expire) = expire {
            body["expire_seconds"] = expire;
        }
        rig.post(CREATE, &[("access_token", &token)], &body).await
    };
    let (number, text) = (|n: i64| json!({ "scene_id": n }), |t: &str| json!({ "scene_str": t }));
    assert_eq!(create("QR_SCENE", number(1), None).await.json["expire_seconds"], 60, "a minute when nothing is said");
    let kept = create("QR_LIMIT_SCENE", number(1), None).await;
    assert!(kept.json.get("expire_seconds").is_none() && kept.errcode() == 0, "{}", kept.text);
    assert_eq!(create("QR_LIMIT_SCENE", number(1), None).await.text_of("ticket"), kept.text_of("ticket"));
    for (action, scene, expire, errcode) in [
        ("QR_SCENE", number(4_294_967_295), Some(json!(2_592_000)), 0),
        ("QR_SCENE", number(4_294_967_296), None, 40129),
        ("QR_SCENE", number(0), None, 40129),
        ("QR_SCENE", text("x"), None, 40129),
        ("QR_SCENE", number(1), Some(json!(2_592_001)), 40053),
        ("QR_SCENE", number(1), Some(json!(0)), 40053),
        ("QR_STR_SCENE", text(&"字".repeat(64)), None, 0),
        ("QR_STR_SCENE", text(&"字".repeat(65)), None, 40129),
        ("QR_STR_SCENE", text(""), None, 40129),
        ("QR_LIMIT_SCENE", number(100_000), None, 0),
        ("QR_LIMIT_SCENE", number(100_001), None, 40129),
        ("QR_LIMIT_STR_SCENE", text("door"), None, 0),
        ("QR_CARD", number(1), None, 40052),
        ("QR_SCENE", Value::Null, None, 40053),
    ] {
        let answer = create(action, scene.clone(), expire.clone()).await;
        assert_eq!(answer.errcode(), errcode, "{action} {scene} {expire:?}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_short_key_gives_its_text_back_until_it_dies() {
    let rig = Rig::new().await;
    rig.emulator.engine().freeze(true);
    rig.emulator.add_account(AccountSeed {
        name: "other".into(),
        app_id: "wx7777777777777777".into(),
        app_secret: "s".into(),
        ..AccountSeed::default()
    });
    let (token, other) = (rig.token(OFFICIAL, OFFICIAL_SECRET).await, rig.token("wx7777777777777777", "s").await);
    let call = async |token: &str, verb: &str, body: Value| {
        rig.post(&format!("/cgi-bin/shorten/{verb}"), &[("access_token", token)], &body).await
    };
    let made = call(&token, "gen", json!({ "long_data": "loooooong 数据", "expire_seconds": 3000 })).await;
    assert_eq!(made.errcode(), 0);
    let key = json!({ "short_key": made.text_of("short_key") });
    rig.emulator.advance(Duration::from_secs(1000));
    let found = call(&token, "fetch", key.clone()).await;
    assert_eq!((&found.json["long_data"], &found.json["expire_seconds"]), (&json!("loooooong 数据"), &json!(2000)));
    assert!(found.json["create_time"].is_i64());
    assert_eq!(call(&other, "fetch", key.clone()).await.errcode(), 9410012, "it belongs to one account");
    rig.emulator.advance(Duration::from_secs(2000));
    assert_eq!(call(&token, "fetch", key).await.errcode(), 9410012);
    assert_eq!(call(&token, "gen", json!({ "long_data": "x" })).await.errcode(), 0, "thirty days when nothing is said");
    for (verb, body, errcode) in [
        ("gen", json!({}), 47003),
        ("gen", json!({ "long_data": "a".repeat(4096) }), 0),
        ("gen", json!({ "long_data": "a".repeat(4097) }), 9410010),
        ("gen", json!({ "long_data": "a", "expire_seconds": 2_592_001 }), 9410011),
        ("gen", json!({ "long_data": "a", "expire_seconds": 0 }), 47003),
        ("fetch", json!({}), 47003),
        ("fetch", json!({ "short_key": "nothing" }), 9410012),
    ] {
        assert_eq!(call(&token, verb, body.clone()).await.errcode(), errcode, "{verb} {body}");
    }
}

#[tokio::test]
async fn the_consoles_automatic_answers_are_shown() {
    let rig = Rig::new().await;
    let path = "/cgi-bin/get_current_autoreply_info";
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let none = rig.get(path, &[("access_token", &token)]).await;
    assert_eq!(none.json, json!({ "is_add_friend_reply_open": 0, "is_autoreply_open": 0 }));
    let set = json!({ "is_autoreply_open": 1, "add_friend_autoreply_info": { "type": "text", "content": "谢谢关注" } });
    let account = json!({ "name": "official", "app_id": OFFICIAL, "app_secret": OFFICIAL_SECRET, "autoreply": set });
    assert_eq!(rig.post("/_emulator/accounts", &[], &account).await.status, 200);
    let shown = rig.get(path, &[("access_token", &token)]).await;
    assert_eq!(shown.json["is_add_friend_reply_open"], 0);
    assert_eq!(shown.json["add_friend_autoreply_info"], set["add_friend_autoreply_info"]);
}
