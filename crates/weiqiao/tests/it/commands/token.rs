use serde_json::Value;
use weixin_emulator::Emulator;

use crate::program::{Desk, stderr, stdout};

#[tokio::test(flavor = "multi_thread")] // commands block their thread while the emulator answers
async fn a_token_is_fetched_once_kept_and_shown_on_demand_only() {
    let emulator = Emulator::start().await;
    let desk = Desk::strict_with(&emulator);
    let status = |desk: &Desk| -> Vec<Value> {
        let output = desk.run(&["--json", "token", "status", "--account", "official"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output).parse::<Value>().unwrap()["tokens"].as_array().unwrap().clone()
    };
    assert_eq!(status(&desk)[0]["generation"], Value::Null);

    let get = |kind: &str| desk.run(&["token", "get", "official", "--kind", kind]);
    let first = get("access");
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    assert_eq!(stdout(&first), stdout(&get("access")), "the second comes from the database");
    assert_eq!(emulator.calls("/cgi-bin/stable_token"), 1);
    assert_eq!(get("jsapi").status.code(), Some(0));
    assert_eq!(emulator.calls("/cgi-bin/ticket/getticket"), 1);

    let tokens = status(&desk);
    assert_eq!((tokens[0]["kind"].as_str(), tokens[0]["generation"].as_i64()), (Some("access"), Some(1)));
    assert!(tokens[0]["expires_in"].as_i64().unwrap() > 6_000);
    assert_eq!(tokens[1]["generation"], 1);
    let text = stdout(&desk.run(&["token", "status"]));
    assert!(text.contains("official") && text.contains("mini") && text.contains("never fetched"), "{text}");
    assert!(!text.contains(stdout(&first).trim()), "a status shows no token");

    assert_eq!(desk.run(&["token", "get", "nobody"]).status.code(), Some(1));
    assert_eq!(desk.run(&["token", "status", "--account", "nobody"]).status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")] // commands block their thread while the emulator answers
async fn what_wechat_refuses_is_told_with_its_hint() {
    let emulator = Emulator::start().await;
    let desk = Desk::strict_with(&emulator).with("WECHAT_OFFICIAL_APP_SECRET", "canary0123456789abcdef0123456789");
    let output = desk.run(&["token", "get", "official"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(text.contains("401") && text.lines().count() >= 2, "{text}");
    assert!(!text.contains("canary"), "{text}");
    let json: Value = stderr(&desk.run(&["--json", "token", "get", "official"])).parse().unwrap();
    assert!(json["error"]["hint"].as_str().unwrap().contains("try again"), "it is not asked at once again: {json}");
    assert!(!is_chinese(&json), "{json}");
    let anew = Desk::strict_with(&emulator).with("WECHAT_OFFICIAL_APP_SECRET", "canary0123456789abcdef0123456789");
    let json: Value = stderr(&anew.run(&["--json", "token", "get", "official"])).parse().unwrap();
    assert!(json["error"]["hint"].as_str().unwrap().contains("weiqiao explain 401"), "{json}");
    assert!(!is_chinese(&json) && !json.to_string().contains("canary"), "{json}");
}

fn is_chinese(json: &Value) -> bool {
    json.to_string().chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn a_failure_for_programs_speaks_the_language_of_the_locale_too() {
    let told = |locale: &str, arguments: &[&str]| -> Value {
        let output = Desk::strict().with("LANG", locale).run(arguments);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        stderr(&output).parse().unwrap()
    };
    for (arguments, word) in [
        (["--json", "token", "get", "nosuch"].as_slice(), "ACCOUNT_UNKNOWN"),
        (&["--json", "keys", "create", "x", "--scope", "token", "--days", "0"], "VALIDATION_FAILED"),
        (&["--json", "keys", "revoke", "nosuch"], "NOT_FOUND"),
    ] {
        let (english, chinese) = (told("C", arguments), told("zh_CN.UTF-8", arguments));
        assert_eq!((&english["error"]["code"], &chinese["error"]["code"]), (&word.into(), &word.into()));
        assert!(!is_chinese(&english) && is_chinese(&chinese), "{english} / {chinese}");
    }
    let details = &told("C", &["--json", "keys", "create", "x", "--scope", "token", "--days", "0"])["error"]["details"];
    assert_eq!(details[0]["message"], "days must be 1 to 3650");
}
