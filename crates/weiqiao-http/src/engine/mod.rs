//! What every route shares and no route repeats.

pub(crate) mod bare;
pub(crate) mod body;
pub(crate) mod caller;
pub(crate) mod client_ip;
pub(crate) mod cookies;
pub(crate) mod cors;
pub(crate) mod csrf;
pub(crate) mod edge;
pub(crate) mod envelope;
pub(crate) mod error;
pub(crate) mod gate;
pub(crate) mod headers;
pub(crate) mod input;
pub(crate) mod json;
pub(crate) mod limit;
pub(crate) mod metrics;
pub(crate) mod page;
pub(crate) mod path;
pub(crate) mod query;
pub(crate) mod request_id;
pub(crate) mod right;
pub(crate) mod user_agent;
pub(crate) mod visitor;

pub use self::caller::{AnyCaller, MaybeCaller, StaffCaller, UserCaller};
pub use self::edge::RequestContext;
pub use self::envelope::{Envelope, Failure, FailureDetail, FieldDetail, Success};
pub use self::error::ApiError;
pub use self::input::{Field, Input};
pub use self::json::ApiJson;
pub use self::limit::Limited;
pub use self::metrics::{metrics_router, recorder};
pub use self::page::Page;
pub use self::path::{ApiPath, ApiPaths};
pub use self::query::{ApiAny, ApiForm, ApiQuery};
pub use self::request_id::RequestId;
pub use self::right::{Allowed, Right};
