//! Callbacks behind the extractors, signed as WeChat signs them.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::routing::get;
use tower::ServiceExt as _;
use weixin::axum::{CallbackAnswer, Callbacks, VerifiedCallback, verify_address};
use weixin::proto::AesKey;
use weixin::proto::callback::reply::Reply;
use weixin::proto::callback::{Limits, Receiver};
use weixin::proto::{envelope, sign};

use crate::support::{ConstantRng, ManualClock, START_MS};

const TOKEN: &str = "my-token";
const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const APP: &str = "wx1111111111111111";

async fn on_push(push: VerifiedCallback) -> CallbackAnswer {
    match (push.text(), push.event().is_some()) {
        (Some("long"), _) => push.reply("好".repeat(3_000)),
        (Some(text), _) => push.reply(format!("你说：{text}")),
        _ => push.silence(),
    }
}

fn app(receiver: Receiver) -> Router {
    let callbacks = Callbacks::with(receiver, Arc::new(ManualClock::new()), Arc::new(ConstantRng(7)));
    Router::new().route("/wx", get(verify_address).post(on_push)).with_state(callbacks)
}

fn push(content: &str) -> String {
    format!(
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>oABC</FromUserName><CreateTime>{}</CreateTime>\
         <MsgType>text</MsgType><Content>{content}</Content><MsgId>1</MsgId></xml>",
        START_MS / 1000
    )
}

fn query() -> String {
    let timestamp = (START_MS / 1000).to_string();
    format!("signature={}&timestamp={timestamp}&nonce=42", sign::callback_signature(TOKEN, &timestamp, "42"))
}

async fn send(app: &Router, query: &str, body: String) -> (StatusCode, String) {
    let request = Request::post(format!("/wx?{query}")).body(Body::from(body)).unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    (status, String::from_utf8(to_bytes(answer.into_body(), 1_000_000).await.unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn the_address_is_verified_and_a_text_answered() {
    let app = app(Receiver::plain(APP.into(), TOKEN.into()));
    let echo = Request::get(format!("/wx?{}&echostr=8765", query())).body(Body::empty()).unwrap();
    let answer = app.clone().oneshot(echo).await.unwrap();
    assert_eq!(to_bytes(answer.into_body(), 100).await.unwrap(), "8765");
    let (status, body) = send(&app, &query(), push("你好")).await;
    assert_eq!(status, StatusCode::OK);
    let (address, reply) = Reply::parse(body, &Limits::default()).unwrap();
    assert_eq!(reply, Reply::text("你说：你好"));
    assert_eq!(
        address,
        weixin::proto::callback::reply::Address { to: "oABC".into(), from: "gh_1".into(), ..address.clone() }
    );
    let event = push("x").replace("text", "event").replace("<Content>x</Content>", "<Event>unsubscribe</Event>");
    assert_eq!(send(&app, &query(), event).await, (StatusCode::OK, "success".to_owned()));
    assert_eq!(send(&app, &query(), push("long")).await, (StatusCode::OK, "success".to_owned()), "too long for WeChat");
}

#[tokio::test]
async fn what_is_not_from_wechat_is_refused_without_a_word() {
    let app = app(Receiver::plain(APP.into(), TOKEN.into()));
    let old = query().replace(&(START_MS / 1000).to_string(), "1700000000");
    for wrong in ["", "signature=x", &query().replace("nonce=42", "nonce=43"), &old, &format!("{}&nonce=42", query())] {
        assert_eq!(send(&app, wrong, push("x")).await, (StatusCode::FORBIDDEN, String::new()), "{wrong}");
    }
    let get = Request::get("/wx?signature=0&timestamp=1&nonce=1&echostr=1").body(Body::empty()).unwrap();
    assert_eq!(app.clone().oneshot(get).await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(send(&app, &query(), "no xml".to_owned()).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn in_safe_mode_the_answer_is_encrypted_and_plain_pushes_are_refused() {
    let key = AesKey::parse(KEY).unwrap();
    let app = app(Receiver::safe(APP.into(), TOKEN.into(), key.clone()));
    assert_eq!(send(&app, &query(), push("x")).await.0, StatusCode::FORBIDDEN);
    let timestamp = (START_MS / 1000).to_string();
    let encrypt = envelope::seal(&key, &APP.into(), push("密").as_bytes(), [3; 16]).unwrap();
    let signature = sign::msg_signature(TOKEN, &timestamp, "42", &encrypt);
    let body = format!("<xml><ToUserName>gh_1</ToUserName><Encrypt>{encrypt}</Encrypt></xml>");
    let (status, answer) = send(&app, &format!("{}&msg_signature={signature}", query()), body).await;
    assert_eq!(status, StatusCode::OK);
    assert!(answer.contains("<Encrypt>") && !answer.contains("你说"), "{answer}");
}
