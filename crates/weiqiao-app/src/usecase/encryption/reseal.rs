//! Rows of earlier data keys are sealed anew with the current one, a few at a time, while everything else goes on.

use std::time::Duration;

use serde::Serialize;
use weiqiao_store::facts::sealed::{CountStale, FindStale, ReplaceSealed, Resealed, SealedColumn, columns};
use weiqiao_store::facts::setting::{FindSetting, PutSettingOnce, ReplaceSetting};

use super::RESEALED;
use super::keys::record;
use crate::App;
use crate::error::Result;
use crate::vault::Place;

/// The most values in one commit.
const AT_ONCE: u32 = 100;

/// How long the worker rests after each commit: at most 10,000 values a second, and nobody waits behind them.
const REST: Duration = Duration::from_millis(10);

/// How long after a key became the current one the worker begins: by then no instance seals with the earlier one.
const SETTLED_MS: i64 = 60_000;

/// Values of one column under an earlier key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaleColumn {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// How many.
    pub rows: u64,
}

/// How far a pass is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Values that were sealed anew.
    pub done: u64,
    /// Values that do not open, and were left as they are. Each is an alarm.
    pub damaged: u64,
}

/// Counts the values under earlier keys; columns without any are left out.
pub(super) async fn stale(app: &App) -> Result<Vec<StaleColumn>> {
    let key_id = app.vault().current_key_id();
    let mut found = Vec::new();
    for column in columns() {
        let rows = app.store().read(CountStale { column, key_id }).await?;
        if rows > 0 {
            found.push(StaleColumn { table: column.table, column: column.column, rows });
        }
    }
    Ok(found)
}

/// Seals every value of an earlier key anew. Stopped half-way, the next pass does the rest: what is done is no longer found.
/// `tell` is called after every commit.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn reseal(app: &App, mut tell: impl FnMut(&'static str, Progress) + Send) -> Result<Progress> {
    record(app).await?;
    let mut progress = Progress::default();
    for column in columns() {
        let mut after = [String::new(), String::new()];
        while let Some(last) = some(app, column, after, &mut progress).await? {
            tell(column.table, progress);
            after = last;
        }
    }
    Ok(progress)
}

/// [`reseal`] with rests, once for every data key and only when all instances seal with it. Answers nothing when there is
/// nothing to do.
///
/// # Errors
///
/// `Unavailable` when the database is down; the next call goes on.
pub async fn reseal_when_due(app: &App) -> Result<Option<Progress>> {
    // Nothing is earlier than the first.
    let Some(current) = app.vault().data_keys().into_iter().skip(1).find(|key| key.current) else { return Ok(None) };
    let seen = app.store().read(FindSetting { name: RESEALED.to_owned() }).await?;
    if seen.as_deref() == Some(current.id.as_bytes()) || app.now_ms() < current.from.saturating_add(SETTLED_MS) {
        return Ok(None);
    }
    let mut progress = Progress::default();
    for column in columns() {
        let mut after = [String::new(), String::new()];
        while let Some(last) = some(app, column, after, &mut progress).await? {
            tokio::time::sleep(REST).await;
            after = last;
        }
    }
    let (name, value) = (RESEALED.to_owned(), current.id.clone().into_bytes());
    match seen {
        Some(seen) => drop(app.store().run(ReplaceSetting { name, seen, value, audit: None }).await?),
        None => drop(app.store().run(PutSettingOnce { name, value, now: app.now_ms() }).await?),
    }
    tracing::info!(data_key = %current.id, done = progress.done, damaged = progress.damaged, "values were sealed anew");
    Ok(Some(progress))
}

/// Some values of one column; answers the last row that was looked at.
async fn some(
    app: &App,
    column: &'static SealedColumn,
    after: [String; 2],
    progress: &mut Progress,
) -> Result<Option<[String; 2]>> {
    let vault = app.vault();
    let find = FindStale { column, key_id: vault.current_key_id(), after, limit: AT_ONCE };
    let found = app.store().read(find).await?;
    let Some(last) = found.last().map(|value| value.key.clone()) else { return Ok(None) };
    let mut values = Vec::with_capacity(found.len());
    for stale in found {
        let place = Place::new(column.table, column.place, &stale.row, &stale.app_id);
        match vault.reseal(place, &stale.sealed) {
            Ok(new) => values.push(Resealed { key: stale.key, old: stale.sealed, new }),
            Err(problem) => {
                tracing::error!(table = column.table, column = column.column, %problem, "a stored value does not open");
                metrics::counter!("weiqiao_vault_open_failures_total").increment(1);
                progress.damaged += 1;
            }
        }
    }
    progress.done += app.store().run(ReplaceSealed { column, values }).await?;
    Ok(Some(last))
}
