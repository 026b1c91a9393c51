//! Mini programs: reviews, orders, virtual goods, films, the debugging tool.

use super::Default::{Fresh, Group, Many, NoNumber, NoText, Now, OpenId};
use super::{BOTH, Field, Kind, MINI, event, field, number, text};

const AREA: &str = "mini program";

const fn of_mini(name: &'static str, fields: &'static [Field]) -> Kind {
    event(AREA, name, fields).on(MINI).of_platform()
}

const PAID: Field = field(
    "WeChatPayInfo",
    Group(&[text("MchOrderNo", "M1"), text("TransactionId", "4200000000000000000000000001"), field("PaidTime", Now)]),
);

pub(super) const KINDS: &[Kind] = &[
    event(AREA, "debug_demo", &[text("debug_str", "hello world")]).on(BOTH),
    of_mini("wxa_nickname_audit", &[number("ret", "3"), text("nickname", "新名称"), field("reason", NoText)]),
    of_mini(
        "wxa_category_audit",
        &[number("ret", "3"), number("first", "1"), number("second", "2"), field("reason", NoText)],
    ),
    of_mini("weapp_audit_success", &[field("SuccTime", Now)]),
    of_mini(
        "weapp_audit_fail",
        &[text("Reason", "1:页面内容不完整<br>"), field("FailTime", Now), field("ScreenShot", NoText)],
    ),
    of_mini("weapp_audit_delay", &[text("Reason", "审核时间延长"), field("DelayTime", Now)]),
    of_mini("wxa_trade_controlled", &[text("msg", "账号交易被管控")]),
    of_mini("trade_manage_remind_access_api", &[text("msg", "请接入发货信息管理接口")]),
    of_mini(
        "trade_manage_remind_shipping",
        &[
            text("transaction_id", "4200000000000000000000000001"),
            text("merchant_id", "1230000109"),
            text("sub_merchant_id", ""),
            text("merchant_trade_no", "T1"),
            field("pay_time", Now),
            text("msg", "请及时发货"),
        ],
    ),
    of_mini(
        "trade_manage_order_settlement",
        &[
            text("transaction_id", "4200000000000000000000000001"),
            text("merchant_id", "1230000109"),
            text("sub_merchant_id", ""),
            text("merchant_trade_no", "T1"),
            field("pay_time", Now),
            field("shipped_time", Now),
            field("estimated_settlement_time", Now),
            field("confirm_receive_method", NoNumber),
            field("confirm_receive_time", NoNumber),
            field("settlement_time", NoNumber),
        ],
    ),
    of_mini(
        "notify_service_msg_send_result",
        &[
            field("openid", OpenId),
            text("notify_code", "C1"),
            number("notify_type", "2001"),
            number("card_status", "1"),
            number("fail_ret", "-10001"),
            text("fail_msg", "fail"),
        ],
    ),
    of_mini(
        "add_express_path",
        &[
            text("DeliveryID", "SF"),
            text("WayBillId", "SF1"),
            text("OrderId", "O1"),
            number("Version", "1"),
            number("Count", "1"),
            field(
                "Actions",
                Many(&[field("ActionTime", Now), number("ActionType", "100001"), text("ActionMsg", "揽件成功")]),
            ),
        ],
    ),
    of_mini(
        "secvod_upload_event",
        &[field(
            "upload_event",
            Group(&[
                number("media_id", "20001"),
                text("source_context", ""),
                number("errcode", "0"),
                text("errmsg", "OK"),
            ]),
        )],
    ),
    of_mini(
        "secvod_audit_event",
        &[field(
            "audit_event",
            Group(&[
                number("drama_id", "20001"),
                field(
                    "audit_detail",
                    Group(&[
                        number("status", "3"),
                        number("audit_type", "0"),
                        field("create_time", Now),
                        field("audit_time", Now),
                    ]),
                ),
            ]),
        )],
    ),
    of_mini(
        "xpay_goods_deliver_notify",
        &[
            field("OpenId", OpenId),
            field("OutTradeNo", Fresh),
            number("Env", "0"),
            PAID,
            field(
                "GoodsInfo",
                Group(&[
                    text("ProductId", "gem"),
                    number("Quantity", "1"),
                    number("OrigPrice", "100"),
                    number("ActualPrice", "100"),
                    text("Attach", ""),
                ]),
            ),
        ],
    ),
    of_mini(
        "xpay_coin_pay_notify",
        &[
            field("OpenId", OpenId),
            field("OutTradeNo", Fresh),
            number("Env", "0"),
            PAID,
            field(
                "CoinInfo",
                Group(&[
                    number("Quantity", "10"),
                    number("OrigPrice", "100"),
                    number("ActualPrice", "100"),
                    text("Attach", ""),
                ]),
            ),
        ],
    ),
];
