//! What advisors are owed and what was sent on request, and how that goes.

pub(super) mod cancel;
pub(super) mod list;
pub(super) mod read;
pub(super) mod retry;

use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::customer::ListedNotification;

use super::job::seconds;

/// A notification.
#[derive(Serialize, ToSchema)]
pub(crate) struct NotificationBody {
    /// Its id.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// What it is owed for; nothing for a message that was sent on request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d0f")]
    action_id: Option<String>,
    /// To whom; nothing for a message that was sent on request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "advisor-li")]
    advisor_id: Option<String>,
    /// Who asked for a message that no action owes: `key <id>` or `staff <id>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    sender: Option<String>,
    /// Their openid; nothing when they are to be forgotten.
    #[schema(example = "oGZUI0egBJY1zhBYw2KhdUfwVJJE")]
    touser: Option<String>,
    /// In which form.
    #[schema(example = "weiqiao-demo-customer-notification-template")]
    template_id: String,
    /// `queued`, `sending`, `retrying`, `sent`, `refused`, `uncertain`, `cancelled`, `dead`.
    #[schema(example = "sent")]
    status: &'static str,
    /// How often it was tried: every call that was begun, also one that WeChat throttled, which uses up nothing of the
    /// schedule. In the detail the tries themselves stand here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1)]
    attempts: Option<i64>,
    /// When it is tried next, epoch seconds; while its whole account has to wait, when that ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<i64>,
    /// WeChat's number in the last refusal; of one that is sent, 43101 says that it arrived by the try before.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_errcode: Option<i64>,
    /// Why the last try was not the last one needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// WeChat's number of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "3248682510344192008")]
    msgid: Option<String>,
    /// When it was owed, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<ListedNotification> for NotificationBody {
    fn from(listed: ListedNotification) -> Self {
        let ListedNotification { stored, touser, next_attempt_at, damaged } = listed;
        Self {
            id: stored.id,
            action_id: stored.action_id,
            advisor_id: Some(stored.advisor_id).filter(|id| !id.is_empty()),
            sender: stored.sender,
            touser,
            template_id: stored.template_id,
            status: stored.status.as_str(),
            attempts: Some(stored.attempts),
            next_attempt_at: next_attempt_at.map(seconds),
            last_errcode: stored.last_errcode,
            last_error: stored.last_error,
            msgid: stored.reference,
            created_at: seconds(stored.created_at),
            damaged: damaged.into_names(),
        }
    }
}
