//! Every route with every role (T-80), and what does not exist for whom.

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_app::usecase::staff::{StaffPatch, change_staff};
use weiqiao_model::{ApiScope, Role};
use weiqiao_store::facts::staff::FindStaffByUsername;

use super::{LEADS, advisor, by_key, call, deeds, get, ids, lead, released, staff, world};

fn body(verb: &str) -> Value {
    match verb {
        "/assign" => json!({"advisor_id": "li"}),
        "/reveal" => json!({"reason": "客户要求回电"}),
        "/follow-ups" => json!({"kind": "call", "text": "x"}),
        "" => json!({"level": "A类"}),
        _ => json!({}),
    }
}

#[tokio::test]
async fn every_role_may_what_is_theirs() {
    let world = world().await;
    let (ok, no) = (StatusCode::OK, StatusCode::FORBIDDEN);
    let roles = [
        staff(&world, "admin", Role::Admin, Some("li")).await,
        staff(&world, "supervisor", Role::Supervisor, Some("li")).await,
        advisor(&world, "li").await,
        staff(&world, "viewer", Role::Viewer, None).await,
        staff(&world, "unlinked", Role::Advisor, None).await,
    ];
    for (method, verb, may) in [
        ("GET", "list", [ok, ok, ok, ok, no]),
        ("GET", "", [ok, ok, ok, ok, no]),
        ("GET", "/timeline", [ok, ok, ok, ok, no]),
        ("GET", "/follow-ups", [ok, ok, ok, ok, no]),
        ("PATCH", "", [ok, ok, ok, no, no]),
        ("POST", "/follow-ups", [ok, ok, ok, no, no]),
        ("POST", "/reveal", [ok, ok, ok, no, no]),
        ("POST", "/claim", [ok, ok, ok, no, no]),
        ("POST", "/assign", [ok, ok, no, no, no]),
        ("POST", "/release", [ok, ok, ok, no, no]),
        ("GET", ".csv", [ok, ok, no, no, no]),
        ("GET", ".csv?reveal=true&reason=why", [ok, ok, no, no, no]),
    ] {
        for (number, (token, expected)) in roles.iter().zip(may).enumerate() {
            let phone = format!("138001380{:02}", number);
            // Everybody finds a lead of li's; who claims finds one in the pool.
            let all = by_key(&world, "GET", &format!("?phone={phone}"), Value::Null).await;
            let id = match ids(&all).pop() {
                Some(id) => id,
                None => lead(&world, "li", &phone, "王小明").await,
            };
            match verb {
                "/claim" => released(&world, &id).await,
                _ => drop(by_key(&world, "POST", &format!("/{id}/assign"), json!({"advisor_id": "li"})).await),
            }
            let path = match verb {
                "list" => String::new(),
                verb if verb.starts_with('.') => verb.to_owned(),
                verb => format!("/{id}{verb}"),
            };
            let answer = call(&world, token, method, &path, body(verb)).await;
            assert_eq!(answer.status(), expected, "{method} {verb} by the role {number}: {}", answer.text());
            if expected == no {
                let code = if number == 4 && !matches!(verb, "/assign" | ".csv" | ".csv?reveal=true&reason=why") {
                    "NOT_AN_ADVISOR"
                } else {
                    "FORBIDDEN"
                };
                answer.code(code);
            }
        }
    }
}

