//! The program as a user has it: a process, an environment, a folder.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use weixin_emulator::Emulator;

pub const JWT: &str = "Vq8#mZt2!pLx9@Wc4$hRk7%nBd3^sGf6-canary";
pub const MASTER: &str = "uY5&jQe1*oTi8(aXv0)lKw2-zMb7=cNr-canary";
pub const API_KEY: &str = "qN3}rGu6[cPj9]kWt1yFz5.oMa8^lHe-canary";

/// A folder and an environment to run the program in.
pub struct Desk {
    pub folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Desk {
    /// Nothing but a folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), variables: vec![("PATH".into(), "/bin".into())] }
    }

    /// A strict service on free ports of this computer.
    pub fn strict() -> Self {
        let (public, metrics) = (free_port(), free_port());
        Self::empty()
            .with("JWT_SECRET", JWT)
            .with("SESSION_SECRET", MASTER)
            .with("API_KEY", API_KEY)
            .with("API_HOST", "127.0.0.1")
            .with("API_PORT", &public.to_string())
            .with("METRICS_ADDR", &format!("127.0.0.1:{metrics}"))
            .with("PUBLIC_URL", &format!("http://localhost:{public}"))
    }

    /// The same with both accounts of this emulator.
    pub fn strict_with(emulator: &Emulator) -> Self {
        Self::strict()
            .with("ALLOW_CUSTOM_WECHAT_BASE", "1")
            .with("WECHAT_API_BASE", emulator.url())
            .with("WECHAT_OPEN_BASE", emulator.url())
            .with("WECHAT_MP_BASE", emulator.url())
            .with("WECHAT_OFFICIAL_APP_ID", "wx1111111111111111")
            .with("WECHAT_OFFICIAL_APP_SECRET", "11111111111111111111111111111111")
            .with("WECHAT_MINI_APP_ID", "wx2222222222222222")
            .with("WECHAT_MINI_APP_SECRET", "22222222222222222222222222222222")
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn get(&self, name: &str) -> &str {
        &self.variables.iter().find(|(known, _)| known == name).unwrap().1
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs the program with its standard output in this file.
    pub fn run_into(&self, arguments: &[&str], output: File) -> Output {
        self.command(arguments).stdin(Stdio::null()).stdout(output).output().unwrap()
    }

    /// Runs the program with this on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let file = self.path("stdin");
        std::fs::write(&file, input).unwrap();
        self.command(arguments).stdin(File::open(file).unwrap()).output().unwrap()
    }

    /// Starts `weiqiao serve` and waits until it is ready.
    pub async fn serve(self) -> Running {
        self.serve_with(&["serve"]).await
    }

    /// The same with these arguments.
    pub async fn serve_with(self, arguments: &[&str]) -> Running {
        let mut running = self.start(arguments);
        let ready = running.url("/readyz");
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()) {
                return running;
            }
            if let Some(status) = running.child.try_wait().unwrap() {
                panic!("the service ended ({status}): {}{}", running.stdout(), running.stderr());
            }
            assert!(Instant::now() < deadline, "not ready: {}", running.stdout());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Starts the program and does not wait.
    pub fn start(self, arguments: &[&str]) -> Running {
        let (out, err) = (File::create(self.path("stdout")).unwrap(), File::create(self.path("stderr")).unwrap());
        let child = self.command(arguments).stdin(Stdio::null()).stdout(out).stderr(err).spawn().unwrap();
        Running { desk: self, child }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weiqiao"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(self.variables.iter().cloned());
        command
    }
}

/// A service that runs.
pub struct Running {
    pub desk: Desk,
    pub child: Child,
}

impl Running {
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.desk.get("API_PORT"))
    }

    pub fn metrics(&self, path: &str) -> String {
        format!("http://{}{path}", self.desk.get("METRICS_ADDR"))
    }

    pub fn stdout(&self) -> String {
        std::fs::read_to_string(self.desk.path("stdout")).unwrap()
    }

    pub fn stderr(&self) -> String {
        std::fs::read_to_string(self.desk.path("stderr")).unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for the end; fails after `limit`.
    pub async fn ended(&mut self, limit: Duration) -> ExitStatus {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "still running after {limit:?}: {}", self.stdout());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Stops the service and gives the folder back.
    pub async fn stop(mut self) -> Desk {
        self.signal(Signal::TERM);
        let status = self.ended(Duration::from_secs(15)).await;
        assert_eq!(status.code(), Some(0), "{}{}", self.stdout(), self.stderr());
        let Self { desk, .. } = &mut self;
        std::mem::replace(desk, Desk::empty())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap().local_addr().unwrap().port()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// All bytes of all files below the folder.
pub fn everything_in(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything_in(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

pub fn contains(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}
