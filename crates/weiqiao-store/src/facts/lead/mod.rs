//! Leads: one per phone. What staff do with one is [`ChangeLead`], [`ClaimLead`] and the follow-ups; each leaves a row of history
//! and one of the audit chain in its commit.

mod change_lead;
mod claim_lead;
mod export_leads;
mod filter;
mod find_lead;
mod history;
mod list_leads;
mod read_timeline;

pub use change_lead::{ChangeLead, LeadChanged, LeadState};
pub use claim_lead::{ClaimLead, LeadClaimed};
pub use export_leads::{CountLeads, ExportLeads};
pub use filter::{LeadFilter, LeadScope};
pub use find_lead::FindLead;
pub use history::NewLeadHistory;
pub use list_leads::{LeadPage, LeadSort, ListLeads};
pub use read_timeline::{LeadActor, ReadTimeline, TimelineEntry, TimelinePage, TimelineWhat};

use crate::value::params;
use crate::{Row, StoreError, Transaction};

/// The columns [`StoredLead::read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, app_id, number, phone_index, phone, name, openid, source, contract_status, level, remarks, note, created_by, \
         assigned_to, version, followed_at, next_at, created_at, updated_at"
    };
}
use columns;

/// The leads a [`LeadFilter`] lets through; the parameters are [`LeadFilter::values`].
macro_rules! matching {
    () => {
        " FROM lead WHERE (CAST($1 AS TEXT) IS NULL OR assigned_to = $1) \
         AND (CAST($2 AS BIGINT) IS NULL OR assigned_to IS NULL) AND (CAST($3 AS TEXT) IS NULL OR level = $3) \
         AND (CAST($4 AS TEXT) IS NULL OR contract_status = $4) AND (CAST($5 AS TEXT) IS NULL OR source = $5) \
         AND created_at >= $6 AND created_at < $7 AND (CAST($8 AS TEXT) IS NULL OR phone_index = $8) \
         AND (CAST($9 AS TEXT) IS NULL OR number = $9) AND (CAST($10 AS TEXT) IS NULL OR number >= $10) \
         AND (CAST($11 AS TEXT) IS NULL OR number < $11) AND (CAST($12 AS TEXT) IS NULL OR assigned_to = $12 \
         OR (CAST($13 AS BIGINT) = 1 AND assigned_to IS NULL)) AND id >= $14"
    };
}
use matching;

const INSERT: &str = "INSERT INTO lead (id, app_id, number, phone_index, phone, name, openid_index, openid, source, \
    contract_status, level, remarks, created_by, assigned_to, created_at, updated_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $14) ON CONFLICT DO NOTHING";

const BY_PHONE: &str = concat!("SELECT ", columns!(), " FROM lead WHERE phone_index = $1");

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM lead WHERE id = $1");

/// A lead that is made unless there is one with its phone.
#[derive(Debug, Clone)]
pub struct NewLead {
    /// Its id.
    pub id: String,
    /// The mini program.
    pub app_id: String,
    /// Numbers to choose from: the first that is free.
    pub numbers: Vec<String>,
    /// Blind indexes of the phone, the current one first.
    pub phone_indexes: Vec<String>,
    /// The phone, sealed for the row its current index names.
    pub phone: Vec<u8>,
    /// The name, sealed in the same way.
    pub name: Vec<u8>,
    /// Blind index of the customer's openid.
    pub openid_index: Option<String>,
    /// The openid, sealed in the same way.
    pub openid: Option<Vec<u8>>,
    /// Where it comes from.
    pub source: String,
    /// How far the contract is.
    pub contract_status: String,
    /// How promising it is.
    pub level: String,
    /// How it came about, sealed like the name.
    pub remarks: Vec<u8>,
    /// The advisor who made it, and whose it is.
    pub advisor_id: String,
}

