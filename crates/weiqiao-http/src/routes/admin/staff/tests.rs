//! Staff administration, told through the router.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_model::Role;

use crate::testing::{Answer, World};

async fn call(world: &World, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    world.request(method, path).bearer(token).json(&body.to_string()).send().await
}

async fn log_in(world: &World, username: &str, password: &str) -> Answer {
    world.post("/api/auth/login", json!({ "username": username, "password": password }).to_string()).await
}

#[tokio::test]
async fn somebody_joins_sets_a_password_and_is_known_as_an_advisor() {
    let world = World::strict().await;
    let admin = world.staff_token("boss", Role::Admin).await;
    let new =
        json!({ "username": "LiNa", "name": "李娜", "role": "advisor", "department": "销售", "advisor_id": "a-1" });
    let made = call(&world, &admin, "POST", "/api/admin/staff", &new).await;
    let setup = made.is(StatusCode::CREATED).data()["setup"].clone();
    let token = setup["token"].as_str().unwrap();
    assert_eq!(setup["url"], format!("https://app.example.com/console/#setup={token}"));
    assert_eq!(setup["expires_at"], world.now_s() + 86_400);
    log_in(&world, "lina", World::PASSWORD).await.is(StatusCode::UNAUTHORIZED);
    let taken = call(&world, &admin, "POST", "/api/admin/staff", &new).await;
    taken.is(StatusCode::CONFLICT).code("ALREADY_EXISTS");

    let look = || world.post("/api/auth/setup/look", json!({ "token": token }).to_string());
    assert_eq!(look().await.is(StatusCode::OK).data()["username"], "lina");
    let set = json!({ "token": token, "password": "quiet river at noon" }).to_string();
    let done = world.post("/api/auth/setup", &set).await;
    assert_eq!(done.is(StatusCode::CREATED).data()["username"], "lina");
    world.post("/api/auth/setup", &set).await.is(StatusCode::UNAUTHORIZED).code("INVALID_CREDENTIALS");
    look().await.is(StatusCode::UNAUTHORIZED).code("INVALID_CREDENTIALS");
    let inside = log_in(&world, "lina", "quiet river at noon").await;
    let user = &inside.is(StatusCode::OK).data()["user"];
    assert_eq!((&user["role"], &user["advisor_id"], &user["name"]), (&json!("advisor"), &json!("a-1"), &json!("李娜")));

    let list = call(&world, &admin, "GET", "/api/admin/staff?role=advisor", &json!({})).await;
    assert_eq!((&list.data()["total"], &list.data()["items"][0]["has_password"]), (&json!(1), &json!(true)));
    for wrong in ["role=king", "disabled=maybe", "sort=name", "page=0"] {
        let answer = call(&world, &admin, "GET", &format!("/api/admin/staff?{wrong}"), &json!({})).await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn whoever_is_disabled_is_out_within_five_seconds_on_every_instance() {
    let world = World::strict().await;
    let admin = world.staff_token("boss", Role::Admin).await;
    let li = world.staff_token("li", Role::Supervisor).await;
    let other = world.instance().await;
    let me = async |router: crate::Edge| World::call(router, "GET", "/api/auth/me").bearer(&li).send().await.status();
    assert_eq!(me(other.router.clone()).await, StatusCode::OK);
    let list = call(&world, &admin, "GET", "/api/admin/staff?username=li", &json!({})).await;
    let path = format!("/api/admin/staff/{}", list.data()["items"][0]["id"].as_str().unwrap());
    let demoted = call(&world, &admin, "PATCH", &path, &json!({ "role": "viewer", "advisor_id": "-" })).await;
    let demoted = demoted.is(StatusCode::OK).data().clone();
    assert_eq!((&demoted["role"], &demoted["advisor_id"]), (&json!("viewer"), &Value::Null));
    call(&world, &admin, "PATCH", &path, &json!({ "disabled": true })).await.is(StatusCode::OK);
    assert_eq!(me(world.router.clone()).await, StatusCode::UNAUTHORIZED, "here at once");
    world.advance(Duration::from_secs(5));
    assert_eq!(me(other.router.clone()).await, StatusCode::UNAUTHORIZED);
    log_in(&world, "li", World::PASSWORD).await.is(StatusCode::UNAUTHORIZED);
    call(&world, &admin, "PATCH", &path, &json!({ "disabled": false })).await.is(StatusCode::OK);
    log_in(&world, "li", World::PASSWORD).await.is(StatusCode::OK);
    let nobody = call(&world, &admin, "PATCH", "/api/admin/staff/0199", &json!({ "name": "x" })).await;
    nobody.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    let world = World::strict().await;
    let admin = world.staff_token("boss", Role::Admin).await;
    let list = call(&world, &admin, "GET", "/api/admin/staff", &json!({})).await;
    let path = format!("/api/admin/staff/{}", list.data()["items"][0]["id"].as_str().unwrap());
    for change in [json!({ "disabled": true }), json!({ "role": "supervisor" })] {
        call(&world, &admin, "PATCH", &path, &change).await.is(StatusCode::CONFLICT).code("LAST_ADMIN");
    }
    // Whoever has only a link to set a password may never use it.
    let invited = json!({ "username": "invited", "name": "受邀", "role": "admin" });
    call(&world, &admin, "POST", "/api/admin/staff", &invited).await.is(StatusCode::CREATED);
    call(&world, &admin, "PATCH", &path, &json!({ "disabled": true }))
        .await
        .is(StatusCode::CONFLICT)
        .code("LAST_ADMIN");
    world.staff_token("second", Role::Admin).await;
    call(&world, &admin, "PATCH", &path, &json!({ "role": "supervisor" })).await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_reset_ends_sessions_and_needs_the_token() {
    let world = World::strict().await;
    let admin = world.staff_token("boss", Role::Admin).await;
    let li = world.staff_token("li", Role::Viewer).await;
    let list = call(&world, &admin, "GET", "/api/admin/staff?username=li", &json!({})).await;
    let path = format!("/api/admin/staff/{}/reset", list.data()["items"][0]["id"].as_str().unwrap());
    let reset = call(&world, &admin, "POST", &path, &json!({})).await;
    let token = reset.is(StatusCode::OK).data()["token"].as_str().unwrap().to_owned();
    world.request("GET", "/api/auth/me").bearer(&li).send().await.is(StatusCode::UNAUTHORIZED);
    log_in(&world, "li", World::PASSWORD).await.is(StatusCode::UNAUTHORIZED);
    world.advance(Duration::from_secs(86_400));
    let late = json!({ "token": token, "password": "quiet river at noon" }).to_string();
    world.post("/api/auth/setup", late).await.is(StatusCode::UNAUTHORIZED);
}
