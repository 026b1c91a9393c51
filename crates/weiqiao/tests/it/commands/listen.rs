use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;
use weixin_emulator::{CallbackSettings, Emulator};

use crate::program::{API_KEY, Desk, Running, stderr};

const TOKEN: &str = "tokenOfTheTests";
const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A service that the emulator pushes to.
async fn service(emulator: &Emulator) -> Running {
    let desk = Desk::strict_with(emulator)
        .with("WECHAT_OFFICIAL_TOKEN", TOKEN)
        .with("WECHAT_OFFICIAL_AES_KEY", KEY)
        .with("WECHAT_CALLBACK_MODE", "safe");
    let running = desk.serve().await;
    let settings = CallbackSettings {
        url: Some(running.url("/wx")),
        token: Some(TOKEN.into()),
        aes_key: Some(KEY.into()),
        mode: Some("safe".into()),
        ..CallbackSettings::default()
    };
    emulator.set_callback("official", settings);
    running
}

/// Waits until the output says so.
async fn until(listening: &Running, what: impl Fn(&Running) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !what(listening) {
        assert!(Instant::now() < deadline, "{}{}", listening.stdout(), listening.stderr());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Takes one request, answers 204, and gives head and body.
fn receiver() -> (String, std::thread::JoinHandle<(String, String)>) {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", socket.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = socket.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0);
        }
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap()];
        reader.read_exact(&mut body).unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").unwrap();
        (head.to_lowercase(), String::from_utf8(body).unwrap())
    });
    (address, thread)
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_are_shown_and_handed_on_signed() {
    let emulator = Emulator::start().await;
    let service = service(&emulator).await;
    let (address, hook) = receiver();
    let url = service.url("");
    let listening = Desk::empty().start(&[
        "--json",
        "listen",
        "--url",
        &url,
        "--key",
        API_KEY,
        "--events",
        "text",
        "--forward-to",
        &address,
        "--secret",
        SECRET,
    ]);
    until(&listening, |listening| listening.stderr().contains("Connected")).await;
    emulator.say("xiaoming", "official", "你好，微桥").await;
    until(&listening, |listening| !listening.stdout().is_empty()).await;
    let shown: Value = listening.stdout().lines().next().unwrap().parse().unwrap();
    assert_eq!((&shown["type"], &shown["forwarded"]["status"]), (&"wechat.message.text".into(), &204.into()));
    assert!(shown["data"].to_string().contains("你好，微桥"), "{shown}");
    let (head, body) = hook.join().unwrap();
    assert!(head.contains(&format!("webhook-id: {}", shown["id"].as_str().unwrap())), "{head}");
    assert!(head.contains("webhook-timestamp: ") && head.contains("webhook-signature: v1,"), "{head}");
    let event: Value = body.parse().unwrap();
    assert_eq!((&event["data"], event.get("reply")), (&shown["data"], None), "what webhooks get, and no more");

    let mut listening = listening;
    listening.signal(Signal::INT);
    assert_eq!(listening.ended(Duration::from_secs(5)).await.code(), Some(0), "{}", listening.stderr());
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_refuses_ends_it_and_one_that_is_away_does_not() {
    let emulator = Emulator::start().await;
    let service = service(&emulator).await;
    let refused = Desk::empty().run(&["listen", "--url", &service.url(""), "--key", "wrong"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = stderr(&refused);
    assert!(said.starts_with("401") && said.contains("keys create"), "{said}");
    // WeChat answers there, not the service.
    let elsewhere = Desk::empty().run(&["listen", "--url", emulator.url(), "--key", "k"]);
    let said = stderr(&elsewhere);
    assert!(elsewhere.status.code() == Some(1) && said.contains("--url"), "{said}");
    let wrong = Desk::empty().run(&["listen", "--secret", "nonsense"]);
    assert_eq!(wrong.status.code(), Some(2));

    let url = service.url("");
    let mut listening = Desk::empty().with("API_KEY", API_KEY).start(&["listen", "--url", &url]);
    until(&listening, |listening| listening.stderr().contains("Connected")).await;
    let desk = service.stop().await;
    until(&listening, |listening| listening.stderr().contains("does not answer")).await;
    assert!(listening.stderr().contains(url.trim_end_matches('/')) && listening.stderr().contains("again in"));
    let service = desk.serve().await;
    // Perhaps before it has connected again: what came meanwhile is told too.
    emulator.say("xiaoming", "official", "回来了").await;
    until(&listening, |listening| listening.stdout().contains("message.text  回来了")).await;
    listening.signal(Signal::TERM);
    assert_eq!(listening.ended(Duration::from_secs(5)).await.code(), Some(0));
    service.stop().await;
}
