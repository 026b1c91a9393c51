//! `errcodes`: what WeChat's numbers mean and what to do, for the pages.

use serde_json::{Value, json};
use weixin_proto::errcode;

use super::answer::{Answer, json_of};

pub(crate) async fn list() -> Answer {
    let entries: Vec<Value> = errcode::all()
        .iter()
        .map(|entry| {
            json!({
                "code": entry.code, "errmsg": entry.errmsg, "meaning_en": entry.meaning_en,
                "meaning_zh": entry.meaning_zh, "next_zh": entry.next_zh,
            })
        })
        .collect();
    json_of(&entries)
}
