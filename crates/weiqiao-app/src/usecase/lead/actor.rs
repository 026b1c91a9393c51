//! Who did something to a lead.

use weiqiao_store::facts::lead::LeadActor as StoredActor;

use crate::usecase::staff::name_place;
use crate::vault::SealedRow;

/// Who did something to a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadActor {
    /// `staff`, `key` …
    pub kind: String,
    /// Our id of them.
    pub id: String,
    /// What they are called; nothing when they are gone, or when it is damaged.
    pub name: Option<String>,
}

impl LeadActor {
    /// As it is stored, with the row it is shown in.
    pub(super) fn of(row: &mut SealedRow<'_>, stored: StoredActor) -> Self {
        let StoredActor { kind, id, staff_name, key_name } = stored;
        let staff = staff_name.and_then(|sealed| row.text("by.name", name_place(&id), &sealed));
        Self { name: staff.or(key_name), kind, id }
    }
}
