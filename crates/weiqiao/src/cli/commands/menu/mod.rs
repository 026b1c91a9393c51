//! `weiqiao menu`: the menus of an official account as a file.

mod delete;
mod diff;
mod file;
mod pull;
mod push;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use weiqiao_app::App;
use weiqiao_model::AccountKind;

use super::super::Context;
use super::super::exit::Failure;
use super::super::words::t;

#[derive(Debug, clap::Args)]
#[command(after_help = t(
    "菜单文件：{\"button\": […]}；写了 conditionalmenu（{button, matchrule} 的数组）时，个性化菜单也以文件为准，后面的优先；\n\
     没写时个性化菜单保持不变。\n\
     diff 的退出码：0 相同；1 不同；2 及以上是出错。其余子命令：0 完成；1 未完成；2 命令行有误，或需要 --yes。\n\
     SQLite 数据库被运行中的服务占用时，请先停止服务，或改用接口 /api/admin/accounts/{account}/menu。",
    "The file: {\"button\": […]}. Where it has conditionalmenu (a list of {button, matchrule}), the conditional menus become \
     what it says, the last one counting first; where it has none they stay as they are.\n\
     Exit codes of diff: 0 the same; 1 different; 2 and above: an error. Of the others: 0 done; 1 not done; 2 wrong command \
     line, or --yes is needed.\n\
     While a running service holds the SQLite database, stop it first, or use /api/admin/accounts/{account}/menu.",
))]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    #[command(about = t("把线上的菜单写进文件", "write the live menus to the file"))]
    Pull(FileArgs),
    #[command(about = t("比较线上的菜单和文件", "compare the live menus with the file"))]
    Diff {
        #[command(flatten)]
        account: AccountArgs,
        #[command(flatten)]
        file: PathArgs,
    },
    #[command(about = t("把文件里的菜单发布到线上", "publish the menus of the file"))]
    Push(FileArgs),
    #[command(about = t("删除线上的全部菜单，包括个性化菜单", "delete all live menus, conditional ones included"))]
    Delete {
        #[command(flatten)]
        account: AccountArgs,
        #[command(flatten)]
        yes: YesArgs,
    },
}

#[derive(Debug, clap::Args)]
struct FileArgs {
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    file: PathArgs,
    #[command(flatten)]
    yes: YesArgs,
}

#[derive(Debug, clap::Args)]
struct AccountArgs {
    #[arg(
        long, value_name = "NAME",
        help = t("公众号的账号名称；默认是配置里的第一个", "name of the official account; the first of the settings unless given"),
    )]
    account: Option<String>,
}

#[derive(Debug, clap::Args)]
struct PathArgs {
    #[arg(
        long, value_name = "FILE", default_value = "menu.json",
        help = t("菜单文件；- 表示标准输入或输出", "the file; - is standard input or output"),
    )]
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
struct YesArgs {
    #[arg(long, short, help = t("不询问，直接执行", "do not ask"))]
    yes: bool,
}

pub(crate) fn run(args: Args, context: &Context) -> Result<ExitCode, Failure> {
    match args.what {
        What::Pull(args) => pull::run(&args, context),
        What::Diff { account, file } => diff::run(&account, &file, context).map_err(Failure::of_comparison),
        What::Push(args) => push::run(&args, context),
        What::Delete { account, yes } => delete::run(&account, &yes, context),
    }
}

/// The name of the account that is meant.
fn named(app: &App, args: &AccountArgs) -> Result<String, Failure> {
    Ok(app.accounts().pick(AccountKind::Official, args.account.as_deref())?.name.to_string())
}
