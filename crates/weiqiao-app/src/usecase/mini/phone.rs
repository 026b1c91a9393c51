//! A mini program brings what the phone-number button gave.

use weiqiao_model::AccountKind;
use weiqiao_store::facts::spending::{Allowance, Spend, Spent};
use weixin::api::wxa::{GetPhoneNumber, PhoneInfo};

use crate::App;
use crate::accounts::Account;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::china;
use crate::convert::wechat_error;
use crate::error::{AppError, Result, code};
use crate::hint::Call;
use crate::usecase::limits::{alarm, used_up};
use crate::usecase::login::check_code;
use crate::usecase::session::is_alive;

/// Exchanges the code of a phone-number button. With a session, WeChat checks that the code is that person's.
///
/// # Errors
///
/// `Unauthorized` in strict mode for strangers, `Forbidden` for whoever is known but has no session of a person. `Invalid` for
/// a missing code. `TooMany` when the person or everybody together asked too often today. `WeChat` with the text
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
    // A number costs money, and nobody who is forgotten has one.
    if let Some(session) = session
        && !is_alive(app, &session.session_id).await?
    {
        return Err(AppError::unauthorized());
    }
    spend(app, account, session.map_or("anybody", |session| session.user_id.as_str())).await?;
    let openid = session.filter(|session| session.app_id == *account.app_id()).map(|session| session.openid.clone());
    let request = GetPhoneNumber { code: phone_code.into(), openid };
    let answer = app.weixin().send(&account.weixin, request).await;
    let answer = answer.map_err(|error| {
        wechat_error(app, "获取手机号失败", code::GET_PHONE_FAILED, Call::Mini, account, &error, Some(phone_code))
    })?;
    let (name, detail) = (account.name.as_str(), serde_json::json!({}));
    let entry = app.audit_entry(caller, Deed::PhoneRead, "account", name, &detail);
    if let Err(error) = app.record_audit(entry).await {
        // It is read and paid for.
        tracing::error!(?error, "that a phone number was read could not be written to the audit chain");
    }
    Ok(answer.phone_info)
}

/// Each number costs money: one person gets a few in a day, and all together no more than was budgeted.
async fn spend(app: &App, account: &Account, person: &str) -> Result<()> {
    let (limits, now) = (&app.settings().crm.limits, app.now_ms());
    if !limits.on {
        return Ok(());
    }
    let allowance = |what, who: &str, most: u64| Allowance {
        app_id: account.app_id().as_str().to_owned(),
        what,
        who: who.to_owned(),
        day: china::day(now),
        most: i64::try_from(most).unwrap_or(i64::MAX),
    };
    let allowances =
        vec![allowance(PERSON, person, limits.phones_per_person), allowance(EVERYBODY, "", limits.phones_per_day)];
    match app.store().run(Spend { allowances }).await? {
        Spent::Counted { last: Some(EVERYBODY) } => {
            alarm(EVERYBODY, account);
            Ok(())
        }
        Spent::Counted { .. } => Ok(()),
        Spent::UsedUp(EVERYBODY) => Err(used_up(now, "今天获取手机号的总次数已用完")),
        Spent::UsedUp(_) => Err(used_up(now, "今天获取手机号的次数已用完")),
    }
}

/// What one person may ask for.
const PERSON: &str = "phone_person";
/// What all together may ask for.
const EVERYBODY: &str = "phone";
