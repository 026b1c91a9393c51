//! The named login instances (`auths/loginTypes/<Name>`): found by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use weiqiao_model::{AccountKind, AccountName};
use weixin::oauth::Scope;

use crate::accounts::{Account, Accounts};
use crate::error::{AppError, Result, code};
use crate::settings::{AccountSettings, LoginInstanceSettings, SettingError};

/// One named login instance.
#[derive(Debug)]
pub struct LoginInstance {
    /// Its name, as it stands in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What people are asked for.
    pub scope: Scope,
    /// What every state begins with; may be empty.
    pub state_label: String,
    /// The account people log in through. When an account of the same appid is configured, its name and group count here
    /// too, so that one person is one user.
    pub account: Arc<Account>,
}

/// All login instances.
#[derive(Debug, Clone, Default)]
pub struct LoginInstances {
    by_name: Arc<BTreeMap<String, Arc<LoginInstance>>>,
}

/// The longest state label; a nonce of 32 follows, and WeChat takes 128.
pub const MAX_STATE_LABEL: usize = 96;

impl LoginInstances {
    /// Reads the settings.
    ///
    /// # Errors
    ///
    /// A name that is used twice or is another account's, or an appid that is configured with another secret.
    pub fn new(
        settings: &[LoginInstanceSettings],
        accounts: &Accounts,
        configured: &[AccountSettings],
    ) -> Result<Self, SettingError> {
        let mut by_name = BTreeMap::new();
        for instance in settings {
            let read = LoginInstance::new(instance, accounts, configured)?;
            if by_name.insert(read.name.clone(), Arc::new(read)).is_some() {
                return Err(wrong(&instance.name, "the name is used twice"));
            }
        }
        Ok(Self { by_name: Arc::new(by_name) })
    }

    /// The instance of that name.
    ///
    /// # Errors
    ///
    /// `NotFound` with code `LOGIN_INSTANCE_UNKNOWN`.
    pub fn named(&self, name: &str) -> Result<&Arc<LoginInstance>> {
        self.by_name.get(name).ok_or_else(|| {
            AppError::not_found(code::LOGIN_INSTANCE_UNKNOWN, "没有这个登录实例")
                .with_hint("请检查网址中的名称，以及 LOGIN_TYPES_DIR 里是否有同名的文件夹。")
        })
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<LoginInstance>> {
        self.by_name.values()
    }
}

impl LoginInstance {
    fn new(
        settings: &LoginInstanceSettings,
        accounts: &Accounts,
        configured: &[AccountSettings],
    ) -> Result<Self, SettingError> {
        let LoginInstanceSettings { name, title, app_id, app_secret, scope, state_label } = settings;
        let label_fits = state_label.len() <= MAX_STATE_LABEL && state_label.bytes().all(|b| b.is_ascii_alphanumeric());
        if !label_fits {
            return Err(wrong(name, "state must be at most 96 letters and digits"));
        }
        let own_name = AccountName::new(name.as_str()).map_err(|error| wrong(name, &error.to_string()))?;
        let same_app = configured.iter().find(|one| one.kind == AccountKind::Official && one.app_id == *app_id);
        let account = match same_app {
            Some(same) if same.app_secret != *app_secret => {
                let problem = format!("appSecret is not the one configured for the account `{}`", same.name);
                return Err(wrong(name, &problem));
            }
            Some(same) => Account { instance: Some(name.clone()), ..Account::new(same) },
            None if accounts.named(name).is_ok() => {
                return Err(wrong(name, "the name is taken by an account with another appid"));
            }
            None => Account {
                name: own_name,
                kind: AccountKind::Official,
                group: Some("default".to_owned()),
                weixin: weixin::Account::new(app_id.clone(), app_secret.clone()),
                instance: Some(name.clone()),
            },
        };
        Ok(Self {
            name: name.clone(),
            title: title.clone(),
            scope: *scope,
            state_label: state_label.clone(),
            account: Arc::new(account),
        })
    }
}

fn wrong(name: &str, problem: &str) -> SettingError {
    SettingError::new("LOGIN_TYPES_DIR", format!("login instance `{name}`: {problem}"))
}

#[cfg(test)]
mod tests {
    use weixin::TokenMode;

    use super::*;

    fn account() -> AccountSettings {
        AccountSettings {
            name: AccountName::new("shop").unwrap(),
            kind: AccountKind::Official,
            app_id: "wx1".into(),
            app_secret: "canary-secret".into(),
            token_mode: TokenMode::Stable,
            group: Some("group".to_owned()),
        }
    }

    fn read(settings: &[LoginInstanceSettings]) -> Result<LoginInstances, SettingError> {
        let configured = [account()];
        LoginInstances::new(settings, &Accounts::new(&configured).unwrap(), &configured)
    }

    fn instance(name: &str, app_id: &str, secret: &str) -> LoginInstanceSettings {
        LoginInstanceSettings {
            name: name.to_owned(),
            title: "登录".to_owned(),
            app_id: app_id.into(),
            app_secret: secret.into(),
            scope: Scope::UserInfo,
            state_label: String::new(),
        }
    }

    fn refused(settings: &[LoginInstanceSettings]) -> String {
        read(settings).unwrap_err().to_string()
    }

    #[test]
    fn an_instance_of_a_configured_appid_is_that_account() {
        let both = [instance("Mine", "wx1", "canary-secret"), instance("Other", "wx9", "canary-other")];
        let instances = read(&both).unwrap();
        let account = |name: &str| Arc::clone(&instances.named(name).unwrap().account);
        assert_eq!((account("Mine").name.as_str(), account("Mine").group.as_deref()), ("shop", Some("group")));
        assert_eq!((account("Other").name.as_str(), account("Other").instance.as_deref()), ("Other", Some("Other")));
        assert_eq!(instances.named("mine").unwrap_err().code(), code::LOGIN_INSTANCE_UNKNOWN);
        assert!(!format!("{instances:?}").contains("canary"));
    }

    #[test]
    fn contradictions_are_named_without_the_secret() {
        let text = refused(&[instance("Mine", "wx1", "canary-wrong")]);
        assert!(text.contains("`Mine`") && text.contains("`shop`") && !text.contains("canary"), "{text}");
        assert!(refused(&[instance("shop", "wx9", "x")]).contains("taken"));
        assert!(refused(&[instance("a", "wx9", "x"), instance("a", "wx8", "x")]).contains("twice"));
        let label = LoginInstanceSettings { state_label: "my-state".to_owned(), ..instance("a", "wx9", "x") };
        assert!(refused(&[label]).contains("letters and digits"));
    }
}
