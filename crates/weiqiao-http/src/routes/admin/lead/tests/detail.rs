//! What is known of a lead.

use std::time::Duration;

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use weiqiao_model::Role;

use super::{advisor, by_key, call, deeds, get, ids, lead, released, staff, world};

#[tokio::test]
async fn a_lead_is_masked_and_shows_what_happened() {
    let world = world().await;
    let li = advisor(&world, "li").await;
    let id = lead(&world, "li", "13800138000", "王小明").await;
    world.advance(Duration::from_secs(1));
    let patch =
        json!({"level": "A类", "contract_status": "匹配中", "name": "王大明", "remarks": "电话 13800138000\n急"});
    let changed = call(&world, &li, "PATCH", &format!("/{id}"), patch).await;
    let data = changed.is(StatusCode::OK).data();
    assert_eq!((&data["lead_level"], &data["contract_status"]), (&json!("A类"), &json!("匹配中")));
    assert_eq!((&data["name"], &data["remarks"]), (&json!("王**"), &json!("电话 13800138000\n急")));
    world.advance(Duration::from_secs(1));
    let next_at = world.now_s() + 86_400;
    let text = "约好周五 14:00 面试 🙂";
    let body = json!({"kind": "call", "text": text, "next_at": next_at});
    let added = call(&world, &li, "POST", &format!("/{id}/follow-ups"), body).await;
    let data = added.is(StatusCode::OK).data();
    assert_eq!((&data["text"], &data["next_at"], &data["by"]["name"]), (&json!(text), &json!(next_at), &json!("li")));

    let answer = get(&world, &li, &format!("/{id}")).await;
    assert!(!answer.is(StatusCode::OK).text().contains("王大明"));
    let data = answer.data();
    assert_eq!((&data["phone"], &data["name"], &data["id"]), (&json!("138****8000"), &json!("王**"), &json!(id)));
    assert_eq!((&data["next_follow_up_at"], &data["followed_at"]), (&json!(next_at), &json!(world.now_s())));
    assert_eq!(
        (&data["version"], &data["timeline_total"], &data["follow_ups_total"]),
        (&json!(2), &json!(3), &json!(1))
    );
    let timeline = data["timeline"].as_array().unwrap();
    let types: Vec<_> = timeline.iter().map(|item| item["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["follow_up", "changed", "action"]);
    assert_eq!((&timeline[0]["text"], &timeline[0]["kind"]), (&json!(text), &json!("call")));
    let fields = json!({"level": ["B类", "A类"], "contract_status": ["待定", "匹配中"], "name": true, "remarks": true});
    assert_eq!(timeline[1]["fields"], fields);
    assert_eq!((&timeline[2]["resume_id"], &timeline[2]["lead_created"]), (&json!("r1"), &json!(true)));
    assert_eq!(data["follow_ups"][0]["text"], text);

    let entries = deeds(&world, "lead_changed").await;
    assert_eq!((entries.len(), entries[0].detail.as_ref()), (1, Some(&fields)));
    let entries = deeds(&world, "lead_followed_up").await;
    assert_eq!(entries[0].detail.as_ref().unwrap()["follow_up"], timeline[0]["id"]);
    let cleared = call(&world, &li, "PATCH", &format!("/{id}"), json!({"remarks": ""})).await;
    assert_eq!(cleared.is(StatusCode::OK).data()["remarks"], "");
    let same = call(&world, &li, "PATCH", &format!("/{id}"), json!({"level": "A类"})).await;
    assert_eq!(same.is(StatusCode::OK).data()["version"], 3, "as it was");
    assert_eq!(deeds(&world, "lead_changed").await.len(), 2);
}

#[tokio::test]
async fn the_message_about_an_action_is_in_the_timeline() {
    let world = world().await;
    let openid = world.emulator.openid("advisor-li", "mini");
    let template = "weiqiao-demo-customer-notification-template";
    world.emulator.accept_notifications("advisor-li", "mini", template, 1);
    let body = json!({"advisorId": "li", "openid": openid, "templateId": template, "subscribed": true}).to_string();
    let call = world.request("POST", "/api/advisor/subscribe").api_key(super::World::API_KEY).json(&body);
    call.send().await.is(StatusCode::OK);
    let id = lead(&world, "li", "13800138000", "王小明").await;
    weiqiao_app::worker::Worker::new(world.app.clone()).run_due().await.unwrap();
    let answer = by_key(&world, "GET", &format!("/{id}"), Value::Null).await;
    let timeline = answer.is(StatusCode::OK).data()["timeline"].as_array().unwrap().clone();
    let told = timeline.iter().find(|item| item["type"] == "notification").unwrap();
    assert_eq!((&told["status"], &told["attempts"]), (&json!("sent"), &json!(1)));
    let action = timeline.iter().find(|item| item["type"] == "action").unwrap();
    assert_eq!(action["notified"], true);
    assert!(!answer.text().contains(&openid));
}

#[rstest]
#[case("", "PATCH", json!({}), "level")]
#[case("", "PATCH", json!({"level": "Z类"}), "level")]
#[case("", "PATCH", json!({"level": 1}), "level")]
#[case("", "PATCH", json!({"contract_status": "x"}), "contract_status")]
#[case("", "PATCH", json!({"name": "名".repeat(65)}), "name")]
#[case("", "PATCH", json!({"name": "a\nb"}), "name")]
#[case("", "PATCH", json!({"remarks": "字".repeat(2_001)}), "remarks")]
#[case("", "PATCH", json!({"remarks": "a\u{0}b"}), "remarks")]
#[case("", "PATCH", json!({"remarks": ["x"]}), "remarks")]
#[case("", "PATCH", json!({"level": "A类", "if_match": "1"}), "if_match")]
#[case("/assign", "POST", json!({}), "advisor_id")]
#[case("/assign", "POST", json!({"advisor_id": "x".repeat(129)}), "advisor_id")]
#[case("/follow-ups", "POST", json!({"text": "x"}), "kind")]
#[case("/follow-ups", "POST", json!({"kind": "call"}), "text")]
#[case("/follow-ups", "POST", json!({"kind": "pigeon", "text": "x"}), "kind")]
#[case("/follow-ups", "POST", json!({"kind": "call", "text": "字".repeat(2_001)}), "text")]
#[case("/follow-ups", "POST", json!({"kind": "call", "text": "x", "next_at": 1}), "next_at")]
#[case("/follow-ups", "POST", json!({"kind": "call", "text": "x", "next_at": i64::MAX}), "next_at")]
#[case("/reveal", "POST", json!({}), "reason")]
#[case("/reveal", "POST", json!({"reason": "x"}), "reason")]
#[case("/reveal", "POST", json!({"reason": "字".repeat(201)}), "reason")]
#[tokio::test]
async fn what_is_wrong_is_named(#[case] verb: &str, #[case] method: &str, #[case] body: Value, #[case] field: &str) {
    let world = world().await;
    let id = lead(&world, "li", "13800138000", "王小明").await;
    let answer = by_key(&world, method, &format!("/{id}{verb}"), body).await;
    answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    assert_eq!(answer.error()["details"][0]["field"], field, "{answer:?}");
    assert_eq!(by_key(&world, "GET", &format!("/{id}"), Value::Null).await.data()["timeline_total"], 1);
    assert!(deeds(&world, "lead_revealed").await.is_empty());
}

#[tokio::test]
async fn follow_ups_come_in_pages_and_the_last_plan_counts() {
    let world = world().await;
    let id = lead(&world, "li", "13800138000", "王小明").await;
    let path = format!("/{id}/follow-ups");
    for number in 0..5 {
        world.advance(Duration::from_secs(1));
        let next = (number < 4).then(|| world.now_s() + number);
        let body = json!({"kind": "other", "text": format!("第 {number} 次"), "next_at": next});
        by_key(&world, "POST", &path, body).await.is(StatusCode::OK);
    }
    let page = by_key(&world, "GET", &format!("{path}?page=2&page_size=2"), Value::Null).await;
    let items = page.is(StatusCode::OK).data()["items"].as_array().unwrap();
    let texts: Vec<_> = items.iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!((texts, &page.data()["total"]), (vec!["第 2 次", "第 1 次"], &json!(5)));
    let lead = by_key(&world, "GET", &format!("/{id}"), Value::Null).await;
    assert_eq!(lead.data()["next_follow_up_at"], Value::Null);
    by_key(&world, "GET", &format!("{path}?page_size=201"), Value::Null).await.is(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn name_and_phone_are_revealed_to_who_says_why() {
    let world = world().await;
    let li = advisor(&world, "li").await;
    let id = lead(&world, "li", "13800138000", "王小明").await;
    let path = format!("/{id}/reveal");
    let answer = call(&world, &li, "POST", &path, json!({"reason": " 客户要求回电 "})).await;
    let data = answer.is(StatusCode::OK).data();
    assert_eq!((&data["name"], &data["phone"], &data["id"]), (&json!("王小明"), &json!("13800138000"), &json!(id)));
    assert_eq!(answer.header("cache-control"), "no-store");
    let entries = deeds(&world, "lead_revealed").await;
    assert_eq!((entries.len(), entries[0].target_id.as_str()), (1, id.as_str()));
    assert_eq!(entries[0].detail, Some(json!({"reason": "客户要求回电"})));
    // What cannot be written down is not shown.
    world.lose_database().await;
    let answer = call(&world, &li, "POST", &path, json!({"reason": "客户要求回电"})).await;
    assert!(!answer.is(StatusCode::SERVICE_UNAVAILABLE).text().contains("13800138000"));
}

#[tokio::test]
async fn lists_are_filtered_and_ordered() {
    let world = world().await;
    let (a, b) = (lead(&world, "li", "13800138000", "甲").await, {
        world.advance(Duration::from_secs(5));
        lead(&world, "wang", "13900139000", "乙").await
    });
    by_key(&world, "PATCH", &format!("/{b}"), json!({"level": "A类", "contract_status": "已签约"})).await;
    world.advance(Duration::from_secs(5));
    released(&world, &a).await;
    let number = by_key(&world, "GET", &format!("/{a}"), Value::Null).await.data()["customer_id"].clone();
    let number = number.as_str().unwrap();
    let begin = world.now_s() - 10;
    let encoded = crate::testing::encode;
    for (query, expected) in [
        (String::new(), vec![&b, &a]),
        ("sort=created_at".into(), vec![&a, &b]),
        ("sort=-updated_at".into(), vec![&a, &b]),
        ("sort=updated_at".into(), vec![&b, &a]),
        ("sort=lead_level".into(), vec![&b, &a]),
        ("sort=-customer_id".into(), vec![&b, &a]),
        ("pool=true".into(), vec![&a]),
        ("pool=false".into(), vec![&b, &a]),
        ("assigned_to=wang".into(), vec![&b]),
        (format!("level={}", encoded("A类")), vec![&b]),
        (format!("contract_status={}", encoded("已签约")), vec![&b]),
        (format!("source={}", encoded("其他")), vec![&b, &a]),
        ("source=x".into(), vec![]),
        (format!("since={}", begin + 1), vec![&b]),
        (format!("until={}", begin + 1), vec![&a]),
        ("phone=13800138000".into(), vec![&a]),
        ("phone=1380013800".into(), vec![]),
        (format!("customer_id={number}"), vec![&a]),
        (format!("q={}", number.trim_start_matches("CUS")), vec![&a]),
        ("q=CUS".into(), vec![&b, &a]),
        ("q=CUSX".into(), vec![]),
        ("page=2&page_size=1".into(), vec![&a]),
    ] {
        let page = by_key(&world, "GET", &format!("?{query}"), Value::Null).await;
        let expected: Vec<_> = expected.into_iter().cloned().collect();
        assert_eq!(ids(&page), expected, "{query}");
        assert!(!page.text().contains("13800138000") && page.text().contains("\"name\":\"") != expected.is_empty());
    }
    let refused = by_key(&world, "GET", "?sort=phone", Value::Null).await;
    let text = "请求参数错误: sort 只能是 created_at、-created_at、updated_at、-updated_at、followed_at、-followed_at、\
        next_follow_up_at、-next_follow_up_at、lead_level、-lead_level、customer_id、-customer_id";
    refused.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", text);
}

#[tokio::test]
async fn what_staff_write_is_for_those_who_work_with_leads() {
    let world = world().await;
    let viewer = staff(&world, "viewer", Role::Viewer, None).await;
    let li = advisor(&world, "li").await;
    let id = lead(&world, "li", "13800138000", "王小明").await;
    let secret = "手机尾号 4711";
    call(&world, &li, "PATCH", &format!("/{id}"), json!({"remarks": secret})).await.is(StatusCode::OK);
    let body = json!({"kind": "wechat", "text": secret});
    call(&world, &li, "POST", &format!("/{id}/follow-ups"), body).await.is(StatusCode::OK);
    for path in ["", &format!("/{id}"), &format!("/{id}/timeline"), &format!("/{id}/follow-ups")] {
        let answer = get(&world, &viewer, path).await;
        assert!(!answer.is(StatusCode::OK).text().contains(secret), "{path}");
        let seen = get(&world, &li, path).await;
        assert!(seen.is(StatusCode::OK).text().contains(secret), "{path}");
    }
    // In the pool it is not yet anybody's to read.
    released(&world, &id).await;
    for path in ["", &format!("/{id}")] {
        assert!(!get(&world, &li, path).await.is(StatusCode::OK).text().contains(secret), "{path}");
    }
    let detail = get(&world, &li, &format!("/{id}")).await;
    assert_eq!((&detail.data()["timeline"], &detail.data()["follow_ups"]), (&Value::Null, &Value::Null));
    for verb in ["timeline", "follow-ups"] {
        get(&world, &li, &format!("/{id}/{verb}")).await.is(StatusCode::FORBIDDEN).code("LEAD_IN_POOL");
    }
}
