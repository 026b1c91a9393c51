//! Accounts: official accounts, mini programs and website applications.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::{Host, Url};

use super::api_security::ApiSecurity;
use super::ids;
use super::mini_program::MiniProgram;

/// What an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// An official account (公众号).
    #[default]
    Official,
    /// A mini program (小程序).
    Mini,
    /// A website application of the open platform (网站应用), for QR login.
    Website,
}

/// An account to create or replace; what is left out gets a sensible default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountSeed {
    /// The handle used in control calls, for instance `official`. Required.
    pub name: String,
    /// What it is.
    pub kind: AccountKind,
    /// `wx` and 16 lower-case hexadecimal digits. Required.
    pub app_id: String,
    /// 32 characters. Required.
    pub app_secret: String,
    /// The name people see on the consent page; the handle when absent.
    pub title: Option<String>,
    /// The open-platform group; accounts in one group share unionids. Absent: no unionid.
    pub group: Option<String>,
    /// Callback token.
    pub token: Option<String>,
    /// EncodingAESKey, 43 characters.
    pub aes_key: Option<String>,
    /// Where callbacks are posted.
    pub callback_url: Option<String>,
    /// `plain`, `compatible` or `safe`.
    pub callback_mode: Option<String>,
    /// `xml` or `json`.
    pub callback_format: Option<String>,
    /// Hosts allowed in `redirect_uri`; absent: `localhost`, `127.0.0.1` and `[::1]`.
    pub oauth_domains: Option<Vec<String>>,
    /// JS-safe domains; absent: `localhost`, `127.0.0.1` and `[::1]`.
    pub js_domains: Option<Vec<String>>,
    /// Addresses or CIDR blocks that may fetch tokens; empty: everybody.
    pub ip_whitelist: Vec<String>,
    /// The secret is frozen in the console: 40243.
    pub secret_frozen: bool,
    /// The account is banned: 50004 for tokens, 10004 on the consent page.
    pub banned: bool,
    /// A test account: people must follow it before they can authorize (10006).
    pub must_follow: bool,
    /// API paths this account has no permission for: 48001.
    pub forbidden_apis: Vec<String>,
    /// The automatic answers set in the console, as `get_current_autoreply_info` gives them.
    pub autoreply: Option<Value>,
    /// Of a mini program: pages, devices, what it may do.
    pub mini_program: MiniProgram,
    /// Keys of API security (API 安全), and whether calls must use them.
    pub api_security: Option<ApiSecurity>,
}

/// An account as the emulator keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The handle used in control calls.
    pub name: String,
    /// What it is.
    pub kind: AccountKind,
    /// `wx` and 16 hexadecimal digits.
    pub app_id: String,
    /// The secret; it opens only this emulator.
    pub app_secret: String,
    /// The name people see.
    pub title: String,
    /// `gh_…`, the name in callbacks.
    pub original_id: String,
    /// The open-platform group.
    pub group: Option<String>,
    /// Callback token.
    pub token: Option<String>,
    /// EncodingAESKey.
    pub aes_key: Option<String>,
    /// Where callbacks are posted.
    pub callback_url: Option<String>,
    /// `plain`, `compatible` or `safe`.
    pub callback_mode: String,
    /// `xml` or `json`.
    pub callback_format: String,
    /// Hosts allowed in `redirect_uri`.
    pub oauth_domains: Vec<String>,
    /// JS-safe domains.
    pub js_domains: Vec<String>,
    /// Addresses or CIDR blocks that may fetch tokens; empty: everybody.
    pub ip_whitelist: Vec<String>,
    /// The secret is frozen.
    pub secret_frozen: bool,
    /// The account is banned.
    pub banned: bool,
    /// People must follow it before they can authorize.
    pub must_follow: bool,
    /// API paths this account has no permission for.
    pub forbidden_apis: Vec<String>,
    /// The automatic answers set in the console.
    #[serde(default)]
    pub autoreply: Option<Value>,
    /// Of a mini program: pages, devices, what it may do.
    #[serde(default)]
    pub mini_program: MiniProgram,
    /// Keys of API security.
    #[serde(default)]
    pub api_security: Option<ApiSecurity>,
}

fn development_hosts() -> Vec<String> {
    ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).to_vec()
}

