//! The commands. Each is one file in `commands/`: its arguments, what it does, what it says.
//!
//! Every command has `--help` in the language of the locale and `--json`. What was asked for goes to standard output,
//! everything else to standard error. Exit codes are in [`exit`].

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use weiqiao_app::handlers::Handlers;

use crate::config::{Environment, Input, Loaded, SettingsFile, load};
use crate::lang::Lang;
use crate::process;

mod commands;
pub mod exit;
mod input;
mod output;
mod spoken;
mod words;

use commands::{admin, check_config, completion, explain, keys, listen, menu, migrate, openapi, serve, sign, token};
use exit::Failure;
use output::Output;
use words::t;

/// 微桥 on the command line.
#[derive(Debug, Parser)]
#[command(
    name = "weiqiao",
    version,
    about = t("微桥：微信登录、JS-SDK 签名与令牌服务", "Weiqiao: WeChat sign-in, JS-SDK signatures and tokens"),
    after_help = words::exit_codes(),
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
)]
struct Cli {
    #[arg(
        long, global = true, value_name = "FILE",
        help = t("TOML 配置文件；环境变量优先于它", "settings in a TOML file; the environment wins over it"),
    )]
    config: Option<PathBuf>,
    #[arg(long, global = true, help = t("用 JSON 输出，给程序读", "answer in JSON, for programs"))]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(about = t("运行服务", "run the service"))]
    Serve(serve::Args),
    #[command(about = t("把数据库结构升级到本版本", "bring the database schema to this version"))]
    Migrate(migrate::Args),
    #[command(about = t("检查配置，不启动", "check the settings without starting"))]
    CheckConfig(check_config::Args),
    #[command(about = t("输出 OpenAPI 文档", "print the OpenAPI document"))]
    Openapi(openapi::Args),
    #[command(about = t("解释一个微信错误码", "explain one of WeChat's error codes"))]
    Explain(explain::Args),
    #[command(about = t("一步一步计算签名，用于排查", "compute a signature step by step, to find out what differs"))]
    Sign(sign::Args),
    #[command(about = t("查看或取得 access_token 与 ticket", "look at or get access tokens and tickets"))]
    Token(token::Args),
    #[command(about = t("以文件管理公众号菜单：拉取、比较、发布、删除", "menus of an official account as a file: pull, diff, push, delete"))]
    Menu(menu::Args),
    #[command(about = t("实时查看运行中服务收到的回调，并可转发", "follow the callbacks of a running service, and hand them on"))]
    Listen(listen::Args),
    #[command(about = t("管理员工账号", "members of staff"))]
    Admin(admin::Args),
    #[command(about = t("管理 API Key", "API keys"))]
    Keys(keys::Args),
    #[command(about = t("输出 shell 补全脚本", "print a completion script for a shell"))]
    Completion(completion::Args),
}

/// Runs the command line of this process: all commands of `weiqiao`, with these functions answering callbacks in `serve`.
///
/// ```no_run
/// use weiqiao::{Ctx, Handlers, MenuClick, Reply};
///
/// fn main() -> std::process::ExitCode {
///     weiqiao::run(Handlers::new().on_menu_click(async |click: MenuClick, _: Ctx| {
///         (click.event_key == "hello").then(|| Reply::text("你好"))
///     }))
/// }
/// ```
#[must_use]
pub fn main(handlers: Handlers) -> ExitCode {
    process::harden();
    process::stay_small();
    let environment = Environment::of_process();
    let folder = match std::env::current_dir() {
        Ok(folder) => folder,
        Err(error) => return Failure::failed(format!("the current folder cannot be used: {error}")).report(false),
    };
    run(std::env::args_os(), environment, folder, handlers)
}

/// Runs one command line.
fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: Environment,
    folder: PathBuf,
    handlers: Handlers,
) -> ExitCode {
    let lang = Lang::of(&environment);
    words::speak(lang);
    let cli = match parse(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(exit::USAGE));
        }
    };
    let output = Output { json: cli.json, lang };
    let context = Context { environment, folder, config: cli.config, output, handlers };
    match cli.command.run(&context) {
        Ok(code) => code,
        Err(failure) => failure.report(cli.json),
    }
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let matches = command().try_get_matches_from(arguments)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command()))
}

/// The command line as it is described to people and to shells.
fn command() -> clap::Command {
    words::localise(Cli::command())
}

impl Command {
    fn run(self, context: &Context) -> Result<ExitCode, Failure> {
        match self {
            Self::Serve(args) => serve::run(args, context),
            Self::Migrate(args) => migrate::run(args, context),
            Self::CheckConfig(args) => check_config::run(args, context),
            Self::Openapi(args) => openapi::run(args, context),
            Self::Explain(args) => explain::run(args, context),
            Self::Sign(args) => sign::run(args, context),
            Self::Token(args) => token::run(args, context),
            Self::Menu(args) => menu::run(args, context),
            Self::Listen(args) => listen::run(args, context),
            Self::Admin(args) => admin::run(args, context),
            Self::Keys(args) => keys::run(args, context),
            Self::Completion(args) => completion::run(args, context),
        }
    }
}

/// What every command can use.
struct Context {
    environment: Environment,
    folder: PathBuf,
    config: Option<PathBuf>,
    output: Output,
    handlers: Handlers,
}

impl Context {
    /// Where settings come from; strict unless they say otherwise.
    fn input(&self) -> Input {
        Input {
            environment: self.environment.clone(),
            flags: Environment::default(),
            file: self.config.clone().map(SettingsFile::At),
            closed: &[],
            folder: self.folder.clone(),
            default_mode: weiqiao_app::settings::AuthMode::Strict,
        }
    }

    fn settings(&self) -> Result<Loaded, Failure> {
        load(&self.input()).map_err(|error| Failure::settings(&error))
    }
}
