//! T-82: secrets go in and never come out. T-81 through the router: who did what is written down.

use http::StatusCode;
use serde_json::json;
use weiqiao_model::{ApiScope, Role};

use super::routes::all;
use crate::testing::World;

#[tokio::test]
async fn no_get_shows_a_secret() {
    let world = World::strict().await;
    let admin = world.staff_token("boss", Role::Admin).await;
    world.browser().log_in("xiaoming").await;
    let hook =
        json!({ "name": "h", "url": "https://hooks.example.com/canary-in-an-address-7f3a?key=canary-query-7f3a" });
    let hook = world.request("POST", "/api/admin/webhooks").bearer(&admin).json(&hook.to_string()).send().await;
    let hook = hook.is(StatusCode::CREATED).data().clone();
    let secret = hook["secret"].as_str().unwrap().to_owned();
    let id = hook["id"].as_str().or_else(|| hook["endpoint"]["id"].as_str()).unwrap().to_owned();
    let key = world.api_key(&[ApiScope::UserRead]).await;
    let new = json!({ "username": "new", "role": "viewer" }).to_string();
    let setup = world.request("POST", "/api/admin/staff").bearer(&admin).json(&new).send().await;
    let setup = setup.data()["setup"]["token"].as_str().unwrap().to_owned();
    let canaries = [
        ("webhook secret", secret.trim_start_matches("whsec_").to_owned()),
        ("API key", key.rsplit('_').nth(1).unwrap().to_owned()),
        ("set-up token", setup),
        ("staff token", admin.clone()),
        ("bootstrap key", World::API_KEY.to_owned()),
        ("password", World::PASSWORD.to_owned()),
        ("password hash", "$argon2".to_owned()),
        ("app secret of the official account", "1".repeat(32)),
        ("app secret of the mini program", "2".repeat(32)),
        ("master key", "master-master-".repeat(2)),
        ("JWT secret", "token-secret-".repeat(2)),
    ];
    let mut answers = 0;
    for operation in all().into_iter().filter(|operation| operation.method == "GET") {
        // An answer that never ends, and the one place that is there to give tokens to other programs.
        if operation.path.ends_with("/stream") || operation.path.ends_with("/events") {
            continue;
        }
        let path = operation.filled().replace("0199193d", &id);
        for call in [
            world.request("GET", &path).bearer(&admin),
            world.request("GET", &path).api_key(World::API_KEY),
            world.request("GET", &path),
        ] {
            let answer = call.send().await;
            answers += 1;
            for (what, canary) in &canaries {
                assert!(!answer.text().contains(canary), "{}: the {what}", operation.name());
            }
        }
    }
    println!("{answers} answers hold none of {} secrets", canaries.len());
    assert!(answers > 100, "{answers}");
}

/// What was typed as a user name may be a password: it is written down only when it is a user's name.
#[tokio::test]
async fn a_password_typed_as_a_user_name_is_not_written_down() {
    let world = World::strict().await;
    let admin = world.staff_token("boss", Role::Admin).await;
    for (username, password) in [("my secret password 42", "x"), ("boss", "wrong wrong wrong")] {
        let body = json!({ "username": username, "password": password }).to_string();
        world.post("/api/auth/login", body).await.is(StatusCode::UNAUTHORIZED);
    }
    let list = world.request("GET", "/api/admin/audit?deed=login_failed").bearer(&admin).send().await;
    assert_eq!(list.is(StatusCode::OK).data()["total"], 2);
    assert!(!list.text().contains("secret password") && !list.text().contains("wrong wrong"));
    let items = &list.data()["items"];
    assert_eq!((&items[0]["detail"]["username"], &items[0]["detail"]["why"]), (&"boss".into(), &"password".into()));
    assert_eq!((&items[1]["detail"]["why"], &items[1]["target_id"]), (&"unknown_user".into(), &"".into()));
}
