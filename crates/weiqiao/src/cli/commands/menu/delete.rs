//! `weiqiao menu delete`: no menus any more.

use std::process::ExitCode;

use serde_json::json;
use weiqiao_app::Caller;
use weiqiao_app::usecase::menu::{MenuSource, delete_menus, read_menus};

use super::super::super::Context;
use super::super::super::exit::{self, Failure};
use super::super::super::input::agreed;
use super::super::with_core;
use super::{AccountArgs, YesArgs, named};

pub(super) fn run(account: &AccountArgs, yes: &YesArgs, context: &Context) -> Result<ExitCode, Failure> {
    let lang = context.output.lang;
    let deleted = with_core(context, async |core| {
        let (app, caller) = (&core.app, Caller::Cli);
        let account = named(app, account)?;
        let live = read_menus(app, &caller, &account).await?;
        if live.source == MenuSource::None {
            return Ok(false);
        }
        let conditional = live.conditional.len();
        let question = lang.pick(
            format!("删除 {account} 的菜单，包括 {conditional} 个个性化菜单吗？"),
            format!("Delete the menu of {account} and its {conditional} conditional menus?"),
        );
        agreed(yes.yes, &question, lang)?;
        delete_menus(app, &caller, &account, Some(&live.digest())).await?;
        Ok(true)
    })?;
    let said = match deleted {
        true => lang.pick("已删除。", "Deleted."),
        false => lang.pick("线上没有菜单。", "There is no live menu."),
    };
    context.output.answer(said, &json!({"deleted": deleted}));
    Ok(ExitCode::from(exit::DONE))
}