/// A lead as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLead {
    /// Our id of it.
    pub id: String,
    /// The mini program.
    pub app_id: String,
    /// `CUS` and digits.
    pub number: String,
    /// Blind index of the phone; what the sealed fields are bound to.
    pub phone_index: String,
    /// The phone, sealed.
    pub phone: Vec<u8>,
    /// The name, sealed.
    pub name: Vec<u8>,
    /// The openid, sealed.
    pub openid: Option<Vec<u8>>,
    /// Where it comes from.
    pub source: String,
    /// How far the contract is.
    pub contract_status: String,
    /// How promising it is.
    pub level: String,
    /// How it came about, sealed.
    pub remarks: Vec<u8>,
    /// What staff note about the customer, sealed.
    pub note: Option<Vec<u8>>,
    /// The advisor who made it.
    pub created_by: String,
    /// Whose it is; nobody's: it is in the public pool.
    pub assigned_to: Option<String>,
    /// How often staff changed it, from 1.
    pub version: i64,
    /// When somebody followed up last, epoch milliseconds.
    pub followed_at: Option<i64>,
    /// When somebody is to follow up next, epoch milliseconds.
    pub next_at: Option<i64>,
    /// When it was made, epoch milliseconds.
    pub created_at: i64,
    /// When staff changed it last, epoch milliseconds.
    pub updated_at: i64,
}

impl StoredLead {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text()?,
            app_id: row.text()?,
            number: row.text()?,
            phone_index: row.text()?,
            phone: row.bytes()?,
            name: row.bytes()?,
            openid: row.opt_bytes()?,
            source: row.text()?,
            contract_status: row.text()?,
            level: row.text()?,
            remarks: row.bytes()?,
            note: row.opt_bytes()?,
            created_by: row.text()?,
            assigned_to: row.opt_text()?,
            version: row.integer()?,
            followed_at: row.opt_integer()?,
            next_at: row.opt_integer()?,
            created_at: row.integer()?,
            updated_at: row.integer()?,
        })
    }
}

impl NewLead {
    /// The row as it was just written.
    fn as_stored(&self, number: &str, phone_index: &str, now: i64) -> StoredLead {
        StoredLead {
            id: self.id.clone(),
            app_id: self.app_id.clone(),
            number: number.to_owned(),
            phone_index: phone_index.to_owned(),
            phone: self.phone.clone(),
            name: self.name.clone(),
            openid: self.openid.clone(),
            source: self.source.clone(),
            contract_status: self.contract_status.clone(),
            level: self.level.clone(),
            remarks: self.remarks.clone(),
            note: None,
            created_by: self.advisor_id.clone(),
            assigned_to: Some(self.advisor_id.clone()),
            version: 1,
            followed_at: None,
            next_at: None,
            created_at: now,
            updated_at: now,
        }
    }
}

/// The lead with this phone, and whether it was made just now.
pub(super) async fn find_or_make<T: Transaction>(
    tx: &mut T,
    lead: &NewLead,
    now: i64,
) -> Result<(StoredLead, bool), StoreError> {
    let (index, former) =
        lead.phone_indexes.split_first().ok_or_else(|| StoreError::internal("a lead without phone"))?;
    for index in former {
        if let Some(mut row) = tx.query_opt(BY_PHONE, params![index]).await? {
            return Ok((StoredLead::read(&mut row)?, false));
        }
    }
    for number in &lead.numbers {
        let row = params![
            &lead.id,
            &lead.app_id,
            number,
            index,
            &lead.phone,
            &lead.name,
            &lead.openid_index,
            lead.openid.as_ref(),
            &lead.source,
            &lead.contract_status,
            &lead.level,
            &lead.remarks,
            &lead.advisor_id,
            now,
        ];
        if tx.execute(INSERT, row).await? == 1 {
            return Ok((lead.as_stored(number, index, now), true));
        }
        // There is one, or the number is taken.
        if let Some(mut row) = tx.query_opt(BY_PHONE, params![index]).await? {
            return Ok((StoredLead::read(&mut row)?, false));
        }
    }
    Err(StoreError::internal("no number was free for a lead"))
}

/// The lead with this id.
pub(super) async fn find<T: Transaction>(tx: &mut T, id: &str) -> Result<Option<StoredLead>, StoreError> {
    tx.query_opt(BY_ID, params![id]).await?.map(|mut row| StoredLead::read(&mut row)).transpose()
}
