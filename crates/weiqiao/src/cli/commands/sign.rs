//! `weiqiao sign`: a signature, step by step, to find out where somebody else's differs.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use weixin_proto::sign;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::input;
use super::super::output::columns;
use super::super::words::t;

#[derive(Debug, clap::Args)]
#[command(after_help = t(
    "ticket 和 token 是密钥：写成 @文件 或 -（标准输入），不要直接写在命令行里。",
    "Tickets and tokens are secret: give them as @file or - (standard input), not on the command line itself.",
))]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    #[command(about = t("JS-SDK 的 wx.config 签名", "the signature of wx.config in the JS-SDK"))]
    Jssdk {
        #[arg(long, value_name = "TICKET|@FILE|-", help = t("jsapi_ticket", "jsapi_ticket"))]
        ticket: String,
        #[arg(long, help = t("nonceStr", "nonceStr"))]
        nonce: String,
        #[arg(long, help = t("时间戳，秒", "timestamp, in seconds"))]
        timestamp: i64,
        #[arg(long, help = t("网页地址，# 之后的部分不参与", "address of the page; what follows # does not take part"))]
        url: String,
        #[arg(long, value_name = "SIGNATURE", help = t("与它比较，不同时退出码为 1", "compare with this; exit code 1 when it differs"))]
        expect: Option<String>,
    },
    #[command(about = t("服务器配置验证与明文回调的 signature", "the signature of URL verification and of plain callbacks"))]
    Callback {
        #[command(flatten)]
        common: FromCallback,
    },
    #[command(about = t("加密回调的 msg_signature", "the msg_signature of encrypted callbacks"))]
    Msg {
        #[command(flatten)]
        common: FromCallback,
        #[arg(long, value_name = "ENCRYPT|@FILE|-", help = t("Encrypt 字段的内容", "what the Encrypt field holds"))]
        encrypt: String,
    },
}

#[derive(Debug, clap::Args)]
struct FromCallback {
    #[arg(long, value_name = "TOKEN|@FILE|-", help = t("公众平台里填写的 Token", "the token typed into WeChat's console"))]
    token: String,
    #[arg(long, help = t("timestamp 参数，原样", "the timestamp parameter as it came"))]
    timestamp: String,
    #[arg(long, help = t("nonce 参数，原样", "the nonce parameter as it came"))]
    nonce: String,
    #[arg(long, value_name = "SIGNATURE", help = t("与它比较，不同时退出码为 1", "compare with this; exit code 1 when it differs"))]
    expect: Option<String>,
}

/// What was done, and what came of it.
struct Worked {
    steps: Vec<(&'static str, &'static str, String)>,
    signature: String,
    expect: Option<String>,
}

pub(crate) fn run(args: Args, context: &Context) -> Result<ExitCode, Failure> {
    let worked = match args.what {
        What::Jssdk { ticket, nonce, timestamp, url, expect } => {
            let ticket = input::value("--ticket", &ticket, &context.folder)?;
            jssdk(&ticket, &nonce, timestamp, &url, expect)
        }
        What::Callback { common } => {
            let token = input::value("--token", &common.token, &context.folder)?;
            let signature = sign::callback_signature(&token, &common.timestamp, &common.nonce);
            sorted(&[&token, &common.timestamp, &common.nonce], signature, common.expect)
        }
        What::Msg { common, encrypt } => {
            let token = input::value("--token", &common.token, &context.folder)?;
            let encrypt = input::value("--encrypt", &encrypt, &context.folder)?;
            let signature = sign::msg_signature(&token, &common.timestamp, &common.nonce, &encrypt);
            sorted(&[&token, &common.timestamp, &common.nonce, &encrypt], signature, common.expect)
        }
    };
    Ok(show(&worked, context))
}

fn jssdk(ticket: &str, nonce: &str, timestamp: i64, url: &str, expect: Option<String>) -> Worked {
    let page = sign::page_url(url);
    let joined = format!("jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}");
    Worked {
        steps: vec![
            ("去掉 # 之后的部分", "cut what follows #", page.to_owned()),
            ("按字段名排序，用 & 连接", "sort by name, join with &", joined),
        ],
        signature: sign::jssdk_signature(ticket, nonce, timestamp, url),
        expect,
    }
}

fn sorted(parts: &[&str], signature: String, expect: Option<String>) -> Worked {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    Worked {
        steps: vec![
            ("按字典序排序", "sort", sorted.join("\n")),
            ("直接连接", "join with nothing between", sorted.concat()),
        ],
        signature,
        expect,
    }
}

fn show(worked: &Worked, context: &Context) -> ExitCode {
    let lang = context.output.lang;
    let matches = worked.expect.as_ref().map(|expected| expected.trim() == worked.signature);
    let mut rows: Vec<_> = worked.steps.iter().map(|(zh, en, value)| (lang.pick(*zh, *en), value.clone())).collect();
    rows.push((lang.pick("SHA-1，小写十六进制", "SHA-1, lower-case hex"), worked.signature.clone()));
    if let Some(matches) = matches {
        let verdict = if matches { lang.pick("一致", "the same") } else { lang.pick("不一致", "different") };
        rows.push((lang.pick("比较", "compared"), verdict.to_owned()));
    }
    let steps: Vec<_> = worked.steps.iter().map(|(_, en, value)| json!({"step": en, "value": value})).collect();
    context.output.answer(&columns(rows), &json!({"steps": steps, "signature": worked.signature, "matches": matches}));
    ExitCode::from(if matches == Some(false) { exit::FAILED } else { exit::DONE })
}
