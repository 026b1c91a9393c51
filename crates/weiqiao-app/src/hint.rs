//! Why WeChat refused, in this installation, and what to do next.
//!
//! What a code means in general is the table's business ([`weixin_proto::ErrCode::hint_zh`]). Here comes what only we
//! know: which endpoint was called, for which account, and what kind of code it was given.

use std::fmt;
use std::time::Duration;

use weiqiao_model::AccountKind;
use weixin::Instead;
use weixin_proto::{Class, ErrCode};

use crate::accounts::{Account, chinese};

/// What was asked of WeChat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Exchanging the code of a web login.
    WebLogin,
    /// Renewing what a person granted.
    OAuthRefresh,
    /// Reading the user info after a web login.
    UserInfo,
    /// Exchanging the code of `wx.login`.
    MiniLogin,
    /// A server-side call of a mini program.
    Mini,
    /// Fetching an access token or ticket.
    Token,
    /// Reading or changing a menu.
    Menu,
}

/// Cause and next step, in Chinese. `code` is the login code that was refused, if it was about one.
#[must_use]
pub fn explain(call: Call, account: &Account, errcode: i64, errmsg: &str, code: Option<&str>) -> String {
    let general = || ErrCode(errcode).hint_zh(errmsg);
    let (name, kind) = (&account.name, chinese(account.kind));
    match (ErrCode(errcode), call) {
        (ErrCode::INVALID_CODE, Call::WebLogin | Call::MiniLogin) => {
            format!(
                "这个 code 不是账号 {name}（{kind}）签发的，或者已经过期（5 分钟内有效，只能用一次）。{}",
                other_kind(call, code)
            )
        }
        (ErrCode::CODE_USED, Call::WebLogin | Call::MiniLogin) => format!(
            "同一个 code 只能换取一次，它已经被用过。常见原因：React StrictMode 执行两次、页面刷新或后退、或另一个系统先用掉了它。{}",
            again(call)
        ),
        (ErrCode::CODE_EXPIRED, Call::WebLogin) => format!("code 超过 5 分钟没有使用，已经失效。{}", again(call)),
        (ErrCode::INVALID_APPSECRET | ErrCode::INVALID_CREDENTIAL, Call::WebLogin | Call::MiniLogin | Call::Token) => {
            format!(
                "账号 {name} 的 AppSecret 与 AppID 不匹配，或刚在微信后台被重置。请核对配置{}，然后重启服务。",
                setting(account.kind)
            )
        }
        (ErrCode::INVALID_APPID, _) => {
            format!("微信不认识账号 {name} 的 AppID。请核对配置{}。", setting(account.kind))
        }
        (ErrCode::INVALID_CREDENTIAL | ErrCode::INVALID_ACCESS_TOKEN | ErrCode::ACCESS_TOKEN_EXPIRED, Call::UserInfo) => {
            "这里说的是用户这次授权得到的网页授权 access_token，不是账号自己的 access_token：它刚取得就失效，可能是用户取消了授权。请重新发起授权。".to_owned()
        }
        (ErrCode::MINUTE_QUOTA, Call::Token) => {
            "获取 access_token 或 ticket 的调用超过了每分钟的次数限制，约 1 分钟后自动恢复。如果反复出现，请检查是否有其他程序在用同一个 AppSecret。".to_owned()
        }
        (ErrCode::UNAUTHORIZED, Call::UserInfo) => {
            format!("账号 {name} 的这次授权只有 snsapi_base，不能读取用户资料。请用 scope=snsapi_userinfo 重新授权。")
        }
        (ErrCode::UNAUTHORIZED, Call::Menu) => {
            format!("账号 {name}（{kind}）没有自定义菜单的权限，需要已认证的订阅号、服务号或测试号。{}", general())
        }
        (ErrCode::UNAUTHORIZED, _) => {
            format!(
                "账号 {name}（{kind}）没有这个接口的权限，网页授权和 JS-SDK 需要已认证的服务号或测试号。{}",
                general()
            )
        }
        (errcode, Call::UserInfo) => {
            // What may be asked again soon is said in general: here it takes another code.
            let known = errcode.entry().filter(|known| known.class == Class::Backoff);
            let cause = known.map_or_else(general, |known| format!("{}。", known.meaning_zh));
            format!("{cause}{}", spent("稍后"))
        }
        _ => general(),
    }
}

