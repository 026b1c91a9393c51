//! The checks both token calls share, in the order the live server shows: appid, grant type, secret, state, address.

use crate::answer::Refusal;
use crate::endpoints::Call;
use crate::refusals;
use crate::state::account::{Account, AccountKind};

/// The account these credentials open.
pub(crate) fn check(
    call: &mut Call<'_>,
    app_id: Option<&str>,
    secret: Option<&str>,
    grant_type: Option<&str>,
) -> Result<Account, Refusal> {
    let app_id = app_id.ok_or(refusals::APPID_MISSING)?;
    // The appid is checked before the grant type: a wrong appid without grant type answers 40013.
    let account = call.world.accounts.by_app_id(app_id).cloned().ok_or(refusals::INVALID_APPID)?;
    if account.kind == AccountKind::Website {
        return Err(refusals::INVALID_APPID);
    }
    if grant_type != Some("client_credential") {
        return Err(refusals::INVALID_GRANT_TYPE);
    }
    let secret = secret.ok_or(refusals::SECRET_MISSING)?;
    if secret != account.app_secret {
        return Err(refusals::INVALID_SECRET);
    }
    if account.secret_frozen {
        return Err(refusals::SECRET_FROZEN);
    }
    if account.banned {
        return Err(refusals::BANNED);
    }
    if !account.admits(call.ip) {
        return Err(not_listed(call.ip));
    }
    call.charge(&account.app_id)?;
    Ok(account)
}

/// 40164 with the caller's address in both notations.
fn not_listed(ip: std::net::IpAddr) -> Refusal {
    let (v4, v6) = match ip.to_canonical() {
        std::net::IpAddr::V4(v4) => (v4.to_string(), v4.to_ipv6_mapped().to_string()),
        std::net::IpAddr::V6(v6) => (v6.to_string(), v6.to_string()),
    };
    Refusal::composed(40164, format!("invalid ip {v4} ipv6 {v6}, not in whitelist"))
}
