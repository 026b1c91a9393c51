//! The request that is being answered, for what is written deep inside an answer: the end of the envelope.
//!
//! The edge is around every handler and says at each poll whose turn it is. Passing the same through every handler would
//! put it into each signature; hanging it onto request and answer as extensions costs six allocations a request.

use std::any::Any;
use std::sync::Arc;

use weiqiao_app::audit::{Request, Turn, with_request};

use super::edge::RequestContext;
use crate::AppState;

/// One request.
pub(super) struct Current {
    pub(super) state: AppState,
    pub(super) context: RequestContext,
}

impl Request for Current {
    fn id(&self) -> &str {
        self.context.request_id.as_str()
    }
}

/// Begins a turn of the request.
pub(super) fn turn_of(current: &Arc<Current>) -> Turn {
    weiqiao_app::audit::turn_of(Arc::<Current>::clone(current))
}

/// Looks at the request whose turn it is; `None` outside the edge.
pub(super) fn with<R>(look: impl FnOnce(Option<&Current>) -> R) -> R {
    with_request(|request| look(request.and_then(|request| (request as &dyn Any).downcast_ref())))
}
