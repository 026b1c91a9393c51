//! Template messages, notifications and material, from outside.

use std::time::Duration;

use serde_json::{Value, json};

use crate::media::{JPEG, MP4};
use crate::rig::{OFFICIAL, OFFICIAL_SECRET, Rig};

#[tokio::test]
async fn template_messages_need_a_follower_a_template_and_values_of_its_kinds() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let query = [("access_token", token.as_str())];
    let template = json!({ "account": "official", "template_id": "T", "title": "提醒", "fields": ["thing1", "time2"] });
    assert_eq!(rig.post("/_emulator/templates", &[], &template).await.json["kind"], "template");
    let openid = rig.emulator.openid("xiaoming", "official");
    let good = json!({ "thing1": { "value": "课" }, "time2": { "value": "15:01" } });
    let send = async |template_id: &str, data: &Value, extra: Value| {
        let mut body = json!({ "touser": openid, "template_id": template_id, "data": data });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        rig.post("/cgi-bin/message/template/send", &query, &body).await
    };
    assert_eq!(send("T", &good, json!({})).await.errcode(), 43004);
    rig.emulator.engine().follow("xiaoming", "official", None).unwrap();
    let sent = send("T", &good, json!({ "client_msg_id": "a" })).await.json["msgid"].clone();
    assert!(sent.as_u64().unwrap() > 1 << 53);
    assert_eq!(send("T", &good, json!({ "client_msg_id": "a" })).await.json["msgid"], sent);
    rig.emulator.advance(Duration::from_secs(600));
    assert_ne!(send("T", &good, json!({ "client_msg_id": "a" })).await.json["msgid"], sent);
    assert_eq!(rig.emulator.received("xiaoming").len(), 2);
    assert_eq!(send("U", &good, json!({})).await.errcode(), 40037);
    let empty = send("T", &json!({ "thing1": { "value": "课" } }), json!({})).await;
    assert!(empty.errmsg().starts_with("argument invalid! data.time2.value is empty rid: "), "{}", empty.text);
    let bad = json!({ "thing1": { "value": "课" }, "time2": { "value": "soon" } });
    assert_eq!(send("T", &bad, json!({})).await.errcode(), 47003);
    assert_eq!(send("T", &good, json!({ "url": "x".repeat(1025) })).await.errcode(), 40039);
    assert_eq!(send("T", &good, json!({ "miniprogram": { "appid": OFFICIAL } })).await.errcode(), 40166);
    let block = json!({ "openid_list": [openid] });
    assert_eq!(rig.post("/cgi-bin/tags/members/batchblacklist", &query, &block).await.errcode(), 0);
    assert_eq!(send("T", &good, json!({})).await.errcode(), 43019);
}

#[tokio::test]
async fn notifications_use_up_agreements_unless_long_term() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let query = [("access_token", token.as_str())];
    let openid = rig.emulator.openid("xiaohong", "official");
    let subscribe = "/_emulator/personas/xiaohong/subscriptions";
    for (id, long_term) in [("once", false), ("always", true)] {
        let template = json!({ "account": "official", "template_id": id, "title": id, "fields": ["phrase1"],
                               "subscription": true, "long_term": long_term });
        rig.post("/_emulator/templates", &[], &template).await;
        let accept = json!({ "account": "official", "template_id": id, "action": "accept" });
        assert_eq!(rig.post(subscribe, &[], &accept).await.json["left"], 1);
    }
    let send = async |id: &str| {
        let body = json!({ "touser": openid, "template_id": id, "data": { "phrase1": { "value": "已完成" } } });
        rig.post("/cgi-bin/message/subscribe/bizsend", &query, &body).await.errcode()
    };
    assert_eq!((send("once").await, send("once").await), (0, 43101));
    assert_eq!((send("always").await, send("always").await), (0, 0));
    let reject = json!({ "account": "official", "template_id": "always", "action": "reject" });
    rig.post(subscribe, &[], &reject).await;
    assert_eq!(send("always").await, 43101);
    assert_eq!(send("never").await, 40037);
    assert_eq!(rig.emulator.received("xiaohong").len(), 3);
}

