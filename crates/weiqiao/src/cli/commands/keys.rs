//! `weiqiao keys`: API keys for other programs, and the keys of what is encrypted at rest.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use weiqiao_app::usecase::api_key::{ListedApiKey, NewApiKey, create_api_key, list_api_keys, revoke_api_key};
use weiqiao_app::usecase::encryption;
use weiqiao_app::vault::DataKeyState;
use weiqiao_model::ApiScope;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::output::columns;
use super::super::words::t;
use super::with_core;
use crate::lang::Lang;

#[derive(Debug, clap::Args)]
#[command(after_help = t(
    "SQLite 数据库被运行中的服务占用时，请先停止服务，或改用接口 /api/admin/api-keys 和 /api/admin/encryption。",
    "While a running service holds the SQLite database, stop it first, or use /api/admin/api-keys and /api/admin/encryption.",
))]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    #[command(about = t("新建 API Key，只显示这一次", "make an API key; it is shown this once"))]
    Create {
        #[arg(value_name = "NAME", help = t("用途说明", "what it is for"))]
        name: String,
        #[arg(long = "scope", value_name = "SCOPE", required = true, value_delimiter = ',', value_parser = scope, help = scopes())]
        scopes: Vec<ApiScope>,
        #[arg(long, help = t("有效天数，1 到 3650，默认 365", "how many days it lives, 1 to 3650; 365 unless given"))]
        days: Option<u32>,
    },
    #[command(about = t("列出 API Key", "list API keys"))]
    List,
    #[command(about = t("撤销 API Key", "revoke an API key"))]
    Revoke {
        #[arg(value_name = "ID", help = t("keys list 里的 id", "the id that keys list shows"))]
        id: String,
    },
    #[command(about = t(
        "更换加密入库数据的数据密钥：一分钟后生效，旧密钥仍可读",
        "make a new key for what is encrypted at rest: in use a minute later, earlier ones still read",
    ))]
    Rotate,
    #[command(about = t(
        "用当前数据密钥重新加密旧数据；可随时中断，再次运行会继续",
        "encrypt what is under earlier keys anew; stop at any time, the next run goes on",
    ))]
    Reseal,
    #[command(about = t("数据密钥，以及还有多少旧数据", "the keys of what is encrypted at rest, and what is under earlier ones"))]
    Status,
}

pub(crate) fn run(args: Args, context: &Context) -> Result<ExitCode, Failure> {
    let (lang, output) = (context.output.lang, context.output);
    match args.what {
        What::Create { name, scopes, days } => {
            let new = NewApiKey { name, scopes, days };
            let made =
                with_core(context, async |core| Ok(create_api_key(&core.app, weiqiao_app::Actor::Cli, new).await?))?;
            let expires_at = made.expires_at.div_euclid(1000);
            let text = columns([
                ("id", made.id.to_string()),
                (lang.pick("API Key（只显示这一次）", "API key (shown this once)"), made.key.expose().to_owned()),
                (lang.pick("有效期至", "good until"), day(expires_at)),
            ]);
            output.answer(&text, &json!({"id": made.id, "key": made.key.expose(), "expires_at": expires_at}));
        }
        What::List => {
            let keys = with_core(context, async |core| Ok(list_api_keys(&core.app, 0, 200).await?))?;
            let text = match keys.is_empty() {
                true => lang.pick("还没有 API Key。", "There are no API keys yet.").to_owned(),
                false => keys.iter().map(|key| describe(key, lang)).collect::<Vec<_>>().join("\n\n"),
            };
            output.answer(&text, &json!({"items": keys}));
        }
        What::Rotate => rotate(context)?,
        What::Reseal => reseal(context)?,
        What::Status => status(context)?,
        What::Revoke { id } => {
            with_core(context, async |core| Ok(revoke_api_key(&core.app, weiqiao_app::Actor::Cli, &id).await?))?;
            output.answer(lang.pick("已撤销。", "Revoked."), &json!({"id": id, "revoked": true}));
        }
    }
    Ok(ExitCode::from(exit::DONE))
}

