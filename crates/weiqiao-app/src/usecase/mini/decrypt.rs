//! A mini program brings what WeChat encrypted for its person.

use std::fmt;

use serde_json::Value;
use weiqiao_model::AccountKind;
use weiqiao_store::facts::session_key::FindSessionKey;
use weixin_proto::{SessionKey, sign, user_data};

use super::mini_login::session_key_place;
use crate::App;
use crate::error::{AppError, Result, code};
use crate::usecase::session::SessionContext;
use crate::usecase::user::openid_index;

/// What `wx.getUserInfo` and its siblings delivered.
#[derive(Clone)]
pub struct EncryptedData {
    /// Base64.
    pub encrypted_data: String,
    /// Base64 of 16 bytes.
    pub iv: String,
    /// WeChat's signature of `raw_data`.
    pub signature: Option<String>,
    /// What was signed.
    pub raw_data: Option<String>,
}

impl fmt::Debug for EncryptedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptedData")
    }
}

/// How far the time in the data may be from ours, in seconds.
const MAX_AGE_S: i64 = 24 * 3_600;

/// Decrypts with the session key of the person's last login. The watermark says for whom and when it was made.
///
/// # Errors
///
/// `Invalid` with code `DECRYPT_FAILED`, the same for every cause; when it happens to honest clients, `wx.login` was called in
/// between and its code never brought here.
pub async fn decrypt(app: &App, session: &SessionContext, data: &EncryptedData) -> Result<Value> {
    let account = app.accounts().pick(AccountKind::Mini, Some(session.account.as_str()))?;
    let find = FindSessionKey { identity_id: session.identity_id.clone() };
    let stored = app.store().read(find).await?.ok_or_else(refused)?;
    let row = openid_index(app.vault(), account.app_id(), session.openid.as_str());
    let key = app.vault().open_text(session_key_place(&row, account), &stored.sealed)?;
    if let (Some(signature), Some(raw)) = (&data.signature, &data.raw_data)
        && !sign::verify_raw_data(raw, &key, signature)
    {
        return Err(refused());
    }
    let key = SessionKey::new(key.as_str());
    let now_s = app.now_ms().div_euclid(1000);
    user_data::decrypt(&key, &data.encrypted_data, &data.iv, account.app_id(), now_s, MAX_AGE_S).map_err(|error| {
        tracing::debug!(reason = ?error.reason(), "encrypted user data was refused");
        refused()
    })
}

fn refused() -> AppError {
    AppError::invalid(code::DECRYPT_FAILED, "解密失败：数据无法识别，或者 session_key 已经失效")
        .with_hint("请重新调用 wx.login，把 code 提交到 POST /api/wechat/openid，再取一次加密数据。")
}
