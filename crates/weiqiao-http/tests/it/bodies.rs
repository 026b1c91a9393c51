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

#[tokio::test]
async fn a_body_that_comes_after_its_refusal_is_taken_in_and_the_connection_goes_on() {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    for _ in 0..20 {
        client.send("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n").await;
        client.send("hello").await;
        let answer = client.until("refused").await;
        assert!(answer.starts_with("HTTP/1.1 429") && !answer.to_lowercase().contains("connection: close"), "{answer}");
    }
}

/// What is written into a closed connection loses the answer.
#[tokio::test]
async fn who_sends_five_megabytes_for_nothing_still_gets_the_answer() {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    client.send(format!("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", 5 << 20)).await;
    for _ in 0..5 {
        client.send("x".repeat(1 << 20)).await;
    }
    let answer = client.until("refused").await;
    assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
}

#[rstest]
#[case::that_never_comes("Content-Length: 5\r\n\r\nhel")]
#[case::that_is_long("Content-Length: 10000000\r\n\r\n")]
#[case::that_waits_to_be_asked_for("Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")]
#[tokio::test]
async fn a_refusal_of_a_body_says_that_the_connection_ends(#[case] rest: &str) {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    client.send(format!("POST /refused HTTP/1.1\r\nHost: x\r\n{rest}")).await;
    let answer = client.until_closed().await;
    assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    assert!(!answer.contains("100 Continue"), "{answer}");
}
