//! Callbacks: how they are composed, protected and signed, and how answers are taken.

use std::time::Duration;

use serde_json::{Value, json};
use weixin_emulator::{
    Act, CallbackSettings, Channel, DeliveryFormat, DeliveryMode, DeliveryOutcome, Emulator, callback_kinds,
};
use weixin_proto::callback::{Format, Inbound, Kind, Limits, message::Message};

use crate::receiver::{Answer, KEY, Service, answer, body, opened, say};
use crate::rig::{MINI, OFFICIAL, Rig};

const MODES: [&str; 3] = ["plain", "compatible", "safe"];

/// An emulator that gives up soon.
async fn hasty(timeout_ms: u64) -> Emulator {
    let emulator = Emulator::start().await;
    emulator.engine().change_settings(&json!({ "callback_timeout_ms": timeout_ms })).unwrap();
    emulator
}

#[tokio::test]
async fn every_mode_and_format_is_signed_sealed_and_answered() {
    for (account, app_id) in [("official", OFFICIAL), ("mini", MINI)] {
        for mode in MODES {
            for format in ["xml", "json"] {
                let service = Service::new(move |_, seen| match app_id {
                    OFFICIAL => say(seen, app_id, mode, "你说 hello"),
                    _ => body("success"),
                })
                .await;
                let emulator = Emulator::start().await;
                service.attach(&emulator, account, mode, format);
                let report = emulator.say("xiaoming", account, "hello]]>🐱").await;
                let what = format!("{account} {mode} {format}: {report:?}");
                let seen = service.seen().remove(0);
                let push = opened(&seen, app_id, mode);
                assert_eq!(push.is_encrypted(), mode == "safe" || mode == "compatible", "{what}");
                assert_eq!(push.format(), if format == "json" { Format::Json } else { Format::Xml }, "{what}");
                let Kind::Message(Message::Text(text)) = &push.inbound.kind else { panic!("{what}") };
                assert_eq!(text.content, "hello]]>🐱");
                let openid = emulator.openid("xiaoming", account);
                assert_eq!((push.inbound.from.as_str(), &seen.query["openid"]), (openid.as_str(), &openid));
                assert_eq!(seen.query["own"], "1", "the address keeps its own query");
                assert_eq!(seen.content_type, if format == "json" { "application/json" } else { "text/xml" });
                assert_eq!(seen.query.get("encrypt_type").map(String::as_str), (mode != "plain").then_some("aes"));
                assert_eq!(seen.body.contains("hello"), mode != "safe", "{what}");
                if account == "official" {
                    assert_eq!(report.outcome, DeliveryOutcome::Replied, "{what}");
                    assert_eq!(json!(report.reply), json!({ "type": "text", "content": "你说 hello" }));
                    let inner = report.attempts[0].response.as_ref().unwrap().inner.as_deref();
                    assert_eq!(inner.is_some_and(|inner| inner.contains("你说 hello")), mode != "plain", "{what}");
                    let received = emulator.received("xiaoming").remove(0);
                    assert_eq!(
                        (received.channel, received.content),
                        (Channel::Reply, json!({ "content": "你说 hello" }))
                    );
                } else {
                    assert_eq!((report.outcome, report.shown), (DeliveryOutcome::Empty, false), "{what}");
                }
                assert!(report.body.contains("hello") && report.attempts[0].error.is_none(), "{what}");
                let steps = &report.attempts[0].signature;
                assert_eq!(steps.sha1, seen.query[steps.name.as_str()]);
                assert_eq!((steps.encrypt, steps.sorted.len()), (mode != "plain", if mode == "plain" { 3 } else { 4 }));
                assert!(!json!(steps).to_string().contains("AAAAA"), "the token is masked");
            }
        }
    }
}

