//! Reading the audit chain, and finding out whether it is as it was written.

mod anchor;
mod list_audit;
mod verify_audit;

pub use anchor::{AuditAnchor, DailyAnchor, NoAnchor, anchor};
pub use list_audit::{AuditEntry, AuditFilter, AuditList, list_audit};
pub use verify_audit::{AuditReport, AuditTrouble, verify_audit};
