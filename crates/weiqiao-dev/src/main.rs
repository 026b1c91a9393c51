//! The playground: the service, an emulated WeChat and demo data in one process, for a laptop.
//!
//! Everything is as in production, except that WeChat is `weixin-emulator` on the next port, calls need no credential
//! (open mode), and both listen on loopback only. The service tells the time by the emulator's clock, so moving that
//! clock by a day ends logins too. Settings come from the environment, `.env` or `--config` as for `weiqiao`; what is not
//! given is filled in by [`defaults`].

mod callbacks;
mod clock;
mod defaults;
mod demo_crm;
mod greeting;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Parser;
use url::Url;
use weiqiao::config::{Environment, Input, Loaded, load};
use weiqiao::logging::Logging;
use weiqiao::{Ended, Options, Signals, compose, process};
use weiqiao_app::settings::AuthMode;
use weiqiao_model::SystemClock;
use weixin_emulator::Emulator;

use crate::clock::EmulatedClock;

/// 微桥演示环境：服务 + 模拟微信 / the Weiqiao playground: the service and an emulated WeChat.
#[derive(Debug, Parser)]
#[command(name = "weiqiao-dev", version)]
struct Arguments {
    /// 服务的端口 / port of the service.
    #[arg(long, default_value_t = 3001, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// 模拟微信的端口 / port of the emulated WeChat.
    #[arg(long, default_value_t = 3002, value_parser = clap::value_parser!(u16).range(1..))]
    emulator_port: u16,
    /// 数据目录 / folder of the database.
    #[arg(long, default_value = "data", value_name = "FOLDER")]
    data: PathBuf,
    /// 使用此 TOML 配置文件 / a settings file (TOML) in place of the playground's own.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

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
    if arguments.port == arguments.emulator_port {
        bail!("--port and --emulator-port are both {}: choose another for one of them", arguments.port);
    }
    process::harden();
    let Loaded { settings, notes, .. } = load(&input(&arguments)?)?;
    if !settings.listen.host.is_loopback() {
        bail!(
            "API_HOST: weiqiao-dev listens on loopback only, because its calls need no credential; use `weiqiao serve`"
        );
    }
    let emulator = Emulator::builder()
        .port(arguments.emulator_port)
        .public_url(format!("http://localhost:{}", arguments.emulator_port))
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
        js_sdk_script: Some(Url::parse(&format!(
            "http://localhost:{}/open/js/jweixin-1.6.0.js",
            arguments.emulator_port
        ))?),
        // Nobody balances load in front of a playground.
        linger: std::time::Duration::ZERO,
        clock: Arc::new(EmulatedClock::of(&emulator)),
        ..Options::default()
    };
    let service = compose(&settings, options).await?;
    demo_crm::seed(service.app(), &settings, &emulator).await?;
    greeting::show(&mut io::stdout().lock(), &settings, arguments.emulator_port)?;
    Ok(match service.run(Signals::of_process()?).await {
        Ended::StoreFailed => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    })
}

/// What the settings are read from: the playground's own file has the last word in nothing.
fn input(arguments: &Arguments) -> anyhow::Result<Input> {
    let folder = std::env::current_dir().context("the current folder cannot be read")?;
    let environment = Environment::of_process();
    let file = match &arguments.config {
        Some(file) => file.clone(),
        None => defaults::write(arguments, &environment)?,
    };
    Ok(Input { environment, file: Some(file), folder, default_mode: AuthMode::Open })
}
