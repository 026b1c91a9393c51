//! Pages and callbacks in axum, with feature `axum`: no database, no set-up beyond what is written here.
//!
//! # A page that only people logged in through WeChat see
//!
//! Whoever comes without a login is sent to WeChat and comes back to the same page; the handler finds a [`WechatUser`].
//!
//! ```
//! use axum::Router;
//! use axum::routing::get;
//! use weixin::axum::{RequireWechatLogin, WechatUser};
//! use weixin::{Account, Client};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let wechat = weixin_emulator::Emulator::start().await;
//! # let client = Client::builder().all_bases(wechat.url().parse()?).build()?;
//! # /*
//! let client = Client::builder().build()?;
//! # */
//! let account = Account::new("wx1111111111111111".into(), "11111111111111111111111111111111".into());
//! let key = b"32 random bytes of your own, please.";
//! let login = RequireWechatLogin::new(client, account, "http://localhost:8000", key)?;
//!
//! let app: Router = Router::new()
//!     .route("/me", get(|user: WechatUser| async move { format!("你好，{}", user.nickname) }))
//!     .layer(login);
//! #
//! # use axum::body::{Body, to_bytes};
//! # use axum::http::Request;
//! # use tower::ServiceExt as _;
//! # let open = |address: String, cookies: String| {
//! #     app.clone().oneshot(Request::get(address).header("cookie", cookies).body(Body::empty()).unwrap())
//! # };
//! # let cookie = |answer: &axum::response::Response| {
//! #     answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
//! # };
//! # let away = open("/me?shop=7".to_owned(), String::new()).await?;
//! # let to_wechat = away.headers()["location"].to_str()?;
//! # assert!(to_wechat.starts_with(wechat.url()), "{to_wechat}");
//! # let state = url::Url::parse(to_wechat)?.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
//! # let scope = weixin_emulator::Scope::UserInfo;
//! # let code = wechat.persona_code("xiaoming", "official", weixin_emulator::CodeKind::OAuth(scope));
//! # let back = open(format!("/me?shop=7&code={code}&state={state}"), cookie(&away)).await?;
//! # assert_eq!(back.headers()["location"], "http://localhost:8000/me?shop=7&wechat_auth=success");
//! # let page = open("/me?shop=7&wechat_auth=success".to_owned(), cookie(&back)).await?;
//! # assert_eq!(to_bytes(page.into_body(), 1000).await?, "你好，小明");
//! # Ok(()) }
//! ```
//!
//! # Messages from WeChat, verified and answered
//!
//! ```
//! use axum::Router;
//! use axum::routing::get;
//! use weixin::axum::{CallbackAnswer, Callbacks, VerifiedCallback, verify_address};
//! use weixin::proto::callback::Receiver;
//!
//! async fn on_push(push: VerifiedCallback) -> CallbackAnswer {
//!     match push.text() {
//!         Some(text) => push.reply(format!("你说：{text}")),
//!         None => push.silence(),
//!     }
//! }
//!
//! # fn main() {
//! let callbacks = Callbacks::new(Receiver::plain("wx1111111111111111".into(), "my-token".into()));
//! let app: Router = Router::new().route("/wx", get(verify_address).post(on_push)).with_state(callbacks);
//! # }
//! ```
//!
//! # What keeps a login honest
//!
//! The *state* sent to WeChat is random, good for ten minutes, and stands in a cookie of this browser, signed with the key
//! you gave: nobody can finish a login in somebody else's browser. The person stands in a second signed cookie, for a day
//! unless set otherwise. Both are `HttpOnly`, `SameSite=Lax`, and with https `Secure` under the `__Host-` prefix. The
//! address to come back to is made of the origin you gave, never of a header. A person is redirected twice: to WeChat, and
//! to the page without code and state.
//!
//! Cookies are signed, not encrypted: the browser's owner can read their own openid and nickname. Sessions cannot be ended
//! from the server before their time; a service that needs that has Weiqiao itself.

mod callback;
mod cookie;
mod login;
mod pages;
mod user;

pub use self::callback::{CallbackAnswer, CallbackRejected, Callbacks, VerifiedCallback, verify_address};
pub use self::login::{LoginSetupError, RequireWechatLogin, WechatLogin};
pub use self::user::WechatUser;
