//! What people do and what it changes: following, scanning, clicking, and what WeChat tells of itself.

use std::time::Duration;

use serde_json::{Value, json};
use weixin_emulator::{Act, DeliveryOutcome, Scan};

use crate::receiver::{Seen, Service, body};
use crate::rig::{MINI, OFFICIAL, OFFICIAL_SECRET, Rig};

struct World {
    rig: Rig,
    service: Service,
}

impl World {
    async fn new() -> Self {
        let (rig, service) = (Rig::new().await, Service::new(|_, _| body("success")).await);
        rig.emulator.engine().freeze(true);
        service.attach(&rig.emulator, "official", "plain", "xml");
        service.attach(&rig.emulator, "mini", "plain", "json");
        Self { rig, service }
    }

    async fn post(&self, what: &str, body: &Value) -> Value {
        let answer = self.rig.post(&format!("/_emulator/personas/xiaoming/{what}"), &[], body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    }

    /// The events that have come, by name and key.
    fn events(&self) -> Vec<(String, String)> {
        self.service.seen().iter().map(|seen| (field(seen, "Event"), field(seen, "EventKey"))).collect()
    }

    async fn create_code(&self, token: &str, body: Value) -> Value {
        self.rig.post("/cgi-bin/qrcode/create", &[("access_token", token)], &body).await.json
    }

    async fn may_write(&self, token: &str, account: &str) -> i64 {
        let openid = self.rig.emulator.openid("xiaoming", account);
        let body = json!({ "touser": openid, "msgtype": "text", "text": { "content": "hi" } });
        self.rig.post("/cgi-bin/message/custom/send", &[("access_token", token)], &body).await.errcode()
    }
}

/// The text of an element, or of a member of the object.
fn field(seen: &Seen, name: &str) -> String {
    if let Ok(json) = serde_json::from_str::<Value>(&seen.body) {
        return json[name].as_str().unwrap_or_default().to_owned();
    }
    let inside = seen.body.split(&format!("<{name}>")).nth(1).and_then(|rest| rest.split(&format!("</{name}>")).next());
    inside.unwrap_or_default().replace("<![CDATA[", "").replace("]]>", "")
}

fn pair(event: &str, key: &str) -> (String, String) {
    (event.to_owned(), key.to_owned())
}

#[tokio::test]
async fn following_and_unfollowing_are_told_once() {
    let world = World::new().await;
    let followed = world.post("follow", &json!({ "account": "official" })).await;
    assert_eq!((&followed["following"], &followed["changed"]), (&json!(true), &json!(true)));
    assert_eq!(
        (&followed["type"], &followed["outcome"], &followed["id"]),
        (&json!("subscribe"), &json!("empty"), &json!(1))
    );
    let again = world.post("follow", &json!({ "account": "official" })).await;
    assert_eq!((&again["changed"], &again["outcome"], &again["id"]), (&json!(false), &json!("unchanged"), &json!(0)));
    let gone = world.post("unfollow", &json!({ "account": "official" })).await;
    assert_eq!(
        (&gone["following"], &gone["changed"], &gone["type"]),
        (&json!(false), &json!(true), &json!("unsubscribe"))
    );
    assert_eq!(world.post("unfollow", &json!({ "account": "official" })).await["changed"], false);
    assert_eq!(world.events(), [pair("subscribe", ""), pair("unsubscribe", "")]);
    // An event of that name is told whatever was before, and has its effect.
    world.post("events", &json!({ "account": "official", "event": "subscribe", "create_time": 5 })).await;
    world.post("events", &json!({ "account": "official", "event": "subscribe" })).await;
    assert_eq!(world.events().len(), 4);
    assert_eq!(field(&world.service.seen()[2], "CreateTime"), "5");
    assert!(world.rig.emulator.engine().persona("xiaoming").unwrap().follows.contains_key("official"));
}

#[tokio::test]
async fn scanning_follows_by_the_code_or_tells_of_the_scan() {
    let world = World::new().await;
    let token = world.rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let code = json!({ "expire_seconds": 60, "action_name": "QR_STR_SCENE", "action_info": { "scene": { "scene_str": "door" } } });
    let code = world.create_code(&token, code).await;
    let ticket = code["ticket"].as_str().unwrap();
    let first = world.post("scan", &json!({ "ticket": ticket })).await;
    assert_eq!((&first["type"], &first["changed"]), (&json!("subscribe"), &json!(true)));
    let second = world.post("scan", &json!({ "url": code["url"] })).await;
    assert_eq!(
        (&second["type"], &second["changed"], &second["following"]),
        (&json!("SCAN"), &json!(false), &json!(true))
    );
    let picture = format!("https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket={}", ticket.replace('=', "%3D"));
    world.post("scan", &json!({ "url": picture })).await;
    world.post("scan", &json!({ "account": "official", "scene": "door" })).await;
    assert_eq!(
        world.events(),
        [pair("subscribe", "qrscene_door"), pair("SCAN", "door"), pair("SCAN", "door"), pair("SCAN", "door")]
    );
    assert!(world.service.seen().iter().all(|seen| field(seen, "Ticket") == ticket));
    let info = [("access_token", token.as_str()), ("openid", &world.rig.emulator.openid("xiaoming", "official"))];
    assert_eq!(world.rig.get("/cgi-bin/user/info", &info).await.json["qr_scene_str"], "door");
    world.rig.emulator.advance(Duration::from_secs(60));
    let dead = world.rig.post("/_emulator/personas/xiaoming/scan", &[], &json!({ "ticket": ticket })).await;
    assert!(dead.status == 400 && dead.text.contains("expired"), "{}", dead.text);
    // A number and a scene nobody has made a code for.
    let report = world.rig.emulator.scan("xiaohong", Scan::Scene { account: OFFICIAL.into(), scene: "7".into() }).await;
    assert_eq!((report.report.key.as_deref(), report.changed), (Some("qrscene_7"), true));
}

#[tokio::test]
async fn acts_open_the_windows_of_customer_service() {
    let world = World::new().await;
    let token = world.rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    assert_eq!(world.may_write(&token, "official").await, 45015);
    world.rig.emulator.event("xiaoming", "official", "CLICK", "V1").await;
    for errcode in [0, 0, 0, 45047] {
        assert_eq!(world.may_write(&token, "official").await, errcode);
    }
    world.rig.emulator.say("xiaoming", "official", "hello").await;
    assert_eq!(world.may_write(&token, "official").await, 0);
    world.rig.emulator.unfollow("xiaoming", "official").await;
    let mini = world.rig.token(MINI, crate::rig::MINI_SECRET).await;
    assert_eq!(world.may_write(&mini, "mini").await, 45015);
    let entered = world.rig.emulator.event("xiaoming", "mini", "user_enter_tempsession", "shop").await;
    assert!(entered.body.contains(r#""SessionFrom":"shop""#), "{}", entered.body);
    for errcode in [0, 0, 45047] {
        assert_eq!(world.may_write(&mini, "mini").await, errcode);
    }
}

#[tokio::test]
async fn pictures_and_places_follow_their_events() {
    let world = World::new().await;
    world.post("events", &json!({ "account": "official", "event": "pic_weixin", "key": "k", "count": 2 })).await;
    let seen = world.service.until(3).await;
    assert_eq!(seen[0].body.matches("<PicMd5Sum>").count(), 2);
    assert_eq!([field(&seen[1], "MsgType"), field(&seen[2], "MsgType")], ["image", "image"]);
    let place = json!({ "account": "official", "event": "location_select", "latitude": 31.2, "longitude": "121.5" });
    world.post("events", &place).await;
    let seen = world.service.until(5).await;
    assert_eq!([field(&seen[4], "MsgType"), field(&seen[4], "Location_X")], ["location", "31.2"]);
}

#[tokio::test]
async fn a_picture_of_a_message_can_be_downloaded() {
    let world = World::new().await;
    let token = world.rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    world.rig.emulator.act("xiaoming", "official", Act::message("image")).await;
    let seen = world.service.until(1).await.remove(0);
    let media_id = field(&seen, "MediaId");
    let query = [("access_token", token.as_str()), ("media_id", &media_id)];
    let file = world.rig.get("/cgi-bin/media/get", &query).await;
    assert_eq!((file.status, file.content_type.as_str()), (200, "image/png"));
    assert!(field(&seen, "PicUrl").contains(&media_id));
    assert_eq!(world.rig.http.get(field(&seen, "PicUrl")).send().await.unwrap().status(), 200);
    let named = world.rig.emulator.act("xiaoming", "official", Act::message("voice").with("media_id", "mine")).await;
    assert!(named.body.contains("<MediaId><![CDATA[mine]]>"));
}

#[tokio::test]
async fn the_menu_says_what_a_tap_pushes() {
    let world = World::new().await;
    let token = world.rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let seen =
        async |persona: &str| world.rig.get("/_emulator/accounts/official/menu", &[("persona", persona)]).await.json;
    assert_eq!(seen("xiaoming").await, json!({ "menu_id": null, "conditional": false, "buttons": [] }));
    let menu = json!({ "button": [
        { "name": "今日", "type": "click", "key": "V1" },
        { "name": "更多", "sub_button": [
            { "name": "网页", "type": "view", "url": "https://example.com/" },
            { "name": "扫码", "type": "scancode_waitmsg", "key": "S1" },
            { "name": "文", "type": "article_id", "article_id": "A" }] }] });
    let made = world.rig.post("/cgi-bin/menu/create", &[("access_token", &token)], &menu).await;
    assert_eq!(made.errcode(), 0, "{}", made.text);
    let shown = seen("xiaoming").await;
    assert_eq!((&shown["buttons"][0]["event"], &shown["buttons"][0]["event_key"]), (&json!("CLICK"), &json!("V1")));
    let more = &shown["buttons"][1];
    assert!(more.get("event").is_none());
    let events: Vec<&Value> = more["sub_button"].as_array().unwrap().iter().map(|button| &button["event"]).collect();
    assert_eq!(events, [&json!("VIEW"), &json!("scancode_waitmsg"), &Value::Null]);
    let report = world.rig.emulator.event("xiaoming", "official", "VIEW", "https://example.com/").await;
    assert!(report.body.contains(&format!("<MenuId>{}</MenuId>", shown["menu_id"])), "{}", report.body);
    assert_eq!(world.rig.get("/_emulator/accounts/official/menu", &[("persona", "x")]).await.status, 404);
}

#[tokio::test]
async fn wechat_tells_what_became_of_messages_and_agreements() {
    let world = World::new().await;
    let token = world.rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let query = [("access_token", token.as_str())];
    let openid = world.rig.emulator.openid("xiaoming", "official");
    world.rig.emulator.engine().follow("xiaoming", "official", None).unwrap();
    for (id, subscription) in [("T", false), ("S", true)] {
        let template = json!({ "account": "official", "template_id": id, "title": id, "fields": ["thing1"], "subscription": subscription });
        world.rig.post("/_emulator/templates", &[], &template).await;
    }
    let data = json!({ "thing1": { "value": "课" } });
    let sent = json!({ "touser": openid, "template_id": "T", "data": data });
    let msgid = world.rig.post("/cgi-bin/message/template/send", &query, &sent).await.json["msgid"].to_string();
    let finished = world.service.until(1).await.remove(0);
    assert_eq!([field(&finished, "Event"), field(&finished, "MsgID")], ["TEMPLATESENDJOBFINISH", msgid.as_str()]);
    assert_eq!(field(&finished, "FromUserName"), openid);
    let accept = json!({ "account": "official", "template_id": "S", "action": "accept", "count": 2 });
    world.post("subscriptions", &accept).await;
    let popups = world.service.until(3).await.split_off(1);
    assert!(popups.iter().all(|popup| field(popup, "SubscribeStatusString") == "accept"));
    let sent = json!({ "touser": openid, "template_id": "S", "data": data });
    assert_eq!(world.rig.post("/cgi-bin/message/subscribe/bizsend", &query, &sent).await.errcode(), 0);
    let told = world.service.until(4).await.remove(3);
    assert_eq!([field(&told, "Event"), field(&told, "ErrorStatus")], ["subscribe_msg_sent_event", "success"]);
    world.post("subscriptions", &json!({ "account": "official", "template_id": "S", "action": "ban" })).await;
    assert_eq!(field(&world.service.until(5).await[4], "Event"), "subscribe_msg_change_event");
    // An agreement given by the event itself counts too.
    let popup = json!({ "account": "official", "event": "subscribe_msg_popup_event", "template_id": "S" });
    world.post("events", &popup).await;
    assert_eq!(world.rig.post("/cgi-bin/message/subscribe/bizsend", &query, &sent).await.errcode(), 0);
    assert_eq!(world.rig.post("/cgi-bin/message/subscribe/bizsend", &query, &sent).await.errcode(), 43101);
}

#[tokio::test]
async fn nothing_is_told_without_an_address() {
    let rig = Rig::new().await;
    let followed = rig.emulator.follow("xiaoming", "official").await;
    assert_eq!((followed.report.outcome, followed.changed), (DeliveryOutcome::NotConfigured, true));
    assert!(followed.report.body.contains("subscribe"));
    rig.emulator.accept_notifications("xiaoming", "official", "T", 3);
    assert_eq!(rig.emulator.engine().deliveries(None, None, 0).unwrap().len(), 1);
}

#[tokio::test]
async fn a_conversation_with_staff_is_told() {
    let world = World::new().await;
    let token = world.rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let query = [("access_token", token.as_str())];
    let post = async |path: &str, body: Value| {
        let answer = world.rig.post(path, &query, &body).await;
        assert_eq!(answer.errcode(), 0, "{path}: {}", answer.text);
    };
    let member = json!({ "kf_account": "a@official", "nickname": "客服" });
    post("/customservice/kfaccount/add", member).await;
    post("/customservice/kfaccount/inviteworker", json!({ "kf_account": "a@official", "invite_wx": "advisor-li" }))
        .await;
    for action in ["accept", "online"] {
        let act = json!({ "account": "official", "kf_account": "a@official", "action": action });
        let answer = world.rig.post("/_emulator/personas/advisor-li/staff", &[], &act).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let openid = world.rig.emulator.openid("xiaoming", "official");
    let session = json!({ "kf_account": "a@official", "openid": openid });
    post("/customservice/kfsession/create", session.clone()).await;
    post("/customservice/kfsession/create", session.clone()).await;
    post("/customservice/kfsession/close", session).await;
    let seen = world.service.until(2).await;
    assert_eq!(seen.iter().map(|it| field(it, "Event")).collect::<Vec<_>>(), ["kf_create_session", "kf_close_session"]);
    assert_eq!(field(&seen[0], "KfAccount"), "a@official");
}
