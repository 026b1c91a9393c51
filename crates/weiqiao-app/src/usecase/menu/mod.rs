//! Menus: what is at the bottom of an official account's chat. WeChat keeps them; nothing of them is stored here.
//!
//! Every change reads what is live first, compares it with what the caller saw ([`LiveMenus::digest`]), checks the new menu
//! against WeChat's limits, and only then writes. Two editors at once: one of them is told.

mod change_conditional;
mod delete_menus;
mod live;
mod publish_menus;
mod read_menus;
mod try_menu;
mod turn;
mod wanted;
mod words;

pub use change_conditional::{AddedMenu, add_conditional_menu, delete_conditional_menu};
pub use delete_menus::delete_menus;
pub use live::{LiveConditional, LiveMenus, MenuSource};
pub use publish_menus::publish_menus;
pub use read_menus::read_menus;
pub use try_menu::try_menu;
pub use wanted::{WantedConditional, WantedMenus};
pub use words::{problem_in_chinese, rule_word};

use std::sync::Arc;

use serde_json::json;
use weiqiao_model::{AccountKind, ApiScope};

use crate::App;
use crate::accounts::Account;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::convert::wechat_error;
use crate::error::{AppError, ErrorKind, Result, code};
use crate::hint::Call;
use crate::usecase::staff::Permission;

/// The official account, if the caller may see its menus.
fn seen<'a>(app: &'a App, caller: &Caller, account: &str) -> Result<&'a Arc<Account>> {
    caller.demand(Permission::ReadAccounts, ApiScope::Menu)?;
    app.accounts().pick(AccountKind::Official, Some(account))
}

/// The official account, if the caller may change its menus.
fn changed<'a>(app: &'a App, caller: &Caller, account: &str) -> Result<&'a Arc<Account>> {
    caller.demand(Permission::ManageMenus, ApiScope::Menu)?;
    app.accounts().pick(AccountKind::Official, Some(account))
}

/// Writes down that the menus of an account are about to be changed: before WeChat is asked, because nobody can take back
/// what is live.
async fn written(app: &App, caller: &Caller, account: &Account, what: &'static str) -> Result<()> {
    let detail = json!({ "what": what });
    app.record_audit(app.audit_entry(caller, Deed::MenuChanged, "account", account.name.as_str(), &detail)).await
}

/// WeChat refused, or was silent.
fn refused(app: &App, what: &str, account: &Account, error: &weixin::Error) -> AppError {
    wechat_error(app, what, code::WECHAT_API_FAILED, Call::Menu, account, error, None)
}

/// The caller saw something else than what is live.
fn expect(live: &LiveMenus, if_match: Option<&str>) -> Result<()> {
    match if_match {
        Some(seen) if seen != live.digest() => {
            Err(AppError::new(ErrorKind::Conflict, code::MENU_CHANGED, "菜单在您读取之后已经被修改，没有做任何改动")
                .with_hint("请重新读取当前菜单，核对差异后再提交；要直接覆盖，请去掉 if_match。"))
        }
        _ => Ok(()),
    }
}
