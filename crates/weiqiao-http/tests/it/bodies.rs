use rstest::rstest;

use crate::socket::{Client, plain_router, quick, serve_with};

#[rstest]
#[case::nothing("")]
#[case::half("hel")]
#[tokio::test]
async fn a_body_that_does_not_arrive_ends_the_wait(#[case] sent: &str) {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    client.send(format!("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{sent}")).await;
    let answer = client.until_closed().await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.contains("did not arrive in time"), "{answer}");
}

#[tokio::test]
async fn a_body_in_pieces_arrives_whole() {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello").await;
    client.send("world").await;
    client.until("helloworld").await;
}

#[tokio::test]
async fn expect_continue_is_answered() {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n").await;
    client.until("100 Continue").await;
    client.send("ok").await;
    client.until("ok").await;
}
