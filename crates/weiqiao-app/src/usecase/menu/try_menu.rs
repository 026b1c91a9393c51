//! What does this person see?

use weixin::api::cgi_bin::menu::TryMatchMenu;
use weixin::menu::Menu;

use super::{refused, seen};
use crate::App;
use crate::caller::Caller;
use crate::error::Result;

/// Asks WeChat for the menu a follower sees, by openid or WeChat id.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` for an unknown account, `WeChat` for somebody who does not follow.
pub async fn try_menu(app: &App, caller: &Caller, account: &str, user_id: &str) -> Result<Menu> {
    let account = seen(app, caller, account)?;
    let asked = app.weixin().send(&account.weixin, TryMatchMenu { user_id: user_id.to_owned() }).await;
    asked.map_err(|error| refused(app, "查询个性化菜单失败", account, &error))
}
