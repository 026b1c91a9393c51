//! T-80, G-17: every route × everybody. A new route without a line here fails the test.
//!
//! Columns: nobody, a person's session, viewer, advisor, supervisor, admin, an API key with scope `admin`, one with `menu`
//! only. `+`: let in (whatever is wrong with the request then), `1`: 401, `3`: 403.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::json;
use weiqiao_app::Actor;
use weiqiao_app::usecase::staff::{NewStaff, StaffDetails, create_staff};
use weiqiao_model::{ApiScope, Role};

use super::routes::{all, status};
use crate::testing::World;

const TABLE: &str = include_str!("rights.txt");

fn table() -> BTreeMap<String, String> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (outcomes, operation) = line.split_once("  ").unwrap_or_else(|| panic!("{line}"));
            assert_eq!(outcomes.len(), 8, "{line}");
            (operation.trim().to_owned(), outcomes.to_owned())
        })
        .collect()
}

#[tokio::test]
async fn every_route_lets_in_whom_it_should_and_nobody_else() {
    let world = World::strict().await;
    let (person, leaving) = (world.browser().log_in("xiaoming").await, world.browser().log_in("xiaohong").await);
    let (admin_key, menu_key) = (world.api_key(&[ApiScope::Admin]).await, world.api_key(&[ApiScope::Menu]).await);
    let known = table();
    let mut staff = Staff::default();
    let (mut seen, mut wrong) = (BTreeMap::new(), Vec::new());
    for operation in all() {
        let person = if operation.path == "/api/logout" { &leaving } else { &person };
        let mut credentials = vec![None, Some(("authorization", format!("Bearer {person}")))];
        for role in [Role::Viewer, Role::Advisor, Role::Supervisor, Role::Admin] {
            credentials.push(Some(("authorization", staff.token(&world, role, &operation.path).await)));
        }
        credentials.push(Some(("x-api-key", admin_key.clone())));
        credentials.push(Some(("x-api-key", menu_key.clone())));
        let mut outcomes = String::new();
        for credential in &credentials {
            let headers: Vec<_> = credential.iter().map(|(name, value)| (*name, value.as_str())).collect();
            outcomes.push(match status(&world, &operation.method, &operation.filled(), &headers).await {
                StatusCode::UNAUTHORIZED => '1',
                StatusCode::FORBIDDEN => '3',
                _ => '+',
            });
        }
        match known.get(&operation.name()) {
            Some(expected) if *expected == outcomes => {}
            Some(expected) => wrong.push(format!("{outcomes}  {}   (expected {expected})", operation.name())),
            None => wrong.push(format!("{outcomes}  {}   (no line)", operation.name())),
        }
        seen.insert(operation.name(), outcomes);
    }
    for operation in known.keys().filter(|operation| !seen.contains_key(*operation)) {
        wrong.push(format!("{operation}: a line without a route"));
    }
    println!("{} operations × 8 callers", seen.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One member of staff per role, and a new one where the call may end the session.
#[derive(Default)]
struct Staff {
    tokens: BTreeMap<&'static str, String>,
    hired: u32,
}

impl Staff {
    async fn token(&mut self, world: &World, role: Role, path: &str) -> String {
        let spent = path == "/api/auth/logout";
        if let Some(token) = self.tokens.get(role.as_str()).filter(|_| !spent) {
            return token.clone();
        }
        self.hired += 1;
        let username = format!("{role}-{}", self.hired);
        let details = StaffDetails {
            advisor_id: (role == Role::Advisor).then(|| "advisor-1".to_owned()),
            ..StaffDetails::default()
        };
        let new = NewStaff { details, ..NewStaff::with_password(&username, World::PASSWORD, role) };
        create_staff(&world.app, Actor::Cli, new).await.unwrap();
        let body = json!({ "username": username, "password": World::PASSWORD }).to_string();
        let answer = world.post("/api/auth/login", body).await;
        let token = format!("Bearer {}", answer.data()["access_token"].as_str().unwrap());
        if !spent {
            self.tokens.insert(role.as_str(), token.clone());
        }
        token
    }
}
