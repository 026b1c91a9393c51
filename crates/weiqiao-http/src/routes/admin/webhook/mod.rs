//! Where events go.

pub(super) mod change;
pub(super) mod create;
pub(super) mod deliveries;
pub(super) mod delivery;
pub(super) mod list;
pub(super) mod read;
pub(super) mod remove;
pub(super) mod replay;
pub(super) mod replay_delivery;
pub(super) mod rotate;
pub(super) mod test;

use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::webhook::ListedEndpoint;

use super::job::seconds;

/// A webhook. Its secret is not shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookBody {
    /// Its id.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// What people call it.
    #[schema(example = "订单系统")]
    name: String,
    /// Where events go.
    #[schema(example = "https://orders.example.com/wechat")]
    url: Option<String>,
    /// Only events of this account; nothing: of all.
    #[schema(example = "official")]
    account: Option<String>,
    /// Which events: types, or beginnings of types with `*` at the end; none: all.
    #[schema(example = json!(["wechat.message.*", "wechat.event.subscribe"]))]
    events: Vec<String>,
    /// Whether it gets any.
    #[schema(example = true)]
    enabled: bool,
    /// Whether it is asked for the reply while WeChat waits.
    #[schema(example = false)]
    synchronous: bool,
    /// Why the service switched it off.
    disabled_reason: Option<String>,
    /// Until when the earlier secret signs too, epoch seconds.
    previous_secret_until: Option<i64>,
    /// Since when every delivery has failed, epoch seconds.
    failing_since: Option<i64>,
    /// When a delivery was taken last, epoch seconds, to the minute.
    last_success_at: Option<i64>,
    /// When a delivery failed last, epoch seconds.
    last_failure_at: Option<i64>,
    /// Why.
    last_error: Option<String>,
    /// Grows with every change.
    #[schema(example = 1)]
    version: i64,
    /// When it was made, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// When it was changed last, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    updated_at: i64,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<ListedEndpoint> for WebhookBody {
    fn from(endpoint: ListedEndpoint) -> Self {
        Self {
            id: endpoint.id,
            name: endpoint.name,
            url: endpoint.url.as_deref().map(shown),
            account: endpoint.account,
            events: endpoint.events,
            enabled: endpoint.enabled,
            synchronous: endpoint.synchronous,
            disabled_reason: endpoint.disabled_reason,
            previous_secret_until: endpoint.previous_secret_until.map(seconds),
            failing_since: endpoint.failing_since.map(seconds),
            last_success_at: endpoint.last_success_at.map(seconds),
            last_failure_at: endpoint.last_failure_at.map(seconds),
            last_error: endpoint.last_error,
            version: endpoint.version,
            created_at: seconds(endpoint.created_at),
            updated_at: seconds(endpoint.updated_at),
            damaged: endpoint.damaged.into_names(),
        }
    }
}

/// What stands in the place of an address's query: keys of other services are often there.
const HIDDEN_QUERY: &str = "?***";

/// An address without its query.
fn shown(url: &str) -> String {
    match url.split_once('?') {
        Some((page, _)) => format!("{page}{HIDDEN_QUERY}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests;
