//! The rules in force, compiled, and which of them fits a push.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use regex::Regex;
use weiqiao_model::AccountName;
use weixin_proto::callback::event::Event;
use weixin_proto::callback::message::Message;
use weixin_proto::callback::{Inbound, Kind};

use super::rule::compile;
use super::{On, ReplySpec, Rule};

/// The most rules there may be, file and database each.
pub const MAX_RULES: usize = 1_000;

/// Rules in the order they are asked.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    rules: Vec<Compiled>,
}

#[derive(Debug, Clone)]
struct Compiled {
    rule: Arc<Rule>,
    equals: Option<String>,
    contains: Option<String>,
    regex: Option<Arc<Regex>>,
}

/// The rule that decided.
#[derive(Debug, Clone)]
pub struct Matched {
    /// The rule.
    pub rule: Arc<Rule>,
}

impl Matched {
    /// What it says.
    #[must_use]
    pub fn reply(&self) -> &ReplySpec {
        &self.rule.draft.reply
    }
}

impl RuleSet {
    /// Compiles the rules that are in force. Expressions the `earlier` set has compiled already are taken over.
    ///
    /// The greatest priority goes first; among equals the file before the database, and there the older before the newer.
    #[must_use]
    pub fn compile(rules: impl IntoIterator<Item = Rule>, earlier: &Self) -> Self {
        let known: HashMap<&str, &Arc<Regex>> =
            earlier.rules.iter().filter_map(|rule| rule.regex.as_ref()).map(|regex| (regex.as_str(), regex)).collect();
        let mut rules: Vec<Compiled> = rules
            .into_iter()
            .filter(|rule| rule.draft.enabled)
            .filter_map(|rule| Compiled::new(rule, &known))
            .collect();
        rules.sort_by_key(|compiled| std::cmp::Reverse(compiled.rule.draft.priority));
        Self { rules }
    }

    /// How many rules are in force.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether no rule is in force.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The first rule that fits the push and whose reply WeChat would take as an answer to it.
    #[must_use]
    pub fn decide(&self, account: &AccountName, inbound: &Inbound) -> Option<Matched> {
        let subjects = Subjects::of(inbound);
        self.rules
            .iter()
            .filter(|compiled| compiled.rule.draft.account.as_ref().is_none_or(|only| only == account))
            .filter(|compiled| compiled.fits(&subjects))
            .find(|compiled| compiled.rule.draft.reply.check_for(inbound).is_ok())
            .map(|compiled| Matched { rule: Arc::clone(&compiled.rule) })
    }
}

impl Compiled {
    /// `None` for an expression that does not compile: a row of a later version with other limits.
    fn new(rule: Rule, known: &HashMap<&str, &Arc<Regex>>) -> Option<Self> {
        let condition = &rule.draft.condition;
        let regex = match condition.regex.as_deref() {
            None => None,
            Some(pattern) => Some(match known.get(pattern) {
                Some(regex) => Arc::clone(regex),
                None => Arc::new(compile(pattern).ok()?),
            }),
        };
        let (equals, contains) = (condition.equals.as_deref().map(folded), condition.contains.as_deref().map(folded));
        Some(Self { equals, contains, regex, rule: Arc::new(rule) })
    }

    fn fits(&self, subjects: &Subjects<'_>) -> bool {
        let Some(subject) = subjects.on(self.rule.draft.condition.on) else { return false };
        if self.equals.is_none() && self.contains.is_none() {
            return self.regex.as_ref().is_none_or(|regex| regex.is_match(subject));
        }
        let plain = folded(subject);
        self.equals.as_ref().is_none_or(|equals| plain == *equals)
            && self.contains.as_ref().is_none_or(|contains| plain.contains(contains.as_str()))
            && self.regex.as_ref().is_none_or(|regex| regex.is_match(subject))
    }
}

/// As texts are compared: without blanks around them, in lower case.
fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// What of a push the rules look at.
struct Subjects<'a> {
    text: Option<&'a str>,
    event: Option<Cow<'a, str>>,
    menu: Option<&'a str>,
    scan: Option<&'a str>,
    any: bool,
}