impl AccountSeed {
    /// Checks the seed and fills in the defaults.
    ///
    /// # Errors
    /// A sentence naming the field that is wrong.
    pub(crate) fn build(self) -> Result<Account, String> {
        let hex_digits = self.app_id.strip_prefix("wx").unwrap_or_default();
        if self.name.is_empty() || !self.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            return Err("name must be letters, digits, - or _".to_owned());
        }
        if hex_digits.len() != 16 || !hex_digits.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()) {
            return Err(format!("app_id is {:?}; it must be wx and 16 lower-case hexadecimal digits", self.app_id));
        }
        if self.app_secret.is_empty() {
            return Err("app_secret must not be empty".to_owned());
        }
        if self.aes_key.as_ref().is_some_and(|key| key.len() != 43 || !key.chars().all(|c| c.is_ascii_alphanumeric())) {
            return Err("aes_key must be 43 letters and digits".to_owned());
        }
        if let Some(bad) = self.ip_whitelist.iter().find(|entry| parse_network(entry).is_none()) {
            return Err(format!("ip_whitelist holds {bad:?}, which is neither an address nor a CIDR block"));
        }
        if self.autoreply.as_ref().is_some_and(|set| !set.is_object()) {
            return Err("autoreply must be an object with the fields of get_current_autoreply_info".to_owned());
        }
        if let Some(Err(wrong)) = self.api_security.as_ref().map(ApiSecurity::check) {
            return Err(format!("api_security: {wrong}"));
        }
        let callback_mode = self.callback_mode.unwrap_or_else(|| "plain".to_owned());
        if !["plain", "compatible", "safe"].contains(&callback_mode.as_str()) {
            return Err(format!("callback_mode is {callback_mode:?}; it must be plain, compatible or safe"));
        }
        let callback_format = self.callback_format.unwrap_or_else(|| "xml".to_owned());
        if !["xml", "json"].contains(&callback_format.as_str()) {
            return Err(format!("callback_format is {callback_format:?}; it must be xml or json"));
        }
        Ok(Account {
            title: self.title.unwrap_or_else(|| self.name.clone()),
            original_id: ids::original_id(&self.app_id),
            name: self.name,
            kind: self.kind,
            app_id: self.app_id,
            app_secret: self.app_secret,
            group: self.group,
            token: self.token,
            aes_key: self.aes_key,
            callback_url: self.callback_url,
            callback_mode,
            callback_format,
            oauth_domains: self.oauth_domains.unwrap_or_else(development_hosts),
            js_domains: self.js_domains.unwrap_or_else(development_hosts),
            ip_whitelist: self.ip_whitelist,
            secret_frozen: self.secret_frozen,
            banned: self.banned,
            must_follow: self.must_follow,
            forbidden_apis: self.forbidden_apis,
            autoreply: self.autoreply,
            mini_program: self.mini_program,
            api_security: self.api_security,
        })
    }
}

fn parse_network(entry: &str) -> Option<IpNet> {
    entry.parse::<IpNet>().ok().or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from))
}

/// Development hosts may carry any port; WeChat itself knows hosts without ports only.
fn is_development(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

impl Account {
    /// May this address fetch tokens?
    pub(crate) fn admits(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.ip_whitelist.is_empty()
            || self.ip_whitelist.iter().filter_map(|entry| parse_network(entry)).any(|net| net.contains(&ip))
    }

    /// Is this redirect target's host registered, exactly?
    pub(crate) fn may_redirect_to(&self, target: &Url) -> bool {
        self.registered(&self.oauth_domains, target, false)
    }

    /// Is this page on a JS-safe domain (or below one)?
    pub(crate) fn is_js_safe(&self, page: &Url) -> bool {
        self.registered(&self.js_domains, page, true)
    }

    fn registered(&self, domains: &[String], target: &Url, subdomains: bool) -> bool {
        let Some(host) = target.host() else { return false };
        if !is_development(&host) && target.port().is_some() {
            return false;
        }
        let host = host.to_string();
        domains.iter().any(|entry| {
            let (domain, path) = match entry.split_once('/') {
                Some((domain, path)) => (domain, Some(path)),
                None => (entry.as_str(), None),
            };
            let domain = domain.to_ascii_lowercase();
            let host_fits = host == domain || (subdomains && host.ends_with(&format!(".{domain}")));
            let path_fits = path.is_none_or(|path| {
                target.path().strip_prefix('/').and_then(|rest| rest.strip_prefix(path)).is_some_and(|rest| {
                    rest.is_empty() || path.is_empty() || path.ends_with('/') || rest.starts_with('/')
                })
            });
            host_fits && path_fits
        })
    }
}

/// All accounts, in the order they were added.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Accounts {
    list: Vec<Account>,
}

impl Accounts {
    /// Adds an account, or replaces the one with the same name or appid.
    pub(crate) fn put(&mut self, account: Account) {
        let same = |old: &Account| old.name == account.name || old.app_id == account.app_id;
        let at = self.list.iter().position(same).unwrap_or(self.list.len());
        self.list.retain(|old| !same(old));
        self.list.insert(at.min(self.list.len()), account);
    }

