//! API security: protected calls are verified and decrypted, their answers encrypted and signed.
//!
//! Refusals of the protection itself come back plain, everything after that protected, as WeChat does it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;
use serde_json::{Map, Value};
use weixin_proto::AppId;
use weixin_proto::api_signature::{self, Context, DataKey, KeyError, MAX_AGE_S, SigningKey};

use crate::answer::{Headers, Refusal};
use crate::random::Random;
use crate::refusals;
use crate::state::account::Account;
use crate::state::api_security::AsymmetricKind;

/// WeChat's own host; a program behind a relay signs this one.
const WECHAT: &str = "https://api.weixin.qq.com";

/// Paths that support it (all by POST), and those that demand it from everybody.
const PATHS: &[&str] = &[
    "/cgi-bin/clear_quota",
    "/cgi-bin/message/custom/send",
    "/cgi-bin/message/subscribe/send",
    "/cgi-bin/openapi/quota/get",
    "/cgi-bin/openapi/rid/get",
    "/cgi-bin/wxaapp/createwxaqrcode",
    "/wxa/business/checkencryptedmsg",
    "/wxa/business/getuserphonenumber",
    "/wxa/getpluginopenpid",
    "/wxa/getuserriskrank",
    "/wxa/getwxacode",
    "/wxa/getwxacodeunlimit",
    "/wxa/media_check_async",
    "/wxa/msg_sec_check",
    "/wxaapi/newtmpl/addtemplate",
    "/wxaapi/newtmpl/deltemplate",
];

/// The emulated platform's own keys. They open nothing but this emulator.
struct Platform {
    number: &'static str,
    certificate: &'static str,
    key: LazyLock<Result<SigningKey, KeyError>>,
}

static RSA: Platform = Platform {
    number: "8101900b636f1d0ccebde26a566fa794",
    certificate: include_str!("../assets/platform/rsa.cert.pem"),
    key: LazyLock::new(|| SigningKey::rsa(RSA.number, include_str!("../assets/platform/rsa.key.pem"))),
};

static SM2: Platform = Platform {
    number: "f91aa2d022bb296e91dd82c80cd09297",
    certificate: include_str!("../assets/platform/sm2.cert.pem"),
    key: LazyLock::new(|| SigningKey::sm2(SM2.number, include_str!("../assets/platform/sm2.key.pem"))),
};

fn platform(kind: AsymmetricKind) -> &'static Platform {
    match kind {
        AsymmetricKind::Rsa => &RSA,
        AsymmetricKind::Sm2 => &SM2,
    }
}

/// What the console offers for download.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PlatformCertificate {
    /// The number the console shows with it, and answers name it by.
    pub number: &'static str,
    /// PEM.
    pub certificate: &'static str,
}

/// The certificate answers are signed with, for accounts with a key of this kind.
#[must_use]
pub fn platform_certificate(kind: AsymmetricKind) -> PlatformCertificate {
    let Platform { number, certificate, .. } = platform(kind);
    PlatformCertificate { number, certificate }
}

/// How a call was protected, and its answer will be.
pub(crate) struct Protection {
    url: String,
    app_id: AppId,
    key: DataKey,
    kind: AsymmetricKind,
}

/// A call as it came in.
pub(crate) struct Incoming<'r> {
    pub(crate) path: &'r str,
    /// Headers beginning with `wechatmp-`, without that.
    pub(crate) headers: &'r BTreeMap<String, String>,
    pub(crate) body: &'r [u8],
    /// Where this emulator is reached.
    pub(crate) public_url: &'r str,
}

