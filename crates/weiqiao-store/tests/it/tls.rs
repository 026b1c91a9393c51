//! Encryption to Postgres: a server of our own takes the encryption off and hands on to the real one.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use weiqiao_store::{Store, StoreConfig, StoreError};

use crate::support::postgres_url;

/// What a client sends to ask for encryption, after the length of the message.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// An encrypting front of the real server.
struct Front {
    port: u16,
    folder: TempDir,
    url: tokio_postgres::Config,
}

impl Front {
    /// With a certificate for `name`, signed by an authority of its own.
    async fn start(name: &str) -> Option<Self> {
        let url: tokio_postgres::Config = postgres_url()?.parse().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();

        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = format!("127.0.0.1:{}", url.get_ports().first().copied().unwrap_or(5432));
        tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), server));
        Some(Self { port, folder, url })
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    async fn open(&self, host: &str, options: &str) -> Result<Store, StoreError> {
        let (user, database) = (self.url.get_user().unwrap(), self.url.get_dbname().unwrap());
        let url = format!("postgres://{user}@{host}:{}/{database}?{options}", self.port);
        Store::open(&StoreConfig::Postgres { url, pool_size: 1 }).await
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, server: String) {
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        let (acceptor, server) = (acceptor.clone(), server.clone());
        tokio::spawn(async move {
            let mut request = [0; 8];
            client.read_exact(&mut request).await.unwrap();
            assert_eq!(request, SSL_REQUEST, "the client asks for encryption before it says anything else");
            client.write_all(b"S").await.unwrap();
            // Refused by the client: nothing to hand on.
            let Ok(mut client) = acceptor.accept(client).await else { return };
            let mut server = TcpStream::connect(server).await.unwrap();
            let _ = copy_bidirectional(&mut client, &mut server).await;
        });
    }
}

#[tokio::test]
async fn a_server_with_a_good_certificate_is_talked_to_encrypted() {
    let Some(front) = Front::start("localhost").await else { return };
    for mode in ["require", "verify-ca", "verify-full"] {
        let options = format!("sslmode={mode}&sslrootcert={}", front.authority().display());
        let store = front.open("localhost", &options).await.unwrap();
        store.ping().await.unwrap();
    }
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_or_for_another_host_is_refused() {
    let Some(front) = Front::start("db.example.com").await else { return };
    let trusted = format!("sslmode=require&sslrootcert={}", front.authority().display());
    for (what, options) in [("another host", trusted.as_str()), ("unknown authority", "sslmode=require")] {
        let refusal = front.open("localhost", options).await.unwrap_err();
        assert!(refusal.to_string().contains("TLS"), "{what}: {refusal}");
        assert!(refusal.is_unavailable(), "{what}: {refusal}");
    }
}
