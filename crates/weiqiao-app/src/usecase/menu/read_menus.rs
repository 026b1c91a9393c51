//! Which menus are live?

use super::live::live;
use super::{LiveMenus, seen};
use crate::App;
use crate::caller::Caller;
use crate::error::Result;

/// Reads the menus of an official account from WeChat.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` for an unknown account, `WeChat`.
pub async fn read_menus(app: &App, caller: &Caller, account: &str) -> Result<LiveMenus> {
    live(app, seen(app, caller, account)?).await
}
