//! The least that a service on these tables could do: a bare axum handler that reads the JSON, has the three rows written, as raw
//! as they are, and answers. No keys, no limits, nothing sealed, nothing looked up, no edge.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use weiqiao_store::{Store, StoreConfig};

use crate::raw::ThreeRows;
use crate::{serving, support};

#[derive(Clone, Copy)]
struct Bare {
    store: &'static Store,
    next: &'static AtomicU64,
}

async fn submit(State(bare): State<Bare>, Json(said): Json<Value>) -> Json<Value> {
    let rows = ThreeRows::new(bare.next.fetch_add(1, Ordering::Relaxed), true);
    let told = json!({
        "success": true,
        "data": { "actionId": rows.action.as_str(), "customerId": rows.lead.as_str(), "advisorId": said["advisorId"] },
    });
    bare.store.run(rows).await.unwrap();
    Json(told)
}

/// The serving process.
pub fn alone() {
    let runtime = serving::runtime(1);
    let folder = tempfile::tempdir().unwrap();
    let store = runtime.block_on(async {
        let store = Store::open(&StoreConfig::Sqlite { path: folder.path().join("bare.db") }).await.unwrap();
        store.migrate().await.unwrap();
        store
    });
    let bare = Bare { store: Box::leak(Box::new(store)), next: Box::leak(Box::default()) };
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = Router::new().route("/api/customer/action", post(submit)).with_state(bare);
    runtime.spawn(async { axum::serve(listener, router).await.unwrap() });
    println!("{port}");
    support::until_stdin_ends();
}
