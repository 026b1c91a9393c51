//! What a message says: checked when it is asked for, sealed beside its record, opened when a person has it sent again.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weixin::api::cgi_bin::message::subscribe::{MessageLanguage, MiniProgramState, SendMiniSubscription};
use weixin_proto::OpenId;

use crate::App;
use crate::crm::PageRules;
use crate::error::{AppError, Result};
use crate::vault::Place;

/// What a message says, as whoever asks for it does.
#[derive(Clone)]
pub struct MessageDraft {
    /// `{"thing1": {"value": "…"}}`; a bare text or number stands for its value.
    pub data: Map<String, Value>,
    /// The page a tap opens.
    pub page: Option<String>,
    /// `formal`, `trial` or `developer`.
    pub miniprogram_state: Option<String>,
    /// `zh_CN`, `en_US`, `zh_HK` or `zh_TW`.
    pub lang: Option<String>,
}

impl fmt::Debug for MessageDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageDraft")
    }
}

/// What a message says, checked. Stored as JSON, so fields may be added and never renamed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    data: BTreeMap<String, String>,
    page: Option<String>,
    state: State,
    lang: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    Formal,
    Trial,
    Developer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Language {
    SimplifiedChinese,
    English,
    HongKong,
    Taiwan,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Content")
    }
}

impl Content {
    /// Looks at what is to be said.
    ///
    /// # Errors
    ///
    /// `Invalid`, naming the field.
    pub(crate) fn check(draft: MessageDraft, pages: &PageRules) -> Result<Self> {
        let MessageDraft { data, page, miniprogram_state, lang } = draft;
        if page.as_ref().is_some_and(|page| !pages.allow(page)) {
            let text = "page 应当是小程序里允许打开的页面路径，例如 pages/index/index?id=1";
            return Err(AppError::field("page", "format", text));
        }
        let state = match miniprogram_state.as_deref() {
            None | Some("formal") => State::Formal,
            Some("trial") => State::Trial,
            Some("developer") => State::Developer,
            Some(_) => {
                let text = "miniprogram_state 只能是 formal、trial、developer";
                return Err(AppError::field("miniprogram_state", "oneof", text));
            }
        };
        let lang = match lang.as_deref() {
            None | Some("zh_CN") => Language::SimplifiedChinese,
            Some("en_US") => Language::English,
            Some("zh_HK") => Language::HongKong,
            Some("zh_TW") => Language::Taiwan,
            Some(_) => return Err(AppError::field("lang", "oneof", "lang 只能是 zh_CN、en_US、zh_HK、zh_TW")),
        };
        let data = data.iter().map(|(key, field)| Ok((key.clone(), text(key, field)?))).collect::<Result<_>>()?;
        Ok(Self { data, page, state, lang })
    }

    /// The call.
    pub(crate) fn request(self, touser: OpenId, template_id: &str) -> SendMiniSubscription {
        let Self { data, page, state, lang } = self;
        SendMiniSubscription {
            touser,
            template_id: template_id.into(),
            page,
            miniprogram_state: match state {
                State::Formal => MiniProgramState::Formal,
                State::Trial => MiniProgramState::Trial,
                State::Developer => MiniProgramState::Developer,
            },
            lang: match lang {
                Language::SimplifiedChinese => MessageLanguage::SimplifiedChinese,
                Language::English => MessageLanguage::English,
                Language::HongKong => MessageLanguage::HongKong,
                Language::Taiwan => MessageLanguage::Taiwan,
            },
            data: data.into_iter().map(|(key, value)| (key, value.into())).collect(),
        }
    }
}

fn text(key: &str, field: &Value) -> Result<String> {
    let value = match field {
        Value::Object(field) => field.get("value").unwrap_or(&Value::Null),
        other => other,
    };
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(AppError::field("data", "format", format!("data.{key} 应当写成 {{\"value\": \"…\"}}"))),
    }
}

/// Where something of a message is sealed for.
fn place<'a>(column: &'static str, id: &'a str, app_id: &'a str) -> Place<'a> {
    Place::new("notification", column, id, app_id)
}

pub(super) fn seal_recipient(app: &App, id: &str, app_id: &str, openid: &str) -> Vec<u8> {
    app.vault().seal(recipient_place(id, app_id), openid.as_bytes())
}

/// Where the recipient of a message is sealed for.
pub(crate) fn recipient_place<'a>(id: &'a str, app_id: &'a str) -> Place<'a> {
    place("openid", id, app_id)
}

/// Whom a message goes to.
pub(crate) fn open_recipient(app: &App, id: &str, app_id: &str, sealed: &[u8]) -> Result<OpenId> {
    let openid = app.vault().open_text(recipient_place(id, app_id), sealed)?;
    Ok(OpenId::new(openid.as_str()))
}

pub(super) fn seal_content(app: &App, id: &str, app_id: &str, content: &Content) -> Result<Vec<u8>> {
    Ok(app.vault().seal(place("content", id, app_id), &serde_json::to_vec(content)?))
}

/// What a message says.
pub(crate) fn open_content(app: &App, id: &str, app_id: &str, sealed: &[u8]) -> Result<Content> {
    Ok(serde_json::from_slice(&app.vault().open(place("content", id, app_id), sealed)?)?)
}

pub(super) fn seal_answer(app: &App, id: &str, app_id: &str, answer: &impl Serialize) -> Result<Vec<u8>> {
    Ok(app.vault().seal(place("answer", id, app_id), &serde_json::to_vec(answer)?))
}

pub(super) fn open_answer<T: serde::de::DeserializeOwned>(
    app: &App,
    id: &str,
    app_id: &str,
    sealed: &[u8],
) -> Result<T> {
    Ok(serde_json::from_slice(&app.vault().open(place("answer", id, app_id), sealed)?)?)
}
