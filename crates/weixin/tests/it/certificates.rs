//! Only what can show that it is WeChat hears anything. §6.6, FM-34.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use weixin::api::sns::ExchangeCode;
use weixin::{Clock, ErrorKind, Instead, Retry, SystemClock};

use crate::support::*;

/// A server with a certificate for these names and days, and the authority that signed it.
struct Front {
    port: u16,
    authority: String,
    heard: Arc<std::sync::Mutex<Vec<String>>>,
}

impl Front {
    async fn start(name: &str, from_day: i64, to_day: i64) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let now = OffsetDateTime::from_unix_timestamp(SystemClock.now_ms() / 1000).unwrap();
        params.not_before = now + time::Duration::days(from_day);
        params.not_after = now + time::Duration::days(to_day);
        let certificate = params.signed_by(&key, &authority).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard: Arc<std::sync::Mutex<Vec<String>>> = Arc::default();
        let (acceptor, hears) = (TlsAcceptor::from(Arc::new(config)), heard.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, hears) = (acceptor.clone(), hears.clone());
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let mut request = vec![0; 4096];
                    let length = stream.read(&mut request).await.unwrap_or(0);
                    if length == 0 {
                        return;
                    }
                    hears.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 42\r\n\r\n{\"errcode\":40029,\"errmsg\":\"invalid code\"}\r\n";
                    let _ = stream.write_all(answer).await;
                });
            }
        });
        Self { port, authority: authority.pem(), heard }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

async fn call(front: &Front, host: &str, trusted: bool) -> (weixin::Error, usize) {
    let base = format!("https://{host}:{}", front.port).parse().unwrap();
    let bench = Bench::with(Stub::scripted([]).await, |builder| {
        let builder = builder.api_base(base);
        if trusted { builder.authority(front.authority.clone()) } else { builder }
    });
    let error = bench.client.send(&bench.account, ExchangeCode { code: "c".into() }).await.unwrap_err();
    (error, bench.pauses().len())
}

#[tokio::test]
async fn a_relay_with_an_authority_of_its_own_is_believed() {
    let front = Front::start("localhost", -1, 1).await;
    let (error, _) = call(&front, "localhost", true).await;
    assert_eq!(error.errcode().map(|code| code.get()), Some(40029), "{error:?}");
    assert_eq!(front.heard().len(), 1);
}

#[tokio::test]
async fn a_certificate_that_is_not_good_ends_the_call_before_a_word_is_said() {
    let valid = Front::start("localhost", -1, 1).await;
    let expired = Front::start("localhost", -10, -1).await;
    let future = Front::start("localhost", 1, 10).await;
    for (front, host, trusted, why) in [
        (&expired, "localhost", true, "the certificate of the host has expired, or our clock is wrong"),
        (&future, "localhost", true, "the certificate of the host is not valid yet, or our clock is wrong"),
        (&valid, "127.0.0.1", true, "the certificate is for another host"),
        (&valid, "localhost", false, "the certificate of the host is from no authority known here"),
    ] {
        let (error, pauses) = call(front, host, trusted).await;
        let ErrorKind::NotSent(text) = error.kind() else { panic!("{why}: {error:?}") };
        assert_eq!((text.as_ref(), error.instead()), (why, Some(Instead::Certificate)));
        assert_eq!((error.retry(), pauses), (Retry::After(Duration::from_secs(60)), 0), "{why}: not tried again");
        assert_eq!(front.heard(), [] as [String; 0], "{why}");
    }
}

/// TLS 1.1 and older are not spoken.
#[tokio::test]
async fn an_old_protocol_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://localhost:{}", listener.local_addr().unwrap().port()).parse().unwrap();
    let said = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = vec![0; 2048];
        let length = stream.read(&mut hello).await.unwrap();
        assert!(length > 5 && hello[0] == 0x16, "a TLS handshake");
        // The answer of a server that knows nothing newer than TLS 1.1.
        let mut answer = vec![0x02, 0, 0, 38, 0x03, 0x02];
        answer.extend([7; 32]);
        answer.extend([0, 0xc0, 0x13, 0]);
        let mut record = vec![0x16, 0x03, 0x02, 0, u8::try_from(answer.len()).unwrap()];
        record.extend(answer);
        stream.write_all(&record).await.unwrap();
        let mut after = [0; 1];
        stream.read_exact(&mut after).await.unwrap();
        after[0]
    });
    let bench =
        Bench::with(Stub::scripted([]).await, |builder| builder.api_base(base).retries(weixin::RetryPolicy::never()));
    let error = bench.client.send(&bench.account, ExchangeCode { code: "c".into() }).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotSent(_)), "{error:?}");
    assert_eq!(said.await.unwrap(), 0x15, "an alert and nothing else");
}