/// The code was exchanged before the person's data was asked for.
fn spent(when: &str) -> String {
    format!("code 已经换过一次，不能再用，请{when}重新发起授权。")
}

/// Whether this refusal at this path means that an access token of the account is dead, although it was fetched for that call.
/// Where tokens are fetched, the same code means that the secret is wrong.
pub(crate) fn is_dead_token(call: Call, errcode: i64, path: Option<&str>) -> bool {
    const FETCHES: [&str; 3] = ["/cgi-bin/stable_token", "/cgi-bin/token", "token"];
    matches!(call, Call::Token | Call::Menu | Call::Mini)
        && matches!(
            ErrCode(errcode),
            ErrCode::INVALID_CREDENTIAL | ErrCode::INVALID_ACCESS_TOKEN | ErrCode::ACCESS_TOKEN_EXPIRED
        )
        && path.is_some_and(|path| !path.is_empty() && !FETCHES.contains(&path))
}

/// Cause and next step, in Chinese, where [`is_dead_token`]: the secret was accepted, and what it brought was not. `rest`: how
/// long WeChat is not asked again.
pub(crate) fn explain_dead_token(account: &Account, errcode: i64, rest: Option<Duration>) -> String {
    let name = &account.name;
    let cause = format!(
        "账号 {name} 的 AppSecret 没有问题，但用它新取得的 access_token 马上又被微信拒绝（{errcode}）。多半还有别的程序在用同一个 AppID 获取并重置 access_token：请统一从一处取用（例如本服务的 token 接口），或都改用 stable_token。"
    );
    match rest.map(|rest| rest.as_millis().div_ceil(1000)).filter(|seconds| *seconds > 1) {
        Some(seconds) => format!(
            "{cause}为了不再互相顶替，{seconds} 秒内不再获取新的 token，期间同样的请求直接失败；之后自动重试，届时再试即可。"
        ),
        None => format!("{cause}请稍后重试。"),
    }
}

/// Why there is no answer of WeChat to tell about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Silence {
    /// Something else came, or nothing.
    Instead(Instead),
    /// WeChat's answer was not what it documents.
    Undocumented,
    /// Our own source of tokens had none to offer, which says nothing about WeChat.
    NoToken,
    /// The request was not sent.
    NotSent,
}

impl fmt::Display for Silence {
    /// What happened, in Chinese, for the message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instead(Instead::UnknownHost) => f.write_str("无法解析微信服务器的域名"),
            Self::Instead(Instead::NoConnection) => f.write_str("无法连接微信服务器"),
            Self::Instead(Instead::Certificate) => f.write_str("微信服务器的证书无效"),
            Self::Instead(Instead::Resting) => f.write_str("微信服务器暂时没有响应"),
            Self::Instead(Instead::Silence) => f.write_str("微信服务器没有及时响应"),
            Self::Instead(Instead::Break) => f.write_str("与微信服务器的连接中途断开"),
            Self::Instead(Instead::Empty(status)) => write!(f, "微信服务器返回了空的内容（HTTP {status}）"),
            Self::Instead(Instead::Page(status)) => write!(f, "收到的是网页，不是微信接口的答复（HTTP {status}）"),
            Self::Instead(Instead::Unreadable(status)) => write!(f, "微信服务器返回了无法识别的内容（HTTP {status}）"),
            Self::Instead(Instead::Status(status)) => write!(f, "微信服务器返回 HTTP {status}"),
            Self::Instead(_) | Self::Undocumented => f.write_str("微信服务器返回的内容与文档不符"),
            Self::NoToken => f.write_str("暂时无法取得 access_token"),
            Self::NotSent => f.write_str("请求没有发出"),
        }
    }
}

