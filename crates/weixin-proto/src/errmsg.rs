//! Takes apart the `errmsg` of an answer.
//!
//! WeChat hangs a request id behind its words, in a way that depends on the path and on the year:
//!
//! | where | form |
//! |---|---|
//! | `/cgi-bin/*`, `/wxa/*` | `invalid appid rid: 6aac005a-01bfdbee-79769285` |
//! | `/sns/*` | `invalid code, rid: 6aac005a-01bfdbee-79769285` |
//! | some calls | `invalid code hint: [AbCd-1] rid: 6aac005a-01bfdbee-79769285` |
//! | before about 2020 | `invalid code hint: [AbCd]`, `invalid code, hints: [ req_id: AbCd ]` |
//!
//! The words are for people. What to do is decided by the [error code](crate::errcode) alone.

/// The parts of an `errmsg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrMsg<'a> {
    /// WeChat's words, without the parts below and the punctuation before them.
    pub text: &'a str,
    /// What stood in the brackets of `hint: […]` or `hints: […]`.
    pub hint: Option<&'a str>,
    /// The request id: what to ask WeChat about (`/cgi-bin/openapi/rid/get`, seven days).
    pub rid: Option<&'a str>,
}

/// Takes an `errmsg` apart. A text of another form comes back whole.
#[must_use]
pub fn split(errmsg: &str) -> ErrMsg<'_> {
    let whole = errmsg.trim();
    let (rest, rid) = match cut(whole, "rid:") {
        Some((rest, rid)) if is_rid(rid) => (rest, Some(rid)),
        _ => (whole, None),
    };
    let (text, hint) = ["hint:", "hints:"]
        .iter()
        .find_map(|word| {
            let (text, tail) = cut(rest, word)?;
            Some((text, Some(tail.strip_prefix('[')?.strip_suffix(']')?.trim())))
        })
        .unwrap_or((rest, None));
    ErrMsg { text, hint, rid }
}

/// WeChat's words and the request id, everything between them dropped. See [`split`] for all parts.
#[must_use]
pub fn split_rid(errmsg: &str) -> (&str, Option<&str>) {
    let ErrMsg { text, rid, .. } = split(errmsg);
    (text, rid)
}

/// Cuts at the last `word` that stands alone: at the start, or behind a space or a comma.
fn cut<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let (before, after) = text.rsplit_once(word)?;
    let rest = before.trim_end().trim_end_matches(',').trim_end();
    (before.is_empty() || before.len() > rest.len()).then_some((rest, after.trim()))
}

/// `hhhhhhhh-hhhhhhhh-hhhhhhhh`; longer groups have been seen, so only the alphabet is checked.
fn is_rid(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const RID: &str = "6aac005a-01bfdbee-79769285";

    #[rstest]
    #[case("invalid appid rid: 6aac005a-01bfdbee-79769285", "invalid appid", None, Some(RID))]
    #[case("invalid code, rid: 6aac005a-01bfdbee-79769285", "invalid code", None, Some(RID))]
    #[case("invalid code hint: [AbCd-1] rid: 6aac005a-01bfdbee-79769285", "invalid code", Some("AbCd-1"), Some(RID))]
    #[case("invalid code hint: [AbCd-1]", "invalid code", Some("AbCd-1"), None)]
    #[case("invalid code, hints: [ req_id: AbCd ]", "invalid code", Some("req_id: AbCd"), None)]
    #[case("rid not found rid: 6aac005a-01bfdbee-79769285", "rid not found", None, Some(RID))]
    #[case("could not query this rid,no permission", "could not query this rid,no permission", None, None)]
    #[case(
        "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 6aac005a-01bfdbee-79769285",
        "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist",
        None,
        Some(RID)
    )]
    #[case("系统错误 rid: 6aac005a-01bfdbee-79769285", "系统错误", None, Some(RID))]
    #[case("rid: 6aac005a-01bfdbee-79769285", "", None, Some(RID))]
    #[case("ok", "ok", None, None)]
    #[case(" ok \n", "ok", None, None)]
    #[case("", "", None, None)]
    #[case("strange rid: ", "strange rid:", None, None)]
    #[case("strange rid: a b", "strange rid: a b", None, None)]
    #[case("a grid: 6aac005a-01bfdbee-79769285", "a grid: 6aac005a-01bfdbee-79769285", None, None)]
    #[case("x hint: AbCd", "x hint: AbCd", None, None)]
    fn every_known_form(
        #[case] errmsg: &str,
        #[case] text: &str,
        #[case] hint: Option<&str>,
        #[case] rid: Option<&str>,
    ) {
        assert_eq!(split(errmsg), ErrMsg { text, hint, rid });
        assert_eq!(split_rid(errmsg), (text, rid));
    }
}
