//! Errors in the language of the terminal. Use cases speak Chinese, because people read them in pages; the parts below them
//! speak English. Here each gets the other language too.

use std::error::Error as _;

use weiqiao_app::error::{FieldProblem, code};
use weiqiao_app::{AppError, ErrorKind, StartError};
use weiqiao_store::{StoreError, StoreErrorKind};
use weixin_proto::ErrCode;

use crate::compose::ComposeError;
use crate::lang::Lang;

/// An error in one language.
pub(super) struct Spoken {
    /// What happened.
    pub(super) message: String,
    /// What next.
    pub(super) hint: Option<String>,
    /// Where the fault is ours, what is behind it. Whoever sits here is the operator: there is no log to look into.
    cause: Option<String>,
}

impl Spoken {
    /// All of it, a line each.
    pub(super) fn text(&self) -> String {
        let lines: Vec<_> =
            [Some(&self.message), self.hint.as_ref(), self.cause.as_ref()].into_iter().flatten().collect();
        lines.iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// What a use case says went wrong.
pub(super) fn app(error: &AppError, lang: Lang) -> Spoken {
    let (message, hint) = match lang {
        Lang::Zh => (error.message().to_owned(), error.hint().map(str::to_owned)),
        Lang::En => english(error),
    };
    let cause = error.source().filter(|_| error.is_ours()).map(ToString::to_string);
    Spoken { message, hint, cause }
}

fn english(error: &AppError) -> (String, Option<String>) {
    match error.kind() {
        ErrorKind::Invalid(problems) if !problems.is_empty() => {
            (problems.iter().map(|problem| field(problem, Lang::En)).collect::<Vec<_>>().join("\n"), None)
        }
        ErrorKind::WeChat(refusal) => match refusal.errcode {
            Some(number) => {
                let meaning = ErrCode(number).entry().map(|entry| format!(": {}", entry.meaning_en));
                let said = refusal.errmsg.as_deref().map(|said| format!(" ({said})")).unwrap_or_default();
                let meaning = meaning.unwrap_or_default();
                let message = format!("WeChat refuses with errcode {number}{said}{meaning}");
                (message, Some(format!("weiqiao explain {number} tells more")))
            }
            None => {
                // Nobody but the SDK knows why, and it speaks English.
                let why = error.source().map(|source| format!(": {source}")).unwrap_or_default();
                let next = "weiqiao token status shows what there is; try again in a minute";
                (format!("there is no answer of WeChat that can be used{why}"), Some(next.to_owned()))
            }
        },
        _ => (by_code(error.code()).unwrap_or(error.message()).to_owned(), None),
    }
}

/// What is known under a code word, in English: something under each of [`code::ALL`].
pub(super) fn by_code(word: &str) -> Option<&'static str> {
    Some(match word {
        code::VALIDATION_FAILED => "what was given is not valid: it is missing, too long, or of the wrong shape",
        code::UNAUTHORIZED => "no valid credential was given",
        code::FORBIDDEN => "that is not allowed",
        code::SCOPE_MISSING => "the API key lacks the scope for this",
        code::ACCOUNT_UNKNOWN => {
            "there is no such account in the settings: weiqiao check-config lists those there are. The first official \
             account is WECHAT_OFFICIAL_APP_ID with WECHAT_OFFICIAL_APP_SECRET"
        }
        code::LOGIN_INSTANCE_UNKNOWN => "there is no such login instance: each is a folder in LOGIN_TYPES_DIR",
        code::AUTH_RECORD_UNKNOWN => "nothing is kept about this person: they never logged in through the instance",
        code::LOGIN_AGAIN => "WeChat no longer renews what the person granted: they have to log in again",
        code::HANDOVER_INVALID => "the QR code is unknown, too old, used, or another browser's; show a new one",
        code::REDIRECT_NOT_ALLOWED => "the page to return to is not listed in OAUTH_REDIRECT_HOSTS",
        code::STATE_REQUIRED => "strict mode wants a state that this service issued",
        code::STATE_INVALID => {
            "the state is unknown, expired, used, or another browser's, account's or way's; log in anew"
        }
        code::CODE_ALREADY_USED => "the code was used by somebody else, or too long ago; log in anew",
        code::LOGIN_INTERRUPTED => "whoever was at work on this login is gone; log in anew",
        code::WECHAT_LOGIN_FAILED => "WeChat refused the code of the login",
        code::GET_USER_INFO_FAILED => "WeChat refused to say who it is",
        code::GET_OPENID_FAILED => "WeChat refused the code of the mini program",
        code::GET_PHONE_FAILED => "WeChat refused the code of the phone-number button",
        code::DECRYPT_FAILED => "what the mini program encrypted cannot be read, or was not meant for this account",
        code::SEND_MESSAGE_FAILED => "WeChat refused the message",
        code::OPENID_MISMATCH => "the openid is not that of the session",
        code::ADVISOR_UNKNOWN => "nobody knows this advisor",
        code::ADVISOR_TAKEN => "the advisor is somebody else",
        code::NOT_AN_ADVISOR => "the account of this member of staff belongs to no advisor",
        code::LEAD_TAKEN => "somebody else has the lead",
        code::LEAD_IN_POOL => "the lead is in the public pool: claim it first",
        code::IDEMPOTENCY_KEY_REUSED => "the idempotency key was used for another request; choose a new one",
        code::IDEMPOTENCY_KEY_IN_USE => "the request with this idempotency key is still under way",
        code::IDEMPOTENCY_ANSWER_FORGOTTEN => {
            "the request with this idempotency key was done; its answer went with the person it was about"
        }
        code::TEMPLATE_NOT_ALLOWED => "the template is not one of those that may be used",
        code::RECIPIENT_UNKNOWN => "messages go only to people this service knows, and this is none of them",
        code::DAY_ALLOWANCE_USED_UP => "what may be done in a day was done; again after midnight in China",
        code::SNAPSHOT_USER => "WeChat showed the page as a snapshot with a made-up person, who cannot log in",
        code::JS_URL_NOT_ALLOWED => "the page's host is not listed in JS_SAFE_DOMAINS",
        code::WECHAT_API_FAILED => "WeChat gave no token or ticket",
        code::INVALID_CREDENTIALS => "unknown user name or wrong password",
        code::TOO_MANY_RULES => "there are as many rules as there may be",
        code::RULE_OF_FILE => "the rule stands in the configuration file; change it there",
        code::JOB_STATE => "the job is in a state that does not allow this",
        code::NOT_FOUND => "there is no such thing, or it was revoked or removed before",
        code::ALREADY_EXISTS => "that name is taken",
        code::LAST_ADMIN => "the last administrator cannot be taken away",
        code::TOO_MANY => "there are as many as there may be",
        code::TOO_MANY_REQUESTS | code::TOO_MANY_ATTEMPTS => "too many of these; try again later",
        code::CHANGED_MEANWHILE => "somebody else changed it meanwhile; look again and repeat",
        code::MENU_CHANGED => "the live menus were changed meanwhile; compare again (weiqiao menu diff) and repeat",
        code::MENU_BUSY => "somebody else is publishing menus of this account; try again in a minute",
        code::DATABASE_UNAVAILABLE => "the database does not answer; try again later",
        code::CACHE_UNAVAILABLE => "Redis does not answer; try again later",
        code::INTERNAL_ERROR => "an internal error",
        _ => return None,
    })
}

/// What is wrong with one field.
pub(super) fn field(problem: &FieldProblem, lang: Lang) -> String {
    let FieldProblem { field, rule, message } = problem;
    match (lang, rule_in_english(field, rule)) {
        (Lang::Zh, _) => message.clone(),
        (Lang::En, Some(text)) => format!("{field} {text}"),
        (Lang::En, None) => format!("{field} ({rule}): {message}"),
    }
}

fn rule_in_english(field: &str, rule: &str) -> Option<&'static str> {
    Some(match (field, rule) {
        ("days", "range") => "must be 1 to 3650",
        ("name", "length") => "must be 1 to 100 characters",
        ("username", "username") => "must be 1 to 64 characters without blanks",
        ("password", "length") => "must be 12 to 128 characters",
        ("password", "common") => "is one that many people have; choose another",
        ("name", "format") => "must not contain control characters",
        (_, "required") => "must not be empty",
        _ => return None,
    })
}

