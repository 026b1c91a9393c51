//! Work to be done later is written down in the commit that makes it necessary.

use crate::value::params;
use crate::{StoreError, Transaction, Value};

/// The columns of a job that is made, in the order of [`NewJob::row`].
macro_rules! columns {
    () => {
        "INSERT INTO job (id, kind, account, serial_key, origin, payload, status, attempts, tries, next_at, expires_at, \
         lease_owner, lease_until, fence, last_errcode, last_error, reference, created_at, updated_at, finished_at) "
    };
}

const INSERT: &str = concat!(
    columns!(),
    "VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, 0, $7, $8, NULL, 0, 0, NULL, NULL, NULL, $9, $9, NULL)"
);

/// As [`INSERT`], when an action owes a notification: all three have one id. Its recipient completes the serial key.
const OF_NOTIFICATION: &str = concat!(
    columns!(),
    "SELECT $1, $2, $3, $4 || openid_index, 'action', $5, 'queued', 0, 0, $6, $7, NULL, 0, 0, NULL, NULL, NULL, $8, $8, \
     NULL FROM notification WHERE id = $1"
);

/// A piece of work to be done later.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id: a UUID of version 7, so that jobs sort by the time they were made.
    pub id: String,
    /// Which kind of work; the name of an entry of the application's catalogue.
    pub kind: &'static str,
    /// Whose rate and slots it shares: an appid, the id of a webhook endpoint, or `-`.
    pub account: String,
    /// Jobs of one key run one after another, never together. Never a clear openid.
    pub serial_key: Option<String>,
    /// What made it necessary: `inbox:<id>`.
    pub origin: Option<String>,
    /// What is to be done, sealed by the application.
    pub payload: Vec<u8>,
    /// When to begin, epoch milliseconds.
    pub run_at: i64,
    /// When it is no longer worth doing, epoch milliseconds.
    pub expires_at: i64,
    /// Now, epoch milliseconds.
    pub created_at: i64,
}

impl NewJob {
    /// The statement that writes this job down when an action owes a notification, and what it takes: the id of all three, and what
    /// the serial keys of recipients begin with.
    pub(in crate::facts) fn of_notification(&self, id: &str, recipients: &str) -> (&'static str, Vec<Value>) {
        let row = params![
            id,
            self.kind,
            &self.account,
            recipients,
            &self.payload,
            self.run_at,
            self.expires_at,
            self.created_at,
        ];
        (OF_NOTIFICATION, row)
    }

    fn row(&self, serial_key: Value) -> Vec<Value> {
        params![
            &self.id,
            self.kind,
            &self.account,
            serial_key,
            &self.origin,
            &self.payload,
            self.run_at,
            self.expires_at,
            self.created_at,
        ]
    }
}

/// Writes jobs down inside another command's commit: they exist exactly when what made them necessary is true.
///
/// # Errors
///
/// [`Conflict`](crate::StoreErrorKind::Conflict) when there is a job of the same id.
pub async fn insert_jobs<T: Transaction>(tx: &mut T, jobs: &[NewJob]) -> Result<(), StoreError> {
    if jobs.is_empty() {
        return Ok(());
    }
    let statements = jobs.iter().map(|job| (INSERT, job.row((&job.serial_key).into())));
    tx.batch(statements.collect()).await?;
    Ok(())
}
