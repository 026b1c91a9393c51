//! The threats T-17 to T-53 and T-83: each row is one test through the real router, named after it.
//!
//! | rows | test |
//! |---|---|
//! | T-17, T-18 | [`login`]: `t_17_…`, `t_18_…` |
//! | T-19 | [`mini`]: `t_19_…`; the codec's own mutations are in `weixin-proto` |
//! | T-20, T-21, T-30 | [`login`]: `t_20_…`, `t_21_…`, `t_30_…` |
//! | T-22, T-23, T-24, T-25 | [`tokens`]: `t_22_…` to `t_25_…` |
//! | T-26, T-27, T-28, T-29 | [`reading`]: `t_26_…` to `t_29_…` |
//! | T-31 | [`mini`]: `t_31_…` |
//! | T-32, T-33, T-34, T-35, T-36 | [`subscribe`]: `t_32_…` to `t_36_…`; events out of order also in `callbacks::subscriptions` |
//! | T-37, T-39, T-40, T-44, T-46, T-47 | [`action`]: `t_37_…`, `t_39_…`, `t_40_…`, `t_44_…`, `t_46_…`, `t_47_…` |
//! | T-38, T-45 | [`flood`]: `t_38_…`, `t_45_…` |
//! | T-41, T-42 | [`content`]: `t_41_…`, `t_42_…`; the pages of the console are a browser's journey |
//! | T-43 | [`content`]: `t_43_…` |
//! | T-48, T-49, T-52, T-53 | [`send`]: `t_48_…`, `t_49_…`, `t_52_…`, `t_53_…` |
//! | T-50, T-51 | [`send_once`]: `t_50_…`, `t_51_…` |
//! | T-83 | [`outward`]: `t_83_…` |
//!
//! Where the contract says otherwise than the list of threats, the contract holds: it has no 422, so what must not be done is
//! 403 and what is wrong is 400; another request under a used key is 409; an unknown openid is 200 `exists: false`; templates
//! and recipients are WeChat's to judge unless they are listed; an action without `Idempotency-Key` is a new one unless
//! `ACTION_DUPLICATE_WINDOW` says otherwise; each action that owes a notification gets its own.

#![allow(clippy::string_slice, reason = "what is cut here is ASCII")]

mod action;
mod content;
mod flood;
mod login;
mod mini;
mod outward;
mod reading;
mod send;
mod send_once;
mod subscribe;
mod tokens;

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_app::AuthMode;
use weiqiao_app::worker::Worker;
use weiqiao_coord::{CoordConfig, RedisConfig, RedisUrl};
use weiqiao_model::{OsRng, random_alnum};
use weiqiao_store::StoreConfig;

use crate::testing::{Answer, Plan, World};

const TEMPLATE: &str = "weiqiao-demo-customer-notification-template";
const OPENID: &str = "/api/wechat/openid";
const SUBSCRIBE: &str = "/api/advisor/subscribe";
const ACTION: &str = "/api/customer/action";
const SEND: &str = "/api/message/send";
const SEND_AT_WECHAT: &str = "/cgi-bin/message/subscribe/send";

/// What facts are stored in, and what instances share.
#[derive(Debug, Clone, Copy)]
enum Engine {
    /// SQLite, and nothing shared.
    Embedded,
    /// Postgres and Redis.
    Services,
}

impl Engine {
    /// A world on this engine; nothing where there are no services.
    async fn world(self, mode: AuthMode, change: impl FnOnce(&mut Plan)) -> Option<World> {
        let services = match self {
            Self::Embedded => None,
            Self::Services => Some((database().await?, redis()?)),
        };
        let change = |plan: &mut Plan| {
            if let Some((store, coord)) = services {
                (plan.store, plan.coord) = (Some(store), coord);
            }
            change(plan);
        };
        Some(World::with(mode, "https://app.example.com/", change).await)
    }
}

fn service(name: &str) -> Option<String> {
    let url = std::env::var_os(name).map(|url| url.into_string().unwrap()).filter(|url| !url.is_empty());
    assert!(url.is_some() || std::env::var_os("WEIQIAO_TEST_REQUIRE_SERVICES").is_none(), "{name} is not set");
    url
}

