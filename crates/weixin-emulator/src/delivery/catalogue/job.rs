//! What became of template messages, mass messages and publications.

use super::Default::{Fresh, Group, Many, NoNumber};
use super::{Kind, event, field, number, text};

const AREA: &str = "job result";

pub(super) const KINDS: &[Kind] = &[
    event(AREA, "TEMPLATESENDJOBFINISH", &[field("MsgID", Fresh), text("Status", "success")]),
    event(
        AREA,
        "MASSSENDJOBFINISH",
        &[
            field("MsgID", Fresh),
            text("Status", "send success"),
            number("TotalCount", "100"),
            number("FilterCount", "80"),
            number("SentCount", "75"),
            number("ErrorCount", "5"),
            field(
                "CopyrightCheckResult",
                Group(&[
                    number("Count", "0"),
                    field("ResultList", super::Default::Text("")),
                    number("CheckState", "0"),
                ]),
            ),
            field(
                "ArticleUrlResult",
                Group(&[
                    number("Count", "1"),
                    field(
                        "ResultList",
                        Group(&[field(
                            "item",
                            Many(&[number("ArticleIdx", "1"), text("ArticleUrl", "https://mp.weixin.qq.com/s/1")]),
                        )
                        .or("articles")]),
                    ),
                ]),
            ),
        ],
    )
    .of_platform(),
    event(
        AREA,
        "PUBLISHJOBFINISH",
        &[field(
            "PublishEventInfo",
            Group(&[
                number("publish_id", "2247503051"),
                number("publish_status", "0").or("status"),
                text("article_id", "b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvyWP4Hq4"),
                field(
                    "article_detail",
                    Group(&[
                        number("count", "1"),
                        field("item", Many(&[number("idx", "1"), text("article_url", "https://mp.weixin.qq.com/s/1")]))
                            .or("articles"),
                    ]),
                ),
                field("fail_idx", NoNumber),
            ]),
        )],
    )
    .of_platform(),
];
