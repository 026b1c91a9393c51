//! What WeChat tells about subscribe messages changes credits, and ends uncertainties.

use http::StatusCode;
use serde_json::json;
use weiqiao_app::worker::Worker;
use weixin_emulator::Fault;
use weixin_proto::callback::Mode;

use super::{Desk, OURS, account, signed};
use crate::testing::World;

const TEMPLATE: &str = "weiqiao-demo-customer-notification-template";

/// An event about the advisor and the template, of now.
async fn event(desk: &Desk, name: &str, wrapper: &str, item: &str) {
    event_of(desk, desk.world.now_s(), name, wrapper, item).await;
}

/// One that happened then and comes now.
async fn event_of(desk: &Desk, happened: i64, name: &str, wrapper: &str, item: &str) {
    let (world, now) = (&desk.world, desk.world.now_s());
    let openid = world.emulator.openid("advisor-li", "mini");
    let inner = format!(
        "<xml><ToUserName><![CDATA[{OURS}]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>\
         <CreateTime>{happened}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>\
         <{wrapper}><List><TemplateId><![CDATA[{TEMPLATE}]]></TemplateId>{item}</List></{wrapper}></xml>"
    );
    let mut sent = signed(desk.mode, World::MINI, OURS, &inner, now);
    sent.path = "/wx/mini".to_owned();
    desk.deliver(&sent).await.is(StatusCode::OK);
}

async fn first(desk: &Desk, list: &str) -> serde_json::Value {
    let call = desk.world.request("GET", &format!("/api/admin/{list}")).api_key(World::API_KEY);
    call.send().await.is(StatusCode::OK).data()["items"][0].clone()
}

#[tokio::test]
async fn events_count_and_end_uncertainties() {
    let desk = Desk::with(Mode::Safe, |settings| settings.accounts.push(account("mini", Mode::Safe))).await;
    let world = &desk.world;
    let openid = world.emulator.openid("advisor-li", "mini");
    let body = json!({"advisorId": "li", "openid": openid, "templateId": TEMPLATE, "subscribed": true}).to_string();
    world.post("/api/advisor/subscribe", body).await.is(StatusCode::OK);
    let accept = "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString><PopupScene>0</PopupScene>";
    for credits in [1, 2] {
        event(&desk, "subscribe_msg_popup_event", "SubscribeMsgPopupEvent", accept).await;
        assert_eq!(first(&desk, "subscriptions").await["credits"], credits);
        world.advance(std::time::Duration::from_secs(1));
    }

    let declined = "<SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString><PopupScene>0</PopupScene>";
    event(&desk, "subscribe_msg_popup_event", "SubscribeMsgPopupEvent", declined).await;
    let kept = first(&desk, "subscriptions").await;
    assert_eq!(
        (&kept["credits"], &kept["active"]),
        (&json!(2), &json!(true)),
        "one sheet more that gives nothing takes nothing"
    );

    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 1);
    world.emulator.fault(Fault::on("/cgi-bin/message/subscribe/send").status(502).deliver().times(1));
    let action = json!({"customerId": "o1", "advisorId": "li", "actionType": "other", "actionData": {}}).to_string();
    world.post("/api/customer/action", action).await.is(StatusCode::OK);
    Worker::new(world.app.clone()).run_due().await.unwrap();
    assert_eq!(first(&desk, "notifications").await["status"], "uncertain");
    let arrived =
        "<MsgID>1700000000000000000</MsgID><ErrorCode>0</ErrorCode><ErrorStatus><![CDATA[success]]></ErrorStatus>";
    event(&desk, "subscribe_msg_sent_event", "SubscribeMsgSentEvent", arrived).await;
    let sent = first(&desk, "notifications").await;
    assert_eq!((&sent["status"], &sent["msgid"]), (&json!("sent"), &json!("1700000000000000000")));
    assert_eq!(first(&desk, "actions").await["notified"], true);
    assert_eq!(first(&desk, "subscriptions").await["credits"], 1);
    world.advance(std::time::Duration::from_secs(120));
    Worker::new(world.app.clone()).run_due().await.unwrap();
    assert_eq!(world.wechat_calls("/cgi-bin/message/subscribe/send"), 1, "no repeat of what arrived");

    let reject = "<SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString>";
    event(&desk, "subscribe_msg_change_event", "SubscribeMsgChangeEvent", reject).await;
    assert_eq!(first(&desk, "subscriptions").await["credits"], 0);
}

/// T-36: what people say in the mini program and WeChat's events about it come in any order.
#[tokio::test]
async fn t_36_a_late_event_takes_back_nothing_newer() {
    let desk = Desk::with(Mode::Safe, |settings| settings.accounts.push(account("mini", Mode::Safe))).await;
    let world = &desk.world;
    let openid = world.emulator.openid("advisor-li", "mini");
    let body = json!({"advisorId": "li", "openid": openid, "templateId": TEMPLATE, "subscribed": true}).to_string();
    let reject = "<SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString>";
    let change = async |happened: i64| {
        event_of(&desk, happened, "subscribe_msg_change_event", "SubscribeMsgChangeEvent", reject).await;
        first(&desk, "subscriptions").await["credits"].clone()
    };
    let before = world.now_s();
    world.advance(std::time::Duration::from_secs(60));
    world.post("/api/advisor/subscribe", &body).await.is(StatusCode::OK);
    assert_eq!(change(before).await, 1, "they allowed it again since");
    assert_eq!(change(world.now_s()).await, 0, "in the same second the refusal counts");
    world.advance(std::time::Duration::from_secs(60));
    world.post("/api/advisor/subscribe", &body).await.is(StatusCode::OK);
    assert_eq!(first(&desk, "subscriptions").await["credits"], 1);
    assert_eq!(change(before).await, 1, "a copy of an old one changes nothing");
}
