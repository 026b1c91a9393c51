//! Logins and reads while WeChat is busy, slow, away, or not WeChat.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use http::StatusCode;
use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;
use weiqiao_app::settings::AuthMode;
use weixin_emulator::Fault;

use super::{MENU, Office, login, menu, mini_login};
use crate::testing::World;

const EXCHANGE: &str = "/sns/oauth2/access_token";
const MINI: &str = "/sns/jscode2session";
const PROFILE: &str = "/sns/userinfo";

#[tokio::test]
async fn fm_04_a_read_survives_two_busy_answers_and_not_three() {
    let world = World::open().await;
    for (busy, status, calls) in [(2, StatusCode::OK, 3), (3, StatusCode::INTERNAL_SERVER_ERROR, 3)] {
        let before = world.wechat_calls(MENU);
        world.wechat_refuses(MENU, -1, busy).await;
        let answer = menu(&world).await;
        answer.is(status);
        assert_eq!(world.wechat_calls(MENU) - before, calls);
        world.emulator.clear_faults();
        if status != StatusCode::OK {
            assert_eq!((&answer.error()["errcode"], &answer.error()["retryable"]), (&json!(-1), &json!(true)));
        }
    }
}

#[tokio::test]
async fn fm_12_a_code_that_is_no_good_says_so_and_a_double_return_is_one_login() {
    let world = World::open().await;
    for errcode in [40029, 40163] {
        world.wechat_refuses(EXCHANGE, errcode, 1).await;
        let refused = login(&world).await;
        refused.is(StatusCode::INTERNAL_SERVER_ERROR).code("WECHAT_LOGIN_FAILED");
        assert_eq!((&refused.error()["errcode"], &refused.error()["retryable"]), (&json!(errcode), &json!(false)));
        assert!(refused.headers().get("set-cookie").is_none(), "no session");
    }
    let browser = world.browser();
    let body = json!({ "code": world.code("xiaoming"), "state": browser.begin_login().await }).to_string();
    let before = world.wechat_calls(EXCHANGE);
    let (one, two) = tokio::join!(browser.post("/api/wechat/auth", &body), browser.post("/api/wechat/auth", &body));
    assert_eq!(one.is(StatusCode::OK).data(), two.is(StatusCode::OK).data());
    assert_eq!(world.wechat_calls(EXCHANGE) - before, 1, "WeChat never gets to say 40163");
}

