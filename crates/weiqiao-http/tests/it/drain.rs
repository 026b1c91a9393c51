use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use weiqiao_http::listener::{Drain, ListenerSettings, bind, serve};

use crate::socket::{Client, PATIENCE, plain_router, quick, serve_with};

/// A route that answers when told to, and says when it is in work.
fn held() -> (Router, Arc<Notify>, Arc<Notify>) {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (in_work, go) = (Arc::clone(&entered), Arc::clone(&release));
    let router = Router::new().route(
        "/held",
        get(move || async move {
            in_work.notify_one();
            go.notified().await;
            "held"
        }),
    );
    (router, entered, release)
}

#[tokio::test]
async fn a_running_request_is_finished_and_its_connection_closed() {
    let (router, entered, release) = held();
    let served = serve_with(router, quick());
    let mut client = Client::to(served.address).await;
    client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n").await;
    entered.notified().await;
    served.drain.begin();
    // The listening socket goes first: wait until it is gone, then let the request finish.
    while TcpStream::connect(served.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    release.notify_one();
    let answer = client.until_closed().await;
    assert!(answer.contains("held"), "{answer}");
    assert!(answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
    assert_eq!(tokio::time::timeout(PATIENCE, served.task).await.unwrap().unwrap(), 0);
}

#[tokio::test]
async fn idle_connections_are_closed_at_once() {
    let settings = ListenerSettings { idle_timeout: Duration::from_secs(600), ..quick() };
    let served = serve_with(plain_router(), settings);
    let mut client = Client::to(served.address).await;
    client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").await;
    client.until("hello").await;
    served.drain.begin();
    assert_eq!(client.until_closed().await, "");
    assert_eq!(tokio::time::timeout(PATIENCE, served.task).await.unwrap().unwrap(), 0);
}

#[tokio::test]
async fn while_it_lingers_new_connections_are_still_served() {
    let settings = ListenerSettings { linger: Duration::from_secs(600), ..quick() };
    let served = serve_with(plain_router(), settings);
    served.drain.begin();
    let mut client = Client::to(served.address).await;
    client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").await;
    client.until("hello").await;
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_after_the_grace() {
    let (router, entered, _release) = held();
    let settings = ListenerSettings { grace: Duration::from_millis(50), ..quick() };
    let served = serve_with(router, settings);
    let mut client = Client::to(served.address).await;
    client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n").await;
    entered.notified().await;
    served.drain.begin();
    assert_eq!(tokio::time::timeout(PATIENCE, served.task).await.unwrap().unwrap(), 1);
    assert_eq!(client.until_closed().await, "");
}

/// Whom the kernel has connected, but nobody accepted yet, is answered: closing the listener would reset them.
#[tokio::test]
async fn whoever_is_connected_when_it_closes_is_answered() {
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let mut clients = Vec::new();
    for _ in 0..20 {
        let mut client = Client::to(address).await;
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").await;
        clients.push(client);
    }
    let mut silent = Client::to(address).await;
    let drain = Drain::new();
    drain.begin();
    let task = tokio::spawn(serve(listener, plain_router(), quick(), drain));
    for mut client in clients {
        let answer = client.until_closed().await;
        assert!(answer.ends_with("hello"), "{answer:?}");
    }
    assert_eq!(silent.until_closed().await, "");
    assert_eq!(tokio::time::timeout(PATIENCE, task).await.unwrap().unwrap(), 0);
}
