//! The accounts of this installation: found by name, or as the default of their kind.

use std::collections::HashMap;
use std::sync::Arc;

use weiqiao_model::{AccountKind, AccountName};
use weixin_proto::AppId;

use crate::error::{AppError, Result, code};
use crate::settings::{AccountSettings, SettingError};

/// One configured account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Our name for it.
    pub name: AccountName,
    /// Official account or mini program.
    pub kind: AccountKind,
    /// The open-platform group it belongs to.
    pub group: Option<String>,
    /// What the SDK calls WeChat with.
    pub weixin: weixin::Account,
    /// The login instance it is used by here; then what WeChat grants is kept in an auth record too.
    pub instance: Option<String>,
}

impl Account {
    /// WeChat's id of it.
    #[must_use]
    pub fn app_id(&self) -> &AppId {
        self.weixin.app_id()
    }
}

/// All accounts. The first of a kind in the settings is its default.
#[derive(Debug, Clone)]
pub struct Accounts {
    in_order: Arc<[Arc<Account>]>,
    by_name: Arc<HashMap<AccountName, Arc<Account>>>,
}

impl Accounts {
    /// Reads the settings.
    ///
    /// # Errors
    ///
    /// Two accounts with one name, or one appid twice in a kind. (One appid may serve both kinds: the short form of the
    /// settings says so.)
    pub fn new(settings: &[AccountSettings]) -> Result<Self, SettingError> {
        let in_order: Vec<_> = settings.iter().map(|account| Arc::new(Account::new(account))).collect();
        let mut by_name = HashMap::with_capacity(in_order.len());
        let mut app_ids = HashMap::with_capacity(in_order.len());
        for account in &in_order {
            if by_name.insert(account.name.clone(), Arc::clone(account)).is_some() {
                return Err(SettingError::new("accounts", format!("the name `{}` is used twice", account.name)));
            }
            if let Some(other) = app_ids.insert((account.app_id().clone(), account.kind), &account.name) {
                let problem = format!("`{other}` and `{}` have the same appid", account.name);
                return Err(SettingError::new("accounts", problem));
            }
        }
        Ok(Self { in_order: in_order.into(), by_name: Arc::new(by_name) })
    }

    /// The account of that name, or the default of `kind` when no name is given.
    ///
    /// # Errors
    ///
    /// `NotFound` with code `ACCOUNT_UNKNOWN`: no such name, none of this kind, or the named one is of another kind.
    pub fn pick(&self, kind: AccountKind, name: Option<&str>) -> Result<&Arc<Account>> {
        let account = match name {
            Some(name) => self.named(name)?,
            None => self.default_of(kind).ok_or_else(|| {
                AppError::not_found(code::ACCOUNT_UNKNOWN, format!("没有配置{}账号", chinese(kind)))
                    .with_hint(format!("请设置 {} 后重启服务。", setting_of(kind)))
            })?,
        };
        if account.kind == kind {
            return Ok(account);
        }
        let message = format!("账号 {} 是{}，这个接口需要{}", account.name, chinese(account.kind), chinese(kind));
        Err(AppError::not_found(code::ACCOUNT_UNKNOWN, message))
    }

    /// The account of that name, of whatever kind.
    ///
    /// # Errors
    ///
    /// `NotFound` with code `ACCOUNT_UNKNOWN`.
    pub fn named(&self, name: &str) -> Result<&Arc<Account>> {
        AccountName::new(name)
            .ok()
            .and_then(|name| self.by_name.get(&name))
            .ok_or_else(|| AppError::not_found(code::ACCOUNT_UNKNOWN, "没有这个账号"))
    }

    /// The default of the kind: the first in the settings.
    #[must_use]
    pub fn default_of(&self, kind: AccountKind) -> Option<&Arc<Account>> {
        self.in_order.iter().find(|account| account.kind == kind)
    }

    /// Those with that appid: none, one, or one of each kind.
    pub fn with_app_id(&self, app_id: &str) -> impl Iterator<Item = &Arc<Account>> {
        self.in_order.iter().filter(move |account| account.app_id().as_str() == app_id)
    }

    /// All of them, in the order of the settings.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Account>> {
        self.in_order.iter()
    }
}

impl Account {
    pub(crate) fn new(settings: &AccountSettings) -> Self {
        let weixin = weixin::Account::new(settings.app_id.clone(), settings.app_secret.clone());
        Self {
            name: settings.name.clone(),
            kind: settings.kind,
            group: settings.group.clone(),
            weixin: weixin.token_mode(settings.token_mode),
            instance: None,
        }
    }
}

/// What people call the kind.
pub(crate) fn chinese(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Official => "公众号",
        AccountKind::Mini => "小程序",
    }
}

fn setting_of(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Official => "WECHAT_OFFICIAL_APP_ID 和 WECHAT_OFFICIAL_APP_SECRET",
        AccountKind::Mini => "WECHAT_MINI_APP_ID 和 WECHAT_MINI_APP_SECRET",
    }
}

#[cfg(test)]
mod tests {
    use weixin::TokenMode;

    use super::*;
    use crate::error::ErrorKind;

    fn account(name: &str, kind: AccountKind, app_id: &str) -> AccountSettings {
        AccountSettings {
            name: AccountName::new(name).unwrap(),
            kind,
            app_id: app_id.into(),
            app_secret: "canary-secret".into(),
            token_mode: TokenMode::Stable,
            group: None,
        }
    }

    #[test]
    fn the_first_of_a_kind_is_its_default_and_names_select_others() {
        let accounts = Accounts::new(&[
            account("mini", AccountKind::Mini, "wx2"),
            account("shop", AccountKind::Official, "wx1"),
            account("blog", AccountKind::Official, "wx3"),
        ])
        .unwrap();
        let picked = |kind, name| accounts.pick(kind, name).map(|account| account.name.as_str().to_owned());
        assert_eq!(picked(AccountKind::Official, None).unwrap(), "shop");
        assert_eq!(picked(AccountKind::Official, Some("blog")).unwrap(), "blog");
        assert_eq!(picked(AccountKind::Mini, None).unwrap(), "mini");
        for wrong in ["nobody", "", "../shop", "Shop", "mini"] {
            let error = accounts.pick(AccountKind::Official, Some(wrong)).unwrap_err();
            assert_eq!((error.kind(), error.code()), (&ErrorKind::NotFound, code::ACCOUNT_UNKNOWN), "{wrong}");
        }
        assert!(!format!("{accounts:?}").contains("canary"));
    }

    #[test]
    fn a_missing_kind_says_which_settings_to_make() {
        let accounts = Accounts::new(&[]).unwrap();
        let error = accounts.pick(AccountKind::Mini, None).unwrap_err();
        assert!(error.hint().unwrap().contains("WECHAT_MINI_APP_ID"));
    }

    #[test]
    fn names_and_appids_are_unique() {
        let twice = |a: AccountSettings, b: AccountSettings| Accounts::new(&[a, b]).unwrap_err().to_string();
        let (kind, other) = (AccountKind::Official, AccountKind::Mini);
        assert!(twice(account("a", kind, "wx1"), account("a", kind, "wx2")).contains("`a`"));
        assert!(twice(account("a", kind, "wx1"), account("b", kind, "wx1")).contains("same appid"));
        assert!(Accounts::new(&[account("a", kind, "wx1"), account("b", other, "wx1")]).is_ok());
    }
}
