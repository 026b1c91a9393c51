//! What came of a login so far? For whoever waits for the outcome.

use super::take_state::{FIND, StoredState};
use crate::value::params;
use crate::{Query, Read, StoreError};

/// Looks at a state without taking it. Whether the caller may see it is theirs to check: compare `cookie_hash`.
#[derive(Debug, Clone)]
pub struct FindState {
    /// The hash of the state.
    pub hash: String,
}

impl Query for FindState {
    const NAME: &'static str = "state.find";
    type Output = Option<StoredState>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND, params![&self.hash]).await?.map(StoredState::read).transpose()
    }
}
