//! What WeChat pushed.

pub(super) mod list;
pub(super) mod read;
pub(super) mod stream;

use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::inbox::ListedPush;

/// A push, without what was said in it. Times are epoch seconds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PushBody {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// The account it was sent to.
    #[schema(example = "official")]
    account: String,
    /// `message`, `event`, `info` or `other`.
    #[schema(example = "message")]
    kind: String,
    /// The type of message; `event` for events.
    #[schema(example = "text")]
    msg_type: String,
    /// The name of the event.
    event: Option<String>,
    /// The same value for everything one person sent to one account; tells nothing else.
    #[schema(example = "8f1c2b0d")]
    who: Option<String>,
    /// How it came: `plain`, `compatible` or `safe`, and `xml` or `json`.
    #[schema(example = "safe xml")]
    form: String,
    /// `done`, or `deciding` while a webhook or a handler is asked, or while a copy may still come for what they said.
    #[schema(example = "done")]
    state: &'static str,
    /// Whether something was answered.
    #[schema(example = true)]
    replied: bool,
    /// `rule:<id>`, `webhook:<id>`, `handler` or `nobody`; `late` in front when the answer came too late.
    #[schema(example = "rule:0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    decided_by: Option<String>,
    /// How long the decision took, in milliseconds.
    #[schema(example = 3)]
    response_ms: Option<i64>,
    /// How often WeChat delivered it.
    #[schema(example = 1)]
    copies: i64,
    /// When it happened, by WeChat's clock.
    #[schema(example = 1_757_062_690_i64)]
    sent_at: i64,
    /// When it came.
    #[schema(example = 1_757_062_690_i64)]
    received_at: i64,
}

impl From<ListedPush> for PushBody {
    fn from(push: ListedPush) -> Self {
        Self {
            id: push.id,
            account: push.account,
            kind: push.kind,
            msg_type: push.msg_type,
            event: push.event,
            who: push.who.map(|who| who.chars().take(16).collect()),
            form: push.form,
            state: if push.done { "done" } else { "deciding" },
            replied: push.replied,
            decided_by: push.decided_by,
            response_ms: push.response_ms,
            copies: push.copies,
            sent_at: push.sent_at.div_euclid(1000),
            received_at: push.received_at.div_euclid(1000),
        }
    }
}
