//! A folder, a database, an emulated WeChat, and the program that works with them.

use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::sleep;
use weiqiao_journeys::CALLBACK_TOKEN;
use weixin_emulator::{Config, Emulator, PersonaSeed};

use super::{Port, Rows};

/// Bootstrap key of the service.
pub(crate) const API_KEY: &str = "qN3}rGu6[cPj9]kWt1yFz5.oMa8^lHe-fault";
/// The template notifications are sent with.
pub(crate) const TEMPLATE: &str = "weiqiao-demo-customer-notification-template";
/// Advisors who want to be told, `teller-0` and so on.
pub(crate) const TELLERS: usize = 6;

/// Where the service stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

pub(crate) struct Desk {
    pub(crate) engine: Engine,
    pub(crate) emulator: Emulator,
    pub(crate) folder: TempDir,
    port: Port,
    pub(crate) rows: Rows,
    variables: Vec<(String, String)>,
}

impl Desk {
    /// A new world; nothing where there is no Postgres.
    pub(crate) async fn new(engine: Engine) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/weiqiao.db");
        let (database, rows) = match engine {
            Engine::Sqlite => (format!("sqlite://{}", file.display()), Rows::Sqlite(file)),
            Engine::Postgres => {
                let url = new_database().await?;
                let rows = Rows::postgres(&url).await;
                (url, rows)
            }
        };
        let people = (0..TELLERS).map(|n| PersonaSeed { id: Some(format!("teller-{n}")), ..PersonaSeed::default() });
        let config = Config { personas: people.collect(), ..Config::default() };
        let emulator = Emulator::builder().config(config).start().await.unwrap();
        let port = Port::take();
        let number = port.number;
        let mut desk = Self { engine, emulator, folder, port, rows, variables: Vec::new() };
        let wechat = desk.emulator.url().to_owned();
        for (name, value) in [
            ("PATH", "/usr/bin:/bin"),
            ("JWT_SECRET", "Vq8#mZt2!pLx9@Wc4$hRk7%nBd3^sGf6-fault"),
            ("SESSION_SECRET", "uY5&jQe1*oTi8(aXv0)lKw2-zMb7=cNr-fault"),
            ("API_KEY", API_KEY),
            ("API_HOST", "127.0.0.1"),
            ("API_PORT", &number.to_string()),
            ("METRICS_ADDR", "off"),
            ("PUBLIC_URL", &format!("http://localhost:{number}")),
            ("RATE_LIMITS", "off"),
            ("LOG_LEVEL", "warn"),
            ("DATABASE_URL", &database),
            ("ALLOW_CUSTOM_WECHAT_BASE", "1"),
            ("WECHAT_API_BASE", &wechat),
            ("WECHAT_OPEN_BASE", &wechat),
            ("WECHAT_MP_BASE", &wechat),
            ("WECHAT_OFFICIAL_APP_ID", "wx1111111111111111"),
            ("WECHAT_OFFICIAL_APP_SECRET", "11111111111111111111111111111111"),
            ("WECHAT_OFFICIAL_TOKEN", CALLBACK_TOKEN),
            ("WECHAT_CALLBACK_MODE", "plain"),
            ("WECHAT_MINI_APP_ID", "wx2222222222222222"),
            ("WECHAT_MINI_APP_SECRET", "22222222222222222222222222222222"),
        ] {
            desk.set(name, value);
        }
        Some(desk)
    }

    /// A setting of the processes that start from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port.number)
    }

    /// The program, ready to be started.
    pub(crate) fn program() -> PathBuf {
        std::env::var_os("WEIQIAO_TEST_BIN")
            .map_or_else(|| env!("CARGO_BIN_EXE_weiqiao-under-test").into(), PathBuf::from)
    }

    /// Starts `weiqiao serve`, with these variables beside the others.
    pub(crate) fn start(&self, extra: &[(&str, &str)]) -> Process {
        self.start_as(Command::new(Self::program()), extra)
    }

    /// Starts this command, to which `serve` is added.
    pub(crate) fn start_as(&self, mut command: Command, extra: &[(&str, &str)]) -> Process {
        let log = || File::options().create(true).append(true).open(self.path("log")).unwrap();
        command.arg("serve").current_dir(self.folder.path()).env_clear().envs(self.variables.iter().cloned());
        command.envs(extra.iter().copied()).stdin(Stdio::null()).stdout(log()).stderr(log());
        Process {
            ready: self.url("/readyz"),
            log: self.path("log"),
            begun: Instant::now(),
            child: command.spawn().unwrap(),
        }
    }

    /// The end of what the processes wrote.
    pub(crate) fn log(&self) -> String {
        let text = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }

    pub(crate) async fn post(
        &self,
        http: &reqwest::Client,
        path: &str,
        body: &Value,
    ) -> reqwest::Result<reqwest::Response> {
        http.post(self.url(path)).header("x-api-key", API_KEY).json(body).send().await
    }

    /// The advisors say that they want to be told; one more is known and does not.
    pub(crate) async fn subscribe(&self) {
        let http = client();
        for n in 0..TELLERS {
            let teller = format!("teller-{n}");
            let openid = self.emulator.openid(&teller, "mini");
            self.must_subscribe(&http, &teller, &openid, true).await;
            self.emulator.accept_notifications(&teller, "mini", TEMPLATE, 1_000_000);
        }
        self.must_subscribe(&http, "quiet", "oQUIETquietQUIETquietQUIET00", false).await;
    }

    async fn must_subscribe(&self, http: &reqwest::Client, advisor: &str, openid: &str, wanted: bool) {
        let body = json!({"advisorId": advisor, "openid": openid, "templateId": TEMPLATE, "subscribed": wanted});
        let answer = self.post(http, "/api/advisor/subscribe", &body).await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    }
}

/// Somebody with connections of their own.
pub(super) fn client() -> reqwest::Client {
    reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap()
}

/// A process of the service. Killed when dropped.
pub(crate) struct Process {
    pub(crate) begun: Instant,
    pub(crate) child: Child,
    ready: String,
    log: PathBuf,
}

impl Process {
    /// Waits until it is ready and says how long that took; or how it ended before.
    pub(crate) async fn ready(&mut self) -> Result<Duration, ExitStatus> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(2)).build().unwrap();
        loop {
            if let Some(status) = self.ended() {
                return Err(status);
            }
            if http.get(&self.ready).send().await.is_ok_and(|answer| answer.status() == 200) {
                return Ok(self.begun.elapsed());
            }
            assert!(self.begun.elapsed() < Duration::from_secs(60), "not ready: {}", self.read_log());
            sleep(Duration::from_millis(3)).await;
        }
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits for its end.
    pub(crate) async fn end(&mut self, limit: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if let Some(status) = self.ended() {
                return Some(status);
            }
            sleep(Duration::from_millis(2)).await;
        }
        None
    }

    /// Ends it as nothing can prevent.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }

    pub(crate) fn read_log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether it ended by itself at one of its crash points.
pub(crate) fn crashed(status: ExitStatus) -> bool {
    status.signal() == Some(6)
}

async fn new_database() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Some(server) = std::env::var("WEIQIAO_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty()) else {
        assert!(std::env::var_os("WEIQIAO_TEST_REQUIRE_SERVICES").is_none(), "WEIQIAO_TEST_POSTGRES_URL is not set");
        println!("skipped: WEIQIAO_TEST_POSTGRES_URL is not set; run through scripts/with-services.sh");
        return None;
    };
    let name = format!("fault_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    Some(url.into())
}
