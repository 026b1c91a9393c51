//! Callbacks from outside: each row T-54 … T-69 and FM-30 … FM-33 of the threats is one test here, named after it.

#![allow(clippy::string_slice, reason = "what is cut here is ASCII")]

mod content;
mod copies;
mod deciders;
mod followers;
mod hooks;
mod late;
mod mutations;
mod origin;
mod people;
mod subscriptions;

use std::time::Duration;

use weiqiao_app::callback::{AccountCallback, CallbackSettings};
use weiqiao_app::settings::AuthMode;
use weiqiao_model::AccountName;
use weiqiao_store::facts::job::{ListJobs, StoredJob};
use weixin_proto::callback::reply::Reply;
use weixin_proto::callback::{Envelope, Format, Limits, Mode, SealedReply};
use weixin_proto::secret::{AesKey, CallbackToken};
use weixin_proto::{AppId, envelope, sign};

use crate::testing::{Answer, World, encode};

const TOKEN: &str = "tokenOfTheTests";
const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
/// The account's original id.
const OURS: &str = "gh_97417a04a28d";
/// A person.
const WHO: &str = "oPerson000000000000000000001";

/// The callbacks of one account, in a world of their own.
pub(super) struct Desk {
    pub(super) world: World,
    mode: Mode,
}

/// Everything WeChat puts into one delivery.
#[derive(Debug, Clone)]
struct Sent {
    path: String,
    query: String,
    body: String,
}

impl Desk {
    pub(super) async fn new(mode: Mode) -> Self {
        Self::with(mode, |_| {}).await
    }

    async fn with(mode: Mode, change: impl FnOnce(&mut CallbackSettings)) -> Self {
        let world = World::with(AuthMode::Open, "http://localhost:3001/", |plan| {
            plan.app.callback.accounts.push(account("official", mode));
            plan.app.webhook.allow_private = true;
            change(&mut plan.app.callback);
        })
        .await;
        Self { world, mode }
    }

    /// A push as WeChat sends it now.
    fn push(&self, inner: &str) -> Sent {
        self.push_at(inner, self.world.now_s())
    }

    /// A push with another time stamp on the delivery.
    fn push_at(&self, inner: &str, timestamp: i64) -> Sent {
        signed(self.mode, World::OFFICIAL, OURS, inner, timestamp)
    }

    async fn deliver(&self, sent: &Sent) -> Answer {
        self.world.request("POST", &format!("{}?{}", sent.path, sent.query)).body(sent.body.clone()).send().await
    }

    /// Pushes, and gives what is replied.
    pub(super) async fn say(&self, inner: &str) -> Option<Reply> {
        let answer = self.deliver(&self.push(inner)).await;
        self.reply(answer.is(http::StatusCode::OK).text())
    }

    /// Reads an answer as WeChat does.
    fn reply(&self, answer: &str) -> Option<Reply> {
        if answer == "success" {
            return None;
        }
        let text = match self.mode {
            Mode::Plain => answer.to_owned(),
            _ => {
                let sealed = SealedReply::parse(answer, &Limits::default()).unwrap();
                sealed.open(&CallbackToken::new(TOKEN), &key(), &AppId::new(World::OFFICIAL)).unwrap()
            }
        };
        let (address, reply) = Reply::parse(text, &Limits::default()).unwrap();
        assert_eq!(address.from, OURS);
        Some(reply)
    }

    pub(super) async fn rule(&self, rule: &str) -> String {
        let call = self.world.request("POST", "/api/admin/rules").api_key(World::API_KEY).json(rule);
        call.send().await.is(http::StatusCode::CREATED).data()["id"].as_str().unwrap().to_owned()
    }

    /// What was written down, the newest first.
    async fn inbox(&self) -> Vec<serde_json::Value> {
        let call = self.world.request("GET", "/api/admin/inbox?page_size=200").api_key(World::API_KEY);
        let answer = call.send().await;
        answer.is(http::StatusCode::OK).data()["items"].as_array().unwrap().clone()
    }

    /// One push, opened.
    async fn opened(&self, id: &str) -> serde_json::Value {
        let call = self.world.request("GET", &format!("/api/admin/inbox/{id}")).api_key(World::API_KEY);
        call.send().await.is(http::StatusCode::OK).data().clone()
    }

    /// What is to be done later.
    async fn jobs(&self) -> Vec<StoredJob> {
        let list = ListJobs { page: 1, page_size: 200, ..ListJobs::default() };
        self.world.app.store().read(list).await.unwrap().items
    }

