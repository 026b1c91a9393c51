//! A mini program brings what the phone-number button gave.

use weiqiao_model::AccountKind;
use weixin::api::wxa::{GetPhoneNumber, PhoneInfo};

use crate::App;
use crate::caller::Caller;
use crate::convert::wechat_error;
use crate::error::{Result, code};
use crate::hint::Call;
use crate::usecase::login::check_code;

/// Exchanges the code of a phone-number button. With a session, WeChat checks that the code is that person's.
///
/// # Errors
///
/// `Unauthorized` in strict mode for strangers, `Forbidden` for whoever is known but has no session of a person. `Invalid` for a missing code. `WeChat` with the text
/// `获取手机号失败: <errmsg>` and code `GET_PHONE_FAILED`.
pub async fn phone_number(app: &App, caller: &Caller, account: Option<&str>, phone_code: &str) -> Result<PhoneInfo> {
    let session = match caller.user() {
        Err(error) if app.auth_mode().is_strict() => return Err(error),
        session => session.ok(),
    };
    let own = session.map(|session| session.account.as_str());
    let account = match account {
        Some(name) => app.accounts().pick(AccountKind::Mini, Some(name))?,
        None if app.auth_mode().is_strict() => app.accounts().pick(AccountKind::Mini, own)?,
        None => app.accounts().pick(AccountKind::Mini, None)?,
    };
    check_code(phone_code)?;
    let openid = session.filter(|session| session.app_id == *account.app_id()).map(|session| session.openid.clone());
    let request = GetPhoneNumber { code: phone_code.into(), openid };
    let answer = app.weixin().send(&account.weixin, request).await;
    let answer = answer
        .map_err(|error| wechat_error("获取手机号失败", code::GET_PHONE_FAILED, Call::Mini, account, &error, None))?;
    Ok(answer.phone_info)
}
