//! `weiqiao explain`: what WeChat's number means and what to do.

use std::process::ExitCode;

use serde_json::json;
use weixin_proto::ErrCode;
use weixin_proto::errcode::Class;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::output::columns;
use super::super::words::t;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(
        value_name = "ERRCODE", allow_negative_numbers = true,
        help = t("微信返回的 errcode，例如 40029", "the errcode WeChat answered with, such as 40029"),
    )]
    errcode: i64,
}

pub(crate) fn run(args: Args, context: &Context) -> Result<ExitCode, Failure> {
    let lang = context.output.lang;
    let Some(entry) = ErrCode(args.errcode).entry() else {
        let text = lang.pick(
            format!("没有收录 errcode {}。微信会增加新的错误码；请以接口返回的 errmsg 为准。", args.errcode),
            format!("errcode {} is not known. WeChat adds new ones; go by the errmsg that came with it.", args.errcode),
        );
        return Err(Failure::failed(text));
    };
    let (class, class_zh, class_en) = words(entry.class);
    let text = columns([
        ("errcode", entry.code.to_string()),
        ("errmsg", entry.errmsg.to_owned()),
        (lang.pick("含义", "meaning"), lang.pick(entry.meaning_zh, entry.meaning_en).to_owned()),
        (lang.pick("下一步", "next step (in Chinese)"), entry.next_zh.to_owned()),
        (lang.pick("重试", "retry"), lang.pick(class_zh, class_en).to_owned()),
    ]);
    let json = json!({
        "errcode": entry.code, "errmsg": entry.errmsg, "meaning_zh": entry.meaning_zh, "meaning_en": entry.meaning_en,
        "next_zh": entry.next_zh, "class": class,
    });
    context.output.answer(&text, &json);
    Ok(ExitCode::from(exit::DONE))
}

fn words(class: Class) -> (&'static str, &'static str, &'static str) {
    match class {
        Class::Ok => ("ok", "不需要：这是成功", "not needed: this is success"),
        Class::RefreshToken => ("refresh_token", "换新的 access_token 后重试一次", "once, with a new access token"),
        Class::Backoff => ("backoff", "稍等后可重试", "after a moment"),
        Class::Quota => ("quota", "额度用完，等到下一分钟、下一天或下个月", "not before the quota is renewed"),
        Class::Never => ("never", "重试无用，先改正再说", "useless until something is changed"),
    }
}
