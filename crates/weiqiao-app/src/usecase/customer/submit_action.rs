//! A customer did something.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::json;
use weiqiao_coord::Limit;
use weiqiao_model::{ApiScope, JobId, Rng, UserId, crash_point, random_bytes};
use weiqiao_store::facts::action::{NewAction, StoredAction, SubmitAction, SubmittedAction};
use weiqiao_store::facts::idempotency::{IdempotencyKey, KeyOwner};
use weiqiao_store::facts::identity::FindIdentityOfUser;
use weiqiao_store::facts::lead::{NewLead, StoredLead};
use weiqiao_store::facts::session::WhileHolds;

use super::detail::{ActionDetail, seal_detail};
use super::standing::{Standing, mini_person};
use crate::App;
use crate::accounts::Account;
use crate::caller::Caller;
use crate::crm::{clean_name, customer_name, is_lead_phone, mask_name, remarks};
use crate::error::{AppError, Result, code};
use crate::jobs::Plan;
use crate::jobs::subscribe_message::SendSubscribeMessage;
use crate::usecase::advisor::unknown;
use crate::usecase::callback::who;
use crate::usecase::lead::LeadFields;
use crate::usecase::limits::check_rate;
use crate::usecase::once::{Done, named_key, once, speaker};
use crate::usecase::session::SessionContext;
use crate::usecase::user::open_openid;
use crate::vault::Place;

/// What a customer did, as the client says.
#[derive(Debug, Clone)]
pub struct SubmitCustomerAction<'a> {
    /// Another mini program than the default one.
    pub account: Option<&'a str>,
    /// For which advisor.
    pub advisor_id: String,
    /// What: `view_resume`, `contact_advisor`, `book_service`, anything else of 1 to 64 letters, digits, `_`, `-`, `.`, `:`.
    pub action_type: String,
    /// Everything else.
    pub detail: ActionDetail,
    /// The request's own name, when it must not be done twice.
    pub idempotency_key: Option<String>,
}

/// What was written down.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubmittedCustomerAction {
    /// The action.
    pub action: CustomerAction,
    /// Whether it made a lead.
    pub lead_created: bool,
    /// The lead it belongs to.
    pub lead: Option<LeadView>,
    /// Whether a message to the advisor was planned with it: they have a subscription that is not used up.
    pub owes: bool,
}

/// An action.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CustomerAction {
    /// Our id of it.
    pub id: String,
    /// For which advisor.
    pub advisor_id: String,
    /// What it was.
    pub action_type: String,
    /// Everything else.
    pub detail: ActionDetail,
    /// The lead it belongs to.
    pub lead_id: Option<String>,
    /// When, epoch milliseconds.
    pub created_at: i64,
}

/// A lead as whoever caused it may see it: all of a new one, of an existing one only what they said themselves.
#[derive(Clone, Serialize, Deserialize)]
pub struct LeadView {
    /// Our id of it.
    pub id: String,
    /// `CUS` and digits.
    pub number: String,
    /// The name; masked when it is not the one that was just sent, nothing when it is damaged.
    pub name: Option<String>,
    /// The phone that was just sent.
    pub phone: String,
    /// Where it comes from.
    pub source: String,
    /// The rest, of a new lead only.
    pub rest: Option<NewLeadView>,
}

/// What is shown of a new lead only.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewLeadView {
    /// The customer's openid.
    pub openid: Option<String>,
    /// How far the contract is.
    pub contract_status: String,
    /// How promising it is.
    pub level: String,
    /// How it came about.
    pub remarks: Option<String>,
    /// The advisor who made it.
    pub created_by: String,
    /// Whose it is.
    pub assigned_to: Option<String>,
    /// When, epoch milliseconds.
    pub created_at: i64,
}

impl fmt::Debug for LeadView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeadView").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for NewLeadView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewLeadView")
    }
}