fn rotate(context: &Context) -> Result<(), Failure> {
    let (lang, output) = (context.output.lang, context.output);
    let made = with_core(context, async |core| Ok(encryption::rotate(&core.app, weiqiao_app::Actor::Cli).await?))?;
    let text = columns([
        (lang.pick("新的数据密钥", "new data key"), made.id.clone()),
        (lang.pick("生效时间", "in use from"), moment(made.from)),
        (
            lang.pick("下一步", "next"),
            lang.pick(
                "服务会在后台重新加密旧数据；也可以运行 weiqiao keys reseal",
                "a running service encrypts earlier data anew by itself; or run weiqiao keys reseal",
            )
            .to_owned(),
        ),
    ]);
    output.answer(&text, &json!(made));
    Ok(())
}

fn reseal(context: &Context) -> Result<(), Failure> {
    let (lang, output) = (context.output.lang, context.output);
    let done = with_core(context, async |core| {
        let mut told = std::time::Instant::now();
        let progress = encryption::reseal(&core.app, |table, progress| {
            // On the error output: the answer may be read by a program.
            if told.elapsed() >= TELL_EVERY {
                told = std::time::Instant::now();
                eprintln!("{table}: {}", progress.done);
            }
        });
        Ok(progress.await?)
    })?;
    let text = match done.damaged {
        0 => format!("{} {}", lang.pick("已重新加密：", "encrypted anew:"), done.done),
        damaged => format!(
            "{} {}, {} {damaged}",
            lang.pick("已重新加密：", "encrypted anew:"),
            done.done,
            lang.pick("无法解密（损坏或被移动）：", "cannot be opened, damaged or moved:"),
        ),
    };
    output.answer(&text, &json!(done));
    Ok(())
}

fn status(context: &Context) -> Result<(), Failure> {
    let (lang, output) = (context.output.lang, context.output);
    let state = with_core(context, async |core| Ok(encryption::encryption(&core.app).await?))?;
    let mut lines: Vec<_> = state.keys.iter().map(|key| key_line(key, lang)).collect();
    lines.push(format!("{} {}", lang.pick("旧密钥下的数据：", "values under earlier keys:"), state.total));
    lines.extend(state.stale.iter().map(|column| format!("  {}.{}  {}", column.table, column.column, column.rows)));
    output.answer(&lines.join("\n"), &json!(state));
    Ok(())
}

fn key_line(key: &DataKeyState, lang: Lang) -> String {
    let from = if key.from == 0 { lang.pick("最初", "the first").to_owned() } else { moment(key.from) };
    let current = if key.current { lang.pick("当前", "current") } else { "" };
    format!("{}  {from}  {current}", key.id).trim_end().to_owned()
}

/// How often a long pass says how far it is.
const TELL_EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// A moment, UTC, of epoch milliseconds.
fn moment(millis: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000));
    moment.ok().and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default()
}

fn describe(key: &ListedApiKey, lang: Lang) -> String {
    let scopes: Vec<_> = key.scopes.iter().map(ToString::to_string).collect();
    let state = match (key.active, key.revoked_at) {
        (true, _) => lang.pick("有效", "active"),
        (false, Some(_)) => lang.pick("已撤销", "revoked"),
        (false, None) => lang.pick("已过期", "expired"),
    };
    columns([
        ("id", key.id.clone()),
        (lang.pick("名称", "name"), key.name.clone()),
        (lang.pick("开头", "begins with"), key.prefix.clone()),
        (lang.pick("权限", "scopes"), scopes.join(", ")),
        (lang.pick("状态", "state"), state.to_owned()),
        (lang.pick("有效期至", "good until"), key.expires_at.map_or_else(|| "–".to_owned(), day)),
        (lang.pick("最近使用", "last used"), key.last_used_at.map_or_else(|| "–".to_owned(), day)),
    ])
}

/// The day, UTC, of epoch seconds.
fn day(seconds: i64) -> String {
    OffsetDateTime::from_unix_timestamp(seconds).map(|moment| moment.date().to_string()).unwrap_or_default()
}

fn scope(text: &str) -> Result<ApiScope, String> {
    text.parse().map_err(|_| format!("{}: {}", t("权限应当是其中之一", "a scope is one of"), names()))
}

fn scopes() -> String {
    format!("{} {}", t("权限，可写多个：", "scopes, several are possible:"), names())
}

fn names() -> String {
    ApiScope::ALL.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
