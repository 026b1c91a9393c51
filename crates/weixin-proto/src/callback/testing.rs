//! What the tests of all kinds do.

use std::fmt::Debug;

use super::{Body, Draft, Fields, Inbound, Limits, MsgId};

/// An event with these fields is read as expected: from XML, from JSON, in any case of its name; and comes out as `json`.
#[track_caller]
pub(super) fn event<B: Body + PartialEq + Debug>(name: &str, xml: &str, expected: &B, json: &str) {
    assert_eq!(B::NAMES.first(), Some(&name));
    for name in B::NAMES.iter().flat_map(|name| [(*name).to_owned(), name.to_uppercase(), name.to_lowercase()]) {
        let push = format!(
            "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><FromUserName><![CDATA[oABCD]]></FromUserName>\
             <CreateTime>1714037059</CreateTime><MsgType><![CDATA[event]]></MsgType>\
             <Event><![CDATA[{name}]]></Event>{xml}</xml>"
        );
        is(&both(&push), expected);
    }
    let push = format!("<xml><MsgType>event</MsgType><Event>{name}</Event>{xml}</xml>");
    let written = serde_json::to_string(&Inbound::parse(push, &Limits::default()).unwrap()).unwrap();
    assert_eq!(
        written,
        format!(r#"{{"type":"event","event":"{name}","to":"","from":"","create_time":0,"known":true,"data":{json}}}"#)
    );
}

/// A message with these fields is read as expected: from XML, from JSON; and comes out as `json`.
#[track_caller]
pub(super) fn message<B: Body + PartialEq + Debug>(name: &str, xml: &str, expected: &B, json: &str) {
    assert_eq!(B::NAMES.first(), Some(&name));
    let push = format!(
        "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><FromUserName><![CDATA[oABCD]]></FromUserName>\
         <CreateTime>1714037059</CreateTime><MsgType><![CDATA[{name}]]></MsgType>{xml}\
         <MsgId>9007199254740993</MsgId></xml>"
    );
    let pushes = both(&push);
    is(&pushes, expected);
    assert!(pushes.iter().all(|push| push.msg_id == Some(MsgId(9_007_199_254_740_993))));
    assert_eq!(
        serde_json::to_string(&pushes[0]).unwrap(),
        format!(
            r#"{{"type":"{name}","to":"gh_97417a04a28d","from":"oABCD","create_time":1714037059,"msg_id":"9007199254740993","known":true,"data":{json}}}"#
        )
    );
}

/// A push in JSON, where its shape is not that of the XML, is read as expected.
#[track_caller]
pub(super) fn json<B: Body + PartialEq + Debug>(push: &str, expected: &B) {
    is(&[Inbound::parse(push, &Limits::default()).unwrap()], expected);
}

/// The push in XML, and the same in JSON.
#[track_caller]
fn both(xml: &str) -> [Inbound; 2] {
    let fields = Fields::parse(xml, &Limits::default()).unwrap();
    let json = Fields::parse(Draft::from(&fields).to_json(), &Limits::default()).unwrap();
    assert_eq!(fields, json);
    [fields, json].map(|fields| Inbound::try_from(fields).unwrap())
}

#[track_caller]
fn is<B: Body + PartialEq + Debug>(pushes: &[Inbound], expected: &B) {
    for push in pushes {
        assert_eq!(push.problem(), None);
        assert_eq!(B::of(push), Some(expected));
    }
}