/// Writes down what a customer did, makes a lead of a new phone, and owes the advisor a message when they want one: one commit.
/// WeChat is not waited for.
///
/// # Errors
///
/// In strict mode `Unauthorized` without a session of the mini program or an API key with scope `action:write`, `Forbidden`
/// when the customer is not the session's person or the advisor is nobody known. `Conflict` when the idempotency key was used
/// for another request.
pub async fn submit_action(
    app: &App,
    caller: &Caller,
    request: SubmitCustomerAction<'_>,
) -> Result<SubmittedCustomerAction> {
    let (account, standing) = mini_person(app, caller, request.account, ApiScope::ActionWrite)?;
    let app_id = account.app_id().as_str();
    let openid = customer(app, account, caller, &standing, &request.detail.customer_id).await?;
    let SubmitCustomerAction { advisor_id, action_type, mut detail, idempotency_key, .. } = request;
    detail.customer_name = detail.customer_name.as_deref().and_then(clean_name);
    if !is_action_type(&action_type) {
        let text = "actionType 必须为 1 到 64 个字母、数字或 _ - . : ，例如 view_resume";
        return Err(AppError::field("actionType", "format", text));
    }
    if !matches!(standing, Standing::Program) {
        check_flood(app, app_id, &openid, &advisor_id, detail.customer_phone.as_deref()).await?;
    }
    let of = (app_id, advisor_id.as_str(), action_type.as_str());
    let key = request_key(app, idempotency_key, &speaker(&standing, caller), of, &detail)?;
    let id: JobId = app.new_id();
    let customer_index = who(app, app_id, &openid).into_iter().next().unwrap_or_default();
    let sealed = seal_detail(app, app_id, id.as_str(), &detail)?;
    let phone = detail.customer_phone.as_deref().filter(|phone| is_lead_phone(phone));
    let said = phone.map(|phone| LeadWords {
        name: customer_name(detail.customer_name.as_deref(), phone),
        remarks: remarks(&action_type),
        openid,
    });
    let lead = phone
        .zip(said.as_ref())
        .map(|(phone, said)| new_lead(app, app_id, phone, (&advisor_id, &customer_index), said));
    let plan = Plan { id: Some(id.clone()), account: app_id.to_owned(), ..Plan::default() };
    let job = app.plan_job::<SendSubscribeMessage>(plan, &())?;
    let id = id.into_string();
    let action =
        NewAction { id, app_id: app_id.to_owned(), advisor_id, kind: action_type, customer_index, detail: sealed };
    let known_advisor = !matches!(standing, Standing::Anybody);
    let owner = KeyOwner { id: action.id.clone(), app_id: app_id.to_owned(), who: action.customer_index.clone() };
    let submit = SubmitAction { action, lead, job, known_advisor, now: app.now_ms() };
    let submit = WhileHolds::new(submit, standing.session_id());
    crash_point!("app.action.planned");
    let submitted = match key {
        Some(key) => {
            let tell = move |app: &App, submitted: &Option<Option<SubmittedAction>>| {
                let SubmittedAction { action, lead, owes } = submitted.clone().flatten()?;
                Some(shown(app, action, lead, (detail.clone(), said.clone()), owes))
            };
            match once(app, submit, (key, owner), tell).await? {
                Done::First(submitted) => submitted,
                Done::Again(submitted) => return Ok(submitted),
                Done::Nothing(Some(_)) => return Err(unknown()),
                Done::Nothing(None) => return Err(AppError::unauthorized()),
            }
        }
        None => match app.store().run(submit).await? {
            Some(Some(SubmittedAction { action, lead, owes })) => shown(app, action, lead, (detail, said), owes),
            Some(None) => return Err(unknown()),
            None => return Err(AppError::unauthorized()),
        },
    };
    crash_point!("app.action.written");
    if submitted.owes {
        app.wake_worker().await;
        crash_point!("app.action.woken");
    }
    Ok(submitted)
}

