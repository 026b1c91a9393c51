//! A customer did something: the action, the lead that comes of it and what is owed to the advisor, in one commit.

use weiqiao_model::crash_point;

use super::idempotency::{IdempotencyKey, KeyUse, use_key};
use super::{StoredAction, columns};
use crate::facts::advisor::is_known;
use crate::facts::job::{NewJob, insert_jobs};
use crate::facts::lead::{NewLead, StoredLead, find, find_or_make};
use crate::facts::subscription::recipient_key;
use crate::value::params;
use crate::{Command, Sharing, StoreError, Transaction};

const INSERT: &str = "INSERT INTO customer_action (id, app_id, advisor_id, kind, customer_index, detail, lead_id, \
    lead_created, notified, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)";

const FIND: &str = concat!("SELECT ", columns!(), " FROM customer_action WHERE id = $1");

/// Few, and the one that was renewed last is wanted: sorting them here costs less than having them sorted.
const ACTIVE: &str = "SELECT subscribed_at, id, template_id, openid_index FROM subscription WHERE app_id = $1 \
    AND advisor_id = $2 AND subscribed = 1 AND spent = 0";

const OWED: &str = "SELECT COUNT(*) FROM notification WHERE action_id = $1";

const OWE: &str = "INSERT INTO notification (id, action_id, subscription_id, app_id, advisor_id, template_id, \
    openid_index, event_msgid, counted, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0, $8)";

/// What a customer did.
#[derive(Debug, Clone)]
pub struct NewAction {
    /// Its id.
    pub id: String,
    /// The mini program.
    pub app_id: String,
    /// For which advisor.
    pub advisor_id: String,
    /// What it was.
    pub kind: String,
    /// Blind index of the customer's openid.
    pub customer_index: String,
    /// Everything else, sealed for the row of this id.
    pub detail: Vec<u8>,
}

/// Writes down what a customer did.
#[derive(Debug, Clone)]
pub struct SubmitAction {
    /// What they did.
    pub action: NewAction,
    /// The lead it makes, unless there is one with the phone.
    pub lead: Option<NewLead>,
    /// What is done when the advisor may be told: a job without serial key; that is the recipient's.
    pub job: NewJob,
    /// Whether the advisor has to be known.
    pub known_advisor: bool,
    /// So that a repeated request changes nothing.
    pub key: Option<IdempotencyKey>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmittedAction {
    /// It is written down.
    Done {
        /// What was written.
        action: StoredAction,
        /// The lead it belongs to.
        lead: Option<StoredLead>,
        /// Whether the advisor will be told.
        owes: bool,
    },
    /// It was before, by the same request.
    Again {
        /// What was written then.
        action: StoredAction,
        /// The lead it belongs to.
        lead: Option<StoredLead>,
        /// Whether a message to the advisor was planned then.
        owed: bool,
    },
    /// The key was used for another request.
    KeyTaken,
    /// Nobody knows this advisor.
    AdvisorUnknown,
}

impl Command for SubmitAction {
    const NAME: &'static str = "action.submit";
    type Output = SubmittedAction;

    /// It adds rows, and unique indexes decide whose is the first. But what a request became is not to be read before all of it is
    /// there.
    fn sharing(&self) -> Sharing<'_> {
        self.key.as_ref().map_or(Sharing::Always, |key| Sharing::Unlike(&key.key_hash))
    }

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<SubmittedAction, StoreError> {
        let Self { action, now, .. } = self;
        if self.known_advisor && !is_known(tx, &action.app_id, &action.advisor_id).await? {
            return Ok(SubmittedAction::AdvisorUnknown);
        }
        if let Some(key) = &self.key {
            match use_key(tx, key, &action.id, *now).await? {
                KeyUse::First => {}
                KeyUse::Again(id) => return again(tx, id).await,
                KeyUse::Taken => return Ok(SubmittedAction::KeyTaken),
            }
            crash_point!("action.key.after");
        }
        let lead = match &self.lead {
            Some(lead) => Some(find_or_make(tx, lead, *now).await?),
            None => None,
        };
        let (lead, created) = match lead {
            Some((lead, created)) => (Some(lead), created),
            None => (None, false),
        };
        crash_point!("action.lead.after");
        let row = params![
            &action.id,
            &action.app_id,
            &action.advisor_id,
            &action.kind,
            &action.customer_index,
            &action.detail,
            lead.as_ref().map(|lead| lead.id.as_str()),
            created,
            *now,
        ];
        tx.execute(INSERT, row).await?;
        let written = StoredAction {
            id: action.id.clone(),
            app_id: action.app_id.clone(),
            advisor_id: action.advisor_id.clone(),
            kind: action.kind.clone(),
            detail: Some(action.detail.clone()),
            lead_id: lead.as_ref().map(|lead| lead.id.clone()),
            lead_created: created,
            notified: false,
            created_at: *now,
        };
        crash_point!("action.row.after");
        let owes = self.owe(tx).await?;
        Ok(SubmittedAction::Done { action: written, lead, owes })
    }
}

impl SubmitAction {
    /// Plans the notification when there is somebody to be told.
    async fn owe<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let Self { action, .. } = self;
        let mut newest = None;
        for mut row in tx.query(ACTIVE, params![&action.app_id, &action.advisor_id]).await? {
            newest = newest.max(Some((row.opt_integer()?, row.text()?, row.text()?, row.text()?)));
        }
        let Some((_, subscription, template, person)) = newest else { return Ok(false) };
        let job = NewJob { serial_key: Some(recipient_key(&action.app_id, &person)), ..self.job.clone() };
        insert_jobs(tx, std::slice::from_ref(&job)).await?;
        crash_point!("action.job.after");
        let row =
            params![&job.id, &action.id, subscription, &action.app_id, &action.advisor_id, template, person, self.now,];
        tx.execute(OWE, row).await?;
        crash_point!("action.notification.after");
        Ok(true)
    }
}

async fn again<T: Transaction>(tx: &mut T, action_id: String) -> Result<SubmittedAction, StoreError> {
    let owed = tx.query_one(OWED, params![&action_id]).await?.integer()? > 0;
    let action = StoredAction::read(&mut tx.query_one(FIND, params![action_id]).await?)?;
    let lead = match &action.lead_id {
        Some(id) => find(tx, id).await?,
        None => None,
    };
    Ok(SubmittedAction::Again { action, lead, owed })
}
