//! Deliveries that are refused: counted and logged by cause; the sender is told nothing.

use weiqiao_model::AccountName;
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

/// Counts and logs a delivery to an account that receives none, or to no account.
pub(super) fn no_callback(account: Option<&str>) -> CallbackRefusal {
    count(spoken(account), "no_callback");
    CallbackRefusal::NotAuthentic
}

/// The name in an address, as far as the log repeats it: anybody may write anything there, and only what could be the name of an
/// account helps whoever looks for a slip of the pen.
fn spoken(account: Option<&str>) -> &str {
    let Some(name) = account else { return "" };
    if AccountName::new(name).is_ok() { name } else { "…" }
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

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn only_what_could_be_an_account_is_repeated() {
        assert_eq!(spoken(Some("shop-guangzhuo")), "shop-guangzhuo");
        assert_eq!(spoken(None), "");
        for outside in [&"x".repeat(9000), &"x".repeat(65), "", "a b", "a\nb", "账号", "../etc", "a=1&token=2"] {
            assert_eq!(spoken(Some(outside)), "…", "{outside}");
        }
    }
}
