//! One value that cannot be read is shown as `null` and named. It takes no other value with it, no row, and no list.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_store::facts::sealed::{FindStale, ReplaceSealed, Resealed, columns};

use super::Stage;
use crate::testing::World;

/// What is opened to go on, and not to be shown.
const NOT_SHOWN: [&str; 3] = ["account_token", "audit_head", "session_key"];

/// Flips a bit in every sealed value of the database, but for what nobody is shown.
async fn damage(world: &World) -> usize {
    let store = world.app.store();
    let mut flipped = 0;
    for column in columns().iter().filter(|column| !NOT_SHOWN.contains(&column.table)) {
        let all = FindStale { column, key_id: [0; 4], after: [String::new(), String::new()], limit: 1_000 };
        let values = store.read(all).await.unwrap().into_iter().map(|found| {
            let mut new = found.sealed.clone();
            *new.last_mut().unwrap() ^= 1;
            Resealed { key: found.key, old: found.sealed, new }
        });
        let values: Vec<_> = values.collect();
        flipped += values.len();
        store.run(ReplaceSealed { column, values }).await.unwrap();
    }
    flipped
}

/// Every field that is named as damaged, wherever it is: each of them is `null`, or not shown at all.
fn named(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for name in fields.get("damaged").and_then(Value::as_array).into_iter().flatten() {
                let name = name.as_str().unwrap();
                let mut place = value;
                for part in name.split('.') {
                    place = &place[part];
                }
                assert!(place.is_null(), "{name}: {place} in {value}");
                found.insert(name.to_owned());
            }
            fields.values().for_each(|value| named(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| named(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_damaged_value_takes_nothing_with_it() {
    let stage = Stage::full().await;
    let addresses = stage.addresses().await;
    let mut before = Vec::new();
    for (address, path) in &addresses {
        let answer = stage.get(address).await;
        let mut names = BTreeSet::new();
        named(answer.is(StatusCode::OK).json(), &mut names);
        assert!(names.is_empty(), "{path}: {names:?}");
        before.push(answer.data().clone());
    }
    assert!(damage(&stage.desk.world).await > 20);

    let person = "city country headimgurl language nickname openid privilege province sex";
    let detail = "action_data customer_id customer_name customer_phone resume_id seen_ip";
    let expected = |path: &str| match path {
        "/api/admin/actions" => detail,
        "/api/admin/followers" => "openid",
        "/api/admin/subscriptions" => "data openid",
        "/api/admin/inbox/{id}" => "message raw reply",
        "/api/admin/leads" => "name phone remarks",
        "/api/admin/leads/{id}" => "by.name name phone remarks resume_id text",
        "/api/admin/leads/{id}/timeline" => "by.name resume_id text",
        "/api/admin/leads/{id}/follow-ups" => "by.name text",
        "/api/admin/notifications" | "/api/admin/notifications/{id}" => "touser",
        "/api/admin/staff" => "email name phone",
        "/api/auth/me" => "name",
        "/api/admin/users" | "/api/users" => person,
        "/api/admin/webhooks" | "/api/admin/webhooks/{id}" => "secret url",
        "/api/admin/webhooks/{id}/deliveries/{delivery}" => "event event_id event_type",
        _ => "",
    };
    for ((address, path), before) in addresses.iter().zip(before) {
        if matches!(*path, "/api/me" | "/api/user/{openid}") {
            continue;
        }
        let answer = stage.get(address).await;
        answer.is(StatusCode::OK);
        assert_eq!(answer.data()["total"], before["total"], "{path}");
        let rows = |data: &Value| data["items"].as_array().map(Vec::len);
        assert_eq!(rows(answer.data()), rows(&before), "{path}: no row is lost");
        let mut names = BTreeSet::new();
        named(answer.json(), &mut names);
        // A unionid is shown only where there is one.
        names.remove("unionid");
        assert_eq!(names.into_iter().collect::<Vec<_>>().join(" "), expected(path), "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_is_damaged_can_be_given_anew() {
    let stage = Stage::full().await;
    let world = &stage.desk.world;
    let (lead, hook) = (stage.first("/api/admin/leads").await, stage.first("/api/admin/webhooks").await);
    damage(world).await;

    let path = format!("/api/admin/leads/{lead}");
    let changed = stage.call("PATCH", &path, json!({"name": "王小明", "remarks": "重新写的"})).await;
    let data = changed.is(StatusCode::OK).data();
    assert_eq!(
        (&data["name"], &data["remarks"], &data["damaged"]),
        (&json!("王**"), &json!("重新写的"), &json!(["phone"]))
    );
    let revealed = stage.call("POST", &format!("{path}/reveal"), json!({"reason": "客户要求回电"})).await;
    let data = revealed.is(StatusCode::OK).data();
    assert_eq!((&data["name"], &data["phone"], &data["damaged"]), (&json!("王小明"), &json!(null), &json!(["phone"])));
    let file = stage.get("/api/admin/leads.csv").await;
    assert!(file.is(StatusCode::OK).text().contains("（数据损坏，无法读取）"), "{}", file.text());

    let path = format!("/api/admin/webhooks/{hook}");
    let nothing = stage.call("PATCH", &path, json!({"enabled": false})).await;
    nothing.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", "请求参数错误: 保存的 url 已损坏，请重新填写");
    stage.call("PATCH", &path, json!({"url": "http://127.0.0.1:9/new"})).await.is(StatusCode::OK);
    let damaged = stage.get(&path).await;
    assert_eq!(damaged.data()["damaged"], json!(["secret"]), "{}", damaged.text());
    stage.call("POST", &format!("{path}/secret"), json!({})).await.is(StatusCode::OK);
    assert_eq!(stage.get(&path).await.data()["damaged"], json!(null));

    // A customer of a lead that was there before is not told of it, and their action counts.
    let action = json!({"customerId": "oCustomer", "advisorId": "li", "actionType": "book_service", "actionData": {},
        "customerPhone": "13800138000"});
    world.post("/api/customer/action", action.to_string()).await.is(StatusCode::OK);

    // People log in again, which writes everything about them anew.
    let openid = world.openid("xiaoming");
    let status = world.get(&format!("/api/user/{openid}")).await;
    assert_eq!(
        *status.is(StatusCode::OK).data(),
        json!({"exists": true, "need_auth": true, "message": "用户资料已损坏，需要重新授权"})
    );
    world.advance(std::time::Duration::from_secs(6));
    stage.get("/api/me").await.is(StatusCode::UNAUTHORIZED);
    let person = world.browser().log_in("xiaoming").await;
    let me = world.request("GET", "/api/me").bearer(&person).send().await;
    assert_eq!(me.is(StatusCode::OK).data()["user_info"]["nickname"], "小明");
    assert_eq!(world.get(&format!("/api/user/{openid}")).await.data()["need_auth"], false);
}
