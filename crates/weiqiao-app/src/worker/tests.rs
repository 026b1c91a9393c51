//! The loop while the database is away.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use url::Url;
use weiqiao_coord::{Coord, CoordConfig};
use weiqiao_model::{Clock, OsRng};
use weiqiao_store::{Store, StoreConfig};
use weixin::Client;

use super::Worker;
use crate::{App, AppParts, AppSettings, AuthMode, SecretSettings};

/// Counts the lines that say that looking failed.
#[derive(Clone, Default)]
struct Lines(Arc<AtomicUsize>);

impl Visit for Lines {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let told = field.name() == "message" && format!("{value:?}") == "due jobs cannot be looked up";
        self.0.fetch_add(usize::from(told), Ordering::SeqCst);
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Counts how often it is asked: once for every look.
#[derive(Debug, Clone, Default)]
struct Asked(Arc<AtomicUsize>);

impl Clock for Asked {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1, Ordering::SeqCst);
        1_757_062_690_123
    }
}

async fn app(folder: &std::path::Path, clock: Asked) -> App {
    let store = Store::open(&StoreConfig::Sqlite { path: folder.join("weiqiao.db") }).await.unwrap();
    store.migrate().await.unwrap();
    let (clock, rng): (Arc<dyn Clock>, Arc<OsRng>) = (Arc::new(clock), Arc::new(OsRng));
    let coord = Coord::open(CoordConfig::Memory, Arc::clone(&clock), Arc::<OsRng>::clone(&rng)).await.unwrap();
    let secrets = SecretSettings {
        master: "master-0123456789abcdef-0123456789abcdef".into(),
        master_previous: Vec::new(),
        jwt: "jwt-0123456789abcdef-0123456789abcdef-0123".into(),
        jwt_previous: None,
    };
    let settings = AppSettings::new(AuthMode::Open, Url::parse("http://localhost:3001").unwrap(), secrets);
    App::start(AppParts { settings, store, coord, weixin: Client::builder(), clock, rng }).await.unwrap()
}

#[tokio::test]
async fn while_the_database_is_away_a_thousand_wake_ups_are_one_line_and_hardly_a_look() {
    let (lines, asked, folder) = (Lines::default(), Asked::default(), tempfile::tempdir().unwrap());
    let app = app(folder.path(), asked.clone()).await;
    app.store().close().await;
    let _guard = tracing::subscriber::set_default(lines.clone());
    let worker = Worker::new(app.clone());
    let running = tokio::spawn(async move { worker.run(std::future::pending(), Duration::ZERO).await });
    while lines.0.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let before = asked.0.load(Ordering::SeqCst);
    for _ in 0..1_000 {
        app.wake_worker().await;
        // Time for the loop to hear of it.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }
    running.abort();
    let looks = asked.0.load(Ordering::SeqCst) - before;
    assert!(looks < 100, "{looks} looks");
    assert_eq!(lines.0.load(Ordering::SeqCst), 1);
}
