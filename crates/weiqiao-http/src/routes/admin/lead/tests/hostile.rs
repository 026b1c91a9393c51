//! T-97: what would be SQL elsewhere, in every filter and every order of every list.

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_model::Role;

use super::{LEADS, by_key, ids, lead, staff, world};
use crate::testing::encode;

const PAYLOADS: [&str; 20] = [
    "' OR '1'='1",
    "' OR 1=1 --",
    "'; DROP TABLE lead; --",
    concat!("1; DELETE ", "FROM lead"),
    "\" OR \"\"=\"",
    "') OR ('1'='1",
    "' UNION SELECT id, phone, name FROM lead --",
    "x' AND (SELECT count(*) FROM staff) > 0 --",
    "' AND randomblob(1000000000) --",
    "' || pg_sleep(5) --",
    "'; SELECT pg_sleep(5); --",
    "created_at; DROP TABLE lead",
    "created_at DESC, (SELECT 1)",
    "(CASE WHEN 1=1 THEN phone ELSE name END)",
    "-created_at--",
    "%",
    "_",
    "\\",
    "$1",
    "?1 OR 1=1",
];

/// Every list, and what it may be asked.
const LISTS: [(&str, &[&str]); 13] = [
    (LEADS, &["assigned_to", "level", "contract_status", "source", "phone", "customer_id", "q", "pool", "sort"]),
    ("/api/admin/leads.csv", &["assigned_to", "level", "contract_status", "source", "phone", "customer_id", "q"]),
    ("/api/admin/actions", &["advisor_id", "action_type", "lead_id", "sort"]),
    ("/api/admin/subscriptions", &["advisor_id", "template_id", "active", "sort"]),
    ("/api/admin/notifications", &["status", "advisor_id", "action_id", "sort"]),
    ("/api/admin/inbox", &["account", "type", "decided_by", "state", "sort"]),
    ("/api/admin/followers", &["account", "subscribed", "scene", "sort"]),
    ("/api/admin/jobs", &["kind", "account", "status", "origin", "sort"]),
    ("/api/admin/rules", &["account", "sort"]),
    ("/api/admin/staff", &["role", "disabled", "username", "sort"]),
    ("/api/admin/audit", &["deed", "actor_kind", "actor_id", "target_kind", "target_id", "request_id", "sort"]),
    ("/api/admin/webhooks/0199193d/deliveries", &["status", "sort"]),
    ("/api/users", &["account", "search", "sort"]),
];

#[tokio::test]
async fn nothing_in_a_filter_or_an_order_is_a_statement() {
    let world = world().await;
    world.browser().log_in("xiaoming").await;
    let admin = staff(&world, "admin", Role::Admin, None).await;
    let id = lead(&world, "li", "13800138000", "王小明").await;
    for (list, fields) in LISTS {
        for field in fields {
            for payload in PAYLOADS {
                let path = format!("{list}?{field}={}", encode(payload));
                let answer = world.request("GET", &path).bearer(&admin).send().await;
                match (answer.status(), *field) {
                    (StatusCode::BAD_REQUEST, _) => {
                        assert!(answer.message().starts_with("请求参数错误: "), "{path}: {answer:?}");
                    }
                    (StatusCode::NOT_FOUND, "account" | "status") => {}
                    (StatusCode::OK, "sort") => panic!("{path} is an order"),
                    (StatusCode::OK, _) if list.ends_with("csv") => {
                        assert_eq!(answer.text().lines().count(), 1, "{path} lets something through");
                    }
                    (StatusCode::OK, _) => assert_eq!(answer.data()["total"], 0, "{path} lets something through"),
                    _ => panic!("{path}: {answer:?}"),
                }
            }
        }
    }
    for payload in PAYLOADS {
        for (method, verb, body) in [
            ("GET", "", Value::Null),
            ("PATCH", "", json!({"level": "A类"})),
            ("POST", "/claim", json!({"advisor_id": "li"})),
            ("POST", "/assign", json!({"advisor_id": "li"})),
            ("GET", "/timeline", Value::Null),
        ] {
            by_key(&world, method, &format!("/{}{verb}", encode(payload)), body).await.is(StatusCode::NOT_FOUND);
        }
        let answer = by_key(&world, "POST", &format!("/{id}/assign"), json!({"advisor_id": payload})).await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    }
    let all = by_key(&world, "GET", "", Value::Null).await;
    assert_eq!(ids(&all), [id], "all is as it was");
}

#[tokio::test]
async fn wrong_ids_are_nobody() {
    let world = world().await;
    for id in ["none", "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10", &"x".repeat(512), "%F0%9F%99%82"] {
        by_key(&world, "GET", &format!("/{id}"), Value::Null).await.is(StatusCode::NOT_FOUND).code("NOT_FOUND");
    }
    for id in ["%00", "%0A", &"x".repeat(513), "%FF"] {
        by_key(&world, "GET", &format!("/{id}"), Value::Null).await.is(StatusCode::BAD_REQUEST);
    }
}