impl Silence {
    /// Cause and next step, in Chinese. `retryable`: the same request may be sent to us again. `wait`: when another request may
    /// find a WeChat that answers.
    pub(crate) fn explain(self, call: Call, retryable: bool, wait: Option<Duration>) -> String {
        let cause = match self {
            Self::Instead(Instead::UnknownHost) => {
                "服务器解析不了 api.weixin.qq.com（或 WECHAT_API_BASE 的域名），请检查 DNS。"
            }
            Self::Instead(Instead::NoConnection) => {
                "服务器连不上 api.weixin.qq.com（或 WECHAT_API_BASE），请检查网络、防火墙和代理。"
            }
            Self::Instead(Instead::Certificate) => {
                "对方出示的证书已过期、不属于这个域名，或者不是可信机构签发的，请求没有发出，也不会改用明文。请检查服务器的时间、中间的代理，以及 WECHAT_API_BASE。"
            }
            Self::Instead(Instead::Resting) => {
                "最近的调用都没有得到微信的答复，为了不让请求堆积，接下来几秒内的调用直接失败；每 5 秒试探一次，微信恢复后自动继续。"
            }
            Self::Instead(Instead::Silence) => {
                "请求已经发出，但在时限内没有收到答复；可能是微信繁忙，也可能是服务器到 api.weixin.qq.com 的网络不稳。"
            }
            Self::Instead(Instead::Break) => {
                "请求已经发出，答复完整到达之前连接断了；请检查服务器到 api.weixin.qq.com 的网络和中间的代理。"
            }
            Self::Instead(Instead::Empty(_)) => "答复里没有任何内容，通常是微信的网关或中间的代理出了故障。",
            Self::Instead(Instead::Page(_)) => {
                "答复是一个网页：通常来自网关的错误页、中间的代理或上网认证页，或者 WECHAT_API_BASE 填错了。"
            }
            Self::Instead(Instead::Unreadable(_)) => {
                "答复不是完整的 JSON：可能被中间的代理截断或改写，或者 WECHAT_API_BASE 填错了。"
            }
            Self::Instead(Instead::Status(_)) => "微信的服务器或中间的网关报告了故障。",
            Self::Instead(_) | Self::Undocumented => "答复里缺少文档规定的字段；服务日志里有详细原因。",
            Self::NoToken => {
                "没有可用的 access_token 或 ticket：最近一次向微信获取失败，正在冷却，之后自动再试。原因在服务日志的 token 记录里。"
            }
            Self::NotSent => "请求没有离开本服务（例如同时进行的调用太多），服务日志里有详细原因。",
        };
        let when = wait.map_or_else(String::new, |wait| format!("{} 秒后", wait.as_millis().div_ceil(1000)));
        let next = match (call, retryable) {
            (Call::WebLogin | Call::MiniLogin, true) => "这个 code 还没有用掉，可以稍后用同一个 code 再试。".to_owned(),
            (Call::WebLogin, false) => format!("这个 code 可能已经用掉，请不要重复提交，{when}重新发起授权即可。"),
            (Call::MiniLogin, false) => {
                format!("这个 code 可能已经用掉，请不要重复提交，{when}重新调用 wx.login 即可。")
            }
            (Call::UserInfo, _) => spent(&when),
            (_, true) => "请稍后重试。".to_owned(),
            (_, false) => String::new(),
        };
        format!("{cause}{next}")
    }
}

/// What kind of code it may have been instead, and where that one belongs.
fn other_kind(call: Call, code: Option<&str>) -> &'static str {
    match call {
        _ if code.is_some_and(looks_like_phone_code) => {
            "它看起来是 getPhoneNumber 返回的 code，只能用于 POST /api/wechat/phone，不能用于登录。"
        }
        Call::MiniLogin => {
            "如果它来自网页授权（URL 上的 ?code=），请改用 POST /api/wechat/auth；如果来自另一个小程序，请加上 ?account=。否则请重新调用 wx.login。"
        }
        _ => {
            "如果它来自小程序的 wx.login，请改用 POST /api/wechat/openid；如果来自另一个公众号，请加上 ?account=。否则请重新发起授权。"
        }
    }
}

/// A phone code is 64 lower-case hex digits in WeChat's samples; login codes are 32 letters and digits.
fn looks_like_phone_code(code: &str) -> bool {
    code.len() == 64 && code.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn again(call: Call) -> &'static str {
    match call {
        Call::MiniLogin => "请重新调用 wx.login 取得新的 code。",
        _ => "请重新发起授权取得新的 code。",
    }
}

fn setting(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Official => " WECHAT_OFFICIAL_APP_ID / WECHAT_OFFICIAL_APP_SECRET",
        AccountKind::Mini => " WECHAT_MINI_APP_ID / WECHAT_MINI_APP_SECRET",
    }
}

#[cfg(test)]
mod tests {
    use weiqiao_model::AccountName;
    use weixin::TokenMode;

    use super::*;
    use crate::accounts::Accounts;
    use crate::settings::AccountSettings;

