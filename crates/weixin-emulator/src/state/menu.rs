//! Menus: an official account's default one, and those only some people see.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::World;
use super::account::Account;
use super::persona::{Persona, Platform};
use crate::random::Random;

/// One button, as it was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Button {
    pub(crate) name: String,
    /// WeChat's word for what it does; `None` for one that opens a list.
    pub(crate) kind: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) media_id: Option<String>,
    pub(crate) article_id: Option<String>,
    pub(crate) appid: Option<String>,
    pub(crate) pagepath: Option<String>,
    pub(crate) sub_button: Vec<Button>,
}

/// Who sees a conditional menu.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct MatchRule {
    pub(crate) tag_id: Option<i64>,
    pub(crate) platform: Option<Platform>,
    /// Fields WeChat no longer matches by: a menu that has some is seen by nobody.
    pub(crate) retired: BTreeMap<String, String>,
}

impl MatchRule {
    fn fits(&self, last_tag: Option<i64>, platform: Platform) -> bool {
        self.retired.is_empty()
            && self.tag_id.is_none_or(|tag| Some(tag) == last_tag)
            && self.platform.is_none_or(|wanted| wanted == platform)
    }
}

/// A menu only some people see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ConditionalMenu {
    pub(crate) id: i64,
    pub(crate) buttons: Vec<Button>,
    pub(crate) rule: MatchRule,
}

/// The menus of one account that has a default one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Menu {
    pub(crate) id: i64,
    pub(crate) buttons: Vec<Button>,
    /// Oldest first.
    pub(crate) conditional: Vec<ConditionalMenu>,
}

/// All menus, by appid.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Menus {
    of: BTreeMap<String, Menu>,
}

fn new_id(random: &mut Random) -> i64 {
    200_000_000 + i64::try_from(random.next_u64() % 100_000_000).unwrap_or_default()
}

impl Menus {
    /// Makes or replaces the default menu; conditional ones stay.
    pub(crate) fn create(&mut self, app_id: &str, buttons: Vec<Button>, random: &mut Random) {
        let menu = self.of.entry(app_id.to_owned()).or_default();
        menu.id = new_id(random);
        menu.buttons = buttons;
    }

    /// Deletes the default menu and all conditional ones.
    /// The default menu an account begins with.
    pub(crate) fn begin_with(&mut self, app_id: &str, buttons: Vec<Button>) {
        self.of.insert(app_id.to_owned(), Menu { id: 200_000_000, buttons, conditional: Vec::new() });
    }

    pub(crate) fn delete(&mut self, app_id: &str) {
        self.of.remove(app_id);
    }

    /// The menus of an account, if it has any.
    pub(crate) fn find(&self, app_id: &str) -> Option<&Menu> {
        self.of.get(app_id)
    }

    /// Adds a conditional menu: its number. `None` when there is no default menu.
    pub(crate) fn add_conditional(
        &mut self,
        app_id: &str,
        buttons: Vec<Button>,
        rule: MatchRule,
        random: &mut Random,
    ) -> Option<i64> {
        let menu = self.of.get_mut(app_id)?;
        let id = new_id(random);
        menu.conditional.push(ConditionalMenu { id, buttons, rule });
        Some(id)
    }

    /// Deletes a conditional menu. `false` when there is none of that number.
    pub(crate) fn delete_conditional(&mut self, app_id: &str, id: i64) -> bool {
        let Some(menu) = self.of.get_mut(app_id) else { return false };
        let before = menu.conditional.len();
        menu.conditional.retain(|conditional| conditional.id != id);
        menu.conditional.len() < before
    }
}

impl World {
    /// The menu a person sees: of those whose rule fits the newest, else the default one.
    pub(crate) fn menu_of(&self, account: &Account, persona: &Persona) -> Option<&[Button]> {
        let menu = self.menus.find(&account.app_id)?;
        Some(self.conditional_of(account, persona).map_or(&menu.buttons, |conditional| &conditional.buttons))
    }

    /// The number of the menu a person sees.
    pub(crate) fn menu_id_of(&self, account: &Account, persona: &Persona) -> Option<i64> {
        let menu = self.menus.find(&account.app_id)?;
        Some(self.conditional_of(account, persona).map_or(menu.id, |conditional| conditional.id))
    }

    fn conditional_of(&self, account: &Account, persona: &Persona) -> Option<&ConditionalMenu> {
        let menu = self.menus.find(&account.app_id)?;
        let last_tag = self.tags.of(&account.app_id, &persona.id).last().copied();
        menu.conditional.iter().rev().find(|menu| menu.rule.fits(last_tag, persona.platform))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_fits_when_all_it_says_fits() {
        let tag = MatchRule { tag_id: Some(100), ..MatchRule::default() };
        assert!(
            tag.fits(Some(100), Platform::Ios) && !tag.fits(Some(101), Platform::Ios) && !tag.fits(None, Platform::Ios)
        );
        let both = MatchRule { platform: Some(Platform::Android), ..tag };
        assert!(both.fits(Some(100), Platform::Android) && !both.fits(Some(100), Platform::Other));
        let retired = MatchRule { retired: [("sex".to_owned(), "1".to_owned())].into(), ..both };
        assert!(!retired.fits(Some(100), Platform::Android));
    }

    #[test]
    fn conditional_menus_need_a_default_one_and_go_with_it() {
        let (mut menus, mut random) = (Menus::default(), Random::new(1));
        let mut add = |menus: &mut Menus| menus.add_conditional("wx1", vec![], MatchRule::default(), &mut random);
        assert_eq!(add(&mut menus), None);
        menus.create("wx1", vec![Button::default()], &mut Random::new(2));
        let id = add(&mut menus).unwrap();
        let other = add(&mut menus).unwrap();
        menus.create("wx1", vec![], &mut Random::new(3));
        assert_eq!(menus.find("wx1").unwrap().conditional.len(), 2, "a new default menu leaves them alone");
        assert!(menus.delete_conditional("wx1", id) && !menus.delete_conditional("wx1", id));
        menus.delete("wx1");
        assert!(menus.find("wx1").is_none() && !menus.delete_conditional("wx1", other));
    }
}
