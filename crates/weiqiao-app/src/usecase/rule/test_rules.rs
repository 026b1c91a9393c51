//! What would be answered?

use serde_json::json;
use weiqiao_model::{AccountKind, ApiScope};
use weixin_proto::callback::{Inbound, Limits};

use super::rules_in_force;
use crate::App;
use crate::caller::Caller;
use crate::decide::{ReplySpec, Rule};
use crate::error::{AppError, Result};
use crate::usecase::staff::Permission;

/// Something a person might do.
#[derive(Debug, Clone, Default)]
pub struct RuleTest {
    /// The account it is done to; the default official account when missing.
    pub account: Option<String>,
    /// A text that is written.
    pub text: Option<String>,
    /// The name of an event.
    pub event: Option<String>,
    /// The key of the event: of a menu button, or a scene.
    pub event_key: Option<String>,
}

/// What would be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTestAnswer {
    /// The rule that fits; `None`: webhooks and handlers would be asked.
    pub rule: Option<Rule>,
    /// What it says.
    pub reply: ReplySpec,
}

/// Tries the rules. Nothing is stored and nobody is answered.
///
/// # Errors
///
/// `Unauthorized`, `Forbidden`; `Invalid` without text and event; `NotFound` for an account that does not exist.
pub async fn test_rules(app: &App, caller: &Caller, test: RuleTest) -> Result<RuleTestAnswer> {
    caller.demand(Permission::ReadCallbacks, ApiScope::Admin)?;
    let account = match test.account.as_deref() {
        Some(name) => app.accounts().named(name)?,
        None => app.accounts().pick(AccountKind::Official, None)?,
    };
    let push = match (&test.text, &test.event) {
        (Some(text), None) => json!({"MsgType": "text", "Content": text, "MsgId": 1}),
        (None, Some(event)) => {
            let mut key = test.event_key.clone().unwrap_or_default();
            if event.eq_ignore_ascii_case("subscribe") && !key.is_empty() && !key.starts_with("qrscene_") {
                key.insert_str(0, "qrscene_");
            }
            json!({"MsgType": "event", "Event": event, "EventKey": key})
        }
        _ => return Err(AppError::field("text", "oneof", "text 与 event 要给出其中一个")),
    };
    let inbound = inbound(push)?;
    let matched = rules_in_force(app).await?.decide(&account.name, &inbound);
    Ok(match matched {
        Some(matched) => RuleTestAnswer { reply: matched.reply().clone(), rule: Some((*matched.rule).clone()) },
        None => RuleTestAnswer { rule: None, reply: ReplySpec::None },
    })
}

fn inbound(mut push: serde_json::Value) -> Result<Inbound> {
    if let Some(fields) = push.as_object_mut() {
        fields.insert("ToUserName".to_owned(), json!("gh_test"));
        fields.insert("FromUserName".to_owned(), json!("o_test"));
        fields.insert("CreateTime".to_owned(), json!(1));
    }
    let unreadable = |_| AppError::field("event", "format", "event 或 text 含有不能使用的字符");
    Inbound::parse(push.to_string(), &Limits::default()).map_err(unreadable)
}