    fn hint(call: Call, errcode: i64, code: Option<&str>) -> String {
        let kind = if call == Call::MiniLogin { AccountKind::Mini } else { AccountKind::Official };
        let settings = AccountSettings {
            name: AccountName::new("shop").unwrap(),
            kind,
            app_id: "wx1111111111111111".into(),
            app_secret: "canary".into(),
            token_mode: TokenMode::Stable,
            group: None,
        };
        let accounts = Accounts::new(&[settings]).unwrap();
        explain(call, accounts.named("shop").unwrap(), errcode, "text", code)
    }

    #[test]
    fn a_code_of_the_wrong_kind_is_sent_to_where_it_belongs() {
        let web = hint(Call::WebLogin, 40029, Some("0c3aBcDeFgH"));
        assert!(web.contains("shop（公众号）") && web.contains("POST /api/wechat/openid"), "{web}");
        let mini = hint(Call::MiniLogin, 40029, Some("0c3aBcDeFgH"));
        assert!(mini.contains("shop（小程序）") && mini.contains("POST /api/wechat/auth"), "{mini}");
        let phone = hint(Call::MiniLogin, 40029, Some(&"0a".repeat(32)));
        assert!(phone.contains("POST /api/wechat/phone"), "{phone}");
    }

    #[test]
    fn at_the_user_info_a_stale_token_is_the_persons() {
        for errcode in [40001, 40014, 42001] {
            let text = hint(Call::UserInfo, errcode, None);
            assert!(text.contains("网页授权") && !text.contains("AppSecret") && !text.contains("中控"), "{text}");
        }
    }

    /// `-1` and its like say in general: once more, soon. With a code that is spent that cannot work.
    #[test]
    fn at_the_user_info_nothing_is_tried_again_with_the_same_code() {
        for errcode in [-1, 45009, 45011, 123_456] {
            let text = hint(Call::UserInfo, errcode, None);
            assert!(text.contains("不能再用") && text.contains("重新发起授权"), "{errcode}: {text}");
        }
        let text = hint(Call::UserInfo, -1, None);
        assert!(!text.contains("再试") && !text.contains("重试"), "{text}");
    }

    #[test]
    fn silence_says_what_came_and_what_to_do_for_this_call() {
        let all = [
            Silence::Instead(Instead::UnknownHost),
            Silence::Instead(Instead::NoConnection),
            Silence::Instead(Instead::Certificate),
            Silence::Instead(Instead::Resting),
            Silence::Instead(Instead::Silence),
            Silence::Instead(Instead::Break),
            Silence::Instead(Instead::Empty(200)),
            Silence::Instead(Instead::Page(502)),
            Silence::Instead(Instead::Unreadable(200)),
            Silence::Instead(Instead::Status(502)),
            Silence::Undocumented,
            Silence::NoToken,
            Silence::NotSent,
        ];
        let mut texts: Vec<String> = all.iter().map(ToString::to_string).collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), all.len(), "each in its own words");
        for silence in all {
            assert!(silence.explain(Call::WebLogin, false, None).contains("重新发起授权"));
            assert!(silence.explain(Call::WebLogin, true, None).contains("同一个 code"));
            for retryable in [true, false] {
                let text = silence.explain(Call::Token, retryable, Some(Duration::from_secs(1)));
                assert!(!text.contains("授权") && !text.contains("code "), "{text}");
            }
        }
        let page = Silence::Instead(Instead::Page(502));
        assert!(page.to_string().contains("502"));
        for call in [Call::WebLogin, Call::MiniLogin, Call::UserInfo] {
            let text = page.explain(call, false, Some(Duration::from_millis(1_200)));
            assert!(text.contains("2 秒后重新"), "{text}");
        }
    }

    #[test]
    fn every_other_refusal_has_a_hint_too() {
        for call in [Call::WebLogin, Call::UserInfo, Call::MiniLogin, Call::Token, Call::Menu] {
            for errcode in [-1, 40001, 40013, 40029, 40125, 40163, 40164, 40226, 42003, 45011, 48001, 123_456] {
                let text = hint(call, errcode, None);
                assert!(text.chars().count() > 8, "{call:?} {errcode}: {text}");
                assert!(!text.contains("canary"));
            }
        }
        assert!(hint(Call::WebLogin, 40125, None).contains("AppSecret"));
        assert!(hint(Call::UserInfo, 48001, None).contains("snsapi_userinfo"));
    }
}
