//! The keys of what is encrypted at rest.

pub(super) mod rotate;
pub(super) mod status;

use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::vault::DataKeyState;

/// A key that encrypts at rest. The key itself is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DataKeyBody {
    /// Its name.
    #[schema(example = "9f86d081")]
    id: String,
    /// From when on it encrypts, epoch seconds; 0 for the first.
    #[schema(example = 1_757_062_690_i64)]
    from: i64,
    /// Whether it encrypts now. All of them decrypt.
    #[schema(example = true)]
    current: bool,
}

impl From<DataKeyState> for DataKeyBody {
    fn from(key: DataKeyState) -> Self {
        Self { id: key.id, from: key.from.div_euclid(1000), current: key.current }
    }
}