/// A schema of the test's own.
async fn database() -> Option<StoreConfig> {
    let url = service("WEIQIAO_TEST_POSTGRES_URL")?;
    let schema = format!("threats_{}", random_alnum(&OsRng, 16).to_lowercase());
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    Some(StoreConfig::Postgres { url: format!("{url}{separator}options=-csearch_path%3D{schema}"), pool_size: 12 })
}

fn redis() -> Option<CoordConfig> {
    let url = RedisUrl::new(service("WEIQIAO_TEST_REDIS_URL")?);
    let prefix = format!("threats-{}", random_alnum(&OsRng, 16));
    Some(CoordConfig::Redis(RedisConfig { prefix, ..RedisConfig::new(url, [7; 32]) }))
}

/// Strict mode with every limit on.
async fn limited(change: impl FnOnce(&mut Plan)) -> World {
    World::with(AuthMode::Strict, "https://app.example.com/", |plan| {
        plan.http.rate_limits = true;
        plan.app.crm.limits.on = true;
        change(plan);
    })
    .await
}

async fn admin(world: &World, method: &str, path: &str) -> Answer {
    world.request(method, path).api_key(World::API_KEY).json("{}").send().await
}

/// How many there are.
async fn total(world: &World, list: &str) -> u64 {
    admin(world, "GET", &format!("/api/admin/{list}")).await.is(StatusCode::OK).data()["total"].as_u64().unwrap()
}

/// The newest.
async fn newest(world: &World, list: &str) -> Value {
    admin(world, "GET", &format!("/api/admin/{list}")).await.is(StatusCode::OK).data()["items"][0].clone()
}

/// A person's session at the mini program: openid and token.
async fn session(world: &World, persona: &str) -> (String, String) {
    let answer = world.post(OPENID, json!({ "code": world.mini_code(persona) }).to_string()).await;
    let data = answer.is(StatusCode::OK).data();
    (data["openid"].as_str().unwrap().to_owned(), data["token"].as_str().unwrap().to_owned())
}

fn mini_openid(world: &World, persona: &str) -> String {
    world.emulator.openid(persona, "mini")
}

/// Staff make an advisor known.
async fn advisor(world: &World, id: &str, openid: &str) {
    let body = json!({"advisor_id": id, "openid": openid}).to_string();
    let call = world.request("POST", "/api/admin/advisors").api_key(World::API_KEY).json(&body);
    call.send().await.is(StatusCode::OK);
}

fn subscription(advisor: &str, openid: &str, subscribed: bool) -> String {
    json!({"advisorId": advisor, "openid": openid, "templateId": TEMPLATE, "subscribed": subscribed}).to_string()
}

/// 顾问李 agrees to so many messages, on the phone and here.
async fn agreed(world: &World, count: u32) {
    let openid = mini_openid(world, "advisor-li");
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, count);
    let call = world.request("POST", SUBSCRIBE).api_key(World::API_KEY);
    call.json(&subscription("li", &openid, true)).send().await.is(StatusCode::OK);
}

/// An action for 顾问李, with some fields as given.
fn action(rest: &Value) -> String {
    let mut body = json!({"customerId": "oCustomer", "advisorId": "li", "actionType": "view_resume", "actionData": {}});
    for (key, value) in rest.as_object().unwrap() {
        body[key] = value.clone();
    }
    body.to_string()
}

/// A message to 顾问李 that WeChat takes.
fn message(world: &World) -> Value {
    let data = json!({"thing1": {"value": "你好"}, "time2": {"value": "2025-09-05 16:58"}, "thing3": {"value": "x"},
        "thing7": {"value": "王小明"}});
    json!({"touser": mini_openid(world, "advisor-li"), "template_id": TEMPLATE, "data": data})
}

async fn work(world: &World) {
    Worker::new(world.app.clone()).run_due().await.unwrap();
}

/// The same numbers every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// The middle one of some times, in microseconds.
fn median_us(mut times: Vec<std::time::Duration>) -> u128 {
    times.sort();
    times[times.len() / 2].as_micros()
}
