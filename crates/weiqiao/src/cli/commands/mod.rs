//! One file per command.

pub(super) mod admin;
mod audit;
pub(super) mod check_config;
pub(super) mod completion;
pub(super) mod explain;
pub(super) mod keys;
pub(super) mod listen;
pub(super) mod menu;
pub(super) mod migrate;
pub(super) mod openapi;
pub(super) mod serve;
pub(super) mod sign;
pub(super) mod token;

use std::future::Future;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::Context;
use super::exit::Failure;
use crate::compose::{Core, Options, core};

/// A runtime for one command.
fn runtime() -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("the threads of the runtime cannot be started: {error}")))
}

/// Runs `work` with the use cases on the configured database, and closes it afterwards.
fn with_core<T, F>(context: &Context, work: impl FnOnce(Core) -> F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    let settings = context.settings()?.settings;
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let core = core(&settings, &Options::default()).await?;
        let store = core.store.clone();
        let done = work(core).await;
        store.close().await;
        done
    });
    runtime.shutdown_timeout(Duration::from_millis(200));
    done
}
