//! A customer did something: the action, the lead that comes of it and what is owed to the advisor, in one commit.

use weiqiao_model::crash_point;

use super::StoredAction;
use crate::facts::advisor::is_known;
use crate::facts::job::{NewJob, insert_jobs};
use crate::facts::lead::{NewLead, StoredLead, find_or_make};
use crate::facts::subscription::recipient_key;
use crate::value::params;
use crate::{Command, Sharing, StoreError, Transaction};

const INSERT: &str = "INSERT INTO customer_action (id, app_id, advisor_id, kind, customer_index, detail, lead_id, \
    lead_created, notified, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)";

/// Few, and the one that was renewed last is wanted: sorting them here costs less than having them sorted.
const ACTIVE: &str = "SELECT subscribed_at, id, template_id, openid_index FROM subscription WHERE app_id = $1 \
    AND advisor_id = $2 AND subscribed = 1 AND spent = 0";

const OWE: &str = "INSERT INTO notification (id, action_id, subscription_id, app_id, advisor_id, template_id, \
    openid_index, counted, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)";

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
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedAction {
    /// What was written.
    pub action: StoredAction,
    /// The lead it belongs to.
    pub lead: Option<StoredLead>,
    /// Whether the advisor will be told.
    pub owes: bool,
}

impl Command for SubmitAction {
    const NAME: &'static str = "action.submit";
    /// Nothing: nobody knows this advisor.
    type Output = Option<SubmittedAction>;

    /// It adds rows, and unique indexes decide whose is the first.
    fn sharing(&self) -> Sharing<'_> {
        Sharing::Always
    }

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Option<SubmittedAction>, StoreError> {
        let Self { action, now, .. } = self;
        if self.known_advisor && !is_known(tx, &action.app_id, &action.advisor_id).await? {
            return Ok(None);
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
        Ok(Some(SubmittedAction { action: written, lead, owes }))
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
