//! Rules: what is answered to what.

pub(super) mod change;
pub(super) mod create;
pub(super) mod list;
pub(super) mod remove;
pub(super) mod test;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use weiqiao_app::decide::{Rule, RuleSource};

use crate::engine::{ApiError, Field, Input};

/// A rule as it is sent. The use case reads it field by field, so that what is wrong is told by its name.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct RuleRequest(Map<String, Value>);

impl Input for RuleRequest {
    const NAME: &'static str = "RuleRequest";
    const FIELDS: &'static [Field] = &[
        Field::free("account", "Account"),
        Field::free("priority", "Priority"),
        Field::free("enabled", "Enabled"),
        Field::free("match", "Match"),
        Field::free("reply", "Reply"),
    ];
}

/// When a rule fits, and what then.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleText {
    /// For one account only, by its name; all accounts when missing.
    #[schema(example = "official")]
    account: Option<String>,
    /// The greater goes first; 0 when missing.
    #[schema(example = 10)]
    priority: i64,
    /// Whether it is in force; `true` when missing.
    #[schema(example = true)]
    enabled: bool,
    /// `on`: `text` (its content), `event` (its name), `menu` (the key of the button), `scan` (the scene), or `any` (whatever
    /// a person did). With `equals`, `contains` and `regex`, all that are given have to hold.
    #[serde(rename = "match")]
    #[schema(rename = "match", value_type = Object, example = json!({"on": "text", "contains": "价格"}))]
    condition: Value,
    /// `type`: `text` (`content`), `image`, `voice`, `video` (`media_id`), `music` (`thumb_media_id`), `news` (`articles`),
    /// `transfer` (to customer service, `kf_account`?) or `none`.
    #[schema(value_type = Object, example = json!({"type": "text", "content": "请看 https://shop.example.com/price"}))]
    reply: Value,
}

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleBody {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// `staff`, or `file` for one of the configuration file, which cannot be changed here.
    #[schema(example = "staff")]
    source: &'static str,
    /// What it says.
    #[serde(flatten)]
    text: RuleText,
    /// When it was made, epoch seconds; 0 for one of the file.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// When it was changed, epoch seconds; 0 for one of the file.
    #[schema(example = 1_757_062_690_i64)]
    updated_at: i64,
}

impl RuleBody {
    fn of(rule: Rule) -> Result<Self, ApiError> {
        let Rule { id, source, draft, created_at, updated_at } = rule;
        let text = RuleText {
            account: draft.account.map(|name| name.as_str().to_owned()),
            priority: draft.priority,
            enabled: draft.enabled,
            condition: serde_json::to_value(draft.condition).map_err(ApiError::internal)?,
            reply: serde_json::to_value(draft.reply).map_err(ApiError::internal)?,
        };
        let source = match source {
            RuleSource::Staff => "staff",
            RuleSource::File => "file",
        };
        let seconds = |millis: i64| millis.div_euclid(1000);
        Ok(Self { id, source, text, created_at: seconds(created_at), updated_at: seconds(updated_at) })
    }
}
