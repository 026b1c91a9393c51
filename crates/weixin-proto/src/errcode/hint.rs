//! The sentence a person reads when WeChat refused.

use std::net::IpAddr;

use super::ErrCode;

pub(super) fn compose(code: ErrCode, errmsg: &str) -> String {
    let Some(entry) = code.entry() else {
        return format!(
            "微信返回了错误码 {code}，它不在已知的错误码表里。请查看错误信息，或在微信官方文档中搜索这个错误码；\
             错误信息末尾的 rid 可以用来查询这次请求的详情。"
        );
    };
    let mut hint = format!("{}。{}", entry.meaning_zh, entry.next_zh);
    if let Some(named) = named(code, errmsg) {
        hint.push_str(&named);
    }
    hint
}

/// What the message itself names. Only addresses and field names that look like one are repeated.
fn named(code: ErrCode, errmsg: &str) -> Option<String> {
    match code {
        ErrCode::IP_NOT_LISTED => refused_ip(errmsg).map(|ip| format!("当前出口 IP：{ip}。")),
        ErrCode::INVALID_ARGUMENT => refused_field(errmsg).map(|(field, empty)| {
            let what = if empty { "值为空或缺失" } else { "值不合规" };
            format!("出问题的字段：{field}（{what}）。")
        }),
        _ => None,
    }
}

/// `invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist`: the first address.
fn refused_ip(errmsg: &str) -> Option<IpAddr> {
    let (_, rest) = errmsg.split_once("invalid ip ")?;
    rest.split([' ', ',']).next()?.parse().ok()
}

/// `argument invalid! data.thing1.value is empty`: the field, and whether it is empty. Old servers wrote `emtpy`.
fn refused_field(errmsg: &str) -> Option<(&str, bool)> {
    const LONGEST: usize = 64;
    let (_, rest) = errmsg.split_once("data.")?;
    let (field, rest) = rest.split_once(".value")?;
    let plain = field.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let empty = rest.contains("is empty") || rest.contains("is emtpy");
    (plain && (1..=LONGEST).contains(&field.len())).then_some((field, empty))
}

#[cfg(test)]
mod tests {
    use crate::ErrCode;

    #[test]
    fn the_refused_address_is_named() {
        let hint = ErrCode(40164).hint_zh("invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: a-b-c");
        assert!(hint.contains("白名单") && hint.ends_with("当前出口 IP：1.2.3.4。"), "{hint}");
        let hint = ErrCode(40164).hint_zh("invalid ip <b>, not in whitelist");
        assert!(!hint.contains("当前出口") && !hint.contains('<'), "{hint}");
    }

    #[test]
    fn the_refused_field_is_named() {
        for (errmsg, named) in [
            ("argument invalid! data.thing1.value invalid rid: x", "thing1（值不合规）"),
            ("argument invalid! data.time2.value is empty", "time2（值为空或缺失）"),
            ("argument invalid! data.time2.value is emtpy", "time2（值为空或缺失）"),
        ] {
            let hint = ErrCode(47003).hint_zh(errmsg);
            assert!(hint.contains(named), "{hint}");
        }
        for errmsg in ["argument invalid!", "data..value", "data.<b>.value", &format!("data.{}.value", "a".repeat(65))]
        {
            assert!(!ErrCode(47003).hint_zh(errmsg).contains("出问题的字段"), "{errmsg}");
        }
    }

    #[test]
    fn an_unknown_code_gets_a_hint_that_repeats_nothing_of_the_message() {
        let hint = ErrCode(123_456_789).hint_zh("<script>");
        assert!(hint.contains("123456789") && !hint.contains('<'), "{hint}");
    }
}
