//! The accounts: from the environment, the short form, and the `[[account]]` tables of the file.

use weiqiao_app::settings::{AccountSettings, SettingSecret};
use weiqiao_model::{AccountKind, AccountName};
use weixin::TokenMode;
use weixin_proto::secret::AesKey;

use super::{AccountCallback, CALLBACK_MODES, CallbackMode, KINDS, TOKEN_MODES, WechatAccount};
use crate::config::parse;
use crate::config::reader::{AccountTable, Expected, Reader};
use crate::config::setting::Setting;
use crate::config::strength;

/// What an `[[account]]` table may hold.
pub(in crate::config) const ACCOUNT_SETTINGS: &[Setting] = &[
    Setting::plain("name", "必填 / required", "名称，用于 ?account= 和日志", "name, used in ?account= and logs")
        .example("shop"),
    Setting::plain("kind", "必填 / required", "official（公众号）或 mini（小程序）", "official or mini")
        .example("official"),
    Setting::plain("app_id", "必填 / required", "AppID", "appid"),
    Setting::secret("app_secret", "必填 / required", "AppSecret", "secret"),
    Setting::secret("token", "无 / none", "服务器配置 Token", "callback token").not_in_use_yet(),
    Setting::secret("aes_key", "无 / none", "EncodingAESKey（43 个字符）", "EncodingAESKey (43 characters)")
        .not_in_use_yet(),
    Setting::plain("callback_mode", "WECHAT_CALLBACK_MODE", "消息加解密方式", "message mode").not_in_use_yet(),
    Setting::plain("token_mode", "WECHAT_TOKEN_MODE", "stable 或 classic", "stable or classic").example("stable"),
    Setting::plain(
        "group",
        "default",
        "开放平台账号的名称：同一组内 UnionID 相同的就是同一个人",
        "name of the open-platform account: within it one UnionID is one person",
    )
    .example("default"),
];

/// What is the same for every account.
#[derive(Clone, Copy)]
struct Common {
    must_be_wechat: bool,
    token_mode: TokenMode,
    callback_mode: Option<CallbackMode>,
}

/// The values of one account before they are checked, with what each is called in messages.
struct Draft {
    name: String,
    kind: AccountKind,
    group: Option<String>,
    token_mode: TokenMode,
    callback_mode: Option<CallbackMode>,
    keys: Keys,
    app_id: Option<String>,
    app_secret: Option<SettingSecret>,
    token: Option<SettingSecret>,
    aes_key: Option<SettingSecret>,
}

struct Keys {
    name: String,
    app_id: String,
    app_secret: String,
    token: String,
    aes_key: String,
    callback_mode: String,
}

pub(super) fn read(
    reader: &mut Reader,
    must_be_wechat: bool,
    token_mode: TokenMode,
    callback_mode: Option<CallbackMode>,
) -> Vec<WechatAccount> {
    let common = Common { must_be_wechat, token_mode, callback_mode };
    let mut drafts = Vec::new();
    for (word, kind) in KINDS {
        let prefix = format!("WECHAT_{}", word.to_ascii_uppercase());
        drafts.extend(from_names(reader, &prefix, word, kind, common));
    }
    for table in reader.account_tables() {
        drafts.extend(from_table(reader, &table, common));
    }
    if is_any_given(reader, "WECHAT") {
        for (word, kind) in KINDS {
            if !drafts.iter().any(|draft| draft.kind == kind) {
                drafts.extend(from_names(reader, "WECHAT", word, kind, common));
            }
        }
    }
    refuse_twins(reader, &drafts);
    let accounts: Vec<_> = drafts.into_iter().filter_map(|draft| check(reader, draft, common)).collect();
    if accounts.is_empty() && !reader.has_problems() {
        reader.note(
            "WECHAT_APP_ID",
            "还没有配置任何公众号或小程序，登录和签名接口无法使用。",
            "no account is configured, so sign-in and signing do not work yet.",
        );
    }
    accounts
}

const PARTS: [&str; 4] = ["APP_ID", "APP_SECRET", "TOKEN", "AES_KEY"];

fn is_any_given(reader: &Reader, prefix: &str) -> bool {
    PARTS.iter().any(|part| reader.is_given(&format!("{prefix}_{part}")))
}