#[tokio::test]
async fn fm_13_a_person_wechat_warns_of_gets_no_session() {
    let world = World::open().await;
    world.wechat_refuses(MINI, 40226, 1).await;
    let refused = mini_login(&world).await;
    refused.is(StatusCode::INTERNAL_SERVER_ERROR).code("GET_OPENID_FAILED");
    assert_eq!((&refused.error()["errcode"], &refused.error()["retryable"]), (&json!(40226), &json!(false)));
    assert!(refused.error()["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{refused:?}");
    let users = world.request("GET", "/api/users").api_key(World::API_KEY).send().await;
    assert_ne!(users.json()["data"]["total"], 1, "nobody is known");
}

#[tokio::test]
async fn fm_14_a_login_without_an_answer_is_no_login() {
    for (name, status, body) in [
        ("50x with HTML", 502, "<html><h1>502 Bad Gateway</h1></html>"),
        ("200 with HTML", 200, "<!DOCTYPE html><html>ok</html>"),
        ("nothing", 200, ""),
        ("an empty object", 200, "{}"),
        ("an object that says ok", 200, r#"{"errcode":0,"errmsg":"ok"}"#),
        (
            "an empty openid",
            200,
            r#"{"access_token":"a","expires_in":7200,"refresh_token":"r","openid":"","scope":"snsapi_base"}"#,
        ),
    ] {
        let world = World::open().await;
        for path in [EXCHANGE, MINI] {
            world.emulator.fault(Fault::on(path).status(status).body(body).deliver().times(3));
        }
        for answer in [login(&world).await, mini_login(&world).await] {
            assert!(answer.status().is_server_error(), "{name}: {answer:?}");
            assert!(status == 200 || answer.status() == StatusCode::SERVICE_UNAVAILABLE, "{name}: {answer:?}");
            assert!(answer.json().get("data").is_none_or(serde_json::Value::is_null), "{name}: {answer:?}");
            let hint = answer.error()["hint"].as_str().unwrap();
            assert!(hint.chars().count() > 10, "{name}");
            // The code may be spent, so it is no use again; when WeChat may answer another one is said twice alike.
            assert_eq!(answer.error()["retryable"], false, "{name}");
            if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
                let again = format!("{} 秒后重新", answer.header("retry-after"));
                assert!(hint.contains("不要重复提交") && hint.contains(&again), "{name}: {hint}");
            }
        }
        assert_eq!((world.wechat_calls(EXCHANGE), world.wechat_calls(MINI)), (1, 1), "{name}: codes are brought once");
    }
}

/// The code is spent when the person's data is asked for, so a WeChat that is busy by then costs another one.
#[tokio::test]
async fn fm_04_a_busy_user_info_means_another_code() {
    let world = World::open().await;
    world.wechat_refuses(PROFILE, -1, 9).await;
    let refused = login(&world).await;
    refused.is(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!((&refused.error()["errcode"], &refused.error()["retryable"]), (&json!(-1), &json!(false)));
    let hint = refused.error()["hint"].as_str().unwrap();
    assert!(hint.contains("不能再用") && hint.contains("重新发起授权") && !hint.contains("再试"), "{hint}");
    assert_eq!(world.wechat_calls(EXCHANGE), 1);
    world.emulator.clear_faults();
    login(&world).await.is(StatusCode::OK);
}

#[tokio::test]
async fn fm_28_a_persons_token_that_is_dead_means_to_log_in_again() {
    const SERVICES: &str = "/auths/loginTypes/MyWechatLogin/services/WechatPublicAuthSvc";
    let world = World::strict().await;
    let ask = async |service: &str, body: serde_json::Value| {
        let call = world.request("POST", &format!("{SERVICES}/{service}")).api_key(World::API_KEY);
        call.json(&body.to_string()).send().await
    };
    let known = json!({ "openid": world.openid("xiaoming") });
    ask("getAccessToken", json!({ "code": world.code("xiaoming") })).await.is(StatusCode::OK);
    world.wechat_refuses(PROFILE, 42001, 1).await;
    ask("getUserInfo", known.clone()).await.is(StatusCode::OK);
    assert_eq!(world.wechat_calls("/sns/oauth2/refresh_token"), 1, "renewed by itself");
    world.advance(Duration::from_secs(30 * 86_400));
    let dead = ask("getUserInfo", known).await;
    assert!(dead.is(StatusCode::CONFLICT).json()["error"].as_str().unwrap().contains("重新登录"), "{dead:?}");
    ask("getAccessToken", json!({ "code": world.code("xiaoming") })).await.is(StatusCode::OK);
}

/// With it FI-16: however slow WeChat is, intake is not, and nobody waits for longer than a few seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fm_29_whoever_logs_in_waits_for_four_seconds_at_most() {
    let office = Office::new().await;
    let world = &office.world;
    for path in [EXCHANGE, MINI] {
        world.emulator.fault(Fault::on(path).delay_ms(30_000).probability(1.0));
    }
    let began = Instant::now();
    let logins = async {
        let web = join_all((0..8).map(|_| login(world)));
        let mini = join_all((0..8).map(|_| mini_login(world)));
        let (web, mini) = tokio::join!(web, mini);
        (web.into_iter().chain(mini).collect::<Vec<_>>(), began.elapsed())
    };
    let intake = async {
        for _ in 0..20 {
            office.act_now().await;
        }
        began.elapsed()
    };
    let ((answers, waited), took) = tokio::join!(logins, intake);
    println!("16 logins ended after {} ms, 20 actions after {} ms", waited.as_millis(), took.as_millis());
    for answer in &answers {
        let wait: u64 = answer.is(StatusCode::SERVICE_UNAVAILABLE).header("retry-after").parse().unwrap();
        assert!((1..=3).contains(&wait), "{answer:?}");
    }
    assert!(waited >= Duration::from_secs(3) && waited < Duration::from_secs(15), "{waited:?}");
    assert!(took < waited, "actions did not wait for WeChat: {took:?}");
    // Sixteen silences in a row: from now on nobody waits at all.
    let began = Instant::now();
    let answer = login(world).await;
    assert_eq!(answer.is(StatusCode::SERVICE_UNAVAILABLE).error()["retryable"], true, "the code was not spent");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    world.emulator.clear_faults();
    world.advance(Duration::from_secs(5));
    login(world).await.is(StatusCode::OK);
}

/// The reasons one by one are tested in the SDK.
#[tokio::test]
async fn fm_34_a_host_that_cannot_show_that_it_is_wechat_hears_nothing() {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base: Url = format!("https://localhost:{}", listener.local_addr().unwrap().port()).parse().unwrap();
    let heard: Arc<AtomicUsize> = Arc::default();
    let (acceptor, hears) = (TlsAcceptor::from(Arc::new(config)), heard.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let bytes = stream.read(&mut [0; 64]).await.unwrap_or(0);
                hears.fetch_add(bytes, Ordering::SeqCst);
            }
        }
    });
    let world = World::with(AuthMode::Open, "http://localhost:3001/", |plan| {
        plan.wechat = Some(weixin::Client::builder().all_bases(base));
    })
    .await;
    let answer = login(&world).await;
    assert_eq!(answer.is(StatusCode::SERVICE_UNAVAILABLE).message(), "微信登录失败: 微信服务器的证书无效");
    assert!(answer.error()["hint"].as_str().unwrap().contains("不会改用明文"), "{answer:?}");
    menu(&world).await.is(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(heard.load(Ordering::SeqCst), 0, "not a byte after the handshake");
    assert_eq!(world.wechat_calls(EXCHANGE), 0, "nor anywhere else");
}