#[tokio::test]
async fn every_name_is_composed_as_another_reader_expects_it() {
    let emulator = Emulator::start().await;
    for kind in callback_kinds() {
        let account =
            if kind.accounts.len() == 1 && json!(kind.accounts) == json!(["mini"]) { "mini" } else { "official" };
        for format in [DeliveryFormat::Xml, DeliveryFormat::Json] {
            let act = if kind.kind == "message" { Act::message(kind.name) } else { Act::event(kind.name) };
            let report = emulator.act("xiaohong", account, act.format(format)).await;
            assert_eq!((report.outcome, report.attempts.len()), (DeliveryOutcome::NotConfigured, 0));
            let inbound = Inbound::parse(report.body.clone(), &Limits::default()).unwrap();
            if kind.fields.is_empty() && kind.name != "ENTER" {
                continue;
            }
            let shown = serde_json::to_value(&inbound).unwrap();
            assert_eq!(shown["known"], true, "{}: {:?}\n{}", kind.name, inbound.problem(), report.body);
            let name = if kind.kind == "message" { &shown["type"] } else { &shown["event"] };
            assert_eq!(name, kind.name);
        }
    }
}

#[tokio::test]
async fn a_name_nobody_knows_goes_out_with_what_is_given() {
    let emulator = Emulator::start().await;
    let act = Act::event("brand_new").with("Things", json!([{ "A": 1 }, { "A": "x" }])).key("k");
    let report = emulator.act("xiaoming", "official", act).await;
    for part in
        ["<Event><![CDATA[brand_new]]>", "<EventKey><![CDATA[k]]>", "<Things><A>1</A></Things><Things><A><![CDATA[x]]>"]
    {
        assert!(report.body.contains(part), "{part} in {}", report.body);
    }
    assert_eq!((report.name.as_str(), report.key.as_deref()), ("brand_new", Some("k")));
    let spelled = emulator.event("xiaoming", "official", "wifiCONNECTED", "").await;
    assert_eq!(spelled.name, "wificonnected", "WeChat's spelling");
}

#[tokio::test]
async fn json_takes_wechats_freedoms() {
    let emulator = Emulator::start().await;
    let popup = |items: Value| Act::event("subscribe_msg_popup_event").with("List", items).format(DeliveryFormat::Json);
    let item = |id: &str| json!({ "TemplateId": id, "SubscribeStatusString": "accept", "PopupScene": 0 });
    let read =
        async |act: Act| -> Value { serde_json::from_str(&emulator.act("xiaoming", "mini", act).await.body).unwrap() };
    let one = read(popup(json!([item("a")]))).await;
    assert!(one["CreateTime"].is_string() && one["List"].is_object(), "{one}");
    assert_eq!(one["List"]["PopupScene"], "0");
    assert_eq!(read(popup(json!([item("a"), item("b")]))).await["List"].as_array().unwrap().len(), 2);
    emulator.engine().change_settings(&json!({ "json_single_list": "array" })).unwrap();
    assert!(read(popup(json!([item("a")]))).await["List"].is_array());
    let text = read(Act::text("x").format(DeliveryFormat::Json).msg_id(u64::MAX)).await;
    assert!(text["CreateTime"].is_i64() && text["MsgId"].as_u64() == Some(u64::MAX), "{text}");
}

#[tokio::test]
async fn a_lost_answer_is_waited_for_three_times_with_the_same_body() {
    let service = Service::new(|_, _| Answer::Hold).await;
    let emulator = hasty(50).await;
    service.attach(&emulator, "official", "safe", "xml");
    let report = emulator.say("xiaoming", "official", "hello").await;
    let seen = service.until(3).await;
    service.release();
    assert_eq!((report.outcome, report.attempts.len(), seen.len()), (DeliveryOutcome::Failed, 3, 3));
    assert_eq!(report.attempts.iter().map(|attempt| attempt.n).collect::<Vec<_>>(), [1, 2, 3]);
    for attempt in &report.attempts {
        assert!(attempt.ms >= 50 && attempt.status.is_none(), "{attempt:?}");
        assert!(attempt.error.as_deref().unwrap().contains("within 50 ms"), "{attempt:?}");
    }
    assert!(seen.iter().all(|it| it.body == seen[0].body), "the same body");
    assert_ne!(seen[0].query["nonce"], seen[1].query["nonce"]);
    assert_ne!(seen[0].query["msg_signature"], seen[1].query["msg_signature"]);
    let notice = "该公众号提供的服务出现故障，请稍后再试";
    assert_eq!((report.notice.as_deref(), report.shown), (Some(notice), true));
    let line = emulator.received("xiaoming").remove(0);
    assert_eq!((line.channel, line.content), (Channel::System, json!({ "content": notice })));
}

