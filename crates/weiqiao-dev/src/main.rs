//! The playground: the service, an emulated WeChat and demo data in one process, for a laptop.
//!
//! Everything is as in production, except that WeChat is `weixin-emulator` on the next port, calls need no credential
//! (open mode), and both listen on loopback only. The service tells the time by the emulator's clock, so moving that
//! clock by a day ends logins too.
//!
//! Settings come from the flags, then from the environment, `.env` or `--config` as for `weiqiao`; what is not given is
//! filled in by [`defaults`]. Which accounts, secrets, database and Redis are used is said by flags or `--config` alone: a
//! `DATABASE_URL` in somebody's shell is another program's. A start that is refused leaves every file as it was.

mod arguments;
mod callbacks;
mod clock;
mod defaults;
mod demo_crm;
mod greeting;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Parser as _;
use url::Url;
use weiqiao::config::{Loaded, load};
use weiqiao::logging::Logging;
use weiqiao::{Ended, Options, Signals, compose, process};
use weiqiao_model::SystemClock;
use weixin_emulator::Emulator;

use crate::arguments::Arguments;
use crate::clock::EmulatedClock;
use crate::defaults::Defaults;

/// Requests make many small things that live as long as they do; this allocator gives them out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            // What happened and what to do; never a stack trace.
            let _ = writeln!(io::stderr(), "weiqiao-dev: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    process::harden();
    let folder = std::env::current_dir().context("当前目录不可用 / the current folder cannot be read")?;
    let input = arguments.input(folder, weiqiao::config::Environment::of_process());
    let defaults = match &arguments.config {
        Some(_) => None,
        None => Some(Defaults::of(&arguments, &input)?),
    };
    let Loaded { settings, notes, .. } = match &defaults {
        None => load(&input)?,
        Some(defaults) => defaults.load(input)?,
    };
    if settings.listen.port == arguments.emulator_port {
        bail!(
            "端口 {0} 既给了服务又给了模拟微信，请用 --port 或 --emulator-port 换一个 / --port and --emulator-port are both \
             {0}: choose another for one of them",
            arguments.emulator_port
        );
    }
    if !settings.listen.host.is_loopback() {
        bail!(
            "API_HOST: weiqiao-dev 的接口不需要凭证，只能监听本机；正式运行请用 weiqiao serve / weiqiao-dev listens on \
             loopback only, because its calls need no credential; use `weiqiao serve`"
        );
    }
    let wechat = callbacks::emulated_at(&settings, arguments.emulator_port);
    let emulator = Emulator::builder()
        .port(arguments.emulator_port)
        .public_url(wechat.as_str())
        .config(callbacks::config(&settings))
        .service_url(settings.listen.public_url.as_str())
        // Clients keep tokens across restarts: none of an earlier run may come again.
        .fresh_seed()
        .start()
        .await
        .context("模拟微信无法启动 / the emulated WeChat does not start (another playground? try --emulator-port)")?;

    let _logging = Logging::start(&settings, Arc::new(SystemClock))?;
    // That the bases are not WeChat's own is the point here.
    for note in notes.iter().filter(|note| !(note.key.starts_with("WECHAT_") && note.key.ends_with("_BASE"))) {
        tracing::warn!("{}: {}", note.key, note.en);
    }
    let options = Options {
        js_sdk_script: Some(Url::parse(&format!("{wechat}/open/js/jweixin-1.6.0.js"))?),
        // Nobody balances load in front of a playground.
        linger: std::time::Duration::ZERO,
        clock: Arc::new(EmulatedClock::of(&emulator)),
        ..Options::default()
    };
    let service = compose(&settings, options).await.map_err(|error| match &error {
        weiqiao::ComposeError::Bind { .. } => anyhow::Error::new(error)
            .context("服务无法启动 / the service does not start (another playground? try --port)"),
        _ => anyhow::Error::new(error),
    })?;
    demo_crm::seed(service.app(), &settings, &emulator).await?;
    if let Some(defaults) = &defaults {
        defaults.keep()?;
    }
    greeting::show(&mut io::stdout().lock(), &settings, &arguments, &wechat)?;
    Ok(match service.run(Signals::of_process()?).await {
        Ended::StoreFailed => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    })
}
