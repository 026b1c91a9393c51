//! The program's `trigger`.

use std::process::{Command, Output};

use serde_json::Value;
use weixin_emulator::Emulator;

use crate::receiver::{Answer, KEY, Service, TOKEN, body, opened, say};
use crate::rig::OFFICIAL;

async fn trigger(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weixin-emulator"));
    command.arg("trigger").args(arguments);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn texts(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_things_at_a_running_emulator() {
    let emulator = Emulator::start().await;
    let text = ["text", "--url", emulator.url(), "--set", "content=hello"];
    let (code, out, _) = texts(&trigger(&text).await);
    assert!(code == 4 && out.contains("no callback address"), "{code} {out}");
    let service = Service::new(|_, seen| say(seen, OFFICIAL, "safe", "you said hello")).await;
    service.attach(&emulator, "official", "safe", "xml");
    let (code, out, _) = texts(&trigger(&text).await);
    assert_eq!(code, 0, "{out}");
    for part in ["text: xiaoming → official", "attempt: 200", "you said hello", "safe"] {
        assert!(out.contains(part), "{part} in {out}");
    }
    let (_, out, _) = texts(&trigger(&[&text[..], &["-v"]].concat()).await);
    for part in ["<Content><![CDATA[hello]]>", "POST http://", "msg_signature = sha1(", "A***", "→ <xml><Encrypt>"] {
        assert!(out.contains(part), "{part} in {out}");
    }
    let many = ["click", "--url", emulator.url(), "--set", "key=V1", "--times", "2", "--copies", "2", "--json"];
    let (code, out, _) = texts(&trigger(&many).await);
    let reports: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, reports.len(), reports[0]["attempts"].as_array().unwrap().len()), (0, 2, 2));
    assert_eq!((&reports[1]["type"], &reports[1]["key"]), (&"CLICK".into(), &"V1".into()));
    let scan = ["scan", "--url", emulator.url(), "--set", "scene=door", "--persona", "xiaohong"];
    let (code, out, _) = texts(&trigger(&scan).await);
    assert!(code == 0 && out.contains("qrscene_door"), "{code} {out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_needs_no_emulator_for_a_service_named_on_the_command_line() {
    let app_id = "wx4444444444444444";
    let service = Service::new(move |n, seen| {
        assert_eq!(opened(seen, app_id, "safe").inbound.create_time, 1_700_000_000);
        if n == 0 { say(seen, app_id, "safe", "hi") } else { Answer::Body(500, String::new()) }
    })
    .await;
    let given = ["--callback", &service.url, "--token", TOKEN, "--aes-key", KEY, "--app-id", app_id];
    let arguments = [&["subscribe", "--create-time", "1700000000"], given.as_slice()].concat();
    let (code, out, _) = texts(&trigger(&arguments).await);
    assert!(code == 0 && out.contains("hi"), "{code} {out}");
    let (code, out, _) = texts(&trigger(&arguments).await);
    assert!(code == 1 && out.contains("故障") && out.matches("attempt: 500").count() == 3, "{code} {out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_have_their_own_exit_codes() {
    let emulator = Emulator::start().await;
    let service = Service::new(|_, _| body("success")).await;
    service.attach(&emulator, "official", "plain", "xml");
    for (arguments, code, word) in [
        (vec!["subscirbe"], 2, "event:subscirbe"),
        (vec!["msg_popup"], 2, "subscribe_msg_popup_event"),
        (vec!["text", "--set", "content"], 2, "NAME=VALUE"),
        (vec!["event:"], 2, "event: names no event"),
        (vec!["message:"], 2, "message: names no message"),
        (vec!["scan"], 2, "--set scene="),
        (vec!["scan", "--set", "what=x"], 2, "--set ticket="),
        (vec!["text", "--callback", "http://127.0.0.1:1/"], 2, "--token"),
        (vec!["text", "--url", "http://127.0.0.1:1"], 3, "cannot reach the emulator"),
        (vec!["text", "--url", emulator.url(), "--persona", "nobody"], 3, "nobody"),
        (
            vec!["text", "--url", emulator.url(), "--set", "contents=x"],
            3,
            "\"contents\" can be added under \"fields\" (trigger: --field)",
        ),
    ] {
        let (found, _, error) = texts(&trigger(&arguments).await);
        assert!(found == code && error.contains(word), "{arguments:?}: {found} {error}");
    }
    assert!(service.seen().is_empty());
    let (code, out, _) = texts(&trigger(&["--help"]).await);
    assert!(
        code == 0 && out.contains("subscribe_msg_popup_event [List, TemplateId") && out.contains("Exit codes"),
        "{out}"
    );
}
