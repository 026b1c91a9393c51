//! The first member of staff.

use weiqiao_app::settings::{AuthMode, SettingSecret};

use crate::config::reader::{Expected, Reader};
use crate::config::setting::Setting;
use crate::config::strength;

/// See [`super::Settings::admin`].
#[derive(Debug, Clone)]
pub struct AdminSection {
    /// The name the first member of staff signs in with.
    pub username: String,
    /// The password; without one a set-up token is written when there is no staff yet.
    pub password: Option<SettingSecret>,
}

pub(super) const SETTINGS: &[Setting] = &[
    Setting::plain("ADMIN_USERNAME", "admin", "第一个管理员的用户名", "user name of the first member of staff")
        .example("admin"),
    Setting::secret(
        "ADMIN_PASSWORD",
        "无 / none",
        "第一个管理员的密码，12 到 128 个字符；不设置时首次启动会生成一次性设置令牌，写入仅本用户可读的文件",
        "its password, 12 to 128 characters; without one the first start writes a one-time set-up token to a file only its owner can read",
    ),
];

pub(super) fn read(reader: &mut Reader, mode: AuthMode) -> AdminSection {
    let username = reader.value("ADMIN_USERNAME", username).unwrap_or_else(|| "admin".to_owned());
    let password = reader.secret("ADMIN_PASSWORD");
    if let Some(password) = &password {
        let verdict = match mode {
            AuthMode::Strict => strength::password(password.expose(), &username),
            AuthMode::Open if (12..=128).contains(&password.expose().chars().count()) => Ok(()),
            AuthMode::Open => Err(Expected::new("应当有 12 到 128 个字符。", "must have 12 to 128 characters.")),
        };
        if let Err(Expected { zh, en }) = verdict {
            reader.refuse("ADMIN_PASSWORD", zh, en);
        }
    }
    AdminSection { username, password }
}

fn username(text: &str) -> Result<String, Expected> {
    let fits = (1..=64).contains(&text.chars().count()) && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    fits.then(|| text.to_owned()).ok_or_else(|| {
        Expected::new("应当是 1 到 64 个字符，不含空白。", "must have 1 to 64 characters and no blanks.")
    })
}
