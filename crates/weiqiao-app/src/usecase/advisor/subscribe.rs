//! An advisor says whether they want to be told.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use weiqiao_model::{ApiScope, crash_point};
use weiqiao_store::facts::advisor::AdvisorRule;
use weiqiao_store::facts::idempotency::KeyOwner;
use weiqiao_store::facts::session::WhileHolds;
use weiqiao_store::facts::subscription::{SaveSubscription, SavedSubscription, StoredSubscription};
use zeroize::Zeroizing;

use crate::App;
use crate::caller::Caller;
use crate::error::{AppError, Result, code};
use crate::usecase::callback::who;
use crate::usecase::customer::{Standing, mini_person};
use crate::usecase::message::template_not_allowed;
use crate::usecase::once::{Done, named_key, once, speaker};
use crate::vault::{Damaged, Place};

/// What an advisor says.
#[derive(Clone)]
pub struct Subscribe<'a> {
    /// Another mini program than the default one.
    pub account: Option<&'a str>,
    /// The client's name for the advisor.
    pub advisor_id: String,
    /// Who receives the messages.
    pub openid: String,
    /// Which messages.
    pub template_id: String,
    /// Whether they are wanted.
    pub subscribed: bool,
    /// What the client wants kept with it.
    pub data: Option<Value>,
    /// The request's own name, when it must not be done twice.
    pub idempotency_key: Option<String>,
}

impl fmt::Debug for Subscribe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscribe").field("subscribed", &self.subscribed).finish_non_exhaustive()
    }
}

/// A subscription as its owner sees it. Times are epoch milliseconds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Our id of it.
    pub id: String,
    /// The client's name for the advisor.
    pub advisor_id: String,
    /// Who receives the messages; nothing when it is damaged.
    pub openid: Option<String>,
    /// Which messages.
    pub template_id: String,
    /// Whether they are wanted.
    pub subscribed: bool,
    /// When that was last said.
    pub subscribed_at: Option<i64>,
    /// When the opposite was last said.
    pub unsubscribed_at: Option<i64>,
    /// What the client keeps with it; empty when it is damaged.
    pub data: Value,
    /// Whether a message may be sent.
    pub active: bool,
    /// How many are left, as far as can be counted.
    pub credits: i64,
    /// When it was first heard of.
    pub created_at: i64,
    /// When anything about it changed last.
    pub updated_at: i64,
    /// What of it cannot be read.
    #[serde(skip)]
    pub damaged: Damaged,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("id", &self.id).field("active", &self.active).finish_non_exhaustive()
    }
}

/// More messages than this are not counted: each tap is leave for one, and nobody taps that often.
const MOST_CREDITS: i64 = 100;

