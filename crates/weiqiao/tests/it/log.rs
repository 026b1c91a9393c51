//! The log of the running service: files, rotation, level.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use crate::program::{Desk, stderr};

async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !done().await {
        assert!(Instant::now() < deadline, "waited in vain for: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn files_are_daily_private_and_only_so_many() {
    let desk = Desk::strict().with("LOG_DIR", "logs").with("LOG_KEEP_DAYS", "3");
    std::fs::create_dir(desk.path("logs")).unwrap();
    for day in 1..=9 {
        std::fs::write(desk.path(&format!("logs/weiqiao.2020-01-0{day}.log")), "old\n").unwrap();
    }
    std::fs::write(desk.path("logs/other.log"), "not ours\n").unwrap();
    let running = desk.serve().await;
    let names = || -> Vec<String> {
        let files = std::fs::read_dir(running.desk.path("logs")).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let found = names();
    assert_eq!(found.len(), 4, "three of ours and one of others: {found:?}");
    assert_eq!(found[0], "other.log");
    let today = running.desk.path(&format!("logs/{}", found[3]));
    assert!(found[3].starts_with("weiqiao.2") && found[3].as_str() > "weiqiao.2020-01-09.log", "{found:?}");
    assert_eq!(std::fs::metadata(&today).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(running.stdout(), "", "files in place of standard output");
    let desk = running.stop().await;
    let text = std::fs::read_to_string(desk.path(&format!("logs/{}", found[3]))).unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(last["message"], "stopped", "the last line is on the disk");
}

#[tokio::test]
async fn sighup_reads_the_level_again_and_keeps_it_when_the_file_is_wrong() {
    let desk = Desk::strict();
    std::fs::write(desk.path("w.toml"), "log_level = 'warn'\n").unwrap();
    let running = desk.serve_with(&["--config", "w.toml", "serve"]).await;
    assert!(!running.stdout().contains("\"level\":\"info\""), "{}", running.stdout());

    std::fs::write(running.desk.path("w.toml"), "log_level = 'info'\n").unwrap();
    running.signal(Signal::HUP);
    until("the new level", async || running.stdout().contains("read LOG_LEVEL again")).await;

    std::fs::write(running.desk.path("w.toml"), "log_level = 'canary'\n").unwrap();
    running.signal(Signal::HUP);
    until("the complaint", async || running.stdout().contains("LOG_LEVEL stays")).await;
    assert!(!running.stdout().contains("canary"));
    running.stop().await;
}

#[test]
fn whoever_uses_the_folder_tries_it_and_whoever_reads_settings_does_not() {
    for command in ["check-config", "serve"] {
        let output = Desk::strict().with("LOG_DIR", "/proc/canary").run(&[command]);
        assert_eq!(output.status.code(), Some(78), "{command}");
        assert!(stderr(&output).contains("LOG_DIR"), "{}", stderr(&output));
    }
    let desk = Desk::strict().with("LOG_DIR", "logs");
    let folder = desk.path("logs");
    std::fs::create_dir(&folder).unwrap();
    let touched = || std::fs::metadata(&folder).unwrap().modified().unwrap();
    let before = touched();
    for command in [&["keys", "list"][..], &["migrate", "--check"], &["token", "status"]] {
        let output = desk.run(command);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(touched(), before, "{command:?} wrote there");
    }
    assert_eq!(desk.run(&["check-config"]).status.code(), Some(0));
    assert_ne!(touched(), before, "tried");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "and nothing is left");
}
