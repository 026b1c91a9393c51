//! Other people's WeChat libraries, as processes of their own. `scripts/setup.sh test` installs them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::callbacks::NONCE;
use crate::{AES_KEY, CALLBACK_TOKEN, Push};

/// A library that answers one command a line. It ends when dropped.
pub struct Peer {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

/// A service somebody else would write, listening on loopback. It ends when dropped.
pub struct PeerService {
    peer: Peer,
    /// Where it listens.
    pub url: String,
}

impl Peer {
    /// wechatpy, or `None` when it is not installed.
    #[must_use]
    pub fn wechatpy() -> Option<Self> {
        Some(Self::start(Command::new(installed("python/bin/python")?).arg(script("wechatpy_peer.py"))))
    }

    /// The parts of co-wechat, or `None` when it is not installed.
    #[must_use]
    pub fn co_wechat() -> Option<Self> {
        Some(Self::start(node()?.arg(script("co_wechat_peer.js"))))
    }

    /// Sends a command and waits for its answer.
    ///
    /// # Panics
    ///
    /// When the library failed.
    pub fn ask(&mut self, command: &Value) -> Value {
        let mut line = command.to_string();
        line.push('\n');
        self.stdin.as_mut().unwrap().write_all(line.as_bytes()).unwrap();
        let answer: Value = serde_json::from_str(&self.line()).unwrap();
        assert!(answer.get("error").is_none(), "{command} -> {answer}");
        answer
    }

    /// A push of this message to `app_id`, encrypted and signed by the library.
    pub fn seal(&mut self, app_id: &str, xml: &str, timestamp_s: i64) -> Push {
        let timestamp = timestamp_s.to_string();
        let sealed = self.ask(&json!({
            "do": "seal", "token": CALLBACK_TOKEN, "aes_key": AES_KEY, "app_id": app_id, "xml": xml,
            "timestamp": timestamp, "nonce": NONCE,
        }));
        Push::safe(sealed["body"].as_str().unwrap(), sealed["signature"].as_str().unwrap(), timestamp_s)
    }

    /// What the library reads in an encrypted reply.
    pub fn open(&mut self, app_id: &str, body: &str) -> Value {
        let command =
            json!({"do": "open", "token": CALLBACK_TOKEN, "aes_key": AES_KEY, "app_id": app_id, "body": body});
        self.ask(&command)["reply"].take()
    }

    /// What the library reads in a plain reply.
    pub fn read(&mut self, xml: &str) -> Value {
        self.ask(&json!({"do": "read", "xml": xml}))["reply"].take()
    }

    fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, stdin, stdout }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the foreign peer ended");
        line
    }
}

impl PeerService {
    /// co-wechat on Koa, in safe mode with a key; `None` when it is not installed.
    #[must_use]
    pub fn co_wechat(app_id: &str, safe: bool) -> Option<Self> {
        let mut settings = json!({"token": CALLBACK_TOKEN, "app_id": app_id});
        if safe {
            settings["aes_key"] = AES_KEY.into();
        }
        let mut peer = Peer::start(node()?.arg(script("co_wechat_service.js")).arg(settings.to_string()));
        let url = format!("http://127.0.0.1:{}", peer.line().trim());
        Some(Self { peer, url })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.stdin.take());
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl std::fmt::Debug for PeerService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PeerService").field("url", &self.url).field("process", &self.peer.child.id()).finish()
    }
}

fn node() -> Option<Command> {
    let modules = installed("node_modules")?;
    let own = root().join("target/tools/node/node_modules/.bin/node");
    let mut command = Command::new(if own.exists() { own } else { PathBuf::from("node") });
    command.env("NODE_PATH", modules);
    Some(command)
}

fn script(name: &str) -> PathBuf {
    root().join("tests/foreign").join(name)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn installed(path: &str) -> Option<PathBuf> {
    let path = root().join("target/tools/foreign").join(path);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var_os("WEIQIAO_TEST_REQUIRE_SERVICES").is_some();
    assert!(!required, "{} is missing: run scripts/setup.sh test", path.display());
    println!("skipped: {} is missing; run scripts/setup.sh test", path.display());
    None
}
