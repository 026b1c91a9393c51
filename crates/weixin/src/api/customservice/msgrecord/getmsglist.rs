//! `POST /customservice/msgrecord/getmsglist`
//!
//! What customers and staff said to each other, within 24 hours, 10,000 records on a page.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Obtain_chat_transcript.html>

use serde::{Deserialize, Serialize};
use weixin_proto::OpenId;
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::filled_id;

/// Asks for a page of records. Refused with 65416 and 65417: a wrong value, more than 24 hours.
#[derive(Debug, Clone, Serialize)]
pub struct ListRecords {
    /// The beginning, in seconds since the Unix epoch.
    pub starttime: i64,
    /// The end, at most 24 hours later.
    pub endtime: i64,
    /// 1 for the first page, then [`RecordPage::msgid`] of the page before.
    pub msgid: i64,
    /// How many at most, 1 to 10,000.
    pub number: u32,
}

impl ListRecords {
    /// The first page of a span of time, with as many records as WeChat gives.
    #[must_use]
    pub const fn between(starttime: i64, endtime: i64) -> Self {
        Self { starttime, endtime, msgid: 1, number: 10_000 }
    }

    /// The page after `page`; `None` when that was the last one.
    #[must_use]
    pub fn after(&self, page: &RecordPage) -> Option<Self> {
        (page.number >= i64::from(self.number)).then(|| Self { msgid: page.msgid, ..self.clone() })
    }
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RecordPage {
    /// What was said, oldest first.
    #[serde(deserialize_with = "de::list")]
    pub recordlist: Vec<Record>,
    /// How many there are on this page; fewer than asked for on the last one.
    #[serde(deserialize_with = "de::int")]
    pub number: i64,
    /// Where the next page begins.
    #[serde(deserialize_with = "de::int")]
    pub msgid: i64,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Record {
    /// The customer.
    #[serde(deserialize_with = "filled_id")]
    pub openid: OpenId,
    /// Who spoke: see [`Record::operation`].
    #[serde(deserialize_with = "de::int")]
    pub opercode: i64,
    /// What was said; for anything but text what WeChat writes in its place.
    #[serde(default, deserialize_with = "de::text")]
    pub text: String,
    /// When, in seconds since the Unix epoch.
    #[serde(deserialize_with = "de::int")]
    pub time: i64,
    /// The member of staff, as `test1@kftest`.
    #[serde(default, deserialize_with = "de::text")]
    pub worker: String,
}

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// The member of staff (2002).
    Staff,
    /// The customer (2003).
    Customer,
    /// A number WeChat does not explain.
    Other(i64),
}

impl Record {
    /// Who spoke.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self.opercode {
            2002 => Operation::Staff,
            2003 => Operation::Customer,
            other => Operation::Other(other),
        }
    }
}

impl Endpoint for ListRecords {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/customservice/msgrecord/getmsglist",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Obtain_chat_transcript.html",
    };
    type Response = RecordPage;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = ListRecords::between(987_654_321, 987_654_321);
        assert_eq!(line(&request), "POST /customservice/msgrecord/getmsglist?access_token=ACCESS_TOKEN");
        let sent = json!({"starttime": 987_654_321, "endtime": 987_654_321, "msgid": 1, "number": 10000});
        assert_eq!(body(&request), sent);
        let page = answer(
            &request,
            r#"{"recordlist":[
                {"openid":"oDF3iY9WMaswOPWjCIp_f3Bnpljk","opercode":2002,"text":" 您好，客服test1为您服务。","time":1400563710,"worker":"test1@test"},
                {"openid":"oDF3iY9WMaswOPWjCIp_f3Bnpljk","opercode":2003,"text":"你好，有什么事情？","time":1400563731,"worker":"test1@test"}
            ],"number":2,"msgid":20165267}"#,
        )
        .unwrap();
        assert_eq!(
            page.recordlist.iter().map(Record::operation).collect::<Vec<_>>(),
            [Operation::Staff, Operation::Customer]
        );
        assert_eq!((page.recordlist[1].time, page.recordlist[1].worker.as_str()), (1_400_563_731, "test1@test"));
        assert!(request.after(&page).is_none(), "fewer than asked for");
        let two = ListRecords { number: 2, ..request.clone() };
        assert_eq!(two.after(&page).map(|next| next.msgid), Some(20_165_267));
        assert_nothing_is_no_success(&request);
    }
}
