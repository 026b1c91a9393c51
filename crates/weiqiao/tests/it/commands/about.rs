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

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Whatever goes wrong is told in the language of the locale, and in that one only.
#[test]
fn failures_are_told_in_the_language_of_the_locale() {
    let wrong: [(&[&str], i32); 12] = [
        (&["token", "get", "nobody"], 1),
        (&["token", "status", "--account", "nobody"], 1),
        (&["keys", "revoke", "nothing"], 1),
        (&["keys", "create", "x", "--scope", "admin", "--days", "99999"], 1),
        (&["keys", "create", "", "--scope", "admin"], 1),
        (&["admin", "create-user", "two words"], 1),
        (&["admin", "reset-password", "nobody"], 1),
        (&["menu", "pull"], 1),
        (&["menu", "push"], 1),
        (&["listen", "--url", "ftp://x"], 2),
        (&["listen", "--forward-to", "ftp://x"], 2),
        (&["--config", "nofile", "check-config"], 78),
    ];
    let (english, chinese) = (Desk::strict().with("LANG", "C"), Desk::strict().with("LANG", "zh_CN.UTF-8"));
    for (command, code) in wrong {
        let told = |desk: &Desk| {
            let output = desk.run(command);
            assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(code), ""), "{command:?}");
            stderr(&output)
        };
        let (en, zh) = (told(&english), told(&chinese));
        assert!(!is_chinese(&en) && en.len() > 10, "{command:?}: {en}");
        assert!(is_chinese(&zh), "{command:?}: {zh}");
    }
}

#[test]
fn every_command_explains_itself_in_the_language_of_the_locale() {
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
    let commands: [&[&str]; 12] = [
        &[],
        &["nonsense"],
        &["serve", "--nonsense"],
        &["explain", "x"],
        &["keys", "create", "x"],
        &["keys", "create", "x", "--scope", "nonsense"],
        &["sign", "jssdk"],
        &["listen", "--url", "ftp://localhost"],
        &["listen", "--url", "localhost:3001"],
        &["listen", "--url", "http://"],
        &["listen", "--forward-to", "file:///x"],
        &["listen", "--forward-to", "nonsense"],
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