#[tokio::test]
async fn an_answer_to_a_later_attempt_counts() {
    let service = Service::new(|n, seen| match n {
        0 => Answer::Drop,
        1 => Answer::Body(502, "<html>bad gateway</html>".to_owned()),
        _ => say(seen, OFFICIAL, "plain", "at last"),
    })
    .await;
    let emulator = Emulator::start().await;
    service.attach(&emulator, "official", "plain", "xml");
    let report = emulator.say("xiaoming", "official", "hello").await;
    assert_eq!((report.outcome, report.attempts.len()), (DeliveryOutcome::Replied, 3));
    assert!(report.attempts[0].error.as_deref().unwrap().contains("broke"), "{:?}", report.attempts[0]);
    assert_eq!(report.attempts[1].status, Some(502));
    assert!(report.notice.is_none() && emulator.received("xiaoming").len() == 1);
    emulator.engine().change_settings(&json!({ "callback_retry_status": false })).unwrap();
    let service = Service::new(|_, _| Answer::Body(302, String::new())).await;
    service.attach(&emulator, "official", "plain", "xml");
    let report = emulator.say("xiaoming", "official", "hello").await;
    assert_eq!((report.outcome, report.attempts.len()), (DeliveryOutcome::Failed, 1));
}

#[tokio::test]
async fn nobody_listening_is_a_failure_too() {
    let emulator = Emulator::start().await;
    let service = Service::new(|_, _| body("success")).await;
    service.attach(&emulator, "mini", "safe", "json");
    // Nothing listens on port 1.
    emulator.set_callback("mini", CallbackSettings { url: Some("http://127.0.0.1:1/".into()), ..Default::default() });
    let report = emulator.say("xiaoming", "mini", "hello").await;
    assert_eq!((report.outcome, report.attempts.len()), (DeliveryOutcome::Failed, 3));
    assert!(report.attempts[0].error.as_deref().unwrap().starts_with("no connection"), "{:?}", report.attempts[0]);
    assert_eq!(report.notice.as_deref(), Some("该小程序提供的服务出现故障，请稍后再试"));
    assert!(service.seen().is_empty());
}

#[tokio::test]
async fn a_wrong_answer_is_told_to_the_person_and_not_tried_again() {
    let whole = "<xml><ToUserName>OPENID</ToUserName><FromUserName>GH</FromUserName><CreateTime>1</CreateTime>\
                 <MsgType>text</MsgType><Content>hi</Content></xml>";
    let cases = [
        ("plain", "ok".to_owned(), "no XML"),
        ("plain", "{\"MsgType\":\"text\"}".to_owned(), "no XML"),
        ("plain", whole.replace("OPENID", "oSomebody"), "ToUserName"),
        ("plain", whole.replace("hi", ""), "Content"),
        ("plain", format!("<!DOCTYPE xml>{whole}"), "no XML"),
        ("safe", whole.to_owned(), "not encrypted"),
        (
            "safe",
            "<xml><Encrypt>AAAA</Encrypt><MsgSignature>0</MsgSignature><TimeStamp>1</TimeStamp><Nonce>n</Nonce></xml>"
                .to_owned(),
            "MsgSignature",
        ),
        (
            "plain",
            whole.replace("text", "image").replace("<Content>hi</Content>", "<Image><MediaId>none</MediaId></Image>"),
            "living file",
        ),
    ];
    for (mode, text, word) in cases {
        let emulator = Emulator::start().await;
        let openid = emulator.openid("xiaoming", "official");
        let original = emulator.engine().account("official").unwrap().original_id;
        let text = text.replace("OPENID", &openid).replace("GH", &original);
        let service = Service::new(move |_, _| body(text.clone())).await;
        service.attach(&emulator, "official", mode, "xml");
        let report = emulator.say("xiaoming", "official", "hello").await;
        assert_eq!((report.outcome, report.attempts.len()), (DeliveryOutcome::Failed, 1), "{word}");
        let error = report.attempts[0].error.clone().unwrap();
        assert!(error.contains(word), "{error}");
        assert!(report.notice.is_some() && report.attempts[0].status == Some(200));
    }
}

