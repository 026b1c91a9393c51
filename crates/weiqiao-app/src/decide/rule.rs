//! One rule: when, and what then.

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weiqiao_model::AccountName;
use weixin_proto::callback::reply::Reply;

use super::ReplySpec;
use super::reply::{is_unseemly, problem};
use crate::error::FieldProblem;

/// The longest text a rule compares with, in characters.
const LONGEST: usize = 512;
/// Memory one compiled expression may take, in bytes. `(a{1000}){1000}` does not fit.
const REGEX_SIZE: usize = 256 * 1024;
/// Priorities are between these.
const PRIORITY: i64 = 1_000_000;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// The content of a text message.
    Text,
    /// The name of an event, such as `subscribe`.
    Event,
    /// The key of a menu button.
    Menu,
    /// The scene of a parametric QR code, of followers and of those who follow by it.
    Scan,
    /// Whatever a person did that can be answered: every message, following, scanning, a menu button. No conditions.
    Any,
}

impl On {
    const WORDS: [(&'static str, Self); 5] =
        [("text", Self::Text), ("event", Self::Event), ("menu", Self::Menu), ("scan", Self::Scan), ("any", Self::Any)];
}

/// When a rule fits. All conditions that are given have to hold; without any, everything of its kind fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What is looked at.
    pub on: On,
    /// It is this, blanks around it aside; letters in either case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<String>,
    /// It has this in it; letters in either case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// It fits this expression (syntax of the `regex` crate; linear time, no look-around).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regex: Option<String>,
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleSource {
    /// Made by staff, in the database.
    Staff,
    /// From the configuration file; not changed by staff.
    File,
}

/// A rule that is checked and has no id yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDraft {
    /// For one account only, by its name; `None` for all.
    pub account: Option<AccountName>,
    /// The greater goes first.
    pub priority: i64,
    /// Whether it is in force.
    pub enabled: bool,
    /// When.
    pub condition: Condition,
    /// What then.
    pub reply: ReplySpec,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Our id of it; `file-<n>` for one of the file.
    pub id: String,
    /// Where it comes from.
    pub source: RuleSource,
    /// What it says.
    pub draft: RuleDraft,
    /// When it was made, epoch milliseconds; 0 for one of the file.
    pub created_at: i64,
    /// When it was changed, epoch milliseconds; 0 for one of the file.
    pub updated_at: i64,
}

impl RuleDraft {
    /// Reads a rule as the API and the file write it:
    /// `{"account"?, "priority"?, "enabled"?, "match": {"on", "equals"?, "contains"?, "regex"?}, "reply": {…}}`.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, by field, in Chinese.
    pub fn from_json(fields: &Map<String, Value>) -> Result<Self, FieldProblem> {
        const KNOWN: [&str; 5] = ["account", "priority", "enabled", "match", "reply"];
        if let Some(name) = fields.keys().find(|name| !KNOWN.contains(&name.as_str())) {
            return Err(problem(FieldProblem::spoken_name(name).to_owned(), "unknown", "不是规则的字段"));
        }
        let account = text(fields, "account", "account")?
            .map(|name| AccountName::new(name).map_err(|_| problem("account", "account", "格式不正确")))
            .transpose()?;
        let priority = match fields.get("priority") {
            None | Some(Value::Null) => 0,
            Some(value) => value
                .as_i64()
                .filter(|priority| (-PRIORITY..=PRIORITY).contains(priority))
                .ok_or_else(|| problem("priority", "range", format!("必须是 -{PRIORITY} 到 {PRIORITY} 之间的整数")))?,
        };
        let enabled = match fields.get("enabled") {
            None | Some(Value::Null) => true,
            Some(Value::Bool(enabled)) => *enabled,
            Some(_) => return Err(problem("enabled", "type", "必须是 true 或 false")),
        };
        let condition = match fields.get("match") {
            Some(Value::Object(fields)) => Condition::from_json(fields)?,
            None | Some(Value::Null) => return Err(problem("match", "required", "不能为空")),
            Some(_) => return Err(problem("match", "type", "必须是 JSON 对象")),
        };
        let reply = match fields.get("reply") {
            None | Some(Value::Null) => return Err(problem("reply", "required", "不能为空")),
            Some(value) => ReplySpec::from_json("reply", value)?,
        };
        fits(condition.on, &reply)?;
        Ok(Self { account, priority, enabled, condition, reply })
    }
}

impl Condition {
    fn from_json(fields: &Map<String, Value>) -> Result<Self, FieldProblem> {
        const KNOWN: [&str; 4] = ["on", "equals", "contains", "regex"];
        if let Some(name) = fields.keys().find(|name| !KNOWN.contains(&name.as_str())) {
            return Err(problem(format!("match.{}", FieldProblem::spoken_name(name)), "unknown", "不是匹配条件"));
        }
        let word = text(fields, "on", "match.on")?.ok_or_else(|| problem("match.on", "required", "不能为空"))?;
        let Some((_, on)) = On::WORDS.into_iter().find(|(known, _)| *known == word) else {
            let words = On::WORDS.map(|(word, _)| word).join("、");
            return Err(problem("match.on", "oneof", format!("只能是 {words}")));
        };
        let condition = Self {
            on,
            equals: text(fields, "equals", "match.equals")?,
            contains: text(fields, "contains", "match.contains")?,
            regex: text(fields, "regex", "match.regex")?,
        };
        let given = [&condition.equals, &condition.contains, &condition.regex];
        if on == On::Any && given.iter().any(|given| given.is_some()) {
            return Err(problem("match.on", "any", "为 any 时不能再有其他条件"));
        }
        if let Some(pattern) = &condition.regex {
            compile(pattern).map_err(|()| problem("match.regex", "regex", "不是可用的正则表达式，或者过于复杂"))?;
        }
        Ok(condition)
    }
}

/// Compiles an expression within its limits.
pub(super) fn compile(pattern: &str) -> Result<Regex, ()> {
    RegexBuilder::new(pattern).size_limit(REGEX_SIZE).dfa_size_limit(REGEX_SIZE).nest_limit(64).build().map_err(drop)
}

/// Refuses replies that could never be given to what the rule looks at.
fn fits(on: On, reply: &ReplySpec) -> Result<(), FieldProblem> {
    match (on, reply) {
        (On::Text | On::Any, ReplySpec::Reply(Reply::News(news))) if news.articles.len() > 1 => {
            Err(problem("reply.articles", "limit", "回复消息时只能有一条图文"))
        }
        (On::Event | On::Menu | On::Scan, ReplySpec::Reply(Reply::TransferCustomerService(_))) => {
            Err(problem("reply.type", "limit", "为 transfer 时只能回复消息，不能回复事件"))
        }
        _ => Ok(()),
    }
}

/// A text that is there and not empty.
fn text(fields: &Map<String, Value>, name: &str, at: &'static str) -> Result<Option<String>, FieldProblem> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Err(problem(at, "required", "不能为空")),
        Some(Value::String(text)) if text.chars().count() > LONGEST => {
            Err(problem(at, "max", format!("不能超过 {LONGEST} 个字符")))
        }
        Some(Value::String(text)) if text.chars().any(is_unseemly) => Err(problem(at, "format", "含有控制字符")),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(problem(at, "type", "必须是字符串")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Result<RuleDraft, String> {
        RuleDraft::from_json(value.as_object().unwrap()).map_err(|problem| problem.message)
    }

    #[test]
    fn the_documented_shape() {
        let draft = read(json!({
            "account": "shop", "priority": -5, "enabled": false,
            "match": {"on": "text", "contains": "价格"}, "reply": {"type": "text", "content": "一百"},
        }))
        .unwrap();
        assert_eq!((draft.account.unwrap().as_str(), draft.priority, draft.enabled), ("shop", -5, false));
        assert_eq!(draft.condition.contains.as_deref(), Some("价格"));
        let short = read(json!({"match": {"on": "any"}, "reply": {"type": "none"}})).unwrap();
        assert_eq!((short.account, short.priority, short.enabled), (None, 0, true));
    }

    #[test]
    fn conditions_are_measured_in_characters() {
        for name in ["equals", "contains", "regex"] {
            let of =
                |length| read(json!({"match": {"on": "text", name: "价".repeat(length)}, "reply": {"type": "none"}}));
            assert!(of(512).is_ok(), "{name}");
            assert_eq!(of(513).unwrap_err(), format!("match.{name} 不能超过 512 个字符"));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let none = json!({"type": "none"});
        for (rule, text) in [
            (json!({}), "match 不能为空"),
            (json!({"match": {"on": "any"}}), "reply 不能为空"),
            (json!({"match": {"on": "all"}, "reply": none}), "match.on 只能是 text、event、menu、scan、any"),
            (json!({"match": {"on": "any", "equals": "a"}, "reply": none}), "match.on 为 any 时不能再有其他条件"),
            (json!({"match": {"on": "text", "equals": " "}, "reply": none}), "match.equals 不能为空"),
            (
                json!({"match": {"on": "text", "regex": "("}, "reply": none}),
                "match.regex 不是可用的正则表达式，或者过于复杂",
            ),
            (
                json!({"match": {"on": "text", "regex": "(a{500}){500}"}, "reply": none}),
                "match.regex 不是可用的正则表达式，或者过于复杂",
            ),
            (json!({"match": {"on": "text", "Equals": "a"}, "reply": none}), "match.Equals 不是匹配条件"),
            (json!({"match": {"on": "any"}, "reply": none, "weight": 1}), "weight 不是规则的字段"),
            (
                json!({"match": {"on": "any"}, "reply": none, "priority": "1"}),
                "priority 必须是 -1000000 到 1000000 之间的整数",
            ),
            (json!({"match": {"on": "any"}, "reply": none, "enabled": 1}), "enabled 必须是 true 或 false"),
            (json!({"match": {"on": "any"}, "reply": none, "account": "../x"}), "account 格式不正确"),
            (
                json!({"match": {"on": "menu"}, "reply": {"type": "transfer"}}),
                "reply.type 为 transfer 时只能回复消息，不能回复事件",
            ),
            (
                json!({"match": {"on": "text"}, "reply": {"type": "news", "articles": [{"title": "1"}, {"title": "2"}]}}),
                "reply.articles 回复消息时只能有一条图文",
            ),
        ] {
            assert_eq!(read(rule.clone()).unwrap_err(), text, "{rule}");
        }
    }
}
