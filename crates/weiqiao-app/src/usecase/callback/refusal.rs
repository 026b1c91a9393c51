//! Deliveries that are refused: counted and logged by cause; the sender is told nothing.

use weixin_proto::callback::{Reason, Refused};

use crate::App;
use crate::error::AppError;

/// Why a delivery was not taken.
#[derive(Debug)]
pub enum CallbackRefusal {
    /// The sender has not proved who he is, or the push is not for us. One answer for every cause.
    NotAuthentic,
    /// The sender is who he says, and what he sent cannot be read.
    Malformed,
    /// Something of ours is down: WeChat is to deliver again.
    Failed(AppError),
}

impl From<AppError> for CallbackRefusal {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

/// Counts and logs a refusal of the codec's.
pub(super) fn refused(app: &App, account: &str, refused: &Refused) -> CallbackRefusal {
    let word = word(refused.reason());
    if let Reason::Stale { behind_s, genuine: true } = *refused.reason() {
        app.callbacks().clock_alarm().stale(behind_s, app.now_ms());
    }
    count(account, word);
    if refused.is_malformed() { CallbackRefusal::Malformed } else { CallbackRefusal::NotAuthentic }
}

/// Counts and logs a refusal by its word.
pub(super) fn count(account: &str, word: &'static str) {
    metrics::counter!("weiqiao_callbacks_refused_total", "reason" => word).increment(1);
    tracing::warn!(account, reason = word, "a callback was refused");
}

fn word(reason: &Reason) -> &'static str {
    match reason {
        Reason::TooLong => "too_long",
        Reason::Query(_) => "query",
        Reason::Stale { genuine: true, .. } => "stale",
        Reason::Stale { genuine: false, .. } => "stale_unsigned",
        Reason::Signature => "signature",
        Reason::NotEncrypted => "not_encrypted",
        Reason::Encrypted => "encrypted",
        Reason::Envelope(_) => "envelope",
        Reason::Body(_) => "body",
        Reason::Receiver => "receiver",
        Reason::Echo => "echo",
        _ => "other",
    }
}
