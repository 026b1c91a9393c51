//! Sending a person to WeChat for consent, and what comes back.
//!
//! [`AuthorizeUrl`] makes the two links: the page inside WeChat, and the QR code for websites. What comes back is a code;
//! [`OAuth`] turns it into the person's token and profile, once however often it is brought.

mod person;

use percent_encoding::utf8_percent_encode;
use url::Url;
use weixin_proto::AppId;

use crate::Bases;
use crate::client::COMPONENT;

pub use person::OAuth;

/// What a person is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// Only who it is, without asking: openid, and unionid where the account has one.
    Base,
    /// Nickname and picture too, after the person has agreed.
    UserInfo,
    /// Login to a website by QR code, for the website application of the open platform.
    Login,
}

impl Scope {
    /// WeChat's word: `snsapi_base`, `snsapi_userinfo`, `snsapi_login`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Base => "snsapi_base",
            Self::UserInfo => "snsapi_userinfo",
            Self::Login => "snsapi_login",
        }
    }
}

/// The link that starts a login.
///
/// [`Scope::Base`] and [`Scope::UserInfo`] give the page inside WeChat, [`Scope::Login`] the QR code.
///
/// <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html>,
/// <https://developers.weixin.qq.com/doc/oplatform/Website_App/WeChat_Login/Wechat_Login.html>
#[derive(Debug, Clone)]
#[must_use]
pub struct AuthorizeUrl<'a> {
    app_id: &'a AppId,
    redirect_uri: &'a str,
    scope: Scope,
    state: &'a str,
    force_popup: bool,
    force_snapshot: bool,
}

impl<'a> AuthorizeUrl<'a> {
    /// A login for `app_id` that ends at `redirect_uri` with `code` and `state` added to its query.
    ///
    /// `state` has 1 to 128 characters of `[A-Za-z0-9]`. Make it random, bind it to the browser and accept it once:
    /// nothing else protects the login against being finished in another browser.
    pub fn new(app_id: &'a AppId, redirect_uri: &'a str, scope: Scope, state: &'a str) -> Self {
        Self { app_id, redirect_uri, scope, state, force_popup: false, force_snapshot: false }
    }

    /// Asks for consent also where WeChat would let a follower pass silently. Inside WeChat only.
    pub fn force_popup(mut self, on: bool) -> Self {
        self.force_popup = on;
        self
    }

    /// Opens the page as a snapshot page. Inside WeChat only; without effect in some silent cases.
    pub fn force_snapshot(mut self, on: bool) -> Self {
        self.force_snapshot = on;
        self
    }

    /// The link, its parameters in the order WeChat insists on.
    ///
    /// # Errors
    ///
    /// A state or a redirect address that WeChat would refuse.
    pub fn build(&self, bases: &Bases) -> Result<String, AuthorizeUrlError> {
        let state_fits = (1..=128).contains(&self.state.len()) && self.state.bytes().all(|b| b.is_ascii_alphanumeric());
        if !state_fits {
            return Err(AuthorizeUrlError::State);
        }
        let target = Url::parse(self.redirect_uri).map_err(|_| AuthorizeUrlError::RedirectUri)?;
        if !matches!(target.scheme(), "http" | "https") || !target.has_host() {
            return Err(AuthorizeUrlError::RedirectUri);
        }
        let page = match self.scope {
            Scope::Base | Scope::UserInfo => "/connect/oauth2/authorize",
            Scope::Login => "/connect/qrconnect",
        };
        let mut link = format!(
            "{base}{page}?appid={app_id}&redirect_uri={redirect_uri}&response_type=code&scope={scope}&state={state}",
            base = bases.open().as_str().trim_end_matches('/'),
            app_id = utf8_percent_encode(self.app_id.as_str(), COMPONENT),
            redirect_uri = utf8_percent_encode(self.redirect_uri, COMPONENT),
            scope = self.scope.as_str(),
            state = self.state,
        );
        if self.scope != Scope::Login {
            if self.force_popup {
                link.push_str("&forcePopup=true");
            }
            if self.force_snapshot {
                link.push_str("&forceSnapShot=true");
            }
        }
        link.push_str("#wechat_redirect");
        Ok(link)
    }
}

/// Why a login link cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizeUrlError {
    /// WeChat takes letters and digits only, at most 128.
    #[error("state must be 1 to 128 letters and digits")]
    State,
    /// WeChat takes absolute addresses only.
    #[error("redirect_uri must be an absolute http or https address")]
    RedirectUri,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Client;

    fn link(make: impl FnOnce(AuthorizeUrl<'_>) -> AuthorizeUrl<'_>, scope: Scope) -> String {
        let client = Client::builder().build().unwrap();
        let app_id = AppId::new("wx520c15f417810387");
        let target = "https://chong.qq.com/php/index.php?d=&c=wxAdapter&m=mobileDeal&showwxpaytitle=1#/页";
        make(AuthorizeUrl::new(&app_id, target, scope, "123")).build(client.bases()).unwrap()
    }

    #[test]
    fn the_parameters_stand_in_wechats_order() {
        assert_eq!(
            link(|url| url, Scope::Base),
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx520c15f417810387&redirect_uri=https%3A%2F%2F\
             chong.qq.com%2Fphp%2Findex.php%3Fd%3D%26c%3DwxAdapter%26m%3DmobileDeal%26showwxpaytitle%3D1%23%2F%E9%A1%B5\
             &response_type=code&scope=snsapi_base&state=123#wechat_redirect"
        );
    }

    #[test]
    fn forced_pages_follow_the_state() {
        let link = link(|url| url.force_popup(true).force_snapshot(true), Scope::UserInfo);
        assert!(
            link.ends_with("&scope=snsapi_userinfo&state=123&forcePopup=true&forceSnapShot=true#wechat_redirect"),
            "{link}"
        );
    }

    #[test]
    fn a_website_gets_the_qr_code_without_the_options_of_the_other_page() {
        let link = link(|url| url.force_popup(true), Scope::Login);
        assert!(link.starts_with("https://open.weixin.qq.com/connect/qrconnect?appid="), "{link}");
        assert!(link.ends_with("&scope=snsapi_login&state=123#wechat_redirect"), "{link}");
    }

    #[test]
    fn the_open_base_is_respected() {
        let base = Url::parse("http://127.0.0.1:3002/relay/").unwrap();
        let client = Client::builder().open_base(base).build().unwrap();
        let app_id = AppId::new("wx1");
        let link = AuthorizeUrl::new(&app_id, "http://a.example/", Scope::Base, "s").build(client.bases()).unwrap();
        assert!(link.starts_with("http://127.0.0.1:3002/relay/connect/oauth2/authorize?appid=wx1&"), "{link}");
    }

    #[test]
    fn what_wechat_would_refuse_is_refused_here() {
        let client = Client::builder().build().unwrap();
        let app_id = AppId::new("wx1");
        let build = |target, state| AuthorizeUrl::new(&app_id, target, Scope::Base, state).build(client.bases());
        let (longest, long) = ("a".repeat(128), "a".repeat(129));
        for state in ["", "a-b", "a b", "状态", "a&appid=evil", &long] {
            assert_eq!(build("https://a.example/", state), Err(AuthorizeUrlError::State), "{state}");
        }
        assert!(build("https://a.example/", &longest).is_ok());
        for target in ["", "/wechat/callback", "javascript:alert(1)", "ftp://a.example/", "a.example"] {
            assert_eq!(build(target, "s"), Err(AuthorizeUrlError::RedirectUri), "{target}");
        }
    }
}
