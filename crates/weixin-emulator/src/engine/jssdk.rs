//! What the emulated client does with a page's `wx.config` and share data.

use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;
use weixin_proto::sign;

use super::{ControlError, Engine, Inner};
use crate::state::account::Account;
use crate::state::share::ShareCard;
use crate::state::ticket::TicketKind;

/// An account, by handle or appid, as `account` or as `appId`. Both may be there, for a page hands on what it was given, if
/// they mean the same.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Names")]
pub(crate) struct Named {
    name: String,
    also: Option<String>,
}

#[derive(Deserialize)]
struct Names {
    account: Option<String>,
    #[serde(rename = "appId", alias = "app_id")]
    app_id: Option<String>,
}

impl TryFrom<Names> for Named {
    type Error = &'static str;

    fn try_from(names: Names) -> Result<Self, Self::Error> {
        match (names.account, names.app_id) {
            (Some(name), also) => Ok(Self { name, also }),
            (None, Some(name)) => Ok(Self { name, also: None }),
            (None, None) => Err("missing field `account`"),
        }
    }
}

impl Named {
    fn find<'a>(&self, inner: &'a Inner) -> Result<&'a Account, ControlError> {
        let account = inner.account(&self.name)?;
        match &self.also {
            Some(also) if inner.account(also)?.app_id != account.app_id => {
                Err(ControlError::Invalid("account and appId are two accounts".to_owned()))
            }
            _ => Ok(account),
        }
    }
}

/// A configuration to check.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JssdkCheck {
    #[serde(flatten)]
    pub(crate) account: Named,
    /// The page, as the browser shows it; the fragment is cut here too.
    pub(crate) url: String,
    pub(crate) timestamp: i64,
    #[serde(alias = "noncestr", alias = "nonce_str")]
    pub(crate) nonce_str: String,
    pub(crate) signature: String,
}

/// What the client says to a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JssdkVerdict {
    pub(crate) ok: bool,
    /// `config:ok`, `config:invalid signature`, …
    pub(crate) err_msg: String,
    /// Why, for people.
    pub(crate) reason: String,
    /// The text that should have been signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expected_string: Option<String>,
    /// Its signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expected_signature: Option<String>,
}

/// A share card to remember.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShareRequest {
    #[serde(flatten)]
    pub(crate) account: Named,
    pub(crate) api: String,
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) desc: String,
    #[serde(default)]
    pub(crate) link: String,
    #[serde(default, alias = "img_url")]
    pub(crate) img_url: String,
}

/// The current share calls and the two deprecated ones that pages still use.
const SHARE_CALLS: [&str; 4] =
    ["updateAppMessageShareData", "updateTimelineShareData", "onMenuShareAppMessage", "onMenuShareTimeline"];

fn no(err_msg: &str, reason: impl Into<String>) -> JssdkVerdict {
    JssdkVerdict {
        ok: false,
        err_msg: err_msg.to_owned(),
        reason: reason.into(),
        expected_string: None,
        expected_signature: None,
    }
}

fn check(inner: &Inner, request: &JssdkCheck) -> JssdkVerdict {
    let account = match request.account.find(inner) {
        Ok(account) => account,
        Err(ControlError::Invalid(why)) => return no("config:fail, invalid appid", why),
        Err(_) => return no("config:fail, invalid appid", "there is no such account"),
    };
    let page = sign::page_url(&request.url);
    let Some(parsed) = Url::parse(page).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
        return no("config:invalid url domain", "url is not an http(s) address");
    };
    if !account.is_js_safe(&parsed) {
        let reason = format!("{} is not below one of {:?}", parsed.host_str().unwrap_or_default(), account.js_domains);
        return no("config:invalid url domain", reason);
    }
    let mut tickets = inner.world.tickets.alive(&account.app_id, TicketKind::Jsapi, inner.clock.now_ms()).peekable();
    let Some(newest) = tickets.peek().map(|ticket| ticket.value.clone()) else {
        return no("config:invalid signature", "no jsapi ticket of this account is alive: nobody fetched one");
    };
    let signed = |ticket: &str| sign::jssdk_signature(ticket, &request.nonce_str, request.timestamp, page);
    let good = tickets.any(|ticket| signed(&ticket.value) == request.signature);
    let expected_string =
        format!("jsapi_ticket={newest}&noncestr={}&timestamp={}&url={page}", request.nonce_str, request.timestamp);
    JssdkVerdict {
        ok: good,
        err_msg: if good { "config:ok" } else { "config:invalid signature" }.to_owned(),
        reason: if good { "" } else { "ticket, noncestr, timestamp or url differ from what was signed" }.to_owned(),
        expected_signature: Some(signed(&newest)),
        expected_string: Some(expected_string),
    }
}

impl Engine {
    /// Checks a page's configuration as the client would.
    pub(crate) fn check_jssdk(&self, request: &JssdkCheck) -> JssdkVerdict {
        let mut inner = self.lock();
        let verdict = check(&inner, request);
        let data = json!({ "account": request.account.name, "url": request.url, "errMsg": verdict.err_msg });
        self.tell(&mut inner, "jssdk", data);
        verdict
    }

    /// Remembers a share card; the link must be on a JS-safe domain.
    pub(crate) fn share(&self, request: ShareRequest) -> Result<ShareCard, ControlError> {
        let mut inner = self.lock();
        let account = request.account.find(&inner)?.clone();
        if !SHARE_CALLS.contains(&request.api.as_str()) {
            return Err(ControlError::Invalid(format!("{} is not a share call", request.api)));
        }
        let link = if request.link.is_empty() { &request.url } else { &request.link };
        if !Url::parse(link).is_ok_and(|link| account.is_js_safe(&link)) {
            return Err(ControlError::Invalid("link is not on a JS-safe domain of the account".to_owned()));
        }
        let card = ShareCard {
            id: 0,
            at_ms: inner.clock.now_ms(),
            account: account.name,
            link: link.clone(),
            api: request.api,
            page: request.url,
            title: request.title,
            desc: request.desc,
            img_url: request.img_url,
        };
        let card = inner.world.shares.add(card);
        self.tell(&mut inner, "share", json!(card));
        Ok(card)
    }
}
