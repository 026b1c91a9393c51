//! Checks of content, and punishments.

use super::Default::{AppId, Group, Many, Now};
use super::{Kind, MINI, event, field, number, text};

const AREA: &str = "security";

pub(super) const KINDS: &[Kind] = &[
    event(
        AREA,
        "wxa_media_check",
        &[
            field("appid", AppId),
            text("trace_id", "60f96f1d-3845297a-1976a3ae"),
            number("version", "2"),
            field(
                "detail",
                Many(&[
                    text("strategy", "content_model"),
                    number("errcode", "0"),
                    text("suggest", "pass"),
                    number("label", "100"),
                    number("prob", "90"),
                ]),
            ),
            number("errcode", "0"),
            text("errmsg", "ok"),
            field("result", Group(&[text("suggest", "pass"), number("label", "100")])),
        ],
    )
    .on(MINI)
    .of_platform(),
    event(
        AREA,
        "wxa_punish_event",
        &[
            number("event_type", "1"),
            text("punish_id", "P1"),
            field("appid", AppId),
            field("punish_time", Now),
            text("illegal_reason", "内容违规"),
            text("illegal_content", "违规内容"),
            text("rule_name", "微信小程序平台运营规范"),
            text("rule_url", "https://example.com/rule"),
            text("adjust_guide_url", "https://example.com/guide"),
            text("detail", "{}"),
        ],
    )
    .on(MINI)
    .of_platform(),
    event(
        AREA,
        "wxa_illegal_record",
        &[
            text("illegal_record_id", "2_11100"),
            field("appid", AppId),
            field("create_time", Now),
            text("illegal_reason", "内容违规"),
            text("illegal_content", "违规内容"),
            text("rule_url", "https://example.com/rule"),
            text("rule_name", "微信小程序平台运营规范"),
        ],
    )
    .on(MINI)
    .of_platform(),
    event(
        AREA,
        "wxa_appeal_record",
        &[
            number("appeal_record_id", "1"),
            field("appid", AppId),
            field("appeal_time", Now),
            number("appeal_count", "1"),
            number("appeal_from", "0"),
            number("appeal_status", "1"),
            field("audit_time", Now),
            text("audit_reason", ""),
            text("punish_description", "内容违规"),
        ],
    )
    .on(MINI)
    .of_platform(),
    event(AREA, "wxa_comment_bad_score", &[field("result", Group(&[text("comment_id", "2272502024443330610")]))])
        .on(MINI)
        .of_platform(),
];
