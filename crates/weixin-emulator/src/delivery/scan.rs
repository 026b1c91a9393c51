//! Following, unfollowing, scanning: acts whose event depends on what was before.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::effects::scene_key;
use super::options::{Act, DeliveryOptions};
use super::plan::{plan, unchanged};
use super::report::DeliveryReport;
use crate::engine::{ControlError, Engine, Inner};
use crate::state::account::{Account, AccountKind};
use crate::state::qr_code::{QrCode, QrScene};

/// What following or scanning came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowReport {
    /// Whether the person follows now.
    pub following: bool,
    /// Whether that is new.
    pub changed: bool,
    /// The event, and what became of it.
    #[serde(flatten)]
    pub report: DeliveryReport,
}

/// What somebody points the camera at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scan {
    /// A QR code by its ticket.
    Ticket(String),
    /// What the picture says (`http://weixin.qq.com/q/…`), or the address of the picture itself.
    Url(String),
    /// The QR code of an account (handle or appid) with this scene. A scene nobody made a code for gets a permanent one.
    Scene {
        /// Handle or appid.
        account: String,
        /// A number's digits, or a text.
        scene: String,
    },
}

/// A living QR code.
struct Found {
    account: Account,
    ticket: String,
    key: String,
}

impl Engine {
    /// The person follows an official account, through its QR code with a scene when one is named; the account is
    /// told. Somebody who follows already and scans is told of as having scanned, and without a scene nothing happens.
    ///
    /// # Errors
    /// When there is no such person or account, the account is not an official one, or an option is wrong.
    pub async fn follow_told(
        self: &Arc<Self>,
        persona: &str,
        account: &str,
        scene: Option<&str>,
        options: DeliveryOptions,
    ) -> Result<FollowReport, ControlError> {
        if let Some(scene) = scene {
            let (account, scene) = (account.to_owned(), scene.to_owned());
            return self.scan_told(persona, Scan::Scene { account, scene }, options).await;
        }
        self.relate_told(persona, account, true, options).await
    }

    /// The person stops following; the account is told.
    ///
    /// # Errors
    /// As [`Engine::follow_told`].
    pub async fn unfollow_told(
        self: &Arc<Self>,
        persona: &str,
        account: &str,
        options: DeliveryOptions,
    ) -> Result<FollowReport, ControlError> {
        self.relate_told(persona, account, false, options).await
    }

    async fn relate_told(
        self: &Arc<Self>,
        persona: &str,
        account: &str,
        follow: bool,
        options: DeliveryOptions,
    ) -> Result<FollowReport, ControlError> {
        let plan = {
            let mut guard = self.lock();
            let inner = &mut *guard;
            let account = official(inner.account(account)?)?;
            let persona = inner.persona(persona)?.id.clone();
            let act = Act::event(if follow { "subscribe" } else { "unsubscribe" }).options(options);
            if inner.world.follows.find(&account.app_id, &persona).is_some() == follow {
                let report = unchanged(&account, &persona, &act, inner.clock.now_ms());
                return Ok(FollowReport { following: follow, changed: false, report });
            }
            let plan = plan(inner, &account, &persona, act)?;
            self.tell_of_follow(inner, &account, &persona, true);
            self.begin(inner, plan)
        };
        let report = self.see_through(plan).await?;
        Ok(FollowReport { following: follow, changed: true, report })
    }

    /// The person scans a QR code with a scene. A follower is told of with `SCAN`, somebody else follows by it.
    ///
    /// # Errors
    /// When there is no such person, account or code, the code has expired, or an option is wrong.
    pub async fn scan_told(
        self: &Arc<Self>,
        persona: &str,
        scan: Scan,
        options: DeliveryOptions,
    ) -> Result<FollowReport, ControlError> {
        let (plan, changed) = {
            let mut guard = self.lock();
            let inner = &mut *guard;
            let persona = inner.persona(persona)?.id.clone();
            let Found { account, ticket, key } = found(inner, scan)?;
            let fresh = inner.world.follows.find(&account.app_id, &persona).is_none();
            let act =
                if fresh { Act::event("subscribe").key(format!("qrscene_{key}")) } else { Act::event("SCAN").key(key) };
            let plan = plan(inner, &account, &persona, act.with("Ticket", ticket).options(options))?;
            if fresh {
                self.tell_of_follow(inner, &account, &persona, true);
            }
            (self.begin(inner, plan), fresh)
        };
        let report = self.see_through(plan).await?;
        Ok(FollowReport { following: true, changed, report })
    }
}

fn official(account: &Account) -> Result<Account, ControlError> {
    if account.kind == AccountKind::Official {
        Ok(account.clone())
    } else {
        Err(ControlError::Invalid(format!("{} is not an official account", account.name)))
    }
}

fn found(inner: &mut Inner, scan: Scan) -> Result<Found, ControlError> {
    let now_ms = inner.clock.now_ms();
    if let Scan::Scene { account, scene } = &scan {
        let account = official(inner.account(account)?)?;
        if scene.is_empty() || scene.chars().count() > 64 {
            return Err(ControlError::Invalid("scene must have 1–64 characters".to_owned()));
        }
        if inner.world.qr_codes.by_scene(&account.app_id, scene, now_ms).is_none() {
            let number = scene.parse().ok().filter(|number: &i64| (1..=100_000).contains(number));
            let new = number.map_or_else(|| QrScene::Text(scene.clone()), QrScene::Number);
            inner.world.qr_codes.create(&account.app_id, new, None, &mut inner.random, now_ms);
        }
    }
    let codes = &inner.world.qr_codes;
    let (code, what): (Option<(&str, &QrCode)>, _) = match &scan {
        Scan::Ticket(ticket) => (codes.by_ticket(ticket), ticket),
        Scan::Url(url) => {
            let ticket = Url::parse(url).ok().and_then(|url| {
                url.query_pairs().find(|(name, _)| name == "ticket").map(|(_, ticket)| ticket.into_owned())
            });
            (codes.by_url(url).or_else(|| codes.by_ticket(&ticket?)), url)
        }
        Scan::Scene { account, scene } => {
            let app_id = inner.account(account)?.app_id.as_str();
            (codes.by_scene(app_id, scene, now_ms), scene)
        }
    };
    let (ticket, code) = code.ok_or_else(|| {
        ControlError::NotFound(format!("there is no QR code {what:?}; /cgi-bin/qrcode/create makes them"))
    })?;
    if !code.is_alive(now_ms) {
        return Err(ControlError::Invalid(format!("the QR code {what:?} has expired")));
    }
    let account = inner.world.accounts.by_app_id(&code.app_id).cloned();
    let account = account.ok_or_else(|| ControlError::no_account(&code.app_id))?;
    Ok(Found { account, ticket: ticket.to_owned(), key: scene_key(&code.scene) })
}

/// What was asked for over HTTP.
pub(crate) fn asked(given: &mut serde_json::Map<String, Value>) -> Result<Scan, String> {
    let mut text = |name: &str| match given.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(format!("{name} must be a text")),
    };
    match (text("ticket")?, text("url")?, text("scene")?, text("account")?) {
        (Some(ticket), None, None, _) => Ok(Scan::Ticket(ticket)),
        (None, Some(url), None, _) => Ok(Scan::Url(url)),
        (None, None, Some(scene), Some(account)) => Ok(Scan::Scene { account, scene }),
        (None, None, Some(_), None) => Err("a scene needs its account".to_owned()),
        _ => Err("give one of ticket, url, scene".to_owned()),
    }
}
