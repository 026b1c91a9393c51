//! Notifications of mini programs: agreements, kinds of values, pages, and people who are being written to.

use std::time::Duration;

use serde_json::{Value, json};
use weixin_emulator::{AccountKind, AccountSeed, CodeKind, Fault, MiniProgram};

use crate::receiver::{Seen, Service, body};
use crate::rig::{Answer, MINI, MINI_SECRET, OFFICIAL, OFFICIAL_SECRET, Rig};

const SEND: &str = "/cgi-bin/message/subscribe/send";
const TEMPLATE: &str = "weiqiao-demo-customer-notification-template";

struct Mini {
    rig: Rig,
    token: String,
    openid: String,
}

impl Mini {
    async fn new() -> Self {
        let rig = Rig::new().await;
        let token = rig.token(MINI, MINI_SECRET).await;
        let openid = rig.emulator.openid("advisor-li", "mini");
        Self { rig, token, openid }
    }

    fn body(&self) -> Value {
        json!({ "touser": self.openid, "template_id": TEMPLATE, "page": "pages/customer/detail?id=1",
                "miniprogram_state": "formal", "lang": "zh_CN",
                "data": { "thing1": { "value": "查看了您的简历" }, "time2": { "value": "2026-11-21 14:00:00" },
                          "thing3": { "value": "13800000002" }, "thing7": { "value": "小红" } } })
    }

    async fn send(&self, body: &Value) -> Answer {
        self.rig.post(SEND, &[("access_token", &self.token)], body).await
    }

    /// The message with one thing changed.
    async fn with(&self, pointer: &str, value: Value) -> Answer {
        let mut body = self.body();
        *body.pointer_mut(pointer).unwrap() = value;
        self.send(&body).await
    }

    async fn subscribe(&self, action: &str, count: u32) -> Value {
        let body = json!({ "account": "mini", "template_id": TEMPLATE, "action": action, "count": count });
        self.rig.post("/_emulator/personas/advisor-li/subscriptions", &[], &body).await.json["left"].clone()
    }
}

#[tokio::test]
async fn each_agreement_is_good_for_one_message() {
    let mini = Mini::new().await;
    assert_eq!(mini.send(&mini.body()).await.errcode(), 43101);
    assert_eq!(mini.subscribe("accept", 2).await, 2);
    let sent = mini.send(&mini.body()).await;
    let msgid = sent.json["msgid"].as_u64().unwrap_or_else(|| panic!("{}", sent.text));
    assert!(msgid > 1 << 53, "more than JavaScript counts: {msgid}");
    assert_eq!((mini.send(&mini.body()).await.errcode(), mini.send(&mini.body()).await.errcode()), (0, 43101));
    let received = mini.rig.emulator.received("advisor-li");
    assert_eq!((received.len(), received[0].msg_id, received[0].kind.as_str()), (2, Some(msgid), "subscribe"));
    assert_eq!(received[0].content["data"]["thing7"]["value"], "小红");
    assert_eq!(mini.subscribe("accept", 1).await, 1);
    assert_eq!(mini.subscribe("ban", 1).await, 0);
    let refused = mini.send(&mini.body()).await;
    assert!(refused.errmsg().starts_with("user refuse to accept the msg rid: "), "{}", refused.text);
}

