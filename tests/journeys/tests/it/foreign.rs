//! wechatpy and co-wechat push to us and read our replies; our emulated WeChat pushes to co-wechat and serves wechatpy.

use serde_json::{Value, json};
use weiqiao_app::decide::RuleDraft;
use weiqiao_journeys::{
    AES_KEY, CALLBACK_TOKEN, Engines, ORIGINAL_ID, Peer, PeerService, Push, START_MS, Served, World, rule,
};
use weixin_emulator::{CallbackSettings, DeliveryOutcome};
use weixin_proto::callback::Mode;

const APP_ID: &str = "wx1111111111111111";
const WHO: &str = "oForeign0000000000000000001";
const NOW_S: i64 = START_MS / 1000;
/// Everything that gave readers of XML trouble before.
const HARD: &str = "]]> <![CDATA[ & <b> \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} 微桥";

fn rules() -> Vec<RuleDraft> {
    let texts = [
        ("文字", json!({"type": "text", "content": HARD})),
        ("图片", json!({"type": "image", "media_id": "media-1"})),
        ("语音", json!({"type": "voice", "media_id": "media-2"})),
        ("视频", json!({"type": "video", "media_id": "media-3", "title": "标题", "description": "说明"})),
        (
            "音乐",
            json!({"type": "music", "thumb_media_id": "media-4", "title": "歌", "description": "词",
                   "music_url": "https://a.cn/1.mp3", "hq_music_url": "https://a.cn/2.mp3"}),
        ),
        (
            "图文",
            json!({"type": "news", "articles": [{"title": "题", "description": "述", "pic_url": "https://a.cn/p.jpg",
                   "url": "https://a.cn/?a=1&b=2"}]}),
        ),
        ("人工", json!({"type": "transfer"})),
        ("沉默", json!({"type": "none"})),
    ];
    texts.iter().map(|(said, reply)| rule(&json!({"match": {"on": "text", "equals": said}, "reply": reply}))).collect()
}

fn text(content: &str, msg_id: u64) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName><FromUserName><![CDATA[{WHO}]]></FromUserName>\
         <CreateTime>{NOW_S}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>\
         <MsgId>{msg_id}</MsgId></xml>"
    )
}

async fn served(mode: Mode) -> (World, Served) {
    let mut world = World::start(Engines::Embedded).await.unwrap();
    world.receive_callbacks(mode, rules());
    let served = world.serve(None).await;
    (world, served)
}

/// Says every word of the rules; the replies as the peer reads them, `null` for none.
async fn converse(peer: &mut Peer, mode: Mode) -> Vec<Value> {
    let (_world, served) = served(mode).await;
    let client = reqwest::Client::new();
    let mut replies = Vec::new();
    for (number, word) in ["文字", "图片", "语音", "视频", "音乐", "图文", "人工", "沉默"].into_iter().enumerate()
    {
        let xml = text(word, 9_007_199_254_740_993 + u64::try_from(number).unwrap());
        let push = match mode {
            Mode::Plain => Push::plain(&xml, NOW_S),
            _ => peer.seal(APP_ID, &xml, NOW_S),
        };
        let (status, body) = push.to(&client, &served.url).await;
        assert_eq!(status, 200, "{word}: {body}");
        replies.push(match (body.as_str(), mode) {
            ("" | "success", _) => Value::Null,
            (body, Mode::Plain) => peer.read(body),
            (body, _) => peer.open(APP_ID, body),
        });
    }
    replies
}

fn as_wechatpy_reads_them(replies: &[Value]) {
    let types: Vec<_> = replies.iter().map(|reply| reply["type"].as_str().unwrap_or("-")).collect();
    assert_eq!(types, ["text", "image", "voice", "video", "music", "news", "transfer_customer_service", "-"]);
    assert_eq!(replies[0]["content"], HARD);
    assert_eq!((&replies[0]["target"], &replies[0]["source"]), (&json!(WHO), &json!(ORIGINAL_ID)));
    assert_eq!(replies[3]["title"], "标题");
    assert_eq!(replies[4]["hq_music_url"], "https://a.cn/2.mp3");
    assert_eq!(replies[5]["articles"][0]["url"], "https://a.cn/?a=1&b=2");
}

