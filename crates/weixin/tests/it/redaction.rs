//! What is logged, counted or returned as an error never holds a secret.

use std::io::Write;
use std::sync::{Arc, Mutex};

use metrics_exporter_prometheus::PrometheusBuilder;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::api::sns::{CodeToSession, ExchangeCode, FetchUserProfile, RefreshOAuthToken};
use weixin::{Error, TokenKind};

use crate::support::*;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn assert_clean(what: &str, shown: &str) {
    for forbidden in ["CANARY", "access_token=", "secret=", "code=", "?", "http://127.0.0.1"] {
        assert!(!shown.contains(forbidden), "{what} shows {forbidden}: {shown}");
    }
}

fn assert_error_is_clean(error: &Error) {
    assert_clean("Display", &error.to_string());
    assert_clean("Debug", &format!("{error:?}"));
    assert_clean("pretty Debug", &format!("{error:#?}"));
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        assert_clean("a cause", &error.to_string());
        assert_clean("the Debug of a cause", &format!("{error:?}"));
        cause = error.source();
    }
}

/// Every sort of call under one sort of trouble.
async fn all_calls(bench: &Bench) {
    let (client, account) = (&bench.client, &bench.account);
    let mut errors = Vec::new();
    errors.extend(client.send(account, GetApiDomainIp {}).await.err());
    errors.extend(client.send(account, clear_quota()).await.err());
    errors.extend(client.send(account, ExchangeCode { code: "CANARYCODE".into() }).await.err());
    errors.extend(client.send(account, CodeToSession { js_code: "CANARYCODE".into() }).await.err());
    errors.extend(client.send(account, RefreshOAuthToken { refresh_token: "CANARYREFRESH".into() }).await.err());
    let profile = FetchUserProfile {
        access_token: "CANARYUSER".into(),
        openid: "oCANARYOPENID".into(),
        lang: weixin::api::Language::English,
    };
    errors.extend(client.send(account, profile).await.err());
    errors.extend(client.token(account, TokenKind::JsapiTicket).await.err());
    errors.extend(client.sign_js_sdk(account, "https://a.example/?x=CANARYPAGE").await.err());
    let raw = client.raw(account);
    errors.extend(raw.get("/cgi-bin/uncharted/get", &[("key", "CANARYQUERY")]).await.err());
    errors.extend(raw.post_json("/cgi-bin/uncharted/create", &serde_json::json!({"k": "CANARYBODY"})).await.err());
    assert!(errors.len() >= 8, "the trouble was meant to reach every call");
    errors.iter().for_each(assert_error_is_clean);
}

#[tokio::test]
async fn no_error_log_line_or_metric_holds_a_secret() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_max_level(LevelFilter::TRACE).finish();
    let recorder = PrometheusBuilder::new().build_recorder();
    let metrics = recorder.handle();
    let _log = tracing::subscriber::set_default(subscriber);
    let _metrics = metrics::set_default_local_recorder(&recorder);

    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = format!("http://127.0.0.1:{port}").parse().unwrap();
    all_calls(&Bench::with(Stub::scripted([]).await, |builder| builder.api_base(nobody))).await;
    let nowhere = "http://no-such-host.invalid".parse().unwrap();
    all_calls(&Bench::with(Stub::scripted([]).await, |builder| builder.api_base(nowhere))).await;
    let troubles: [fn() -> Reply; 5] = [
        || Reply::Reset,
        || Reply::Status(502, "<html>CANARYHTML</html>"),
        || text(r#"{"errcode":0,"access_token":["CANARYSHAPE"],"openid":7,"ticket":{},"ip_list":"CANARYLIST"#),
        || refusal(40125, "invalid appsecret"),
        || refusal(40001, "invalid credential"),
    ];
    for trouble in troubles {
        all_calls(&Bench::new(move |_| trouble()).await).await;
        // Once more with tokens to be had.
        all_calls(
            &Bench::new(move |request| if request.is_token_fetch() { token("CANARYTOKEN") } else { trouble() }).await,
        )
        .await;
    }

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("WeChat called"), "the log was meant to be read: {log}");
    for line in log.lines() {
        for forbidden in ["CANARY", "access_token=", "secret=", "code="] {
            // `errcode=` of a field is no query.
            assert!(!line.replace("errcode=", "").contains(forbidden), "a log line shows {forbidden}: {line}");
        }
    }
    let metrics = metrics.render();
    for name in
        ["weixin_calls_total", "weixin_call_duration_seconds", "weixin_token_fetches_total", "weixin_retries_total"]
    {
        assert!(metrics.contains(name), "{name} is missing: {metrics}");
    }
    assert!(
        metrics.contains(r#"weixin_calls_total{endpoint="/sns/oauth2/access_token",outcome="uncertain"}"#),
        "{metrics}"
    );
    assert!(metrics.contains(r#"endpoint="raw""#), "paths that are in no catalogue share a label: {metrics}");
    assert!(!metrics.contains("CANARY") && !metrics.contains("uncharted") && !metrics.contains('?'), "{metrics}");
}
