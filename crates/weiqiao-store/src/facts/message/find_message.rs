//! What became of a message?

use weiqiao_model::JobStatus;

use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = "SELECT n.app_id, n.template_id, n.openid, n.content, n.answer, (SELECT min(k.msgid) FROM arrival k \
    WHERE k.app_id = n.app_id AND k.openid_index = n.openid_index AND k.template_id = n.template_id), s.renewals, job.status, \
    job.reference, n.replaced_by FROM notification n JOIN job ON job.id = n.id LEFT JOIN subscription s ON s.id = n.subscription_id \
    WHERE n.id = $1 AND n.sender IS NOT NULL";

const RECIPIENT: &str = "SELECT 1 WHERE EXISTS (SELECT 1 FROM subscription WHERE app_id = $1 AND openid_index = $2) \
    OR EXISTS (SELECT 1 FROM customer_action WHERE app_id = $1 AND customer_index = $2) \
    OR EXISTS (SELECT 1 FROM identity WHERE app_id = $1 AND openid_index = $2)";

/// Finds a message that was sent on request.
#[derive(Debug, Clone)]
pub struct FindMessage {
    /// Its id: the job's.
    pub id: String,
}

/// A message as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    /// The mini program.
    pub app_id: String,
    /// In which form.
    pub template_id: String,
    /// The recipient's openid, sealed; nothing when they are to be forgotten.
    pub openid: Option<Vec<u8>>,
    /// Everything else, sealed; nothing when it is to be forgotten.
    pub content: Option<Vec<u8>>,
    /// What whoever asked was told, sealed; nothing as long as it is under way, and when whoever sent it died.
    pub answer: Option<Vec<u8>>,
    /// The number in an event of WeChat that no answer has brought yet: of a try of this one before, if there was any.
    pub arrived: Option<String>,
    /// How often leave for it was given anew, where it is known to be given.
    pub renewals: Option<i64>,
    /// How far it has come.
    pub status: JobStatus,
    /// WeChat's number of it.
    pub reference: Option<String>,
    /// The message of the same request that was sent instead, when certainly nothing of this one was.
    pub replaced_by: Option<String>,
}

impl Query for FindMessage {
    const NAME: &'static str = "message.find";
    type Output = Option<StoredMessage>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let Some(mut row) = db.query_opt(FIND, params![&self.id]).await? else { return Ok(None) };
        Ok(Some(StoredMessage {
            app_id: row.text()?,
            template_id: row.text()?,
            openid: row.opt_bytes()?,
            content: row.opt_bytes()?,
            answer: row.opt_bytes()?,
            arrived: row.opt_text()?,
            renewals: row.opt_integer()?,
            status: row.word()?,
            reference: row.opt_text()?,
            replaced_by: row.opt_text()?,
        }))
    }
}

/// Whether somebody logged in to a mini program, subscribed, or did something in it.
#[derive(Debug, Clone)]
pub struct IsRecipient {
    /// The mini program.
    pub app_id: String,
    /// Blind index of the person.
    pub who: String,
}

impl Query for IsRecipient {
    const NAME: &'static str = "message.is_recipient";
    type Output = bool;

    async fn run<R: Read>(&self, db: &mut R) -> Result<bool, StoreError> {
        Ok(db.query_opt(RECIPIENT, params![&self.app_id, &self.who]).await?.is_some())
    }
}
