//! The mini program's session keys, sealed.

mod find_session_key;
mod save_session_key;
mod sweep_session_keys;

pub use find_session_key::{FindSessionKey, StoredSessionKey};
pub use save_session_key::SaveSessionKey;
pub(super) use save_session_key::save_statement;
pub use sweep_session_keys::SweepSessionKeys;
