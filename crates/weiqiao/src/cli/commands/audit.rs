//! `weiqiao admin audit`: is the audit chain as it was written?

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use weiqiao_app::usecase::audit::{AuditAnchor, AuditTrouble, verify_audit};

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::words::t;
use super::with_core;
use crate::lang::Lang;

#[derive(Debug, Subcommand)]
pub(super) enum What {
    #[command(about = t(
        "逐条核对审计链，指出从哪里断开",
        "check the audit chain entry by entry and say where it breaks",
    ))]
    Verify {
        #[arg(
            long, value_name = "N:HASH", value_parser = anchor,
            help = t(
                "日志里的审计锚点（audit anchor），用来发现被截断或整条重写的链",
                "an audit anchor from the log, to find a chain that was cut off or written anew",
            ),
        )]
        anchor: Option<AuditAnchor>,
    },
}

fn anchor(text: &str) -> Result<AuditAnchor, String> {
    text.parse().map_err(|error: weiqiao_app::usecase::audit::NoAnchor| error.to_string())
}

pub(super) fn run(what: What, context: &Context) -> Result<ExitCode, Failure> {
    let What::Verify { anchor } = what;
    let lang = context.output.lang;
    let report = with_core(context, async |core| Ok(verify_audit(&core.app, anchor.as_ref()).await?))?;
    let text = match &report.trouble {
        None => format!(
            "{} {}\n{} {}:{}",
            lang.pick("审计链完好，条数：", "The audit chain is whole. Entries:"),
            report.entries,
            lang.pick("锚点：", "Anchor:"),
            report.entries,
            report.hash
        ),
        Some(trouble) => words(*trouble, lang),
    };
    context.output.answer(&text, &json!(report));
    Ok(ExitCode::from(if report.is_good() { exit::DONE } else { exit::FAILED }))
}

fn words(trouble: AuditTrouble, lang: Lang) -> String {
    let broken = lang.pick("审计链已断开：", "The audit chain is broken:");
    let what = match trouble {
        AuditTrouble::Altered { n } => lang.pick(
            format!("第 {n} 条被修改过，或不是本服务写入的。"),
            format!("entry {n} was changed, or written by somebody else."),
        ),
        AuditTrouble::Missing { from, to } => {
            lang.pick(format!("第 {from} 到 {to} 条不见了。"), format!("entries {from} to {to} are gone."))
        }
        AuditTrouble::Surplus { n } => lang
            .pick(format!("第 {n} 条起在链尾之后。"), format!("entries from {n} on lie behind the end of the chain.")),
        AuditTrouble::HeadAltered => lang.pick("链尾被修改过。", "its end was changed.").to_owned(),
        AuditTrouble::HeadMissing => lang.pick("链尾不见了。", "its end is gone.").to_owned(),
        AuditTrouble::KeyAltered => lang.pick("链的密钥被换过。", "its key was changed.").to_owned(),
        AuditTrouble::AnchorDiffers { n } => lang.pick(
            format!("第 {n} 条与锚点不符：链被截断或整条重写过。"),
            format!("entry {n} is not the one of the anchor: it was cut off or written anew."),
        ),
    };
    let next = lang.pick(
        "请从备份恢复，与日志中每天的锚点核对，并查清谁能写数据库。",
        "Restore a backup, compare with the daily anchors in the log, and find out who can write to the database.",
    );
    format!("{broken} {what}\n{next}")
}
