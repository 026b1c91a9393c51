//! Which route a path belongs to, asked before the router is.
//!
//! The edge must know it first: health is never queued, callbacks have a gate of their own, and every answer is counted under
//! the template of its route. The router tells it to handlers only.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};

use super::metrics::{RouteMetrics, UNMATCHED};

/// The templates of a router's paths, each with what the edge knows of it.
pub(crate) struct RouteTable {
    routes: matchit::Router<Arc<Route>>,
    unmatched: Arc<Route>,
}

/// One route, of all its methods.
pub(super) struct Route {
    kind: Kind,
    metrics: RouteMetrics,
}

/// How requests are let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Always: a busy service is not a dead one.
    Health,
    /// Through a gate of its own.
    Callback,
    /// Through the gate.
    Other,
}

impl RouteTable {
    /// A table of path templates as the router writes them. One that the router would refuse is left out: it panics there, at
    /// start.
    pub(crate) fn new<S: AsRef<str>>(templates: impl IntoIterator<Item = S>) -> Self {
        let mut routes = matchit::Router::new();
        for template in templates {
            let template = template.as_ref();
            let _ = routes.insert(template, Arc::new(Route::new(template)));
        }
        Self { routes, unmatched: Arc::new(Route::new(UNMATCHED)) }
    }

    /// The route of a path.
    pub(super) fn of(&self, path: &str) -> Arc<Route> {
        Arc::clone(self.routes.at(path).map_or(&self.unmatched, |found| found.value))
    }
}

impl Route {
    fn new(template: &str) -> Self {
        let kind = match template {
            "/livez" | "/readyz" | "/health" | "/api/health" => Kind::Health,
            "/wx" | "/wx/{account}" => Kind::Callback,
            _ => Kind::Other,
        };
        Self { kind, metrics: RouteMetrics::of(template) }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// The template, or a word for all paths that have none.
    pub(super) fn label(&self) -> &str {
        self.metrics.route()
    }

    /// Counts one answered request.
    pub(super) fn count(&self, method: &Method, status: StatusCode, took: Duration) {
        self.metrics.count(method, status, took);
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, RouteTable};

    #[test]
    fn a_path_finds_its_template_and_how_it_is_let_in() {
        let table = RouteTable::new(["/livez", "/wx", "/wx/{account}", "/docs/{*path}", "/api/user/{openid}"]);
        for (path, label, kind) in [
            ("/livez", "/livez", Kind::Health),
            ("/wx", "/wx", Kind::Callback),
            ("/wx/shop", "/wx/{account}", Kind::Callback),
            ("/wx/shop/more", "unmatched", Kind::Other),
            ("/docs/a/b.js", "/docs/{*path}", Kind::Other),
            ("/api/user/o1", "/api/user/{openid}", Kind::Other),
            ("/livez/", "unmatched", Kind::Other),
            ("", "unmatched", Kind::Other),
        ] {
            let route = table.of(path);
            assert_eq!((route.label(), route.kind()), (label, kind), "{path}");
        }
    }
}
