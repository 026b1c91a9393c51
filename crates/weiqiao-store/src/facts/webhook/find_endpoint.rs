//! Where does it go?

use super::{StoredEndpoint, columns};
use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = concat!("SELECT ", columns!(), " FROM webhook_endpoint WHERE id = $1");

/// Finds an endpoint.
#[derive(Debug, Clone)]
pub struct FindEndpoint {
    /// Which one.
    pub id: String,
}

impl Query for FindEndpoint {
    const NAME: &'static str = "webhook.find_endpoint";
    type Output = Option<StoredEndpoint>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND, params![&self.id]).await?.map(StoredEndpoint::read).transpose()
    }
}
