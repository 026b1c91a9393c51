//! The TOML file: accounts, people and settings an emulator begins with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Host;

use crate::endpoints::read_menu;
use crate::engine::CallbackSettings;
use crate::settings::Settings;
use crate::state::World;
use crate::state::account::{AccountKind, AccountSeed};
use crate::state::persona::{self, PersonaSeed};
use crate::state::template;

/// What an emulator begins with, and returns to after a reset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Begin with `official`, `mini` and `website`.
    pub default_accounts: bool,
    /// Begin with 小明, 小红, 顾问李 and the two difficult ones.
    pub default_personas: bool,
    /// Names under which people reach it, beside those nobody on the internet can have: the control API answers under no
    /// other. That of the public address needs no mention.
    pub control_hosts: Vec<String>,
    /// Timing constants and disputed facts.
    pub settings: Settings,
    /// More accounts; one with the handle or appid of a default replaces it.
    pub accounts: Vec<AccountSeed>,
    /// Where callbacks go, by handle or appid of an account, the default ones included.
    pub callbacks: BTreeMap<String, CallbackSettings>,
    /// The menus that accounts begin with, by handle or appid: what `menu/create` takes.
    pub menus: BTreeMap<String, Value>,
    /// More people; one with the id of a default changes it.
    pub personas: Vec<PersonaSeed>,
    /// What people have agreed to before anything happens.
    pub agreements: Vec<AgreementSeed>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            default_accounts: true,
            default_personas: true,
            control_hosts: Vec::new(),
            settings: Settings::default(),
            accounts: Vec::new(),
            callbacks: BTreeMap::new(),
            menus: BTreeMap::new(),
            personas: Vec::new(),
            agreements: Vec::new(),
        }
    }
}

/// So many messages of a template somebody has agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementSeed {
    /// Handle or appid.
    pub account: String,
    /// Who.
    pub persona: String,
    /// To what.
    pub template_id: String,
    /// How many.
    pub count: u32,
}

/// The three accounts every emulator has unless told otherwise.
pub(crate) fn default_accounts() -> Vec<AccountSeed> {
    let account = |name: &str, title: &str, kind: AccountKind, digit: &str| AccountSeed {
        name: name.to_owned(),
        title: Some(title.to_owned()),
        kind,
        app_id: format!("wx{}", digit.repeat(16)),
        app_secret: digit.repeat(32),
        group: Some("open-platform".to_owned()),
        ..AccountSeed::default()
    };
    vec![
        account("official", "微桥体验号", AccountKind::Official, "1"),
        account("mini", "微桥小程序", AccountKind::Mini, "2"),
        account("website", "微桥网站", AccountKind::Website, "3"),
    ]
}

impl Config {
    /// Reads a TOML file's text.
    ///
    /// # Errors
    /// A sentence naming the key and line that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// [`Config::control_hosts`], read.
    pub(crate) fn hosts(&self) -> Result<Vec<Host>, String> {
        let read = |name: &String| {
            Host::parse(name).map_err(|_| {
                format!(
                    "control_hosts: {name:?} is no name of a host, as \"emulator.example.com\", without scheme and port"
                )
            })
        };
        self.control_hosts.iter().map(read).collect()
    }

