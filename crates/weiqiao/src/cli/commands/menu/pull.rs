//! `weiqiao menu pull`: the live menus, as a file.

use std::process::ExitCode;

use serde_json::{Value, json};
use weiqiao_app::Caller;
use weiqiao_app::usecase::menu::read_menus;

use super::super::super::Context;
use super::super::super::exit::{self, Failure};
use super::super::super::input::agreed;
use super::super::super::output::say;
use super::super::with_core;
use super::diff::note_console;
use super::{FileArgs, file, named};

pub(super) fn run(args: &FileArgs, context: &Context) -> Result<ExitCode, Failure> {
    let lang = context.output.lang;
    let live = with_core(context, async |core| {
        let account = named(&core.app, &args.account)?;
        Ok(read_menus(&core.app, &Caller::Cli, &account).await?)
    })?;
    let Some(menus) = live.to_wanted() else {
        return Err(Failure::failed(lang.pick("线上没有菜单。", "There is no live menu.")));
    };
    note_console(&live, lang);
    let text = file::text(&menus, false)?;
    let path = &args.file.file;
    if file::is_stream(path) {
        say(text.trim_end());
        return Ok(ExitCode::from(exit::DONE));
    }
    let (place, name) = (context.folder.join(path), path.display());
    let before = std::fs::read_to_string(&place).ok();
    let changed = before.as_deref() != Some(&text);
    if changed && before.is_some() {
        let question =
            lang.pick(format!("{name} 已存在且内容不同，覆盖吗？"), format!("{name} differs. Overwrite it?"));
        agreed(args.yes.yes, &question, lang)?;
    }
    if changed {
        std::fs::write(&place, &text).map_err(|error| Failure::failed(format!("{name}: {error}")))?;
    }
    let said = match changed {
        true => lang.pick(format!("已写入 {name}。"), format!("Written to {name}.")),
        false => lang.pick(format!("{name} 已经是最新的。"), format!("{name} is up to date.")),
    };
    let menus: Value = serde_json::from_str(&text).unwrap_or_default();
    let json = json!({
        "file": name.to_string(), "changed": changed, "source": live.source.as_str(), "digest": live.digest(), "menus": menus,
    });
    context.output.answer(&said, &json);
    Ok(ExitCode::from(exit::DONE))
}