fn as_co_wechat_reads_them(replies: &[Value]) {
    let types: Vec<_> = replies.iter().map(|reply| reply["MsgType"].as_str().unwrap_or("-")).collect();
    assert_eq!(types, ["text", "image", "voice", "video", "music", "news", "transfer_customer_service", "-"]);
    assert_eq!(replies[0]["Content"], HARD);
    assert_eq!((&replies[0]["ToUserName"], &replies[0]["FromUserName"]), (&json!(WHO), &json!(ORIGINAL_ID)));
    assert_eq!(replies[1]["Image"]["MediaId"], "media-1");
    assert_eq!(replies[4]["Music"]["HQMusicUrl"], "https://a.cn/2.mp3");
    assert_eq!(replies[5]["Articles"]["item"]["Url"], "https://a.cn/?a=1&b=2");
}

#[tokio::test(flavor = "multi_thread")]
async fn wechatpy_pushes_to_us_and_reads_our_replies() {
    let Some(mut peer) = Peer::wechatpy() else { return };
    as_wechatpy_reads_them(&converse(&mut peer, Mode::Safe).await);
    as_wechatpy_reads_them(&converse(&mut peer, Mode::Plain).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn co_wechat_pushes_to_us_and_reads_our_replies() {
    let Some(mut peer) = Peer::co_wechat() else { return };
    as_co_wechat_reads_them(&converse(&mut peer, Mode::Safe).await);
    as_co_wechat_reads_them(&converse(&mut peer, Mode::Plain).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_sealed_for_another_account_is_refused() {
    let Some(mut peer) = Peer::wechatpy() else { return };
    let (_world, served) = served(Mode::Safe).await;
    let push = peer.seal("wx9999999999999999", &text("文字", 1), NOW_S);
    let (status, _) = push.to(&reqwest::Client::new(), &served.url).await;
    assert_eq!(status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_emulated_wechat_understands_a_service_made_with_co_wechat() {
    for mode in ["plain", "compatible", "safe"] {
        let world = World::start(Engines::Embedded).await.unwrap();
        let Some(service) = PeerService::co_wechat(APP_ID, mode != "plain") else { return };
        world.emulator.set_callback(
            "official",
            CallbackSettings {
                url: Some(service.url.clone()),
                token: Some(CALLBACK_TOKEN.to_owned()),
                aes_key: (mode != "plain").then(|| AES_KEY.to_owned()),
                mode: Some(mode.to_owned()),
                format: None,
            },
        );
        let heard = world.emulator.say("xiaoming", "official", "你好 🌉").await;
        let reply = heard.reply.unwrap_or_else(|| panic!("{mode}: {:?}", heard.attempts));
        assert_eq!((reply.kind.as_str(), &reply.content["content"]), ("text", &json!("你说：你好 🌉")), "{mode}");
        let silent = world.emulator.event("xiaoming", "official", "CLICK", "KEY").await;
        assert_eq!(silent.outcome, DeliveryOutcome::Empty, "{mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_half_of_wechatpy_works_on_our_emulated_wechat() {
    let Some(mut peer) = Peer::wechatpy() else { return };
    let world = World::start(Engines::Embedded).await.unwrap();
    world.emulator.follow("xiaoming", "official").await;
    let command = json!({"do": "ask", "base": world.emulator.url(), "app_id": APP_ID, "secret": "1".repeat(32)});
    let answer = tokio::task::spawn_blocking(move || peer.ask(&command)).await.unwrap();
    assert_eq!(answer["menu_created"], 0);
    assert_eq!(answer["menu"], "HELLO");
    assert_eq!(answer["followers"], 1);
    assert_eq!(answer["nickname_known"], true);
    assert_eq!((&answer["token"], &answer["ticket"]), (&json!(true), &json!(true)));
    assert_eq!(answer["signature"].as_str().map(str::len), Some(40));
}
