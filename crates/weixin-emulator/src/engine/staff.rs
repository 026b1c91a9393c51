//! People on the staff of customer service: invitations answered, coming and going.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlError, Engine};
use crate::state::staff::StaffAct;

/// What a person does about a place on the staff.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffRequest {
    pub(crate) account: String,
    pub(crate) kf_account: String,
    pub(crate) action: StaffAct,
}

impl Engine {
    /// The person wants to talk to a member of staff, and waits until one takes them.
    ///
    /// # Errors
    /// When there is no such person or account.
    pub fn wait_for_staff(&self, persona: &str, account: &str) -> Result<(), ControlError> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let app_id = inner.account(account)?.app_id.clone();
        let persona = inner.persona(persona)?.id.clone();
        let now_ms = inner.clock.now_ms();
        inner.world.service_desks.wait(&app_id, &persona, now_ms);
        Ok(())
    }

    /// The person answers an invitation, comes to the desk or leaves it; gives the member of staff as JSON.
    ///
    /// # Errors
    /// When there is no such person, account or member of staff, no open invitation, or another person stands behind it.
    pub fn staff(&self, persona: &str, account: &str, kf_account: &str, act: StaffAct) -> Result<Value, ControlError> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let app_id = inner.account(account)?.app_id.clone();
        let persona = inner.persona(persona)?.id.clone();
        let now_ms = inner.clock.now_ms();
        let done = inner.world.staff.act(&app_id, kf_account, &persona, act, now_ms);
        let member = done.map_err(|why| ControlError::Invalid(format!("kf_account {kf_account:?}: {why}")))?;
        let shown = json!(member);
        let data = json!({ "persona": persona, "account": account, "kf_account": kf_account, "action": act });
        self.tell(inner, "staff", data);
        Ok(shown)
    }
}
