//! Our side: a whole service for which advisors have subscribed, and the requests of its customers.

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::runtime::Runtime;
use weiqiao_app::AuthMode;
use weiqiao_http::listener::{Drain, ListenerSettings, bind, serve};
use weiqiao_store::StoreConfig;

use crate::support;
use crate::testing::{Plan, World};

/// Whose customers act: as many recipients as there is room for in a table that is looked into for each action.
const ADVISORS: u64 = 200;

pub fn runtime(threads: usize) -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build().unwrap()
}

pub fn postgres_url() -> Option<String> {
    let url = std::env::var_os("WEIQIAO_TEST_POSTGRES_URL").and_then(|url| url.into_string().ok());
    url.filter(|url| !url.is_empty())
}

/// A database of this process only; nothing for a SQLite file of the world's own.
pub async fn database(engine: &str) -> Option<StoreConfig> {
    if engine != "postgres" {
        return None;
    }
    let url = postgres_url().expect("WEIQIAO_TEST_POSTGRES_URL");
    let schema = format!("action_bench_{}", std::process::id());
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{separator}options=-csearch_path%3D{schema}");
    Some(StoreConfig::Postgres { url, pool_size: 16 })
}

/// A service in open mode, its limits on where one address may act for many.
pub async fn world(engine: &str, change: impl FnOnce(&mut Plan)) -> World {
    let store = database(engine).await;
    World::with(AuthMode::Open, "http://localhost:3001/", |plan| {
        plan.real = true;
        plan.store = store;
        plan.app.crm.limits.on = true;
        plan.app.crm.limits.actions_per_advisor = u32::MAX;
        change(plan);
    })
    .await
}

/// Lets advisors subscribe.
pub async fn subscribe(world: &World, advisors: u64) {
    let calls = (0..advisors).map(|number| async move {
        let json = serde_json::json!({
            "advisorId": advisor(number, advisors), "openid": format!("oAdvisor{number:020}"),
            "templateId": "TEMPLATE-OF-THE-BENCH", "subscribed": true,
        });
        post(world, "/api/advisor/subscribe", &json.to_string()).await;
    });
    stream::iter(calls).buffer_unordered(64).collect::<Vec<_>>().await;
}

/// Lets customers act, without sockets.
pub async fn act(world: &World, first: u64, count: u64, advisors: u64) {
    let calls = (first..first + count).map(|number| post(world, ACTION, body(number, advisors)));
    stream::iter(calls).buffer_unordered(64).collect::<Vec<_>>().await;
}

async fn post(world: &World, path: &str, json: impl AsRef<str>) {
    world.post(path, json).await.is(http::StatusCode::OK);
}

const ACTION: &str = "/api/customer/action";

fn advisor(number: u64, advisors: u64) -> String {
    format!("advisor-{:05}", number % advisors)
}

/// What a customer does who leaves a phone that nobody knows yet.
fn body(number: u64, advisors: u64) -> String {
    let json = serde_json::json!({
        "customerId": format!("oCustomer{number:019}"),
        "advisorId": advisor(number, advisors),
        "actionType": "contact_advisor",
        "actionData": { "page": "pages/resume/detail", "from": "list" },
        "customerName": "王小明",
        "customerPhone": format!("13{number:09}"),
        "resumeId": format!("resume-{:05}", number % 1_000),
    });
    json.to_string()
}

/// The serving process.
pub fn alone(engine: &str) {
    let runtime = runtime(1);
    let world = runtime.block_on(world(engine, |_| {}));
    runtime.block_on(subscribe(&world, ADVISORS));
    let port = {
        let _inside = runtime.enter();
        let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(serve(listener, world.router.clone(), ListenerSettings::default(), Drain::new()));
        port
    };
    println!("{port}");
    support::until_stdin_ends();
}

/// The load process.
pub fn load(arguments: &[String]) {
    let [address, first, count] = arguments else { panic!("--load address first count") };
    let (first, count): (u64, u64) = (first.parse().unwrap(), count.parse().unwrap());
    let requests = (first..first + count).map(|number| {
        let body = body(number, ADVISORS);
        format!(
            "POST {ACTION} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nUser-Agent: MicroMessenger/8.0\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    });
    support::send_all(address, requests.collect());
}
