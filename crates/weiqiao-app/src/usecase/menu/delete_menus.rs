//! No menu any more.

use weixin::api::cgi_bin::menu::DeleteMenu;

use super::live::live;
use super::turn::in_turn;
use super::{LiveMenus, changed, expect, refused, written};
use crate::App;
use crate::caller::Caller;
use crate::error::Result;

/// Deletes the default menu and all conditional ones; gives what there was.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` for an unknown account, `Conflict` when something else than
/// `if_match` is live, `WeChat`.
pub async fn delete_menus(app: &App, caller: &Caller, account: &str, if_match: Option<&str>) -> Result<LiveMenus> {
    let account = changed(app, caller, account)?;
    in_turn(app, account, async {
        let before = live(app, account).await?;
        expect(&before, if_match)?;
        written(app, caller, account, "delete").await?;
        let deleted = app.weixin().send(&account.weixin, DeleteMenu {}).await;
        deleted.map_err(|error| refused(app, "删除菜单失败", account, &error))?;
        tracing::info!(account = %account.name, "the menus were deleted");
        Ok(before)
    })
    .await
}
