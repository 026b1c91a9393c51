//! Actions and subscriptions.

pub(super) mod actions;
pub(super) mod subscriptions;

#[cfg(test)]
mod tests;
