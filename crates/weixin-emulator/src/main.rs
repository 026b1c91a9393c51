//! The emulator as a program: `weixin-emulator --port 3002`, `weixin-emulator trigger text`.

mod cli;

use std::io::{self, IsTerminal, Write};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use weixin_emulator::{Account, AccountKind, Config, Emulator};

/// 本机上的一个「微信」 / A local WeChat: change your base URL to it and develop without an account.
#[derive(Debug, Parser)]
#[command(name = "weixin-emulator", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 3002)]
    port: u16,
    /// Address to listen on; loopback only, unless --i-know-what-i-am-doing.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// TOML file with accounts, people and settings.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where people reach it, when that differs from host and port.
    #[arg(long, value_name = "URL", value_parser = cli::web_address)]
    public_url: Option<String>,
    /// Where the service under development is, for the phone page: http://localhost:3001
    #[arg(long, value_name = "URL", value_parser = cli::web_address)]
    service_url: Option<String>,
    /// Seed of all random values, to repeat a run exactly; random by default.
    #[arg(long)]
    seed: Option<u64>,
    /// Listen on an address other machines can reach. The emulator trusts everybody.
    #[arg(long)]
    i_know_what_i_am_doing: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Trigger(Box<cli::trigger::Trigger>),
}

/// The arguments; the help of `trigger` lists what there is.
fn arguments() -> Arguments {
    let command =
        Arguments::command().mut_subcommand("trigger", |trigger| trigger.after_long_help(cli::trigger::help()));
    Arguments::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            // What happened and what to do; never a stack trace.
            let _ = writeln!(io::stderr(), "weixin-emulator: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<ExitCode> {
    let filter = tracing_subscriber::EnvFilter::new("warn");
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    let mut arguments = arguments();
    if let Some(Command::Trigger(trigger)) = arguments.command.take() {
        return trigger.run().await;
    }
    let config = match &arguments.config {
        None => Config::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            Config::from_toml(&text).map_err(anyhow::Error::msg).with_context(|| path.display().to_string())?
        }
    };
    let mut builder = Emulator::builder()
        .host(arguments.host)
        .port(arguments.port)
        .allow_any_host(arguments.i_know_what_i_am_doing)
        .config(config);
    builder = match arguments.seed {
        Some(seed) => builder.seed(seed),
        None => builder.fresh_seed(),
    };
    if let Some(url) = arguments.public_url {
        builder = builder.public_url(url);
    }
    if let Some(url) = arguments.service_url {
        builder = builder.service_url(url);
    }
    let emulator = builder.start().await?;
    greet(&emulator, arguments.host.is_loopback()).context("cannot write to standard output")?;
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")?;
    Ok(ExitCode::SUCCESS)
}

fn greet(emulator: &Emulator, loopback: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let (red, plain) = if out.is_terminal() { ("\x1b[97;41m", "\x1b[0m") } else { ("", "") };
    writeln!(out, "{red}  这不是微信：weixin-emulator 在本机模拟微信，只用于开发和测试 / NOT WeChat  {plain}")?;
    if !loopback {
        writeln!(
            out,
            "{red}  其他机器也能访问它，它不验证任何人 / reachable from other machines, trusts everybody  {plain}"
        )?;
    }
    let url = emulator.engine().public_url();
    writeln!(out, "\n  {url}/            模拟器首页\n  {url}/panel       账号、人物、调用、时钟、故障")?;
    writeln!(out, "  {url}/_emulator/  控制 API（见 README）\n")?;
    for Account { title, kind, app_id, app_secret, .. } in emulator.engine().accounts() {
        let kind = match kind {
            AccountKind::Official => "公众号",
            AccountKind::Mini => "小程序",
            AccountKind::Website => "网站应用",
        };
        writeln!(out, "  {kind} {title}：appid {app_id}  secret {app_secret}")?;
    }
    writeln!(out, "\n  WECHAT_API_BASE={url} WECHAT_OPEN_BASE={url} WECHAT_MP_BASE={url}\n  Ctrl-C 停止")?;
    out.flush()
}