#[tokio::test]
async fn a_reply_nobody_waits_for_is_not_shown() {
    let service = Service::new(|_, seen| say(seen, OFFICIAL, "safe", "bye")).await;
    let emulator = hasty(200).await;
    service.attach(&emulator, "official", "safe", "xml");
    let report = emulator.event("xiaoming", "official", "VIEW", "https://example.com/").await;
    assert_eq!((report.outcome, report.shown), (DeliveryOutcome::Replied, false));
    assert!(report.reply.is_some() && !report.remarks.is_empty() && emulator.received("xiaoming").is_empty());
    drop(service);
    emulator
        .set_callback("official", CallbackSettings { url: Some("http://127.0.0.1:1/".into()), ..Default::default() });
    let report = emulator.event("xiaoming", "official", "VIEW", "https://example.com/").await;
    assert_eq!((report.outcome, report.notice), (DeliveryOutcome::Failed, None));
    assert!(emulator.received("xiaoming").is_empty());
}

#[tokio::test]
async fn a_message_handed_over_waits_for_staff() {
    let service = Service::new(|_, seen| {
        let transfer = serde_json::from_value(json!({ "type": "transfer_customer_service" })).unwrap();
        answer(seen, OFFICIAL, "safe", &transfer)
    })
    .await;
    let rig = Rig::new().await;
    service.attach(&rig.emulator, "official", "safe", "xml");
    let report = rig.emulator.say("xiaoming", "official", "人工").await;
    assert_eq!(json!(report.reply), json!({ "type": "transfer_customer_service" }));
    assert_eq!(rig.emulator.received("xiaoming")[0].kind, "transfer_customer_service");
    let token = rig.token(OFFICIAL, crate::rig::OFFICIAL_SECRET).await;
    let waiting = rig.get("/customservice/kfsession/getwaitcase", &[("access_token", &token)]).await;
    assert_eq!(waiting.json["waitcaselist"][0]["openid"], rig.emulator.openid("xiaoming", "official"));
}

#[tokio::test]
async fn copies_come_together_and_count_once() {
    let service = Service::new(|_, seen| say(seen, OFFICIAL, "plain", "once")).await;
    let emulator = Emulator::start().await;
    service.attach(&emulator, "official", "plain", "xml");
    let act = Act::text("hello").copies(3).shuffle();
    let options = weixin_emulator::DeliveryOptions { copies: 3, shuffle: true, delay_ms: 20, ..Default::default() };
    for act in [act.clone().options(options), Act::text("hello").copies(3)] {
        let before = service.seen().len();
        let report = emulator.act("xiaoming", "official", act).await;
        let seen = service.seen().split_off(before);
        assert_eq!((seen.len(), report.attempts.len()), (3, 3));
        assert!(seen.iter().all(|it| it.body == seen[0].body));
        let mut copies: Vec<u32> = report.attempts.iter().map(|attempt| attempt.copy).collect();
        copies.sort_unstable();
        assert_eq!(copies, [1, 2, 3]);
    }
    assert_eq!(emulator.received("xiaoming").len(), 2, "one reply each");
}

