//! Which leads.

use crate::Value;
use crate::facts::ids_since;
use crate::value::params;

/// Whose leads somebody sees. What lies outside does not exist for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum LeadScope {
    /// Everybody's.
    #[default]
    All,
    /// This advisor's.
    Own(String),
    /// This advisor's and nobody's.
    OwnOrPool(String),
}

impl LeadScope {
    /// The advisor, and whether nobody's leads count too.
    pub(in crate::facts) fn values(&self) -> (Option<&str>, i64) {
        match self {
            Self::All => (None, 1),
            Self::Own(advisor) => (Some(advisor), 0),
            Self::OwnOrPool(advisor) => (Some(advisor), 1),
        }
    }
}

/// Which leads. Nothing: all of the scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeadFilter {
    /// Whose leads may be seen at all.
    pub scope: LeadScope,
    /// Only this advisor's.
    pub assigned_to: Option<String>,
    /// Only nobody's.
    pub pool: bool,
    /// Only of this level.
    pub level: Option<String>,
    /// Only those whose contract is so far.
    pub contract_status: Option<String>,
    /// Only those that come from here.
    pub source: Option<String>,
    /// Only those made from this time on, epoch milliseconds.
    pub since: Option<i64>,
    /// Only those made before this time, epoch milliseconds.
    pub until: Option<i64>,
    /// Only the one with this phone, by its blind index.
    pub phone_index: Option<String>,
    /// Only the one with this number.
    pub number: Option<String>,
    /// Only those whose number begins so.
    pub number_begins: Option<String>,
}

impl LeadFilter {
    /// The parameters of `matching!()`.
    pub(super) fn values(&self) -> Vec<Value> {
        let (advisor, pool) = self.scope.values();
        // No number has a character behind the last one of Unicode.
        let after = self.number_begins.as_ref().map(|begins| format!("{begins}\u{10FFFF}"));
        params![
            &self.assigned_to,
            self.pool.then_some(1),
            &self.level,
            &self.contract_status,
            &self.source,
            self.since.unwrap_or(i64::MIN),
            self.until.unwrap_or(i64::MAX),
            &self.phone_index,
            &self.number,
            &self.number_begins,
            after,
            advisor,
            pool,
            ids_since(self.since),
        ]
    }
}