fn from_names(reader: &mut Reader, prefix: &str, name: &str, kind: AccountKind, common: Common) -> Option<Draft> {
    if !is_any_given(reader, prefix) {
        return None;
    }
    let key = |part: &str| format!("{prefix}_{part}");
    let keys = Keys {
        name: key("APP_ID"),
        app_id: key("APP_ID"),
        app_secret: key("APP_SECRET"),
        token: key("TOKEN"),
        aes_key: key("AES_KEY"),
        callback_mode: "WECHAT_CALLBACK_MODE".to_owned(),
    };
    Some(Draft {
        name: name.to_owned(),
        kind,
        group: None,
        token_mode: common.token_mode,
        callback_mode: common.callback_mode,
        app_id: reader.text(&keys.app_id),
        app_secret: reader.secret(&keys.app_secret),
        token: reader.secret(&keys.token),
        aes_key: reader.secret(&keys.aes_key),
        keys,
    })
}

fn from_table(reader: &mut Reader, table: &AccountTable, common: Common) -> Option<Draft> {
    let keys = Keys {
        name: table.key("name"),
        app_id: table.key("app_id"),
        app_secret: table.key("app_secret"),
        token: table.key("token"),
        aes_key: table.key("aes_key"),
        callback_mode: table.key("callback_mode"),
    };
    let word_of = |key: &str| table.text(key).map(str::to_owned).map(|text| (table.key(key), text));
    let (kind, token_mode, callback_mode) = (word_of("kind"), word_of("token_mode"), word_of("callback_mode"));
    let kind = match kind {
        Some(given) => one_of(reader, given, &KINDS),
        None => {
            reader.refuse(
                table.key("kind"),
                "没有设置；应当是 official 或 mini。",
                "is not set; it must be official or mini.",
            );
            None
        }
    };
    let name = match table.text("name") {
        Some(name) => name.to_owned(),
        None => {
            reader.refuse(table.key("name"), "没有设置。", "is not set.");
            return None;
        }
    };
    Some(Draft {
        name,
        kind: kind?,
        group: table.text("group").map(str::to_owned),
        token_mode: token_mode.and_then(|given| one_of(reader, given, &TOKEN_MODES)).unwrap_or(common.token_mode),
        callback_mode: callback_mode.and_then(|given| one_of(reader, given, &CALLBACK_MODES)).or(common.callback_mode),
        app_id: table.text("app_id").map(str::to_owned),
        app_secret: reader.account_secret(table, "app_secret"),
        token: reader.account_secret(table, "token"),
        aes_key: reader.account_secret(table, "aes_key"),
        keys,
    })
}

fn one_of<T: Copy>(reader: &mut Reader, (key, text): (String, String), words: &[(&str, T)]) -> Option<T> {
    parse::word(&text, words).map_err(|Expected { zh, en }| reader.refuse(key, zh, en)).ok()
}

/// Names are used once. An appid is used once too, except that the short form serves both kinds.
fn refuse_twins(reader: &mut Reader, drafts: &[Draft]) {
    for (number, draft) in drafts.iter().enumerate() {
        for earlier in drafts.iter().take(number) {
            if draft.name == earlier.name {
                let zh = format!("名称 {} 已被 {} 使用。", draft.name, earlier.keys.app_id);
                reader.refuse(
                    &draft.keys.name,
                    zh,
                    format!("the name {} is taken by {}.", draft.name, earlier.keys.app_id),
                );
            } else if draft.app_id.is_some()
                && draft.app_id == earlier.app_id
                && (draft.kind == earlier.kind || draft.app_secret != earlier.app_secret)
            {
                let zh = format!("与 {} 是同一个 AppID。", earlier.keys.app_id);
                reader.refuse(&draft.keys.app_id, zh, format!("is the same appid as {}.", earlier.keys.app_id));
            }
        }
    }
}

