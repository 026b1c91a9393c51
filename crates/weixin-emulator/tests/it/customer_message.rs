//! Customer-service messages: the windows they need, what they hold, where they arrive.

use std::time::Duration;

use serde_json::{Value, json};
use weixin_emulator::Interaction;

use crate::media::{AMR, JPEG, MP4};
use crate::rig::{Answer, MINI, MINI_SECRET, OFFICIAL, OFFICIAL_SECRET, Rig};

const SEND: &str = "/cgi-bin/message/custom/send";
const TYPING: &str = "/cgi-bin/message/custom/typing";

async fn say(rig: &Rig, token: &str, account: &str, kind: &str, content: Value) -> Answer {
    let openid = rig.emulator.openid("xiaoming", account);
    let body = json!({ "touser": openid, "msgtype": kind, kind: content });
    rig.post(SEND, &[("access_token", token)], &body).await
}

#[tokio::test]
async fn a_message_arrives_on_the_phone_inside_the_window_only() {
    let rig = Rig::new().await;
    rig.emulator.engine().freeze(true);
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let hello = async |token: &str| say(&rig, token, "official", "text", json!({ "content": "你好" })).await;
    let early = hello(&token).await;
    assert_eq!(early.errcode(), 45015);
    assert!(early.errmsg().starts_with("response out of time limit or subscription is canceled hint: ["));
    rig.emulator.interact("xiaoming", "official", Interaction::Message);
    let messages = "/_emulator/personas/xiaoming/messages";
    let (waited, sent) = tokio::join!(rig.get(messages, &[("wait", "10s")]), hello(&token));
    assert_eq!(sent.text, r#"{"errcode":0,"errmsg":"ok"}"#);
    let first = &waited.json[0];
    assert_eq!(first["content"], json!({ "content": "你好" }));
    assert_eq!((first["type"].as_str(), first["channel"].as_str()), (Some("text"), Some("customer_service")));
    for _ in 0..4 {
        assert_eq!(hello(&token).await.errcode(), 0);
    }
    assert_eq!(hello(&token).await.errcode(), 45047);
    let rest = rig.get(messages, &[("after", &first["id"].to_string())]).await;
    assert_eq!(rest.json.as_array().unwrap().len(), 4);
    assert_eq!(rig.get("/_emulator/personas/xiaohong/messages", &[]).await.json, json!([]));
    assert_eq!(rig.get(messages, &[("wait", "2h")]).await.status, 400);
    rig.emulator.interact("xiaoming", "official", Interaction::Message);
    rig.emulator.advance(Duration::from_secs(48 * 3600));
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    assert_eq!(hello(&token).await.errcode(), 45015);
}

#[tokio::test]
async fn following_opens_a_minute_and_unfollowing_closes_everything() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let hello = async || say(&rig, &token, "official", "text", json!({ "content": "hi" })).await.errcode();
    rig.emulator.engine().follow("xiaoming", "official", None).unwrap();
    assert_eq!(hello().await, 0);
    rig.emulator.interact("xiaoming", "official", Interaction::Message);
    rig.emulator.engine().unfollow("xiaoming", "official").unwrap();
    assert_eq!(hello().await, 45015);
}