#[tokio::test]
async fn the_library_refuses_by_number() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let query = [("access_token", token.as_str())];
    let post = async |path: &str, body: Value| rig.post(path, &query, &body).await.errcode();
    let add = "/wxaapi/newtmpl/addtemplate";
    assert_eq!(post(add, json!({ "tid": "9", "kidList": [1, 2] })).await, 200_014);
    assert_eq!(post(add, json!({ "tid": "401", "kidList": [1] })).await, 200_020);
    assert_eq!(post(add, json!({ "tid": "401", "kidList": [1, 9] })).await, 200_020);
    let scene = "一二三四五六七八九十一二三四五六";
    assert_eq!(post(add, json!({ "tid": "401", "kidList": [1, 2], "sceneDesc": scene })).await, 200_021);
    assert_eq!(post(add, json!({ "tid": 401, "kidList": [1, 2] })).await, 0);
    assert_eq!(post(add, json!({ "tid": "401", "kidList": [1, 2] })).await, 200_022);
    assert_eq!(post("/wxaapi/newtmpl/deltemplate", json!({ "priTmplId": "x" })).await, 200_014);
    let titles = async |ids: &str, limit: &str| {
        let query = [("access_token", token.as_str()), ("ids", ids), ("start", "0"), ("limit", limit)];
        rig.get("/wxaapi/newtmpl/getpubtemplatetitles", &query).await.errcode()
    };
    assert_eq!((titles("", "1").await, titles("1", "1").await, titles("616", "31").await), (200_018, 200_019, 200_017));
    let add = "/cgi-bin/template/api_add_template";
    assert_eq!(post(add, json!({ "template_id_short": "TM00015", "keyword_name_list": ["a"] })).await, 40247);
    assert_eq!(post(add, json!({ "template_id_short": "401", "keyword_name_list": ["没有"] })).await, 40246);
    assert_eq!(post(add, json!({ "template_id_short": "9", "keyword_name_list": ["a"] })).await, 40037);
    let industry = json!({ "industry_id1": "1", "industry_id2": "4" });
    assert_eq!(post("/cgi-bin/template/api_set_industry", json!({ "industry_id1": "99" })).await, 40102);
    assert_eq!(post("/cgi-bin/template/api_set_industry", industry.clone()).await, 0);
    assert_eq!(post("/cgi-bin/template/api_set_industry", industry).await, 43100);
    let once = json!({ "touser": rig.emulator.openid("emoji", "official"), "template_id": "x", "scene": "1",
                       "title": scene, "data": { "content": { "value": "v" } } });
    assert_eq!(post("/cgi-bin/message/template/subscribe", once).await, 40062);
}

#[tokio::test]
async fn material_is_kept_listed_and_deleted() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let add = async |kind: &str, bytes: &[u8], text: (&str, &str)| {
        let query = [("access_token", token.as_str()), ("type", kind)];
        rig.upload("/cgi-bin/material/add_material", &query, bytes, text).await
    };
    let picture = add("image", JPEG, ("x", "y")).await;
    assert_eq!(rig.http.get(picture.text_of("url")).send().await.unwrap().bytes().await.unwrap(), JPEG);
    assert_eq!(add("video", MP4, ("description", "no json")).await.errcode(), 47001);
    let video = add("video", MP4, ("description", r#"{"title":"t","introduction":"i"}"#)).await.text_of("media_id");
    let query = [("access_token", token.as_str())];
    let post = async |path: &str, body: Value| rig.post(path, &query, &body).await;
    rig.emulator.advance(Duration::from_secs(3600));
    let got = post("/cgi-bin/material/get_material", json!({ "media_id": video })).await.json;
    assert_eq!((got["title"].as_str(), got["description"].as_str()), (Some("t"), Some("i")));
    let list = "/cgi-bin/material/batchget_material";
    let images = post(list, json!({ "type": "image", "offset": 0, "count": 20 })).await.json;
    assert_eq!((images["total_count"].as_i64(), images["item"][0]["name"].as_str()), (Some(1), Some("a.bin")));
    assert_eq!(post(list, json!({ "type": "image", "offset": 0, "count": 21 })).await.errcode(), 45165);
    let counted = rig.get("/cgi-bin/material/get_materialcount", &query).await.json;
    assert_eq!(counted, json!({ "voice_count": 0, "video_count": 1, "image_count": 1, "news_count": 0 }));
    let delete = "/cgi-bin/material/del_material";
    assert_eq!(post(delete, json!({ "media_id": video })).await.errcode(), 0);
    assert_eq!(post(delete, json!({ "media_id": video })).await.errcode(), 40007);
}
