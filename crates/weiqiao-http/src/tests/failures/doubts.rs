//! A message that may have arrived, and then nobody wants it any more.

use serde_json::json;
use weixin_emulator::Fault;

use super::{Office, SEND, TEMPLATE};
use crate::testing::World;

/// A message whose answer was lost; WeChat never took it.
async fn in_doubt() -> Office {
    let office = Office::new().await;
    office.world.emulator.fault(Fault::on(SEND).reset().times(1));
    office.act().await;
    office.work().await;
    assert_eq!((office.statuses().await, office.sends()), (vec!["uncertain".to_owned()], 1));
    office
}

async fn stays_in_doubt(office: &Office) {
    for _ in 0..3 {
        office.work_after(7_200).await;
    }
    let all = office.notifications().await;
    assert_eq!((&all[0]["status"], &all[0]["next_attempt_at"]), (&json!("uncertain"), &json!(null)), "{}", all[0]);
    assert!(all[0]["last_error"].as_str().is_some_and(|text| text.contains("不再发送")), "{}", all[0]);
    assert_eq!(office.arrived(), 0);
}

#[tokio::test]
async fn whoever_unsubscribed_gets_no_repeat() {
    let office = in_doubt().await;
    let openid = office.world.emulator.openid("advisor-li", "mini");
    let body = json!({"advisorId": "li", "openid": openid, "templateId": TEMPLATE, "subscribed": false});
    office.world.post("/api/advisor/subscribe", body.to_string()).await.is(http::StatusCode::OK);
    stays_in_doubt(&office).await;
    assert_eq!(office.sends(), 1);
}

#[tokio::test]
async fn whoever_is_no_longer_the_advisor_gets_no_repeat() {
    let office = in_doubt().await;
    let other = office.world.emulator.openid("xiaohong", "mini");
    let body = json!({"advisor_id": "li", "openid": other});
    let call = office.world.request("POST", "/api/admin/advisors").api_key(World::API_KEY).json(&body.to_string());
    call.send().await.is(http::StatusCode::OK);
    stays_in_doubt(&office).await;
    assert_eq!(office.sends(), 1);
}

/// No leave is left, as another message heard: nothing more is sent before there is new leave.
#[tokio::test]
async fn a_used_up_leave_ends_the_repeats_of_others_too() {
    let office = in_doubt().await;
    office.world.emulator.fault(Fault::on(SEND).errcode(43101).times(1));
    office.act().await;
    office.work().await;
    stays_in_doubt(&office).await;
    assert_eq!((office.statuses().await, office.sends()), (vec!["uncertain".to_owned(), "refused".to_owned()], 2));
}
