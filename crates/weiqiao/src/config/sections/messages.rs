//! What may be sent and asked for in a mini program, and how much of it.

use std::time::Duration;

use weiqiao_app::crm::{AllowedTemplate, CrmLimits, MessageRules, PageRules};

use crate::config::parse;
use crate::config::reader::{Expected, Reader};
use crate::config::setting::Setting;

pub(super) const SETTINGS: &[Setting] = &[
    Setting::plain(
        "MESSAGE_TEMPLATES",
        "不限制（由微信判断） / none: WeChat decides",
        "只允许使用的订阅消息模板，写模板 ID，或 账号名/模板ID，逗号分隔；订阅和发送都检查",
        "the only templates that may be subscribed to and sent, as template id or account/template id, comma-separated",
    )
    .example("tmpl-id-1,mini/tmpl-id-2"),
    Setting::plain(
        "MESSAGE_RECIPIENTS",
        "any",
        "POST /api/message/send 可以发给谁：any 由微信判断，known 只发给登录过、订阅过或有过行为的用户",
        "whom messages may be sent to on request: any (WeChat decides), known (who logged in, subscribed or did something)",
    )
    .example("known"),
    Setting::plain(
        "MESSAGE_PAGES",
        "pages/*,*/pages/*,index",
        "消息点开后允许打开的页面，* 代表任意字符，逗号分隔；参数里不能带网址，除非写成 pages/web/index?*",
        "pages a message may open, * for any characters, comma-separated; no parameter may be an address unless the pattern ends with ?*",
    )
    .example("pages/*"),
    Setting::plain(
        "MESSAGE_PER_MINUTE",
        "600",
        "限流开启时，每个 API Key 或员工每分钟最多请求发送几条消息，最多 600",
        "messages one API key or member of staff may ask for in a minute, up to 600, where limits are on",
    )
    .example("600"),
    Setting::plain(
        "MESSAGE_PER_DAY",
        "100000",
        "限流开启时，每个 API Key 或员工每天最多请求发送几条消息；按北京时间零点重新计算",
        "messages one API key or member of staff may ask for in a day (of China), where limits are on",
    )
    .example("100000"),
    Setting::plain(
        "MESSAGE_QUOTA",
        "10000000",
        "微信给每个小程序的每日订阅消息额度；限流开启时，请求发送的消息最多用掉五分之四，其余留给客户线索通知",
        "what WeChat lets a mini program send in a day; where limits are on, messages on request use four fifths at most, the rest is for notifications of leads",
    )
    .example("10000000"),
    Setting::plain(
        "PHONE_PER_USER_DAY",
        "5",
        "限流开启时，每个用户每天最多获取几次手机号（微信按次收费）",
        "phone numbers one person may ask for in a day, where limits are on; WeChat charges for each",
    )
    .example("5"),
    Setting::plain(
        "PHONE_PER_DAY",
        "5000",
        "限流开启时，每个小程序每天最多获取几次手机号",
        "phone numbers all people of one mini program may ask for in a day, where limits are on",
    )
    .example("5000"),
    Setting::plain(
        "ACTION_DUPLICATE_WINDOW",
        "0（关闭 / off）",
        "没有 Idempotency-Key 的相同客户行为，在多长时间内算作重复请求，最多 1h；0 表示每次都记录",
        "for how long the same customer action without an Idempotency-Key counts as a repeated request, up to 1h; 0: never",
    )
    .example("2m"),
];

/// `template`, or `account/template`.
fn template(text: &str) -> Result<AllowedTemplate, Expected> {
    let (account, id) = match text.split_once('/') {
        Some((account, id)) => (Some(account), id),
        None => (None, text),
    };
    let good = |part: &str| {
        !part.is_empty()
            && part.len() <= 128
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if good(id) && account.is_none_or(good) {
        return Ok(AllowedTemplate { account: account.map(str::to_owned), id: id.to_owned() });
    }
    Err(Expected::new(
        "应当是模板 ID，或者 账号名/模板ID。",
        "must be the id of a template, or an account's name, a slash and the id.",
    ))
}

fn page(text: &str) -> Result<String, Expected> {
    PageRules::new(&[text.to_owned()]).map(|_| text.to_owned()).ok_or_else(|| {
        Expected::new(
            "应当是小程序页面路径，可以带 *，例如 pages/*。",
            "must be a page of a mini program, perhaps with *, such as pages/*.",
        )
    })
}

/// What may be sent.
pub(super) fn rules(reader: &mut Reader) -> MessageRules {
    let most = Duration::from_secs(3_600);
    let window = reader.value("ACTION_DUPLICATE_WINDOW", |text| parse::duration(text, Duration::ZERO, most));
    MessageRules {
        templates: reader.list("MESSAGE_TEMPLATES", template).filter(|list| !list.is_empty()),
        known_recipients: reader
            .value("MESSAGE_RECIPIENTS", |text| parse::word(text, &[("any", false), ("known", true)]))
            .unwrap_or(false),
        pages: reader.list("MESSAGE_PAGES", page).and_then(|list| PageRules::new(&list)).unwrap_or_default(),
        duplicate_window: window.filter(|window| !window.is_zero()),
    }
}

/// How much of it; counted where `on`.
pub(super) fn limits(reader: &mut Reader, on: bool) -> CrmLimits {
    let usual = CrmLimits::default();
    let mut number =
        |name, usual: u64, most| reader.value(name, |text| parse::whole_number(text, 1..=most)).unwrap_or(usual);
    let minute = number("MESSAGE_PER_MINUTE", usual.messages_per_minute.into(), 600);
    CrmLimits {
        on,
        messages_per_minute: u32::try_from(minute).unwrap_or(usual.messages_per_minute),
        messages_per_day: number("MESSAGE_PER_DAY", usual.messages_per_day, MOST),
        message_quota: number("MESSAGE_QUOTA", usual.message_quota, MOST),
        phones_per_person: number("PHONE_PER_USER_DAY", usual.phones_per_person, MOST),
        phones_per_day: number("PHONE_PER_DAY", usual.phones_per_day, MOST),
        ..usual
    }
}

/// A thousand million: nobody needs more in a day.
const MOST: u64 = 1_000_000_000;
