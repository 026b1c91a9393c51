//! `weiqiao token`: the tokens and tickets the service holds.

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};
use weiqiao_app::accounts::Account;
use weiqiao_app::usecase::token::{TokenKind, read_token};
use weiqiao_app::{App, Caller};
use weiqiao_model::AccountKind;
use weiqiao_store::facts::token::FindToken;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::output::columns;
use super::super::words::t;
use super::with_core;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    #[command(about = t("各账号的令牌状态，不显示令牌", "how the tokens of each account are, without showing them"))]
    Status {
        #[arg(long, value_name = "NAME", help = t("只看这个账号", "this account only"))]
        account: Option<String>,
    },
    #[command(about = t("取得一个令牌，必要时向微信获取；会显示令牌", "get a token, from WeChat if need be; shows it"))]
    Get {
        #[arg(value_name = "ACCOUNT", help = t("账号名称，例如 official", "name of the account, such as official"))]
        account: String,
        #[arg(long, value_enum, default_value_t = Kind::Access, help = t("哪一种", "which kind"))]
        kind: Kind,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Access,
    Jsapi,
    Card,
}

impl Kind {
    fn kind(self) -> TokenKind {
        match self {
            Self::Access => TokenKind::Access,
            Self::Jsapi => TokenKind::JsapiTicket,
            Self::Card => TokenKind::CardTicket,
        }
    }
}

pub(crate) fn run(args: Args, context: &Context) -> Result<ExitCode, Failure> {
    match args.what {
        What::Status { account } => {
            let rows = with_core(context, async |core| status(&core.app, account.as_deref()).await)?;
            let text = rows.iter().map(|row| row.text(context)).collect::<Vec<_>>().join("\n\n");
            let json: Vec<_> = rows.iter().map(Row::json).collect();
            context.output.answer(&text, &json!({"tokens": json}));
        }
        What::Get { account, kind } => {
            let token =
                with_core(context, async |core| Ok(read_token(&core.app, &Caller::Cli, &account, kind.kind()).await?))?;
            let json = json!({"value": token.value.expose(), "expires_at": token.expires_at});
            context.output.answer(token.value.expose(), &json);
        }
    }
    Ok(ExitCode::from(exit::DONE))
}

/// One token as the store holds it.
struct Row {
    account: String,
    kind: TokenKind,
    /// Generation, seconds left, fetches, replaced from outside.
    stored: Option<(i64, i64, i64, i64)>,
}

async fn status(app: &App, account: Option<&str>) -> Result<Vec<Row>, Failure> {
    let accounts: Vec<Arc<Account>> = match account {
        Some(name) => vec![Arc::clone(app.accounts().named(name)?)],
        None => app.accounts().iter().map(Arc::clone).collect(),
    };
    let mut rows = Vec::new();
    for account in accounts {
        let kinds: &[TokenKind] = match account.kind {
            AccountKind::Official => &[TokenKind::Access, TokenKind::JsapiTicket],
            AccountKind::Mini => &[TokenKind::Access],
        };
        for &kind in kinds {
            let name = app.token_source().row_name(account.app_id(), kind);
            let found = app.store().read(FindToken { app_id: account.app_id().clone(), kind: name }).await?;
            let stored = found.map(|token| {
                let left_s = (token.expires_at - app.now_ms()).div_euclid(1000);
                (token.generation, left_s, token.fetch_count, token.replaced_outside)
            });
            rows.push(Row { account: account.name.to_string(), kind, stored });
        }
    }
    Ok(rows)
}

impl Row {
    fn text(&self, context: &Context) -> String {
        let lang = context.output.lang;
        let mut rows = vec![
            (lang.pick("账号", "account"), self.account.clone()),
            (lang.pick("种类", "kind"), self.kind.as_str().to_owned()),
        ];
        match self.stored {
            None => rows.push((lang.pick("状态", "state"), lang.pick("还没有获取过", "never fetched").to_owned())),
            Some((generation, left_s, fetches, outside)) => {
                let life = match left_s {
                    1.. => lang.pick(format!("还有 {left_s} 秒"), format!("good for {left_s} s")),
                    _ => lang
                        .pick("已过期，用到时会重新获取".to_owned(), "expired; fetched again when needed".to_owned()),
                };
                rows.push((lang.pick("状态", "state"), life));
                rows.push((lang.pick("代数", "generation"), generation.to_string()));
                rows.push((lang.pick("获取次数", "fetches"), fetches.to_string()));
                rows.push((lang.pick("被外部顶替", "replaced from outside"), outside.to_string()));
            }
        }
        columns(rows)
    }

    fn json(&self) -> Value {
        let (account, kind) = (&self.account, self.kind.as_str());
        match self.stored {
            None => json!({"account": account, "kind": kind, "generation": null}),
            Some((generation, left_s, fetches, outside)) => json!({
                "account": account, "kind": kind, "generation": generation, "expires_in": left_s, "fetches": fetches,
                "replaced_outside": outside,
            }),
        }
    }
}
