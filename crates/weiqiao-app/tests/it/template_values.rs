//! T-41: whatever people write, WeChat takes the message.

use serde_json::json;
use weiqiao_app::crm::fit;
use weiqiao_model::{Rng, SeededRng};
use weixin::api::cgi_bin::message::TemplateData;
use weixin::api::cgi_bin::message::subscribe::{MessageLanguage, MiniProgramState, SendMiniSubscription};

use crate::support::World;

const FIELDS: [&str; 13] = [
    "thing1",
    "short_thing2",
    "name3",
    "phrase4",
    "number5",
    "letter6",
    "symbol7",
    "character_string8",
    "phone_number9",
    "car_number10",
    "amount11",
    "time12",
    "date13",
];

/// What people write, and what they should not.
const PIECES: [&str; 24] = [
    "王小明",
    "预约",
    "a",
    "Z9",
    "138",
    "-",
    ".",
    " ",
    "\n",
    "\t",
    "\0",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "😀",
    "👨\u{200d}👩\u{200d}👧",
    "🇨🇳",
    "e\u{301}",
    "～",
    "https://evil.example/",
    "￥39.8",
    "2025-09-05",
    "16:58",
    "\u{7f}\u{85}",
];

fn text(rng: &SeededRng) -> String {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    let [length, rest @ ..] = bytes;
    rest.iter().take(usize::from(length % 16)).map(|byte| PIECES[usize::from(*byte) % PIECES.len()]).collect()
}

#[tokio::test]
async fn whatever_is_written_fits() {
    let world = World::strict().await;
    let template =
        json!({"account": "mini", "template_id": "all", "title": "全部", "fields": FIELDS, "long_term": true});
    let made = reqwest::Client::new()
        .post(format!("{}/_emulator/templates", world.wechat.url().trim_end_matches('/')))
        .header("content-type", "application/json")
        .body(template.to_string());
    assert!(made.send().await.unwrap().status().is_success());
    world.wechat.accept_notifications("xiaohong", "mini", "all", 1);
    let account = world.app.accounts().named("mini").unwrap();
    let openid = world.wechat.openid("xiaohong", "mini");
    let rng = SeededRng::new(41);
    for _ in 0..500 {
        let written = FIELDS.map(|field| (field, text(&rng)));
        let data: TemplateData =
            written.iter().map(|(field, text)| ((*field).to_owned(), fit(field, text).into())).collect();
        let message = SendMiniSubscription {
            touser: openid.as_str().into(),
            template_id: "all".into(),
            page: None,
            miniprogram_state: MiniProgramState::Formal,
            lang: MessageLanguage::default(),
            data,
        };
        let sent = world.app.weixin().send(&account.weixin, message).await;
        assert!(sent.is_ok(), "{sent:?} {written:?}");
    }
}
