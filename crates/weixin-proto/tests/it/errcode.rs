use proptest::prelude::*;
use serde::Deserialize;
use weixin_proto::errcode::all;
use weixin_proto::{Class, ErrCode, errmsg};

use crate::vectors;

#[derive(Deserialize)]
struct Row {
    code: i64,
    errmsg: String,
    retry: String,
}

#[test]
fn every_documented_code_is_there_with_its_words_and_class() {
    let rows: Vec<Row> = vectors!("errcodes.json");
    assert_eq!(rows.len(), 379);
    for Row { code, errmsg, retry } in rows {
        let entry = ErrCode(code).entry().unwrap_or_else(|| panic!("{code} is missing"));
        let class = match (code, retry.as_str()) {
            (0, _) => Class::Ok,
            (_, "no") => Class::Never,
            (_, "refresh_token") => Class::RefreshToken,
            (_, "backoff") => Class::Backoff,
            (_, "quota") => Class::Quota,
            _ => panic!("{retry}"),
        };
        assert_eq!((entry.errmsg, entry.class), (errmsg.as_str(), class), "{code}");
    }
}

#[test]
fn the_table_is_sorted_and_every_row_can_be_found() {
    assert!(all().is_sorted_by(|left, right| left.code < right.code));
    for entry in all() {
        assert_eq!(ErrCode(entry.code).entry(), Some(entry));
    }
}

/// What developers meet most must not be answered with a commonplace.
#[test]
fn frequent_codes_say_what_to_do() {
    for (code, words) in [
        (40001, "stable_token"),
        (40003, "AppID"),
        (40013, "混用"),
        (40029, "重新获取"),
        (40125, "AppSecret"),
        (40163, "StrictMode"),
        (40164, "IP 白名单"),
        (40226, "高风险"),
        (41001, "查询串"),
        (42001, "expires_in"),
        (43101, "允许"),
        (45009, "北京时间"),
        (45011, "1 分钟"),
        (47001, "UTF-8"),
        (47003, "20 个字"),
        (48001, "snsapi_userinfo"),
        (10003, "网页授权域名"),
        (89503, "管理员"),
        (40018, "16 个字节"),
        (41030, "正式版"),
        (87009, "session_key"),
        (-1, "重试"),
    ] {
        let hint = ErrCode(code).hint_zh("");
        assert!(hint.contains(words), "{code}: {hint}");
    }
}

proptest! {
    #[test]
    fn every_number_has_a_class_and_a_hint(code: i64, errmsg in ".{0,80}") {
        let code = ErrCode(code);
        prop_assert!(code.entry().is_none() == (code.class() == Class::Never) || code.entry().is_some());
        prop_assert!(code.hint_zh(&errmsg).ends_with('。'));
    }

    #[test]
    fn a_request_id_is_found_behind_any_words(
        words in "[a-z\u{4e00}-\u{4e20},.!]([a-z\u{4e00}-\u{4e20} ,.!]{0,30}[a-z\u{4e00}-\u{4e20}.!])?",
        rid in "[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}",
        comma: bool,
    ) {
        prop_assume!(!words.ends_with(','));
        let whole = if comma { format!("{words}, rid: {rid}") } else { format!("{words} rid: {rid}") };
        prop_assert_eq!(errmsg::split_rid(&whole), (words.as_str(), Some(rid.as_str())));
    }
}
