//! The emulated console gets the values the service was given, so that each can open what the other seals.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value, json};
use weiqiao::config::{CallbackMode, Settings};
use weixin_emulator::{CallbackSettings, Config};

use crate::demo_crm;

/// The accounts the emulated WeChat has of its own.
const OFFICIAL: &str = "wx1111111111111111";
pub(crate) const MINI: &str = "wx2222222222222222";
const EMULATED: [&str; 2] = [OFFICIAL, MINI];

/// Where browsers reach the emulated WeChat: where the service sends them for consent, unless that is the real one.
pub(crate) fn emulated_at(settings: &Settings, port: u16) -> String {
    if settings.wechat.is_open_wechats() {
        return format!("http://localhost:{port}");
    }
    settings.wechat.open_base.as_str().trim_end_matches('/').to_owned()
}

/// What the emulated WeChat begins with. The service's first account of a kind has the short address if it is an
/// official one; every account has the address with its name.
pub(crate) fn config(settings: &Settings) -> Config {
    let base = format!("http://127.0.0.1:{}", settings.listen.port);
    let mut callbacks = BTreeMap::new();
    for account in &settings.wechat.accounts {
        let Some(callback) = &account.callback else { continue };
        let (name, app_id) = (account.account.name.as_str(), account.account.app_id.as_str());
        if !EMULATED.contains(&app_id) {
            continue;
        }
        let mode = match callback.mode {
            CallbackMode::Plain => "plain",
            CallbackMode::Compatible => "compatible",
            CallbackMode::Safe => "safe",
        };
        let path = if name == "official" { "/wx".to_owned() } else { format!("/wx/{name}") };
        let given = CallbackSettings {
            url: Some(format!("{base}{path}")),
            token: Some(callback.token.expose().to_owned()),
            // 32 bytes are 43 characters.
            aes_key: callback.aes_key.as_ref().map(|key| STANDARD_NO_PAD.encode(key.expose())),
            mode: Some(mode.to_owned()),
            format: None,
        };
        callbacks.insert(app_id.to_owned(), given);
    }
    let menus = callbacks.keys().filter(|app_id| *app_id == OFFICIAL).map(|app_id| (app_id.clone(), menu(settings)));
    let agreements = demo_crm::agreements(settings);
    Config { menus: menus.collect(), callbacks, agreements, ..Config::default() }
}

/// The menu of the emulated official account, until somebody publishes another one.
fn menu(settings: &Settings) -> Value {
    let service = settings.listen.public_url.as_str().trim_end_matches('/');
    json!({"button": [
        {"type": "click", "name": "打个招呼", "key": "HELLO"},
        {"type": "view", "name": "演示页", "url": format!("{service}/wechat/demo")},
        {"name": "更多", "sub_button": [
            {"type": "scancode_waitmsg", "name": "扫一扫", "key": "SCAN"},
            {"type": "location_select", "name": "发位置", "key": "PLACE"},
            {"type": "pic_photo_or_album", "name": "发照片", "key": "PHOTO"},
            {"type": "view", "name": "我是谁", "url": format!("{service}/wechat/me")},
        ]},
    ]})
}

#[cfg(test)]
mod tests {
    use weiqiao::config::{Environment, Input, load};
    use weiqiao_app::settings::AuthMode;

    use super::*;

    #[test]
    fn the_emulated_console_knows_what_the_service_knows() {
        let folder = tempfile::tempdir().unwrap();
        let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        let variables = [
            ("API_PORT", "4001"),
            ("WECHAT_API_BASE", "http://127.0.0.1:3002"),
            ("WECHAT_OFFICIAL_APP_ID", EMULATED[0]),
            ("WECHAT_OFFICIAL_APP_SECRET", "s"),
            ("WECHAT_OFFICIAL_TOKEN", "t0ken"),
            ("WECHAT_OFFICIAL_AES_KEY", key),
            ("WECHAT_MINI_APP_ID", "wx9999999999999999"),
            ("WECHAT_MINI_APP_SECRET", "s"),
            ("WECHAT_MINI_TOKEN", "t0ken"),
        ];
        let environment = Environment::of(variables);
        let folder = folder.path().into();
        let flags = Environment::default();
        let input = Input { flags, environment, file: None, folder, default_mode: AuthMode::Open, closed: &[] };
        let settings = load(&input).unwrap().settings;
        assert_eq!(emulated_at(&settings, 3002), "http://localhost:3002", "nobody said where browsers reach it");
        let environment = Environment::of([("WECHAT_OPEN_BASE", "https://wx.example.com/")]);
        let elsewhere = load(&Input { environment, ..input }).unwrap().settings;
        assert_eq!(emulated_at(&elsewhere, 3002), "https://wx.example.com");
        let mut callbacks = config(&settings).callbacks;
        let official = callbacks.remove(EMULATED[0]).unwrap();
        assert_eq!(official.url.as_deref(), Some("http://127.0.0.1:4001/wx"));
        assert_eq!((official.token.as_deref(), official.mode.as_deref()), (Some("t0ken"), Some("safe")));
        // The last character carries two bits that mean nothing.
        assert_eq!(official.aes_key.as_deref().and_then(|key| key.get(..42)), key.get(..42));
        assert!(callbacks.is_empty(), "another account is not ours to set up");
    }
}
