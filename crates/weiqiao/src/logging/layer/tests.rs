use serde_json::Value;
use tracing::{error, info, info_span, warn};

use crate::config::LogFormat;
use crate::logging::capture::lines;
use weiqiao_app::scrub::Scrubber;

fn json(work: impl FnOnce()) -> Vec<Value> {
    let text = lines(LogFormat::Json, "trace", Scrubber::knowing(["canary-configured-secret"]), work);
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[test]
fn a_line_has_time_level_target_message_and_fields() {
    let lines = json(|| {
        let _outer = info_span!("request", request_id = "r-1", method = "GET").entered();
        let inner = info_span!("call", endpoint = "/sns/userinfo", attempt = tracing::field::Empty).entered();
        inner.record("attempt", 2);
        warn!(status = 500_u16, given_up = true, method = "POST", "it did not {}", "work");
    });
    assert_eq!(
        lines,
        [serde_json::json!({
            "time": "2025-09-05T08:58:10.123Z", "level": "warn", "target": "weiqiao::logging::layer::tests",
            "message": "it did not work", "request_id": "r-1", "method": "POST", "endpoint": "/sns/userinfo",
            "attempt": 2, "status": 500, "given_up": true,
        })]
    );
}

#[test]
fn fields_that_are_not_allowed_are_redacted_whatever_their_type_and_level() {
    let lines = json(|| {
        let _span = info_span!("login", openid = "canary-1", phone = 13_800_138_000_u64).entered();
        let error = std::io::Error::other("canary-2");
        tracing::trace!(session_key = "canary-3", uri = %"canary-4", cause_of = &error as &dyn std::error::Error, "x");
        info!(secret = ?Some("canary-5"), balance = 1.5, is_minor = true, "y");
    });
    assert!(!Value::from(lines.clone()).to_string().contains("canary"));
    for name in ["openid", "phone"] {
        assert!(lines.iter().all(|line| line[name] == "[redacted]"), "{name}: {lines:?}");
    }
    for name in ["secret", "balance", "is_minor"] {
        assert_eq!(lines[1][name], "[redacted]", "{name}");
    }
}

#[test]
fn messages_and_allowed_fields_are_scrubbed() {
    let lines = json(|| {
        error!(error = "no answer from https://api.weixin.qq.com/x?secret=canary-a", "canary-configured-secret");
        error!(error = %std::io::Error::other("access_token=canary-b"), "openid=canary-c");
    });
    assert_eq!(lines.len(), 2);
    assert!(!Value::from(lines).to_string().contains("canary"));
}

/// What people send to forge lines, colour terminals, or break parsers.
fn payloads() -> Vec<String> {
    let mut payloads: Vec<String> = (0_u32..0x20).filter_map(char::from_u32).map(|c| format!("a{c}b")).collect();
    payloads.extend(
        [
            "x\r\n{\"level\":\"error\",\"message\":\"forged\"}",
            "x\n10:00:00.000  INFO forged",
            "\u{1b}[2J\u{1b}[31mred\u{1b}[0m",
            "\u{9b}31m",
            "\u{7f}\u{85}\u{2028}\u{2029}",
            "\u{202e}txt.exe",
            "\",\"level\":\"error",
            "\\\",\"a\":\"b",
            "}\n{",
            "\u{0}",
            "\u{feff}{}",
            "%0d%0aforged",
            "${jndi:ldap://x}",
            "😀\u{200d}👩",
            "\u{fffd}\u{10ffff}",
            "</script>",
            "\u{8}\u{8}\u{8}",
            "\t\t\t",
        ]
        .map(str::to_owned),
    );
    payloads.push("x".repeat(100_000));
    assert!(payloads.len() >= 50);
    payloads
}

#[test]
fn no_payload_makes_another_line_or_object() {
    let payloads = payloads();
    let lines = json(|| {
        for payload in &payloads {
            info!(file = payload.as_str(), what = %payload, "{payload}");
        }
    });
    assert_eq!(lines.len(), payloads.len());
    for line in &lines {
        assert_eq!(line["level"], "info");
        assert!(line.to_string().len() < 20_000, "no line is unbounded");
    }
    let clean: Vec<_> = lines.iter().zip(&payloads).filter(|(_, payload)| payload.len() < 1_000).collect();
    assert!(clean.iter().all(|(line, payload)| line["file"] == payload.as_str()), "JSON keeps what was said");
}

#[test]
fn nothing_active_reaches_a_terminal() {
    for format in [LogFormat::Json, LogFormat::Pretty] {
        let payloads = payloads();
        let text = lines(format, "info", Scrubber::default(), || {
            payloads.iter().for_each(|payload| info!(file = payload.as_str(), "{payload}"));
        });
        assert_eq!(text.lines().count(), payloads.len(), "{format:?}");
        let active = text.chars().find(|c| *c != '\n' && crate::logging::line::is_active(*c));
        assert_eq!(active, None, "{format:?}");
    }
}

#[test]
fn a_line_for_people_reads_well() {
    let text = lines(LogFormat::Pretty, "info", Scrubber::default(), || {
        info!(port = 3001, address = "127.0.0.1", "listening");
    });
    assert_eq!(text, "08:58:10.123  INFO weiqiao::logging::layer::tests: listening port=3001 address=127.0.0.1\n");
}
