//! Where an account's callbacks go, and the menu a person sees.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use weixin_proto::AesKey;

use super::{ControlError, Engine};
use crate::state::account::Account;
use crate::state::menu::Button;

/// What to change about an account's callbacks; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallbackSettings {
    /// Where callbacks are posted; the empty text removes it.
    pub url: Option<String>,
    /// 3–32 letters and digits.
    pub token: Option<String>,
    /// 43 letters and digits; the empty text removes it.
    pub aes_key: Option<String>,
    /// `plain`, `compatible` or `safe`.
    pub mode: Option<String>,
    /// `xml` or `json`.
    pub format: Option<String>,
}

impl CallbackSettings {
    fn check(&self) -> Result<(), String> {
        let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        if let Some(url) = given(&self.url)
            && !Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        {
            return Err(format!("url is {url:?}; it must begin with http:// or https://"));
        }
        if let Some(token) = &self.token
            && !((3..=32).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        {
            return Err("token must be 3–32 letters and digits".to_owned());
        }
        if let Some(key) = given(&self.aes_key) {
            AesKey::parse(&key).map_err(|error| error.to_string())?;
        }
        let one_of = |name: &str, value: &Option<String>, words: &[&str]| match value {
            Some(value) if !words.contains(&value.as_str()) => {
                Err(format!("{name} is {value:?}; it must be {}", words.join(" or ")))
            }
            _ => Ok(()),
        };
        one_of("mode", &self.mode, &["plain", "compatible", "safe"])?;
        one_of("format", &self.format, &["xml", "json"])
    }

    /// Checks them, and puts them into the account.
    pub(crate) fn apply(self, account: &mut Account) -> Result<(), String> {
        self.check()?;
        let put = |old: &mut Option<String>, new: Option<String>| {
            if let Some(new) = new {
                *old = Some(new).filter(|new| !new.is_empty());
            }
        };
        put(&mut account.callback_url, self.url);
        put(&mut account.token, self.token);
        put(&mut account.aes_key, self.aes_key);
        if let Some(mode) = self.mode {
            account.callback_mode = mode;
        }
        if let Some(format) = self.format {
            account.callback_format = format;
        }
        Ok(())
    }
}

impl Engine {
    /// Changes where and how an account's callbacks go, as the console does. The address is not asked for its
    /// `echostr`; [`Engine::verify_callback`] does that.
    ///
    /// # Errors
    /// When there is no such account, or a value is wrong.
    pub fn set_callback(&self, account: &str, settings: CallbackSettings) -> Result<Account, ControlError> {
        let mut inner = self.lock();
        let mut account = inner.account(account)?.clone();
        settings.apply(&mut account).map_err(ControlError::Invalid)?;
        inner.world.accounts.put(account.clone());
        self.tell(&mut inner, "account", json!({ "name": account.name, "app_id": account.app_id }));
        Ok(account)
    }

    /// The menu a person sees at an account, each button with the event a tap on it pushes.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is no such person or account.
    pub fn menu_seen(&self, account: &str, persona: &str) -> Result<Value, ControlError> {
        let inner = self.lock();
        let (account, persona) = (inner.account(account)?, inner.persona(persona)?);
        let id = inner.world.menu_id_of(account, persona);
        let default = inner.world.menus.find(&account.app_id).map(|menu| menu.id);
        let buttons = inner.world.menu_of(account, persona).unwrap_or_default();
        Ok(json!({
            "menu_id": id, "conditional": id != default, "buttons": buttons.iter().map(shown).collect::<Vec<_>>(),
        }))
    }
}

fn shown(button: &Button) -> Value {
    let (event, key) = match button.kind.as_deref() {
        Some("click") => (Some("CLICK"), &button.key),
        Some("view") => (Some("VIEW"), &button.url),
        Some("miniprogram") => (Some("view_miniprogram"), &button.pagepath),
        Some("scancode_push") => (Some("scancode_push"), &button.key),
        Some("scancode_waitmsg") => (Some("scancode_waitmsg"), &button.key),
        Some("pic_sysphoto") => (Some("pic_sysphoto"), &button.key),
        Some("pic_photo_or_album") => (Some("pic_photo_or_album"), &button.key),
        Some("pic_weixin") => (Some("pic_weixin"), &button.key),
        Some("location_select") => (Some("location_select"), &button.key),
        _ => (None, &None),
    };
    let mut value =
        json!({ "name": button.name, "sub_button": button.sub_button.iter().map(shown).collect::<Vec<_>>() });
    if let Value::Object(fields) = &mut value {
        let texts = [
            ("type", button.kind.as_deref()),
            ("key", button.key.as_deref()),
            ("url", button.url.as_deref()),
            ("media_id", button.media_id.as_deref()),
            ("article_id", button.article_id.as_deref()),
            ("appid", button.appid.as_deref()),
            ("pagepath", button.pagepath.as_deref()),
            ("event", event),
            ("event_key", key.as_deref().filter(|_| event.is_some())),
        ];
        fields.extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))));
    }
    value
}