    /// The account with this name or appid.
    pub(crate) fn find(&self, name_or_app_id: &str) -> Option<&Account> {
        self.list.iter().find(|account| account.name == name_or_app_id || account.app_id == name_or_app_id)
    }

    /// The account with this appid.
    pub(crate) fn by_app_id(&self, app_id: &str) -> Option<&Account> {
        self.list.iter().find(|account| account.app_id == app_id)
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Account> {
        self.list.iter()
    }

    /// Removes an account; its tokens stay known but belong to nobody.
    pub(crate) fn remove(&mut self, app_id: &str) {
        self.list.retain(|account| account.app_id != app_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(domains: &[&str]) -> Account {
        let domains: Vec<String> = domains.iter().map(|d| (*d).to_owned()).collect();
        AccountSeed {
            name: "a".into(),
            app_id: "wx1111111111111111".into(),
            app_secret: "s".into(),
            oauth_domains: Some(domains.clone()),
            js_domains: Some(domains),
            ..AccountSeed::default()
        }
        .build()
        .unwrap()
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn redirect_hosts_match_exactly() {
        let account = account(&["www.qq.com", "localhost", "127.0.0.1"]);
        for good in
            ["https://www.qq.com/a?b=c#d", "http://WWW.qq.com", "http://localhost:3001/x", "http://127.0.0.1:9/"]
        {
            assert!(account.may_redirect_to(&url(good)), "{good}");
        }
        for bad in [
            "https://pay.qq.com/",
            "https://qq.com/",
            "https://www.qq.com.evil.example/",
            "https://www.qq.com@evil.example/",
            "https://www.qq.com:8443/",
            "http://127.0.0.2/",
            "http://[::1]/",
        ] {
            assert!(!account.may_redirect_to(&url(bad)), "{bad}");
        }
    }

    #[test]
    fn js_domains_cover_subdomains_and_paths() {
        let account = account(&["qq.com", "wx.example.com/mp"]);
        for good in
            ["https://qq.com/", "https://a.b.qq.com/", "https://wx.example.com/mp", "https://wx.example.com/mp/x"]
        {
            assert!(account.is_js_safe(&url(good)), "{good}");
        }
        for bad in
            ["https://evilqq.com/", "https://wx.example.com/", "https://wx.example.com/mpx", "https://qq.com:8080/"]
        {
            assert!(!account.is_js_safe(&url(bad)), "{bad}");
        }
    }

    #[test]
    fn the_white_list_takes_addresses_and_blocks() {
        let mut account = account(&[]);
        assert!(account.admits("10.1.2.3".parse().unwrap()), "an empty list admits everybody");
        account.ip_whitelist = vec!["10.0.0.0/8".into(), "192.168.1.1".into()];
        assert!(account.admits("10.1.2.3".parse().unwrap()));
        assert!(account.admits("::ffff:192.168.1.1".parse().unwrap()));
        assert!(!account.admits("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn putting_replaces_by_name_and_by_appid() {
        let mut accounts = Accounts::default();
        let first = account(&[]);
        accounts.put(first.clone());
        accounts.put(Account { title: "new".into(), ..first.clone() });
        assert_eq!(accounts.iter().map(|a| a.title.as_str()).collect::<Vec<_>>(), ["new"]);
        accounts.put(Account { app_id: "wx9999999999999999".into(), ..first.clone() });
        assert_eq!(accounts.iter().count(), 1, "the name moved to another appid");
        assert!(accounts.by_app_id("wx9999999999999999").is_some());
    }

    #[test]
    fn bad_seeds_are_refused_by_field() {
        let good = AccountSeed {
            name: "a".into(),
            app_id: "wx1111111111111111".into(),
            app_secret: "s".into(),
            ..AccountSeed::default()
        };
        let cases = [
            (AccountSeed { name: "a b".into(), ..good.clone() }, "name"),
            (AccountSeed { app_id: "wx1".into(), ..good.clone() }, "app_id"),
            (AccountSeed { app_secret: String::new(), ..good.clone() }, "app_secret"),
            (AccountSeed { aes_key: Some("x".into()), ..good.clone() }, "aes_key"),
            (AccountSeed { ip_whitelist: vec!["x".into()], ..good.clone() }, "ip_whitelist"),
            (AccountSeed { callback_mode: Some("x".into()), ..good.clone() }, "callback_mode"),
            (AccountSeed { autoreply: Some(1.into()), ..good.clone() }, "autoreply"),
        ];
        for (seed, field) in cases {
            assert!(seed.build().unwrap_err().contains(field), "{field}");
        }
    }
}
