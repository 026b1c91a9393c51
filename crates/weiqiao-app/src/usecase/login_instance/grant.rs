//! One exchange per code, shared by everything a server may ask with it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use weiqiao_model::{SessionId, UnionId};
use weixin::api::sns::ExchangeCode;

use super::record::{Granted, keep_grant};
use super::{InstanceToken, Server};
use crate::App;
use crate::accounts::Account;
use crate::convert::wechat_error;
use crate::error::{Result, code};
use crate::hint::Call;
use crate::instances::LoginInstance;
use crate::usecase::login::once::{BeganSession, Bringer, BroughtCode, Exchanged, exchange_once};
use crate::usecase::login::{check_code, impatient, snapshot_user};

/// What a code came to. Kept for a minute, sealed, for the server that brought it.
#[derive(Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) token: InstanceToken,
    pub(super) unionid: Option<UnionId>,
    /// The record it is kept in.
    pub(super) record_id: String,
}

impl BeganSession for Grant {
    /// A server brought the code: nobody is logged in here.
    fn session_id(&self) -> Option<&SessionId> {
        None
    }
}

/// Exchanges the code if nobody has brought it before; gives the same answer to the same server for a minute.
///
/// # Errors
///
/// `Invalid` for a missing code, or with code `CODE_ALREADY_USED`; `WeChat` when the code was refused; `Forbidden` with code
/// `SNAPSHOT_USER`; `Unavailable` when the database is down.
pub(super) async fn grant(app: &App, instance: &LoginInstance, server: &Server, login_code: &str) -> Result<Grant> {
    check_code(login_code)?;
    let account = Arc::clone(&instance.account);
    let brought = BroughtCode::new(account.app_id(), "instance", login_code);
    let bringer = Bringer::new(vec![format!("{}/{}", server.0, instance.name)], None);
    let exchange = exchange(app.clone(), account, instance.name.clone(), login_code.to_owned());
    exchange_once(app, brought, bringer, &app.new_id(), exchange).await
}

async fn exchange(app: App, account: Arc<Account>, instance: String, login_code: String) -> Exchanged<Grant> {
    let ask = ExchangeCode { code: login_code.as_str().into() };
    let token = match impatient(&app, Instant::now()).send(&account.weixin, ask).await {
        Ok(token) if token.is_snapshotuser => return Exchanged::Failed(snapshot_user()),
        Ok(token) => token,
        Err(error) => {
            let (what, word) = ("微信登录失败", code::WECHAT_LOGIN_FAILED);
            let told = wechat_error(&app, what, word, Call::WebLogin, &account, &error, Some(&login_code));
            return if told.is_passing() { Exchanged::Untouched(told) } else { Exchanged::Failed(told) };
        }
    };
    // From here on the code is spent, whatever happens.
    let unionid = token.unionid.clone();
    let token = InstanceToken::from(token);
    let granted = Granted { token: &token, unionid: unionid.as_ref(), profile: None };
    match keep_grant(&app, &account, &instance, granted).await {
        Ok(kept) => Exchanged::Done(Grant { token, unionid, record_id: kept.id }),
        Err(error) => Exchanged::Failed(error),
    }
}