#[tokio::test]
async fn every_type_is_checked_and_delivered() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    rig.emulator.engine().change_settings(&json!({ "customer_messages_per_window": 20 })).unwrap();
    rig.emulator.interact("xiaoming", "official", Interaction::Message);
    let image = rig.media(&token, "image", JPEG).await;
    let thumb = rig.media(&token, "thumb", JPEG).await;
    let voice = rig.media(&token, "voice", AMR).await;
    let video = rig.media(&token, "video", MP4).await;
    let good = [
        ("text", json!({ "content": format!("<a href=\"x\" data-miniprogram-appid=\"{MINI}\">go</a>") })),
        ("image", json!({ "media_id": image })),
        ("voice", json!({ "media_id": voice })),
        ("video", json!({ "media_id": video, "thumb_media_id": thumb, "title": "t" })),
        ("music", json!({ "musicurl": "http://a/m", "hqmusicurl": "http://a/h", "thumb_media_id": thumb })),
        ("news", json!({ "articles": [{ "title": "t", "description": "d", "url": "http://a/", "picurl": "" }] })),
        ("mpnews", json!({ "media_id": "any" })),
        ("mpnewsarticle", json!({ "article_id": "any" })),
        ("msgmenu", json!({ "head_content": "?", "list": [{ "id": "1", "content": "好" }], "tail_content": "" })),
        ("wxcard", json!({ "card_id": "any" })),
        ("miniprogrampage", json!({ "title": "t", "appid": MINI, "pagepath": "p?a=1", "thumb_media_id": image })),
    ];
    for (kind, content) in &good {
        let sent = say(&rig, &token, "official", kind, content.clone()).await;
        assert_eq!(sent.errcode(), 0, "{kind}: {}", sent.text);
    }
    let arrived: Vec<_> = rig.emulator.received("xiaoming").into_iter().map(|m| (m.kind, m.content)).collect();
    assert_eq!(arrived, good.map(|(kind, content)| (kind.to_owned(), content)));
    let article = json!({ "title": "t" });
    for (kind, content, errcode) in [
        ("text", json!({ "content": "" }), 44004),
        ("text", json!("hi"), 44004),
        ("text", json!({ "content": "好".repeat(683) }), 45002),
        ("text", json!({ "content": "<a data-miniprogram-appid='x'>" }), 45086),
        ("image", json!({ "media_id": voice }), 40007),
        ("voice", json!({}), 40007),
        ("video", json!({ "media_id": video }), 40007),
        ("music", json!({ "musicurl": "http://a/m", "thumb_media_id": thumb }), 47003),
        ("news", json!({ "articles": [article, article] }), 45008),
        ("news", json!({ "articles": [] }), 44003),
        ("msgmenu", json!({ "list": [] }), 45098),
        ("msgmenu", json!({ "list": [{ "id": "1", "content": "" }] }), 45099),
        ("wxcard", json!({}), 47003),
        ("miniprogrampage", json!({ "title": "t", "appid": OFFICIAL, "pagepath": "p" }), 40166),
        ("miniprogrampage", json!({ "title": "t", "appid": MINI }), 40165),
        ("link", json!({ "title": "t" }), 40008),
    ] {
        let sent = say(&rig, &token, "official", kind, content.clone()).await;
        assert_eq!(sent.errcode(), errcode, "{kind} {content}");
    }
    let stranger = json!({ "touser": "o", "msgtype": "text", "text": { "content": "x" } });
    assert_eq!(rig.post(SEND, &[("access_token", &token)], &stranger).await.errcode(), 40003);
    assert_eq!(rig.emulator.received("xiaoming").len(), 11, "refused ones do not arrive");
}

#[tokio::test]
async fn mini_programs_have_their_own_types() {
    let rig = Rig::new().await;
    let token = rig.token(MINI, MINI_SECRET).await;
    let query = [("access_token", token.as_str()), ("type", "image")];
    let image = rig.upload("/cgi-bin/media/upload", &query, JPEG, ("x", "y")).await.text_of("media_id");
    rig.emulator.interact("xiaoming", "mini", Interaction::Message);
    let link = json!({ "title": "t", "description": "d", "url": "https://a/", "thumb_url": "https://a/t" });
    assert_eq!(say(&rig, &token, "mini", "link", link).await.errcode(), 0);
    let page = json!({ "title": "t", "pagepath": "p", "thumb_media_id": image });
    assert_eq!(say(&rig, &token, "mini", "miniprogrampage", page).await.errcode(), 0);
    assert_eq!(say(&rig, &token, "mini", "news", json!({})).await.errcode(), 45162);
}

#[tokio::test]
async fn typing_is_shown_to_people_in_touch() {
    let rig = Rig::new().await;
    rig.emulator.engine().freeze(true);
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let openid = rig.emulator.openid("xiaoming", "official");
    let typing = async |command: &str| {
        let body = json!({ "touser": openid, "command": command });
        rig.post(TYPING, &[("access_token", &token)], &body).await.errcode()
    };
    assert_eq!(typing("Typing").await, 45080);
    rig.emulator.interact("xiaoming", "official", Interaction::Message);
    assert_eq!(typing("Typing").await, 0);
    assert_eq!(typing("Typing").await, 45081);
    assert_eq!(typing("CancelTyping").await, 0);
    assert_eq!(typing("Typing").await, 0);
    assert_eq!(typing("typing").await, 45072);
}
