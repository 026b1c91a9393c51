//! What every handler can reach.

use std::sync::Arc;

use weiqiao_app::App;

use crate::engine::edge::EdgeShared;
use crate::engine::gate::Gate;
use crate::engine::request_id::RequestIds;
use crate::engine::visitor::{back_cookie_name, binding_cookie_name, staff_cookie_name};
use crate::listener::Drain;
use crate::settings::HttpSettings;

/// The use cases, the settings, and the switch that ends it all. One pointer; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    app: App,
    settings: HttpSettings,
    drain: Drain,
    edge: EdgeShared,
    binding_cookie: String,
    back_cookie: String,
    staff_cookie: String,
}

impl AppState {
    /// Joins the parts. `drain` is the one given to [`listener::serve`](crate::listener::serve).
    #[must_use]
    pub fn new(app: App, settings: HttpSettings, drain: Drain) -> Self {
        let gate = || Gate::new(settings.most_working, settings.most_waiting);
        let edge = EdgeShared::new(RequestIds::new(app.rng()), gate(), gate(), settings.is_https());
        let (binding_cookie, back_cookie) = (binding_cookie_name(&settings), back_cookie_name(&settings));
        let staff_cookie = staff_cookie_name(&settings);
        Self(Arc::new(Inner { app, settings, drain, edge, binding_cookie, back_cookie, staff_cookie }))
    }

    /// The use cases' context.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// The settings of the HTTP side.
    #[must_use]
    pub fn settings(&self) -> &HttpSettings {
        &self.0.settings
    }

    /// The switch that ends it all.
    #[must_use]
    pub fn drain(&self) -> &Drain {
        &self.0.drain
    }

    /// The name of the cookie that binds a login to the browser it began in.
    #[must_use]
    pub fn binding_cookie(&self) -> &str {
        &self.0.binding_cookie
    }

    /// The name of the cookie that remembers where a login began, for the case that it fails.
    pub(crate) fn back_cookie(&self) -> &str {
        &self.0.back_cookie
    }

    /// The name of the console's cookie.
    pub(crate) fn staff_cookie(&self) -> &str {
        &self.0.staff_cookie
    }

    pub(crate) fn edge(&self) -> &EdgeShared {
        &self.0.edge
    }

    /// Epoch milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        self.0.app.now_ms()
    }
}
