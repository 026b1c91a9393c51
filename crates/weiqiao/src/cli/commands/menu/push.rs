//! `weiqiao menu push`: the menus of the file, live.

use std::process::ExitCode;

use serde_json::json;
use weiqiao_app::Caller;
use weiqiao_app::usecase::menu::{publish_menus, read_menus};

use super::super::super::Context;
use super::super::super::exit::{self, Failure};
use super::super::super::input::agreed;
use super::super::super::output::say;
use super::super::with_core;
use super::diff::{compare, may_paint, note_console, painted};
use super::{FileArgs, file, named};

pub(super) fn run(args: &FileArgs, context: &Context) -> Result<ExitCode, Failure> {
    let lang = context.output.lang;
    let wanted = file::read(&args.file.file, context)?;
    let (changed, digest) = with_core(context, async |core| {
        let (app, caller) = (&core.app, Caller::Cli);
        let account = named(app, &args.account)?;
        let compared = compare(read_menus(app, &caller, &account).await?, &wanted)?;
        let seen = compared.live.digest();
        if compared.same {
            return Ok((false, seen));
        }
        note_console(&compared.live, lang);
        if !context.output.json {
            say(painted(&compared.text, may_paint(context)).trim_end());
        }
        let question = lang.pick(format!("发布到 {account} 吗？"), format!("Publish this to {account}?"));
        agreed(args.yes.yes, &question, lang)?;
        // What was shown is what is replaced, or nothing is.
        let live = publish_menus(app, &caller, &account, wanted, Some(&seen)).await?;
        Ok((true, live.digest()))
    })?;
    let said = match changed {
        true => lang.pick("已发布。粉丝最多 5 分钟后看到。", "Published. Followers see it within five minutes."),
        false => lang.pick("没有差异，不需要发布。", "No difference; nothing to publish."),
    };
    context.output.answer(said, &json!({"published": changed, "digest": digest}));
    Ok(ExitCode::from(exit::DONE))
}
