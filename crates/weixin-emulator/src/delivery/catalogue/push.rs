//! Following, scanning, locations and the menu's plain buttons.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html>

use super::Default::{NoNumber, NoText};
use super::{BOTH, Kind, event, field, number, text};
use crate::state::contact::Interaction;

const AREA: &str = "account push";

pub(super) const KINDS: &[Kind] = &[
    event(AREA, "subscribe", &[text("EventKey", "").or("key"), field("Ticket", NoText)])
        .shown()
        .opens(Interaction::Follow),
    event(AREA, "unsubscribe", &[text("EventKey", "").or("key")]),
    event(AREA, "SCAN", &[text("EventKey", "123").or("key"), text("Ticket", "gQTICKET")])
        .shown()
        .opens(Interaction::Scan),
    event(
        AREA,
        "LOCATION",
        &[number("Latitude", "39.908823"), number("Longitude", "116.397470"), number("Precision", "65.000000")],
    )
    .shown(),
    event(AREA, "CLICK", &[text("EventKey", "KEY").or("key")]).shown().opens(Interaction::Menu),
    event(AREA, "VIEW", &[text("EventKey", "https://example.com/").or("key"), field("MenuId", NoNumber)]),
    event(AREA, "view_miniprogram", &[text("EventKey", "pages/index/index").or("key"), field("MenuId", NoNumber)]),
    event(AREA, "ENTER", &[text("EventKey", "").or("key")]).shown(),
    event(AREA, "user_enter_tempsession", &[text("SessionFrom", "").or("key")])
        .on(BOTH)
        .shown()
        .opens(Interaction::EnterSession),
];
