//! Signing pages.

use std::sync::Arc;

use weixin::{ErrorKind, OsRng};

use crate::support::*;

const TICKET: &str = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";

async fn bench() -> Bench {
    let stub = Stub::start(|request| match request.is_token_fetch() {
        true => token("T"),
        false => text(format!(r#"{{"errcode":0,"errmsg":"ok","ticket":"{TICKET}","expires_in":7200}}"#)),
    })
    .await;
    Bench::with(stub, |builder| builder.rng(Arc::new(OsRng)))
}

#[tokio::test]
async fn the_four_values_go_together_under_the_names_of_wx_config() {
    let bench = bench().await;
    let config = bench.client.sign_js_sdk(&bench.account, "http://mp.weixin.qq.com?params=value").await.unwrap();
    assert_eq!(config.timestamp, START_MS / 1000);
    assert_eq!(config.nonce_str.len(), 16);
    assert!(config.nonce_str.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let expected = weixin::proto::sign::jssdk_signature(
        TICKET,
        &config.nonce_str,
        config.timestamp,
        "http://mp.weixin.qq.com?params=value",
    );
    assert_eq!(config.signature, expected);
    let json = serde_json::to_value(&config).unwrap();
    let names: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names.len(), 4);
    for name in ["appId", "timestamp", "nonceStr", "signature"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(json["timestamp"].is_i64());
}

#[tokio::test]
async fn the_fragment_is_cut_and_nothing_else_is_touched() {
    let bench = bench().await;
    for (given, signed) in [
        (
            "https://a.example/页?q=%E4%BD%A0&from=singlemessage#/route?x=1",
            "https://a.example/页?q=%E4%BD%A0&from=singlemessage",
        ),
        ("https://A.example:443", "https://A.example:443"),
        ("HTTPS://a.example/#", "HTTPS://a.example/"),
    ] {
        let config = bench.client.sign_js_sdk(&bench.account, given).await.unwrap();
        let expected = weixin::proto::sign::jssdk_signature(TICKET, &config.nonce_str, config.timestamp, signed);
        assert_eq!(config.signature, expected, "{given}");
    }
    assert_eq!(bench.stub.business_calls(), 1, "one ticket for all pages");
}

#[tokio::test]
async fn only_a_page_can_be_signed() {
    let bench = bench().await;
    for url in ["", "https://", "a.example", "/path", "ftp://a.example/", "javascript:alert(1)", "页页页页"] {
        let error = bench.client.sign_js_sdk(&bench.account, url).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Config(_)), "{url}: {error:?}");
    }
    assert_eq!(bench.stub.seen().len(), 0);
}
