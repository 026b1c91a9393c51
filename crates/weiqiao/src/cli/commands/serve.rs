//! `weiqiao serve`: the service.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use url::Url;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::output::tell;
use super::super::words::t;
use super::runtime;
use crate::compose::{Options, Part, compose};
use crate::config::{Input, Loaded, Note, load};
use crate::lang::Lang;
use crate::logging::Logging;
use crate::service::{Ended, Service};
use crate::signals::{Signals, on_hangup};

#[derive(Debug, clap::Args)]
#[command(after_help = t(
    "SIGTERM 或 Ctrl-C：做完手上的请求再退出，最多 15 秒；第二次立即退出。SIGHUP：重新读取 LOG_LEVEL。",
    "SIGTERM or Ctrl-C: finish running requests and end, within 15 s; a second one ends at once. SIGHUP: read LOG_LEVEL again.",
))]
pub(crate) struct Args {
    #[arg(
        long, value_name = "PART",
        help = t("只运行其中一半：http（接口）或 worker（后台工作）", "run one half only: http (the API) or worker (background work)"),
    )]
    only: Option<Only>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Only {
    Http,
    Worker,
}

pub(crate) fn run(args: Args, context: &Context) -> Result<ExitCode, Failure> {
    let loaded = context.settings()?;
    loaded.settings.log.try_folder().map_err(|error| Failure::settings(&error))?;
    let options = Options { handlers: context.handlers.clone(), ..options(args, &loaded) };
    let log =
        Logging::start(&loaded.settings, Arc::clone(&options.clock)).map_err(|error| Failure::unusable_log(&error))?;
    let log = Arc::new(log);
    note(&loaded.notes, context.output.lang);
    let runtime = runtime()?;
    let ended = runtime.block_on(async {
        tokio::spawn(on_hangup(read_level_again(context.input(), Arc::clone(&log))));
        tokio::spawn(count_dropped_lines(Arc::clone(&log)));
        // Listen before opening anything: a stop during the start is a stop too.
        let signals = Signals::of_process().map_err(|error| Failure::failed(format!("signals: {error}")))?;
        let service = compose(&loaded.settings, options).await?;
        announce(&service, &loaded.settings.listen.public_url, context.output.lang);
        Ok(service.run(signals).await)
    });
    // Connections that were cut, and blocking work, end with the process.
    runtime.shutdown_timeout(Duration::from_millis(200));
    let code = match ended {
        Ok(ended) => {
            tracing::info!(outcome = ?ended, "stopped");
            code_of(&ended)
        }
        Err(failure) => return Err(failure),
    };
    drop(log);
    Ok(ExitCode::from(code))
}

fn code_of(ended: &Ended) -> u8 {
    match ended {
        Ended::Finished => exit::DONE,
        Ended::Cut(_) | Ended::AtOnce | Ended::StoreFailed => exit::FAILED,
    }
}

/// In open mode nobody balances load, and somebody is waiting at the keyboard.
fn options(args: Args, loaded: &Loaded) -> Options {
    let part = match args.only {
        None => Part::All,
        Some(Only::Http) => Part::Http,
        Some(Only::Worker) => Part::Worker,
    };
    let options = Options { part, ..Options::default() };
    if loaded.settings.auth.mode.is_strict() { options } else { Options { linger: Duration::ZERO, ..options } }
}

fn note(notes: &[Note], lang: Lang) {
    for note in notes {
        tracing::warn!("{} {}", note.key, note.text(lang));
    }
}

/// Says where the service is, and once on the terminal where the set-up token is.
fn announce(service: &Service, public_url: &Url, lang: Lang) {
    if let Some(address) = service.public_address() {
        tracing::info!(%address, "listening");
    }
    if let Some(address) = service.metrics_address() {
        tracing::info!(%address, "metrics are at /metrics");
    }
    if let Some(path) = service.setup_token_file() {
        let path = path.display();
        let console = format!("{}/console", public_url.as_str().trim_end_matches('/'));
        tell(&lang.pick(
            format!("还没有管理员。一次性设置令牌（24 小时内有效）在 {path} 里：用浏览器打开 {console}，填入令牌并设置密码。"),
            format!("There is no staff yet. A one-time set-up token, good for 24 hours, is in {path}: open {console} in a browser, enter it and choose a password."),
        ));
    }
}

/// Reads the settings again for the log level alone. Environment variables of a running process do not change; the file
/// may have.
fn read_level_again(input: Input, log: Arc<Logging>) -> impl FnMut() {
    move || match load(&input) {
        Ok(loaded) => {
            let level = loaded.settings.log.level;
            log.set_level(&level);
            tracing::info!(level, "read LOG_LEVEL again");
        }
        Err(error) => {
            let count = error.problems.len();
            tracing::error!(count, "the settings are wrong now; LOG_LEVEL stays. weiqiao check-config tells more");
        }
    }
}

async fn count_dropped_lines(log: Arc<Logging>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(5));
    loop {
        ticks.tick().await;
        let dropped = u64::try_from(log.dropped_lines()).unwrap_or(u64::MAX);
        metrics::counter!("weiqiao_log_lines_dropped_total").absolute(dropped);
    }
}