    fn advance(&self, seconds: u64) {
        self.world.advance(Duration::from_secs(seconds));
    }
}

/// A filter that is not understood is not passed over: people would take the answer for a filtered one.
#[tokio::test]
async fn lists_refuse_orders_and_accounts_they_do_not_know() {
    let desk = Desk::new(Mode::Safe).await;
    desk.rule(r#"{"match":{"on":"any"},"reply":{"type":"none"}}"#).await;
    desk.rule(r#"{"account":"mini","match":{"on":"any"},"reply":{"type":"none"}}"#).await;
    let ask = async |path: &str| desk.world.request("GET", path).api_key(World::API_KEY).send().await;
    for (list, order, orders) in [
        ("inbox", "-received_at", "received_at、-received_at"),
        ("followers", "-changed_at", "-changed_at"),
        ("rules", "-priority", "-priority"),
        ("jobs", "-created_at", "-created_at"),
    ] {
        let path = format!("/api/admin/{list}");
        ask(&format!("{path}?sort={order}&account=official")).await.is(http::StatusCode::OK);
        let unsorted = ask(&format!("{path}?sort=nothing")).await;
        let text = format!("请求参数错误: sort 只能是 {orders}");
        unsorted.is(http::StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &text);
        ask(&format!("{path}?account=nobody")).await.is(http::StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
    }
    ask(&format!("/api/admin/jobs?account={}", World::OFFICIAL)).await.is(http::StatusCode::OK);
    for (account, rules) in [("official", 1), ("mini", 2)] {
        assert_eq!(ask(&format!("/api/admin/rules?account={account}")).await.data()["total"], rules);
    }
}

fn account(name: &str, mode: Mode) -> AccountCallback {
    AccountCallback {
        account: AccountName::new(name).unwrap(),
        mode,
        token: CallbackToken::new(TOKEN),
        previous_tokens: Vec::new(),
        aes_key: (mode != Mode::Plain).then(key),
        previous_aes_keys: Vec::new(),
        original_id: Some(OURS.into()),
    }
}

fn key() -> AesKey {
    AesKey::parse(KEY).unwrap()
}

/// A delivery signed with our token, as WeChat makes it in each mode.
fn signed(mode: Mode, app_id: &str, to: &str, inner: &str, timestamp: i64) -> Sent {
    let (timestamp, nonce) = (timestamp.to_string(), "415670741");
    let signature = sign::callback_signature(TOKEN, &timestamp, nonce);
    let mut query = format!("signature={signature}&timestamp={timestamp}&nonce={nonce}&openid={WHO}");
    let path = "/wx".to_owned();
    if mode == Mode::Plain {
        return Sent { path, query, body: inner.to_owned() };
    }
    let encrypt = envelope::seal(&key(), &AppId::new(app_id), inner.as_bytes(), *b"0123456789abcdef").unwrap();
    let msg_signature = sign::msg_signature(TOKEN, &timestamp, nonce, &encrypt);
    query.push_str(&format!("&encrypt_type=aes&msg_signature={msg_signature}"));
    let format = if inner.trim_start().starts_with('{') { Format::Json } else { Format::Xml };
    Sent { path, query, body: Envelope::write(to, &encrypt, format) }
}

/// A text of the person.
pub(super) fn text(content: &str, msg_id: u64) -> String {
    let content = content.replace("]]>", "]]]]><![CDATA[>");
    xml(&format!(
        "<CreateTime>1757062690</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>\
         <MsgId>{msg_id}</MsgId>"
    ))
}

/// An event about the person.
pub(super) fn event(name: &str, at: i64, more: &str) -> String {
    xml(&format!(
        "<CreateTime>{at}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>{more}"
    ))
}

fn xml(inner: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{OURS}]]></ToUserName><FromUserName><![CDATA[{WHO}]]></FromUserName>{inner}</xml>"
    )
}

/// What an answer says beside its request id.
fn bytes(answer: &Answer) -> (http::StatusCode, String, Vec<(String, String)>) {
    let headers = answer.headers().iter().filter(|(name, _)| *name != "x-request-id");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status(), answer.text().to_owned(), headers.collect())
}

fn echo(token: &str, echostr: &str, timestamp: i64) -> String {
    let (timestamp, nonce) = (timestamp.to_string(), "1514711492");
    let signature = sign::callback_signature(token, &timestamp, nonce);
    format!("signature={signature}&timestamp={timestamp}&nonce={nonce}&echostr={}", encode(echostr))
}
