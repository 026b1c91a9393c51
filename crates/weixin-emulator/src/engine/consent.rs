//! The consent page's rules: which links WeChat accepts, and where it sends people.

use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{ControlError, Engine, Inner};
use crate::settings::{AbsentState, Denied, StateAlphabet};
use crate::state::account::{Account, AccountKind};
use crate::state::code::{CodeKind, CodeRequest, Scope};

/// Which of the two pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Door {
    /// `/connect/oauth2/authorize`, inside WeChat.
    Authorize,
    /// `/connect/qrconnect`, on a desktop browser.
    Qr,
}

/// A link WeChat accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Consent {
    pub(crate) door: Door,
    pub(crate) account: Account,
    pub(crate) redirect_uri: String,
    pub(crate) scope: Scope,
    pub(crate) state: Option<String>,
    /// `forcePopup=true`: the sheet is shown even for `snsapi_base`.
    pub(crate) force_popup: bool,
    /// `forceSnapShot=true`.
    pub(crate) force_snapshot: bool,
    /// Things WeChat lets pass today but has not always.
    pub(crate) remarks: Vec<String>,
}

/// A link WeChat refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageError {
    pub(crate) errcode: i64,
    /// WeChat's text.
    pub(crate) text: String,
    /// What it means here, for people.
    pub(crate) why: String,
}

impl PageError {
    pub(crate) fn new(errcode: i64, text: &str, why: impl Into<String>) -> Self {
        Self { errcode, text: text.to_owned(), why: why.into() }
    }
}

/// What the person chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) persona: String,
    pub(crate) allow: bool,
    /// Send a code that is past its life.
    pub(crate) expired: bool,
    /// Leave `state` out.
    pub(crate) drop_state: bool,
    /// As from a snapshot page.
    pub(crate) snapshot: bool,
}

/// What follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decided {
    /// The code, when allowed.
    pub(crate) code: Option<String>,
    /// Where the browser goes now; `None`: a page that says the person refused.
    pub(crate) go: Option<String>,
    /// The same without a code.
    pub(crate) back: String,
}

/// The order WeChat documents; other orders have failed before.
const ORDER: [&str; 5] = ["appid", "redirect_uri", "response_type", "scope", "state"];

impl Consent {
    /// Reads a link as WeChat does.
    pub(crate) fn read(inner: &Inner, door: Door, query: &[(String, String)]) -> Result<Self, PageError> {
        let get = |name: &str| {
            query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
        };
        let app_id = get("appid").ok_or_else(|| PageError::new(10012, "appid不能为空", "链接里没有 appid"))?;
        let scope = get("scope").ok_or_else(|| PageError::new(10010, "scope不能为空", "链接里没有 scope"))?;
        let redirect_uri = get("redirect_uri")
            .ok_or_else(|| PageError::new(10011, "redirect_uri不能为空", "链接里没有 redirect_uri"))?;
        let state = get("state");
        let settings = &inner.world.settings;
        if state.is_none() && settings.state_required {
            return Err(PageError::new(10013, "state不能为空", "链接里没有 state"));
        }
        let malformed = |why: String| PageError::new(10008, "参数错误", why);
        match get("response_type") {
            Some("code") => {}
            Some(other) => return Err(malformed(format!("response_type 应为 code，链接里是 {other}"))),
            None => return Err(malformed("链接里没有 response_type=code".to_owned())),
        }
        let mut remarks = Vec::new();
        if let Some(state) = state {
            if state.len() > 128 {
                return Err(malformed(format!("state 最多 128 字节，链接里有 {} 字节", state.len())));
            }
            if !state.chars().all(|c| c.is_ascii_alphanumeric()) {
                match settings.state_alphabet {
                    StateAlphabet::Refuse => return Err(malformed("state 只能是字母和数字".to_owned())),
                    StateAlphabet::Warn => {
                        remarks.push("state 含有字母和数字以外的字符，文档只允许 a-zA-Z0-9".to_owned())
                    }
                    StateAlphabet::Ignore => {}
                }
            }
        }
        let account = inner.world.accounts.by_app_id(app_id).cloned();
        let account = account
            .ok_or_else(|| PageError::new(40013, "AppID 参数错误", format!("模拟器里没有 appid 为 {app_id} 的账号")))?;
        if account.banned {
            return Err(PageError::new(10004, "此公众号被封禁", "该账号在模拟器中被设为封禁"));
        }
        let scope = permitted(door, &account, scope)?;
        let target = Url::parse(redirect_uri).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let target = target.filter(|url| account.may_redirect_to(url)).ok_or_else(|| {
            let asked = Url::parse(redirect_uri).ok().and_then(|url| {
                let host = url.host_str()?.to_owned();
                Some(url.port().map_or(host.clone(), |port| format!("{host}:{port}")))
            });
            let asked = asked.unwrap_or_else(|| redirect_uri.to_owned());
            let why = format!("请求的是 {asked}，已登记的是 {}", account.oauth_domains.join("、"));
            PageError::new(10003, "redirect_uri域名与后台配置不一致", why)
        })?;
        let printable = redirect_uri.chars().all(|c| c.is_ascii_graphic());
        let known: Vec<usize> = query.iter().filter_map(|(key, _)| ORDER.iter().position(|name| name == key)).collect();
        if !known.is_sorted() {
            remarks.push(format!("参数顺序应为 {}，顺序不同曾导致链接无法打开", ORDER.join("、")));
        }
        Ok(Self {
            door,
            account,
            redirect_uri: if printable { redirect_uri.to_owned() } else { target.to_string() },
            scope,
            state: state.map(str::to_owned),
            force_popup: get("forcePopup") == Some("true"),
            force_snapshot: get("forceSnapShot") == Some("true"),
            remarks,
        })
    }

