//! Reads an answer: vendor code first, then the body.

use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use weixin_proto::json::{self, JsonError, de};
use weixin_proto::{ErrCode, errmsg};

use super::call::Call;
use crate::error::{Refusal, Retry};
use crate::{Error, ErrorKind};

/// Characters of an `errmsg` that are kept.
const ERRMSG_LENGTH: usize = 512;

/// An answer in which WeChat did not refuse.
pub(crate) struct Answer {
    body: Bytes,
}

/// The two fields any answer may have.
#[derive(Deserialize)]
struct Verdict {
    #[serde(default, deserialize_with = "de::int")]
    errcode: i64,
    #[serde(default, deserialize_with = "de::opt_string")]
    errmsg: Option<String>,
}

impl Answer {
    /// Looks at the code. The content type is of no interest, WeChat sends JSON as `text/plain`.
    pub(crate) fn read(call: &Call<'_>, status: u16, body: Bytes, now_ms: i64) -> Result<Self, Error> {
        let (verdict, repairs) = match json::decode::<Verdict>(&body) {
            Ok(read) => read,
            Err(error) => return Err(unreadable(call, status, error)),
        };
        if !is_object(&body) {
            return Err(lost(call, format!("status {status}, the answer is no JSON object")));
        }
        if !repairs.is_clean() {
            metrics::counter!("weixin_answers_repaired_total", "endpoint" => call.label).increment(1);
        }
        let errcode = ErrCode(verdict.errcode);
        if !errcode.is_ok() {
            let refusal = refusal(errcode, &verdict.errmsg.unwrap_or_default());
            return Err(Error::refused(call.endpoint(), call.auth, call.repeatable, refusal, now_ms));
        }
        if !(200..300).contains(&status) {
            return Err(lost(call, format!("status {status}")));
        }
        Ok(Self { body })
    }

    /// Reads what the endpoint promises. An answer without it is never taken for a success.
    pub(crate) fn decode<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, Error> {
        json::from_slice(&self.body).map_err(|error| {
            let what = error.to_string();
            if call.repeatable {
                Error::new(call.endpoint(), ErrorKind::Decode(what.into()), Retry::Never)
            } else {
                lost(call, what)
            }
        })
    }
}

/// No readable answer came: for a call that must not be sent twice the result is unknown.
pub(crate) fn lost(call: &Call<'_>, why: impl Into<String>) -> Error {
    let why = why.into();
    if call.repeatable {
        let pause = std::time::Duration::from_secs(1);
        Error::new(call.endpoint(), ErrorKind::Unanswered(why.into()), Retry::After(pause))
    } else {
        Error::new(call.endpoint(), ErrorKind::Uncertain(why.into()), Retry::Maybe)
    }
}

fn unreadable(call: &Call<'_>, status: u16, error: JsonError) -> Error {
    lost(call, format!("status {status}, {error}")).with_source(error)
}

/// `serde` reads a list into a struct as well, field by field.
fn is_object(json: &[u8]) -> bool {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let first = json.iter().find(|byte| !byte.is_ascii_whitespace() && !BYTE_ORDER_MARK.contains(byte));
    first == Some(&b'{')
}

fn refusal(errcode: ErrCode, text: &str) -> Refusal {
    let (text, rid) = errmsg::split_rid(text);
    Refusal {
        errcode,
        errmsg: text.chars().filter(|character| !character.is_control()).take(ERRMSG_LENGTH).collect(),
        rid: rid.map(str::to_owned),
    }
}
