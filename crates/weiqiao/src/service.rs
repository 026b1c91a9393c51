//! The service, running: listeners, upkeep, and the way it stops.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::time::timeout;
use weiqiao_app::App;
use weiqiao_app::worker::Worker;
use weiqiao_http::Edge;
use weiqiao_http::listener::{Drain, ListenerSettings, serve};
use weiqiao_store::Store;

use crate::compose::Part;
use crate::signals::Signals;
use crate::upkeep;

/// How long closing the database may take in the end.
const CLOSING: Duration = Duration::from_secs(1);

/// Everything joined, sockets open, nobody served yet. See [`Service::run`].
pub struct Service {
    pub(crate) app: App,
    pub(crate) store: Store,
    pub(crate) drain: Drain,
    pub(crate) public: Option<Listener<Edge>>,
    pub(crate) metrics: Option<Listener<Router>>,
    pub(crate) part: Part,
    pub(crate) grace: Duration,
    pub(crate) setup_token_file: Option<PathBuf>,
}

/// A socket, and what answers on it.
pub(crate) struct Listener<S> {
    pub(crate) socket: TcpListener,
    pub(crate) router: S,
    pub(crate) settings: ListenerSettings,
}

/// How a service ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Asked to, with everything finished.
    Finished,
    /// Asked to; this many connections were cut because their requests took too long.
    Cut(usize),
    /// Asked to end at once, and did.
    AtOnce,
    /// The database can never acknowledge a write again; a restart finds out what it holds.
    StoreFailed,
}

impl Service {
    /// Where the public listener is; nothing in a worker.
    #[must_use]
    pub fn public_address(&self) -> Option<SocketAddr> {
        self.public.as_ref()?.socket.local_addr().ok()
    }

    /// Where `/metrics` is, if anywhere.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref()?.socket.local_addr().ok()
    }

    /// The use cases.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Where the one-time token for setting the first password was written, when there is no staff yet.
    #[must_use]
    pub fn setup_token_file(&self) -> Option<&Path> {
        self.setup_token_file.as_deref()
    }

    /// Serves until `signals` say stop, then finishes: readiness goes off and answers carry `Connection: close` while new
    /// connections are still taken, then running requests end, then the database is closed.
    pub async fn run(self, signals: Signals) -> Ended {
        let Self { store, drain, .. } = &self;
        let (store, drain) = (store.clone(), drain.clone());
        let Signals { stop, stop_now } = signals;
        let work = self.work();
        tokio::pin!(work, stop, stop_now);
        let failed = tokio::select! {
            () = &mut stop => false,
            error = store.failed() => {
                tracing::error!(%error, "the database failed for good; ending, so that a restart finds out what it holds");
                true
            }
            // The public listener ends only when the drain began, which somebody else may have done.
            cut = &mut work => return close(&store, cut).await,
        };
        tracing::info!("stopping: finishing what was begun");
        drain.begin();
        let ended = tokio::select! {
            cut = &mut work => close(&store, cut).await,
            () = &mut stop_now => {
                tracing::warn!("stopping at once: asked a second time");
                Ended::AtOnce
            }
        };
        if failed { Ended::StoreFailed } else { ended }
    }

    /// Serves until the drain; gives the number of connections that had to be cut.
    async fn work(self) -> usize {
        let Self { app, drain, public, metrics, part, grace, .. } = self;
        let after_work = Drain::new();
        let jobs = {
            let (app, drain) = (app.clone(), drain.clone());
            async move {
                if part != Part::Http {
                    Worker::new(app).run(async { drain.begun().await }, grace).await;
                }
            }
        };
        let background = async {
            let keys = upkeep::keys(app.clone(), part != Part::Http);
            let sweep = async {
                match part {
                    Part::All | Part::Worker => upkeep::sweep(app).await,
                    Part::Http => upkeep::sweep_own(app).await,
                }
            };
            let metrics = async {
                match metrics {
                    Some(Listener { socket, router, settings }) => {
                        serve(socket, router, settings, after_work.clone()).await;
                    }
                    None => after_work.begun().await,
                }
            };
            tokio::select! {
                () = sweep => {}
                () = keys => {}
                () = upkeep::figures() => {}
                () = metrics => {}
            }
        };
        let front = async {
            match public {
                Some(Listener { socket, router, settings }) => serve(socket, router, settings, drain).await,
                None => {
                    drain.begun().await;
                    0
                }
            }
        };
        let work = async {
            let (cut, ()) = tokio::join!(front, jobs);
            // Figures, and how a worker is, can be read to the end.
            after_work.begin();
            cut
        };
        tokio::join!(work, background).0
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service")
            .field("part", &self.part)
            .field("public", &self.public_address())
            .field("metrics", &self.metrics_address())
            .finish_non_exhaustive()
    }
}

async fn close(store: &Store, cut: usize) -> Ended {
    if timeout(CLOSING, store.close()).await.is_err() {
        tracing::warn!("the database was still busy when the process ended; what was acknowledged is on the disk");
    }
    match cut {
        0 => Ended::Finished,
        cut => Ended::Cut(cut),
    }
}
