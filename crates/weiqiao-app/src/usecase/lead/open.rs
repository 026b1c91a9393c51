//! A lead as staff see it.

use std::fmt;

use serde::Serialize;
use weiqiao_store::facts::lead::StoredLead;

use crate::App;
use crate::crm::{mask_name, mask_phone};
use crate::error::Result;
use crate::vault::Place;

/// A lead. Times are epoch milliseconds.
#[derive(Clone)]
pub struct Lead {
    /// Our id of it.
    pub id: String,
    /// `CUS` and digits.
    pub number: String,
    /// The name, masked.
    pub name: String,
    /// The phone, masked.
    pub phone: String,
    /// Where it comes from.
    pub source: String,
    /// How far the contract is.
    pub contract_status: String,
    /// How promising it is.
    pub level: String,
    /// What staff note, or how it came about while they note nothing.
    pub remarks: String,
    /// The advisor who made it.
    pub created_by: String,
    /// Whose it is; nobody's: it is in the public pool.
    pub assigned_to: Option<String>,
    /// How often it was changed, from 1.
    pub version: i64,
    /// When somebody followed up last.
    pub followed_at: Option<i64>,
    /// When somebody is to follow up next.
    pub next_follow_up_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// When it was changed last.
    pub updated_at: i64,
}

impl fmt::Debug for Lead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lead").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What can be changed about a lead, in clear: for comparing, never for keeping.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(super) struct Plain {
    pub(super) assigned_to: Option<String>,
    pub(super) level: String,
    pub(super) contract_status: String,
    pub(super) name: String,
    pub(super) remarks: String,
}

/// The blind index of a phone.
pub(super) fn phone_index(app: &App, phone: &str) -> String {
    app.vault().fingerprint("phone", &[phone])
}

fn open_field(app: &App, lead: &StoredLead, column: &'static str, sealed: &[u8]) -> Result<String> {
    let text = app.vault().open_text(Place::new("lead", column, &lead.phone_index, ""), sealed)?;
    Ok(text.as_str().to_owned())
}

/// Name and phone in clear.
pub(super) fn name_and_phone(app: &App, lead: &StoredLead) -> Result<(String, String)> {
    Ok((open_field(app, lead, "name", &lead.name)?, open_field(app, lead, "phone", &lead.phone)?))
}

/// What staff note, or how it came about.
pub(super) fn remarks(app: &App, lead: &StoredLead) -> Result<String> {
    match &lead.note {
        Some(sealed) => open_field(app, lead, "note", sealed),
        None => Ok(lead.remarks.clone()),
    }
}

pub(super) fn plain(app: &App, lead: &StoredLead) -> Result<Plain> {
    Ok(Plain {
        assigned_to: lead.assigned_to.clone(),
        level: lead.level.clone(),
        contract_status: lead.contract_status.clone(),
        name: open_field(app, lead, "name", &lead.name)?,
        remarks: remarks(app, lead)?,
    })
}

/// A field of a lead, sealed for its place.
pub(super) fn seal(app: &App, lead: &StoredLead, column: &'static str, text: &str) -> Vec<u8> {
    app.vault().seal(Place::new("lead", column, &lead.phone_index, ""), text.as_bytes())
}

/// As it is shown: masked, and with what staff note only for those who may read that.
pub(super) fn masked(app: &App, lead: StoredLead, notes: bool) -> Result<Lead> {
    let (name, phone) = name_and_phone(app, &lead)?;
    let remarks = if notes { remarks(app, &lead)? } else { lead.remarks.clone() };
    Ok(Lead {
        id: lead.id,
        number: lead.number,
        name: mask_name(&name),
        phone: mask_phone(&phone),
        source: lead.source,
        contract_status: lead.contract_status,
        level: lead.level,
        remarks,
        created_by: lead.created_by,
        assigned_to: lead.assigned_to,
        version: lead.version,
        followed_at: lead.followed_at,
        next_follow_up_at: lead.next_at,
        created_at: lead.created_at,
        updated_at: lead.updated_at,
    })
}
