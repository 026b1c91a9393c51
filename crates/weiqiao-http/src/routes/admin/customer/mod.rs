//! Leads, actions and subscriptions.

pub(super) mod actions;
pub(super) mod leads;
pub(super) mod subscriptions;

#[cfg(test)]
mod tests;
