//! The menu's buttons that open something of the phone first.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events.html>

use super::Default::{Group, Many};
use super::{Field, Kind, event, field, number, text};
use crate::state::contact::Interaction;

const AREA: &str = "menu";
const KEY: Field = text("EventKey", "KEY").or("key");

const SCANNED: &[Field] = &[
    KEY,
    field(
        "ScanCodeInfo",
        Group(&[text("ScanType", "qrcode"), text("ScanResult", "https://example.com/").or("result")]),
    ),
];
const PICTURES: &[Field] = &[
    KEY,
    field(
        "SendPicsInfo",
        Group(&[
            number("Count", "1"),
            field(
                "PicList",
                Group(&[field("item", Many(&[text("PicMd5Sum", "1b5f7c23b5bf75682a53e7b6d163e185")])).or("pictures")]),
            ),
        ]),
    ),
];
const PLACE: &[Field] = &[
    KEY,
    field(
        "SendLocationInfo",
        Group(&[
            text("Location_X", "39.908823").or("latitude"),
            text("Location_Y", "116.397470").or("longitude"),
            text("Scale", "16"),
            text("Label", "北京市东城区"),
            text("Poiname", ""),
        ]),
    ),
];

pub(super) const KINDS: &[Kind] = &[
    event(AREA, "scancode_push", SCANNED).shown().opens(Interaction::Menu),
    event(AREA, "scancode_waitmsg", SCANNED).shown().opens(Interaction::Menu),
    event(AREA, "pic_sysphoto", PICTURES).shown(),
    event(AREA, "pic_photo_or_album", PICTURES).shown(),
    event(AREA, "pic_weixin", PICTURES).shown(),
    event(AREA, "location_select", PLACE).shown(),
];
