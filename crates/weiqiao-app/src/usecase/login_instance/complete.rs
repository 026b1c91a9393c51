//! WeChat sends the browser back to the callback of an instance.

use super::bound_state;
use crate::App;
use crate::error::Result;
use crate::usecase::login::{Flow, WebLoginEnd, WechatReturn, come_back};

/// Verifies state and browser, logs in, keeps what WeChat granted, and says where to go. The second visit of a double
/// callback ends like the first.
///
/// # Errors
///
/// `NotFound` for an unknown instance; `Invalid` with code `STATE_INVALID` for a missing or wrong state; otherwise as
/// [`login_with_code`](crate::usecase::login::login_with_code).
pub async fn complete_instance_login(app: &App, instance: &str, back: WechatReturn<'_>) -> Result<WebLoginEnd> {
    let instance = app.instances().named(instance)?;
    let state = bound_state(instance, back.state.unwrap_or_default());
    come_back(app, &instance.account, Flow::Instance, &state, &back).await
}
