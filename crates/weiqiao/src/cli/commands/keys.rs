//! `weiqiao keys`: API keys for other programs.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use time::OffsetDateTime;
use weiqiao_app::usecase::api_key::{ListedApiKey, NewApiKey, create_api_key, list_api_keys, revoke_api_key};
use weiqiao_model::ApiScope;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::output::columns;
use super::super::words::t;
use super::with_core;
use crate::lang::Lang;

#[derive(Debug, clap::Args)]
#[command(after_help = t(
    "SQLite 数据库被运行中的服务占用时，请先停止服务，或改用接口 /api/admin/api-keys。",
    "While a running service holds the SQLite database, stop it first, or use /api/admin/api-keys.",
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
}

pub(crate) fn run(args: Args, context: &Context) -> Result<ExitCode, Failure> {
    let (lang, output) = (context.output.lang, context.output);
    match args.what {
        What::Create { name, scopes, days } => {
            let new = NewApiKey { name, scopes, days };
            let made = with_core(context, async |core| Ok(create_api_key(&core.app, new).await?))?;
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
        What::Revoke { id } => {
            with_core(context, async |core| Ok(revoke_api_key(&core.app, &id).await?))?;
            output.answer(lang.pick("已撤销。", "Revoked."), &json!({"id": id, "revoked": true}));
        }
    }
    Ok(ExitCode::from(exit::DONE))
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
