//! A lead as staff see it.

use std::fmt;

use serde::Serialize;
use weiqiao_store::facts::lead::StoredLead;

use crate::App;
use crate::crm::{mask_name, mask_phone};
use crate::vault::{Damaged, Place, SealedRow};

/// A lead. Times are epoch milliseconds.
#[derive(Clone)]
pub struct Lead {
    /// Our id of it.
    pub id: String,
    /// `CUS` and digits.
    pub number: String,
    /// The name, masked; nothing when it is damaged.
    pub name: Option<String>,
    /// The phone, masked; nothing when it is damaged.
    pub phone: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// How far the contract is.
    pub contract_status: String,
    /// How promising it is.
    pub level: String,
    /// What staff note, or how it came about while they note nothing; nothing when it is damaged.
    pub remarks: Option<String>,
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
    /// What of it cannot be read.
    pub damaged: Damaged,
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
    /// Nothing when it is damaged, as the next: giving it anew is what repairs it.
    pub(super) name: Option<String>,
    pub(super) remarks: Option<String>,
}

/// The blind index of a phone.
pub(super) fn phone_index(app: &App, phone: &str) -> String {
    app.vault().fingerprint("phone", &[phone])
}

/// The sealed fields of a lead, one by one.
pub(crate) struct LeadFields<'a> {
    lead: &'a StoredLead,
    row: SealedRow<'a>,
}

impl<'a> LeadFields<'a> {
    pub(crate) fn of(app: &'a App, lead: &'a StoredLead) -> Self {
        Self { lead, row: app.vault().row(&lead.id) }
    }

    fn open(&mut self, field: &'static str, column: &'static str, sealed: &[u8]) -> Option<String> {
        self.row.text(field, place(self.lead, column), sealed)
    }

    pub(crate) fn name(&mut self) -> Option<String> {
        self.open("name", "name", &self.lead.name)
    }

    pub(crate) fn phone(&mut self) -> Option<String> {
        self.open("phone", "phone", &self.lead.phone)
    }

    /// How it came about.
    pub(crate) fn origin(&mut self) -> Option<String> {
        self.open("remarks", "remarks", &self.lead.remarks)
    }

    /// What staff note, or how it came about; to whom may not read what staff note only the latter.
    pub(crate) fn remarks(&mut self, notes: bool) -> Option<String> {
        match self.lead.note.as_ref().filter(|_| notes) {
            Some(sealed) => self.open("remarks", "note", sealed),
            None => self.origin(),
        }
    }

    pub(crate) fn damaged(self) -> Damaged {
        self.row.damaged()
    }
}

fn place<'a>(lead: &'a StoredLead, column: &'static str) -> Place<'a> {
    Place::new("lead", column, &lead.phone_index, "")
}

pub(super) fn plain(app: &App, lead: &StoredLead) -> Plain {
    let mut fields = LeadFields::of(app, lead);
    Plain {
        assigned_to: lead.assigned_to.clone(),
        level: lead.level.clone(),
        contract_status: lead.contract_status.clone(),
        name: fields.name(),
        remarks: fields.remarks(true),
    }
}

/// A field of a lead, sealed for its place.
pub(super) fn seal(app: &App, lead: &StoredLead, column: &'static str, text: &str) -> Vec<u8> {
    app.vault().seal(place(lead, column), text.as_bytes())
}

/// As it is shown: masked, and with what staff note only for those who may read that.
pub(super) fn masked(app: &App, lead: StoredLead, notes: bool) -> Lead {
    let mut fields = LeadFields::of(app, &lead);
    let (name, phone, remarks) = (fields.name(), fields.phone(), fields.remarks(notes));
    let damaged = fields.damaged();
    Lead {
        id: lead.id,
        number: lead.number,
        name: name.as_deref().map(mask_name),
        phone: phone.as_deref().map(mask_phone),
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
        damaged,
    }
}
