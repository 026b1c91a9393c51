use std::time::{Duration, Instant};

use rstest::rstest;

use crate::socket::{Client, plain_router, quick, serve_with};

#[rstest]
#[case::nothing("")]
#[case::half_a_request_line("GET /hel")]
#[case::half_a_head("GET /hello HTTP/1.1\r\nHost: x\r\nAcc")]
#[case::head_without_its_end("GET /hello HTTP/1.1\r\nHost: x\r\n")]
#[case::half_an_http2_preface("PRI * HTTP/2.0\r\n")]
#[case::half_a_tls_hello("\u{16}\u{3}\u{1}")]
#[tokio::test]
async fn a_connection_without_a_complete_head_is_closed(#[case] sent: &str) {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    let begun = Instant::now();
    client.send(sent).await;
    let answer = client.until_closed().await;
    assert!(!answer.contains(" 200 "), "{answer}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn dripping_bytes_do_not_keep_a_head_alive() {
    let served = serve_with(plain_router(), quick());
    let client = Client::to(served.address).await;
    let (mut reader, mut writer) = client.0.into_split();
    let drip = tokio::spawn(async move {
        for byte in b"GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: ".iter().chain(std::iter::repeat(&b'a')) {
            if tokio::io::AsyncWriteExt::write_all(&mut writer, &[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut bytes = Vec::new();
    let closed = tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut bytes);
    // Closed, or reset by bytes that arrived later: either way it ended.
    let _ended = tokio::time::timeout(Duration::from_secs(5), closed).await.expect("the connection was kept");
    drip.abort();
    assert!(!String::from_utf8_lossy(&bytes).contains(" 200 "));
}

#[tokio::test]
async fn an_idle_connection_lives_between_requests_and_ends_after_its_pause() {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    for _ in 0..3 {
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").await;
        client.until("hello").await;
        // Longer than a head may take, shorter than a pause may last.
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let begun = Instant::now();
    assert_eq!(client.until_closed().await, "");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_further_request_that_begins_has_to_go_on() {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").await;
    client.until("hello").await;
    client.send("GET /hello HT").await;
    assert!(!client.until_closed().await.contains(" 200 "));
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_cut() {
    let big = "x".repeat(32 << 20);
    let router = axum::Router::new().route("/big", axum::routing::get(move || async move { big }));
    let served = serve_with(router, quick());
    let mut client = Client::to(served.address).await;
    client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n").await;
    client.until("200 OK").await;
    served.drain.begin();
    // Nothing more is read: the server gives the connection up by itself, long before the drain's own end.
    let cut = tokio::time::timeout(Duration::from_secs(8), served.task).await.expect("the writer hung").unwrap();
    assert_eq!(cut, 0);
}
