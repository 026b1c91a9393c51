//! Leads: who has which, what is known of them, what was agreed.

pub(super) mod assign;
pub(super) mod change;
pub(super) mod claim;
mod csv;
pub(super) mod export;
pub(super) mod follow_ups;
pub(super) mod list;
pub(super) mod read;
pub(super) mod release;
pub(super) mod reveal;
pub(super) mod timeline;

#[cfg(test)]
mod tests;

use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::lead::{Lead, LeadActor};

use super::job::seconds;

/// A lead. Times are epoch seconds.
#[derive(Serialize, ToSchema)]
pub(super) struct LeadBody {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// `CUS` and digits.
    #[schema(example = "CUS17570626904711")]
    customer_id: String,
    /// The name, masked.
    #[schema(example = "王**")]
    name: Option<String>,
    /// The phone, masked.
    #[schema(example = "138****8000")]
    phone: Option<String>,
    /// Where it comes from.
    #[schema(example = "其他")]
    lead_source: String,
    /// How far the contract is.
    #[schema(example = "待定")]
    contract_status: String,
    /// How promising it is.
    #[schema(example = "B类")]
    lead_level: String,
    /// What staff note, or how it came about while they note nothing.
    #[schema(example = "通过微信小程序查看简历自动创建")]
    remarks: Option<String>,
    /// The advisor who made it.
    #[schema(example = "advisor-li")]
    created_by: String,
    /// Whose it is; nobody's: it is in the public pool.
    #[schema(example = "advisor-li")]
    assigned_to: Option<String>,
    /// How often it was changed, from 1: for `if_match`.
    #[schema(example = 1)]
    version: i64,
    /// When somebody followed up last.
    #[schema(example = 1_757_062_690_i64)]
    followed_at: Option<i64>,
    /// When somebody is to follow up next.
    #[schema(example = 1_757_149_090_i64)]
    next_follow_up_at: Option<i64>,
    /// When it was made.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// When it was changed last.
    #[schema(example = 1_757_062_690_i64)]
    updated_at: i64,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<Lead> for LeadBody {
    fn from(lead: Lead) -> Self {
        Self {
            id: lead.id,
            customer_id: lead.number,
            name: lead.name,
            phone: lead.phone,
            lead_source: lead.source,
            contract_status: lead.contract_status,
            lead_level: lead.level,
            remarks: lead.remarks,
            created_by: lead.created_by,
            assigned_to: lead.assigned_to,
            version: lead.version,
            followed_at: lead.followed_at.map(seconds),
            next_follow_up_at: lead.next_follow_up_at.map(seconds),
            created_at: seconds(lead.created_at),
            updated_at: seconds(lead.updated_at),
            damaged: lead.damaged.into_names(),
        }
    }
}

/// Who did something to a lead.
#[derive(Serialize, ToSchema)]
pub(super) struct LeadActorBody {
    /// `staff` or `key`.
    #[schema(example = "staff")]
    kind: String,
    /// Our id of them.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d11")]
    id: String,
    /// What they are called; nothing when they are gone.
    #[schema(example = "李顾问")]
    name: Option<String>,
}

impl From<LeadActor> for LeadActorBody {
    fn from(actor: LeadActor) -> Self {
        Self { kind: actor.kind, id: actor.id, name: actor.name }
    }
}
