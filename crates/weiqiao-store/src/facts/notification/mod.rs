//! What actions owe to advisors. The doing is a job of the same id.

mod find_notification;
mod list_notifications;
mod settle_notification;

pub use find_notification::{FindNotification, OwedNotification, Recipient};
pub use list_notifications::{ListNotifications, NotificationPage, StoredNotification};
pub use settle_notification::{NotificationResult, SettleNotification};
