//! The addresses WeChat says its callbacks come from. The signature is the proof; this is a second look, off unless asked
//! for, because a proxy in between shows its own address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;
use weixin::api::cgi_bin::GetCallbackIp;
use weixin_proto::AppId;

use crate::App;
use crate::accounts::Account;

/// How long a list holds, in milliseconds.
const LIFE_MS: i64 = 24 * 60 * 60 * 1000;
/// How long to wait after a list could not be had, in milliseconds.
const RETRY_MS: i64 = 10 * 60 * 1000;

#[derive(Debug, Default)]
pub(crate) struct Sources {
    lists: Mutex<HashMap<AppId, Listed>>,
}

#[derive(Debug, Clone, Default)]
struct Listed {
    networks: Arc<[IpNet]>,
    fetched_at: Option<i64>,
    tried_at: Option<i64>,
}

impl Sources {
    /// Whether the address is on the list; `None` while there is none.
    pub(super) fn knows(&self, app_id: &AppId, ip: IpAddr) -> Option<bool> {
        let listed = self.lists.lock().unwrap_or_else(PoisonError::into_inner).get(app_id).cloned()?;
        listed.fetched_at?;
        Some(listed.networks.iter().any(|network| network.contains(&ip.to_canonical())))
    }

    /// Whether it is time to ask; whoever is told so does ask.
    pub(crate) fn take_turn(&self, app_id: &AppId, now: i64) -> bool {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let listed = lists.entry(app_id.clone()).or_default();
        let older = |at: Option<i64>, than: i64| at.is_none_or(|at| now.saturating_sub(at) >= than || at > now);
        let due = older(listed.fetched_at, LIFE_MS) && older(listed.tried_at, RETRY_MS);
        if due {
            listed.tried_at = Some(now);
        }
        due
    }

    fn keep(&self, app_id: &AppId, networks: Vec<IpNet>, now: i64) {
        let listed = Listed { networks: networks.into(), fetched_at: Some(now), tried_at: Some(now) };
        self.lists.lock().unwrap_or_else(PoisonError::into_inner).insert(app_id.clone(), listed);
    }
}

/// Asks WeChat where its callbacks come from. When that fails, the last good list stays.
///
/// # Errors
///
/// What WeChat said, or that it said nothing.
pub async fn refresh_sources(app: &App, account: &Account) -> Result<(), weixin::Error> {
    let list = app.weixin().send(&account.weixin, GetCallbackIp::default()).await.inspect_err(|error| {
        tracing::warn!(account = %account.name, %error, "WeChat's callback addresses cannot be read; the last list stays");
    })?;
    let networks: Vec<IpNet> = list.ip_list.iter().filter_map(|entry| network(entry)).collect();
    app.callbacks().sources().keep(account.app_id(), networks, app.now_ms());
    Ok(())
}

/// An address, or a network such as `101.226.103.0/25`.
fn network(entry: &str) -> Option<IpNet> {
    let entry = entry.trim();
    entry.parse().ok().or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from))
}
