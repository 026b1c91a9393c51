//! What goes out: bases, proxy, headers, escapes; and the raw way.

use serde_json::json;
use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::api::sns::ExchangeCode;
use weixin::{ErrorKind, TokenKind, catalogue};

use crate::support::*;

fn anything(request: &Request) -> Reply {
    if request.is_token_fetch() { token("T") } else { text(r#"{"errcode":0,"ip_list":[],"ticket":"K"}"#) }
}

#[tokio::test]
async fn the_api_base_covers_every_call_and_keeps_its_path() {
    let stub = Stub::start(|request| {
        assert!(request.target.starts_with("/relay/weixin/"), "{}", request.target);
        if request.target.contains("stable_token") {
            token("T")
        } else {
            text(r#"{"errcode":0,"ip_list":[],"ticket":"K"}"#)
        }
    })
    .await;
    let base = format!("{}/relay/weixin/", stub.url()).parse().unwrap();
    let bench = Bench::with(stub, |builder| builder.api_base(base));
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    bench.client.token(&bench.account, TokenKind::JsapiTicket).await.unwrap();
    bench.client.raw(&bench.account).get("/cgi-bin/menu/get", &[]).await.unwrap();
    let targets: Vec<_> = bench.stub.seen().into_iter().map(|request| request.target).collect();
    assert_eq!(
        targets,
        [
            "/relay/weixin/cgi-bin/stable_token",
            "/relay/weixin/cgi-bin/get_api_domain_ip?access_token=T",
            "/relay/weixin/cgi-bin/ticket/getticket?type=jsapi&access_token=T",
            "/relay/weixin/cgi-bin/menu/get?access_token=T",
        ]
    );
}

#[tokio::test]
async fn the_proxy_covers_every_call() {
    let proxy = Stub::start(|request| {
        assert!(request.target.starts_with("http://api.invalid/"), "{}", request.target);
        anything(&request)
    })
    .await;
    let proxy_url = proxy.url().parse().unwrap();
    let bench = Bench::with(proxy, |builder| builder.proxy(proxy_url).api_base("http://api.invalid".parse().unwrap()));
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    bench.client.token(&bench.account, TokenKind::JsapiTicket).await.unwrap();
    bench.client.raw(&bench.account).post_json("/cgi-bin/menu/create", &json!({})).await.unwrap();
    assert_eq!(bench.stub.seen().len(), 4);
}

/// Runs itself once more in an environment full of proxies that do not exist.
#[tokio::test]
async fn proxies_of_the_environment_are_not_used() {
    const INSIDE: &str = "WEIXIN_TEST_INSIDE";
    if std::env::var_os(INSIDE).is_some() {
        let bench = Bench::new(|request| anything(&request)).await;
        bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
        return;
    }
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "wire::proxies_of_the_environment_are_not_used"]).env(INSIDE, "1");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(name, "http://127.0.0.1:9");
    }
    let output = again.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
async fn requests_ask_for_no_compression_and_say_who_they_are() {
    let bench = Bench::new(|request| anything(&request)).await;
    bench.client.raw(&bench.account).post_json("/cgi-bin/menu/create", &json!({"name": "菜单"})).await.unwrap();
    for request in bench.stub.seen() {
        let head = request.head.to_ascii_lowercase();
        assert!(!head.contains("accept-encoding"), "{head}");
        assert!(head.contains("user-agent: weixin/"), "{head}");
        assert!(head.contains("content-type: application/json; charset=utf-8"), "{head}");
    }
    assert_eq!(bench.stub.seen().last().unwrap().body, r#"{"name":"菜单"}"#, "WeChat refuses \\u escapes");
}

#[tokio::test]
async fn a_code_reaches_wechat_as_it_is() {
    let bench = Bench::new(|_| refusal(40029, "invalid code")).await;
    let code = "a b+c&secret=x#?/%中";
    bench.client.send(&bench.account, ExchangeCode { code: code.into() }).await.unwrap_err();
    let seen = bench.stub.seen();
    assert_eq!(seen[0].query("code").as_deref(), Some(code));
    assert_eq!(seen[0].query("secret").as_deref(), Some("CANARYSECRET"));
}

#[tokio::test]
async fn the_raw_way_has_everything_but_the_types() {
    let stub = Stub::scripted([
        refusal(42001, "stale"),
        text(r#"{"errcode":0,"errmsg":"ok","msgid":294402298110051942}"#),
        refusal(45015, "response out of time limit"),
        text("{}"),
        Reply::Reset,
        text(r#"{"menu":{}}"#),
    ])
    .await;
    let bench = Bench::with(stub, |builder| builder);
    let raw = bench.client.raw(&bench.account);
    let answer = raw.post_json("/cgi-bin/message/custom/send", &json!({"touser": "o"})).await.unwrap();
    assert_eq!(answer["msgid"].as_u64(), Some(294_402_298_110_051_942));
    let error = raw.post_json("/cgi-bin/message/custom/send", &json!({})).await.unwrap_err();
    assert_eq!((error.errcode().unwrap().get(), error.endpoint()), (45015, "/cgi-bin/message/custom/send"));
    let error = raw.post_json("/cgi-bin/message/custom/send", &json!({})).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Uncertain(_)), "an empty object is no success: {error:?}");
    let menu = raw.repeatable().get("/cgi-bin/menu/get", &[("a", "b c")]).await.unwrap();
    assert_eq!(menu, json!({"menu": {}}));
    assert_eq!(bench.stub.seen().last().unwrap().target, "/cgi-bin/menu/get?a=b%20c&access_token=T2");
}

#[tokio::test]
async fn a_raw_path_is_a_path() {
    let bench = Bench::new(|request| anything(&request)).await;
    for path in
        ["cgi-bin/menu/get", "//evil.example/x", "/a?access_token=x", "/a#b", "http://evil.example/", "", "/a/../b"]
    {
        let error = bench.client.raw(&bench.account).get(path, &[]).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Config(_)), "{path}: {error:?}");
    }
    assert_eq!(bench.stub.seen().len(), 0);
}

#[tokio::test]
async fn a_raw_call_without_token_fetches_none() {
    let bench = Bench::new(|request| anything(&request)).await;
    bench.client.raw(&bench.account).without_token().get("/sns/something", &[]).await.unwrap();
    assert_eq!(bench.stub.seen()[0].target, "/sns/something");
}

#[test]
fn the_catalogue_is_public() {
    assert!(catalogue().iter().any(|spec| spec.path == "/sns/jscode2session" && !spec.repeatable));
}
