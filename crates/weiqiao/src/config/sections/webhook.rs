//! How events go to other programs.

use std::time::Duration;

use weiqiao_app::settings::AuthMode;
use weiqiao_app::webhook::WebhookSettings;

use crate::config::parse;
use crate::config::reader::Reader;
use crate::config::setting::Setting;

pub(super) const SETTINGS: &[Setting] = &[
    Setting::plain(
        "WEBHOOK_ALLOW_PRIVATE",
        "strict: off, open: on",
        "是否允许 Webhook 地址指向本机、内网，以及使用 http；接收端都在内网时打开",
        "whether webhooks may lead to loopback and private addresses, and use http; on when receivers are in your network",
    )
    .example("off"),
    Setting::plain(
        "WEBHOOK_TIMEOUT",
        "10s",
        "一次投递最多等多久，1s 到 20s",
        "how long one delivery may take, 1s to 20s",
    )
    .example("10s"),
    Setting::plain(
        "WEBHOOK_DISABLE_AFTER_DAYS",
        "5",
        "连续多少天没有一次投递成功就自动停用，1 到 365",
        "after how many days without one delivery taken a webhook is switched off, 1 to 365",
    )
    .example("5"),
];

pub(super) fn read(reader: &mut Reader, mode: AuthMode) -> WebhookSettings {
    let usual = WebhookSettings::default();
    let allow_private = reader.value("WEBHOOK_ALLOW_PRIVATE", parse::switch).unwrap_or(!mode.is_strict());
    if allow_private && mode.is_strict() {
        reader.note(
            "WEBHOOK_ALLOW_PRIVATE",
            "已打开：能管理 Webhook 的人可以让本服务访问内网地址。",
            "is on: whoever manages webhooks can make this service call addresses inside your network.",
        );
    }
    let (least, most) = (Duration::from_secs(1), Duration::from_secs(20));
    let timeout = reader.value("WEBHOOK_TIMEOUT", |text| parse::duration(text, least, most)).unwrap_or(usual.timeout);
    let days = reader.value("WEBHOOK_DISABLE_AFTER_DAYS", |text| parse::whole_number(text, 1..=365));
    let disable_after = days.map_or(usual.disable_after, |days| Duration::from_secs(days * 86_400));
    WebhookSettings { allow_private, timeout, disable_after }
}
