//! Instances of the real program, and what they share.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::sleep;
use tokio_postgres::Client;
use weixin_emulator::{Config, Emulator, PersonaSeed};

use crate::{Engines, Redis, free_port};

/// Bootstrap key of all instances.
pub const API_KEY: &str = "qN3}rGu6[cPj9]kWt1yFz5.oMa8^lHe-cluster";
/// The template notifications are sent with.
pub const TEMPLATE: &str = "weiqiao-demo-customer-notification-template";
/// Advisors the emulator knows as people, `a0` to `a19`.
const ADVISORS: usize = 20;

/// The emulated WeChat, a Redis, a database, and the settings of every instance.
pub struct Fleet {
    pub emulator: Emulator,
    pub redis: Redis,
    pub database: String,
    pub http: reqwest::Client,
    variables: Vec<(String, String)>,
}

impl Fleet {
    /// On a fresh database of the run's Postgres; nothing where there is none.
    pub async fn start() -> Option<Self> {
        Some(Self::on(Engines::database().await?).await)
    }

    /// On this database.
    pub async fn on(database: String) -> Self {
        let people = (0..ADVISORS).map(|n| PersonaSeed { id: Some(format!("a{n}")), ..PersonaSeed::default() });
        let config = Config { personas: people.collect(), ..Config::default() };
        let emulator = Emulator::builder().config(config).start().await.unwrap();
        let redis = Redis::start().await;
        let wechat = emulator.url().to_owned();
        // As docs/instances.md asks of whoever is in front: a connection that lay idle longer than an instance lingers may be
        // closed in the moment it is used again.
        let idle = Duration::from_secs(1);
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).pool_idle_timeout(idle).build().unwrap();
        let mut fleet = Self { emulator, redis, database, http, variables: Vec::new() };
        for (name, value) in [
            ("PATH", "/usr/bin:/bin"),
            ("JWT_SECRET", "Vq8#mZt2!pLx9@Wc4$hRk7%nBd3^sGf6-cluster"),
            ("SESSION_SECRET", "uY5&jQe1*oTi8(aXv0)lKw2-zMb7=cNr-cluster"),
            ("API_KEY", API_KEY),
            ("API_HOST", "127.0.0.1"),
            ("PUBLIC_URL", "http://localhost:3001"),
            ("RATE_LIMITS", "off"),
            ("ALLOW_CUSTOM_WECHAT_BASE", "1"),
            ("WECHAT_OFFICIAL_APP_ID", "wx1111111111111111"),
            ("WECHAT_OFFICIAL_APP_SECRET", "11111111111111111111111111111111"),
            ("WECHAT_MINI_APP_ID", "wx2222222222222222"),
            ("WECHAT_MINI_APP_SECRET", "22222222222222222222222222222222"),
        ] {
            fleet.set(name, value);
        }
        let (database, redis) = (fleet.database.clone(), format!("redis://127.0.0.1:{}", fleet.redis.port));
        fleet.set("DATABASE_URL", &database);
        fleet.set("REDIS_URL", &redis);
        fleet.wechat_at(&wechat);
        fleet
    }

    /// A setting of the instances that start from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub fn unset(&mut self, name: &str) {
        self.variables.retain(|(known, _)| known != name);
    }

    /// Where WeChat is believed to be.
    pub fn wechat_at(&mut self, url: &str) {
        for base in ["WECHAT_API_BASE", "WECHAT_OPEN_BASE", "WECHAT_MP_BASE"] {
            self.set(base, url);
        }
    }

    /// Three instances, ready.
    pub async fn three(&self) -> Vec<Instance> {
        // One after another brings the schema up to date; all at once is what happens at a deployment.
        let instances: Vec<_> = (0..3).map(|_| self.begin(&[])).collect();
        join_all(instances.iter().map(Instance::ready)).await;
        instances
    }

    /// One more instance, ready; `only` is what `serve` is told.
    pub async fn instance(&self, only: &[&str]) -> Instance {
        let instance = self.begin(only);
        instance.ready().await;
        instance
    }

    /// Starts a process and does not wait.
    pub fn begin(&self, only: &[&str]) -> Instance {
        let (port, metrics) = (free_port(), free_port());
        let mut instance = Instance {
            port,
            metrics,
            is_worker: only.contains(&"worker"),
            arguments: [&["serve"], only].concat().into_iter().map(str::to_owned).collect(),
            variables: self.variables.clone(),
            folder: tempfile::tempdir().unwrap(),
            child: None,
        };
        instance.begin_again();
        instance
    }

    /// The database, for looking.
    pub async fn look(&self) -> Look {
        let (client, connection) = tokio_postgres::connect(&self.database, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        Look(client)
    }

    pub fn get(&self, url: String) -> reqwest::RequestBuilder {
        self.http.get(url).header("x-api-key", API_KEY)
    }

    pub fn post(&self, url: String, body: &Value) -> reqwest::RequestBuilder {
        self.http.post(url).header("x-api-key", API_KEY).json(body)
    }

    /// These advisors want to be told, and may be as often as it comes. One called `nobody` is known, and does not.
    pub async fn subscribe(&self, instance: &Instance, advisors: usize) {
        let quiet = self.post(instance.url("/api/admin/advisors"), &json!({"advisor_id": "nobody"}));
        assert!(quiet.send().await.unwrap().status().is_success());
        for n in 0..advisors {
            let advisor = format!("a{n}");
            let openid = self.emulator.openid(&advisor, "mini");
            let body = json!({"advisorId": advisor, "openid": openid, "templateId": TEMPLATE, "subscribed": true});
            let answer = self.post(instance.url("/api/advisor/subscribe"), &body).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
            self.emulator.accept_notifications(&advisor, "mini", TEMPLATE, 100_000);
        }
    }

    /// A customer did something; the advisor is owed a message that names the customer `N<n>`.
    pub fn action(&self, url: String, advisor: &str, n: u64) -> reqwest::RequestBuilder {
        let body = json!({
            "customerId": format!("c{n}"), "advisorId": advisor, "actionType": "other", "actionData": {},
            "customerName": format!("N{n}"),
        });
        self.post(url, &body).header("idempotency-key", format!("key-{n}"))
    }

    /// How often WeChat took the message about each customer.
    pub fn taken(&self) -> std::collections::BTreeMap<String, u32> {
        let mut taken = std::collections::BTreeMap::new();
        for call in self.emulator.ledger("/cgi-bin/message/subscribe/send").iter().filter(|call| call.delivered) {
            let body: Value = serde_json::from_str(&call.body).unwrap();
            *taken.entry(body["data"]["thing7"]["value"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        taken
    }
}

/// The program under test: the one that was built with the tests, or the one named by `WEIQIAO_TEST_BIN`.
fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("WEIQIAO_TEST_BIN") {
        return path.into();
    }
    let tests = std::env::current_exe().unwrap();
    let path = tests.ancestors().nth(2).unwrap().join("weiqiao");
    assert!(path.exists(), "{} is missing: cargo build -p weiqiao", path.display());
    path
}

/// A process of `weiqiao serve`.
pub struct Instance {
    pub port: u16,
    pub metrics: u16,
    is_worker: bool,
    arguments: Vec<String>,
    pub variables: Vec<(String, String)>,
    folder: TempDir,
    child: Option<Child>,
}

impl Instance {
    /// Starts the process again, on the same ports, after it ended.
    pub fn begin_again(&mut self) {
        let log = || File::options().create(true).append(true).open(self.log_path()).unwrap();
        let mut command = Command::new(program());
        command.args(&self.arguments).current_dir(self.folder.path()).env_clear();
        command.envs(self.variables.iter().cloned());
        command.env("API_PORT", self.port.to_string()).env("METRICS_ADDR", format!("127.0.0.1:{}", self.metrics));
        command.stdin(Stdio::null()).stdout(log()).stderr(log());
        self.child = Some(command.spawn().unwrap());
    }

    /// Where it says that it is ready.
    fn readiness(&self) -> String {
        let port = if self.is_worker { self.metrics } else { self.port };
        format!("http://127.0.0.1:{port}/readyz")
    }

    pub async fn is_ready(&self) -> bool {
        reqwest::get(self.readiness()).await.is_ok_and(|answer| answer.status() == 200)
    }

    pub async fn ready(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !self.is_ready().await {
            assert!(Instant::now() < deadline, "not ready: {}", self.log());
            sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What it wrote, warnings and worse only.
    pub fn complaints(&self) -> Vec<String> {
        let is_bad = |line: &&str| line.contains(r#""level":"warn""#) || line.contains(r#""level":"error""#);
        // That the emulator is not WeChat is no news.
        let is_news = |line: &&str| is_bad(line) && !line.contains("is not WeChat");
        self.log().lines().filter(is_news).map(str::to_owned).collect()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap()
    }

    fn log_path(&self) -> PathBuf {
        Path::join(self.folder.path(), "log")
    }

    /// A figure of `/metrics`, all labels that contain `label` added up; 0 when there is none.
    pub async fn metric(&self, name: &str, label: &str) -> f64 {
        let text = reqwest::get(format!("http://127.0.0.1:{}/metrics", self.metrics)).await.unwrap();
        let text = text.text().await.unwrap();
        let lines = text.lines().filter(|line| line.starts_with(name) && line.contains(label));
        lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum()
    }

    pub fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(self.child.as_ref().unwrap()), signal).unwrap();
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            child.wait().unwrap();
        }
    }

    /// Waits for its end; gives how it ended and how long that took.
    pub async fn ended(&mut self, limit: Duration) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.as_mut().unwrap().try_wait().unwrap() {
                self.child = None;
                return (status, begun.elapsed());
            }
            assert!(begun.elapsed() < limit, "still running after {limit:?}: {}", self.log());
            sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // A stopped process is killed all the same.
        self.kill();
        if std::thread::panicking() {
            for line in self.complaints().iter().rev().take(6).rev() {
                println!("instance {}: {}", self.port, line.chars().take(400).collect::<String>());
            }
        }
    }
}

/// The database as the tests see it.
pub struct Look(Client);

impl Look {
    /// One number.
    pub async fn number(&self, sql: &str) -> i64 {
        self.0.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Rows of a text and a number.
    pub async fn counts(&self, sql: &str) -> Vec<(String, i64)> {
        self.0.query(sql, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// Texts.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        self.0.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
    }

    /// Takes a lock or something like it.
    pub async fn run(&self, sql: &str) {
        self.0.batch_execute(sql).await.unwrap();
    }
}
