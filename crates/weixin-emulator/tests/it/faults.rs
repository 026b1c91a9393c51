//! Failures on demand, as a client sees them.

use std::time::{Duration, Instant};

use serde_json::json;
use weixin_emulator::{CodeKind, Fault, Scope};

use crate::rig::{OFFICIAL, OFFICIAL_SECRET, Rig};

const TOKEN: &str = "/cgi-bin/token";
const EXCHANGE: &str = "/sns/oauth2/access_token";

const QUERY: [(&str, &str); 3] =
    [("grant_type", "client_credential"), ("appid", OFFICIAL), ("secret", OFFICIAL_SECRET)];

#[tokio::test]
async fn an_errcode_comes_with_wechats_text_and_nothing_happens_to_the_state() {
    let rig = Rig::new().await;
    let first = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    rig.emulator.fault(Fault::on(TOKEN).errcode(-1).times(2));
    for _ in 0..2 {
        let failed = rig.get(TOKEN, &QUERY).await;
        assert_eq!((failed.status, failed.errcode()), (200, -1));
        assert!(failed.errmsg().starts_with("system error"));
    }
    let seen = rig.emulator.ledger(TOKEN);
    assert!(!seen[1].delivered && seen[1].fault.is_some() && seen[1].errcode == -1);
    let second = rig.get(TOKEN, &QUERY).await.text_of("access_token");
    assert_ne!(second, first);
    let state = rig.get("/_emulator/state", &[]).await.json;
    assert_eq!(state["accounts"][0]["generations"]["classic"], 2, "the failed calls issued nothing");
}

#[tokio::test]
async fn delivered_then_failed_has_done_the_work() {
    let rig = Rig::new().await;
    let code = rig.emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::Base));
    let query =
        [("appid", OFFICIAL), ("secret", OFFICIAL_SECRET), ("code", &code), ("grant_type", "authorization_code")];
    rig.emulator.fault(Fault::on(EXCHANGE).status(502).body("<html>").deliver());
    let failed = rig.get(EXCHANGE, &query).await;
    assert_eq!((failed.status, failed.text.as_str()), (502, "<html>"));
    assert!(rig.emulator.ledger(EXCHANGE)[0].delivered);
    assert_eq!(rig.get(EXCHANGE, &query).await.errcode(), 40163, "the code was used");
}

#[tokio::test]
async fn raw_bytes_go_out_as_they_are() {
    let rig = Rig::new().await;
    let bytes = b"\xef\xbb\xbf{\"access_token\":\"a\x01\xff\"}\0";
    rig.emulator.fault(Fault::on(TOKEN).body(bytes));
    let response = rig.http.get(rig.url(TOKEN)).query(&QUERY).send().await.unwrap();
    assert_eq!(response.bytes().await.unwrap().as_ref(), bytes);
    let over_http = json!({ "path": TOKEN, "body": "", "content_type": "text/html" });
    assert_eq!(rig.post("/_emulator/faults", &[], &over_http).await.status, 200);
    let empty = rig.get(TOKEN, &QUERY).await;
    assert_eq!((empty.status, empty.content_type.as_str(), empty.text.as_str()), (200, "text/html", ""));
}

#[tokio::test]
async fn a_reset_drops_the_connection_without_an_answer() {
    let rig = Rig::new().await;
    rig.emulator.fault(Fault::on(TOKEN).reset());
    let error = rig.http.get(rig.url(TOKEN)).query(&QUERY).send().await.unwrap_err();
    assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    let mut reset = false;
    while let Some(error) = cause {
        reset |=
            error.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset);
        cause = error.source();
    }
    assert!(reset, "a real reset, not an orderly end: {error:?}");
    assert_eq!(rig.emulator.ledger(TOKEN)[0].status, 0);
    assert_eq!(rig.get(TOKEN, &QUERY).await.errcode(), 0);
}

#[tokio::test]
async fn an_answer_is_cut_at_the_byte_asked_for() {
    let rig = Rig::new().await;
    rig.emulator.fault(Fault::on(TOKEN).cut_at(17));
    let mut response = rig.http.get(rig.url(TOKEN)).query(&QUERY).send().await.unwrap();
    assert!(response.content_length().unwrap() > 100, "the whole length is announced");
    let mut read = Vec::new();
    let error = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => read.extend_from_slice(&chunk),
            Ok(None) => panic!("the answer ended in order after {} bytes", read.len()),
            Err(error) => break error,
        }
    };
    assert_eq!(read, b"{\"access_token\":\"");
    assert!(!error.is_timeout());
}

