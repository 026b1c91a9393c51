use weiqiao_http::listener::ListenerSettings;

use crate::socket::{Client, plain_router, quick, serve_with};

#[tokio::test]
async fn beyond_the_limit_a_connection_is_closed_unheard_and_a_freed_place_is_taken() {
    let settings = ListenerSettings { max_connections: 2, ..quick() };
    let served = serve_with(plain_router(), settings);
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut client = Client::to(served.address).await;
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").await;
        client.until("hello").await;
        kept.push(client);
    }
    let mut refused = Client::to(served.address).await;
    assert_eq!(refused.until_closed().await, "");

    let mut leaving = kept.pop().unwrap();
    leaving.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    leaving.until_closed().await;
    // The place comes back when the task behind the closed connection is gone, a moment after we saw the end.
    for _ in 0..1000 {
        let mut client = Client::to(served.address).await;
        // A refused connection may be reset under the write.
        let _sent = tokio::io::AsyncWriteExt::write_all(
            &mut client.0,
            b"GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )
        .await;
        if client.until_closed().await.contains("hello") {
            return;
        }
    }
    panic!("the freed place was never given out");
}

#[tokio::test]
async fn loopback_is_not_held_to_the_limit_of_one_address() {
    let settings = ListenerSettings { max_connections_per_ip: 1, ..quick() };
    let served = serve_with(plain_router(), settings);
    let mut first = Client::to(served.address).await;
    let mut second = Client::to(served.address).await;
    for client in [&mut first, &mut second] {
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").await;
        client.until("hello").await;
    }
}
