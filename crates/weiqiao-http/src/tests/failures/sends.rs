//! Messages that WeChat refuses, loses, or delivers without saying so.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use url::Url;
use weiqiao_app::settings::AuthMode;
use weixin_emulator::Fault;

use super::{Office, SEND, send, token_health_of};
use crate::testing::World;

fn fault(office: &Office, fault: Fault) {
    office.world.emulator.fault(fault);
}

/// Bodies that are no answer: each under 200 and, where it says so, under another status.
fn no_answers() -> Vec<(&'static str, Fault)> {
    let on = || Fault::on(SEND);
    vec![
        ("50x with HTML", on().status(502).body("<html><h1>502 Bad Gateway</h1></html>")),
        ("200 with HTML", on().body("<!DOCTYPE html><html>ok</html>")),
        ("nothing", on().body("")),
        ("nothing under 500", on().status(500)),
        ("an empty object", on().body("{}")),
    ]
}

#[tokio::test]
async fn fm_05_a_busy_wechat_may_have_delivered_all_the_same() {
    for delivered in [false, true] {
        let office = Office::new().await;
        let busy = Fault::on(SEND).errcode(-1);
        fault(&office, if delivered { busy.deliver() } else { busy });
        office.act().await;
        office.work().await;
        let first = office.notifications().await.remove(0);
        assert_eq!((&first["status"], &first["last_errcode"]), (&json!("uncertain"), &json!(-1)), "{first}");
        assert_eq!(office.verdicts(&first).await, ["uncertain"]);
        office.work_after(60).await;
        assert_eq!(office.sends(), 1, "WeChat's event may still tell");
        office.work_after(60).await;
        assert_eq!((office.statuses().await, office.sends()), (vec!["sent".to_owned()], 2));
        assert_eq!(office.arrived(), 1 + usize::from(delivered), "at most one more than uncertain tries");
    }
}

#[tokio::test]
async fn fm_06_a_used_up_day_waits_for_the_next_one() {
    let office = Office::new().await;
    fault(&office, Fault::on(SEND).errcode(45009).times(1));
    office.act().await;
    office.act().await;
    office.work().await;
    assert_eq!(office.sends(), 1, "the other one is not even tried");
    let hold = &token_health_of(&office.world, 1).await["holds"][0];
    // 2025-09-05T08:58:10Z is 16:58 in China; midnight there is at 16:00 UTC.
    let midnight = 1_757_088_000;
    assert_eq!((&hold["reason"], &hold["errcode"]), (&json!("quota"), &json!(45009)), "{hold}");
    assert!((midnight..midnight + 300).contains(&hold["until"].as_i64().unwrap()), "{hold}");
    office.work_after(u64::try_from(midnight - office.world.now_s() - 60).unwrap()).await;
    assert_eq!(office.sends(), 1);
    office.work_after(360).await;
    assert_eq!((office.statuses().await, office.sends()), (vec!["sent".to_owned(); 2], 3));
}

#[tokio::test]
async fn fm_07_a_full_minute_pauses_that_call_of_that_account_for_a_minute() {
    let office = Office::new().await;
    fault(&office, Fault::on(SEND).errcode(45011).times(1));
    office.act().await;
    office.act().await;
    office.work().await;
    office.work_after(55).await;
    assert_eq!(office.sends(), 1);
    super::login(&office.world).await.is(StatusCode::OK);
    office.work_after(6).await;
    assert_eq!((office.statuses().await, office.sends()), (vec!["sent".to_owned(); 2], 3));
}

#[tokio::test]
async fn fm_08_no_leave_left_is_a_refusal_and_after_an_uncertain_try_a_delivery() {
    let office = Office::new().await;
    fault(&office, Fault::on(SEND).errcode(43101));
    office.act().await;
    office.work().await;
    office.act().await;
    office.work_after(1).await;
    assert_eq!((office.statuses().await, office.sends()), (vec!["refused".to_owned()], 1), "used up, and known to be");
    let openid = office.world.emulator.openid("advisor-li", "mini");
    office.subscribe(&openid).await;
    office.act().await;
    office.work_after(1).await;
    assert_eq!(office.statuses().await.last().unwrap(), "sent");

    let office = Office::new().await;
    fault(&office, Fault::on(SEND).reset().deliver());
    fault(&office, Fault::on(SEND).errcode(43101));
    office.act().await;
    office.work().await;
    assert_eq!(office.statuses().await, ["uncertain"]);
    office.work_after(120).await;
    assert_eq!((office.statuses().await, office.arrived()), (vec!["sent".to_owned()], 1), "presumed, and true");
}

#[tokio::test]
async fn fm_09_a_bad_template_ends_with_its_reason_and_holds_up_nobody() {
    for errcode in [43107, 45168, 40037, 41030, 47003] {
        let office = Office::new().await;
        fault(&office, Fault::on(SEND).errcode(errcode).times(1));
        for _ in 0..10 {
            office.act().await;
        }
        office.work().await;
        let all = office.notifications().await;
        assert_eq!((&all[0]["status"], &all[0]["last_errcode"]), (&json!("refused"), &json!(errcode)));
        assert!(all[0]["last_error"].as_str().is_some_and(|text| !text.is_empty()), "{}", all[0]);
        assert!(all[1..].iter().all(|one| one["status"] == "sent"), "{errcode}");
        office.work_after(86_400).await;
        assert_eq!(office.sends(), 10, "{errcode}: never again");
    }
}