#[tokio::test]
async fn values_are_checked_by_their_kind_and_the_key_is_named() {
    let mini = Mini::new().await;
    mini.subscribe("accept", 9).await;
    for (pointer, value, text) in [
        ("/data/thing1/value", json!("长".repeat(21)), "data.thing1.value invalid"),
        ("/data/time2/value", json!("今天下午"), "data.time2.value invalid"),
        ("/data/thing3/value", json!(""), "data.thing3.value is empty"),
        ("/data/thing7", json!({ "name": "x" }), "data.thing7.value is empty"),
        ("/data", json!("{\"thing1\":{\"value\":\"x\"}}"), "data.thing1.value is empty"),
    ] {
        let refused = mini.with(pointer, value).await;
        let expected = format!("argument invalid! {text} rid: ");
        assert!(refused.errcode() == 47003 && refused.errmsg().starts_with(&expected), "{}", refused.text);
    }
    assert_eq!(mini.with("/data/thing1/value", json!("😀".repeat(20))).await.errcode(), 0, "characters, not bytes");
    let template = json!({ "account": "mini", "template_id": "kinds", "title": "t", "fields": ["number1", "amount2",
        "phone_number3", "car_number4", "name5", "phrase6", "letter7", "symbol8", "character_string9", "date10"] });
    mini.rig.post("/_emulator/templates", &[], &template).await;
    let good = json!({ "number1": "3.5", "amount2": "￥10元", "phone_number3": "+86-13800000000", "car_number4": "粤A8Z888",
        "name5": "张小明", "phrase6": "已完成", "letter7": "ABC", "symbol8": "!?", "character_string9": "NO-1",
        "date10": "2026年11月21日" });
    for (key, bad) in [("number1", "三"), ("phrase6", "done"), ("letter7", "1"), ("character_string9", "订单")] {
        let mut data = json!({});
        for (field, value) in good.as_object().unwrap() {
            data[field] = json!({ "value": if field == key { json!(bad) } else { value.clone() } });
        }
        let body = json!({ "touser": mini.openid, "template_id": "kinds", "data": data });
        let refused = mini.send(&body).await;
        let expected = format!("argument invalid! data.{key}.value invalid");
        assert!(refused.errmsg().starts_with(&expected), "{}", refused.text);
    }
}

#[tokio::test]
async fn recipient_template_page_and_words_have_their_own_numbers() {
    let mini = Mini::new().await;
    mini.subscribe("accept", 9).await;
    let foreign = mini.rig.emulator.openid("advisor-li", "official");
    assert_eq!(mini.with("/touser", json!(foreign)).await.errcode(), 40003);
    assert_eq!(mini.with("/template_id", json!("unknown")).await.errcode(), 40037);
    assert_eq!(mini.with("/page", json!("页面")).await.errcode(), 41030);
    assert_eq!(mini.with("/miniprogram_state", json!("release")).await.errcode(), 40097);
    assert_eq!(mini.with("/lang", json!("de")).await.errcode(), 40097);
    let bare = json!({ "touser": mini.openid, "template_id": TEMPLATE, "data": mini.body()["data"] });
    assert_eq!(mini.send(&bare).await.errcode(), 0, "page, state and language may be left out");
    assert_eq!(mini.rig.emulator.received("advisor-li").len(), 1, "what was refused used nothing up");

    let official = mini.rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let query = [("access_token", official.as_str())];
    assert_eq!(mini.rig.post(SEND, &query, &bare).await.errcode(), 48001, "an official account");
    mini.rig.emulator.add_account(AccountSeed {
        name: "paged".into(),
        kind: AccountKind::Mini,
        app_id: "wx5555555555555555".into(),
        app_secret: "s".into(),
        mini_program: MiniProgram { pages: vec!["pages/index/index".into()], ..MiniProgram::default() },
        ..AccountSeed::default()
    });
    let template =
        json!({ "account": "paged", "template_id": "T", "title": "t", "fields": ["phrase1"], "long_term": true });
    mini.rig.post("/_emulator/templates", &[], &template).await;
    mini.rig.emulator.accept_notifications("advisor-li", "paged", "T", 1);
    let token = mini.rig.token("wx5555555555555555", "s").await;
    let openid = mini.rig.emulator.openid("advisor-li", "paged");
    for (page, errcode) in [("pages/index/index?a=1", 0), ("/pages/index/index", 0), ("pages/other", 41030)] {
        let body =
            json!({ "touser": openid, "template_id": "T", "page": page, "data": { "phrase1": { "value": "好" } } });
        assert_eq!(mini.rig.post(SEND, &[("access_token", &token)], &body).await.errcode(), errcode, "{page}");
    }
}

