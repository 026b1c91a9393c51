//! Protecting a body as the console says, and signing every attempt anew.

use url::Url;
use weixin_proto::{AesKey, AppId, envelope, sign};

use super::node::{self, Fields, JsonStyle, Node};
use super::report::{DeliveryFormat, DeliveryMode, SignatureSteps};

/// Where callbacks of an account go, and how.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) url: Url,
    pub(crate) token: String,
    /// There is one in the encrypted modes.
    pub(crate) key: Option<AesKey>,
    pub(crate) app_id: AppId,
    pub(crate) mode: DeliveryMode,
    pub(crate) format: DeliveryFormat,
}

/// A body ready to be sent, the same in every attempt.
#[derive(Debug, Clone)]
pub(crate) struct Sealed {
    pub(crate) body: String,
    pub(crate) encrypt: Option<String>,
}

/// The address of one attempt.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub(crate) url: Url,
    pub(crate) steps: SignatureSteps,
}

/// The fields as text.
pub(crate) fn written(fields: &Fields, format: DeliveryFormat, style: JsonStyle) -> String {
    match format {
        DeliveryFormat::Xml => node::xml(fields),
        DeliveryFormat::Json => node::json(fields, style),
    }
}

impl Target {
    /// The body as it goes over the wire.
    pub(crate) fn seal(&self, fields: &Fields, style: JsonStyle, random: [u8; 16]) -> Result<Sealed, String> {
        let clear = written(fields, self.format, style);
        let key = match (self.mode, &self.key) {
            (DeliveryMode::Plain, _) => return Ok(Sealed { body: clear, encrypt: None }),
            (_, None) => return Err("the encrypted modes need an aes_key".to_owned()),
            (_, Some(key)) => key,
        };
        let encrypt = envelope::seal(key, &self.app_id, clear.as_bytes(), random).map_err(|error| error.to_string())?;
        let mut shown = match self.mode {
            DeliveryMode::Compatible => fields.clone(),
            _ => fields.iter().filter(|(name, _)| name == "ToUserName").cloned().collect(),
        };
        shown.push(("Encrypt".to_owned(), Node::Text(encrypt.clone())));
        Ok(Sealed { body: written(&shown, self.format, style), encrypt: Some(encrypt) })
    }

    /// The address of one push.
    pub(crate) fn sign(&self, openid: &str, timestamp: i64, nonce: String, encrypt: Option<&str>) -> Signed {
        let timestamp = timestamp.to_string();
        let signature = sign::callback_signature(&self.token, &timestamp, &nonce);
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .append_pair("signature", &signature)
            .append_pair("timestamp", &timestamp)
            .append_pair("nonce", &nonce)
            .append_pair("openid", openid);
        let Some(encrypt) = encrypt else {
            return Signed { url, steps: self.steps("signature", timestamp, nonce, None, signature) };
        };
        let over_all = sign::msg_signature(&self.token, &timestamp, &nonce, encrypt);
        url.query_pairs_mut().append_pair("encrypt_type", "aes").append_pair("msg_signature", &over_all);
        Signed { url, steps: self.steps("msg_signature", timestamp, nonce, Some(encrypt), over_all) }
    }

    /// The address that asks for its `echostr`; never encrypted.
    pub(crate) fn ask(&self, timestamp: i64, nonce: String, echostr: &str) -> Signed {
        let timestamp = timestamp.to_string();
        let signature = sign::callback_signature(&self.token, &timestamp, &nonce);
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .append_pair("signature", &signature)
            .append_pair("echostr", echostr)
            .append_pair("timestamp", &timestamp)
            .append_pair("nonce", &nonce);
        Signed { url, steps: self.steps("signature", timestamp, nonce, None, signature) }
    }

    fn steps(
        &self,
        name: &str,
        timestamp: String,
        nonce: String,
        encrypt: Option<&str>,
        sha1: String,
    ) -> SignatureSteps {
        let mut parts: Vec<(&str, String)> =
            vec![(&self.token, masked(&self.token)), (&timestamp, timestamp.clone()), (&nonce, nonce.clone())];
        if let Some(encrypt) = encrypt {
            let head: String = encrypt.chars().take(24).collect();
            parts.push((encrypt, format!("{head}…")));
        }
        parts.sort_unstable_by_key(|(value, _)| *value);
        let sorted = parts.into_iter().map(|(_, shown)| shown).collect();
        SignatureSteps { name: name.to_owned(), encrypt: encrypt.is_some(), sorted, sha1, timestamp, nonce }
    }
}

/// The first character, and nothing more.
fn masked(token: &str) -> String {
    let first: String = token.chars().take(1).collect();
    format!("{first}***")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(mode: DeliveryMode) -> Target {
        Target {
            url: Url::parse("http://127.0.0.1/wx?a=1").unwrap(),
            token: "AAAAA".to_owned(),
            key: Some(AesKey::parse(&"A".repeat(43)).unwrap()),
            app_id: "wxba5fad812f8e6fb9".into(),
            mode,
            format: DeliveryFormat::Xml,
        }
    }

    #[test]
    fn the_signature_is_the_documented_one() {
        let signed = target(DeliveryMode::Plain).sign("oABCD", 1_714_037_059, "486452656".to_owned(), None);
        assert_eq!(signed.steps.sha1, "899cf89e464efb63f54ddac96b0a0a235f53aa78");
        assert_eq!(signed.steps.sorted, ["1714037059", "486452656", "A***"]);
        assert_eq!(
            signed.url.as_str(),
            "http://127.0.0.1/wx?a=1&signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059\
             &nonce=486452656&openid=oABCD"
        );
    }

    #[test]
    fn each_mode_shows_what_it_should() {
        let fields: Fields =
            [("ToUserName", "gh_1"), ("Content", "hi")].map(|(n, v)| (n.to_owned(), Node::Text(v.to_owned()))).into();
        let body = |mode| target(mode).seal(&fields, JsonStyle::default(), [7; 16]).unwrap();
        let plain = body(DeliveryMode::Plain);
        assert!(plain.encrypt.is_none() && plain.body.contains("hi"));
        let both = body(DeliveryMode::Compatible);
        assert!(both.body.contains("hi") && both.body.contains("<Encrypt>"));
        let safe = body(DeliveryMode::Safe);
        assert!(!safe.body.contains("hi") && safe.body.contains("gh_1"));
        let key = AesKey::parse(&"A".repeat(43)).unwrap();
        let opened = envelope::open([&key], &"wxba5fad812f8e6fb9".into(), &safe.encrypt.unwrap()).unwrap();
        assert_eq!(String::from_utf8(opened).unwrap(), plain.body);
    }
}
