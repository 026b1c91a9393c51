//! Decisions: a push in, a reply out. Nothing here acts: no store, no network, no clock.
//!
//! | file | holds |
//! |---|---|
//! | `reply` | [`ReplySpec`]: what is said, or that nothing is |
//! | `rule` | [`RuleDraft`], [`Rule`]: one rule as people write it, checked |
//! | `set` | [`RuleSet`]: the rules in force, compiled; which of them fits a push |
//!
//! A new way to match is a word of [`On`] with its subject in `set`.

mod reply;
mod rule;
mod set;

pub use reply::ReplySpec;
pub(crate) use reply::limit;
pub use rule::{Condition, On, Rule, RuleDraft, RuleSource};
pub use set::{MAX_RULES, Matched, RuleSet};