    /// Whether the redirect happens without a sheet.
    pub(crate) fn is_silent(&self) -> bool {
        self.door == Door::Authorize && self.scope == Scope::Base && !self.force_popup
    }

    /// Where a code goes: before the fragment, behind any query that is there.
    pub(crate) fn target(&self, code: Option<&str>, drop_state: bool, absent: AbsentState) -> String {
        let state = match (&self.state, drop_state, absent) {
            (_, true, _) | (None, _, AbsentState::Omit) => None,
            (None, _, AbsentState::Empty) => Some(""),
            (Some(state), ..) => Some(state.as_str()),
        };
        let pairs = [("code", code), ("state", state)];
        let mut added = form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs {
            if let Some(value) = value {
                added.append_pair(name, value);
            }
        }
        let added = added.finish();
        let (before, fragment) = match self.redirect_uri.split_once('#') {
            Some((before, fragment)) => (before, Some(fragment)),
            None => (self.redirect_uri.as_str(), None),
        };
        let joint = match before.split_once('?') {
            _ if added.is_empty() => "",
            None => "?",
            Some((_, "")) => "",
            Some((_, query)) if query.ends_with('&') => "",
            Some(_) => "&",
        };
        let fragment = fragment.map_or_else(String::new, |fragment| format!("#{fragment}"));
        format!("{before}{joint}{added}{fragment}")
    }
}

fn permitted(door: Door, account: &Account, asked: &str) -> Result<Scope, PageError> {
    match door {
        Door::Authorize if account.kind == AccountKind::Website => {
            let why = "这是网站应用的 appid，网页授权要用公众号的 appid";
            Err(PageError::new(10016, "不支持微信开放平台的Appid，请使用公众号Appid", why))
        }
        Door::Authorize => Scope::parse(asked)
            .filter(|scope| account.kind == AccountKind::Official && matches!(scope, Scope::Base | Scope::UserInfo))
            .ok_or_else(|| {
                let why = format!("账号 {} 没有 scope {asked} 的权限", account.title);
                PageError::new(10005, "此公众号并没有这些scope的权限", why)
            }),
        Door::Qr => {
            let wants_login = asked.split(',').any(|scope| scope == Scope::Login.name());
            if account.kind == AccountKind::Website && wants_login {
                return Ok(Scope::Login);
            }
            let why = format!(
                "扫码登录要用网站应用的 appid 和 scope=snsapi_login，链接里的账号是 {}，scope 是 {asked}",
                account.title
            );
            Err(PageError::new(10005, "Scope 参数错误或没有 Scope 权限", why))
        }
    }
}

impl Engine {
    /// Reads a link as WeChat does.
    pub(crate) fn consent(&self, door: Door, query: &[(String, String)]) -> Result<Consent, PageError> {
        Consent::read(&self.lock(), door, query)
    }

    /// A test account is for its followers only.
    pub(crate) fn admits(&self, consent: &Consent, persona: &str) -> Result<(), PageError> {
        let account = &consent.account;
        let follows = || self.lock().world.follows.find(&account.app_id, persona).is_some();
        if account.must_follow && !follows() {
            let why = format!("{} 是测试号，{persona} 还没有关注它", account.title);
            return Err(PageError::new(10006, "必须关注此测试号", why));
        }
        Ok(())
    }

    /// The person decided.
    pub(crate) fn decide(&self, consent: &Consent, decision: &Decision) -> Result<Decided, ControlError> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let persona = inner.persona(&decision.persona)?.clone();
        inner.world.people.touch(&persona.id);
        let settings = &inner.world.settings;
        let back = consent.target(None, decision.drop_state, settings.absent_state);
        let denied = if consent.door == Door::Qr { settings.qrconnect_denied } else { settings.authorize_denied };
        let code = decision.allow.then(|| {
            let request = CodeRequest {
                kind: CodeKind::OAuth(consent.scope),
                app_id: &consent.account.app_id,
                persona: &persona.id,
                snapshot: consent.door == Door::Authorize
                    && (decision.snapshot || consent.force_snapshot || persona.snapshot),
                expired: decision.expired,
            };
            inner.world.codes.issue(request, settings, &mut inner.random, inner.clock.now_ms())
        });
        let go = match &code {
            Some(code) => Some(consent.target(Some(code), decision.drop_state, settings.absent_state)),
            None => (denied == Denied::Redirect).then(|| back.clone()),
        };
        let data = json!({
            "persona": persona.id, "account": consent.account.name, "scope": consent.scope, "allow": decision.allow,
        });
        self.tell(inner, "consent", data);
        Ok(Decided { code, go, back })
    }
}