/// Why nothing was started. The English text names files, settings and steps; the Chinese one goes before it.
pub(super) fn compose(error: &ComposeError, lang: Lang) -> String {
    let zh = match error {
        ComposeError::Store(error) | ComposeError::App(StartError::Store(error)) => return store(error, lang),
        ComposeError::FirstAdmin(error) => return format!("ADMIN_PASSWORD: {}", app(error, lang).text()),
        ComposeError::App(StartError::Internal(error)) => return app(error, lang).text(),
        ComposeError::App(StartError::WrongMasterKey(_)) => {
            "SESSION_SECRET 与写入这个数据库时用的不一致，或密钥数据已损坏："
        }
        ComposeError::App(StartError::AuditKey(_)) => {
            "审计链的密钥（表 audit_head 的 sealed_key）已损坏；请从备份恢复这一行，再运行 weiqiao admin audit verify："
        }
        ComposeError::Bind { .. } => "端口被占用，或不是本机地址；请换一个，或先停止占用它的程序：",
        ComposeError::HalfOfSqlite => "serve --only 需要 Postgres：SQLite 文件只属于一个进程：",
        ComposeError::SetupToken { .. } => "一次性设置令牌写不进文件：",
        ComposeError::Coord(_) => "Redis 的地址不可用：",
        ComposeError::App(_) => "配置不可用：",
    };
    lang.pick(format!("{zh}\n{error}"), error.to_string())
}

