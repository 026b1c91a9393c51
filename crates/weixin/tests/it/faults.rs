//! Answers that never come, come in pieces, or are not answers: never a success, and never sent twice in doubt.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::{ErrorKind, Retry};

use crate::support::*;

type Fault = (&'static str, fn() -> Reply);

/// The replies under which a call must not be thought done.
fn faults() -> Vec<Fault> {
    vec![
        ("bad gateway with HTML", || Reply::Status(502, "<html><h1>502 Bad Gateway</h1></html>")),
        ("server error with nothing", || Reply::Status(500, "")),
        ("server error that says ok", || Reply::Status(503, r#"{"errcode":0,"errmsg":"ok","ip_list":[]}"#)),
        ("redirect", || Reply::Status(302, "")),
        ("redirect that says ok", || Reply::Status(302, r#"{"errcode":0,"errmsg":"ok","ip_list":[]}"#)),
        ("HTML", || text("<!DOCTYPE html><html><body>ok</body></html>")),
        ("nothing", || text("")),
        ("white space", || text(" \r\n")),
        ("null", || text("null")),
        ("a number", || text("0")),
        ("a list that reads like an answer", || text(r#"[0,"ok"]"#)),
        ("half an object", || text(r#"{"errcode":0,"errmsg":"o"#)),
        ("two objects", || text(r#"{"errcode":0}{"errcode":40001}"#)),
        ("a code that is no number", || text(r#"{"errcode":"none","ip_list":[]}"#)),
        ("two codes", || text(r#"{"errcode":0,"errcode":40003,"ip_list":[]}"#)),
        ("reset", || Reply::Reset),
        ("closed without a word", || Reply::Bytes(Vec::new())),
        ("not HTTP", || Reply::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())),
        ("a body longer than 1 MiB", || text(format!(r#"{{"errcode":0,"ip_list":[],"x":"{}"}}"#, "x".repeat(1 << 20)))),
        ("a length of 3 GB", || Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 3000000000\r\n\r\n{".to_vec())),
        ("an answer that says ok after 3 MiB of blanks in chunks", || {
            let mut bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n".to_vec();
            (0..200).for_each(|_| bytes.extend_from_slice(format!("4000\r\n{}\r\n", " ".repeat(0x4000)).as_bytes()));
            let rest = r#""errcode":0,"ip_list":[]}"#;
            bytes.extend_from_slice(format!("{:x}\r\n{rest}\r\n0\r\n\r\n", rest.len()).as_bytes());
            Reply::Bytes(bytes)
        }),
    ]
}

async fn with_token(replies: Vec<Reply>) -> Bench {
    let mut script = vec![ip_list()];
    script.extend(replies);
    let bench = Bench::with(Stub::scripted(script).await, |builder| builder);
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    bench
}

#[tokio::test]
async fn a_call_with_an_effect_is_uncertain_and_sent_once() {
    for (name, fault) in faults() {
        let bench = with_token(vec![fault()]).await;
        let error = bench.client.send(&bench.account, clear_quota()).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Uncertain(_)), "{name}: {error:?}");
        assert_eq!(error.retry(), Retry::Maybe, "{name}");
        assert_eq!(bench.stub.business_calls(), 2, "{name}: sent once");
    }
}

#[tokio::test]
async fn a_read_is_tried_again_and_then_comes_through() {
    for (name, fault) in faults() {
        let bench = with_token(vec![fault(), fault(), ip_list()]).await;
        let answer = bench.client.send(&bench.account, GetApiDomainIp {}).await;
        assert_eq!(answer.unwrap_or_else(|error| panic!("{name}: {error:?}")).ip_list, ["127.0.0.1"]);
        assert_eq!(bench.pauses().len(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_read_that_is_never_answered_says_so() {
    for (name, fault) in faults() {
        let bench = with_token(vec![fault(), fault(), fault()]).await;
        let error = bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unanswered(_)), "{name}: {error:?}");
        assert!(matches!(error.retry(), Retry::After(_)), "{name}");
    }
}

#[tokio::test]
async fn an_object_without_the_promised_fields_is_no_success() {
    for body in ["{}", r#"{"errcode":0,"errmsg":"ok"}"#, r#"{"ip_list":7}"#, r#"{"errmsg":"ok"}"#] {
        let bench = with_token(vec![text(body)]).await;
        let error = bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{body}: {error:?}");
        assert_eq!(error.retry(), Retry::Never);
        assert_eq!(bench.stub.business_calls(), 2, "{body}: the same answer would come again");
    }
    for body in ["{}", r#"{"errmsg":"ok"}"#] {
        let bench = with_token(vec![text(body)]).await;
        let error = bench.client.send(&bench.account, clear_quota()).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Uncertain(_)), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn an_answer_cut_at_any_byte_is_uncertain() {
    let body = r#"{"errcode":0,"errmsg":"ok","padding":"to sixty bytes 123456"}"#;
    let plain = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let chunked =
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for whole in [plain, chunked] {
        let bench = with_token(vec![Reply::Bytes(whole.clone().into_bytes())]).await;
        bench.client.send(&bench.account, clear_quota()).await.expect("the whole answer is fine");
        for end in 0..whole.len() {
            let bench = with_token(vec![Reply::Bytes(whole.as_bytes()[..end].to_vec())]).await;
            let error = bench.client.send(&bench.account, clear_quota()).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Uncertain(_)), "cut at {end} of {whole:?}: {error:?}");
            assert_eq!(bench.stub.business_calls(), 2);
        }
    }
}

#[tokio::test]
async fn a_refusal_counts_whatever_the_status_and_the_content_type() {
    let bench = with_token(vec![
        Reply::Status(500, r#"{"errcode":40003,"errmsg":"invalid openid"}"#),
        Reply::Status(200, r#"{"errcode":"40003","errmsg":"invalid openid"}"#),
    ])
    .await;
    for _ in 0..2 {
        let error = bench.client.send(&bench.account, clear_quota()).await.unwrap_err();
        assert_eq!(error.errcode().unwrap().get(), 40003, "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_uncertain() {
    let stub = Stub::scripted([ip_list(), Reply::Silence]).await;
    let bench = Bench::with(stub, |builder| builder.timeout(Duration::from_millis(300)));
    bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    let error = bench.client.send(&bench.account, clear_quota()).await.unwrap_err();
    let ErrorKind::Uncertain(why) = error.kind() else { panic!("{error:?}") };
    assert_eq!(why, "no answer within the time limit");
}

#[tokio::test]
async fn damaged_json_is_repaired_where_a_person_could_read_it() {
    let dirty = b"HTTP/1.1 200 OK\r\n\r\n\xef\xbb\xbf{\"ip_list\":[\"a\x01b\\x\\ud83d\xff\"]}\0".to_vec();
    let bench = with_token(vec![Reply::Bytes(dirty)]).await;
    let answer = bench.client.send(&bench.account, GetApiDomainIp {}).await.unwrap();
    assert_eq!(answer.ip_list, ["a\u{1}b\\x\u{fffd}\u{fffd}"]);
}

#[tokio::test]
async fn where_tls_is_due_nothing_goes_out_in_the_clear() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap()).parse().unwrap();
    let heard = tokio::spawn(async move {
        let mut heard = Vec::new();
        while heard.len() < 3 {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut first = vec![0; 5];
            stream.read_exact(&mut first).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
            heard.push(first);
        }
        heard
    });
    let bench = Bench::with(Stub::scripted([]).await, |builder| builder.api_base(base));
    let request = weixin::api::sns::ExchangeCode { code: "c".into() };
    let error = bench.client.send(&bench.account, request).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotSent(_)), "{error:?}");
    for first in heard.await.unwrap() {
        assert_eq!(first[0], 0x16, "a TLS handshake and nothing else");
    }
}
