//! `weiqiao migrate`: the schema of the database.

use std::process::ExitCode;

use serde_json::json;
use weiqiao_store::Store;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::words::t;
use super::runtime;

#[derive(Debug, clap::Args)]
#[command(after_help = t("weiqiao serve 启动时也会升级。", "weiqiao serve does the same at its start."))]
pub(crate) struct Args {
    #[arg(long, help = t("只看是否需要升级：需要时退出码为 1", "only tell whether there is something to do: exit code 1 if so"))]
    check: bool,
}

pub(crate) fn run(args: Args, context: &Context) -> Result<ExitCode, Failure> {
    let settings = context.settings()?.settings;
    let (engine, before, after) = runtime()?.block_on(async {
        let store = Store::open(&settings.database.store).await?;
        let before = store.schema_version().await;
        let done = if args.check { Ok(()) } else { store.migrate().await };
        let after = store.schema_version().await;
        store.close().await;
        done?;
        Ok::<_, Failure>((store.engine(), before?, after?))
    })?;
    let (before, after, latest) = (before.unwrap_or(0), after.unwrap_or(0), Store::latest_schema_version());
    let text = context.output.lang.pick(
        match before == after {
            true => format!("{engine}：结构版本 {after}，本程序需要 {latest}。"),
            false => format!("{engine}：结构版本从 {before} 升级到 {after}。"),
        },
        match before == after {
            true => format!("{engine}: schema version {after}; this program wants {latest}."),
            false => format!("{engine}: schema version was {before}, is {after}."),
        },
    );
    context.output.answer(&text, &json!({"engine": engine, "before": before, "after": after, "latest": latest}));
    Ok(ExitCode::from(if after == latest { exit::DONE } else { exit::FAILED }))
}
