//! How callbacks are received, by all accounts alike; and the rules of the file.

use std::time::Duration;

use serde_json::Value;
use weiqiao_app::callback::SourceCheck;
use weiqiao_app::decide::{MAX_RULES, RuleDraft};
use weiqiao_app::settings::AuthMode;
use weiqiao_model::AccountName;

use super::WechatSection;
use crate::config::parse;
use crate::config::reader::Reader;
use crate::config::setting::Setting;

/// See [`super::Settings::callback`].
#[derive(Debug, Clone)]
pub struct CallbackSection {
    /// How far the time stamp of a delivery may be from our clock, either way.
    pub window: Duration,
    /// The longest body, in bytes.
    pub body_limit: usize,
    /// What is done about deliveries from addresses that are not WeChat's.
    pub source_check: SourceCheck,
    /// How long pushes are kept.
    pub keep: Duration,
    /// The rules of the file.
    pub rules: Vec<RuleDraft>,
}

const CHECKS: [(&str, SourceCheck); 3] =
    [("off", SourceCheck::Off), ("log", SourceCheck::Log), ("refuse", SourceCheck::Refuse)];

pub(super) const SETTINGS: &[Setting] = &[
    Setting::plain(
        "CALLBACK_WINDOW",
        "300s",
        "推送的时间戳与本机时钟最多相差多久，最多 900s",
        "how far the time stamp of a push may be from our clock, 900s at most",
    )
    .example("300s"),
    Setting::plain(
        "CALLBACK_BODY_LIMIT",
        "64",
        "推送内容的上限，KiB，64 到 1024",
        "longest push in KiB, 64 to 1024",
    )
    .example("64"),
    Setting::plain(
        "CALLBACK_SOURCE_CHECK",
        "strict: log, open: off",
        "来源 IP 不在微信公布的列表中时：off 不检查，log 只记录，refuse 拒绝；在反向代理之后还要设置 TRUSTED_PROXIES",
        "pushes from addresses that are not on WeChat's list: off, log, or refuse; behind a proxy set TRUSTED_PROXIES too",
    )
    .example("log"),
    Setting::plain(
        "CALLBACK_KEEP_DAYS",
        "7",
        "收到的消息保存几天，1 到 3650；到期后删除",
        "how many days pushes are kept, 1 to 3650",
    )
    .example("7"),
];

pub(super) fn read(reader: &mut Reader, mode: AuthMode, wechat: &WechatSection) -> CallbackSection {
    let (second, longest) = (Duration::from_secs(1), Duration::from_secs(900));
    let window = reader.value("CALLBACK_WINDOW", |text| parse::duration(text, second, longest));
    let kib = reader.value("CALLBACK_BODY_LIMIT", |text| parse::whole_number(text, 64..=1024)).unwrap_or(64);
    let days = reader.value("CALLBACK_KEEP_DAYS", |text| parse::whole_number(text, 1..=3650)).unwrap_or(7);
    let usual = if mode.is_strict() { SourceCheck::Log } else { SourceCheck::Off };
    CallbackSection {
        window: window.unwrap_or(Duration::from_secs(300)),
        body_limit: usize::try_from(kib).unwrap_or(64).saturating_mul(1024),
        source_check: reader.value("CALLBACK_SOURCE_CHECK", |text| parse::word(text, &CHECKS)).unwrap_or(usual),
        keep: Duration::from_secs(days.saturating_mul(24 * 60 * 60)),
        rules: rules(reader, wechat),
    }
}

/// The `[[rules]]` tables: the same fields as `POST /api/admin/rules`.
fn rules(reader: &mut Reader, wechat: &WechatSection) -> Vec<RuleDraft> {
    let tables = reader.rule_tables();
    if tables.len() > MAX_RULES {
        let (zh, en) = (format!("最多 {MAX_RULES} 条。"), format!("has more than {MAX_RULES} rules."));
        reader.refuse("rules", zh, en);
        return Vec::new();
    }
    let mut rules = Vec::new();
    for (number, table) in (1_usize..).zip(tables) {
        let Ok(Value::Object(fields)) = serde_json::to_value(table) else {
            reader.refuse("rules", "请写成 [[rules]] 表。", "must be written as [[rules]] tables.");
            continue;
        };
        match RuleDraft::from_json(&fields) {
            Ok(rule) => {
                let known = |name: &AccountName| {
                    wechat.accounts.iter().any(|account| account.account.name == *name)
                        || wechat.refused.may_be(name.as_str())
                };
                if rule.account.as_ref().is_some_and(|name| !known(name)) {
                    reader.refuse(format!("rules.{number}.account"), "没有这个账号。", "names no account.");
                }
                rules.push(rule);
            }
            Err(problem) => {
                let key = format!("rules.{number}.{}", problem.field);
                let zh = problem.message.strip_prefix(&*problem.field).unwrap_or(&problem.message).trim();
                reader.refuse(key, format!("{zh}。"), format!("{}; see docs/callbacks.md.", english(problem.rule)));
            }
        }
    }
    rules
}

/// What is wrong with a field of a rule.
fn english(rule: &str) -> &'static str {
    match rule {
        "required" => "is missing",
        "unknown" => "is no field here",
        "type" => "is of the wrong kind",
        "oneof" => "is none of the words that may stand here",
        "max" => "is too long",
        "range" => "is out of range",
        "regex" => "is no regular expression that can be used, or too large a one",
        "account" => "is no name of an account",
        "any" => "is any, beside which no other condition can stand",
        "limit" => "is more than WeChat takes as an answer to that",
        _ => "cannot be read",
    }
}
