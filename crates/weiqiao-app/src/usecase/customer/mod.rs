//! What customers do, the leads that come of it, and what advisors are owed for it. What staff do with leads is in
//! [`lead`](super::lead).

mod detail;
mod lists;
mod notifications;
mod standing;
mod submit_action;

pub use detail::ActionDetail;
pub use lists::{ActionFilter, ListedAction, list_actions};
pub use notifications::{
    ListedNotification, NOTIFICATION_STATUSES, NotificationFilter, cancel_notification, find_notification,
    list_notifications, retry_notification,
};
pub use submit_action::{
    CustomerAction, LeadView, NewLeadView, SubmitCustomerAction, SubmittedCustomerAction, submit_action,
};

pub(crate) use detail::{detail_place, open_detail};
pub(crate) use notifications::plain_status;
pub(crate) use standing::{Standing, mini_person};