#[tokio::test]
async fn strangers_people_and_keys_without_the_scope_get_nothing() {
    let world = world().await;
    let id = lead(&world, "li", "13800138000", "王小明").await;
    let person = world.browser().log_in("xiaoming").await;
    let other = world.api_key(&[ApiScope::ActionWrite, ApiScope::LeadReveal]).await;
    let admin = world.api_key(&[ApiScope::Admin]).await;
    for (method, verb) in [
        ("GET", ""),
        ("PATCH", ""),
        ("GET", "/timeline"),
        ("GET", "/follow-ups"),
        ("POST", "/follow-ups"),
        ("POST", "/assign"),
        ("POST", "/claim"),
        ("POST", "/release"),
        ("POST", "/reveal"),
    ] {
        let path = format!("{LEADS}/{id}{verb}");
        let request = || world.request(method, &path).json(&body(verb).to_string());
        request().send().await.is(StatusCode::UNAUTHORIZED);
        request().bearer(&person).send().await.is(StatusCode::FORBIDDEN).code("FORBIDDEN");
        let answer = request().api_key(&other).send().await;
        match verb {
            "/reveal" => answer.is(StatusCode::OK),
            _ => answer.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING"),
        };
        if verb == "/reveal" {
            // Not even the key for everything else.
            request().api_key(&admin).send().await.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
        }
    }
    let file = |query: &str| world.request("GET", &format!("{LEADS}.csv{query}")).api_key(&admin);
    file("").send().await.is(StatusCode::OK);
    file("?reveal=true&reason=why").send().await.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
    assert_eq!(deeds(&world, "leads_exported").await.len(), 1);
}

#[tokio::test]
async fn an_advisor_sees_their_own_and_the_pool_and_nothing_else_exists() {
    let world = world().await;
    let li = advisor(&world, "li").await;
    let own = lead(&world, "li", "13800138000", "甲").await;
    let pool = lead(&world, "wang", "13800138001", "乙").await;
    let others = lead(&world, "wang", "13800138002", "丙").await;
    released(&world, &pool).await;
    let mut seen = ids(&get(&world, &li, "").await);
    seen.sort();
    let mut expected = vec![own.clone(), pool.clone()];
    expected.sort();
    assert_eq!(seen, expected);
    for query in ["?phone=13800138002", "?assigned_to=wang"] {
        let page = get(&world, &li, query).await;
        assert_eq!((ids(&page).len(), &page.data()["total"]), (0, &json!(0)), "{query}");
    }
    let none = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10";
    for (method, verb) in [
        ("GET", ""),
        ("PATCH", ""),
        ("GET", "/timeline"),
        ("GET", "/follow-ups"),
        ("POST", "/follow-ups"),
        ("POST", "/claim"),
        ("POST", "/release"),
        ("POST", "/reveal"),
    ] {
        let somebody_elses = call(&world, &li, method, &format!("/{others}{verb}"), body(verb)).await;
        let nobodys = call(&world, &li, method, &format!("/{none}{verb}"), body(verb)).await;
        somebody_elses.is(StatusCode::NOT_FOUND);
        let said = |answer: &super::Answer| (answer.message().to_owned(), answer.error().clone());
        assert_eq!(said(&somebody_elses), said(&nobodys), "{method} {verb}: that it exists is not told");
    }
    for (method, verb) in [("PATCH", ""), ("POST", "/follow-ups"), ("POST", "/reveal")] {
        let answer = call(&world, &li, method, &format!("/{pool}{verb}"), body(verb)).await;
        answer.is(StatusCode::FORBIDDEN).code("LEAD_IN_POOL");
    }
    assert!(deeds(&world, "lead_revealed").await.is_empty() && deeds(&world, "lead_changed").await.is_empty());
    let listed = get(&world, &li, "?pool=true").await;
    assert_eq!(
        (&listed.data()["items"][0]["phone"], &listed.data()["items"][0]["name"]),
        (&json!("138****8001"), &json!("*"))
    );
}

#[tokio::test]
async fn who_is_no_advisor_any_more_sees_nothing_within_seconds() {
    let world = world().await;
    let li = advisor(&world, "li").await;
    let id = lead(&world, "li", "13800138000", "甲").await;
    get(&world, &li, &format!("/{id}")).await.is(StatusCode::OK);
    let who = FindStaffByUsername { username: "li".into() };
    let who = world.app.store().read(who).await.unwrap().unwrap().id;
    let patch = StaffPatch { advisor_id: Some(None), ..StaffPatch::default() };
    change_staff(&world.app, weiqiao_app::Actor::Cli, who.as_str(), patch).await.unwrap();
    get(&world, &li, &format!("/{id}")).await.is(StatusCode::FORBIDDEN).code("NOT_AN_ADVISOR");
}
