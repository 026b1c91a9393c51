//! What has to be done every minute.

use std::time::Duration;

use weiqiao_model::crash_point;
use tokio::time::{MissedTickBehavior, interval};
use weiqiao_app::App;
use weiqiao_app::usecase::callback::recover_callbacks;
use weiqiao_app::usecase::upkeep;

/// Sweeps what is past its time, until dropped. The first sweep is at the start.
pub(crate) async fn sweep(app: App) {
    let mut ticks = interval(upkeep::EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
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
