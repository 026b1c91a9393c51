//! Leads through the router: who sees and changes what, who wins, what is written down.

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_app::usecase::audit::{AuditEntry, AuditFilter, list_audit};
use weiqiao_app::usecase::staff::{NewStaff, StaffDetails, create_staff};
use weiqiao_model::Role;

use crate::testing::{Answer, World};

mod detail;
mod export;
mod hands;
mod hostile;
mod rights;

const LEADS: &str = "/api/admin/leads";

/// A customer leaves a phone for an advisor: the id of the lead.
async fn lead(world: &World, advisor: &str, phone: &str, name: &str) -> String {
    let body = json!({"customerId": format!("o{phone}"), "advisorId": advisor, "actionType": "view_resume",
        "actionData": {}, "customerPhone": phone, "customerName": name, "resumeId": "r1"});
    let call = world.request("POST", "/api/customer/action").api_key(World::API_KEY).json(&body.to_string());
    let answer = call.send().await;
    assert_eq!(answer.is(StatusCode::OK).data()["customerCreated"], true);
    answer.data()["customerId"].as_str().unwrap().to_owned()
}

/// Strict mode with advisors li and wang.
async fn world() -> World {
    let world = World::strict().await;
    for advisor in ["li", "wang"] {
        let body = json!({"advisor_id": advisor}).to_string();
        let call = world.request("POST", "/api/admin/advisors").api_key(World::API_KEY).json(&body);
        call.send().await.is(StatusCode::OK);
    }
    world
}

/// Somebody of the staff, linked to an advisor: their token.
async fn staff(world: &World, username: &str, role: Role, advisor_id: Option<&str>) -> String {
    let details = StaffDetails { advisor_id: advisor_id.map(str::to_owned), ..StaffDetails::default() };
    let new = NewStaff { details, ..NewStaff::with_password(username, World::PASSWORD, role) };
    create_staff(&world.app, weiqiao_app::Actor::Cli, new).await.unwrap();
    let body = json!({"username": username, "password": World::PASSWORD}).to_string();
    let answer = world.post("/api/auth/login", body).await;
    answer.is(StatusCode::OK).data()["access_token"].as_str().unwrap().to_owned()
}

async fn advisor(world: &World, id: &str) -> String {
    staff(world, id, Role::Advisor, Some(id)).await
}

async fn call(world: &World, token: &str, method: &str, path: &str, body: Value) -> Answer {
    let request = world.request(method, &format!("{LEADS}{path}"));
    let request = if token == World::API_KEY { request.api_key(token) } else { request.bearer(token) };
    if method == "GET" { request.send().await } else { request.json(&body.to_string()).send().await }
}

async fn get(world: &World, token: &str, path: &str) -> Answer {
    call(world, token, "GET", path, Value::Null).await
}

/// With the key that may everything.
async fn by_key(world: &World, method: &str, path: &str, body: Value) -> Answer {
    call(world, World::API_KEY, method, path, body).await
}

async fn released(world: &World, id: &str) {
    let answer = by_key(world, "POST", &format!("/{id}/release"), json!({})).await;
    assert_eq!(answer.is(StatusCode::OK).data()["assigned_to"], Value::Null);
}

/// What is in the chain about this deed, the newest first.
async fn deeds(world: &World, deed: &str) -> Vec<AuditEntry> {
    let filter = AuditFilter { deed: Some(deed.to_owned()), page: 1, page_size: 100, ..AuditFilter::default() };
    list_audit(&world.app, filter).await.unwrap().items
}

fn ids(page: &Answer) -> Vec<String> {
    let items = page.is(StatusCode::OK).data()["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}
