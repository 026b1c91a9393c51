//! What is kept about people, read back at every address that shows it.

mod asked;
mod damaged;
mod described;

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_app::worker::Worker;
use weiqiao_model::Role;
use weixin_proto::callback::Mode;
use weixin_proto::callback::reply::Reply;

use super::callbacks::{Desk, event, text};
use crate::testing::{Answer, World};

const TEMPLATE: &str = "weiqiao-demo-customer-notification-template";

/// A service that has something of everything.
struct Stage {
    desk: Desk,
    admin: String,
    person: String,
}

impl Stage {
    async fn full() -> Self {
        let desk = Desk::new(Mode::Plain).await;
        let world = &desk.world;
        let admin = world.staff_token("boss", Role::Admin).await;
        let person = world.browser().log_in("xiaoming").await;
        let stage = Self { admin, person, desk };
        let world = &stage.desk.world;
        let hook = json!({"name": "shop", "url": "http://127.0.0.1:9/hook", "events": ["wechat.*"]});
        stage.call("POST", "/api/admin/webhooks", hook).await.is(StatusCode::CREATED);
        stage.desk.rule(r#"{"match":{"on":"text"},"reply":{"type":"text","content":"收到"}}"#).await;
        stage.desk.say(&event("subscribe", world.now_s(), "<EventKey><![CDATA[qrscene_7]]></EventKey>")).await;
        assert_eq!(stage.desk.say(&text("我的电话是 13900139000", 1)).await, Some(Reply::text("收到")));

        let li = world.emulator.openid("advisor-li", "mini");
        world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, 5);
        let subscribe = json!({"advisorId": "li", "openid": li, "templateId": TEMPLATE, "subscribed": true,
            "subscribeData": {"a": 1}});
        world.post("/api/advisor/subscribe", subscribe.to_string()).await.is(StatusCode::OK);
        let action = json!({"customerId": "oCustomer", "advisorId": "li", "actionType": "view_resume",
            "actionData": {"page": 1}, "customerName": "王小明", "customerPhone": "13800138000", "resumeId": "r1"});
        world.post("/api/customer/action", action.to_string()).await.is(StatusCode::OK);
        let message = json!({"touser": li, "template_id": TEMPLATE,
            "data": {"thing1": {"value": "x"}, "time2": {"value": "2025-09-05 16:58:10"}, "thing3": {"value": "x"},
                "thing7": {"value": "x"}}});
        let sent = world.request("POST", "/api/message/send").api_key(World::API_KEY).json(&message.to_string());
        sent.send().await.is(StatusCode::OK);
        Worker::new(world.app.clone()).run_due().await.unwrap();

        let staff = json!({"username": "lina", "role": "viewer", "name": "李娜", "phone": "13700137000",
            "email": "lina@example.com", "password": World::PASSWORD});
        stage.call("POST", "/api/admin/staff", staff).await.is(StatusCode::CREATED);
        let lead = stage.first("/api/admin/leads").await;
        stage
            .call("PATCH", &format!("/api/admin/leads/{lead}"), json!({"remarks": "喜欢周末联系"}))
            .await
            .is(StatusCode::OK);
        let follow_up = json!({"kind": "call", "text": "约好周五面试"});
        stage.call("POST", &format!("/api/admin/leads/{lead}/follow-ups"), follow_up).await.is(StatusCode::OK);
        stage
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        self.desk.world.request(method, path).bearer(&self.admin).json(&body.to_string()).send().await
    }

    async fn get(&self, path: &str) -> Answer {
        let (world, token) = (&self.desk.world, if path == "/api/me" { &self.person } else { &self.admin });
        world.request("GET", path).bearer(token).send().await
    }

    /// The id of the first row of a list.
    async fn first(&self, list: &str) -> String {
        let answer = self.get(list).await;
        let row = answer.is(StatusCode::OK).data()["items"][0].clone();
        row["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text())).to_owned()
    }

    /// Every address that shows rows, with the path of the API description it belongs to.
    async fn addresses(&self) -> Vec<(String, &'static str)> {
        let lists = [
            "/api/admin/accounts/{account}/menu",
            "/api/admin/actions",
            "/api/admin/advisors",
            "/api/admin/api-keys",
            "/api/admin/audit",
            "/api/admin/audit/verify",
            "/api/admin/encryption",
            "/api/admin/followers",
            "/api/admin/health/tokens",
            "/api/admin/inbox",
            "/api/admin/jobs",
            "/api/admin/jobs/holds",
            "/api/admin/leads",
            "/api/admin/notifications",
            "/api/admin/overview",
            "/api/admin/rules",
            "/api/admin/staff",
            "/api/admin/subscriptions",
            "/api/admin/users",
            "/api/admin/webhooks",
            "/api/auth/me",
            "/api/health",
            "/api/me",
            "/api/users",
        ];
        let mut all: Vec<_> = lists.into_iter().map(|path| (path.replace("{account}", "official"), path)).collect();
        for (list, details) in [
            ("/api/admin/inbox", &["/api/admin/inbox/{id}"][..]),
            ("/api/admin/jobs", &["/api/admin/jobs/{id}"]),
            (
                "/api/admin/leads",
                &["/api/admin/leads/{id}", "/api/admin/leads/{id}/timeline", "/api/admin/leads/{id}/follow-ups"],
            ),
            ("/api/admin/notifications", &["/api/admin/notifications/{id}"]),
            ("/api/admin/webhooks", &["/api/admin/webhooks/{id}", "/api/admin/webhooks/{id}/deliveries"]),
        ] {
            let id = self.first(list).await;
            all.extend(details.iter().map(|path| (path.replace("{id}", &id), *path)));
        }
        let hook = self.first("/api/admin/webhooks").await;
        let delivery = self.first(&format!("/api/admin/webhooks/{hook}/deliveries")).await;
        let path = "/api/admin/webhooks/{id}/deliveries/{delivery}";
        all.push((path.replace("{id}", &hook).replace("{delivery}", &delivery), path));
        all.push((format!("/api/user/{}", self.desk.world.openid("xiaoming")), "/api/user/{openid}"));
        all
    }
}
