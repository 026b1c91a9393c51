//! What WeChat does wrong, and what happens then: each row FM-01 … FM-29, FM-34 and FM-35 of the failures is one test here,
//! through the real router against the emulated WeChat, named after it; with them FI-16, FI-19, T-99 and G-33.
//!
//! | rows | file |
//! |---|---|
//! | FM-01 … FM-03, FM-25 … FM-27, FM-35, FI-19, T-99 | [`tokens`] |
//! | FM-05 … FM-11, FM-14 (sends), FM-15 … FM-17 | [`sends`] |
//! | FM-04, FM-12, FM-13, FM-14 (logins), FM-28, FM-29, FM-34, FI-16 | [`logins`] |
//! | FM-18 … FM-24, G-33 | [`dirt`] |
//!
//! FM-30 … FM-33 are about callbacks and stand in `tests/callbacks`; FM-34 by its reasons, G-35 and FI-18 in the crate `weixin`.
//!
//! Where the contract says otherwise than the list, the contract holds: a code that WeChat refuses is a 500 with its number
//! (FM-12, FM-13), never a 400 or 403.

mod dirt;
mod doubts;
mod logins;
mod sends;
mod tokens;

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_app::worker::Worker;

use crate::testing::{Answer, World};

const STABLE: &str = "/cgi-bin/stable_token";
const MENU: &str = "/cgi-bin/menu/get";
const SEND: &str = "/cgi-bin/message/subscribe/send";
const TEMPLATE: &str = "weiqiao-demo-customer-notification-template";

/// A business call that needs the official account's token and may be repeated.
async fn menu(world: &World) -> Answer {
    world.request("GET", "/api/admin/accounts/official/menu").api_key(World::API_KEY).send().await
}

/// A web login of 小明.
async fn login(world: &World) -> Answer {
    world.post("/api/wechat/auth", json!({ "code": world.code("xiaoming") }).to_string()).await
}

/// A login of 小红 in the mini program.
async fn mini_login(world: &World) -> Answer {
    world.post("/api/wechat/openid", json!({ "code": world.mini_code("xiaohong") }).to_string()).await
}

/// One message, sent at once.
async fn send(world: &World) -> Answer {
    let openid = world.emulator.openid("advisor-li", "mini");
    let data = json!({"thing1": {"value": "您有新的预约"}, "time2": {"value": "2025-09-05 16:58"},
        "thing3": {"value": "13800138000"}, "thing7": {"value": "王女士"}});
    let body = json!({ "touser": openid, "template_id": TEMPLATE, "data": data }).to_string();
    world.request("POST", "/api/message/send").api_key(World::API_KEY).json(&body).send().await
}

/// What the tokens of the official account are like.
async fn token_health(world: &World) -> Value {
    token_health_of(world, 0).await
}

/// The same of the account in that place.
async fn token_health_of(world: &World, place: usize) -> Value {
    let answer = world.request("GET", "/api/admin/health/tokens").api_key(World::API_KEY).send().await;
    answer.is(StatusCode::OK).data()["accounts"][place].clone()
}

/// An advisor who gets notifications, and customers.
struct Office {
    world: World,
}

impl Office {
    async fn new() -> Self {
        Self::of(World::open().await).await
    }

    async fn of(world: World) -> Self {
        let openid = world.emulator.openid("advisor-li", "mini");
        world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 1_000);
        let office = Self { world };
        office.subscribe(&openid).await;
        office
    }

    /// 顾问李 subscribes, once more perhaps.
    async fn subscribe(&self, openid: &str) {
        let body = json!({"advisorId": "li", "openid": openid, "templateId": TEMPLATE, "subscribed": true});
        self.world.post("/api/advisor/subscribe", body.to_string()).await.is(StatusCode::OK);
    }

    /// A customer does something that the advisor is told of. Time passes, so that the next one is later.
    async fn act(&self) {
        self.act_now().await;
        self.world.advance(std::time::Duration::from_millis(10));
    }

    async fn act_now(&self) {
        let body = json!({"customerId": "o1", "advisorId": "li", "actionType": "other", "actionData": {}});
        self.world.post("/api/customer/action", body.to_string()).await.is(StatusCode::OK);
    }

    async fn work(&self) {
        Worker::new(self.world.app.clone()).run_due().await.unwrap();
    }

    /// A while later.
    async fn work_after(&self, seconds: u64) {
        self.world.advance(std::time::Duration::from_secs(seconds));
        self.work().await;
    }

    /// All notifications, the oldest first.
    async fn notifications(&self) -> Vec<Value> {
        let call = self.world.request("GET", "/api/admin/notifications?page_size=200").api_key(World::API_KEY);
        let answer = call.send().await;
        let mut items = answer.is(StatusCode::OK).data()["items"].as_array().unwrap().clone();
        items.reverse();
        items
    }

    async fn statuses(&self) -> Vec<String> {
        self.notifications().await.iter().map(|one| one["status"].as_str().unwrap().to_owned()).collect()
    }

    /// How the tries of a notification ended.
    async fn verdicts(&self, notification: &Value) -> Vec<String> {
        let path = format!("/api/admin/notifications/{}", notification["id"].as_str().unwrap());
        let answer = self.world.request("GET", &path).api_key(World::API_KEY).send().await;
        let attempts = answer.is(StatusCode::OK).data()["attempts"].as_array().unwrap().clone();
        attempts.iter().map(|attempt| attempt["verdict"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn sends(&self) -> usize {
        self.world.wechat_calls(SEND)
    }

    /// What the advisor's phone got.
    fn arrived(&self) -> usize {
        self.world.emulator.received("advisor-li").len()
    }
}
