//! Menus only some people see, one at a time.

use weixin::api::cgi_bin::menu::{AddConditionalMenu, DeleteConditionalMenu};

use super::live::live;
use super::turn::in_turn;
use super::words::{invalid, problems};
use super::{LiveConditional, LiveMenus, WantedConditional, changed, expect, refused, written};
use crate::App;
use crate::accounts::Account;
use crate::caller::Caller;
use crate::error::Result;

/// A conditional menu that was made just now.
#[derive(Debug, Clone)]
pub struct AddedMenu {
    /// Its number.
    pub menuid: String,
    /// What is live with it.
    pub live: LiveMenus,
}

/// Makes a conditional menu. It counts before all that were made earlier.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` for an unknown account, `Conflict` when something else than
/// `if_match` is live, `WeChat`, for instance when there is no default menu (65303).
pub async fn add_conditional_menu(
    app: &App,
    caller: &Caller,
    account: &str,
    wanted: WantedConditional,
    if_match: Option<&str>,
) -> Result<AddedMenu> {
    let account = changed(app, caller, account)?;
    in_turn(app, account, async {
        let mut live = live(app, account).await?;
        expect(&live, if_match)?;
        written(app, caller, account, "add_conditional").await?;
        let menuid = add(app, account, &wanted, "发布个性化菜单失败").await?;
        let WantedConditional { menu, rule } = wanted;
        live.conditional.push(LiveConditional { menuid: menuid.clone(), menu, rule });
        tracing::info!(account = %account.name, "a conditional menu was made");
        Ok(AddedMenu { menuid, live })
    })
    .await
}

/// Deletes a conditional menu; gives what is live without it.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` for an unknown account, `Conflict` when something else than
/// `if_match` is live, `WeChat`, for instance when there is no such menu (65301).
pub async fn delete_conditional_menu(
    app: &App,
    caller: &Caller,
    account: &str,
    menuid: &str,
    if_match: Option<&str>,
) -> Result<LiveMenus> {
    let account = changed(app, caller, account)?;
    in_turn(app, account, async {
        let mut live = live(app, account).await?;
        expect(&live, if_match)?;
        written(app, caller, account, "delete_conditional").await?;
        remove(app, account, menuid).await?;
        live.conditional.retain(|conditional| conditional.menuid != menuid);
        tracing::info!(account = %account.name, "a conditional menu was deleted");
        Ok(live)
    })
    .await
}

pub(super) async fn add(app: &App, account: &Account, wanted: &WantedConditional, what: &str) -> Result<String> {
    let request = AddConditionalMenu::new(wanted.menu.clone(), wanted.rule.clone())
        .map_err(|error| invalid(problems("", &error)))?;
    let added = app.weixin().send(&account.weixin, request).await;
    Ok(added.map_err(|error| refused(app, what, account, &error))?.menuid)
}

pub(super) async fn remove(app: &App, account: &Account, menuid: &str) -> Result<()> {
    let request = DeleteConditionalMenu { menuid: menuid.to_owned() };
    let removed = app.weixin().send(&account.weixin, request).await;
    removed.map_err(|error| refused(app, "删除个性化菜单失败", account, &error))?;
    Ok(())
}
