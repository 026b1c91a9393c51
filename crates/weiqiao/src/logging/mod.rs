//! The log: one line per event, nothing secret in it, whoever wrote the event.
//!
//! - Fields are passed on by an allow-list (`allowed`); the value of any other field is the word `[redacted]`.
//! - Text (messages, errors) is scrubbed ([`Scrubber`]): configured secrets, what follows words like `access_token=`, queries of
//!   URLs, bearer tokens, openids and phone numbers never come through. The level has no say in this.
//! - A line is one JSON object, or one line for people; control characters are escaped in both, so nobody can forge a
//!   line or move a terminal's cursor.
//! - Our own modules follow `LOG_LEVEL`; other crates speak at `warn` and above only, unless they are named in it.
//!
//! Lines are written by a thread of their own. When it cannot keep up, lines are dropped and counted, the service does
//! not wait.

use std::io;
use std::sync::Arc;

use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Registry, reload};
use weiqiao_app::scrub::Scrubber;
use weiqiao_app::settings::SettingSecret;
use weiqiao_model::Clock;

use crate::compose::app_settings;
use crate::config::{LogSection, Settings};

mod allowed;
mod fields;
mod json;
mod layer;
mod line;
mod panics;
mod pretty;

pub use layer::LineLayer;

/// How many lines may wait for the thread that writes them; room for all of them is there from the start.
const WAITING_LINES: usize = 16_384;

/// The running log. Lines still on their way are written when this is dropped.
#[must_use]
pub struct Logging {
    level: reload::Handle<Targets, Registry>,
    dropped: ErrorCounter,
    _guard: WorkerGuard,
}

/// Why the log cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The folder or today's file cannot be made.
    #[error("LOG_DIR: {0}")]
    Folder(#[from] io::Error),
    /// The file appender cannot be set up.
    #[error("LOG_DIR: {0}")]
    File(#[from] InitError),
    /// This process has a log already.
    #[error("the log is running already")]
    Running(#[from] tracing::subscriber::SetGlobalDefaultError),
}

impl Logging {
    /// Starts the log of this process, and lets it report panics.
    ///
    /// # Errors
    ///
    /// The folder cannot be written to, or the process has a log already.
    pub fn start(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, LogError> {
        let (writer, guard) = writer(&settings.log)?;
        let dropped = writer.error_counter();
        let colour = settings.log.folder.is_none() && io::IsTerminal::is_terminal(&io::stdout());
        let layer = LineLayer::new(settings.log.format, colour, scrubber(settings), clock, writer);
        let (targets, level) = reload::Layer::new(filter(&settings.log.level).unwrap_or_default());
        tracing::subscriber::set_global_default(Registry::default().with(targets).with(layer))?;
        panics::report();
        Ok(Self { level, dropped, _guard: guard })
    }

    /// Changes which lines are written. What is hidden in them stays hidden.
    pub fn set_level(&self, level: &str) {
        if let Some(targets) = filter(level)
            && let Err(error) = self.level.reload(targets)
        {
            tracing::error!(%error, "the log level could not be changed");
        }
    }

    /// How many lines were dropped because the disk or the reader was too slow.
    #[must_use]
    pub fn dropped_lines(&self) -> usize {
        self.dropped.dropped_lines()
    }
}

impl std::fmt::Debug for Logging {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Logging")
    }
}

/// Which lines are written, from `info` or `warn,weiqiao_app=debug`; nothing when the text is neither.
pub(crate) fn filter(text: &str) -> Option<Targets> {
    let mut general = LevelFilter::INFO;
    let mut named = Vec::new();
    for directive in text.split(',').map(str::trim) {
        match directive.split_once('=') {
            None => general = level(directive)?,
            Some((target, word)) => named.push((target.trim(), level(word.trim())?)),
        }
    }
    let is_path =
        |target: &str| !target.is_empty() && target.bytes().all(|b| b.is_ascii_alphanumeric() || b"_:-".contains(&b));
    if !named.iter().all(|(target, _)| is_path(target)) {
        return None;
    }
    let ours = ["weiqiao", "weixin"].map(|ours| (ours, general));
    Some(Targets::new().with_default(general.min(LevelFilter::WARN)).with_targets(ours).with_targets(named))
}

fn level(word: &str) -> Option<LevelFilter> {
    let known = ["off", "error", "warn", "info", "debug", "trace"];
    known.contains(&word.to_ascii_lowercase().as_str()).then(|| word.parse().ok()).flatten()
}

fn writer(settings: &LogSection) -> Result<(NonBlocking, WorkerGuard), LogError> {
    let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_LINES).thread_name("log");
    let Some(folder) = &settings.folder else { return Ok(builder.finish(io::stdout())) };
    std::fs::create_dir_all(folder)?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("weiqiao")
        .filename_suffix("log")
        .max_log_files(settings.keep_days)
        .build(folder)?;
    Ok(builder.finish(files))
}

/// Knows every secret of the settings, so that none of them gets through by any way.
fn scrubber(settings: &Settings) -> Scrubber {
    let app = app_settings(settings);
    Scrubber::knowing(app.secret_texts().chain(settings.admin.password.as_ref().map(SettingSecret::expose)))
}

/// Lines a test can look at.
#[cfg(test)]
pub(crate) mod capture {
    use std::sync::Mutex;

    use super::*;
    use crate::config::LogFormat;

    /// What was written.
    #[derive(Clone, Default)]
    pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Captured {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl io::Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Runs `work` with a log of its own and gives what it wrote.
    pub(crate) fn lines(format: LogFormat, level: &str, scrubber: Scrubber, work: impl FnOnce()) -> String {
        let captured = Captured::default();
        let clock = Arc::new(weiqiao_model::ManualClock::at(1_757_062_690_123));
        let layer = LineLayer::new(format, false, scrubber, clock, captured.clone());
        let subscriber = Registry::default().with(filter(level).unwrap()).with(layer);
        tracing::subscriber::with_default(subscriber, work);
        captured.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_words_alone_or_with_a_module() {
        for text in ["info", "OFF", "warn,weiqiao_app=debug", "info, tower_http::trace=trace", "weiqiao=debug"] {
            assert!(filter(text).is_some(), "{text}");
        }
        for text in ["", "verbose", "info,", "weiqiao=", "=info", "we iqiao=info", "info;debug", "3"] {
            assert!(filter(text).is_none(), "{text}");
        }
    }

    #[test]
    fn ours_follow_the_level_and_others_are_quiet_unless_named() {
        let level = |text, target, level| filter(text).unwrap().would_enable(target, &level);
        use tracing::Level;
        assert!(level("debug", "weiqiao_http::engine", Level::DEBUG));
        assert!(level("debug", "weixin::client", Level::DEBUG));
        assert!(!level("debug", "hyper::proto", Level::INFO));
        assert!(level("debug", "hyper::proto", Level::WARN));
        assert!(level("info,hyper=debug", "hyper::proto", Level::DEBUG));
        assert!(!level("error", "hyper::proto", Level::WARN));
        assert!(!level("info,weixin=warn", "weixin::client", Level::INFO));
    }
}