#[tokio::test]
async fn who_has_been_asked_for_the_echostr_says_so() {
    let emulator = Emulator::start().await;
    let service = Service::new(|n, seen| match n {
        0 => body(seen.query["echostr"].clone()),
        1 => body(format!("\"{}\"", seen.query["echostr"])),
        _ => Answer::Body(403, "验证失败".to_owned()),
    })
    .await;
    assert!(emulator.engine().verify_callback("official").await.unwrap_err().to_string().contains("no callback_url"));
    service.attach(&emulator, "official", "safe", "xml");
    let good = emulator.engine().verify_callback("official").await.unwrap();
    assert!(good.ok && good.body.as_deref() == Some(&*good.echostr), "{good:?}");
    let asked = service.seen().remove(0);
    assert_eq!((asked.method.as_str(), &asked.query["signature"]), ("GET", &good.signature.sha1));
    let receiver = crate::receiver::reader(OFFICIAL, "safe");
    let query = weixin_proto::callback::Query::from_pairs(asked.query.iter().map(|(k, v)| (k, v.as_str()))).unwrap();
    assert_eq!(receiver.verify_echo(&query, query.timestamp.parse().unwrap()).unwrap(), good.echostr);
    let quoted = emulator.engine().verify_callback("official").await.unwrap();
    assert!(!quoted.ok && quoted.error.unwrap().contains("exactly"));
    let refused = emulator.engine().verify_callback("official").await.unwrap();
    assert_eq!((refused.ok, refused.status), (false, Some(403)));
}

#[tokio::test]
async fn a_mistaken_act_changes_nothing() {
    let rig = Rig::new().await;
    let post = async |what: &str, body: Value| {
        let answer = rig.post(&format!("/_emulator/personas/xiaoming/{what}"), &[], &body).await;
        (answer.status, answer.json["error"].as_str().unwrap_or_default().to_owned())
    };
    for (what, given, status, word) in [
        ("messages", json!({ "type": "text" }), 400, "account is missing"),
        ("messages", json!({ "account": "official" }), 400, "type is missing"),
        ("messages", json!({ "account": "nobody", "type": "text" }), 404, "nobody"),
        ("messages", json!({ "account": "website", "type": "text" }), 400, "website"),
        ("messages", json!({ "account": "mini", "type": "voice" }), 400, "never pushed to mini programs"),
        ("messages", json!({ "account": "official", "type": "text", "contents": "x" }), 400, "contents"),
        ("messages", json!({ "account": "official", "type": "text", "content": [] }), 400, "Content"),
        ("events", json!({ "account": "official", "event": "subscribe", "copies": 101 }), 400, "copies"),
        ("events", json!({ "account": "official", "event": "subscribe", "mode": "open" }), 400, "open"),
        ("events", json!({ "account": "official", "event": "subscribe", "nothing": 1 }), 400, "nothing"),
        ("follow", json!({ "account": "mini" }), 400, "not an official account"),
        ("follow", json!({ "account": "official", "colour": 1 }), 400, "colour"),
        ("scan", json!({ "scene": "x" }), 400, "account"),
        ("scan", json!({ "ticket": "a", "url": "b" }), 400, "one of"),
        ("scan", json!({ "ticket": "none" }), 404, "no QR code"),
    ] {
        let (found, error) = post(what, given.clone()).await;
        assert!(found == status && error.contains(word), "{what} {given}: {found} {error}");
    }
    rig.emulator.set_callback("official", CallbackSettings { url: Some("http://a/".into()), ..Default::default() });
    let (status, error) = post("follow", json!({ "account": "official" })).await;
    assert!(status == 400 && error.contains("no token"), "{error}");
    assert!(rig.emulator.engine().persona("xiaoming").unwrap().follows.is_empty());
    assert_eq!(rig.get("/_emulator/deliveries", &[]).await.json, json!([]));
    let key = CallbackSettings { token: Some("t0ken".into()), mode: Some("safe".into()), ..Default::default() };
    rig.emulator.set_callback("official", key);
    assert!(post("follow", json!({ "account": "official" })).await.1.contains("aes_key"));
}

