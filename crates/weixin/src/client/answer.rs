//! Reads an answer: vendor code first, then the body.

use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use weixin_proto::json::{self, JsonError, JsonErrorKind, de};
use weixin_proto::{ErrCode, errmsg};

use super::call::Call;
use super::transport::Received;
use crate::error::{Instead, Refusal, Retry};
use crate::{Endpoint, Error, ErrorKind, File};

/// Characters of an `errmsg` that are kept.
const ERRMSG_LENGTH: usize = 512;

/// An answer in which WeChat did not refuse.
pub(crate) enum Answer {
    /// A JSON object.
    Json(Bytes),
    /// What an endpoint of files promised.
    File(File),
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
    pub(crate) fn read(call: &Call<'_>, received: Received, now_ms: i64) -> Result<Self, Error> {
        if call.longest_file.is_some() && is_file(&received) {
            let Received { content_type, filename, body, .. } = received;
            return Ok(Self::File(File { filename: filename.unwrap_or_default(), content_type, bytes: body }));
        }
        let Received { status, body, .. } = received;
        let (verdict, repairs) = match json::decode::<Verdict>(&body) {
            Ok(read) => read,
            Err(error) => return Err(unreadable(call, status, &body, error)),
        };
        if !is_object(&body) {
            let why = format!("status {status}, the answer is no JSON object");
            return Err(lost(call, why).with_instead(Instead::Unreadable(status)));
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
            return Err(lost(call, format!("status {status}")).with_instead(Instead::Status(status)));
        }
        Ok(Self::Json(body))
    }

    /// Reads the response of an endpoint, which may be a file.
    pub(crate) fn response<E: Endpoint>(self, call: &Call<'_>) -> Result<E::Response, Error> {
        match self {
            Self::File(file) => E::from_file(file).ok_or_else(|| lost(call, "a file where none was promised")),
            json => json.decode(call),
        }
    }

    /// Reads what the endpoint promises. An answer without it is never taken for a success.
    pub(crate) fn decode<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, Error> {
        let body = match self {
            Self::Json(body) => body,
            Self::File(_) => return Err(lost(call, "a file where JSON was promised")),
        };
        json::from_slice(body).map_err(|error| {
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

fn unreadable(call: &Call<'_>, status: u16, body: &[u8], error: JsonError) -> Error {
    let instead = match (error.kind(), body.trim_ascii_start().first()) {
        (JsonErrorKind::Empty, _) => Instead::Empty(status),
        (_, Some(b'<')) => Instead::Page(status),
        _ => Instead::Unreadable(status),
    };
    lost(call, format!("status {status}, {error}")).with_instead(instead).caused_by(error)
}

/// A file says so by its name or its type, and is no JSON: WeChat has sent errors under every name and type.
fn is_file(received: &Received) -> bool {
    let kind = received.content_type.to_ascii_lowercase();
    let texts = ["text/", "application/json", "application/xml", "application/javascript"];
    let textual = kind.is_empty() || texts.iter().any(|text| kind.starts_with(text));
    (200..300).contains(&received.status)
        && (received.filename.is_some() || !textual)
        && !received.body.is_empty()
        && !is_object(&received.body)
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
