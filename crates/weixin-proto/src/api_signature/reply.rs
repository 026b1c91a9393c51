//! The checks of an answer, in the order WeChat's sample code makes them.

use serde_json::{Map, Value};

use super::{ApiSignatureError, Context, DataKey, MAX_AGE_S, Reason, VerifyingKey, open};
use crate::AppId;

/// What an answer brings beside its body.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    /// `Wechatmp-AppId`.
    pub app_id: &'a str,
    /// `Wechatmp-TimeStamp`, seconds since the Unix epoch.
    pub timestamp: i64,
    /// `Wechatmp-Serial` and `Wechatmp-Signature`.
    pub signed: (&'a str, &'a str),
    /// `Wechatmp-Serial-Deprecated` and `Wechatmp-Signature-Deprecated`: while WeChat changes its certificate, the same
    /// by the former one.
    pub deprecated: Option<(&'a str, &'a str)>,
    /// The body, byte for byte.
    pub body: &'a [u8],
}

/// Checks account, time, certificate and signature of an answer, decrypts it and gives its fields.
///
/// `url` is that of the call, `now_s` the current time in seconds, `certificates` all of WeChat's we have.
///
/// # Errors
///
/// One error for every failure; its [reason](ApiSignatureError::reason) tells them apart. Nothing is decrypted before
/// the signature fits.
pub fn open_reply<'k>(
    url: &str,
    app_id: &AppId,
    key: &DataKey,
    certificates: impl IntoIterator<Item = &'k VerifyingKey>,
    reply: Reply<'_>,
    now_s: i64,
) -> Result<Map<String, Value>, ApiSignatureError> {
    if reply.app_id != app_id.as_str() {
        return Err(Reason::AppId.into());
    }
    if now_s.abs_diff(reply.timestamp) > MAX_AGE_S.unsigned_abs() {
        return Err(Reason::Age.into());
    }
    let context = Context { url, app_id, timestamp: reply.timestamp };
    let mut known = certificates.into_iter().filter_map(|certificate| {
        let claims = [Some(reply.signed), reply.deprecated];
        let claim = claims.into_iter().flatten().find(|(number, _)| *number == certificate.number());
        claim.map(|(_, signature)| (certificate, signature))
    });
    let (certificate, signature) = known.next().ok_or(Reason::Certificate)?;
    if !certificate.verify(&context, reply.body, signature) {
        return Err(Reason::Signature.into());
    }
    open(&context, key, reply.body)
}
