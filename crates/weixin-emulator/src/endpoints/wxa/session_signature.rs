//! The proof of `checksession` and its relatives: HMAC-SHA256 over nothing, keyed with the session key.

use weixin_proto::sign;

use crate::answer::Refusal;
use crate::endpoints::Call;
use crate::refusals;

/// The openid whose valid session key signed this call. Parameters stand in the query or the body.
pub(crate) fn check(call: &mut Call<'_>, gone: &Refusal) -> Result<String, Refusal> {
    let openid = call.anywhere("openid").ok_or(refusals::INVALID_ARGS)?;
    let signature = call.anywhere("signature").ok_or(refusals::INVALID_ARGS)?;
    if call.anywhere("sig_method").as_deref() != Some("hmac_sha256") {
        return Err(refusals::BAD_SIG_METHOD);
    }
    let account = call.account()?;
    if call.world.person_of(&account, &openid).is_none() {
        return Err(refusals::INVALID_OPENID);
    }
    let valid = call.world.mini_sessions.valid(&openid, &call.world.settings, call.now_ms);
    let session_key = valid.ok_or_else(|| gone.clone())?;
    if sign::session_signature(&session_key, b"") == signature { Ok(openid) } else { Err(refusals::BAD_SIGNATURE) }
}
