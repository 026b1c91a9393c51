//! Who is to be told what?

use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = "SELECT n.app_id, n.advisor_id, n.template_id, a.id, a.kind, a.detail, a.lead_id, a.lead_created, \
    a.created_at, (SELECT min(k.msgid) FROM arrival k WHERE k.app_id = n.app_id AND k.openid_index = n.openid_index \
    AND k.template_id = n.template_id), s.openid, s.subscribed, s.spent, s.renewals FROM notification n \
    JOIN customer_action a ON a.id = n.id LEFT JOIN subscription s ON s.id = n.subscription_id WHERE n.id = $1";

/// Finds what a notification is about.
#[derive(Debug, Clone)]
pub struct FindNotification {
    /// Its id: the job's.
    pub id: String,
}

/// What is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedNotification {
    /// The mini program.
    pub app_id: String,
    /// To whom.
    pub advisor_id: String,
    /// In which form.
    pub template_id: String,
    /// About which action.
    pub action_id: String,
    /// What it was.
    pub kind: String,
    /// Everything else about it, sealed; nothing when it is to be forgotten.
    pub detail: Option<Vec<u8>>,
    /// The lead it belongs to.
    pub lead_id: Option<String>,
    /// Whether it made that lead.
    pub lead_created: bool,
    /// When it was, epoch milliseconds.
    pub created_at: i64,
    /// The number in an event of WeChat that no answer has brought yet: of a try of this one before, if there was any.
    pub arrived: Option<String>,
    /// Who receives it; nothing when they are to be forgotten.
    pub recipient: Option<Recipient>,
}

/// Who receives a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The openid, sealed.
    pub openid: Vec<u8>,
    /// Whether it is wanted.
    pub subscribed: bool,
    /// Whether WeChat said that nothing may be sent any more.
    pub spent: bool,
    /// How often leave was given anew.
    pub renewals: i64,
}

impl Query for FindNotification {
    const NAME: &'static str = "notification.find";
    type Output = Option<OwedNotification>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let Some(mut row) = db.query_opt(FIND, params![&self.id]).await? else { return Ok(None) };
        Ok(Some(OwedNotification {
            app_id: row.text()?,
            advisor_id: row.text()?,
            template_id: row.text()?,
            action_id: row.text()?,
            kind: row.text()?,
            detail: row.opt_bytes()?,
            lead_id: row.opt_text()?,
            lead_created: row.flag()?,
            created_at: row.integer()?,
            arrived: row.opt_text()?,
            recipient: match row.opt_bytes()? {
                Some(openid) => {
                    Some(Recipient { openid, subscribed: row.flag()?, spent: row.flag()?, renewals: row.integer()? })
                }
                None => None,
            },
        }))
    }
}
