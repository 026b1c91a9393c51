use serde_json::{Value, json};

use crate::program::{Desk, stderr, stdout};

fn json_of(output: &std::process::Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    stdout(output).parse().unwrap()
}

#[test]
fn the_schema_is_brought_up_to_date_and_checked() {
    let desk = Desk::strict();
    let pending = desk.run(&["migrate", "--check"]);
    assert_eq!(pending.status.code(), Some(1), "an empty database needs it");
    let done = json_of(&desk.run(&["--json", "migrate"]));
    assert_eq!((done["engine"].as_str(), done["before"].as_i64()), (Some("sqlite"), Some(0)));
    assert_eq!(done["after"], done["latest"]);
    let check = json_of(&desk.run(&["--json", "migrate", "--check"]));
    assert_eq!(check["before"], check["latest"]);
    assert!(stdout(&desk.run(&["migrate"])).contains("schema version"));
}

#[tokio::test]
async fn staff_made_at_the_terminal_can_sign_in() {
    let desk = Desk::strict();
    let made =
        json_of(&desk.run(&["--json", "admin", "create-user", "Li.Hua", "--name", "李华", "--role", "supervisor"]));
    assert_eq!(made["username"], "Li.Hua");
    let password = made["password"].as_str().unwrap().to_owned();
    assert!(password.len() >= 20);
    let taken = desk.run(&["admin", "create-user", "li.hua"]);
    assert_eq!(taken.status.code(), Some(1), "{}", stdout(&taken));

    let running = desk.serve().await;
    assert_eq!(running.stderr(), "", "there is staff, so no token");
    let client = reqwest::Client::new();
    let login = |running: &crate::program::Running, password: &str| {
        let body = json!({"username": "li.hua", "password": password});
        client.post(running.url("/api/auth/login")).json(&body).send()
    };
    let answer = login(&running, &password).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Value>().await.unwrap()["data"]["user"]["role"], "supervisor");
    let busy = running.desk.run(&["admin", "reset-password", "li.hua"]);
    assert_eq!(busy.status.code(), Some(1), "the service holds the database: {}", stdout(&busy));

    let desk = running.stop().await;
    let weak = desk.run_with_input(&["admin", "reset-password", "li.hua", "--password", "-"], "short\n");
    assert_eq!(weak.status.code(), Some(1));
    let visible = desk.run(&["admin", "reset-password", "li.hua", "--password", "three quiet green boats"]);
    assert_eq!(visible.status.code(), Some(2), "not on the command line");
    let reset = desk.run_with_input(
        &["--json", "admin", "reset-password", "LI.HUA", "--password", "-"],
        "three quiet green boats\n",
    );
    assert_eq!(json_of(&reset), json!({"username": "LI.HUA"}), "a chosen password is not shown");
    let unknown = desk.run(&["admin", "reset-password", "nobody"]);
    assert_eq!(unknown.status.code(), Some(1));
    let running = desk.serve().await;
    assert_eq!(login(&running, &password).await.unwrap().status(), 401);
    assert_eq!(login(&running, "three quiet green boats").await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_key_made_at_the_terminal_works_until_it_is_revoked() {
    let emulator = weixin_emulator::Emulator::start().await;
    let desk = Desk::strict_with(&emulator);
    assert!(stdout(&desk.run(&["keys", "list"])).contains("no API keys"));
    let made =
        json_of(&desk.run(&["--json", "keys", "create", "backend", "--scope", "user:read,token", "--days", "30"]));
    let (id, key) = (made["id"].as_str().unwrap().to_owned(), made["key"].as_str().unwrap().to_owned());
    let listed = json_of(&desk.run(&["--json", "keys", "list"]));
    assert_eq!(
        (listed["items"][0]["name"].as_str(), listed["items"][0]["active"].as_bool()),
        (Some("backend"), Some(true))
    );
    assert!(!listed.to_string().contains(&key), "the key is shown once");
    let text = stdout(&desk.run(&["keys", "list"]));
    assert!(text.contains("backend") && text.contains("user:read") && text.contains("active"), "{text}");

    let read = |running: &crate::program::Running| {
        reqwest::Client::new().get(running.url("/api/user/oNobody")).header("x-api-key", &key).send()
    };
    let running = desk.serve().await;
    assert_eq!(read(&running).await.unwrap().status(), 200);
    let desk = running.stop().await;
    assert_eq!(json_of(&desk.run(&["--json", "keys", "revoke", &id]))["revoked"], true);
    assert_eq!(desk.run(&["keys", "revoke", &id]).status.code(), Some(1), "it was revoked before");
    assert_eq!(json_of(&desk.run(&["--json", "keys", "list"]))["items"][0]["active"], false);
    let running = desk.serve().await;
    let refused =
        reqwest::Client::new().get(running.url("/api/admin/api-keys")).header("x-api-key", &key).send().await.unwrap();
    assert_eq!(refused.status(), 401);
}
