use rstest::rstest;

use crate::socket::{Client, plain_router, quick, serve_with};

const SMUGGLED: &str = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

/// Framings that two readers may understand differently: refused, or answered once and then closed, so that what
/// follows is never read as a request.
#[rstest]
#[case::length_and_chunked(format!("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}"))]
#[case::chunked_and_length(format!("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{SMUGGLED}"))]
#[case::chunked(format!("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}"))]
#[case::two_lengths(format!("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n{SMUGGLED}"))]
#[case::signed_length(format!("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n{SMUGGLED}"))]
#[case::negative_length(format!("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{SMUGGLED}"))]
#[case::hex_length(format!("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\n{SMUGGLED}"))]
#[case::list_of_lengths(format!("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0, 5\r\n\r\n{SMUGGLED}"))]
#[case::not_quite_chunked(format!("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n{SMUGGLED}"))]
#[case::chunked_then_more(format!("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n{SMUGGLED}"))]
#[case::two_codings(format!("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}"))]
#[case::folded_header(format!("GET /hello HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n{SMUGGLED}"))]
#[case::space_before_colon(format!("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\n{SMUGGLED}"))]
#[case::space_before_name(format!("GET /hello HTTP/1.1\r\n Host: x\r\n\r\n{SMUGGLED}"))]
#[case::nul_in_header(format!("GET /hello HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n{SMUGGLED}"))]
#[case::bare_carriage_return(format!("GET /hello HTTP/1.1\r\nHost: x\rX-A: b\r\n\r\n{SMUGGLED}"))]
#[case::no_host(format!("GET /hello HTTP/1.1\r\n\r\n{SMUGGLED}"))]
#[case::two_hosts(format!("GET /hello HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n{SMUGGLED}"))]
#[case::http_1_0(format!("GET /hello HTTP/1.0\r\n\r\n{SMUGGLED}"))]
#[case::http_1_0_that_stays(format!("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n{SMUGGLED}"))]
#[case::http_1_0_chunked(format!("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}"))]
#[case::http_1_2(format!("GET /hello HTTP/1.2\r\nHost: x\r\n\r\n{SMUGGLED}"))]
#[case::http_0_9(format!("GET /hello\r\n\r\n{SMUGGLED}"))]
#[case::no_version(format!("GET /hello \r\nHost: x\r\n\r\n{SMUGGLED}"))]
#[case::space_in_path(format!("GET /hello there HTTP/1.1\r\nHost: x\r\n\r\n{SMUGGLED}"))]
#[case::junk_method(format!("GE\u{1}T /hello HTTP/1.1\r\nHost: x\r\n\r\n{SMUGGLED}"))]
#[case::bad_chunk_size(format!("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n{SMUGGLED}"))]
#[case::chunk_size_overflow(format!("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n{SMUGGLED}"))]
#[case::http2_preface("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned())]
#[case::connect("CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n".to_owned())]
#[tokio::test]
async fn an_ambiguous_request_is_the_last_one(#[case] sent: String) {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    client.send(sent).await;
    let answer = client.until_closed().await;
    let answers = answer.matches("HTTP/1.").count();
    assert!(answers <= 1, "{answer}");
}

#[rstest]
#[case::long_head(format!("GET /hello HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(17 * 1024)))]
#[case::long_path(format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(17 * 1024)))]
#[case::many_headers(format!("GET /hello HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-A: b\r\n".repeat(65)))]
#[tokio::test]
async fn a_head_that_is_too_large_is_refused(#[case] sent: String) {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    client.send(sent).await;
    let answer = client.until_closed().await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[tokio::test]
async fn a_head_within_the_limits_is_served() {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    let many = "X-A: b\r\n".repeat(62);
    client.send(format!("GET /hello HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n{many}\r\n", "x".repeat(12 * 1024))).await;
    client.until("hello").await;
    // The whole form is a request to us, whatever name it carries.
    client.send("GET http://other.test/hello HTTP/1.1\r\nHost: other.test\r\n\r\n").await;
    client.until("hello").await;
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let served = serve_with(plain_router(), quick());
    let mut client = Client::to(served.address).await;
    let echo = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nfirst";
    client.send(format!("{echo}GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).await;
    let answer = client.until_closed().await;
    assert!(answer.find("first").unwrap() < answer.find("hello").unwrap(), "{answer}");
}
