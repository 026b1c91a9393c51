//! Whom customers may be sent to: known by the name the client has for them, and bound to the openid that may subscribe.

mod list_advisors;
mod save_advisor;

pub use list_advisors::{AdvisorPage, ListAdvisors, StoredAdvisor};
pub use save_advisor::SaveAdvisor;

use crate::value::params;
use crate::{StoreError, Transaction};

const ADD: &str = "INSERT INTO advisor (app_id, id, openid_index, source, created_at, updated_at) \
    VALUES ($1, $2, NULL, 'self', $3, $3) ON CONFLICT (app_id, id) DO NOTHING";

const BIND: &str = "UPDATE advisor SET openid_index = $3, updated_at = $4 \
    WHERE app_id = $1 AND id = $2 AND openid_index IS NULL";

const FIND: &str = "SELECT openid_index FROM advisor WHERE app_id = $1 AND id = $2";

/// Who may be an advisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdvisorRule {
    /// Whoever is named, for whoever asks.
    Anybody,
    /// Whoever is known or named for the first time; from then on only for the openid of that time.
    SelfRegistered,
    /// Whoever is known; from the first subscription on only for that openid.
    Known,
    /// Whoever is known or named; the caller speaks for all of them. The first openid they name for an advisor owns it all the same:
    /// else whoever comes next by themselves would.
    Vouched,
}

/// Whether somebody may act for an advisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Theirs,
    Unknown,
    SomebodyElses,
}

/// Makes the advisor known where the rule allows it, and binds it to the openid.
pub(super) async fn admit<T: Transaction>(
    tx: &mut T,
    (app_id, id): (&str, &str),
    rule: AdvisorRule,
    who: &[String],
    now: i64,
) -> Result<Standing, StoreError> {
    if rule != AdvisorRule::Known {
        tx.execute(ADD, params![app_id, id, now]).await?;
    }
    if rule == AdvisorRule::Anybody {
        return Ok(Standing::Theirs);
    }
    if let Some(who) = who.first() {
        tx.execute(BIND, params![app_id, id, who, now]).await?;
    }
    if rule == AdvisorRule::Vouched {
        return Ok(Standing::Theirs);
    }
    let Some(mut row) = tx.query_opt(FIND, params![app_id, id]).await? else { return Ok(Standing::Unknown) };
    let bound = row.opt_text()?;
    Ok(if bound.is_some_and(|bound| who.contains(&bound)) { Standing::Theirs } else { Standing::SomebodyElses })
}

/// Whether the advisor is known.
pub(super) async fn is_known<T: Transaction>(tx: &mut T, app_id: &str, id: &str) -> Result<bool, StoreError> {
    Ok(tx.query_opt(FIND, params![app_id, id]).await?.is_some())
}
