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

/// A file that is not in the list of its folder would be compiled and never used.
#[test]
fn every_file_is_in_its_list() {
    for (folder, source) in [
        ("event", include_str!("event/mod.rs")),
        ("message", include_str!("message/mod.rs")),
        ("reply", include_str!("reply/mod.rs")),
    ] {
        let mut files = 0;
        for file in source.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
            files += 1;
            assert!(source.contains(&format!("    {file}::")), "{folder}/{file}.rs is not in the list");
        }
        assert!(files > 6, "{folder}");
    }
}

#[test]
fn no_name_is_taken_twice() {
    for names in [super::event::Event::NAMES, super::message::Message::NAMES] {
        let names: Vec<_> = names.iter().copied().flatten().map(|name| name.to_lowercase()).collect();
        let once: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(once.len(), names.len());
    }
}

/// The events of WeChat's documentation for official accounts and mini programs, by area.
#[test]
fn the_documented_names_are_known() {
    let events = [
        // following, scanning, position
        "subscribe",
        "unsubscribe",
        "SCAN",
        "LOCATION",
        "CLICK",
        "VIEW",
        "view_miniprogram",
        "ENTER",
        // menu
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
        // results of jobs
        "TEMPLATESENDJOBFINISH",
        "MASSSENDJOBFINISH",
        "PUBLISHJOBFINISH",
        "FREEPUBLISHJOBFINISH",
        // subscription messages
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
        // customer service
        "kf_create_session",
        "kf_close_session",
        "kf_switch_session",
        "user_enter_tempsession",
        // people's data
        "user_info_modified",
        "user_authorization_revoke",
        "user_authorization_cancellation",
        // verification
        "qualification_verify_success",
        "qualification_verify_fail",
        "naming_verify_success",
        "naming_verify_fail",
        "annual_renew",
        "verify_expired",
        // security
        "wxa_media_check",
        "wxa_punish_event",
        "wxa_illegal_record",
        "wxa_appeal_record",
        "wxa_comment_bad_score",
        // mini programs
        "weapp_audit_success",
        "weapp_audit_fail",
        "weapp_audit_delay",
        "wxa_nickname_audit",
        "wxa_category_audit",
        "trade_manage_remind_access_api",
        "trade_manage_remind_shipping",
        "trade_manage_order_settlement",
        "wxa_trade_controlled",
        "notify_service_msg_send_result",
        "add_express_path",
        "secvod_upload_event",
        "secvod_audit_event",
        "xpay_goods_deliver_notify",
        "xpay_coin_pay_notify",
        "debug_demo",
        // cards, invoices, shop
        "card_pass_check",
        "card_not_pass_check",
        "user_get_card",
        "user_gifting_card",
        "user_del_card",
        "user_enter_session_from_card",
        "submit_membercard_user_info",
        "user_consume_card",
        "user_pay_from_pay_cell",
        "user_view_card",
        "update_member_card",
        "card_sku_remind",
        "card_pay_order",
        "card_merchant_check_result",
        "giftcard_pay_done",
        "giftcard_send_to_friend",
        "giftcard_user_accept",
        "user_authorize_invoice",
        "cloud_invoice_invoiceresult_event",
        "update_invoice_status",
        "merchant_order",
        // guides and hardware
        "guide_qrcode_scan_event",
        "guide_invite_result_event",
        "ShakearoundUserShake",
        "WifiConnected",
        "poi_check_notify",
    ];
    let known: Vec<_> = super::event::Event::NAMES.iter().copied().flatten().collect();
    for event in events {
        assert!(known.contains(&&event), "{event}");
    }
    assert_eq!(known.len(), events.len());
    let messages: Vec<_> = super::message::Message::NAMES.iter().copied().flatten().copied().collect();
    assert_eq!(
        messages,
        [
            "text",
            "image",
            "voice",
            "video",
            "shortvideo",
            "location",
            "link",
            "miniprogrampage",
            "file",
            "device_text",
            "device_event",
            "device_status",
        ]
    );
}