/// Opens a protected call: its plain body and how to answer. `None` for a plain call that may be one.
pub(crate) fn open(
    account: &Account,
    incoming: &Incoming<'_>,
    now_s: i64,
) -> Result<Option<(Vec<u8>, Protection)>, Refusal> {
    if !PATHS.contains(&incoming.path) {
        return Ok(None);
    }
    let security = account.api_security.as_ref();
    let header = |name: &str| incoming.headers.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let plain = ["appid", "timestamp", "signature"].iter().all(|name| header(name).is_none());
    if plain && !security.is_some_and(|security| security.required) {
        return Ok(None);
    }
    let app_id = header("appid").ok_or(refusals::coded(40233))?;
    let timestamp = header("timestamp").ok_or(refusals::coded(40231))?;
    let signature = header("signature").ok_or(refusals::coded(40232))?;
    if !app_id.starts_with("wx") {
        return Err(refusals::coded(40236));
    }
    if app_id != account.app_id {
        return Err(refusals::coded(40237));
    }
    let timestamp: i64 = timestamp.parse().map_err(|_| refusals::coded(40240))?;
    if now_s.abs_diff(timestamp) > MAX_AGE_S.unsigned_abs() {
        return Err(refusals::coded(40240));
    }
    let symmetric = security.and_then(|security| security.symmetric.as_ref()).ok_or(refusals::coded(40238))?;
    let asymmetric = security.and_then(|security| security.asymmetric.as_ref()).ok_or(refusals::coded(40239))?;
    // The keys were checked when the account was made.
    let key = symmetric.read().map_err(|_| refusals::coded(40238))?;
    let verifying = asymmetric.read().map_err(|_| refusals::coded(40239))?;

    let app_id = AppId::new(app_id);
    let urls = [WECHAT, incoming.public_url].map(|host| format!("{host}{}", incoming.path));
    let signed = urls.into_iter().find(|url| {
        let context = Context { url, app_id: &app_id, timestamp };
        verifying.verify(&context, incoming.body, signature)
    });
    let url = signed.ok_or(refusals::coded(40234))?;
    let context = Context { url: &url, app_id: &app_id, timestamp };
    let fields = api_signature::open(&context, &key, incoming.body).map_err(|_| refusals::coded(40235))?;
    let plain = Value::Object(fields).to_string().into_bytes();
    Ok(Some((plain, Protection { url, app_id, key, kind: asymmetric.kind })))
}

/// Protects an answer: its body and headers. `None` for what is no JSON object, which goes out as it is.
pub(crate) fn seal(
    protection: &Protection,
    answer: &[u8],
    random: &mut Random,
    now_s: i64,
) -> Option<(Vec<u8>, Headers)> {
    let fields: Map<String, Value> = serde_json::from_slice(answer).ok()?;
    let Protection { url, app_id, key, kind } = protection;
    let context = Context { url, app_id, timestamp: now_s };
    let iv: [u8; api_signature::IV] = random.bytes(api_signature::IV).try_into().ok()?;
    let body = api_signature::seal(&context, key, fields, &random.alnum(22), iv).ok()?;
    let platform = platform(*kind);
    let signing = platform.key.as_ref().ok()?;
    let signature = signing.sign(&context, body.as_bytes()).ok()?;
    let headers = vec![
        ("wechatmp-appid", app_id.to_string()),
        ("wechatmp-timestamp", now_s.to_string()),
        ("wechatmp-serial", platform.number.to_owned()),
        ("wechatmp-signature", signature),
    ];
    Some((body.into_bytes(), headers))
}

#[cfg(test)]
mod tests {
    use weixin_proto::api_signature::VerifyingKey;

    use super::*;

    #[test]
    fn the_platform_signs_what_its_certificates_verify() {
        let app_id = AppId::new("wx2222222222222222");
        let context = Context { url: "https://api.weixin.qq.com/wxa/msg_sec_check", app_id: &app_id, timestamp: 1 };
        for kind in [AsymmetricKind::Rsa, AsymmetricKind::Sm2] {
            let PlatformCertificate { number, certificate } = platform_certificate(kind);
            let verifying = match kind {
                AsymmetricKind::Rsa => VerifyingKey::rsa(number, certificate).unwrap(),
                AsymmetricKind::Sm2 => VerifyingKey::sm2(number, certificate).unwrap(),
            };
            let signature = platform(kind).key.as_ref().unwrap().sign(&context, b"body").unwrap();
            assert!(verifying.verify(&context, b"body", &signature), "{kind:?}");
        }
    }

    #[test]
    fn paths_are_endpoints_of_this_emulator() {
        for path in PATHS {
            assert!(crate::endpoints::find(path).is_some(), "{path}");
        }
    }
}
