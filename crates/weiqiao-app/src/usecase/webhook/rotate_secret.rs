//! A new secret, with the old one beside it for a while.

use std::time::Duration;

use serde_json::json;
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::webhook::RotateEndpointSecret;

use super::unknown;
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, Result};
use crate::webhook::{WebhookSecret, place};

/// A secret that was made just now.
#[derive(Debug)]
pub struct RotatedSecret {
    /// The new secret. It is shown this once.
    pub secret: WebhookSecret,
    /// Until when the earlier one signs too, epoch milliseconds.
    pub previous_until: i64,
}

/// The longest overlap, in hours.
const LONGEST_HOURS: i64 = 7 * 24;

/// Replaces the secret of an endpoint. For `overlap_hours` (24 when nothing is said, 0 for none) deliveries carry the
/// signatures of both, so that the receiver can be changed in peace.
///
/// # Errors
///
/// `NotFound`; `Invalid` for an overlap of more than a week.
pub async fn rotate_secret(
    app: &App,
    actor: impl Into<Actor>,
    id: &str,
    overlap_hours: Option<i64>,
) -> Result<RotatedSecret> {
    let hours = overlap_hours.unwrap_or(24);
    let range = u64::try_from(hours).ok().filter(|_| hours <= LONGEST_HOURS);
    let Some(hours) = range else {
        return Err(AppError::field("overlap_hours", "range", "overlap_hours 必须在 0 到 168 之间"));
    };
    let secret = WebhookSecret::random(app.rng());
    let sealed = app.vault().seal(place("secret", id), secret.expose().as_bytes());
    let now = app.now_ms();
    let overlap = i64::try_from(Duration::from_secs(hours * 3_600).as_millis()).unwrap_or(i64::MAX);
    let previous_until = now.saturating_add(overlap);
    let rotate = RotateEndpointSecret { id: id.to_owned(), secret: sealed, previous_until, now };
    let entry = app.audit_entry(actor, Deed::WebhookChanged, "webhook", id, &json!({ "what": "secret" }));
    if !app.store().run(Audited::new(rotate, entry, |done| *done)).await? {
        return Err(unknown());
    }
    app.webhooks().forget();
    Ok(RotatedSecret { secret, previous_until })
}
