//! Why WeChat refused, in this installation, and what to do next.
//!
//! What a code means in general is the table's business ([`weixin_proto::ErrCode::hint_zh`]). Here comes what only we
//! know: which endpoint was called, for which account, and what kind of code it was given.

use weiqiao_model::AccountKind;
use weixin_proto::ErrCode;

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
                "账号 {name} 的 AppSecret 与 AppID 不匹配，或刚在微信后台被重置。请核对配置{}后重启服务。",
                setting(account.kind)
            )
        }
        (ErrCode::INVALID_APPID, _) => {
            format!("微信不认识账号 {name} 的 AppID。请核对配置{}。", setting(account.kind))
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
        _ => general(),
    }
}

/// A hint for when no answer came.
#[must_use]
pub fn explain_silence() -> String {
    "没有收到微信服务器的答复。请检查服务器能否访问 api.weixin.qq.com（网络、DNS、代理），稍后重新发起授权。".to_owned()
}

/// A hint for when there was no token to ask with.
#[must_use]
pub fn explain_no_token() -> String {
    "没有可用的 access_token：最近一次获取失败，正在冷却，或数据库暂时不可用。请查看服务日志中的 token 记录，稍后重试。"
        .to_owned()
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
