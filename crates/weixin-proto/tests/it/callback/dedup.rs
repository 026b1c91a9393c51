//! Copies of a push are known as copies, and nothing else is.

use std::collections::HashSet;

use super::push;

fn key(fields: &str) -> String {
    push(format!("<xml><ToUserName>gh_1</ToUserName>{fields}</xml>")).dedup_key().into()
}

fn event(create_time: i64, from: &str, rest: &str) -> String {
    key(&format!(
        "<FromUserName>{from}</FromUserName><CreateTime>{create_time}</CreateTime><MsgType>event</MsgType>{rest}"
    ))
}

#[test]
fn a_message_is_its_sender_and_its_number() {
    let text = |from: &str, id: u64, content: &str, time: i64| {
        key(&format!(
            "<FromUserName>{from}</FromUserName><CreateTime>{time}</CreateTime><MsgType>text</MsgType>\
             <Content>{content}</Content><MsgId>{id}</MsgId>"
        ))
    };
    let first = text("oA", 9_007_199_254_740_993, "hello", 1);
    assert_eq!(first.len(), 64);
    assert!(!first.contains("oA"));
    assert_eq!(first, text("oA", 9_007_199_254_740_993, "other", 2));
    assert_ne!(first, text("oA", 9_007_199_254_740_992, "hello", 1));
    assert_ne!(first, text("oB", 9_007_199_254_740_993, "hello", 1));
}

#[test]
fn an_event_with_a_key_is_sender_time_name_and_key() {
    let click = "<Event>CLICK</Event><EventKey>V1</EventKey>";
    let first = event(1, "oA", click);
    assert_eq!(first, event(1, "oA", "<EventKey><![CDATA[V1]]></EventKey><Event><![CDATA[CLICK]]></Event>"));
    assert_eq!(first, event(1, "oA", "<Event>click</Event><EventKey>V1</EventKey><New>1</New>"));
    let others = [
        event(2, "oA", click),
        event(1, "oB", click),
        event(1, "oA", "<Event>VIEW</Event><EventKey>V1</EventKey>"),
        event(1, "oA", "<Event>CLICK</Event><EventKey>V2</EventKey>"),
        event(1, "oA", "<Event>CLICK</Event><EventKey></EventKey>"),
        event(1, "oA", "<Event>CLICK</Event>"),
    ];
    assert_eq!(HashSet::from(others.clone()).len(), others.len());
    assert!(!others.contains(&first));
}

#[test]
fn an_event_without_a_key_is_all_its_fields() {
    let sent = |msg_id: u64| {
        format!(
            "<Event>subscribe_msg_sent_event</Event><SubscribeMsgSentEvent><List><TemplateId>T</TemplateId>\
             <MsgID>{msg_id}</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent>"
        )
    };
    // Two messages to one person within one second.
    assert_ne!(event(1, "oA", &sent(1)), event(1, "oA", &sent(2)));
    assert_eq!(event(1, "oA", &sent(1)), event(1, "oA", &sent(1)));
    // Two people, told by one account of WeChat's.
    let modified =
        |openid: &str| event(1, "oSYSTEM", &format!("<Event>user_info_modified</Event><OpenID>{openid}</OpenID>"));
    assert_ne!(modified("oA"), modified("oB"));
    // The order and the layout of fields say nothing.
    assert_eq!(
        event(1, "oA", "<Event>LOCATION</Event><Latitude>1</Latitude>\n<Longitude>2</Longitude>"),
        event(1, "oA", "<Longitude>2</Longitude><Latitude><![CDATA[1]]></Latitude><Event>LOCATION</Event>"),
    );
}

#[test]
fn the_language_does_not_matter() {
    let xml = push(
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>oA</FromUserName><CreateTime>1</CreateTime>\
         <MsgType>event</MsgType><Event>user_enter_tempsession</Event><SessionFrom>x</SessionFrom></xml>",
    );
    let json = push(
        r#"{"SessionFrom":"x","ToUserName":"gh_1","FromUserName":"oA","CreateTime":"1","MsgType":"event","Event":"user_enter_tempsession"}"#,
    );
    assert_eq!(xml.dedup_key(), json.dedup_key());
}

#[test]
fn parts_do_not_run_into_one_another() {
    assert_ne!(event(1, "oA", "<Event>x</Event><a>1</a><b>2</b>"), event(1, "oA", "<Event>x</Event><a>1b</a><b></b>"),);
    assert_ne!(event(1, "oA", "<Event>x</Event><a><b>1</b></a>"), event(1, "oA", "<Event>x</Event><a></a><b>1</b>"));
    assert_ne!(key("<MsgType>text</MsgType><Content>1</Content>"), key("<MsgType>text</MsgType><Content>2</Content>"));
    assert_ne!(key("<InfoType>authorized</InfoType>"), key("<InfoType>unauthorized</InfoType>"));
}
