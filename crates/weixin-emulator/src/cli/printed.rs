//! A report for people.

use std::io::{self, Write};

use weixin_emulator::{DeliveryMode, DeliveryOutcome, DeliveryReport};

/// `verbose`: bodies too, readable ones and those of the wire.
pub(super) fn report(out: &mut impl Write, report: &DeliveryReport, verbose: bool) -> io::Result<()> {
    let mode = match report.mode {
        DeliveryMode::Plain => "明文 plain",
        DeliveryMode::Compatible => "兼容 compatible",
        DeliveryMode::Safe => "安全 safe",
    };
    let key = report.key.as_deref().map_or(String::new(), |key| format!(" {key}"));
    writeln!(out, "{}{key}: {} → {} ({}), {mode}", report.name, report.persona, report.account, report.app_id)?;
    if verbose {
        writeln!(out, "  {}", report.body)?;
    }
    let copies = report.attempts.iter().any(|attempt| attempt.copy > 1);
    for attempt in &report.attempts {
        let copy = if copies { format!(" 副本 copy {}", attempt.copy) } else { String::new() };
        let status = attempt.status.map_or_else(|| "—".to_owned(), |status| status.to_string());
        let error = attempt.error.as_deref().map_or(String::new(), |error| format!("  {error}"));
        writeln!(out, "  第 {} 次 attempt{copy}: {status}, {} ms{error}", attempt.n, attempt.ms)?;
        if verbose {
            let signature = &attempt.signature;
            writeln!(out, "    POST {}", attempt.request.url)?;
            writeln!(out, "    {} = sha1({})", signature.name, signature.sorted.join(" + "))?;
            writeln!(out, "    {}", attempt.request.body)?;
            if let Some(response) = &attempt.response {
                writeln!(out, "    → {}", response.body)?;
                if let Some(inner) = &response.inner {
                    writeln!(out, "    → {inner}")?;
                }
            }
        }
    }
    let words = match report.outcome {
        DeliveryOutcome::Running => "未结束 · still running",
        DeliveryOutcome::Replied => "已回复 · replied",
        DeliveryOutcome::Empty => "已收到，无回复 · taken, no reply",
        DeliveryOutcome::Failed => "失败 · failed",
        DeliveryOutcome::NotConfigured => {
            "账号没有回调地址 · the account has no callback address (POST /_emulator/accounts/{name}/callback)"
        }
        DeliveryOutcome::Staff => "正由人工客服接待，交给客服，不推送 · served by staff, not pushed",
        DeliveryOutcome::Unchanged => "没有变化，不推送 · nothing changed, nothing is pushed",
    };
    writeln!(out, "  {words}")?;
    if let Some(reply) = &report.reply {
        let text = reply.content.get("content").and_then(|content| content.as_str()).map(str::to_owned);
        let content = text.unwrap_or_else(|| serde_json::to_string(&reply.content).unwrap_or_default());
        let unseen = if report.shown { "" } else { "（对方看不到 not shown）" };
        let content = if reply.content.is_empty() { String::new() } else { format!(": {content}") };
        writeln!(out, "  回复 reply [{}]{unseen}{content}", reply.kind)?;
    }
    if let Some(notice) = &report.notice {
        writeln!(out, "  对方看到 the person sees: {notice}")?;
    }
    for remark in &report.remarks {
        writeln!(out, "  {remark}")?;
    }
    out.flush()
}
