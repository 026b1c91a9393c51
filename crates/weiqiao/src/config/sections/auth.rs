//! Who may call what, and the keys of sessions and encryption.

use std::time::Duration;

use weiqiao_app::settings::{AuthMode, SecretSettings, SettingSecret};

use crate::config::parse;
use crate::config::reader::{Expected, Reader};
use crate::config::setting::Setting;
use crate::config::strength::{self, DEVELOPMENT_JWT_SECRET, DEVELOPMENT_SESSION_SECRET};

/// See [`super::Settings::auth`].
#[derive(Debug, Clone)]
pub struct AuthSection {
    /// Who may call what.
    pub mode: AuthMode,
    /// Signing and encryption keys.
    pub secrets: SecretSettings,
    /// Life of sessions and staff tokens.
    pub session_ttl: Duration,
    /// How long a web login counts as fresh.
    pub authorization_ttl: Duration,
    /// One API key with all scopes.
    pub api_key: Option<SettingSecret>,
}

pub(super) const SETTINGS: &[Setting] = &[
    Setting::plain(
        "AUTH_MODE",
        "strict（weiqiao-dev: open）",
        "strict：浏览器要有会话，服务端要有 API Key；open：接口不需要凭证，只用于开发",
        "strict: browsers need a session, servers an API key; open: no credential, for development only",
    )
    .example("strict"),
    Setting::secret(
        "JWT_SECRET",
        "strict 下必填 / required in strict",
        "会话与员工令牌的签名密钥，至少 32 个字符：openssl rand -base64 32",
        "signs session and staff tokens; at least 32 characters: openssl rand -base64 32",
    ),
    Setting::secret(
        "JWT_SECRET_PREVIOUS",
        "无 / none",
        "更换 JWT_SECRET 时填旧值，旧令牌在过期前仍然有效",
        "the old JWT_SECRET during a change: its tokens are accepted until they expire",
    ),
    Setting::plain("JWT_EXPIRES_IN", "24h", "会话与令牌的有效期", "life of sessions and tokens").example("24h"),
    Setting::secret(
        "SESSION_SECRET",
        "strict 下必填 / required in strict",
        "加密入库数据的主密钥，至少 32 个字符；丢失后已加密的数据无法读取",
        "master key of everything encrypted at rest, at least 32 characters; without it that data cannot be read again",
    ),
    Setting::secret(
        "SESSION_SECRET_PREVIOUS",
        "无 / none",
        "更换 SESSION_SECRET 时填旧值，用它加密的数据仍能读取",
        "the old SESSION_SECRET during a change: what it encrypted can still be read",
    ),
    Setting::plain(
        "AUTHORIZATION_TTL",
        "24h",
        "一次网页授权多久之内算新鲜（GET /api/user/{openid} 的 need_auth）",
        "how long a web login counts as fresh (need_auth of GET /api/user/{openid})",
    )
    .example("24h"),
    Setting::secret(
        "API_KEY",
        "无 / none",
        "一个拥有全部权限的 API Key，用于最初的设置",
        "one API key with all scopes, for the first set-up",
    ),
];

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The mode: other sections' defaults depend on it.
pub(super) fn mode(reader: &mut Reader, default: AuthMode) -> AuthMode {
    let words = [("strict", AuthMode::Strict), ("open", AuthMode::Open)];
    reader.value("AUTH_MODE", |text| parse::word(text, &words)).unwrap_or(default)
}

pub(super) fn read(reader: &mut Reader, mode: AuthMode) -> AuthSection {
    let secrets = SecretSettings {
        master: required_key(reader, mode, "SESSION_SECRET", DEVELOPMENT_SESSION_SECRET),
        master_previous: optional_key(reader, mode, "SESSION_SECRET_PREVIOUS").into_iter().collect(),
        jwt: required_key(reader, mode, "JWT_SECRET", DEVELOPMENT_JWT_SECRET),
        jwt_previous: optional_key(reader, mode, "JWT_SECRET_PREVIOUS"),
    };
    AuthSection {
        mode,
        secrets,
        session_ttl: life(reader, "JWT_EXPIRES_IN", 30 * DAY),
        authorization_ttl: life(reader, "AUTHORIZATION_TTL", 365 * DAY),
        api_key: optional_key(reader, mode, "API_KEY"),
    }
}

fn life(reader: &mut Reader, name: &str, longest: Duration) -> Duration {
    reader.value(name, |text| parse::duration(text, MINUTE, longest)).unwrap_or(DAY)
}

/// In open mode a missing key is the one everybody knows, so that data and sessions survive a restart.
fn required_key(reader: &mut Reader, mode: AuthMode, name: &str, in_development: &str) -> SettingSecret {
    if mode.is_strict() && !reader.is_given(name) {
        reader.missing(name, "生成一个：openssl rand -base64 32", "Make one: openssl rand -base64 32");
    }
    optional_key(reader, mode, name).unwrap_or_else(|| SettingSecret::new(in_development))
}

fn optional_key(reader: &mut Reader, mode: AuthMode, name: &str) -> Option<SettingSecret> {
    let key = reader.secret(name)?;
    let verdict = match mode {
        AuthMode::Strict => strength::chosen_key(key.expose()),
        AuthMode::Open if key.expose().len() < 32 => {
            Err(Expected::new("太短：至少 32 个字符。", "is too short: at least 32 characters."))
        }
        AuthMode::Open => Ok(()),
    };
    if let Err(Expected { zh, en }) = verdict {
        reader.refuse(name, zh, en);
    }
    Some(key)
}
