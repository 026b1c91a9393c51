//! A new menu for everybody.

use weixin::api::cgi_bin::menu::CreateMenu;

use super::change_conditional::{add, remove};
use super::live::live;
use super::turn::in_turn;
use super::words::{invalid, problems};
use super::{
    LiveConditional, LiveMenus, MenuSource, WantedConditional, WantedMenus, changed, expect, refused, written,
};
use crate::App;
use crate::accounts::Account;
use crate::caller::Caller;
use crate::error::Result;

/// Publishes menus; gives what is live then. Followers see them within five minutes. What is live already is not sent again;
/// conditional menus that stay the same keep their numbers.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` for an unknown account, `Conflict` when something else than
/// `if_match` is live, `WeChat`. When WeChat refuses a conditional menu, what came before it is live: publish again.
pub async fn publish_menus(
    app: &App,
    caller: &Caller,
    account: &str,
    wanted: WantedMenus,
    if_match: Option<&str>,
) -> Result<LiveMenus> {
    let account = changed(app, caller, account)?;
    in_turn(app, account, async {
        let mut live = live(app, account).await?;
        expect(&live, if_match)?;
        written(app, caller, account, "publish").await?;
        if live.source != MenuSource::Api || live.menu.as_ref() != Some(&wanted.menu) {
            let request = CreateMenu::new(wanted.menu.clone()).map_err(|error| invalid(problems("", &error)))?;
            let created = app.weixin().send(&account.weixin, request).await;
            created.map_err(|error| refused(app, "发布菜单失败", account, &error))?;
            live.source = MenuSource::Api;
            live.menu = Some(wanted.menu);
            live.menuid = None;
        }
        if let Some(conditional) = wanted.conditional {
            live.conditional = sync(app, account, live.conditional, conditional).await?;
        }
        tracing::info!(account = %account.name, "the menus were published");
        Ok(live)
    })
    .await
}

/// Makes the conditional menus what they are to be. Of those that fit somebody the newest counts, so only such that may stay
/// in their order are kept; all others are deleted and made anew.
async fn sync(
    app: &App,
    account: &Account,
    live: Vec<LiveConditional>,
    wanted: Vec<WantedConditional>,
) -> Result<Vec<LiveConditional>> {
    let mut kept = Vec::with_capacity(wanted.len());
    let mut wanted = wanted.into_iter().enumerate().peekable();
    for live in live {
        if wanted.next_if(|(_, wanted)| live.is(wanted)).is_some() {
            kept.push(live);
        } else {
            remove(app, account, &live.menuid).await?;
        }
    }
    for (at, wanted) in wanted {
        let menuid = add(app, account, &wanted, &format!("发布个性化菜单 conditionalmenu[{at}] 失败")).await?;
        kept.push(LiveConditional { menuid, menu: wanted.menu, rule: wanted.rule });
    }
    Ok(kept)
}
