//! The console verifies the address.

use weixin_proto::callback::Query;

use super::CallbackRefusal;
use super::refusal::{no_callback, refused};
use crate::App;

/// What has to be answered to a GET: `echostr`, when the signature is right.
///
/// # Errors
///
/// See [`CallbackRefusal`]; it is never `Failed`.
pub fn verify_echo(app: &App, account: Option<&str>, query: &Query<'_>) -> Result<String, CallbackRefusal> {
    let Some(counter) = app.callbacks().counter(account) else {
        return Err(no_callback(account));
    };
    let name = counter.account.name.as_str();
    let echo = counter
        .receiver
        .verify_echo(query, app.now_ms().div_euclid(1000))
        .map_err(|error| refused(app, name, &error))?;
    tracing::info!(account = name, "WeChat verified the callback address");
    Ok(echo.to_owned())
}