fn check(reader: &mut Reader, draft: Draft, common: Common) -> Option<WechatAccount> {
    let keys = &draft.keys;
    let name = AccountName::new(draft.name.as_str());
    if name.is_err() {
        reader.refuse(
            &keys.name,
            "应当是 1 到 64 个字母、数字、点、下划线或短横线，以字母或数字开头。",
            "must be 1 to 64 letters, digits, dots, underscores or dashes, beginning with a letter or digit.",
        );
    }
    for (key, given) in [(&keys.app_id, draft.app_id.is_some()), (&keys.app_secret, draft.app_secret.is_some())] {
        if !given && !reader.was_refused(key) {
            reader.missing(key, "AppID 和 AppSecret 要成对设置。", "An appid and its secret are set together.");
        }
    }
    let app_id = draft.app_id.filter(|text| expect(reader, &keys.app_id, app_id(text)));
    let app_secret = draft
        .app_secret
        .filter(|secret| expect(reader, &keys.app_secret, app_secret(secret.expose(), common.must_be_wechat)));
    let callback = callback(reader, keys, draft.token, draft.aes_key, draft.callback_mode, common.must_be_wechat);
    let account = AccountSettings {
        name: name.ok()?,
        kind: draft.kind,
        app_id: app_id?.into(),
        app_secret: app_secret?.expose().into(),
        token_mode: draft.token_mode,
        group: draft.group.or_else(|| Some("default".to_owned())),
    };
    Some(WechatAccount { account, callback })
}

fn callback(
    reader: &mut Reader,
    keys: &Keys,
    token: Option<SettingSecret>,
    aes_key: Option<SettingSecret>,
    mode: Option<CallbackMode>,
    must_be_wechat: bool,
) -> Option<AccountCallback> {
    if let Some(token) = &token {
        expect(reader, &keys.token, callback_token(token.expose(), must_be_wechat));
    }
    let key = aes_key.as_ref().and_then(|text| match AesKey::parse(text.expose()) {
        Ok(key) => expect(reader, &keys.aes_key, placeholder(text.expose(), must_be_wechat)).then_some(key),
        Err(_) => {
            reader.refuse(
                &keys.aes_key,
                "应当是公众平台显示的 43 个字母和数字。",
                "must be the 43 letters and digits of the console.",
            );
            None
        }
    });
    if aes_key.is_some() && token.is_none() {
        reader.refuse(
            &keys.token,
            "设置了 AES Key 却没有 Token；回调两者都要。",
            "is not set, but the AES key is; callbacks need both.",
        );
    }
    let token = token?;
    let mode = mode.unwrap_or(if aes_key.is_some() { CallbackMode::Safe } else { CallbackMode::Plain });
    match (mode, aes_key.is_some()) {
        (CallbackMode::Plain, true) => {
            reader.refuse(
                &keys.callback_mode,
                "是 plain，却设置了 AES Key；请删掉 AES Key，或改成 safe。",
                "is plain, but an AES key is set; remove the key, or use safe.",
            );
        }
        (CallbackMode::Compatible | CallbackMode::Safe, false) => {
            reader.refuse(&keys.aes_key, "没有设置；加密方式需要它。", "is not set; the encrypted modes need it.");
        }
        _ => {}
    }
    Some(AccountCallback { token: token.expose().into(), aes_key: key, mode })
}

/// Passes on what is wrong; whether nothing is.
fn expect(reader: &mut Reader, key: &str, verdict: Result<(), Expected>) -> bool {
    verdict.map_err(|Expected { zh, en }| reader.refuse(key, zh, en)).is_ok()
}

/// An emulator's appids look like WeChat's too.
fn app_id(text: &str) -> Result<(), Expected> {
    let fits = text.strip_prefix("wx").is_some_and(|id| id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit()));
    fits.then_some(()).ok_or_else(|| {
        Expected::new(
            "应当是 wx 和 16 个十六进制字符（0-9、a-f），例如 wx1234567890abcdef。",
            "must be wx and 16 hexadecimal digits, such as wx1234567890abcdef.",
        )
    })
}

fn app_secret(text: &str, must_be_wechat: bool) -> Result<(), Expected> {
    placeholder(text, must_be_wechat)?;
    let real = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let fits = if must_be_wechat { real } else { is_plain(text, 1..=256) };
    fits.then_some(()).ok_or_else(|| {
        Expected::new(
            "应当是公众平台给出的 32 个字母和数字。",
            "must be the 32 letters and digits of WeChat's console.",
        )
    })
}

fn callback_token(text: &str, must_be_wechat: bool) -> Result<(), Expected> {
    placeholder(text, must_be_wechat)?;
    let fits = (3..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then_some(())
        .ok_or_else(|| Expected::new("应当是 3 到 32 个字母和数字。", "must be 3 to 32 letters and digits."))
}

/// The emulator's credentials look like samples, and may: they open nothing.
fn placeholder(text: &str, must_be_wechat: bool) -> Result<(), Expected> {
    if must_be_wechat { strength::given_by_wechat(text) } else { Ok(()) }
}

fn is_plain(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