    /// The world these make.
    pub(crate) fn world(self) -> Result<World, String> {
        self.settings.check()?;
        let mut world = World { settings: self.settings, ..World::default() };
        let accounts = if self.default_accounts { default_accounts() } else { Vec::new() };
        for seed in accounts.into_iter().chain(self.accounts) {
            let name = seed.name.clone();
            world.accounts.put(seed.build().map_err(|error| format!("account {name:?}: {error}"))?);
        }
        if let Some(mini) = world.accounts.find("mini").filter(|mini| mini.kind == AccountKind::Mini) {
            world.templates.put(template::of_the_demo(&mini.app_id));
        }
        for (name, callback) in self.callbacks {
            let mut account =
                world.accounts.find(&name).cloned().ok_or_else(|| format!("callbacks: no account {name:?}"))?;
            callback.apply(&mut account).map_err(|error| format!("callbacks of {name:?}: {error}"))?;
            world.accounts.put(account);
        }
        for (name, body) in self.menus {
            let account = world.accounts.find(&name).ok_or_else(|| format!("menus: no account {name:?}"))?;
            let (app_id, kind) = (account.app_id.clone(), account.kind);
            if kind != AccountKind::Official {
                return Err(format!("menus: {name:?} is no official account"));
            }
            let buttons = read_menu(&world, &body)
                .map_err(|refusal| format!("menu of {name:?}: {} {}", refusal.errcode, refusal.text))?;
            world.menus.begin_with(&app_id, buttons);
        }
        let people = if self.default_personas { persona::defaults() } else { Vec::new() };
        for seed in people.into_iter().chain(self.personas) {
            let id = seed.id.clone().unwrap_or_default();
            world.people.put(seed).map_err(|error| format!("person {id:?}: {error}"))?;
        }
        for AgreementSeed { account, persona, template_id, count } in self.agreements {
            let of = world.accounts.find(&account).ok_or_else(|| format!("agreements: no account {account:?}"))?;
            let app_id = of.app_id.clone();
            if world.people.find(&persona).is_none() {
                return Err(format!("agreements: no person {persona:?}"));
            }
            if world.templates.find(&app_id, &template_id).is_none() {
                return Err(format!("agreements: {account:?} has no template {template_id:?}"));
            }
            world.templates.accept(&app_id, &persona, &template_id, count);
        }
        Ok(world)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_adds_to_the_defaults_and_changes_them() {
        let text = r#"
            [settings]
            oauth_code_lifetime_s = 60
            ticket_repeat = "new"

            [callbacks.official]
            url = "http://127.0.0.1:3001/wx"
            token = "t0ken"

            [menus.official]
            button = [{ type = "click", name = "你好", key = "HELLO" }]

            [[accounts]]
            name = "second"
            app_id = "wx4444444444444444"
            app_secret = "s"
            oauth_domains = ["www.example.com"]

            [[personas]]
            id = "xiaoming"
            phone = "13900000009"
        "#;
        let world = Config::from_toml(text).unwrap().world().unwrap();
        assert_eq!(world.settings.oauth_code_lifetime_s, 60);
        assert_eq!(world.accounts.iter().count(), 4);
        let official = world.accounts.find("official").unwrap();
        assert_eq!(
            (official.callback_url.as_deref(), official.token.as_deref()),
            (Some("http://127.0.0.1:3001/wx"), Some("t0ken"))
        );
        let person = world.people.find("xiaoming").unwrap();
        assert_eq!((person.nickname.as_str(), person.phone.as_deref()), ("小明", Some("13900000009")));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(Config::from_toml("colour = 1").unwrap_err().contains("colour"));
        let bad = Config::from_toml("[[accounts]]\nname = \"x\"\napp_id = \"wx1\"\napp_secret = \"s\"").unwrap();
        assert!(bad.world().unwrap_err().contains("account \"x\": app_id"));
        for (callbacks, word) in [
            ("[callbacks.nobody]\nurl = \"http://a/\"", "no account"),
            ("[callbacks.official]\nurl = \"ftp://a/\"", "url"),
            ("[menus.nobody]\nbutton = []", "no account"),
            ("[menus.mini]\nbutton = []", "no official account"),
            ("[menus.official]\nbutton = [{ type = \"click\", name = \"x\" }]", "40019"),
            ("[callbacks.official]\ntoken = \"a-b\"", "token"),
            ("[callbacks.mini]\naes_key = \"short\"", "43"),
            ("[callbacks.mini]\nmode = \"open\"", "mode"),
        ] {
            let error = Config::from_toml(callbacks).unwrap().world().unwrap_err();
            assert!(error.contains(word), "{error}");
        }
        for host in ["http://a.example", "a.example:3002", "", "a.example/x"] {
            let config = Config { control_hosts: vec![host.to_owned()], ..Config::default() };
            assert!(config.hosts().is_err_and(|error| error.starts_with("control_hosts: ")), "{host}");
        }
    }
}
