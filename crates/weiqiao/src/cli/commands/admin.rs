//! `weiqiao admin`: members of staff, and who did what.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde_json::json;
use weiqiao_app::Actor;
use weiqiao_app::usecase::staff::{NewStaff, StaffDetails, create_staff, reset_password};
use weiqiao_model::{OsRng, Role, random_alnum};
use zeroize::Zeroizing;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::input;
use super::super::output::columns;
use super::super::words::t;
use super::with_core;

#[derive(Debug, clap::Args)]
#[command(after_help = t(
    "SQLite 数据库被运行中的服务占用时，请先停止服务，或改用接口。",
    "While a running service holds the SQLite database, stop it first, or use the API.",
))]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    #[command(about = t("新建员工账号", "add a member of staff"))]
    CreateUser {
        #[arg(value_name = "USERNAME", help = t("登录用户名", "the name to sign in with"))]
        username: String,
        #[arg(long, help = t("显示的姓名", "the name that is shown"), default_value = "")]
        name: String,
        #[arg(long, value_enum, default_value_t = StaffRole::Admin, help = t("角色", "role"))]
        role: StaffRole,
        #[arg(long, value_name = "ID", help = t("他是哪位顾问", "which advisor they are"))]
        advisor: Option<String>,
        #[command(flatten)]
        password: Password,
    },
    #[command(about = t("重设密码，并让现有会话失效", "set a new password and end the sessions of that person"))]
    ResetPassword {
        #[arg(value_name = "USERNAME", help = t("登录用户名", "the name they sign in with"))]
        username: String,
        #[command(flatten)]
        password: Password,
    },
    #[command(about = t("操作审计", "the audit chain"))]
    Audit {
        #[command(subcommand)]
        what: super::audit::What,
    },
}

#[derive(Debug, clap::Args)]
struct Password {
    #[arg(
        long, value_name = "@FILE|-",
        help = t(
            "从文件或标准输入（-）读取密码；不写则生成一个并显示一次",
            "read the password from a file or from standard input (-); without it one is made and shown once",
        ),
    )]
    password: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StaffRole {
    Admin,
    Supervisor,
    Advisor,
    Viewer,
}

impl StaffRole {
    fn role(self) -> Role {
        match self {
            Self::Admin => Role::Admin,
            Self::Supervisor => Role::Supervisor,
            Self::Advisor => Role::Advisor,
            Self::Viewer => Role::Viewer,
        }
    }
}

pub(crate) fn run(args: Args, context: &Context) -> Result<ExitCode, Failure> {
    let (username, password) = match args.what {
        What::CreateUser { username, name, role, advisor, password } => {
            let chosen = password.choose(context)?;
            let details = StaffDetails { advisor_id: advisor, ..StaffDetails::default() };
            let person = NewStaff::with_password(&username, chosen.text.as_str(), role.role());
            let new = NewStaff { name, details, ..person };
            with_core(context, async |core| Ok(create_staff(&core.app, Actor::Cli, new).await?))?;
            (username, chosen)
        }
        What::Audit { what } => return super::audit::run(what, context),
        What::ResetPassword { username, password } => {
            let chosen = password.choose(context)?;
            let text = chosen.text.as_str();
            with_core(context, async |core| Ok(reset_password(&core.app, Actor::Cli, &username, text, None).await?))?;
            (username, chosen)
        }
    };
    let lang = context.output.lang;
    let mut rows = vec![(lang.pick("用户名", "user name"), username.clone())];
    let mut json = json!({"username": username});
    if password.made {
        rows.push((lang.pick("密码（只显示这一次）", "password (shown this once)"), password.text.to_string()));
        json = json!({"username": username, "password": password.text.as_str()});
    }
    context.output.answer(&columns(rows), &json);
    Ok(ExitCode::from(exit::DONE))
}

struct Chosen {
    text: Zeroizing<String>,
    made: bool,
}

impl Password {
    fn choose(&self, context: &Context) -> Result<Chosen, Failure> {
        match &self.password {
            None => Ok(Chosen { text: Zeroizing::new(random_alnum(&OsRng, 20)), made: true }),
            Some(given) if given == "-" || given.starts_with('@') => {
                Ok(Chosen { text: input::value("--password", given, &context.folder)?, made: false })
            }
            // On the command line every user of the machine could read it.
            Some(_) => Err(Failure::usage(context.output.lang.pick(
                "--password 请写 @文件 或 -（标准输入）；命令行里的密码会被同机的人看到。",
                "--password wants @file or - (standard input): others on this machine can read the command line.",
            ))),
        }
    }
}
