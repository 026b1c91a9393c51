//! Who has a lead.

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_model::Role;

use super::{advisor, by_key, call, deeds, get, lead, released, staff, world};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_who_claim_one_gets_it_and_the_others_are_told_who() {
    let world = world().await;
    let (li, wang) = (advisor(&world, "li").await, advisor(&world, "wang").await);
    let id = lead(&world, "li", "13800138000", "王小明").await;
    released(&world, &id).await;
    let path = format!("/{id}/claim");
    let claims = (0..50).map(|number| {
        let token = if number % 2 == 0 { &li } else { &wang };
        call(&world, token, "POST", &path, json!({}))
    });
    let all = futures_util::future::join_all(claims).await;
    let first = all.iter().find(|answer| answer.status() == StatusCode::OK).unwrap();
    let winner = first.data()["assigned_to"].as_str().unwrap().to_owned();
    for (number, answer) in all.iter().enumerate() {
        let own = if number % 2 == 0 { "li" } else { "wang" };
        if own == winner {
            assert_eq!(answer.is(StatusCode::OK).data()["version"], 3, "claiming again changes nothing");
        } else {
            answer.is(StatusCode::CONFLICT).failure("LEAD_TAKEN", &format!("这个客户线索已归顾问 {winner}"));
        }
    }
    assert_eq!(deeds(&world, "lead_claimed").await.len(), 1);
}

#[tokio::test]
async fn a_lead_goes_from_hand_to_hand_and_its_history_is_kept() {
    let world = world().await;
    let (li, wang) = (advisor(&world, "li").await, advisor(&world, "wang").await);
    let boss = staff(&world, "boss", Role::Supervisor, None).await;
    let id = lead(&world, "li", "13800138000", "王小明").await;
    let path = |verb: &str| format!("/{id}/{verb}");
    let assigned = call(&world, &boss, "POST", &path("assign"), json!({"advisor_id": "wang", "if_match": 1})).await;
    assert_eq!(assigned.is(StatusCode::OK).data()["assigned_to"], "wang");
    let again = call(&world, &boss, "POST", &path("assign"), json!({"advisor_id": "wang"})).await;
    assert_eq!(again.is(StatusCode::OK).data()["version"], 2, "nothing changed");
    let stale = call(&world, &boss, "POST", &path("assign"), json!({"advisor_id": "li", "if_match": 1})).await;
    stale.is(StatusCode::CONFLICT).code("CHANGED_MEANWHILE");
    let nobody = call(&world, &boss, "POST", &path("assign"), json!({"advisor_id": "nobody"})).await;
    nobody.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    assert_eq!(nobody.error()["details"][0]["field"], "advisor_id");

    // It is no longer there for li.
    for (method, verb) in [("GET", ""), ("GET", "/timeline"), ("GET", "/follow-ups"), ("POST", "/release")] {
        let answer = call(&world, &li, method, &format!("/{id}{verb}"), json!({})).await;
        answer.is(StatusCode::NOT_FOUND).failure("NOT_FOUND", "没有这个客户线索");
    }
    call(&world, &li, "POST", &path("claim"), json!({})).await.is(StatusCode::NOT_FOUND);
    let moment = || world.advance(std::time::Duration::from_millis(1));
    moment();
    call(&world, &wang, "POST", &path("release"), json!({})).await.is(StatusCode::OK);
    let again = call(&world, &wang, "POST", &path("release"), json!({})).await;
    assert_eq!(again.is(StatusCode::OK).data()["version"], 3, "a repeated release changes nothing");
    let for_another = call(&world, &li, "POST", &path("claim"), json!({"advisor_id": "wang"})).await;
    for_another.is(StatusCode::FORBIDDEN).code("FORBIDDEN");
    moment();
    call(&world, &li, "POST", &path("claim"), json!({})).await.is(StatusCode::OK);
    // Everybody saw it in the pool, so that it is taken may be told.
    call(&world, &wang, "POST", &path("claim"), json!({})).await.is(StatusCode::CONFLICT).code("LEAD_TAKEN");
    get(&world, &wang, &format!("/{id}")).await.is(StatusCode::NOT_FOUND);

    let page = get(&world, &li, &path("timeline")).await;
    let items = page.is(StatusCode::OK).data()["items"].as_array().unwrap().clone();
    let moves: Vec<_> = items
        .iter()
        .filter(|item| item["fields"].get("assigned_to").is_some())
        .map(|item| (item["type"].as_str().unwrap(), item["from"].clone(), item["to"].clone(), &item["by"]["name"]))
        .collect();
    let expected = [
        ("claimed", Value::Null, json!("li"), &json!("li")),
        ("released", json!("wang"), Value::Null, &json!("wang")),
        ("assigned", json!("li"), json!("wang"), &json!("boss")),
    ];
    assert_eq!(moves, expected);
    for (deed, detail) in [
        ("lead_claimed", json!({"assigned_to": [null, "li"]})),
        ("lead_released", json!({"assigned_to": ["wang", null]})),
        ("lead_assigned", json!({"assigned_to": ["li", "wang"]})),
    ] {
        let entries = deeds(&world, deed).await;
        assert_eq!(entries.len(), 1, "{deed}");
        let entry = &entries[0];
        assert_eq!((entry.detail.as_ref(), entry.target_id.as_str()), (Some(&detail), id.as_str()));
        assert_eq!((entry.target_kind.as_str(), entry.actor_kind.as_str()), ("lead", "staff"));
        assert!(entry.request_id.is_some() && entry.before.is_some() && entry.before != entry.after, "{entry:?}");
    }
}

