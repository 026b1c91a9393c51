//! What is known of an action, as it is sealed.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::App;
use crate::error::Result;
use crate::vault::Place;

/// What is known of an action. What the client says about itself and what we saw ourselves are kept apart.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActionDetail {
    /// The customer's id, as the client has it: their openid, as a rule.
    pub customer_id: String,
    /// What belongs to the action.
    pub action_data: Value,
    /// What the customer is called.
    pub customer_name: Option<String>,
    /// Their phone.
    pub customer_phone: Option<String>,
    /// Which résumé.
    pub resume_id: Option<String>,
    /// What else the client knows of the customer.
    pub customer_info: Option<Value>,
    /// The address the client says it has. Not to be trusted.
    pub ip: Option<String>,
    /// The program the client says it is. Not to be trusted.
    pub user_agent: Option<String>,
    /// When the client says it was. Not to be trusted.
    pub timestamp: Option<Value>,
    /// The address the request came from.
    pub seen_ip: Option<String>,
    /// The program the request said it came from.
    pub seen_user_agent: Option<String>,
}

impl fmt::Debug for ActionDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActionDetail")
    }
}

/// Where the detail of an action is sealed for.
pub(crate) fn detail_place<'a>(app_id: &'a str, action_id: &'a str) -> Place<'a> {
    Place::new("customer_action", "detail", action_id, app_id)
}

pub(super) fn seal_detail(app: &App, app_id: &str, action_id: &str, detail: &ActionDetail) -> Result<Vec<u8>> {
    Ok(app.vault().seal(detail_place(app_id, action_id), &serde_json::to_vec(detail)?))
}

/// The detail; nothing when it is to be forgotten.
pub(crate) fn open_detail(
    app: &App,
    app_id: &str,
    action_id: &str,
    sealed: Option<&[u8]>,
) -> Result<Option<ActionDetail>> {
    let Some(sealed) = sealed else { return Ok(None) };
    let plain = app.vault().open(detail_place(app_id, action_id), sealed)?;
    Ok(Some(serde_json::from_slice(&plain)?))
}