#[tokio::test]
async fn fm_10_one_recipient_gets_one_message_after_another() {
    let office = Office::new().await;
    fault(&office, Fault::on(SEND).errcode(43108));
    for _ in 0..5 {
        office.act().await;
    }
    office.work().await;
    office.work_after(7).await;
    assert_eq!((office.statuses().await, office.sends()), (vec!["sent".to_owned(); 5], 6));
}

/// FM-10, for messages on request, of several instances: WeChat would refuse the second of two at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fm_10_messages_on_request_to_one_person_take_turns() {
    // WeChat is at each of them for a while, by its own clock, which goes on meanwhile.
    let office = Office::of(World::with(AuthMode::Open, "http://localhost:3001/", |plan| plan.real = true).await).await;
    office.world.emulator.accept_notifications("advisor-li", "mini", super::TEMPLATE, 9);
    fault(&office, Fault::on(SEND).delay_ms(60).times(6));
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    let all = futures_util::future::join_all((0..6).map(|_| send(&office.world)));
    tokio::pin!(all);
    let answers = loop {
        tokio::select! {
            biased;
            _ = ticks.tick() => office.world.advance(Duration::from_millis(200)),
            answers = &mut all => break answers,
        }
    };
    for answer in &answers {
        answer.is(StatusCode::OK);
    }
    assert_eq!(office.sends(), 6);
}

#[tokio::test]
async fn fm_11_an_openid_that_is_none_is_not_tried_again() {
    let office = Office::new().await;
    fault(&office, Fault::on(SEND).errcode(40003));
    office.act().await;
    office.work().await;
    let first = office.notifications().await.remove(0);
    assert_eq!((&first["status"], &first["last_errcode"]), (&json!("refused"), &json!(40003)), "{first}");
    office.act().await;
    office.work_after(3_600).await;
    assert_eq!((office.statuses().await, office.sends()), (vec!["refused".to_owned()], 1), "known to be bad");
    let openid = office.world.emulator.openid("advisor-li", "mini");
    office.subscribe(&openid).await;
    office.act().await;
    office.work_after(1).await;
    assert_eq!(office.statuses().await.last().unwrap(), "sent");
}

#[tokio::test]
async fn fm_14_what_is_no_answer_is_never_a_success() {
    for (name, no_answer) in no_answers() {
        let office = Office::new().await;
        fault(&office, no_answer.clone());
        office.act().await;
        office.work().await;
        let first = office.notifications().await.remove(0);
        assert_eq!(first["status"], "uncertain", "{name}: {first}");
        fault(&office, no_answer);
        let answer = send(&office.world).await;
        assert!(answer.status().is_server_error(), "{name}: {answer:?}");
        assert_eq!(office.sends(), 2, "{name}: neither was sent twice");
    }
}

#[tokio::test]
async fn fm_15_what_did_not_leave_costs_no_try() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody: Url = format!("http://127.0.0.1:{port}").parse().unwrap();
    let world = World::with(AuthMode::Open, "http://localhost:3001/", |plan| {
        plan.wechat = Some(weixin::Client::builder().all_bases(nobody));
    })
    .await;
    let office = Office::of(world).await;
    office.act().await;
    for _ in 0..20 {
        office.work_after(31).await;
    }
    let first = office.notifications().await.remove(0);
    assert_eq!(first["status"], "retrying", "{first}");
    assert!(office.verdicts(&first).await.iter().all(|verdict| verdict == "not_sent"), "{first}");
    let answer = super::login(&office.world).await;
    let wait: u64 = answer.is(StatusCode::SERVICE_UNAVAILABLE).header("retry-after").parse().unwrap();
    assert!((1..=3).contains(&wait), "{wait}");
    assert_eq!(answer.error()["retryable"], true, "the code is not spent");
}

#[tokio::test]
async fn fm_16_an_answer_that_was_lost_is_followed_up_and_not_simply_repeated() {
    for delivered in [false, true] {
        let office = Office::new().await;
        let lost = Fault::on(SEND).reset();
        fault(&office, if delivered { lost.deliver() } else { lost });
        office.act().await;
        office.work().await;
        assert_eq!((office.statuses().await, office.sends()), (vec!["uncertain".to_owned()], 1));
        office.work_after(120).await;
        assert_eq!((office.statuses().await, office.sends()), (vec!["sent".to_owned()], 2));
        assert_eq!(office.arrived(), 1 + usize::from(delivered));
    }
}

#[tokio::test]
async fn fm_17_an_answer_cut_anywhere_is_no_answer() {
    let whole = br#"{"errcode":0,"errmsg":"ok","msgid":3248682510344192008}"#;
    for end in 0..whole.len() {
        let office = Office::new().await;
        for fault in [Fault::on(SEND).body(whole).cut_at(end), Fault::on(SEND).body(&whole[..end]).deliver()] {
            office.world.emulator.fault(fault);
            let answer = send(&office.world).await;
            assert!(answer.status().is_server_error(), "cut at {end}: {answer:?}");
        }
        assert_eq!(office.sends(), 2, "cut at {end}: neither was sent twice");
    }
    let office = Office::new().await;
    for (name, lie) in [
        ("longer than said", Fault::on(SEND).announce(whole.len() - 1)),
        ("shorter than said", Fault::on(SEND).announce(whole.len() + 1)),
    ] {
        fault(&office, lie.body(whole).deliver());
        assert!(send(&office.world).await.status().is_server_error(), "{name}");
    }
    fault(&office, Fault::on(SEND).body(whole));
    let answer = send(&office.world).await;
    assert_eq!(answer.is(StatusCode::OK).data()["msgid"], 3_248_682_510_344_192_008_i64);
}
