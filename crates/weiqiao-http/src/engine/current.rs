//! The request that is being answered, for what is written deep inside an answer: the end of the envelope.
//!
//! The edge is around every handler and says at each poll whose turn it is. Passing the same through every handler would
//! put it into each signature; hanging it onto request and answer as extensions costs six allocations a request.

use std::cell::RefCell;
use std::sync::Arc;

use super::edge::RequestContext;
use crate::AppState;

/// One request.
pub(super) struct Current {
    pub(super) state: AppState,
    pub(super) context: RequestContext,
}

thread_local! {
    static CURRENT: RefCell<Option<Arc<Current>>> = const { RefCell::new(None) };
}

/// While this lives, the thread works on the request.
pub(super) struct Turn {
    before: Option<Arc<Current>>,
}

/// Begins a turn of the request.
pub(super) fn turn_of(current: &Arc<Current>) -> Turn {
    Turn { before: CURRENT.replace(Some(Arc::clone(current))) }
}

impl Drop for Turn {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
    }
}

/// Looks at the request whose turn it is; `None` outside the edge.
pub(super) fn with<R>(look: impl FnOnce(Option<&Current>) -> R) -> R {
    CURRENT.with_borrow(|current| look(current.as_deref()))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use http::HeaderMap;
    use weiqiao_model::SeededRng;

    use super::super::request_id::RequestIds;
    use super::*;
    use crate::testing::World;

    #[tokio::test]
    async fn turns_are_nested_and_end() {
        let world = World::open().await;
        let ids = RequestIds::new(&SeededRng::new(7));
        let request = || {
            let context = RequestContext {
                request_id: ids.for_request(&HeaderMap::new()),
                client_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            };
            Arc::new(Current { state: world.state.clone(), context })
        };
        let id = || with(|current| current.map(|current| current.context.request_id.clone()));
        let (first, second) = (request(), request());
        assert_eq!(id(), None);
        {
            let _turn = turn_of(&first);
            assert_eq!(id().as_ref(), Some(&first.context.request_id));
            drop(turn_of(&second));
            assert_eq!(id().as_ref(), Some(&first.context.request_id));
        }
        assert_eq!(id(), None);
    }
}