#[tokio::test]
async fn a_delay_is_waited_and_the_answer_stays() {
    let rig = Rig::new().await;
    rig.emulator.fault(Fault::on(TOKEN).delay_ms(120));
    let started = Instant::now();
    assert_eq!(rig.get(TOKEN, &QUERY).await.errcode(), 0);
    assert!(started.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn faults_are_listed_removed_and_refused_over_http() {
    let rig = Rig::new().await;
    let added =
        rig.post("/_emulator/faults", &[], &json!({ "path": TOKEN, "errcode": 40164, "probability": 1.0 })).await;
    let id = added.json["id"].as_u64().unwrap();
    let failed = rig.get(TOKEN, &QUERY).await;
    assert!(failed.errcode() == 40164 && failed.errmsg().contains("invalid ip"));
    assert_eq!(rig.get("/_emulator/faults", &[]).await.json.as_array().unwrap().len(), 1);
    assert_eq!(rig.delete(&format!("/_emulator/faults/{id}")).await.json["removed"], 1);
    assert_eq!(rig.delete(&format!("/_emulator/faults/{id}")).await.status, 404);
    assert_eq!(rig.get(TOKEN, &QUERY).await.errcode(), 0);
    for bad in [
        json!({ "path": TOKEN }),
        json!({ "path": TOKEN, "errcod": 1 }),
        json!({ "path": "/_emulator/x", "errcode": 1 }),
    ] {
        assert_eq!(rig.post("/_emulator/faults", &[], &bad).await.status, 400, "{bad}");
    }
    rig.emulator.fault(Fault::on("/a").errcode(1));
    assert_eq!(rig.delete("/_emulator/faults").await.json["removed"], 1);
}

#[tokio::test]
async fn faults_can_be_meant_for_one_account() {
    let rig = Rig::new().await;
    rig.emulator.fault(Fault::on("/cgi-bin/*").account("mini").errcode(-1));
    assert_eq!(rig.get(TOKEN, &QUERY).await.errcode(), 0);
    let body =
        json!({ "grant_type": "client_credential", "appid": crate::rig::MINI, "secret": crate::rig::MINI_SECRET });
    assert_eq!(rig.post("/cgi-bin/stable_token", &[], &body).await.errcode(), -1, "the appid in the body counts");
}

#[tokio::test]
async fn a_patch_changes_the_real_answer() {
    let rig = Rig::new().await;
    let patch = json!({ "path": TOKEN, "patch": { "expires_in": "7200", "extra": [1] }, "suffix_base64": "AA==" });
    assert_eq!(rig.post("/_emulator/faults", &[], &patch).await.status, 200);
    let answer = rig.get(TOKEN, &QUERY).await;
    assert!(answer.text.ends_with("}\0"), "{}", answer.text);
    let fields: serde_json::Value = serde_json::from_str(answer.text.trim_end_matches('\0')).unwrap();
    assert_eq!((&fields["expires_in"], &fields["extra"]), (&json!("7200"), &json!([1])));
    assert!(rig.emulator.ledger(TOKEN)[0].delivered);
    assert_eq!(rig.call_with(fields["access_token"].as_str().unwrap()).await.errcode(), 0, "the token is a real one");
    rig.emulator.fault(Fault::on(TOKEN).patch(json!({ "access_token": null })));
    assert!(rig.get(TOKEN, &QUERY).await.json.get("access_token").is_none());
}

#[tokio::test]
async fn lengths_can_lie_and_bodies_can_drip() {
    let rig = Rig::new().await;
    let whole = rig.get(TOKEN, &QUERY).await.text;
    rig.emulator.fault(Fault::on(TOKEN).announce(10));
    assert_eq!(rig.get(TOKEN, &QUERY).await.text.len(), 10);
    rig.emulator.fault(Fault::on(TOKEN).announce(10_000));
    let response = rig.http.get(rig.url(TOKEN)).query(&QUERY).send().await.unwrap();
    assert_eq!(response.content_length(), Some(10_000));
    assert!(response.text().await.is_err(), "the rest never comes");
    rig.emulator.fault(Fault::on(TOKEN).drip_ms(1));
    let began = Instant::now();
    assert_eq!(rig.get(TOKEN, &QUERY).await.text.len(), whole.len());
    assert!(began.elapsed() >= Duration::from_millis(whole.len() as u64));
}
