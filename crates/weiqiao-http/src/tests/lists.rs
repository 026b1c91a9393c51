//! What holds for every list, found in the description of the service.

use http::StatusCode;
use serde_json::Value;
use weiqiao_app::AuthMode;
use weiqiao_app::settings::LoginInstanceSettings;
use weiqiao_model::Role;
use weixin::oauth::Scope;
use weixin_emulator::{AccountKind, AccountSeed, CodeKind};

use crate::testing::World;

/// Every path with a `GET` that takes this parameter.
async fn taking(world: &World, parameter: &str) -> Vec<String> {
    let document = world.get("/openapi.json").await;
    let paths = document.is(StatusCode::OK).json()["paths"].as_object().unwrap();
    let takes = |get: &Value| {
        let parameters = get["parameters"].as_array().into_iter().flatten();
        parameters.into_iter().any(|one| one["in"] == "query" && one["name"] == parameter)
    };
    let listed = paths.iter().filter(|(_, path)| takes(&path["get"])).map(|(path, _)| path.replace("{id}", "x"));
    listed.collect()
}

#[tokio::test]
async fn every_list_has_the_same_bounds() {
    let world = World::open().await;
    let boss = world.staff_token("boss", Role::Admin).await;
    let lists = taking(&world, "page").await;
    assert!(lists.len() >= 16, "{lists:?}");
    for list in lists {
        for (query, bounds) in [
            ("page=0", "page 必须在 1 到 1000000 之间"),
            ("page=1000001", "page 必须在 1 到 1000000 之间"),
            ("page=99999999999", "page 必须在 1 到 1000000 之间"),
            ("page_size=0", "page_size 必须在 1 到 200 之间"),
            ("page_size=201", "page_size 必须在 1 到 200 之间"),
        ] {
            let answer = world.request("GET", &format!("{list}?{query}")).bearer(&boss).send().await;
            answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &format!("请求参数错误: {bounds}"));
        }
        let last = world.request("GET", &format!("{list}?page=1000000&page_size=200")).bearer(&boss).send().await;
        assert!(matches!(last.status(), StatusCode::OK | StatusCode::NOT_FOUND), "{list}: {last:?}");
    }
}

#[tokio::test]
async fn an_account_nobody_knows_is_no_empty_list() {
    let world = World::open().await;
    let boss = world.staff_token("boss", Role::Admin).await;
    let lists = taking(&world, "account").await;
    let lists: Vec<_> = lists.iter().filter(|path| path.starts_with("/api/admin/") || *path == "/api/users").collect();
    assert!(lists.len() >= 7, "{lists:?}");
    for list in lists {
        let answer = world.request("GET", &format!("{list}?account=zz")).bearer(&boss).send().await;
        answer.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
    }
    let recover = r#"{"kind":"customer_message","account":"zz","since":1}"#;
    let recover = world.request("POST", "/api/admin/jobs/recover").bearer(&boss).json(recover).send().await;
    recover.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
}

/// An instance with an appid that is no configured account's brings an account of its own.
#[tokio::test]
async fn people_of_a_login_instance_are_found_by_its_name() {
    let world = World::with(AuthMode::Open, "http://localhost:3001/", |plan| {
        plan.app.login_instances = vec![LoginInstanceSettings {
            name: "Blog".to_owned(),
            title: "博客".to_owned(),
            app_id: "wx4444444444444444".into(),
            app_secret: "4".repeat(32).into(),
            scope: Scope::UserInfo,
            state_label: String::new(),
        }];
    })
    .await;
    world.emulator.add_account(AccountSeed {
        name: "Blog".into(),
        kind: AccountKind::Official,
        app_id: "wx4444444444444444".into(),
        app_secret: "4".repeat(32),
        ..AccountSeed::default()
    });
    let person = world.browser();
    let begun = person.open("/auths/loginTypes/Blog/login").await;
    let location: url::Url = begun.is(StatusCode::FOUND).header("location").parse().unwrap();
    let state = location.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
    let code = world.emulator.persona_code("xiaoming", "Blog", CodeKind::OAuth(weixin_emulator::Scope::UserInfo));
    person.open(&format!("/auths/loginTypes/Blog/callback?code={code}&state={state}")).await.is(StatusCode::FOUND);

    let staff = world.staff_token("reader", Role::Viewer).await;
    let openid = world.emulator.openid("xiaoming", "Blog");
    for query in ["account=Blog".to_owned(), format!("search={openid}"), format!("account=Blog&search={openid}")] {
        let answer = world.request("GET", &format!("/api/users?{query}")).bearer(&staff).send().await;
        assert_eq!(answer.is(StatusCode::OK).data()["total"], 1, "{query}");
    }
    let other = world.request("GET", "/api/users?account=official").bearer(&staff).send().await;
    assert_eq!(other.is(StatusCode::OK).data()["total"], 0);
}
