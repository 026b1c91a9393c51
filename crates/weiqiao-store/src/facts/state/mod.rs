//! Login states: what binds the way to WeChat and back to one browser, one account and one flow.

mod find_state;
mod issue_state;
mod settle_state;
mod sweep_states;
mod take_state;

pub use find_state::FindState;
pub use issue_state::IssueState;
pub use settle_state::SettleState;
pub use sweep_states::SweepStates;
pub use take_state::{StateClaim, StoredState, TakeState};
