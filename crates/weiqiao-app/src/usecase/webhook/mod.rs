//! Who hears of what happened: webhooks. Managed by staff, asked and told by the callbacks.

mod ask_synchronous;
mod change_endpoint;
mod create_endpoint;
mod deliveries;
mod input;
mod list_endpoints;
mod plan;
mod replay;
mod rotate_secret;
mod test_endpoint;

pub use ask_synchronous::{ask_synchronous, takes_time};
pub use change_endpoint::{EndpointPatch, change_endpoint, delete_endpoint};
pub use create_endpoint::{CreatedEndpoint, create_endpoint};
pub use deliveries::{DeliveryAttempt, DeliveryDetail, find_delivery, list_deliveries};
pub use input::EndpointDraft;
pub use list_endpoints::{ListedEndpoint, find_endpoint, list_endpoints};
pub(crate) use plan::delivery;
pub use plan::{endpoints_for, plan};
pub use replay::{Replayed, replay_delivery, replay_since};
pub use rotate_secret::{RotatedSecret, rotate_secret};
pub use test_endpoint::{TestResult, test_endpoint};

use crate::error::AppError;

fn unknown() -> AppError {
    AppError::not_found(crate::error::code::NOT_FOUND, "没有这个 Webhook")
}
