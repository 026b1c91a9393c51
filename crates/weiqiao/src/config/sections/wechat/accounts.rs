//! The accounts: from the environment, the short form, and the `[[account]]` tables of the file.

use weiqiao_app::settings::{AccountSettings, SettingSecret};
use weiqiao_model::{AccountKind, AccountName};
use weixin::TokenMode;

use super::callback;
use super::{CALLBACK_MODES, CallbackMode, KINDS, TOKEN_MODES, WechatAccount};
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
    Setting::secret("token", "无 / none", "服务器配置 Token", "callback token"),
    Setting::secret(
        "token_previous",
        "无 / none",
        "正在更换的旧 Token，同样接受",
        "the token being replaced: accepted too",
    ),
    Setting::secret("aes_key", "无 / none", "EncodingAESKey（43 个字符）", "EncodingAESKey (43 characters)"),
    Setting::secret(
        "aes_key_previous",
        "无 / none",
        "正在更换的旧 EncodingAESKey，同样接受",
        "the key being replaced: accepted too",
    ),
    Setting::plain(
        "original_id",
        "无 / none",
        "原始 ID（gh_…），设置后拒绝发给别的账号的推送",
        "original id (gh_...); then pushes to another one are refused",
    )
    .example("gh_97417a04a28d"),
    Setting::plain("callback_mode", "WECHAT_CALLBACK_MODE", "消息加解密方式", "message mode").example("safe"),
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

/// Accounts that something is wrong with. That has been told; whoever names one of them has done nothing wrong.
#[derive(Debug, Clone, Default)]
pub(in crate::config) struct Refused {
    names: Vec<String>,
    /// One has no name, so it may be any.
    unnamed: bool,
}

impl Refused {
    fn note(&mut self, name: Option<&str>) {
        self.names.extend(name.map(str::to_owned));
        self.unnamed |= name.is_none();
    }

    /// Whether one of them is, or may be, called so.
    pub(in crate::config) fn may_be(&self, name: &str) -> bool {
        self.unnamed || self.names.iter().any(|refused| refused == name)
    }
}

/// The values of one account before they are checked, with what each is called in messages.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) kind: AccountKind,
    pub(super) group: Option<String>,
    pub(super) token_mode: TokenMode,
    pub(super) callback_mode: Option<CallbackMode>,
    pub(super) keys: Keys,
    pub(super) app_id: Option<String>,
    pub(super) app_secret: Option<SettingSecret>,
    pub(super) token: Option<SettingSecret>,
    pub(super) aes_key: Option<SettingSecret>,
    pub(super) token_previous: Option<SettingSecret>,
    pub(super) aes_key_previous: Option<SettingSecret>,
    pub(super) original_id: Option<String>,
}

pub(super) struct Keys {
    pub(super) name: String,
    pub(super) app_id: String,
    pub(super) app_secret: String,
    pub(super) token: String,
    pub(super) aes_key: String,
    pub(super) token_previous: String,
    pub(super) aes_key_previous: String,
    pub(super) original_id: String,
    pub(super) callback_mode: String,
}

/// The accounts, and the names of those that were refused.
pub(super) fn read(
    reader: &mut Reader,
    must_be_wechat: bool,
    token_mode: TokenMode,
    callback_mode: Option<CallbackMode>,
) -> (Vec<WechatAccount>, Refused) {
    let common = Common { must_be_wechat, token_mode, callback_mode };
    let (mut drafts, mut refused) = (Vec::new(), Refused::default());
    for (word, kind) in KINDS {
        let prefix = format!("WECHAT_{}", word.to_ascii_uppercase());
        drafts.extend(from_names(reader, &prefix, word, kind, common));
    }
    for table in reader.account_tables() {
        match from_table(reader, &table, common) {
            Some(draft) => drafts.push(draft),
            None => refused.note(table.text("name")),
        }
    }
    if is_any_given(reader, "WECHAT") {
        let bare: Vec<_> =
            KINDS.into_iter().filter(|(_, kind)| !drafts.iter().any(|draft| draft.kind == *kind)).collect();
        if bare.is_empty() {
            refuse_unused_short_form(reader);
        }
        for (word, kind) in bare {
            drafts.extend(from_names(reader, "WECHAT", word, kind, common));
        }
    }
    refuse_twins(reader, &drafts);
    let mut accounts = Vec::new();
    for draft in drafts {
        let name = draft.name.clone();
        match check(reader, draft, common) {
            Some(account) => accounts.push(account),
            None => refused.note(Some(&name)),
        }
    }
    if accounts.is_empty() && !reader.has_problems() {
        reader.note(
            "WECHAT_APP_ID",
            "还没有配置任何公众号或小程序，登录和签名接口无法使用。",
            "no account is configured, so sign-in and signing do not work yet.",
        );
    }
    (accounts, refused)
}

