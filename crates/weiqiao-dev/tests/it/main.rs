//! The playground as `make run` starts it: a process that says where everything is, and is there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A playground with a folder and ports of its own. Killed when dropped.
struct Playground {
    process: Child,
    service: String,
    wechat: String,
    folder: tempfile::TempDir,
    said: String,
}

impl Playground {
    /// Starts it and reads what it says until it says how to stop it.
    fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(variables: &[(&str, String)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (port, emulator_port) = (free_port(), free_port());
        let mut process = command(folder.path(), port, emulator_port).envs(variables.iter().cloned()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let said: Vec<String> = lines.take_while(|line| !line.contains("Ctrl-C")).collect();
        let said = said.join("\n");
        for part in [format!("http://localhost:{port}/wechat/frontend-driven"), format!("localhost:{emulator_port}")] {
            assert!(said.contains(&part), "{part} is not in:\n{said}");
        }
        let (service, wechat) = (format!("http://localhost:{port}"), format!("http://localhost:{emulator_port}"));
        Self { process, service, wechat, folder, said }
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn command(folder: &std::path::Path, port: u16, emulator_port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weiqiao-dev"));
    command.args(["--port", &port.to_string(), "--emulator-port", &emulator_port.to_string(), "--data"]).arg(folder);
    // Nothing of the tester's own environment: settings are read from there.
    command.env_clear().current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn json(request: reqwest::RequestBuilder) -> Value {
    let text = request.send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_playground_is_there_and_answers_the_phone() {
    let playground = tokio::task::spawn_blocking(Playground::start).await.unwrap();
    let (service, wechat) = (&playground.service, &playground.wechat);
    let client = reqwest::Client::new();
    assert_eq!(json(client.get(format!("{service}/api/health"))).await["data"]["status"], "ok");
    let page = client.get(format!("{service}/wechat/frontend-driven")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let acts = format!("{wechat}/_emulator/personas/xiaoming");
    let account = json!({"account": "official"});
    let followed = json(client.post(format!("{acts}/follow")).body(account.to_string())).await;
    assert_eq!(followed["outcome"], "replied", "{followed}");
    let hello = json!({"account": "official", "type": "text", "content": "hello"});
    let answered = json(client.post(format!("{acts}/messages")).body(hello.to_string())).await;
    assert_eq!((&answered["outcome"], &answered["mode"]), (&json!("replied"), &json!("safe")), "{answered}");
    assert_eq!(answered["attempts"].as_array().map(Vec::len), Some(1), "{answered}");
}

#[test]
fn a_refused_start_names_the_reason_and_leaves_every_file_as_it_was() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("weiqiao-dev.toml");
    std::fs::write(&kept, "# mine\n").unwrap();
    let refused = |port, emulator_port, variables: &[(&str, &str)]| {
        let output = command(folder.path(), port, emulator_port).envs(variables.iter().copied()).output().unwrap();
        assert!(!output.status.success());
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), "# mine\n");
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(files, ["weiqiao-dev.toml"], "nothing beside it");
        String::from_utf8(output.stderr).unwrap()
    };
    let said = refused(port, free_port(), &[]);
    assert!(said.contains(&port.to_string()) && said.contains("--port"), "{said}");
    let said = refused(free_port(), port, &[]);
    assert!(said.contains(&port.to_string()) && said.contains("--emulator-port"), "{said}");
    let said = refused(free_port(), free_port(), &[("API_HOST", "0.0.0.0")]);
    assert!(said.contains("API_HOST"), "{said}");
    let said = refused(free_port(), free_port(), &[("LOG_KEEP_DAYS", "soon")]);
    assert!(said.contains("LOG_KEEP_DAYS"), "{said}");
    let nowhere =
        command(folder.path(), free_port(), free_port()).args(["--database", "sqlite:///proc/x/y.db"]).output();
    let said = String::from_utf8(nowhere.unwrap().stderr).unwrap();
    assert_eq!(said.matches("/proc/x").count(), 1, "said once: {said}");
}

/// What somebody has in the shell for other programs.
#[tokio::test(flavor = "multi_thread")]
async fn the_playground_is_where_its_flags_say_whatever_the_shell_says() {
    let theirs = tempfile::tempdir().unwrap();
    let database = theirs.path().join("theirs.db");
    let shell = [
        ("DATABASE_URL", format!("sqlite://{}", database.display())),
        ("REDIS_URL", "redis://127.0.0.1:1".to_owned()),
        ("AUTH_MODE", "strict".to_owned()),
        ("SESSION_SECRET", "theirs".to_owned()),
        ("JWT_SECRET", "theirs".to_owned()),
        ("API_KEY", "theirs".to_owned()),
        ("WECHAT_OFFICIAL_APP_ID", "wx1234567890abcdef".to_owned()),
        ("WECHAT_SECRET", "theirs".to_owned()),
        ("API_PORT", "1".to_owned()),
        ("PORT", "1".to_owned()),
    ];
    let playground = tokio::task::spawn_blocking(move || Playground::start_with(&shell)).await.unwrap();
    assert!(!database.exists(), "the database of somebody else was opened");
    let data = playground.folder.path().join("weiqiao.db");
    assert!(data.exists() && playground.said.contains(&data.display().to_string()), "{}", playground.said);
    for name in ["DATABASE_URL", "WECHAT_SECRET", "SESSION_SECRET"] {
        assert!(playground.said.contains(name), "that {name} is passed over is told: {}", playground.said);
    }
    assert!(playground.said.contains("wx1111111111111111"), "{}", playground.said);
    let health = reqwest::get(format!("{}/api/health", playground.service)).await.unwrap();
    assert_eq!(health.status(), 200);
    let kept = std::fs::read_to_string(playground.folder.path().join("weiqiao-dev.toml")).unwrap();
    assert!(kept.contains("api_port") && playground.folder.path().join("loginTypes").is_dir(), "{kept}");
}

/// The whole of the mini program's story, without a page.
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_of_the_mini_program_works_out_of_the_box() {
    let playground = tokio::task::spawn_blocking(Playground::start).await.unwrap();
    let (service, wechat) = (&playground.service, &playground.wechat);
    let client = reqwest::Client::new();
    let post = |url: String, body: Value| {
        json(client.post(url).header("content-type", "application/json").body(body.to_string()))
    };
    let code = json!({"account": "mini", "kind": "mini"});
    let code = post(format!("{wechat}/_emulator/personas/xiaohong/codes"), code).await["code"].clone();
    let openid = post(format!("{service}/api/wechat/openid"), json!({ "code": code })).await["data"]["openid"].clone();
    let action = json!({"customerId": openid, "advisorId": "advisor-li", "actionType": "contact_advisor", "actionData": {},
                        "customerName": "小红", "customerPhone": "13800000002"});
    let made = post(format!("{service}/api/customer/action"), action).await;
    assert_eq!(made["data"]["customerCreated"], true, "{made}");
    let received = json(client.get(format!("{wechat}/_emulator/personas/advisor-li/messages?wait=10s"))).await;
    assert_eq!(received[0]["content"]["data"]["thing3"]["value"], "13800000002", "{received}");
    let page = format!("pages/customer/detail?id={}", made["data"]["customerId"].as_str().unwrap());
    assert_eq!(received[0]["content"]["page"], page);
    let key = "playground-api-key-for-local-use-only";
    let advisors = json(client.get(format!("{service}/api/admin/advisors")).header("x-api-key", key)).await;
    assert_eq!(advisors["data"]["total"], 3, "{advisors}");
}