/// Saves what an advisor says: one row per advisor, openid and template.
///
/// # Errors
///
/// In strict mode `Unauthorized` without a session of the mini program or an API key with scope `advisor:write`, and
/// `Forbidden` when the openid is not the session's or the advisor is nobody known or somebody else. `Forbidden` with code
/// `TEMPLATE_NOT_ALLOWED` where templates are listed and this is none of them. `Conflict` when the idempotency key was used for
/// another request.
pub async fn subscribe(app: &App, caller: &Caller, request: Subscribe<'_>) -> Result<Subscription> {
    let (account, standing) = mini_person(app, caller, request.account, ApiScope::AdvisorWrite)?;
    if !app.settings().crm.messages.allows_template(account.name.as_str(), &request.template_id) {
        return Err(template_not_allowed());
    }
    let speaker = speaker(&standing, caller);
    let rule = match &standing {
        Standing::Anybody => AdvisorRule::Anybody,
        Standing::Program => AdvisorRule::Vouched,
        Standing::Person(session) if session.openid.as_str() != request.openid => {
            return Err(AppError::forbidden(code::OPENID_MISMATCH, "openid 与登录用户不一致"));
        }
        Standing::Person(_) if app.settings().crm.advisor_self_register => AdvisorRule::SelfRegistered,
        Standing::Person(_) => AdvisorRule::Known,
    };
    let app_id = account.app_id().as_str();
    let Subscribe { advisor_id, openid, template_id, subscribed, data, idempotency_key, .. } = request;
    let key = match idempotency_key {
        Some(key) => {
            let said = serde_json::to_string(&json!([app_id, advisor_id, openid, template_id, subscribed, data]))?;
            Some(named_key(app, "advisor subscribe", &speaker, &key, &said))
        }
        None => None,
    };
    let row = place_row(&advisor_id, &template_id);
    let data = data.map(|data| serde_json::to_vec(&data)).transpose()?;
    let who: Vec<_> = who(app, app_id, &openid).into_iter().collect();
    let id = app.new_id::<weiqiao_model::id::kind::Job>().into_string();
    let owner = KeyOwner { id: id.clone(), app_id: app_id.to_owned(), who: who.first().cloned().unwrap_or_default() };
    let save = SaveSubscription {
        id,
        app_id: app_id.to_owned(),
        who,
        openid: app.vault().seal(Place::new("subscription", "openid", &row, app_id), openid.as_bytes()),
        data: data.map(|data| app.vault().seal(Place::new("subscription", "data", &row, app_id), &data)),
        advisor_id,
        template_id,
        subscribed,
        rule,
        most: MOST_CREDITS,
        now: app.now_ms(),
    };
    let save = WhileHolds::new(save, standing.session_id());
    crash_point!("app.subscribe.planned");
    let saved = match key {
        Some(key) => {
            let tell = |app: &App, saved: &Option<SavedSubscription>| match saved {
                Some(SavedSubscription::Saved(stored)) => Some(shown(app, (**stored).clone())),
                Some(SavedSubscription::AdvisorUnknown | SavedSubscription::AdvisorTaken) | None => None,
            };
            match once(app, save, (key, owner), tell).await? {
                Done::First(told) | Done::Again(told) => return Ok(told),
                Done::Nothing(saved) => saved,
            }
        }
        None => app.store().run(save).await?,
    };
    crash_point!("app.subscribe.written");
    match saved.ok_or_else(AppError::unauthorized)? {
        SavedSubscription::Saved(stored) => Ok(shown(app, *stored)),
        SavedSubscription::AdvisorUnknown => Err(unknown()),
        SavedSubscription::AdvisorTaken => Err(AppError::forbidden(code::ADVISOR_TAKEN, "这个顾问属于另一个用户")
            .with_hint("顾问由第一次订阅的用户占有；需要更换时请让管理员在 /api/admin/advisors 里重新指定。")),
    }
}

/// Nobody knows the advisor.
pub(crate) fn unknown() -> AppError {
    AppError::forbidden(code::ADVISOR_UNKNOWN, "没有这个顾问")
        .with_hint("请管理员在 /api/admin/advisors 里登记顾问，或者设置 ADVISOR_SELF_REGISTER=on。")
}

pub(super) fn shown(app: &App, stored: StoredSubscription) -> Subscription {
    let (app_id, active) = (stored.app_id.as_str(), stored.is_active());
    let mut row = app.vault().row(&stored.id);
    let of = (app_id, stored.advisor_id.as_str(), stored.template_id.as_str());
    let openid = openid_place(of, |place| row.text("openid", place, &stored.openid));
    let place = place_row(&stored.advisor_id, &stored.template_id);
    let place = Place::new("subscription", "data", &place, app_id);
    let data = stored.data.as_ref().and_then(|sealed| row.json(&["data"], place, sealed));
    let damaged = row.damaged();
    Subscription {
        openid,
        id: stored.id,
        advisor_id: stored.advisor_id,
        template_id: stored.template_id,
        subscribed: stored.subscribed,
        subscribed_at: stored.subscribed_at,
        unsubscribed_at: stored.unsubscribed_at,
        data: data.unwrap_or_else(|| Value::Object(serde_json::Map::new())),
        active,
        credits: stored.credits,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        damaged,
    }
}

/// Where the openid of a subscription is sealed for: mini program, advisor, template.
pub(crate) fn openid_place<T>(
    (app_id, advisor_id, template_id): (&str, &str, &str),
    with: impl FnOnce(Place<'_>) -> T,
) -> T {
    with(Place::new("subscription", "openid", &place_row(advisor_id, template_id), app_id))
}

/// Who receives the messages of a subscription.
pub(crate) fn open_openid(app: &App, of: (&str, &str, &str), sealed: &[u8]) -> Result<Zeroizing<String>> {
    Ok(openid_place(of, |place| app.vault().open_text(place, sealed))?)
}

/// What is known of the row before it is written, whatever its id and index will be.
fn place_row(advisor_id: &str, template_id: &str) -> String {
    format!("{} {advisor_id} {template_id}", advisor_id.len())
}
