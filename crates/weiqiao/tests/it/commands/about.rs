use serde_json::Value;

use crate::program::{Desk, stderr, stdout};

/// Every command line there is.
const COMMANDS: [&[&str]; 23] = [
    &["serve"],
    &["migrate"],
    &["check-config"],
    &["openapi"],
    &["explain"],
    &["sign"],
    &["sign", "jssdk"],
    &["sign", "callback"],
    &["sign", "msg"],
    &["token", "status"],
    &["token", "get"],
    &["listen"],
    &["menu", "pull"],
    &["menu", "diff"],
    &["menu", "push"],
    &["menu", "delete"],
    &["admin", "create-user"],
    &["admin", "reset-password"],
    &["keys"],
    &["keys", "create"],
    &["keys", "list"],
    &["keys", "revoke"],
    &["completion"],
];

#[test]
fn every_command_explains_itself_in_the_language_of_the_locale() {
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for command in COMMANDS {
        let help = |desk: Desk| {
            let output = desk.run(&[command, &["--help"]].concat());
            assert_eq!(output.status.code(), Some(0), "{command:?}: {}", stderr(&output));
            stdout(&output)
        };
        let english = help(Desk::empty().with("LANG", "en_US.UTF-8"));
        assert!(english.contains("Usage: weiqiao") && english.contains("--json"), "{english}");
        assert!(!is_chinese(&english), "{english}");
        let chinese = help(Desk::empty().with("LANG", "zh_CN.UTF-8"));
        assert!(chinese.contains("用法：weiqiao") && chinese.contains("显示帮助"), "{chinese}");
        // Every option is described in Chinese: only the values' own words are left in English.
        for line in chinese.lines().filter(|line| line.trim_start().starts_with("--")) {
            let described = is_chinese(line) || ["jsapi_ticket", "nonceStr"].iter().any(|word| line.contains(word));
            assert!(described, "{command:?}: {line}");
        }
    }
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let commands: [&[&str]; 7] = [
        &[],
        &["nonsense"],
        &["serve", "--nonsense"],
        &["explain", "x"],
        &["keys", "create", "x"],
        &["keys", "create", "x", "--scope", "nonsense"],
        &["sign", "jssdk"],
    ];
    for command in commands {
        let output = Desk::empty().run(command);
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        assert_eq!(stdout(&output), "", "{command:?}");
    }
}

#[test]
fn the_settings_are_checked_without_a_start() {
    let desk = Desk::strict()
        .with("WECHAT_APP_ID", "wx1234567890abcdef")
        .with("WECHAT_APP_SECRET", "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
    let output = desk.run(&["check-config"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    for part in [
        "The settings can be used.",
        "API_HOST",
        "127.0.0.1  (environment)",
        "[set]",
        "official wx1234567890abcdef",
        "mini ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("canary") && !text.contains("0a1b2c3d"), "{text}");
    assert!(stdout(&desk.run(&["--json", "check-config"])).parse::<Value>().unwrap()["ok"] == true);
    assert!(!desk.path("data").exists(), "nothing was made");

    let wrong = desk.with("API_PORT", "canary").with("LANG", "zh_CN.UTF-8");
    let output = wrong.run(&["check-config"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(78), ""));
    assert!(stderr(&output).contains("API_PORT") && !stderr(&output).contains("canary"), "{}", stderr(&output));
    let problems: Value = stderr(&wrong.run(&["check-config", "--json"])).parse().unwrap();
    assert_eq!(problems["error"]["code"], "SETTINGS");
    assert_eq!(problems["error"]["problems"][0]["key"], "API_PORT");
}

#[test]
fn completions_exist_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = Desk::empty().run(&["completion", shell]);
        assert_eq!(output.status.code(), Some(0));
        let script = stdout(&output);
        for word in ["serve", "check-config", "reset-password"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn the_openapi_document_is_the_services_own() {
    let output = Desk::empty().run(&["openapi"]);
    assert_eq!(output.status.code(), Some(0));
    let document: Value = stdout(&output).parse().unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["paths"]["/api/wechat/auth"].is_object());
}
