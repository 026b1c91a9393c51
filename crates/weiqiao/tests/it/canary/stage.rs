//! The service with canaries in every setting, on either pair of engines, and everything it leaves behind.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use weixin_emulator::{AccountKind, AccountSeed, CallbackSettings, Config, Emulator, PersonaSeed};

use super::planted::{Canaries, Kind};
use crate::program::{Desk, Running, free_port};

/// Which engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engines {
    Embedded,
    Shared,
}

/// Everything the walk needs.
pub struct Stage {
    pub canaries: Canaries,
    pub emulator: Emulator,
    pub running: Running,
    engines: Option<Shared>,
}

struct Shared {
    postgres: String,
    redis: Redis,
}

/// Who takes part, with what their WeChat tells about them.
pub const PEOPLE: [&str; 3] = ["canary-one", "canary-two", "canary-advisor"];

impl Stage {
    /// `None` where these engines are not to be had.
    pub async fn set(engines: Engines) -> Option<Self> {
        let mut canaries = Canaries::default();
        let mut secret = |what: &str, value: &str| canaries.plant(Kind::Secret, what, value);
        let app_secrets = [
            secret("official app secret", "7c1d9e83b5fa4260ce91d7a8403bf25e"),
            secret("mini app secret", "e05b72c46d19f83a2b7c6ed1905fa34d"),
        ];
        let (token, aes_key) = (secret("callback token", "cnryTokenQm7w"), secret("aes key", &aes_key_of('Q')));
        let mut settings: Vec<(&str, String)> = vec![
            ("JWT_SECRET", secret("jwt secret", "Vq8#mZt2!pLx9@Wc4$hRk7%nBd3^sGf6-cnr1")),
            ("JWT_SECRET_PREVIOUS", secret("previous jwt secret", "Wq7#nAt3!qLy8@Xc5$iRl6%oBe4^tGg5-cnr2")),
            ("SESSION_SECRET", secret("master key", "uY5&jQe1*oTi8(aXv0)lKw2-zMb7=cNr-cnr3")),
            ("SESSION_SECRET_PREVIOUS", secret("previous master key", "vZ6&kRf2*pUj9(bYw1)mLx3-aNc8=dOs-cnr4")),
            ("API_KEY", secret("bootstrap api key", "qN3}rGu6[cPj9]kWt1yFz5.oMa8^lHe-cnr5")),
            ("ADMIN_PASSWORD", secret("admin's password", "Korrekt-Pferd-Batterie-cnr6")),
            ("WECHAT_OFFICIAL_TOKEN", token.clone()),
            ("WECHAT_OFFICIAL_TOKEN_PREVIOUS", secret("previous callback token", "cnryTokenOld5x")),
            ("WECHAT_OFFICIAL_AES_KEY", aes_key.clone()),
            ("WECHAT_OFFICIAL_AES_KEY_PREVIOUS", secret("previous aes key", &aes_key_of('R'))),
            ("WECHAT_MINI_TOKEN", secret("mini token", "cnryMiniTokenK2")),
            ("WECHAT_MINI_AES_KEY", secret("mini aes key", &aes_key_of('S'))),
            ("WECHAT_OFFICIAL_APP_SECRET", app_secrets[0].clone()),
            ("WECHAT_MINI_APP_SECRET", app_secrets[1].clone()),
        ];
        for (name, value) in [
            ("WECHAT_OFFICIAL_APP_ID", "wx1111111111111111"),
            ("WECHAT_MINI_APP_ID", "wx2222222222222222"),
            ("WECHAT_CALLBACK_MODE", "safe"),
            ("ALLOW_CUSTOM_WECHAT_BASE", "1"),
            ("WEBHOOK_ALLOW_PRIVATE", "on"),
            ("RATE_LIMITS", "off"),
            ("LOG_LEVEL", "trace"),
        ] {
            settings.push((name, value.to_owned()));
        }
        let shared = match engines {
            Engines::Embedded => None,
            Engines::Shared => Some(Shared::start(&mut canaries, &mut settings).await?),
        };
        let emulator = emulator(&mut canaries, app_secrets).await;
        for base in ["WECHAT_API_BASE", "WECHAT_OPEN_BASE", "WECHAT_MP_BASE"] {
            settings.push((base, emulator.url().to_owned()));
        }
        let desk = settings.iter().fold(Desk::strict(), |desk, (name, value)| desk.with(name, value));
        let running = desk.serve().await;
        let callback = CallbackSettings {
            url: Some(running.url("/wx")),
            token: Some(token),
            aes_key: Some(aes_key),
            mode: Some("safe".to_owned()),
            format: None,
        };
        emulator.set_callback("official", callback);
        Some(Self { canaries, emulator, running, engines: shared })
    }

    /// Every file, row, key and line that there is now.
    pub async fn remains(&self) -> Vec<(String, Vec<u8>)> {
        let mut remains = Vec::new();
        files(self.running.desk.folder.path(), &mut remains);
        let metrics = reqwest::get(self.running.metrics("/metrics")).await.unwrap().bytes().await.unwrap();
        remains.push(("/metrics".to_owned(), metrics.to_vec()));
        if let Some(Shared { postgres, redis }) = &self.engines {
            tables(postgres, &mut remains).await;
            redis.dump(&mut remains).await;
        }
        remains
    }
}

