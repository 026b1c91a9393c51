//! What people see now.

use serde_json::{Value, json};
use weixin::ErrCode;
use weixin::api::cgi_bin::menu::{GetMenu, Menus};
use weixin::api::cgi_bin::{CurrentButton, CurrentButtons, CurrentMenu, GetCurrentMenu};
use weixin::menu::{Action, Button, MatchRule, Menu};

use super::wanted::tidied;
use super::{WantedConditional, WantedMenus, refused};
use crate::App;
use crate::accounts::Account;
use crate::digest::digest;
use crate::error::Result;

/// `menu no exist`: none was made through this interface.
const NO_MENU: ErrCode = ErrCode(46_003);

/// Where the menu was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MenuSource {
    /// Through this interface.
    Api,
    /// In WeChat's console. Publishing replaces it.
    Console,
    /// There is none.
    None,
}

impl MenuSource {
    /// The word used in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Console => "console",
            Self::None => "none",
        }
    }
}

/// The menus of an account as WeChat has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveMenus {
    /// Where they were made.
    pub source: MenuSource,
    /// What everybody sees for whom nothing else fits. Buttons of the console may have types no other menu has.
    pub menu: Option<Menu>,
    /// Its number, where WeChat says it.
    pub menuid: Option<String>,
    /// Menus only some people see, in WeChat's order.
    pub conditional: Vec<LiveConditional>,
}

/// A menu only some people see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveConditional {
    /// Its number.
    pub menuid: String,
    /// Its buttons.
    pub menu: Menu,
    /// Who sees it.
    pub rule: MatchRule,
}

impl LiveMenus {
    /// No menu at all.
    #[must_use]
    pub fn none() -> Self {
        Self { source: MenuSource::None, menu: None, menuid: None, conditional: Vec::new() }
    }

    /// 32 hex digits that change whenever a button or a rule does. Numbers of menus do not count.
    #[must_use]
    pub fn digest(&self) -> String {
        let conditional: Vec<Value> = self
            .conditional
            .iter()
            .map(|conditional| json!({"menu": conditional.menu, "rule": conditional.rule}))
            .collect();
        let all = json!({"menu": self.menu, "conditional": conditional, "console": self.source == MenuSource::Console});
        let mut digest = digest("menu", &[&all.to_string()]);
        digest.truncate(32);
        digest
    }

    /// The same as it would be published; `None` when there is none.
    #[must_use]
    pub fn to_wanted(&self) -> Option<WantedMenus> {
        let one = |live: &LiveConditional| WantedConditional { menu: live.menu.clone(), rule: live.rule.clone() };
        let conditional = Some(self.conditional.iter().map(one).collect());
        self.menu.clone().map(|menu| WantedMenus { menu, conditional })
    }
}

impl LiveConditional {
    /// Whether it shows the same to the same people.
    #[must_use]
    pub fn is(&self, wanted: &WantedConditional) -> bool {
        self.menu == wanted.menu && self.rule == wanted.rule
    }
}

/// Asks WeChat. Where nothing was made through this interface, the console's menu is looked at too.
pub(super) async fn live(app: &App, account: &Account) -> Result<LiveMenus> {
    match app.weixin().send(&account.weixin, GetMenu {}).await {
        Ok(menus) => Ok(made_here(menus)),
        Err(error) if error.errcode() == Some(NO_MENU) => {
            let current = app.weixin().send(&account.weixin, GetCurrentMenu {}).await;
            Ok(made_there(&current.map_err(|error| refused(app, "读取菜单失败", account, &error))?))
        }
        Err(error) => Err(refused(app, "读取菜单失败", account, &error)),
    }
}

fn made_here(menus: Menus) -> LiveMenus {
    let conditional = menus.conditionalmenu.into_iter().map(|conditional| LiveConditional {
        menuid: conditional.menuid,
        menu: Menu { button: conditional.button },
        rule: tidied(conditional.matchrule),
    });
    LiveMenus {
        source: MenuSource::Api,
        conditional: conditional.collect(),
        menu: Some(Menu { button: menus.menu.button }),
        menuid: menus.menu.menuid,
    }
}

fn made_there(current: &CurrentMenu) -> LiveMenus {
    let buttons = &current.selfmenu_info.button;
    if !current.is_menu_open || buttons.is_empty() {
        return LiveMenus::none();
    }
    let menu = Menu::new(buttons.iter().map(button_of_console));
    LiveMenus { source: MenuSource::Console, menu: Some(menu), menuid: None, conditional: Vec::new() }
}

/// A button of the console: as this interface could make it, or with the console's own type and value.
fn button_of_console(button: &CurrentButton) -> Button {
    if !button.sub_button.is_empty() {
        return Button::list(&button.name, button.sub_button.iter().map(button_of_console));
    }
    let alone = CurrentButtons { button: vec![button.clone()] };
    let known = CurrentMenu { is_menu_open: true, selfmenu_info: alone }.to_menu();
    known.and_then(|menu| menu.button.into_iter().next()).unwrap_or_else(|| {
        let fields = button.value.iter().map(|value| ("value".to_owned(), Value::from(value.as_str()))).collect();
        Button::new(&button.name, Action::Other { kind: button.kind.clone().unwrap_or_default(), fields })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(menu: Menu, rule: Value) -> LiveMenus {
        let conditional = LiveConditional {
            menuid: "1".to_owned(),
            menu: menu.clone(),
            rule: tidied(serde_json::from_value(rule).unwrap()),
        };
        LiveMenus { source: MenuSource::Api, menu: Some(menu), menuid: None, conditional: vec![conditional] }
    }

    #[test]
    fn a_digest_changes_with_what_people_see_and_with_nothing_else() {
        let menu = || Menu::new([Button::click("赞", "GOOD")]);
        let one = live(menu(), json!({"tag_id": 2}));
        assert_eq!(one.digest().len(), 32);
        let mut other = live(menu(), json!({"tag_id": "2", "client_platform_type": "", "sex": ""}));
        other.conditional[0].menuid = "2".to_owned();
        other.menuid = Some("3".to_owned());
        assert_eq!(one.digest(), other.digest());
        assert_ne!(one.digest(), live(menu(), json!({"tag_id": 3})).digest());
        assert_ne!(one.digest(), live(Menu::new([Button::click("赞", "BAD")]), json!({"tag_id": 2})).digest());
        let console = LiveMenus { source: MenuSource::Console, ..one.clone() };
        assert_ne!(one.digest(), console.digest());
    }

    #[test]
    fn menus_of_the_console_are_shown_with_their_own_types() {
        let current: CurrentMenu = serde_json::from_value(json!({"is_menu_open": 1, "selfmenu_info": {"button": [
            {"name": "菜单", "sub_button": {"list": [{"type": "view", "name": "搜索", "url": "http://www.soso.com/"}]}},
            {"type": "text", "name": "问候", "value": "您好"},
        ]}}))
        .unwrap();
        let live = made_there(&current);
        assert_eq!(live.source, MenuSource::Console);
        assert_eq!(
            serde_json::to_value(live.menu).unwrap()["button"],
            json!([
                {"name": "菜单", "sub_button": [{"type": "view", "name": "搜索", "url": "http://www.soso.com/"}]},
                {"type": "text", "name": "问候", "value": "您好"},
            ])
        );
        let closed = CurrentMenu { is_menu_open: false, ..current };
        assert_eq!(made_there(&closed), LiveMenus::none());
    }
}