#[tokio::test]
async fn a_program_claims_for_an_advisor_it_names() {
    let world = world().await;
    let id = lead(&world, "li", "13800138000", "王小明").await;
    let path = format!("/{id}/claim");
    by_key(&world, "POST", &path, json!({"advisor_id": "wang"})).await.is(StatusCode::CONFLICT).code("LEAD_TAKEN");
    released(&world, &id).await;
    let answer = by_key(&world, "POST", &path, json!({})).await;
    assert_eq!(answer.is(StatusCode::BAD_REQUEST).error()["details"][0]["field"], "advisor_id");
    by_key(&world, "POST", &path, json!({"advisor_id": "nobody"})).await.is(StatusCode::BAD_REQUEST);
    let answer = by_key(&world, "POST", &path, json!({"advisor_id": " wang "})).await;
    assert_eq!(answer.is(StatusCode::OK).data()["assigned_to"], "wang");
    // A supervisor who is an advisor, too, claims for themselves.
    released(&world, &id).await;
    let both = staff(&world, "both", Role::Supervisor, Some("li")).await;
    let answer = call(&world, &both, "POST", &path, json!({})).await;
    assert_eq!(answer.is(StatusCode::OK).data()["assigned_to"], "li");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_saw_the_same_one_changes_it() {
    let world = world().await;
    let id = lead(&world, "li", "13800138000", "王小明").await;
    let path = format!("/{id}");
    let all = (0..20).map(|number| {
        let body = json!({"remarks": format!("{number}"), "if_match": 1});
        by_key(&world, "PATCH", &path, body)
    });
    let all = futures_util::future::join_all(all).await;
    let won: Vec<_> = all.iter().filter(|answer| answer.status() == StatusCode::OK).collect();
    assert_eq!(won.len(), 1);
    assert!(all.iter().filter(|answer| answer.status() == StatusCode::CONFLICT).count() == 19);
    let now = by_key(&world, "GET", &path, Value::Null).await;
    assert_eq!((&now.data()["remarks"], &now.data()["version"]), (&won[0].data()["remarks"], &json!(2)));
    // Who does not say what they saw changes what is there.
    let all = (0..5).map(|number| by_key(&world, "PATCH", &path, json!({"remarks": format!("x{number}")})));
    for answer in futures_util::future::join_all(all).await {
        answer.is(StatusCode::OK);
    }
    let now = by_key(&world, "GET", &path, Value::Null).await;
    assert_eq!(now.data()["version"], 7);
}
