//! A Postgres and a Redis of a test's own, which it may stop, kill and start again.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;

use crate::{free_port, until};

/// The shared Postgres of the run, with a database of its own; nothing when there is none.
pub struct Engines;

impl Engines {
    /// The address of a fresh database on the Postgres that `scripts/with-services.sh` started.
    pub async fn database() -> Option<String> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("WEIQIAO_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
        let Some(server) = server else {
            assert!(std::env::var_os("WEIQIAO_TEST_REQUIRE_SERVICES").is_none(), "there is no Postgres");
            println!("skipped: run through scripts/with-services.sh");
            return None;
        };
        let name = format!("cluster_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        create_database(&server, &name).await;
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        Some(url.into())
    }
}

async fn create_database(server: &str, name: &str) {
    let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls).await.unwrap();
    let driving = tokio::spawn(connection);
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    drop(client);
    driving.await.unwrap().unwrap();
}

/// A Redis that keeps nothing.
pub struct Redis {
    pub port: u16,
    folder: TempDir,
    child: Option<Child>,
}

impl Redis {
    pub async fn start() -> Self {
        let mut redis = Self { port: free_port(), folder: tempfile::tempdir().unwrap(), child: None };
        redis.start_again().await;
        redis
    }

    pub async fn start_again(&mut self) {
        let port = self.port.to_string();
        let arguments = ["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        let mut command = Command::new("redis-server");
        command.args(arguments).arg("--dir").arg(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        self.child = Some(command.spawn().expect("redis-server is missing: run scripts/setup.sh test"));
        let this = &*self;
        until("Redis", Duration::from_secs(20), async || (this.say("PING").await?.starts_with("+PONG")).then_some(()))
            .await;
    }

    /// Ends it at once; what it held is gone.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Says one command in the inline form; gives the beginning of the answer.
    pub async fn say(&self, command: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.ok()?;
        stream.write_all(format!("{command}\r\n").as_bytes()).await.ok()?;
        let mut answer = [0; 64];
        let length = stream.read(&mut answer).await.ok()?;
        Some(String::from_utf8_lossy(&answer[..length]).into_owned())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

/// How a Postgres is stopped.
#[derive(Debug, Clone, Copy)]
pub enum Stop {
    /// Connections are ended in order.
    Fast,
    /// As by a power cut.
    Immediate,
}

/// A Postgres of a test's own.
pub struct Postgres {
    pub port: u16,
    programs: PathBuf,
    folder: TempDir,
    /// Whom it runs as, when that must not be us.
    user: Option<&'static str>,
}

impl Postgres {
    /// An empty database called `weiqiao`; nothing where there is no Postgres to run.
    pub async fn start() -> Option<Self> {
        let Some(programs) = std::env::var_os("WEIQIAO_TEST_PGBIN").map(PathBuf::from) else {
            assert!(std::env::var_os("WEIQIAO_TEST_REQUIRE_SERVICES").is_none(), "there is no Postgres");
            println!("skipped: run through scripts/with-services.sh");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let user = rustix::process::geteuid().is_root().then_some("postgres");
        let postgres = Self { port: free_port(), programs, folder, user };
        std::fs::set_permissions(postgres.folder.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
        std::fs::create_dir(postgres.home()).unwrap();
        if let Some(user) = user {
            assert!(Command::new("chown").arg(user).arg(postgres.home()).status().unwrap().success());
        }
        let data = postgres.data();
        postgres.run("initdb", &["-D", &data, "-U", "weiqiao", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]).await;
        postgres.start_again().await;
        create_database(&postgres.url("postgres"), "weiqiao").await;
        Some(postgres)
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://weiqiao@127.0.0.1:{}/{database}", self.port)
    }

    /// Starts it and waits until it takes connections.
    pub async fn start_again(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c log_min_messages=panic",
            self.port
        );
        let (data, log) = (self.data(), self.home().join("log").display().to_string());
        self.run("pg_ctl", &["-D", &data, "-l", &log, "-w", "-t", "60", "-o", &options, "start"]).await;
    }

    pub async fn stop(&self, how: Stop) {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        self.run("pg_ctl", &["-D", &self.data(), "-m", mode, "-w", "stop"]).await;
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("pg")
    }

    fn data(&self) -> String {
        self.home().join("data").display().to_string()
    }

    async fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = as_user(self.user, &self.programs.join(program));
        command.args(arguments).current_dir(self.home()).stdin(Stdio::null()).stdout(Stdio::null());
        let status = spawn_blocking(move || command.status()).await.unwrap().unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let Some(user) = user else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args([&format!("--reuid={user}"), &format!("--regid={user}"), "--clear-groups"]).arg(program);
    command
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut command = as_user(self.user, &self.programs.join("pg_ctl"));
        command.args(["-D", &self.data(), "-m", "immediate", "-w", "stop"]).current_dir(self.home());
        let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
