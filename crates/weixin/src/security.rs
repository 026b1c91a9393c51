//! API security (API 安全): calls of mini programs encrypted and signed, and answers that prove where they come from.
//!
//! An account that has [`ApiKeys`] uses them by itself on every call whose path supports it ([`Spec::is_protectable`]);
//! nothing else changes. A protected call takes only a protected success for an answer. Refusals may come plain, as
//! WeChat sends those that are about the protection itself, and pictures do, for nobody has seen them otherwise.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/getting_started/api_signature.html>

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};
use url::Url;
use weixin_proto::AppId;
use weixin_proto::api_signature::{self, Context, IV, Reply};
pub use weixin_proto::api_signature::{DataKey, KeyError, SigningKey, VerifyingKey};

use crate::env::random_alphanumeric;
use crate::{Account, Method, Rng, Spec};

/// Paths WeChat's guide lists, all by `POST`; those its earlier lists had beside them, too.
const PATHS: &[&str] = &[
    "/cgi-bin/clear_quota",
    "/cgi-bin/message/custom/send",
    "/cgi-bin/message/subscribe/send",
    "/cgi-bin/openapi/quota/get",
    "/cgi-bin/openapi/rid/get",
    "/cgi-bin/wxaapp/createwxaqrcode",
    "/datacube/getweanalysisappiddailyretaininfo",
    "/datacube/getweanalysisappiddailysummarytrend",
    "/datacube/getweanalysisappiddailyvisittrend",
    "/datacube/getweanalysisappidmonthlyretaininfo",
    "/datacube/getweanalysisappidmonthlyvisittrend",
    "/datacube/getweanalysisappiduserportrait",
    "/datacube/getweanalysisappidvisitdistribution",
    "/datacube/getweanalysisappidvisitpage",
    "/datacube/getweanalysisappidweeklyretaininfo",
    "/datacube/getweanalysisappidweeklyvisittrend",
    "/wxa/business/checkencryptedmsg",
    "/wxa/business/getuserphonenumber",
    "/wxa/business/performance/boot",
    "/wxa/devplugin",
    "/wxa/getpluginopenpid",
    "/wxa/getuserriskrank",
    "/wxa/getwxacode",
    "/wxa/getwxacodeunlimit",
    "/wxa/getwxadevinfo",
    "/wxa/media_check_async",
    "/wxa/msg_sec_check",
    "/wxa/plugin",
    "/wxa/servicemarket",
    "/wxaapi/log/get_performance",
    "/wxaapi/log/jserr_detail",
    "/wxaapi/log/jserr_list",
    "/wxaapi/newtmpl/addtemplate",
    "/wxaapi/newtmpl/deltemplate",
];

/// Paths that take nothing but protected calls begin like this.
const ALWAYS: &str = "/cgi-bin/express/intracity/";

impl Spec {
    /// Whether WeChat takes calls of this endpoint encrypted and signed.
    #[must_use]
    pub fn is_protectable(&self) -> bool {
        is_protectable(self.method, self.path)
    }
}

pub(crate) fn is_protectable(method: Method, path: &str) -> bool {
    method == Method::Post && (PATHS.contains(&path) || path.starts_with(ALWAYS))
}

/// The keys of one mini program, as the console shows them. Cheap to clone.
///
/// ```no_run
/// use std::fs::read_to_string;
/// use weixin::Account;
/// use weixin::security::{ApiKeys, DataKey, SigningKey, VerifyingKey};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let keys = ApiKeys::new(
///     DataKey::aes256("fa05fe1e5bcc79b81ad5ad4b58acf787", read_to_string("symmetric.key")?.trim())?,
///     SigningKey::rsa("97845f6ed842ea860df6fdf65941ff56", &read_to_string("private.pem")?)?,
///     VerifyingKey::rsa("79ba700ea147819f640941bceb38b1d1", &read_to_string("platform.cer")?)?,
/// );
/// let account = Account::new("wx2222222222222222".into(), "SECRET".into()).api_keys(keys);
/// # let _ = account;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct ApiKeys {
    inner: Arc<Keys>,
}

#[derive(Debug, Clone)]
struct Keys {
    data: DataKey,
    signing: SigningKey,
    certificates: Vec<VerifyingKey>,
    plain: BTreeSet<String>,
    more: BTreeSet<String>,
}

impl ApiKeys {
    /// The symmetric key, the private key, and the certificate of WeChat's.
    #[must_use]
    pub fn new(data: DataKey, signing: SigningKey, certificate: VerifyingKey) -> Self {
        let (plain, more) = (BTreeSet::new(), BTreeSet::new());
        Self { inner: Arc::new(Keys { data, signing, certificates: vec![certificate], plain, more }) }
    }

    /// One more certificate of WeChat's: the next one, before it comes into use.
    #[must_use]
    pub fn and_certificate(self, certificate: VerifyingKey) -> Self {
        self.change(|keys| keys.certificates.push(certificate))
    }

    /// Protects calls of this path too, which this library does not know to support it.
    #[must_use]
    pub fn and_path(self, path: impl Into<String>) -> Self {
        self.change(|keys| {
            keys.more.insert(path.into());
        })
    }

