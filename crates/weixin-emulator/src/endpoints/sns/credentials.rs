//! The checks the code exchanges share: appid, secret, grant type, then the code.

use crate::answer::Refusal;
use crate::endpoints::Call;
use crate::refusals;
use crate::settings::Settings;
use crate::state::account::Account;
use crate::state::code::CodeRefused;
use crate::state::user_token::GrantRefused;

/// The account these credentials open.
pub(crate) fn check(call: &mut Call<'_>, grant_type: &str) -> Result<Account, Refusal> {
    let account = known(call)?;
    let secret = call.query("secret").ok_or(refusals::SECRET_MISSING)?;
    if secret != account.app_secret {
        return Err(refusals::INVALID_SECRET);
    }
    if call.query("grant_type") != Some(grant_type) {
        return Err(refusals::INVALID_GRANT_TYPE);
    }
    call.charge(&account.app_id)?;
    Ok(account)
}

/// The account the appid names.
pub(crate) fn known(call: &Call<'_>) -> Result<Account, Refusal> {
    let app_id = call.query("appid").ok_or(refusals::APPID_MISSING)?;
    call.world.accounts.by_app_id(app_id).cloned().ok_or(refusals::INVALID_APPID)
}

/// WeChat's word for a refused code.
pub(crate) fn code_refused(why: CodeRefused, settings: &Settings) -> Refusal {
    match why {
        CodeRefused::Invalid => refusals::INVALID_CODE,
        CodeRefused::Used => refusals::CODE_USED,
        CodeRefused::Expired if settings.expired_code_errcode == 42003 => refusals::CODE_EXPIRED,
        CodeRefused::Expired => refusals::INVALID_CODE,
    }
}

/// WeChat's word for a refused user access token.
pub(crate) fn user_token_refused(why: GrantRefused) -> Refusal {
    match why {
        GrantRefused::Unknown => refusals::BAD_USER_TOKEN,
        GrantRefused::Expired => refusals::TOKEN_EXPIRED,
        GrantRefused::Revoked => refusals::PASSWORD_CHANGED,
    }
}