impl<'a> Subjects<'a> {
    fn of(inbound: &'a Inbound) -> Self {
        let mut subjects = Self { text: None, event: None, menu: None, scan: None, any: false };
        match &inbound.kind {
            Kind::Message(message) => {
                subjects.any = true;
                if let Message::Text(text) = message {
                    subjects.text = Some(&text.content);
                }
            }
            Kind::Event(event) => {
                subjects.event = Some(Cow::Borrowed(event.name()));
                match event {
                    Event::Subscribe(subscribe) => {
                        subjects.scan = subscribe.scene.as_deref();
                        subjects.any = true;
                    }
                    Event::Scan(scan) => {
                        subjects.scan = Some(&scan.scene);
                        subjects.any = true;
                    }
                    Event::Click(_)
                    | Event::ScancodePush(_)
                    | Event::ScancodeWaitmsg(_)
                    | Event::PicSysphoto(_)
                    | Event::PicPhotoOrAlbum(_)
                    | Event::PicWeixin(_)
                    | Event::LocationSelect(_) => {
                        subjects.menu = inbound.fields().text("EventKey");
                        subjects.any = true;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        subjects
    }

    fn on(&self, on: On) -> Option<&str> {
        match on {
            On::Text => self.text,
            On::Event => self.event.as_deref(),
            On::Menu => self.menu,
            On::Scan => self.scan,
            On::Any => self.any.then_some(""),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use weixin_proto::callback::Limits;

    use super::super::{RuleDraft, RuleSource};
    use super::*;

    fn set(rules: &[Value]) -> RuleSet {
        let rules = rules.iter().enumerate().map(|(number, rule)| Rule {
            id: number.to_string(),
            source: RuleSource::Staff,
            draft: RuleDraft::from_json(rule.as_object().unwrap()).unwrap(),
            created_at: 0,
            updated_at: 0,
        });
        RuleSet::compile(rules, &RuleSet::default())
    }

    fn push(inner: &str) -> Inbound {
        let xml = format!(
            "<xml><ToUserName>gh</ToUserName><FromUserName>o</FromUserName><CreateTime>1</CreateTime>{inner}</xml>"
        );
        Inbound::parse(xml, &Limits::default()).unwrap()
    }

    fn text(content: &str) -> Inbound {
        push(&format!("<MsgType>text</MsgType><Content><![CDATA[{content}]]></Content><MsgId>1</MsgId>"))
    }

    fn event(name: &str, key: &str) -> Inbound {
        push(&format!("<MsgType>event</MsgType><Event>{name}</Event><EventKey>{key}</EventKey>"))
    }

    fn which(set: &RuleSet, inbound: &Inbound) -> Option<String> {
        set.decide(&AccountName::new("official").unwrap(), inbound).map(|matched| matched.rule.id.clone())
    }

    fn says(on: Value) -> Value {
        json!({"match": on, "reply": {"type": "text", "content": "x"}})
    }

    #[test]
    fn every_way_to_match() {
        for (on, fits, other) in [
            (json!({"on": "text", "equals": "Hello"}), text(" hello\n"), text("hello you")),
            (json!({"on": "text", "contains": "价格"}), text("请问价格？"), text("价 格")),
            (json!({"on": "text", "regex": "^查询 ?\\d+$"}), text("查询 42"), text("查询 x")),
            (json!({"on": "text", "contains": "a", "regex": "^b"}), text("ba"), text("ab")),
            (json!({"on": "text"}), text(""), event("CLICK", "V1")),
            (json!({"on": "event", "equals": "subscribe"}), event("SUBSCRIBE", ""), event("unsubscribe", "")),
            (json!({"on": "menu", "equals": "V1001"}), event("CLICK", "V1001"), event("SCAN", "V1001")),
            (json!({"on": "scan", "equals": "42"}), event("SCAN", "42"), event("CLICK", "42")),
            (json!({"on": "scan", "equals": "42"}), event("subscribe", "qrscene_42"), event("subscribe", "")),
            (json!({"on": "any"}), event("subscribe", ""), event("LOCATION", "")),
            (json!({"on": "any"}), text("whatever"), event("VIEW", "http://a.cn")),
        ] {
            let set = set(&[says(on.clone())]);
            assert_eq!(which(&set, &fits).as_deref(), Some("0"), "{on}");
            assert_eq!(which(&set, &other), None, "{on}");
        }
    }

    #[test]
    fn the_greatest_priority_goes_first_then_the_older() {
        let rule = |priority: i64| json!({"priority": priority, "match": {"on": "any"}, "reply": {"type": "none"}});
        assert_eq!(which(&set(&[rule(0), rule(0)]), &text("a")).as_deref(), Some("0"));
        assert_eq!(which(&set(&[rule(0), rule(9), rule(9), rule(-1)]), &text("a")).as_deref(), Some("1"));
    }

    #[test]
    fn rules_of_others_and_rules_at_rest_are_not_asked() {
        let theirs = json!({"account": "shop", "match": {"on": "any"}, "reply": {"type": "none"}});
        let resting = json!({"enabled": false, "match": {"on": "any"}, "reply": {"type": "none"}});
        let ours = json!({"account": "official", "match": {"on": "any"}, "reply": {"type": "none"}});
        let set = set(&[theirs, resting, ours]);
        assert_eq!(set.len(), 2);
        assert_eq!(which(&set, &text("a")).as_deref(), Some("2"));
    }

    #[test]
    fn a_reply_wechat_would_not_take_here_is_passed_over() {
        let transfer = json!({"match": {"on": "any"}, "reply": {"type": "transfer"}});
        let set = set(&[transfer, says(json!({"on": "any"}))]);
        assert_eq!(which(&set, &text("a")).as_deref(), Some("0"));
        assert_eq!(which(&set, &event("subscribe", "")).as_deref(), Some("1"));
    }
}
