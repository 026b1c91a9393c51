//! Messages people send.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html>

use super::Default::{AppId, Media, NoNumber, NoText, PictureUrl};
use super::{BOTH, Field, Kind, OFFICIAL, event, field, number, text};
use crate::state::account::AccountKind;
use crate::state::contact::Interaction;
use crate::state::media::MediaKind::{Image, Thumb, Video, Voice};

const fn message(name: &'static str, on: &'static [AccountKind], fields: &'static [Field]) -> Kind {
    Kind { is_message: true, ..event("message", name, fields).on(on).shown().opens(Interaction::Message) }
}

pub(super) const KINDS: &[Kind] = &[
    message("text", BOTH, &[text("Content", "你好"), field("bizmsgmenuid", NoText), field("BusinessId", NoNumber)]),
    message("image", BOTH, &[field("PicUrl", PictureUrl), field("MediaId", Media(Image))]),
    message(
        "voice",
        OFFICIAL,
        &[
            field("MediaId", Media(Voice)),
            text("Format", "amr").or("voice_format"),
            field("MediaId16K", NoText),
            field("Recognition", NoText),
        ],
    ),
    message("video", OFFICIAL, &[field("MediaId", Media(Video)), field("ThumbMediaId", Media(Thumb))]),
    message("shortvideo", OFFICIAL, &[field("MediaId", Media(Video)), field("ThumbMediaId", Media(Thumb))]),
    message(
        "location",
        OFFICIAL,
        &[
            number("Location_X", "39.908823").or("latitude"),
            number("Location_Y", "116.397470").or("longitude"),
            number("Scale", "16"),
            text("Label", "北京市东城区"),
        ],
    ),
    message(
        "link",
        OFFICIAL,
        &[text("Title", "一篇文章"), text("Description", "文章的简介"), text("Url", "https://example.com/article")],
    ),
    message(
        "miniprogrampage",
        BOTH,
        &[
            text("Title", "小程序卡片"),
            field("AppId", AppId),
            text("PagePath", "pages/index/index"),
            field("ThumbUrl", PictureUrl),
            field("ThumbMediaId", Media(Image)),
        ],
    ),
    message(
        "file",
        OFFICIAL,
        &[
            text("Title", "report.pdf"),
            text("Description", ""),
            text("FileKey", "key"),
            text("FileMd5", "d41d8cd98f00b204e9800998ecf8427e"),
            number("FileTotalLen", "1024"),
        ],
    ),
];