fn aes_key_of(letter: char) -> String {
    format!("{letter}mFuYXJ5QWVzS2V5Rm9yVGhlQ2FuYXJ5VGVzdE{letter}xyZ3")
}

async fn emulator(canaries: &mut Canaries, app_secrets: [String; 2]) -> Emulator {
    let [official, mini] = app_secrets;
    let account = |name: &str, kind, digit: &str, app_secret: String| AccountSeed {
        name: name.to_owned(),
        kind,
        app_id: format!("wx{}", digit.repeat(16)),
        app_secret,
        group: Some("canary".to_owned()),
        ..AccountSeed::default()
    };
    let accounts =
        vec![account("official", AccountKind::Official, "1", official), account("mini", AccountKind::Mini, "2", mini)];
    let mut personas = Vec::new();
    for (number, id) in PEOPLE.iter().enumerate() {
        let mut plant = |kind, what: &str, value: String| Some(canaries.plant(kind, &format!("{what} of {id}"), value));
        personas.push(PersonaSeed {
            id: Some((*id).to_owned()),
            nickname: plant(Kind::Personal, "nickname", format!("金丝雀{number}号Nick")),
            headimgurl: plant(Kind::Personal, "portrait", format!("https://thirdwx.example/canaryface{number}/132")),
            phone: plant(Kind::Phone, "phone", format!("1391234567{number}")),
            ..PersonaSeed::default()
        });
    }
    let config = Config { default_accounts: false, accounts, personas, ..Config::default() };
    let emulator = Emulator::builder().fresh_seed().config(config).start().await.unwrap();
    for id in PEOPLE {
        for account in ["official", "mini"] {
            let openid = emulator.openid(id, account);
            canaries.plant(Kind::Personal, &format!("{account} openid of {id}"), openid);
        }
    }
    emulator
}

fn files(folder: &Path, remains: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, remains);
        } else if let Ok(bytes) = std::fs::read(&path) {
            remains.push((path.display().to_string(), bytes));
        }
    }
}

impl Shared {
    #[allow(clippy::disallowed_methods, reason = "where the test services are, the environment says")]
    async fn start(canaries: &mut Canaries, settings: &mut Vec<(&'static str, String)>) -> Option<Self> {
        let server = std::env::var("WEIQIAO_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
        let Some(server) = server else {
            assert!(std::env::var_os("WEIQIAO_TEST_REQUIRE_SERVICES").is_none(), "there is no Postgres");
            println!("skipped: run through scripts/with-services.sh");
            return None;
        };
        let name = format!("canary_{}", std::process::id());
        let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        let postgres = url.to_string();
        let password = canaries.plant(Kind::Secret, "password of Postgres", "pgCanaryPw7x2K");
        // The server trusts everybody; a password is sent all the same if it asks.
        url.set_password(Some(&password)).unwrap();
        settings.push(("DATABASE_URL", url.into()));
        let password = canaries.plant(Kind::Secret, "password of Redis", "rdCanaryPw8y3L");
        let redis = Redis::start(&password).await;
        settings.push(("REDIS_URL", format!("redis://:{password}@127.0.0.1:{}", redis.port)));
        Some(Self { postgres, redis })
    }
}

async fn tables(url: &str, remains: &mut Vec<(String, Vec<u8>)>) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let sql = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
    for row in client.query(sql, &[]).await.unwrap() {
        let table: String = row.get(0);
        let stream = client.copy_out(&format!("COPY (SELECT * FROM {table}) TO STDOUT")).await.unwrap();
        let parts: Vec<_> = stream.map(|part| part.unwrap().to_vec()).collect().await;
        remains.push((format!("Postgres, table {table}"), parts.concat()));
    }
}

/// A Redis with a password, and somebody who listens to every command.
struct Redis {
    port: u16,
    password: String,
    folder: TempDir,
    child: Child,
    heard: std::sync::Arc<std::sync::Mutex<Vec<u8>>>,
    listener: JoinHandle<()>,
}

impl Redis {
    async fn start(password: &str) -> Self {
        let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
        let mut command = Command::new("redis-server");
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--rdbcompression", "no"]);
        command.args(["--requirepass", password, "--dir"]).arg(folder.path());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("redis-server is missing");
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(Instant::now() < deadline, "Redis does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let mut stream = open(port, password).await;
        stream.write_all(b"MONITOR\r\n").await.unwrap();
        let ears = std::sync::Arc::clone(&heard);
        let listener = tokio::spawn(async move {
            let mut part = vec![0; 65_536];
            while let Ok(length @ 1..) = stream.read(&mut part).await {
                ears.lock().unwrap().extend_from_slice(&part[..length]);
            }
        });
        Self { port, password: password.to_owned(), folder, child, heard, listener }
    }

    async fn dump(&self, remains: &mut Vec<(String, Vec<u8>)>) {
        let mut stream = open(self.port, &self.password).await;
        stream.write_all(b"SAVE\r\n").await.unwrap();
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"+OK\r\n");
        let heard = self.heard.lock().unwrap().clone();
        assert!(!heard.is_empty(), "somebody talks to Redis");
        remains.push(("Redis, every command".to_owned(), heard));
        remains.push(("Redis, every key".to_owned(), std::fs::read(self.folder.path().join("dump.rdb")).unwrap()));
    }
}

async fn open(port: u16, password: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(format!("AUTH {password}\r\n").as_bytes()).await.unwrap();
    let mut answer = [0; 5];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"+OK\r\n");
    stream
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.listener.abort();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