/// What is wrong with the database.
pub(super) fn store(error: &StoreError, lang: Lang) -> String {
    let zh = match error.kind() {
        StoreErrorKind::Unavailable => "数据库没有应答，请稍后再试：",
        StoreErrorKind::Locked => {
            "数据库文件正被另一个进程使用：先停止它（例如运行中的 weiqiao serve），或换一个 DATABASE_URL："
        }
        StoreErrorKind::Config => "数据库配置不可用：",
        StoreErrorKind::SchemaNewer => "数据库由更新的版本写入，请使用那个版本或更新的程序：",
        StoreErrorKind::Corrupt => "数据库里的数据已损坏，请从备份恢复：",
        _ => "数据库出错：",
    };
    lang.pick(format!("{zh}\n{error}"), error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn what_a_command_can_meet_is_told_in_either_language() {
        let mut errors = vec![
            AppError::field("days", "range", "days 必须在 1 到 3650 之间"),
            AppError::field("username", "username", "用户名必须为 1 到 64 个字符，不能包含空白"),
            AppError::field("password", "length", "密码太短"),
            AppError::field("password", "common", "这个密码太常见，请换一个"),
            AppError::field("name", "length", "name 必须为 1 到 100 个字符"),
            AppError::field("name", "format", "name 含有控制字符"),
            AppError::field("scopes", "required", "scopes 不能为空"),
            AppError::unauthorized().with_hint("请登录"),
            AppError::internal("the disk is full"),
        ];
        assert!(code::ALL.len() > 40 && code::ALL.contains(&code::ACCOUNT_UNKNOWN));
        errors.extend(code::ALL.iter().map(|code| AppError::new(ErrorKind::NotFound, *code, "中文")));
        for error in &errors {
            let (zh, en) = (app(error, Lang::Zh).text(), app(error, Lang::En).text());
            assert!(is_chinese(&zh) && !is_chinese(&en), "{zh} / {en}");
        }
        let text = |number: usize| app(&errors[number], Lang::En).text();
        assert!(text(8).contains("the disk is full"), "the operator is told the cause");
        assert!(text(0).contains("days must be 1 to 3650"));
    }
}
