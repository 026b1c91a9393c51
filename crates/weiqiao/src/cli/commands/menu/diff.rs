//! `weiqiao menu diff`: what would change.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use serde_json::json;
use similar::TextDiff;
use weiqiao_app::Caller;
use weiqiao_app::usecase::menu::{LiveMenus, MenuSource, WantedMenus, read_menus};

use super::super::super::Context;
use super::super::super::exit::{self, Failure};
use super::super::super::output::tell;
use super::super::with_core;
use super::{AccountArgs, PathArgs, file, named};
use crate::lang::Lang;

/// What is live, beside what the file says.
pub(super) struct Comparison {
    pub(super) live: LiveMenus,
    pub(super) same: bool,
    /// Unified, `-` is live and `+` is the file; empty when they are the same.
    pub(super) text: String,
}

pub(super) fn run(account: &AccountArgs, path: &PathArgs, context: &Context) -> Result<ExitCode, Failure> {
    let wanted = file::read(&path.file, context)?;
    let compared = with_core(context, async |core| {
        let account = named(&core.app, account)?;
        compare(read_menus(&core.app, &Caller::Cli, &account).await?, &wanted)
    })?;
    let lang = context.output.lang;
    note_console(&compared.live, lang);
    let text = match compared.same {
        true => lang.pick("没有差异。", "No difference.").to_owned(),
        false => painted(&compared.text, may_paint(context)),
    };
    let source = compared.live.source.as_str();
    let json =
        json!({"same": compared.same, "source": source, "digest": compared.live.digest(), "diff": compared.text});
    context.output.answer(text.trim_end(), &json);
    Ok(ExitCode::from(if compared.same { exit::DONE } else { exit::FAILED }))
}

/// Compares what the file speaks of.
pub(super) fn compare(live: LiveMenus, wanted: &WantedMenus) -> Result<Comparison, Failure> {
    let mut now = live.to_wanted();
    if let (Some(now), None) = (&mut now, &wanted.conditional) {
        now.conditional = None;
    }
    let (before, after) = (now.as_ref().map(|now| file::text(now, true)).transpose()?, file::text(wanted, true)?);
    let same = live.source == MenuSource::Api && now.as_ref() == Some(wanted);
    let before = before.unwrap_or_default();
    let text = TextDiff::from_lines(&before, &after).unified_diff().header("live", "file").to_string();
    Ok(Comparison { live, same, text })
}

/// Menus of the console look the same and are not: the first push replaces them.
pub(super) fn note_console(live: &LiveMenus, lang: Lang) {
    if live.source == MenuSource::Console {
        tell(lang.pick(
            "线上的菜单是在微信后台里做的；push 会用文件替换它。",
            "The live menu was made in WeChat's console; push replaces it with the file.",
        ));
    }
}

/// Colours are for terminals that have them.
pub(super) fn may_paint(context: &Context) -> bool {
    let given = |name| context.environment.get(name).is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal() && !given("NO_COLOR") && context.environment.get("TERM") != Some("dumb")
}

pub(super) fn painted(diff: &str, paint: bool) -> String {
    if !paint {
        return diff.to_owned();
    }
    let line = |line: &str| match line.as_bytes().first() {
        Some(b'+') => format!("\u{1b}[32m{line}\u{1b}[0m\n"),
        Some(b'-') => format!("\u{1b}[31m{line}\u{1b}[0m\n"),
        Some(b'@') => format!("\u{1b}[36m{line}\u{1b}[0m\n"),
        _ => format!("{line}\n"),
    };
    diff.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_say_what_goes_and_what_comes() {
        let diff = "--- live\n+++ file\n@@ -1 +1 @@\n-a\n+b\n c\n";
        assert_eq!(painted(diff, false), diff);
        let painted = painted(diff, true);
        assert!(painted.contains("\u{1b}[31m-a\u{1b}[0m\n\u{1b}[32m+b\u{1b}[0m\n c\n"), "{painted:?}");
    }
}
