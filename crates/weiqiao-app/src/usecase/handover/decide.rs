//! The phone answers.

use weiqiao_store::facts::handover::DecideHandover;
use weixin_proto::sign::ct_eq;

use super::{about, find, invalid};
use crate::App;
use crate::error::Result;
use crate::usecase::session::SessionContext;

/// What the phone answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes, the computer shows this number.
    Confirm {
        /// The number that was picked.
        number: u8,
    },
    /// No.
    Decline,
}

/// What the phone's form has to bring back: proof that our own page, shown to this session, asked the question.
#[must_use]
pub fn handover_proof(app: &App, ticket: &str, session: &SessionContext) -> String {
    app.vault().fingerprint("handover form", &[ticket, session.session_id.as_str()])
}

/// Records the answer. Whether the computer may log in now: not after a wrong number, which counts as no.
///
/// # Errors
///
/// `NotFound` for an unknown instance; `Invalid` with code `HANDOVER_INVALID` when there is nothing to confirm any more, or
/// when the phone's session is another account's, or without the right [`handover_proof`]; `Unavailable` when the database
/// is down.
pub async fn decide_handover(
    app: &App,
    instance: &str,
    ticket: &str,
    session: &SessionContext,
    proof: &str,
    decision: Decision,
) -> Result<bool> {
    let instance = app.instances().named(instance)?;
    if !ct_eq(handover_proof(app, ticket, session).as_bytes(), proof.as_bytes()) {
        return Err(invalid());
    }
    let now = app.now_ms();
    let found = find(app, instance, ticket).await?.filter(|found| !found.is_over(now)).ok_or_else(invalid)?;
    let about = about(app, instance, &found)?;
    let agreed = matches!(decision, Decision::Confirm { number } if number == about.number);
    let decide = DecideHandover {
        hash: found.hash,
        app_id: instance.account.app_id().clone(),
        phone_session: agreed.then(|| session.session_id.clone()),
        now,
    };
    if app.store().run(decide).await? { Ok(agreed) } else { Err(invalid()) }
}