/// Kinds of actions are the client's: those with words of their own in notifications are few, all others are told as
/// something that was done. A kind is a word, no text.
fn is_action_type(word: &str) -> bool {
    let allowed = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':');
    (1..=64).contains(&word.chars().count()) && word.chars().all(allowed)
}

/// How long our ids are; openids have 28 characters.
const USER_ID_LENGTH: usize = 36;

/// The customer's openid. They may be called by our user id too, as far as whoever asks may know who that is; all that is kept
/// about somebody is found by the openid.
async fn customer(
    app: &App,
    account: &Account,
    caller: &Caller,
    standing: &Standing<'_>,
    customer_id: &str,
) -> Result<String> {
    let own = |session: &SessionContext| customer_id == session.user_id.as_str();
    match standing {
        Standing::Person(session) if own(session) || customer_id == session.openid.as_str() => {
            Ok(session.openid.as_str().to_owned())
        }
        Standing::Person(_) => Err(AppError::forbidden(code::OPENID_MISMATCH, "customerId 与登录用户不一致")),
        Standing::Anybody => Ok(match caller {
            Caller::User(session) if own(session) && session.app_id == *account.app_id() => {
                session.openid.as_str().to_owned()
            }
            Caller::ApiKey(_) => return openid_of(app, account, customer_id).await,
            _ => customer_id.to_owned(),
        }),
        Standing::Program => openid_of(app, account, customer_id).await,
    }
}

/// As a server of ours names somebody: by the openid, or by our user id.
async fn openid_of(app: &App, account: &Account, customer_id: &str) -> Result<String> {
    if customer_id.len() != USER_ID_LENGTH {
        return Ok(customer_id.to_owned());
    }
    let find = FindIdentityOfUser { app_id: account.app_id().clone(), user_id: UserId::new(customer_id) };
    let Some(found) = app.store().read(find).await? else { return Ok(customer_id.to_owned()) };
    let openid = open_openid(app.vault(), account.app_id(), &found.openid_index, &found.openid)?;
    Ok(openid.as_str().to_owned())
}

/// By what a repeated request is known: by its own name, or, where that is configured, by what it says.
fn request_key(
    app: &App,
    named: Option<String>,
    speaker: &str,
    (app_id, advisor_id, action_type): (&str, &str, &str),
    detail: &ActionDetail,
) -> Result<Option<IdempotencyKey>> {
    let window = app.settings().crm.messages.duplicate_window;
    if named.is_none() && window.is_none() {
        return Ok(None);
    }
    // Where it came from may change between two tries.
    let said = ActionDetail { seen_ip: None, seen_user_agent: None, ..detail.clone() };
    let said = serde_json::to_string(&json!([app_id, advisor_id, action_type, said]))?;
    Ok(match (named, window) {
        (Some(key), _) => Some(named_key(app, "customer action", speaker, &key, &said)),
        (None, Some(window)) => {
            let window = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
            let key_hash = app.vault().fingerprint("repeated action", &[speaker, &said]);
            let request_hash = key_hash.clone();
            Some(IdempotencyKey { key_hash, request_hash, since: Some(app.now_ms().saturating_sub(window)) })
        }
        (None, None) => None,
    })
}

/// Many actions at once are no customer's. Refused before anything is written down.
async fn check_flood(app: &App, app_id: &str, openid: &str, advisor_id: &str, phone: Option<&str>) -> Result<()> {
    let limits = &app.settings().crm.limits;
    // Whoever counts keeps a hash of this.
    let of = |who: &str| [app_id, " ", who].concat();
    let person = Limit::per_minute(limits.actions_per_person);
    check_rate(app, "action person", &of(openid), person).await?;
    if let Some(phone) = phone {
        check_rate(app, "action phone", &of(phone), person).await?;
    }
    check_rate(app, "action advisor", &of(advisor_id), Limit::per_minute(limits.actions_per_advisor)).await
}

/// What a new lead says about its customer beside the phone.
#[derive(Clone)]
struct LeadWords {
    name: String,
    openid: String,
    remarks: String,
}

