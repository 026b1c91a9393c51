//! All limits of a menu, to the byte.

use std::collections::BTreeSet;
use std::fmt;

use url::Url;
use weixin_proto::ErrCode;

use super::{Action, Button, MatchRule, Menu};

/// A menu WeChat would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct InvalidMenu {
    /// Everything that is wrong, at least one thing, in the order of the buttons.
    pub faults: Vec<MenuFault>,
}

impl fmt::Display for InvalidMenu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.faults.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

/// One thing that is wrong with a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuFault {
    /// Where, for instance `button[1].sub_button[0].name`. Buttons are counted from 0.
    pub at: String,
    /// What.
    pub problem: MenuProblem,
    /// What WeChat would say.
    pub errcode: ErrCode,
}

impl fmt::Display for MenuFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.problem)
    }
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MenuProblem {
    /// Too few or too many buttons.
    #[error("{found} buttons; 1 to {most} are allowed")]
    Count {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// Nothing there.
    #[error("missing")]
    Missing,
    /// Too long.
    #[error("{bytes} bytes; at most {most} are allowed")]
    TooLong {
        /// Its length in UTF-8.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// Control characters, which could only be written as `\u` escapes.
    #[error("control characters are not allowed")]
    ControlCharacters,
    /// A type WeChat does not have, or has had since.
    #[error("{0:?} is no type of a button")]
    UnknownType(String),
    /// A list in a list.
    #[error("a list inside a list is not allowed")]
    TooDeep,
    /// No `http` or `https` address.
    #[error("must be an http or https address with a host")]
    NotAnAddress,
    /// Too many hosts in a conditional menu, WeChat's own not counted.
    #[error("links to {found} domains; at most {most} are allowed in a conditional menu")]
    TooManyDomains {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A rule by something WeChat no longer matches by.
    #[error("nobody is matched by this any more")]
    Withdrawn,
}

/// What WeChat says about the buttons of one level.
struct Level {
    kind: i64,
    name: i64,
    key: i64,
    url_size: i64,
    url_domain: i64,
    media_id: i64,
    longest_name: usize,
}

const BAR: Level = Level {
    kind: 40017,
    name: 40018,
    key: 40019,
    url_size: 40020,
    url_domain: 40055,
    media_id: 40117,
    longest_name: 16,
};
const LIST: Level = Level {
    kind: 40024,
    name: 40025,
    key: 40026,
    url_size: 40027,
    url_domain: 40054,
    media_id: 40118,
    longest_name: 60,
};

/// Buttons of the bar.
const MOST_IN_BAR: usize = 3;
/// Buttons of a list.
const MOST_IN_LIST: usize = 5;
/// Bytes of a key.
const LONGEST_KEY: usize = 128;
/// Bytes of an address.
const LONGEST_URL: usize = 1024;
/// Hosts of a conditional menu.
const MOST_DOMAINS: usize = 3;

impl Menu {
    /// Holds the menu against all limits of a default menu. Whether material, articles and mini programs exist, WeChat
    /// alone knows.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    pub fn check(&self) -> Result<(), InvalidMenu> {
        self.faults(false).finish()
    }

    /// The same for a menu that only some people see.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the menu or the rule.
    pub fn check_conditional(&self, rule: &MatchRule) -> Result<(), InvalidMenu> {
        let mut check = self.faults(true);
        let found = self.domains().len();
        if found > MOST_DOMAINS {
            check.fault("button", MenuProblem::TooManyDomains { found, most: MOST_DOMAINS }, 65316);
        }
        for field in rule.withdrawn() {
            check.fault(&format!("matchrule.{field}"), MenuProblem::Withdrawn, 65320);
        }
        if rule.tag_id.is_none() && rule.client_platform_type.is_none() && rule.withdrawn().next().is_none() {
            check.fault("matchrule", MenuProblem::Missing, 65304);
        }
        check.finish()
    }

    fn faults(&self, conditional: bool) -> Check {
        let mut check = Check { conditional, faults: Vec::new() };
        let found = self.button.len();
        if !(1..=MOST_IN_BAR).contains(&found) {
            let errcode = if conditional && found == 0 { 65307 } else { 40016 };
            check.fault("button", MenuProblem::Count { found, most: MOST_IN_BAR }, errcode);
        }
        for (at, button) in self.button.iter().enumerate() {
            let at = format!("button[{at}]");
            check.name(&at, button, &BAR);
            match &button.action {
                Action::List(list) if list.len() > MOST_IN_LIST => {
                    let problem = MenuProblem::Count { found: list.len(), most: MOST_IN_LIST };
                    check.fault(&format!("{at}.sub_button"), problem, 40023);
                }
                Action::List(list) if !list.is_empty() => {}
                action => check.action(&at, action, &BAR),
            }
            for (below, button) in button.sub_buttons().iter().enumerate() {
                let at = format!("{at}.sub_button[{below}]");
                check.name(&at, button, &LIST);
                check.action(&at, &button.action, &LIST);
            }
        }
        check
    }

    /// Hosts the menu links to, WeChat's own not counted.
    fn domains(&self) -> BTreeSet<String> {
        let leaves = self.button.iter().flat_map(|button| std::iter::once(button).chain(button.sub_buttons()));
        let hosts = leaves.filter_map(|button| match &button.action {
            Action::View { url } | Action::MiniProgram { url, .. } => host(url),
            _ => None,
        });
        hosts.filter(|host| host != "weixin.qq.com" && !host.ends_with(".weixin.qq.com")).collect()
    }
}

struct Check {
    conditional: bool,
    faults: Vec<MenuFault>,
}

impl Check {
    fn fault(&mut self, at: &str, problem: MenuProblem, errcode: i64) {
        self.faults.push(MenuFault { at: at.to_owned(), problem, errcode: ErrCode(errcode) });
    }

    fn finish(self) -> Result<(), InvalidMenu> {
        if self.faults.is_empty() { Ok(()) } else { Err(InvalidMenu { faults: self.faults }) }
    }

    /// Something that must be there, no longer than `most` bytes.
    fn text(&mut self, at: &str, text: &str, most: usize, missing: i64, too_long: i64) {
        if text.is_empty() {
            self.fault(at, MenuProblem::Missing, missing);
        } else if text.len() > most {
            self.fault(at, MenuProblem::TooLong { bytes: text.len(), most }, too_long);
        } else if text.contains(char::is_control) {
            self.fault(at, MenuProblem::ControlCharacters, 40033);
        }
    }

    fn name(&mut self, at: &str, button: &Button, level: &Level) {
        self.text(&format!("{at}.name"), &button.name, level.longest_name, level.name, level.name);
    }

    fn url(&mut self, at: &str, url: &str, level: &Level) {
        let at = format!("{at}.url");
        let before = self.faults.len();
        self.text(&at, url, LONGEST_URL, 41010, level.url_size);
        if self.faults.len() == before && host(url).is_none() {
            self.fault(&at, MenuProblem::NotAnAddress, if self.conditional { 65317 } else { level.url_domain });
        }
    }

    fn action(&mut self, at: &str, action: &Action, level: &Level) {
        match action {
            Action::List(list) if list.is_empty() => {
                let errcode = if self.conditional { 65308 } else { level.kind };
                self.fault(&format!("{at}.type"), MenuProblem::Missing, errcode);
            }
            Action::List(_) => self.fault(&format!("{at}.sub_button"), MenuProblem::TooDeep, 40022),
            Action::Click { key }
            | Action::ScancodePush { key }
            | Action::ScancodeWaitmsg { key }
            | Action::PicSysphoto { key }
            | Action::PicPhotoOrAlbum { key }
            | Action::PicWeixin { key }
            | Action::LocationSelect { key } => {
                self.text(&format!("{at}.key"), key, LONGEST_KEY, level.key, level.key);
            }
            Action::View { url } => self.url(at, url, level),
            Action::MediaId { media_id } | Action::ViewLimited { media_id } => {
                self.text(&format!("{at}.media_id"), media_id, usize::MAX, level.media_id, level.media_id);
            }
            Action::ArticleId { article_id } | Action::ArticleViewLimited { article_id } => {
                self.text(&format!("{at}.article_id"), article_id, usize::MAX, 53600, 53600);
            }
            Action::MiniProgram { url, appid, pagepath } => {
                self.url(at, url, level);
                self.text(&format!("{at}.appid"), appid.as_str(), usize::MAX, 45064, 45064);
                self.text(&format!("{at}.pagepath"), pagepath, usize::MAX, 47003, 47003);
            }
            Action::Other { kind, .. } => {
                self.fault(&format!("{at}.type"), MenuProblem::UnknownType(kind.clone()), level.kind);
            }
        }
    }
}

/// The host of an `http` or `https` address.
fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(url.host_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::ClientPlatform;

    fn said(menu: &Menu) -> String {
        menu.check().err().map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn every_fault_is_named_with_its_place() {
        let menu = Menu::new([
            Button::click("六个汉字字字", "k".repeat(129)),
            Button::list(
                "菜单",
                [
                    Button::view("搜索", "www.soso.com"),
                    Button::view("", format!("https://e.com/{}", "a".repeat(1011))),
                    Button::list("深", [Button::click("x", "x")]),
                    Button::list("空", []),
                ],
            ),
        ]);
        assert_eq!(
            said(&menu),
            "button[0].name: 18 bytes; at most 16 are allowed; button[0].key: 129 bytes; at most 128 are allowed; \
             button[1].sub_button[0].url: must be an http or https address with a host; \
             button[1].sub_button[1].name: missing; button[1].sub_button[1].url: 1025 bytes; at most 1024 are allowed; \
             button[1].sub_button[2].sub_button: a list inside a list is not allowed; \
             button[1].sub_button[3].type: missing"
        );
        let codes: Vec<i64> = menu.check().unwrap_err().faults.iter().map(|fault| fault.errcode.get()).collect();
        assert_eq!(codes, [40018, 40019, 40054, 40025, 40027, 40022, 40024]);
    }

    #[test]
    fn limits_are_exact() {
        let bar = |name: &str| said(&Menu::new([Button::click(name, "k")]));
        assert_eq!(bar("五个汉字字a"), "");
        assert_eq!(bar("五个汉字字ab"), "button[0].name: 17 bytes; at most 16 are allowed");
        assert_eq!(bar("a\nb"), "button[0].name: control characters are not allowed");
        let list = |name: &str| said(&Menu::new([Button::list("l", [Button::click(name, "k")])]));
        assert_eq!(list(&"字".repeat(20)), "");
        assert_eq!(list(&"a".repeat(61)), "button[0].sub_button[0].name: 61 bytes; at most 60 are allowed");
        assert_eq!(said(&Menu::new([])), "button: 0 buttons; 1 to 3 are allowed");
        let many = |n| vec![Button::click("b", "k"); n];
        assert_eq!(said(&Menu::new(many(3))), "");
        assert_eq!(said(&Menu::new(many(4))), "button: 4 buttons; 1 to 3 are allowed");
        assert_eq!(said(&Menu::new([Button::list("l", many(5))])), "");
        assert_eq!(
            said(&Menu::new([Button::list("l", many(6))])),
            "button[0].sub_button: 6 buttons; 1 to 5 are allowed"
        );
        let weapp = Action::MiniProgram { url: String::new(), appid: "".into(), pagepath: String::new() };
        assert_eq!(
            said(&Menu::new([Button::new("w", weapp)])),
            "button[0].url: missing; button[0].appid: missing; button[0].pagepath: missing"
        );
    }

    #[test]
    fn a_conditional_menu_needs_a_rule_and_few_domains() {
        let view = |n: usize| Button::view("v", format!("https://d{n}.example.com/"));
        let menu = |n: usize| {
            Menu::new([Button::list("l", (0..n).map(view)), Button::view("v", "https://mp.weixin.qq.com/s")])
        };
        let said = |menu: &Menu, rule: &MatchRule| {
            menu.check_conditional(rule).err().map_or_else(String::new, |error| error.to_string())
        };
        assert_eq!(said(&menu(3), &MatchRule::platform(ClientPlatform::Ios)), "");
        let domains = "button: links to 4 domains; at most 3 are allowed in a conditional menu";
        assert_eq!(said(&menu(4), &MatchRule::tag(2)), domains);
        assert_eq!(said(&menu(1), &MatchRule::default()), "matchrule: missing");
        let old = MatchRule { retired: [("sex".to_owned(), 1.into())].into(), ..MatchRule::default() };
        assert_eq!(said(&menu(1), &old), "matchrule.sex: nobody is matched by this any more");
        assert_eq!(menu(9).check().unwrap_err().faults.len(), 1, "nobody counts the domains of a default menu");
    }
}
