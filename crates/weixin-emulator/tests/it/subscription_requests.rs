//! `wx.requestSubscribeMessage` as the phone drives it: the sheet, kept answers, the settings page, and what a send finds.

use serde_json::{Value, json};
use weixin_emulator::{AgreementSeed, Config, Emulator};

use crate::receiver::{Seen, Service, body};
use crate::rig::{MINI, MINI_SECRET, Rig};

const TEMPLATE: &str = "weiqiao-demo-customer-notification-template";

async fn ask(rig: &Rig, more: Value) -> Value {
    let mut request = json!({ "account": "mini", "template_ids": [TEMPLATE] });
    for (key, value) in more.as_object().unwrap() {
        request[key] = value.clone();
    }
    rig.post("/_emulator/personas/advisor-li/subscription-requests", &[], &request).await.json
}

async fn settings(rig: &Rig) -> Value {
    rig.get("/_emulator/personas/advisor-li/subscription-settings", &[("account", "mini")]).await.json
}

async fn change(rig: &Rig, change: Value) -> Value {
    let mut request = json!({ "account": "mini" });
    for (key, value) in change.as_object().unwrap() {
        request[key] = value.clone();
    }
    rig.post("/_emulator/personas/advisor-li/subscription-settings", &[], &request).await.json
}

/// What a send to the advisor comes to.
async fn send(rig: &Rig) -> i64 {
    let token = rig.token(MINI, MINI_SECRET).await;
    let value = |text: &str| json!({ "value": text });
    let message = json!({ "touser": rig.emulator.openid("advisor-li", "mini"), "template_id": TEMPLATE, "data": {
        "thing1": value("查看了您的简历"), "time2": value("2026-11-21 14:00:00"), "thing3": value("未提供"), "thing7": value("客户") } });
    rig.post("/cgi-bin/message/subscribe/send", &[("access_token", &token)], &message).await.errcode()
}

#[tokio::test]
async fn the_sheet_is_shown_first_and_each_acceptance_is_good_for_one_message() {
    let rig = Rig::new().await;
    let asked = ask(&rig, json!({})).await;
    assert_eq!(
        (&asked["ask"][0]["template_id"], &asked["ask"][0]["title"]),
        (&json!(TEMPLATE), &json!("客户动态提醒"))
    );
    assert_eq!(asked["ask"][0]["example"][0]["name"], "事项");
    assert_eq!(settings(&rig).await["items"][0]["left"], 0, "looking at a sheet agrees to nothing");
    let accepted = ask(&rig, json!({ "answers": { TEMPLATE: "accept" } })).await;
    assert_eq!(
        accepted,
        json!({ "errMsg": "requestSubscribeMessage:ok", "results": { TEMPLATE: "accept" }, "left": { TEMPLATE: 1 } })
    );
    assert_eq!((send(&rig).await, send(&rig).await), (0, 43101));
    let cancelled = ask(&rig, json!({ "answers": {} })).await;
    assert_eq!((&cancelled["results"][TEMPLATE], &cancelled["left"][TEMPLATE]), (&json!("reject"), &json!(0)));
    assert!(ask(&rig, json!({})).await["ask"].is_array(), "nothing was kept, so it is asked again");
}

#[tokio::test]
async fn a_kept_answer_shows_no_sheet_and_still_counts() {
    let rig = Rig::new().await;
    ask(&rig, json!({ "answers": { TEMPLATE: "accept" }, "always": true })).await;
    let again = ask(&rig, json!({})).await;
    assert_eq!((&again["results"][TEMPLATE], &again["left"][TEMPLATE]), (&json!("accept"), &json!(2)));
    assert_eq!(settings(&rig).await["items"][0]["kept"], "accept");
    let rejected = change(&rig, json!({ "template_id": TEMPLATE, "keep": "reject" })).await;
    assert_eq!((&rejected["items"][0]["kept"], &rejected["items"][0]["left"]), (&json!("reject"), &json!(0)));
    assert_eq!(ask(&rig, json!({})).await["results"][TEMPLATE], "reject");
    assert_eq!(send(&rig).await, 43101);
    change(&rig, json!({ "template_id": TEMPLATE, "keep": null })).await;
    assert!(ask(&rig, json!({})).await["ask"].is_array());
}