    /// Leaves calls of this path plain.
    #[must_use]
    pub fn without_path(self, path: impl Into<String>) -> Self {
        self.change(|keys| {
            keys.plain.insert(path.into());
        })
    }

    fn change(mut self, change: impl FnOnce(&mut Keys)) -> Self {
        change(Arc::make_mut(&mut self.inner));
        self
    }

    fn cover(&self, method: Method, path: &str) -> bool {
        let known = is_protectable(method, path) || (method == Method::Post && self.inner.more.contains(path));
        known && !self.inner.plain.contains(path)
    }
}

/// That a call is to be protected, and with what.
#[derive(Clone)]
pub(crate) struct Guard {
    keys: ApiKeys,
    app_id: AppId,
}

/// One protected try of a call.
pub(crate) struct Protected {
    guard: Guard,
    url: String,
    pub(crate) body: Bytes,
    pub(crate) headers: [(&'static str, String); 3],
}

/// The headers of a protected answer.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub(crate) app_id: String,
    pub(crate) timestamp: String,
    pub(crate) serial: String,
    pub(crate) signature: String,
    pub(crate) deprecated: Option<(String, String)>,
}

impl Guard {
    /// `None` when the account has no keys, or the path is not protected.
    pub(crate) fn of(account: &Account, method: Method, path: &str) -> Option<Self> {
        let keys = account.keys().filter(|keys| keys.cover(method, path))?.clone();
        Some(Self { keys, app_id: account.app_id().clone() })
    }

    /// Encrypts and signs a body, which must be a JSON object.
    pub(crate) fn protect(
        &self,
        base: &Url,
        path: &str,
        body: &[u8],
        now_s: i64,
        rng: &dyn Rng,
    ) -> Result<Protected, String> {
        let not_object = || "a protected call is written as an object of fields".to_owned();
        let fields: Map<String, Value> = serde_json::from_slice(body).map_err(|_| not_object())?;
        let url = signed_url(base, path);
        let context = Context { url: &url, app_id: &self.app_id, timestamp: now_s };
        let mut iv = [0; IV];
        rng.fill(&mut iv);
        let nonce = random_alphanumeric(rng, 22);
        let keys = &self.keys.inner;
        let failed = |error: api_signature::ApiSignatureError| error.to_string();
        let body = api_signature::seal(&context, &keys.data, fields, &nonce, iv).map_err(failed)?;
        let signature = keys.signing.sign(&context, body.as_bytes()).map_err(failed)?;
        let headers = [
            ("wechatmp-appid", self.app_id.to_string()),
            ("wechatmp-timestamp", now_s.to_string()),
            ("wechatmp-signature", signature),
        ];
        Ok(Protected { guard: self.clone(), url, body: Bytes::from(body), headers })
    }
}

impl Protected {
    /// Checks an answer and gives the JSON inside.
    pub(crate) fn open(&self, signed: &Signed, body: &[u8], now_s: i64) -> Result<Bytes, String> {
        let timestamp = signed.timestamp.parse().map_err(|_| "its time is no number".to_owned())?;
        let reply = Reply {
            app_id: &signed.app_id,
            timestamp,
            signed: (&signed.serial, &signed.signature),
            deprecated: signed.deprecated.as_ref().map(|(serial, signature)| (serial.as_str(), signature.as_str())),
            body,
        };
        let Guard { keys, app_id } = &self.guard;
        let fields =
            api_signature::open_reply(&self.url, app_id, &keys.inner.data, &keys.inner.certificates, reply, now_s);
        let fields = fields.map_err(|error| error.to_string())?;
        Ok(Bytes::from(Value::Object(fields).to_string()))
    }
}

/// The address as WeChat sees it: a relay or an emulator stands for its usual host, another host of its own for itself.
fn signed_url(base: &Url, path: &str) -> String {
    let own = base.host_str().filter(|host| host.ends_with(".weixin.qq.com"));
    format!("https://{}{path}", own.unwrap_or("api.weixin.qq.com"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    #[test]
    fn the_paths_are_in_order_and_the_catalogue_knows_its_own() {
        assert!(PATHS.windows(2).all(|pair| pair[0] < pair[1]), "sorted, none twice");
        let protectable = catalogue().iter().filter(|spec| spec.is_protectable()).count();
        assert_eq!(protectable, 16, "of {} paths", PATHS.len());
        assert!(is_protectable(Method::Post, "/cgi-bin/express/intracity/createstore"));
        assert!(!is_protectable(Method::Get, "/wxa/getuserriskrank"));
    }

    #[test]
    fn the_address_is_the_one_wechat_sees() {
        let signed = |base: &str| signed_url(&Url::parse(base).unwrap(), "/wxa/getuserriskrank");
        assert_eq!(signed("https://api2.weixin.qq.com"), "https://api2.weixin.qq.com/wxa/getuserriskrank");
        for relay in ["http://127.0.0.1:3002", "https://relay.example.com/wechat", "https://evilweixin.qq.com.example/"]
        {
            assert_eq!(signed(relay), "https://api.weixin.qq.com/wxa/getuserriskrank", "{relay}");
        }
    }
}
