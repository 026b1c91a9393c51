//! What is sent, once the sender is known.

use std::time::{Duration, Instant};

use http::StatusCode;
use rstest::rstest;
use weixin_proto::callback::Mode;
use weixin_proto::callback::reply::Reply;

use super::{Desk, OURS, Sent, WHO, event, signed, text, xml};
use crate::testing::World;

/// T-56: in compatible mode the clear part proves nothing and is not looked at.
#[tokio::test]
async fn t_56_the_clear_part_is_ignored() {
    let desk = Desk::new(Mode::Compatible).await;
    for (word, reply) in [("real", "right"), ("forged", "wrong")] {
        desk.rule(&format!(
            r#"{{"match":{{"on":"text","equals":"{word}"}},"reply":{{"type":"text","content":"{reply}"}}}}"#
        ))
        .await;
    }
    let mut sent = desk.push(&text("real", 1));
    let clear = "<FromUserName><![CDATA[oSomebodyElse]]></FromUserName><MsgType><![CDATA[text]]></MsgType>\
                 <Content><![CDATA[forged]]></Content><MsgId>9</MsgId>";
    sent.body = sent.body.replace("<Encrypt>", &format!("{clear}<Encrypt>"));
    let answer = desk.deliver(&sent).await;
    assert_eq!(desk.reply(answer.is(StatusCode::OK).text()), Some(Reply::text("right")));
    let inbox = desk.inbox().await;
    let opened = desk.opened(inbox[0]["id"].as_str().unwrap()).await;
    assert_eq!(opened["message"]["data"]["content"], "real");
    assert_eq!(opened["message"]["from"], WHO);
}

