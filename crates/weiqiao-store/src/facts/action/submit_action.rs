//! A customer did something: the action, the lead that comes of it and what is owed to the advisor, in one commit.

use weiqiao_model::crash_point;

use super::StoredAction;
use crate::facts::advisor::is_known;
use crate::facts::job::NewJob;
use crate::facts::lead::{NewLead, StoredLead, find_or_make};
use crate::facts::subscription::recipient_key;
use crate::value::params;
use crate::{Command, Sharing, StoreError, Transaction};

const INSERT: &str = "INSERT INTO customer_action (id, app_id, advisor_id, kind, customer_index, detail, lead_id, \
    lead_created, notified, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)";

/// To the subscription that was renewed last. They are few: comparing each with the others costs less than sorting them, for which
/// SQLite makes a table.
const OWE: &str = "INSERT INTO notification (id, subscription_id, app_id, advisor_id, template_id, openid_index, \
    counted, created_at) SELECT $1, s.id, s.app_id, s.advisor_id, s.template_id, s.openid_index, 0, $4 \
    FROM subscription s WHERE s.app_id = $2 AND s.advisor_id = $3 AND s.subscribed = 1 AND s.spent = 0 \
    AND NOT EXISTS (SELECT 1 FROM subscription other WHERE other.app_id = $2 AND other.advisor_id = $3 \
    AND other.subscribed = 1 AND other.spent = 0 AND (COALESCE(other.subscribed_at, 0) > COALESCE(s.subscribed_at, 0) \
    OR (COALESCE(other.subscribed_at, 0) = COALESCE(s.subscribed_at, 0) AND other.id > s.id)))";

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
    /// What is done when the advisor may be told: a job of the action's id, whose serial key will be the recipient's.
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
        if self.job.id != action.id {
            return Err(StoreError::internal("the job of an action has to have its id"));
        }
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
        // What the advisor is owed is decided where the subscriptions are: nothing is asked first.
        let owed = params![&action.id, &action.app_id, &action.advisor_id, *now];
        let statements = vec![(INSERT, row), (OWE, owed), self.job.of_notification(&action.id, &recipient_key(""))];
        let owes = tx.batch(statements).await?.pop() == Some(1);
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
        Ok(Some(SubmittedAction { action: written, lead, owes }))
    }
}
