//! Which endpoints are there?

use super::{StoredEndpoint, columns};
use crate::{Query, Read, Shape, StoreError};

const LIST: &str = concat!("SELECT ", columns!(), " FROM webhook_endpoint ORDER BY created_at, id LIMIT 1000");

/// Lists all endpoints, the oldest first. They are few.
#[derive(Debug, Clone, Copy)]
pub struct ListEndpoints;

impl Query for ListEndpoints {
    const NAME: &'static str = "webhook.list_endpoints";
    const SHAPE: Shape = Shape::Scan;
    type Output = Vec<StoredEndpoint>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query(LIST, Vec::new()).await?.into_iter().map(StoredEndpoint::read).collect()
    }
}
