use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};
use weixin_emulator::Emulator;

use crate::program::{API_KEY, Desk, JWT, MASTER, contains, everything_in};

#[tokio::test]
async fn the_first_start_leaves_files_for_their_owner_and_a_token_that_works_once() {
    let running = Desk::strict().serve().await;
    let data = running.desk.path("data");
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    for (path, _) in everything_in(&data) {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
    let file = data.join("setup-token");
    let token = std::fs::read_to_string(&file).unwrap().trim().to_owned();
    assert_eq!(running.stderr().matches("setup-token").count(), 1, "said once: {}", running.stderr());
    assert!(!running.stdout().contains(&token) && !running.stderr().contains(&token));
    let page = format!("http://localhost:{}/console", running.desk.get("API_PORT"));
    assert!(running.stderr().contains(&page), "where a person does it: {}", running.stderr());

    let client = reqwest::Client::new();
    let set_up = |token: String| {
        let body = json!({"token": token, "password": "three quiet green boats"});
        client.post(running.url("/api/auth/setup")).json(&body).send()
    };
    assert_eq!(set_up("wrong".to_owned()).await.unwrap().status(), 401);
    assert_eq!(set_up(token.clone()).await.unwrap().status(), 201);
    assert_eq!(set_up(token.clone()).await.unwrap().status(), 401, "once");
    let login = json!({"username": "admin", "password": "three quiet green boats"});
    let answer = client.post(running.url("/api/auth/login")).json(&login).send().await.unwrap();
    assert_eq!(answer.status(), 200);

    let again = running.stop().await.serve().await;
    assert!(!file.exists() || !std::fs::read_to_string(&file).unwrap().contains(&token));
    assert_eq!(again.stderr(), "", "and not said again");
}

#[tokio::test]
async fn with_a_password_in_the_settings_there_is_no_token() {
    let running =
        Desk::strict().with("ADMIN_USERNAME", "root").with("ADMIN_PASSWORD", "three quiet green boats").serve().await;
    assert!(!running.desk.path("data/setup-token").exists());
    assert_eq!(running.stderr(), "");
    let login = json!({"username": "root", "password": "three quiet green boats"});
    let client = reqwest::Client::new();
    let answer = client.post(running.url("/api/auth/login")).json(&login).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn metrics_have_a_listener_of_their_own() {
    let running = Desk::strict().serve().await;
    assert_eq!(reqwest::get(running.url("/metrics")).await.unwrap().status(), 404);
    let shown = reqwest::get(running.metrics("/metrics")).await.unwrap().text().await.unwrap();
    for name in ["http_requests_total", "weiqiao_build_info"] {
        assert!(shown.contains(name), "{name}: {shown}");
    }
    assert_eq!(reqwest::get(running.metrics("/api/health")).await.unwrap().status(), 404);
}

#[tokio::test]
async fn no_secret_is_in_the_command_line_the_log_or_the_files() {
    let emulator = Emulator::start().await;
    let running = Desk::strict_with(&emulator).with("LOG_LEVEL", "trace").serve().await;
    let client = reqwest::Client::new();
    let token = client
        .get(running.url("/api/admin/accounts/official/token"))
        .header("x-api-key", API_KEY)
        .send()
        .await
        .unwrap()
        .json::<Value>()
        .await
        .unwrap()["data"]["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let code = emulator.persona_code("xiaoming", "mini", weixin_emulator::CodeKind::Mini);
    let openid = emulator.openid("xiaoming", "mini");
    let answer = client.post(running.url("/api/wechat/openid")).json(&json!({"code": code})).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let session = answer.json::<Value>().await.unwrap()["data"]["token"].as_str().unwrap().to_owned();
    client.get(running.url("/api/me")).bearer_auth(&session).send().await.unwrap();
    client.get(running.url(&format!("/api/user/{openid}?access_token=canary-query"))).send().await.unwrap();

    let command_line = std::fs::read(format!("/proc/{}/cmdline", running.child.id())).unwrap();
    let metrics = reqwest::get(running.metrics("/metrics")).await.unwrap().bytes().await.unwrap().to_vec();
    let desk = running.stop().await;
    let mut places = everything_in(desk.folder.path());
    places.push(("cmdline".into(), command_line));
    places.push(("metrics".into(), metrics));
    let secrets = [
        JWT,
        MASTER,
        API_KEY,
        "canary",
        "11111111111111111111111111111111",
        "22222222222222222222222222222222",
        &token,
        &code,
        &session,
    ];
    for (path, bytes) in &places {
        for secret in secrets {
            assert!(!contains(bytes, secret), "{secret} is in {}", path.display());
        }
    }
    for (path, bytes) in places.iter().filter(|(path, _)| !path.to_string_lossy().contains(".db")) {
        assert!(!contains(bytes, &openid), "the openid is in {}", path.display());
    }
    let log = std::fs::read_to_string(desk.path("stdout")).unwrap();
    assert!(log.lines().count() > 5);
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line["time"].is_string() && line["level"].is_string() && line["message"].is_string());
    }
}

#[test]
fn production_does_not_start_against_anything_but_wechat() {
    let desk = Desk::strict().with("WECHAT_API_BASE", "http://127.0.0.1:3002");
    let output = desk.run(&["serve"]);
    assert_eq!(output.status.code(), Some(78));
    let text = crate::program::stderr(&output);
    assert!(text.contains("WECHAT_API_BASE") && text.contains("ALLOW_CUSTOM_WECHAT_BASE=1"), "{text}");
    assert!(!desk.path("data").exists(), "nothing was begun");
}

#[tokio::test]
async fn what_is_in_the_way_is_named() {
    let running = Desk::strict().serve().await;
    let same_database =
        Desk::strict().with("DATABASE_URL", &format!("sqlite://{}", running.desk.path("data/weiqiao.db").display()));
    let output = same_database.run(&["serve"]);
    assert_eq!(output.status.code(), Some(1));
    let text = crate::program::stderr(&output);
    assert!(text.contains("another process") || text.contains("in use"), "{text}");

    let same_port = Desk::strict().with("API_PORT", running.desk.get("API_PORT"));
    let output = same_port.run(&["serve"]);
    assert_eq!(output.status.code(), Some(1));
    let text = crate::program::stderr(&output);
    assert!(text.contains("API_PORT") && text.contains(running.desk.get("API_PORT")), "{text}");
    assert!(!same_port.path("data").exists(), "no database was made or changed for it");

    let other_key = running.stop().await.with("SESSION_SECRET", "Kd7(wQs2)xLf9*cVn4&tRy6^mJh1%bPg");
    let output = other_key.run(&["serve"]);
    assert_eq!(output.status.code(), Some(78));
    assert!(crate::program::stderr(&output).contains("SESSION_SECRET"), "{}", crate::program::stderr(&output));

    let no_postgres = Desk::strict().with("DATABASE_URL", "postgres://u:canary-password@127.0.0.1:1/w");
    let output = no_postgres.run(&["serve"]);
    assert_eq!(output.status.code(), Some(69), "{}", crate::program::stderr(&output));
    assert!(!crate::program::stderr(&output).contains("canary"));
}

#[tokio::test]
async fn a_redis_that_is_away_does_not_keep_the_service_from_starting() {
    let running = Desk::strict().with("REDIS_URL", "redis://:canary-password@127.0.0.1:1/0").serve().await;
    let health = reqwest::get(running.url("/api/health")).await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(health["data"]["services"]["cache"], "down", "{health}");
    assert_eq!(health["data"]["services"]["database"], "up");
    assert!(!running.stdout().contains("canary"));
}

#[tokio::test]
async fn one_appid_may_serve_both_kinds() {
    let emulator = Emulator::start().await;
    let running = Desk::strict()
        .with("ALLOW_CUSTOM_WECHAT_BASE", "1")
        .with("WECHAT_API_BASE", emulator.url())
        .with("WECHAT_APP_ID", "wx2222222222222222")
        .with("WECHAT_APP_SECRET", "22222222222222222222222222222222")
        .serve()
        .await;
    let code = emulator.persona_code("xiaoming", "mini", weixin_emulator::CodeKind::Mini);
    let post = reqwest::Client::new().post(running.url("/api/wechat/openid")).json(&json!({"code": code}));
    assert_eq!(post.send().await.unwrap().status(), 200);
    let address = running.url("/api/wechat/authorize-url?redirect_uri=/");
    let answer = reqwest::get(address).await.unwrap().json::<Value>().await.unwrap();
    assert!(answer["data"]["url"].as_str().unwrap().contains("wx2222222222222222"), "{answer}");
}

/// What both halves do is tested where there is a Postgres, in `tests/cluster`.
#[test]
fn half_a_service_needs_a_database_that_both_halves_can_open() {
    for half in ["http", "worker"] {
        let desk = Desk::strict();
        let output = desk.run(&["serve", "--only", half]);
        assert_eq!(output.status.code(), Some(78));
        let text = crate::program::stderr(&output);
        assert!(text.contains("--only") && text.contains("DATABASE_URL"), "{text}");
        assert!(!desk.path("data").exists(), "nothing was begun");
    }
}

#[tokio::test]
async fn open_mode_is_for_this_computer_and_reads_dotenv() {
    let port = crate::program::free_port().to_string();
    let desk = Desk::empty().with("AUTH_MODE", "open").with("METRICS_ADDR", "off").with("API_PORT", &port);
    std::fs::write(desk.path(".env"), "LOG_FORMAT=json\nCORS_ORIGIN=https://from-dotenv.example\n").unwrap();
    let running = desk.serve().await;
    let client = reqwest::Client::new();
    let answer =
        client.get(running.url("/livez")).header("origin", "https://from-dotenv.example").send().await.unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://from-dotenv.example");
    assert!(running.stdout().contains(&format!("127.0.0.1:{port}")), "{}", running.stdout());
    running.stop().await;
}

/// Without the playground: the service of its own, pointed at an emulator.
#[tokio::test]
async fn an_emulator_is_told_by_its_address_and_its_pages_are_let_in() {
    let emulator = Emulator::start().await;
    let running = Desk::strict_with(&emulator).serve().await;
    let facts: Value = reqwest::get(running.url("/wechat/demo/config.json")).await.unwrap().json().await.unwrap();
    assert_eq!(facts["emulated"], true);
    let script = facts["jweixinUrl"].as_str().unwrap();
    assert_eq!(script, format!("{}/open/js/jweixin-1.6.0.js", emulator.url().trim_end_matches('/')));
    assert_eq!(reqwest::get(script).await.unwrap().status(), 200, "there it is");

    let running = Desk::strict().serve().await;
    let facts: Value = reqwest::get(running.url("/wechat/demo/config.json")).await.unwrap().json().await.unwrap();
    assert_eq!((&facts["emulated"], &facts["mode"]), (&false.into(), &"strict".into()));
    assert_eq!(facts["jweixinUrl"], weiqiao_http::WECHAT_JS_SDK_SCRIPT);
}