const PARTS: [&str; 7] =
    ["APP_ID", "APP_SECRET", "TOKEN", "TOKEN_PREVIOUS", "AES_KEY", "AES_KEY_PREVIOUS", "ORIGINAL_ID"];

fn is_any_given(reader: &Reader, prefix: &str) -> bool {
    PARTS.iter().any(|part| reader.is_given(&format!("{prefix}_{part}")))
}

/// Somebody who sets a token or a key expects it to guard something; this one would not.
fn refuse_unused_short_form(reader: &mut Reader) {
    for key in PARTS.map(|part| format!("WECHAT_{part}")) {
        if reader.is_given(&key) {
            reader.refuse(
                key,
                "没有用到：公众号和小程序都有自己的配置。请删除它，或改用 WECHAT_OFFICIAL_… / WECHAT_MINI_…。",
                "is used by nobody: both kinds have settings of their own. Remove it, or set WECHAT_OFFICIAL_... or WECHAT_MINI_....",
            );
        }
    }
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
        token_previous: key("TOKEN_PREVIOUS"),
        aes_key_previous: key("AES_KEY_PREVIOUS"),
        original_id: key("ORIGINAL_ID"),
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
        token_previous: reader.secret(&keys.token_previous),
        aes_key_previous: reader.secret(&keys.aes_key_previous),
        original_id: reader.text(&keys.original_id),
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
        token_previous: table.key("token_previous"),
        aes_key_previous: table.key("aes_key_previous"),
        original_id: table.key("original_id"),
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
        token_previous: reader.account_secret(table, "token_previous"),
        aes_key_previous: reader.account_secret(table, "aes_key_previous"),
        original_id: table.text("original_id").map(str::to_owned),
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

fn check(reader: &mut Reader, mut draft: Draft, common: Common) -> Option<WechatAccount> {
    let callback = callback::read(reader, &mut draft, common.must_be_wechat);
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

/// Passes on what is wrong; whether nothing is.
pub(super) fn expect(reader: &mut Reader, key: &str, verdict: Result<(), Expected>) -> bool {
    verdict.map_err(|Expected { zh, en }| reader.refuse(key, zh, en)).is_ok()
}

/// An emulator's appids look like WeChat's too.
pub(in crate::config) fn app_id(text: &str) -> Result<(), Expected> {
    let fits = text.strip_prefix("wx").is_some_and(|id| id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit()));
    fits.then_some(()).ok_or_else(|| {
        Expected::new(
            "应当是 wx 和 16 个十六进制字符（0-9、a-f），例如 wx1234567890abcdef。",
            "must be wx and 16 hexadecimal digits, such as wx1234567890abcdef.",
        )
    })
}

pub(in crate::config) fn app_secret(text: &str, must_be_wechat: bool) -> Result<(), Expected> {
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

/// The emulator's credentials look like samples, and may: they open nothing.
pub(super) fn placeholder(text: &str, must_be_wechat: bool) -> Result<(), Expected> {
    if must_be_wechat { strength::given_by_wechat(text) } else { Ok(()) }
}

pub(super) fn is_plain(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
