//! Agreeing to notifications, changing one's mind, and what became of one that was sent.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/intro.html>

use super::Default::{Fresh, Many, Wrapper};
use super::{BOTH, Field, Kind, event, field, number, text};

const fn loose(name: &'static str, fields: &'static [Field]) -> Kind {
    Kind { loose_json: true, ..event("subscribe message", name, fields).on(BOTH) }
}

const TEMPLATE: Field = text("TemplateId", "TEMPLATE_ID");

pub(super) const KINDS: &[Kind] = &[
    loose(
        "subscribe_msg_popup_event",
        &[field(
            "SubscribeMsgPopupEvent",
            Wrapper(&[field(
                "List",
                Many(&[TEMPLATE, text("SubscribeStatusString", "accept").or("status"), number("PopupScene", "1")]),
            )]),
        )],
    ),
    loose(
        "subscribe_msg_change_event",
        &[field(
            "SubscribeMsgChangeEvent",
            Wrapper(&[field("List", Many(&[TEMPLATE, text("SubscribeStatusString", "reject").or("status")]))]),
        )],
    ),
    loose(
        "subscribe_msg_sent_event",
        &[field(
            "SubscribeMsgSentEvent",
            Wrapper(&[field(
                "List",
                Many(&[
                    TEMPLATE,
                    field("MsgID", Fresh),
                    number("ErrorCode", "0"),
                    text("ErrorStatus", "success").or("status"),
                ]),
            )]),
        )],
    ),
];