#[tokio::test]
async fn a_person_gets_one_message_at_a_time() {
    let mini = Mini::new().await;
    mini.subscribe("accept", 9).await;
    mini.rig.emulator.engine().freeze(true);
    mini.rig.emulator.engine().change_settings(&json!({ "subscribe_send_ms": 200 })).unwrap();
    assert_eq!((mini.send(&mini.body()).await.errcode(), mini.send(&mini.body()).await.errcode()), (0, 43108));
    mini.rig.emulator.advance(Duration::from_millis(200));
    assert_eq!(mini.send(&mini.body()).await.errcode(), 0);
    assert_eq!(mini.subscribe("accept", 1).await, 8, "43108 used nothing up");
}

#[tokio::test]
async fn a_fault_after_delivery_leaves_the_message_and_takes_the_agreement() {
    let mini = Mini::new().await;
    mini.subscribe("accept", 2).await;
    let fault = Fault { deliver: true, ..Fault::on(SEND).status(502) };
    mini.rig.emulator.fault(fault);
    assert_eq!(mini.send(&mini.body()).await.status, 502);
    assert_eq!(mini.rig.emulator.received("advisor-li").len(), 1);
    mini.rig.emulator.fault(Fault::on(SEND).errcode(45009));
    assert_eq!(mini.send(&mini.body()).await.errcode(), 45009);
    assert_eq!(mini.subscribe("accept", 1).await, 2, "one was used, the refused one was not");
}

#[tokio::test]
async fn templates_are_listed_with_what_a_person_agreed_to() {
    let mini = Mini::new().await;
    mini.subscribe("accept", 3).await;
    let listed = mini.rig.get("/_emulator/templates", &[("account", "mini"), ("persona", "advisor-li")]).await.json;
    assert_eq!((&listed[0]["template_id"], &listed[0]["left"]), (&json!(TEMPLATE), &json!(3)));
    assert_eq!(listed[0]["fields"][3], json!(["thing7", "客户"]));
    assert_eq!(mini.rig.get("/_emulator/templates", &[("account", "nobody")]).await.status, 404);
    let query = [("access_token", mini.token.as_str())];
    // Line breaks go raw over this wire, so the text is looked at, not parsed.
    let own = mini.rig.get("/wxaapi/newtmpl/gettemplate", &query).await.text;
    assert!(own.contains(TEMPLATE) && own.contains("客户:{{thing7.DATA}}"), "{own}");
}

#[tokio::test]
async fn the_service_is_told_of_agreements_and_of_what_became_of_messages() {
    let mini = Mini::new().await;
    let service = Service::new(|_, _| body("success")).await;
    service.attach(&mini.rig.emulator, "mini", "plain", "json");
    mini.subscribe("accept", 1).await;
    let read = |seen: &Seen| serde_json::from_str::<Value>(&seen.body).unwrap();
    let popup = read(&service.until(1).await[0]);
    assert_eq!((&popup["Event"], &popup["FromUserName"]), (&json!("subscribe_msg_popup_event"), &json!(mini.openid)));
    let answer = json!({ "TemplateId": TEMPLATE, "SubscribeStatusString": "accept", "PopupScene": "0" });
    assert_eq!(popup["List"], answer, "one alone is an object, and numbers are texts");

    let msgid = mini.send(&mini.body()).await.json["msgid"].to_string();
    let sent = read(&service.until(2).await[1]);
    assert_eq!(sent["Event"], "subscribe_msg_sent_event");
    let told = json!({ "TemplateId": TEMPLATE, "MsgID": msgid, "ErrorCode": "0", "ErrorStatus": "success" });
    assert_eq!(sent["List"], told);
    assert_eq!(mini.send(&mini.body()).await.errcode(), 43101);

    let _login = mini.rig.emulator.persona_code("advisor-li", "mini", CodeKind::Mini);
    let check = json!({ "media_url": "https://example.com/违规.jpg", "media_type": 2, "version": 2, "scene": 1,
                        "openid": mini.openid });
    let started = mini.rig.post("/wxa/media_check_async", &[("access_token", &mini.token)], &check).await;
    let verdict = read(&service.until(3).await[2]);
    assert_eq!((&verdict["Event"], &verdict["trace_id"]), (&json!("wxa_media_check"), &started.json["trace_id"]));
    assert_eq!(verdict["result"]["suggest"], "risky");
}