#[tokio::test]
async fn options_reach_the_body_and_the_address() {
    let service = Service::new(|_, _| body("")).await;
    let emulator = Emulator::start().await;
    service.attach(&emulator, "official", "plain", "xml");
    let mut options = weixin_emulator::DeliveryOptions {
        mode: Some(DeliveryMode::Safe),
        create_time: Some(1_600_000_000),
        timestamp: Some(1_600_000_001),
        msg_id: Some("42".into()),
        ..Default::default()
    };
    options.fields.insert("Content".into(), "other".into());
    options.fields.insert("Extra".into(), 5.into());
    options.fields.insert("MsgType".into(), Value::Null);
    let report = emulator.act("xiaoming", "official", Act::text("hello").options(options)).await;
    for part in ["<CreateTime>1600000000</CreateTime>", "<MsgId>42</MsgId>", "<![CDATA[other]]>", "<Extra>5</Extra>"] {
        assert!(report.body.contains(part), "{part} in {}", report.body);
    }
    assert!(!report.body.contains("MsgType"));
    let seen = service.seen().remove(0);
    assert_eq!((seen.query["timestamp"].as_str(), seen.query["encrypt_type"].as_str()), ("1600000001", "aes"));
    assert!(KEY.len() == 43 && report.mode == DeliveryMode::Safe && report.outcome == DeliveryOutcome::Empty);
}

#[tokio::test]
async fn the_report_comes_even_if_nobody_waits_for_the_call() {
    let service = Service::new(|_, _| Answer::Hold).await;
    let rig = Rig::new().await;
    service.attach(&rig.emulator, "official", "plain", "xml");
    let url = rig.url("/_emulator/personas/xiaoming/messages");
    let request = rig.http.post(url).json(&json!({ "account": "official", "type": "text" }));
    let call = tokio::spawn(request.send());
    service.until(1).await;
    let running = rig.get("/_emulator/deliveries", &[("account", "official"), ("persona", "xiaoming")]).await.json;
    assert_eq!(running[0]["outcome"], "running");
    call.abort();
    service.release();
    let mut feed = rig.http.get(rig.url("/_emulator/events")).header("last-event-id", "0").send().await.unwrap();
    let mut text = String::new();
    while !text.contains(r#""stage":"finished""#) {
        let chunk = tokio::time::timeout(Duration::from_secs(10), feed.chunk()).await.unwrap().unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(text.contains("event: delivery") && text.contains(r#""stage":"attempt""#));
    assert_eq!(rig.get("/_emulator/deliveries", &[]).await.json[0]["outcome"], "empty");
    assert_eq!(rig.get("/_emulator/deliveries", &[("after", "1")]).await.json, json!([]));
    rig.emulator.reset();
    assert_eq!(rig.get("/_emulator/deliveries", &[]).await.json, json!([]));
}

#[tokio::test]
async fn a_reset_ends_what_is_on_its_way() {
    let service = Service::new(|_, _| Answer::Hold).await;
    let emulator = Emulator::start().await;
    service.attach(&emulator, "official", "plain", "xml");
    let engine = std::sync::Arc::clone(emulator.engine());
    let waiting = tokio::spawn(async move { engine.act("xiaoming", "official", Act::text("hello")).await });
    service.until(1).await;
    emulator.reset();
    assert!(waiting.await.unwrap().unwrap_err().to_string().contains("was reset"));
    assert!(emulator.engine().deliveries(None, None, 0).unwrap().is_empty());
    assert!(emulator.received("xiaoming").is_empty() && service.seen().len() == 1);
}
