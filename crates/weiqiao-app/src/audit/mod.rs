//! Who did what: entries of the audit chain.
//!
//! A use case that does something worth knowing makes an entry with [`App::audit_entry`] and lets it become true in the
//! commit of the deed: inside a command with `facts::audit::append`, around one with `facts::audit::Audited` (`audited` when the
//! entry depends on the answer). Where there is
//! no other commit, [`App::record_audit`] writes it alone. The id of the request comes by itself: the HTTP side says
//! whose turn it is, with [`turn_of`].
//!
//! An entry says who (kind and id), which [`Deed`], to what (kind and id), when, in which request. Everything else is the
//! *detail*: JSON without secrets, sealed under a key that belongs to the chain alone and is itself sealed by the vault. So
//! rows never change, also when the vault's keys do: only the one sealed key at the head of the chain is sealed again.
//!
//! To add a deed: one line in the list in `deed.rs`.

mod actor;
mod book;
mod deed;
mod request;

use serde::Serialize;
use serde_json::Value;
use weiqiao_store::Command;
use weiqiao_store::facts::audit::{Audited, NewAudit, RecordAudit};

pub use actor::Actor;
pub(crate) use book::AuditBook;
pub use deed::{Deed, UnknownDeed};
pub use request::{Request, Turn, in_request, request_id, turn_of, with_request};

use crate::App;
use crate::error::Result;

impl App {
    /// An entry about a deed of `actor`, for the commit that does it. `target_id` is our id of the target, or its name when
    /// that is none of a person. `detail` holds no secret, no openid, no phone and no name of a customer.
    pub fn audit_entry(
        &self,
        actor: impl Into<Actor>,
        deed: Deed,
        target_kind: &'static str,
        target_id: impl Into<String>,
        detail: &Value,
    ) -> NewAudit {
        let actor = actor.into();
        let id = self.new_id::<weiqiao_model::id::kind::Job>().into_string();
        let detail = self.audit_book().seal(&id, detail);
        NewAudit {
            at: self.now_ms(),
            actor_kind: actor.kind(),
            actor_id: actor.into_id(),
            deed: deed.as_str(),
            target_kind,
            target_id: target_id.into(),
            request_id: self.kept_request_id(),
            detail,
            before: None,
            after: None,
            chain_key: self.audit_book().key(),
            id,
        }
    }

    /// The request as the chain may keep it: whoever asked may have put a phone there, and entries stay.
    fn kept_request_id(&self) -> Option<String> {
        Some(self.scrubber().clean(&request_id()?).into_owned())
    }

    /// Writes down a deed that has no commit of its own.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the database is down: then nothing was written, and what is to be known by all must not go on.
    pub async fn record_audit(&self, entry: NewAudit) -> Result<()> {
        Ok(self.store().run(RecordAudit(entry)).await?)
    }

    /// A digest of the state of something, for the `before` and `after` of an entry: equal when nothing changed, and
    /// nothing can be learnt from it without the key of the chain.
    pub fn audit_digest(&self, state: &impl Serialize) -> String {
        self.audit_book().digest(&serde_json::to_string(state).unwrap_or_default())
    }
}

/// A command whose entry is made of its answer. That happens where the row is written, outside of the request's turn, so the
/// request is asked for here.
pub(crate) fn audited<C: Command>(
    command: C,
    entry: impl Fn(&C::Output) -> Option<NewAudit> + Send + Sync + 'static,
) -> Audited<C> {
    let request_id = request_id();
    Audited::with(command, move |output| {
        entry(output).map(|entry| NewAudit { request_id: request_id.clone(), ..entry })
    })
}