/// A lead for this advisor, of a customer with this blind index.
fn new_lead(
    app: &App,
    app_id: &str,
    phone: &str,
    (advisor_id, customer_index): (&str, &str),
    said: &LeadWords,
) -> NewLead {
    let phone_indexes = phone_indexes(app, phone);
    let row = phone_indexes.first().cloned().unwrap_or_default();
    let seal = |column, text: &str| app.vault().seal(Place::new("lead", column, &row, ""), text.as_bytes());
    NewLead {
        id: app.new_id::<weiqiao_model::id::kind::Job>().into_string(),
        app_id: app_id.to_owned(),
        numbers: (0..4).map(|_| number(app.now_ms(), app.rng())).collect(),
        phone: seal("phone", phone),
        name: seal("name", &said.name),
        openid_index: Some(customer_index).filter(|index| !index.is_empty()).map(str::to_owned),
        openid: Some(seal("openid", &said.openid)),
        source: "其他".to_owned(),
        contract_status: "待定".to_owned(),
        level: "B类".to_owned(),
        remarks: seal("remarks", &said.remarks),
        advisor_id: advisor_id.to_owned(),
        phone_indexes,
    }
}

/// Blind indexes of a phone, the current one first.
pub(super) fn phone_indexes(app: &App, phone: &str) -> Vec<String> {
    vec![app.vault().fingerprint("phone", &[phone])]
}

/// `CUS`, the millisecond and five digits of chance: leads of one moment hardly ever meet, and stand together in their index.
fn number(now_ms: i64, rng: &dyn Rng) -> String {
    let chance = u32::from_be_bytes(random_bytes::<4>(rng)) % 100_000;
    format!("CUS{now_ms}{chance:05}")
}

fn shown(
    app: &App,
    action: StoredAction,
    lead: Option<StoredLead>,
    (detail, said): (ActionDetail, Option<LeadWords>),
    owes: bool,
) -> SubmittedCustomerAction {
    let lead_created = action.lead_created;
    let lead = lead.map(|lead| view(app, &lead, lead_created, &detail, said));
    let action = CustomerAction {
        id: action.id,
        advisor_id: action.advisor_id,
        action_type: action.kind,
        detail,
        lead_id: action.lead_id,
        created_at: action.created_at,
    };
    SubmittedCustomerAction { action, lead_created, lead, owes }
}

/// The action was written down: a damaged value of a lead that was there before is no reason to tell the customer otherwise.
/// What was sealed just now is not opened again.
fn view(app: &App, lead: &StoredLead, created: bool, detail: &ActionDetail, said: Option<LeadWords>) -> LeadView {
    let (name, openid, remarks) = match said {
        Some(said) if created => (Some(said.name), Some(said.openid), Some(said.remarks)),
        _ => (LeadFields::of(app, lead).name(), None, None),
    };
    let own = created || detail.customer_name == name;
    let rest = created.then(|| NewLeadView {
        openid,
        contract_status: lead.contract_status.clone(),
        level: lead.level.clone(),
        remarks,
        created_by: lead.created_by.clone(),
        assigned_to: lead.assigned_to.clone(),
        created_at: lead.created_at,
    });
    LeadView {
        id: lead.id.clone(),
        number: lead.number.clone(),
        name: if own { name } else { name.as_deref().map(mask_name) },
        phone: detail.customer_phone.clone().unwrap_or_default(),
        source: lead.source.clone(),
        rest,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use weiqiao_model::SeededRng;

    use super::number;

    #[test]
    fn a_busy_moment_does_not_run_out_of_numbers() {
        let rng = SeededRng::new(5);
        let mut taken = HashSet::new();
        for lead in 0..2_000 {
            let free = (0..4).any(|_| taken.insert(number(1_757_062_690_123, &rng)));
            assert!(free, "lead {lead}");
        }
        assert!(taken.iter().all(|number| number.starts_with("CUS1757062690123") && number.len() == 21));
    }
}
