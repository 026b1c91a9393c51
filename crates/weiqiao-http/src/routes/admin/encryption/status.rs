//! `GET /api/admin/encryption`: the keys of what is encrypted at rest, and how much is under earlier ones.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::encryption::encryption;

use super::DataKeyBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageKeys;
use crate::engine::{Allowed, ApiError, Envelope, Failure, Limited, Success};

/// What is encrypted with what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EncryptionBody {
    /// The keys, in the order of their making.
    keys: Vec<DataKeyBody>,
    /// Values under another key than the current one; columns without any are left out.
    stale: Vec<StaleBody>,
    /// All of them.
    #[schema(example = 0)]
    total: u64,
}

/// Values of one column under an earlier key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaleBody {
    /// The table.
    #[schema(example = "identity")]
    table: &'static str,
    /// The column.
    #[schema(example = "profile")]
    column: &'static str,
    /// How many.
    #[schema(example = 1200)]
    rows: u64,
}

/// Says what is encrypted with what. Looks at every row: not for every minute.
#[utoipa::path(
    get, path = "/api/admin/encryption", tag = "encryption", operation_id = "encryption",
    responses(
        (status = 200, description = "the keys and what is under earlier ones", body = Success<EncryptionBody>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ManageKeys>,
) -> Result<Envelope<EncryptionBody>, ApiError> {
    let found = encryption(state.app()).await?;
    let stale = found.stale.into_iter().map(|one| StaleBody { table: one.table, column: one.column, rows: one.rows });
    let keys = found.keys.into_iter().map(DataKeyBody::from).collect();
    Ok(Envelope::of(EncryptionBody { keys, stale: stale.collect(), total: found.total }))
}
