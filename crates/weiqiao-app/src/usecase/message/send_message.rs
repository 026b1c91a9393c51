//! A server sends one subscribe message and waits for WeChat's answer.

use std::fmt;

use serde_json::{Map, Value};
use weiqiao_model::{AccountKind, ApiScope};
use weixin::api::cgi_bin::message::TemplateData;
use weixin::api::cgi_bin::message::subscribe::{MessageLanguage, MiniProgramState, SendMiniSubscription};

use crate::App;
use crate::caller::Caller;
use crate::convert::wechat_error;
use crate::error::{AppError, Result, code};
use crate::hint::Call;
use crate::usecase::staff::Permission;

/// A message.
#[derive(Clone)]
pub struct SendMessage<'a> {
    /// Another mini program than the default one.
    pub account: Option<&'a str>,
    /// Whose openid.
    pub touser: String,
    /// Which template.
    pub template_id: String,
    /// `{"thing1": {"value": "…"}}`; a bare text or number stands for its value.
    pub data: Map<String, Value>,
    /// The page a tap opens.
    pub page: Option<String>,
    /// `formal`, `trial` or `developer`.
    pub miniprogram_state: Option<String>,
    /// `zh_CN`, `en_US`, `zh_HK` or `zh_TW`.
    pub lang: Option<String>,
}

impl fmt::Debug for SendMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendMessage").field("template_id", &self.template_id).finish_non_exhaustive()
    }
}

/// WeChat took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentMessage {
    /// WeChat's number of it; beyond what JavaScript counts.
    pub msgid: Option<i64>,
}

/// Sends a message as it is: values are not changed.
///
/// # Errors
///
/// In strict mode `Unauthorized` without an API key with scope `message:send` or staff who may. `Invalid` for data, words or a
/// page that cannot be. `WeChat` with the text `发送消息失败: <errmsg>` and code `SEND_MESSAGE_FAILED`.
pub async fn send_message(app: &App, caller: &Caller, message: SendMessage<'_>) -> Result<SentMessage> {
    if app.auth_mode().is_strict() {
        caller.demand(Permission::SendMessages, ApiScope::MessageSend)?;
    }
    let account = app.accounts().pick(AccountKind::Mini, message.account)?;
    let request = SendMiniSubscription {
        touser: message.touser.as_str().into(),
        template_id: message.template_id.as_str().into(),
        page: message.page.map(checked_page).transpose()?,
        miniprogram_state: state(message.miniprogram_state.as_deref())?,
        lang: language(message.lang.as_deref())?,
        data: data(&message.data)?,
    };
    let who = match caller {
        Caller::ApiKey(key) => key.name.as_str(),
        Caller::Staff(staff) => staff.staff_id.as_str(),
        Caller::User(_) | Caller::Anonymous => "nobody",
    };
    tracing::info!(account = %account.name, by = who, template = message.template_id, "a subscribe message is sent");
    let sent =
        app.weixin().send(&account.weixin, request).await.map_err(|error| {
            wechat_error("发送消息失败", code::SEND_MESSAGE_FAILED, Call::Mini, account, &error, None)
        })?;
    Ok(SentMessage { msgid: sent.msgid })
}

fn data(fields: &Map<String, Value>) -> Result<TemplateData> {
    fields
        .iter()
        .map(|(key, field)| {
            let value = match field {
                Value::Object(field) => field.get("value").unwrap_or(&Value::Null),
                other => other,
            };
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => {
                    return Err(AppError::field("data", "format", format!("data.{key} 应当写成 {{\"value\": \"…\"}}")));
                }
            };
            Ok((key.clone(), text.into()))
        })
        .collect()
}

/// A page inside the mini program: no other scheme or host, no way up.
fn checked_page(page: String) -> Result<String> {
    let path = page.split('?').next().unwrap_or_default();
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-/.".contains(&byte));
    let inside = plain && !path.starts_with("//") && !path.split('/').any(|part| part == "..");
    if inside && page.len() <= 1_024 && !page.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Ok(page);
    }
    Err(AppError::field("page", "format", "page 应当是小程序里的页面路径，例如 pages/index/index?id=1"))
}

fn state(word: Option<&str>) -> Result<MiniProgramState> {
    Ok(match word {
        None | Some("formal") => MiniProgramState::Formal,
        Some("trial") => MiniProgramState::Trial,
        Some("developer") => MiniProgramState::Developer,
        Some(_) => {
            let text = "miniprogram_state 只能是 formal、trial、developer";
            return Err(AppError::field("miniprogram_state", "oneof", text));
        }
    })
}

fn language(word: Option<&str>) -> Result<MessageLanguage> {
    Ok(match word {
        None | Some("zh_CN") => MessageLanguage::SimplifiedChinese,
        Some("en_US") => MessageLanguage::English,
        Some("zh_HK") => MessageLanguage::HongKong,
        Some("zh_TW") => MessageLanguage::Taiwan,
        Some(_) => return Err(AppError::field("lang", "oneof", "lang 只能是 zh_CN、en_US、zh_HK、zh_TW")),
    })
}
