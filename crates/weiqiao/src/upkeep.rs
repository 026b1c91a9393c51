//! What has to be done every minute.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use weiqiao_app::App;
use weiqiao_app::usecase::audit::DailyAnchor;
use weiqiao_app::usecase::callback::recover_callbacks;
use weiqiao_app::usecase::{encryption, health, upkeep};
use weiqiao_model::crash_point;

/// Sweeps what is past its time, until dropped. The first sweep is at the start.
pub(crate) async fn sweep(app: App) {
    let mut ticks = interval(upkeep::EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut daily = DailyAnchor::default();
    loop {
        ticks.tick().await;
        if let Err(error) = daily.tick(&app).await {
            tracing::warn!(%error, "the audit anchor of the day waits for the next sweep");
        }
        crash_point!("upkeep.sweep.before");
        if let Err(error) = recover_callbacks(&app).await {
            tracing::warn!(%error, "callbacks that were left undecided wait for the next sweep");
        }
        match upkeep::sweep(&app).await {
            Ok(swept) => {
                let count = swept.sessions + swept.states + swept.codes + swept.session_keys + swept.jobs;
                tracing::debug!(count, "swept what was past its time");
            }
            Err(error) => tracing::warn!(%error, "the sweep did not finish; the next one goes on"),
        }
        crash_point!("upkeep.sweep.after");
        if let Some(free) = app.store().free_bytes() {
            #[allow(clippy::cast_precision_loss, reason = "a figure")]
            metrics::gauge!("weiqiao_disk_free_bytes").set(free as f64);
        }
        if let Some(free) = health::disk_low(&app) {
            tracing::warn!(
                free_mib = free >> 20,
                "the disk of the database is nearly full: when it is, nothing more is accepted"
            );
        }
    }
}

/// Forgets what is past its time in this process alone, until dropped: of what is shared a worker takes care.
pub(crate) async fn sweep_own(app: App) {
    let mut ticks = interval(upkeep::EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        app.coord().sweep();
    }
}

/// Learns of new data keys, until dropped, and lets a worker seal the rows of earlier ones anew.
pub(crate) async fn keys(app: App, works: bool) {
    let mut ticks = interval(encryption::REFRESH_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = encryption::refresh_keys(&app).await {
            tracing::warn!(%error, "new data keys could not be asked for; those of before stay");
            continue;
        }
        if works && let Err(error) = encryption::reseal_when_due(&app).await {
            tracing::warn!(%error, "not everything was sealed anew; the next pass goes on");
        }
    }
}

/// Keeps the figures of this process current, until dropped: also where nobody reads them, so that samples do not pile up.
pub(crate) async fn figures() {
    const EVERY: Duration = Duration::from_secs(5);
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    metrics::gauge!("weiqiao_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    loop {
        ticks.tick().await;
        if let Some(handle) = crate::metrics::handle() {
            handle.run_upkeep();
        }
    }
}