#[tokio::test]
async fn what_the_client_refuses_has_its_numbers() {
    let rig = Rig::new().await;
    let template = |id: &str, title: &str, long_term: bool| json!({ "account": "mini", "template_id": id, "title": title, "fields": ["thing1"], "long_term": long_term });
    for (id, title, long_term) in [("long", "长期", true), ("same", "客户动态提醒", false)] {
        rig.post("/_emulator/templates", &[], &template(id, title, long_term)).await;
    }
    for (ids, code) in [
        (json!([]), 10001),
        (json!([" "]), 10004),
        (json!(["unknown"]), 20001),
        (json!([TEMPLATE, "long"]), 20002),
        (json!(["a", "b", "c", "d", "e", "f"]), 20003),
    ] {
        let refused = ask(&rig, json!({ "template_ids": ids })).await;
        assert_eq!(refused["errCode"], code, "{refused}");
        assert!(refused["errMsg"].as_str().unwrap().starts_with("requestSubscribeMessage:fail "), "{refused}");
    }
    let filtered =
        ask(&rig, json!({ "template_ids": [TEMPLATE, "same"], "answers": { TEMPLATE: "accept", "same": "accept" } }))
            .await;
    assert_eq!((&filtered["results"]["same"], &filtered["left"]["same"]), (&json!("filter"), &json!(0)));
    let path = "/_emulator/personas/advisor-li/subscription-requests";
    for (account, status) in [("official", 400), ("nobody", 404)] {
        let request = json!({ "account": account, "template_ids": [TEMPLATE] });
        assert_eq!(rig.post(path, &[], &request).await.status, status);
    }
    assert_eq!(
        change(&rig, json!({ "template_id": "unknown", "keep": "accept" })).await["error"],
        "mini has no template \"unknown\""
    );
}

#[tokio::test]
async fn behind_the_main_switch_nothing_is_asked_and_nothing_arrives() {
    let rig = Rig::new().await;
    ask(&rig, json!({ "answers": { TEMPLATE: "accept" } })).await;
    assert_eq!(change(&rig, json!({ "main_switch": false })).await["main_switch"], false);
    assert_eq!(ask(&rig, json!({})).await["errCode"], 20004);
    assert_eq!(send(&rig).await, 43101);
    change(&rig, json!({ "main_switch": true })).await;
    assert_eq!(send(&rig).await, 0, "the agreement is still there");
}

#[tokio::test]
async fn the_service_is_told_of_what_was_on_the_sheet_and_of_changed_settings_only() {
    let rig = Rig::new().await;
    let service = Service::new(|_, _| body("success")).await;
    service.attach(&rig.emulator, "mini", "plain", "json");
    let read = |seen: &Seen| serde_json::from_str::<Value>(&seen.body).unwrap();
    ask(&rig, json!({ "answers": { TEMPLATE: "accept" }, "always": true })).await;
    let popup = read(&service.until(1).await[0]);
    assert_eq!(popup["Event"], "subscribe_msg_popup_event");
    assert_eq!(popup["List"], json!({ "TemplateId": TEMPLATE, "SubscribeStatusString": "accept", "PopupScene": "0" }));
    ask(&rig, json!({})).await;
    change(&rig, json!({ "template_id": TEMPLATE, "keep": "reject" })).await;
    let changed = read(&service.until(2).await[1]);
    assert_eq!(changed["Event"], "subscribe_msg_change_event", "the kept answer showed no popup");
    assert_eq!(changed["List"], json!({ "TemplateId": TEMPLATE, "SubscribeStatusString": "reject" }));
}

#[tokio::test]
async fn a_world_may_begin_with_agreements_and_returns_to_them() {
    let seed = |persona: &str, template_id: &str| AgreementSeed {
        account: "mini".into(),
        persona: persona.into(),
        template_id: template_id.into(),
        count: 2,
    };
    let with = |seed| Emulator::builder().config(Config { agreements: vec![seed], ..Config::default() });
    let rig = Rig::with(with(seed("advisor-li", TEMPLATE))).await;
    assert_eq!((send(&rig).await, send(&rig).await, send(&rig).await), (0, 0, 43101));
    rig.emulator.reset();
    assert_eq!(settings(&rig).await["items"][0]["left"], 2);
    for wrong in [seed("nobody", TEMPLATE), seed("advisor-li", "unknown")] {
        let refused = with(wrong).start().await.err().unwrap().to_string();
        assert!(refused.starts_with("agreements: "), "{refused}");
    }
}
