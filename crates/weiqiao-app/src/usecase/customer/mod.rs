//! What customers do, the leads that come of it, and what advisors are owed for it.

mod detail;
mod lists;
mod notifications;
mod standing;
mod submit_action;

pub use detail::ActionDetail;
pub use lists::{ActionFilter, LeadFilter, ListedAction, ListedLead, list_actions, list_leads};
pub use notifications::{
    ListedNotification, NotificationFilter, cancel_notification, find_notification, list_notifications,
    retry_notification,
};
pub use submit_action::{
    CustomerAction, LeadView, NewLeadView, SubmitCustomerAction, SubmittedCustomerAction, submit_action,
};

pub(crate) use detail::open_detail;
pub(crate) use standing::{Standing, mini_person};
