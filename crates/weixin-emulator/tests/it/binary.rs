//! The program.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_weixin-emulator"))
}

#[test]
fn it_stays_on_this_machine_unless_told_otherwise() {
    let refused = program().args(["--port", "0", "--host", "0.0.0.0"]).output().unwrap();
    assert!(!refused.status.success());
    let text = String::from_utf8_lossy(&refused.stderr);
    assert!(text.contains("0.0.0.0 is not a loopback address"), "{text}");
}

#[test]
fn a_wrong_file_is_named_with_its_key() {
    let file = std::env::temp_dir().join(format!("weixin-emulator-{}.toml", std::process::id()));
    std::fs::write(&file, "[settings]\nticket_lifetime = 1\n").unwrap();
    let refused = program().args(["--port", "0", "--config"]).arg(&file).output().unwrap();
    std::fs::remove_file(&file).unwrap();
    let text = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && text.contains("ticket_lifetime") && text.contains("weixin-emulator-"),
        "{text}"
    );
}

#[test]
fn it_says_what_it_is_and_where_it_listens() {
    let mut child = program().args(["--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let greeting: Vec<String> = lines.map(Result::unwrap).take_while(|line| !line.contains("Ctrl-C")).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    let greeting = greeting.join("\n");
    for text in ["NOT WeChat", "http://127.0.0.1:", "wx1111111111111111", "WECHAT_API_BASE=http://127.0.0.1:"] {
        assert!(greeting.contains(text), "{text} in {greeting}");
    }
}

#[test]
fn what_cannot_be_meant_ends_at_once_with_2_and_names_the_argument() {
    for arguments in [
        &["--public-url", "nonsense"][..],
        &["--service-url", "ftp://localhost"],
        &["trigger", "text", "--url", "ftp://localhost"],
        &["trigger", "text", "--url", "localhost:3002"],
        &["trigger", "text", "--callback", "ftp://x", "--token", "abc"],
        &["trigger", "text", "--mode", "odd"],
        &["trigger", "text", "--format", "odd"],
        &["trigger", "text", "--copies", "0"],
        &["trigger", "text", "--msg-id", "x"],
        &["trigger"],
    ] {
        let refused = program().args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {text}");
        let named = arguments.iter().find(|argument| argument.starts_with("--")).unwrap_or(&"WHAT");
        assert!(text.contains(named), "{arguments:?}: {text}");
    }
}

/// A person reads this, also one who has asked for backtraces of their own programs.
#[test]
fn a_refused_start_is_one_sentence() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for arguments in [&["--port", &port][..], &["--config", "no-such-file"], &["--host", "0.0.0.0"]] {
        let refused = program().args(arguments).env("RUST_BACKTRACE", "1").output().unwrap();
        let text = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{text}");
        assert!(text.starts_with("weixin-emulator: ") && text.lines().count() == 1, "{text}");
        assert!(text.contains(arguments[1]), "{text}");
    }
}