/// T-62: no entity, no DOCTYPE, nothing is fetched, and refused at once.
#[tokio::test]
async fn t_62_bombs_are_refused_at_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let inner = text("hello", 1);
    let mut bombs = Vec::new();
    for declaration in [
        format!(r#"<!DOCTYPE xml SYSTEM "http://127.0.0.1:{port}/x.dtd">"#),
        format!(r#"<!DOCTYPE xml PUBLIC "a" "http://127.0.0.1:{port}/x.dtd">"#),
        r#"<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]>"#.to_owned(),
        format!(r#"<!DOCTYPE xml [<!ENTITY a SYSTEM "http://127.0.0.1:{port}/a">]>"#),
        format!(r#"<!DOCTYPE xml [<!ENTITY % p SYSTEM "http://127.0.0.1:{port}/p"> %p;]>"#),
        r#"<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"#.to_owned(),
        r#"<!DOCTYPE xml [<!ELEMENT xml ANY>]>"#.to_owned(),
        "<!DOCTYPE xml>".to_owned(),
        "<!doctype xml>".to_owned(),
        "<?xml-stylesheet href='http://127.0.0.1/'?>".to_owned(),
    ] {
        for body in [inner.clone(), inner.replace("hello", "]]>&a;<![CDATA["), inner.replace("hello", "&b;")] {
            bombs.push(format!("{declaration}{body}"));
        }
    }
    let laughs: String = (1..20).map(|n| format!("<!ENTITY l{n} \"&l{0};&l{0};\">", n - 1)).collect();
    bombs.push(format!("<!DOCTYPE xml [<!ENTITY l0 \"ha\">{laughs}]>{}", inner.replace("hello", "&l19;")));
    assert!(bombs.len() >= 30);
    for mode in [Mode::Plain, Mode::Safe] {
        let desk = Desk::new(mode).await;
        for bomb in &bombs {
            let sent = desk.push(bomb);
            let mut fastest = Duration::MAX;
            for _ in 0..3 {
                let begun = Instant::now();
                desk.deliver(&sent).await.is(StatusCode::BAD_REQUEST);
                fastest = fastest.min(begun.elapsed());
            }
            assert!(fastest < Duration::from_millis(20), "{fastest:?}: {bomb}");
        }
        assert_eq!(desk.inbox().await.len(), 0);
    }
    assert!(listener.accept().is_err(), "somebody fetched something");
}

/// T-63: what a parser could read in two ways is not read.
#[tokio::test]
async fn t_63_quirks_are_refused_except_a_byte_order_mark() {
    let desk = Desk::new(Mode::Plain).await;
    let inner = text("hello", 1);
    let deep = format!("{}x{}", "<a>".repeat(17), "</a>".repeat(17));
    let wide: String = (0..130).map(|n| format!("<f{n}>1</f{n}>")).collect();
    for (what, body) in [
        ("two roots", format!("{inner}{inner}")),
        ("trailing junk", format!("{inner}junk")),
        ("a comment", inner.replace("<MsgType>", "<!-- --><MsgType>")),
        ("a comment in a value", inner.replace("<![CDATA[hello]]>", "hel<!-- -->lo")),
        ("an instruction in a value", inner.replace("<![CDATA[hello]]>", "hel<?x?>lo")),
        ("an attribute", inner.replace("<Content>", "<Content a=\"1\">")),
        ("a namespace", inner.replace("<Content>", "<x:Content>").replace("</Content>", "</x:Content>")),
        ("a declared namespace", inner.replace("<xml>", "<xml xmlns=\"urn:x\">")),
        ("a field twice", inner.replace("<MsgType>", "<Content>other</Content><MsgType>")),
        ("another root", inner.replace("<xml>", "<message>").replace("</xml>", "</message>")),
        ("cut short", inner[..inner.len() - 3].to_owned()),
        ("17 levels", inner.replace("<MsgType>", &format!("{deep}<MsgType>"))),
        ("too many fields", inner.replace("<MsgType>", &format!("{wide}<MsgType>"))),
        ("65 KiB", inner.replace("hello", &"x".repeat(65 * 1024))),
        ("nothing", String::new()),
        ("a list", "[]".to_owned()),
    ] {
        assert_eq!(desk.deliver(&desk.push(&body)).await.status(), StatusCode::BAD_REQUEST, "{what}");
    }
    let utf16: Vec<u8> = inner.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let query = desk.push("").query;
    for start in [&[][..], &[0xff, 0xfe][..]] {
        let body = [start, &utf16].concat();
        let answer = desk.world.request("POST", &format!("/wx?{query}")).body(body).send().await;
        answer.is(StatusCode::BAD_REQUEST);
    }
    assert_eq!(desk.inbox().await.len(), 0);
    desk.deliver(&desk.push(&format!("\u{feff}{inner}"))).await.is(StatusCode::OK);
    assert_eq!(desk.inbox().await.len(), 1);
}

/// T-64: four ways to write one JSON push are one push.
#[rstest]
#[case(Mode::Plain)]
#[case(Mode::Safe)]
#[tokio::test]
async fn t_64_json_variants_are_one_event(#[case] mode: Mode) {
    let desk = Desk::new(mode).await;
    for time in ["1757062690", "\"1757062690\""] {
        let item = r#"{"TemplateId":"T1","SubscribeStatusString":"accept","PopupScene":"0"}"#;
        for list in [item.to_owned(), format!("[{item}]")] {
            let push = format!(
                r#"{{"ToUserName":"{OURS}","FromUserName":"{WHO}","CreateTime":{time},"MsgType":"event","Event":"subscribe_msg_popup_event","List":{list}}}"#
            );
            desk.deliver(&desk.push(&push)).await.is(StatusCode::OK);
        }
    }
    let inbox = desk.inbox().await;
    assert_eq!((inbox.len(), &inbox[0]["copies"]), (1, &4.into()));
    let opened = desk.opened(inbox[0]["id"].as_str().unwrap()).await;
    assert_eq!(opened["message"]["data"]["list"][0]["template_id"], "T1", "{opened}");
    assert!(inbox[0]["form"].as_str().unwrap().ends_with("json"));
}

/// T-65: what nobody knows is kept, and acknowledged.
#[tokio::test]
async fn t_65_unknown_types_are_kept_as_they_are() {
    let desk = Desk::new(Mode::Safe).await;
    for number in 0..50 {
        let body = match number % 3 {
            0 => event(&format!("event_of_{number}"), 1_757_062_690, "<Anything><At><All>1</All></At></Anything>"),
            1 => xml(&format!("<MsgType>type_{number}</MsgType><MsgId>{number}</MsgId><X>1</X>")),
            _ => xml(&format!("<InfoType>info_{number}</InfoType>")),
        };
        assert_eq!(desk.deliver(&desk.push(&body)).await.is(StatusCode::OK).text(), "success");
    }
    let inbox = desk.inbox().await;
    assert_eq!(inbox.len(), 50);
    let id = inbox.iter().find(|push| push["event"] == "event_of_48").unwrap()["id"].as_str().unwrap();
    let opened = desk.opened(id).await;
    assert_eq!(
        (&opened["message"]["known"], &opened["message"]["data"]["Anything"]["At"]["All"]),
        (&false.into(), &"1".into())
    );
}

/// T-69: what is said cannot break out of the reply.
#[rstest]
#[case(Mode::Plain)]
#[case(Mode::Compatible)]
#[case(Mode::Safe)]
#[tokio::test]
async fn t_69_a_reply_says_what_was_meant(#[case] mode: Mode) {
    let desk = Desk::new(mode).await;
    let texts = [
        "小明]]></Content><MsgType><![CDATA[image]]>",
        "]]>",
        "]]]]>>",
        "<![CDATA[x]]>",
        "a & b < c > \"d\" 'e' &amp;",
        "😀👨‍👩‍👧 微信",
    ];
    for (number, said) in texts.iter().enumerate() {
        let rule = serde_json::json!({
            "match": {"on": "text", "equals": format!("q{number}")}, "reply": {"type": "text", "content": said},
        });
        desk.rule(&rule.to_string()).await;
        let reply = desk.say(&text(&format!("q{number}"), number as u64 + 1)).await;
        assert_eq!(reply, Some(Reply::text(*said)));
    }
}

#[tokio::test]
async fn a_mini_program_set_to_json_is_answered_in_json() {
    let desk = Desk::new(Mode::Safe).await;
    desk.rule(r#"{"match":{"on":"text"},"reply":{"type":"transfer"}}"#).await;
    let push = format!(
        r#"{{"ToUserName":"{OURS}","FromUserName":"{WHO}","CreateTime":1757062690,"MsgType":"text","Content":"hi","MsgId":1}}"#
    );
    let answer = desk.deliver(&desk.push(&push)).await;
    assert_eq!(answer.is(StatusCode::OK).header("content-type"), "application/json");
    assert_eq!(desk.reply(answer.text()).unwrap().name(), "transfer_customer_service");
}

#[tokio::test]
async fn a_body_that_says_it_is_too_long_is_not_read() {
    let desk = Desk::with(Mode::Plain, |settings| settings.body_limit = 100 * 1024).await;
    let fits = Sent { ..desk.push(&text(&"x".repeat(90 * 1024), 1)) };
    desk.deliver(&fits).await.is(StatusCode::OK);
    let long = signed(Mode::Plain, World::OFFICIAL, OURS, &text(&"x".repeat(101 * 1024), 2), desk.world.now_s());
    let answer = desk.deliver(&long).await;
    assert_eq!(answer.is(StatusCode::BAD_REQUEST).header("connection"), "close");
    assert_eq!(desk.inbox().await.len(), 1);
}

/// Nobody learns from the length alone that there is somebody at this address.
#[rstest]
#[tokio::test]
async fn only_who_knows_the_token_learns_that_a_body_is_too_long(#[values(Mode::Plain, Mode::Safe)] mode: Mode) {
    let desk = Desk::new(mode).await;
    let long = Sent { body: "x".repeat(5 * 1024 * 1024), ..desk.push(&text("hello", 1)) };
    desk.deliver(&long).await.is(StatusCode::BAD_REQUEST);
    let stale = Sent { body: long.body.clone(), ..desk.push_at(&text("hello", 1), desk.world.now_s() - 301) };
    let forged = Sent { query: long.query.replace("signature=", "signature=0"), ..long.clone() };
    let nobody = Sent { query: String::new(), ..long.clone() };
    let nowhere = Sent { path: "/wx/nobody".to_owned(), ..long.clone() };
    for (number, sent) in [stale, forged, nobody, nowhere].into_iter().enumerate() {
        assert_eq!(desk.deliver(&sent).await.is(StatusCode::FORBIDDEN).text(), "", "{number}");
    }
}
