//! The official examples of API security, and what may be changed in them before they are refused: nothing.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use weixin_proto::AppId;
use weixin_proto::api_signature::{
    Context, DataKey, KeyError, MAX_AGE_S, Reason, Reply, SigningKey, VerifyingKey, open, open_reply, seal,
};

use crate::vectors;

#[derive(Deserialize)]
struct Vectors {
    url: String,
    app_id: AppId,
    sealed: Vec<Sealed>,
    signed: Vec<Signed>,
    deprecated: Deprecated,
    sm2_pair: Pair,
}

#[derive(Deserialize)]
struct Sealed {
    id: String,
    cipher: String,
    number: String,
    key: String,
    timestamp: i64,
    body: String,
    plain: Map<String, Value>,
}

#[derive(Deserialize)]
struct Signed {
    id: String,
    scheme: String,
    number: String,
    private_key: Option<String>,
    certificate: Option<String>,
    timestamp: i64,
    body_of: String,
    signature: String,
}

#[derive(Deserialize)]
struct Deprecated {
    number: String,
    signature: String,
}

#[derive(Deserialize)]
struct Pair {
    number: String,
    private_key: String,
    public_key: String,
}

impl Sealed {
    fn data_key(&self) -> DataKey {
        match self.cipher.as_str() {
            "aes256" => DataKey::aes256(&self.number, &self.key),
            _ => DataKey::sm4(&self.number, &self.key),
        }
        .unwrap()
    }

    /// The fields without those that only protect.
    fn fields(&self) -> Map<String, Value> {
        self.plain.clone().into_iter().filter(|(name, _)| !name.starts_with('_')).collect()
    }
}

impl Vectors {
    fn read() -> Self {
        vectors!("api_signatures.json")
    }

    fn sealed(&self, id: &str) -> &Sealed {
        self.sealed.iter().find(|sealed| sealed.id == id).unwrap()
    }

    fn signed(&self, id: &str) -> &Signed {
        self.signed.iter().find(|signed| signed.id == id).unwrap()
    }

    fn context(&self, timestamp: i64) -> Context<'_> {
        Context { url: &self.url, app_id: &self.app_id, timestamp }
    }
}

#[test]
fn the_official_bodies_open_and_can_be_made() {
    use base64::Engine as _;
    let vectors = Vectors::read();
    assert_eq!(vectors.sealed.len(), 3);
    for sealed in &vectors.sealed {
        let (key, context) = (sealed.data_key(), vectors.context(sealed.timestamp));
        assert_eq!(open(&context, &key, sealed.body.as_bytes()).unwrap(), sealed.fields(), "{}", sealed.id);

        // The order of the fields is free, so what is made has the same length and opens to the same.
        let envelope: Value = serde_json::from_str(&sealed.body).unwrap();
        let iv = base64::engine::general_purpose::STANDARD.decode(envelope["iv"].as_str().unwrap()).unwrap();
        let nonce = sealed.plain["_n"].as_str().unwrap();
        let made = seal(&context, &key, sealed.fields(), nonce, iv.try_into().unwrap()).unwrap();
        assert_eq!(made.len(), sealed.body.len(), "{}", sealed.id);
        assert_eq!(serde_json::from_str::<Value>(&made).unwrap()["iv"], envelope["iv"]);
        assert_eq!(open(&context, &key, made.as_bytes()).unwrap(), sealed.fields(), "{}", sealed.id);
    }
}

#[test]
fn bodies_are_bound_to_key_number_path_account_and_time() {
    let vectors = Vectors::read();
    for sealed in &vectors.sealed {
        let (key, context) = (sealed.data_key(), vectors.context(sealed.timestamp));
        let refused = |context: &Context<'_>, key: &DataKey, body: &str| {
            open(context, key, body.as_bytes()).unwrap_err().reason()
        };
        let other = AppId::new("wx0000000000000000");
        for context in [
            Context { url: "https://api.weixin.qq.com/wxa/getuserriskran", ..context },
            Context { app_id: &other, ..context },
            Context { timestamp: sealed.timestamp + 1, ..context },
        ] {
            assert_eq!(refused(&context, &key, &sealed.body), Reason::Cipher, "{}", sealed.id);
        }
        let renumbered = Sealed { number: "0".into(), ..Vectors::read().sealed.remove(0) };
        assert_eq!(refused(&context, &renumbered.data_key(), &sealed.body), Reason::Cipher);
        let changed = sealed.body.replacen("\"data\":\"", "\"data\":\"AAAA", 1);
        assert_eq!(refused(&context, &key, &changed), Reason::Cipher);
        for body in ["", "{}", "[]", r#"{"errcode":0}"#, r#"{"iv":"","data":"","authtag":""}"#] {
            assert_eq!(refused(&context, &key, body), Reason::Envelope, "{body}");
        }
    }
}

#[test]
fn the_official_signatures_fit_and_nothing_else_does() {
    let vectors = Vectors::read();
    for Signed { id, scheme, number, private_key, certificate, timestamp, body_of, signature } in &vectors.signed {
        let body = vectors.sealed(body_of).body.as_bytes();
        let context = vectors.context(*timestamp);
        let key = match (certificate, private_key) {
            (Some(pem), _) if scheme == "rsa" => VerifyingKey::rsa(number, pem).unwrap(),
            (Some(pem), _) => VerifyingKey::sm2(number, pem).unwrap(),
            (None, pem) => public_half(number, pem.as_deref().unwrap()),
        };
        assert!(key.verify(&context, body, signature), "{id}");
        assert!(!key.verify(&vectors.context(timestamp + 1), body, signature), "{id}: another time");
        assert!(!key.verify(&context, &body[1..], signature), "{id}: another body");
        assert!(!key.verify(&context, body, "AAAA") && !key.verify(&context, body, "?"), "{id}: no signature");
    }
    let Signed { certificate, timestamp, body_of, signature, .. } = vectors.signed("call-sm2");
    let other = VerifyingKey::sm2("1234567812345678", certificate.as_deref().unwrap()).unwrap();
    let body = vectors.sealed(body_of).body.as_bytes();
    assert!(!other.verify(&vectors.context(*timestamp), body, signature), "SM2 signs the number too");
}

/// RSA signatures differ each time; the public half is taken from the private key the example publishes.
fn public_half(number: &str, private_pem: &str) -> VerifyingKey {
    use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD;
    let lines: String = private_pem.lines().filter(|line| !line.starts_with('-')).collect();
    let pair = RsaKeyPair::from_der(&base64.decode(lines).unwrap()).unwrap();
    let text = base64.encode(pair.public_key().as_ref());
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
    let pem = format!("-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n", lines.join("\n"));
    VerifyingKey::rsa(number, &pem).unwrap()
}

#[test]
fn what_we_sign_is_taken() {
    let vectors = Vectors::read();
    let context = vectors.context(1_700_000_000);
    let Signed { number, private_key, .. } = vectors.signed("call-rsa");
    let pem = private_key.as_deref().unwrap();
    let (ours, theirs) = (SigningKey::rsa(number, pem).unwrap(), public_half(number, pem));
    let Pair { number, private_key, public_key } = &vectors.sm2_pair;
    let chinese = (SigningKey::sm2(number, private_key).unwrap(), VerifyingKey::sm2(number, public_key).unwrap());
    for (ours, theirs) in [(ours, theirs), chinese] {
        assert_eq!(ours.number(), theirs.number());
        let signature = ours.sign(&context, b"body").unwrap();
        assert!(theirs.verify(&context, b"body", &signature), "{ours:?}");
        assert!(!theirs.verify(&context, b"bodies", &signature), "{ours:?}");
        let shown = format!("{ours:?}");
        assert!(shown.contains(ours.number()) && !shown.contains(&pem[40..60]), "{shown}");
    }
}

#[test]
fn an_answer_is_checked_before_it_is_opened() {
    let vectors = Vectors::read();
    let (sealed, signed) = (vectors.sealed("answer-aes256"), vectors.signed("answer-rsa"));
    let certificate = VerifyingKey::rsa(&signed.number, signed.certificate.as_deref().unwrap()).unwrap();
    let reply = Reply {
        app_id: vectors.app_id.as_str(),
        timestamp: sealed.timestamp,
        signed: (&signed.number, &signed.signature),
        deprecated: Some((&vectors.deprecated.number, &vectors.deprecated.signature)),
        body: sealed.body.as_bytes(),
    };
    let key = sealed.data_key();
    let read = |certificate: &VerifyingKey, reply: Reply<'_>, late_s: i64| {
        let now_s = sealed.timestamp + late_s;
        open_reply(&vectors.url, &vectors.app_id, &key, [certificate], reply, now_s).map_err(|error| error.reason())
    };
    let fields = read(&certificate, reply, MAX_AGE_S).unwrap();
    assert_eq!(fields["errmsg"], json!("getuserriskrank succ"));
    assert_eq!((&fields["unoin_id"], fields.len()), (&json!(2258658297_u32), 4), "the protecting fields are gone");

    assert_eq!(read(&certificate, reply, MAX_AGE_S + 1), Err(Reason::Age));
    assert_eq!(read(&certificate, reply, -MAX_AGE_S - 1), Err(Reason::Age));
    assert_eq!(read(&certificate, Reply { app_id: "wx0000000000000000", ..reply }, 0), Err(Reason::AppId));
    let unknown = Reply { signed: ("0", &signed.signature), ..reply };
    assert_eq!(read(&certificate, unknown, 0), Err(Reason::Certificate));
    let later = Reply { timestamp: reply.timestamp + 1, ..reply };
    assert_eq!(read(&certificate, later, 0), Err(Reason::Signature));
    // While the certificate is being changed, the answer has the former one's signature under its other headers.
    let changing = Reply { signed: ("new", "AAAA"), deprecated: Some(reply.signed), ..reply };
    assert_eq!(read(&certificate, changing, 0).unwrap(), fields);
    let former = VerifyingKey::rsa(&vectors.deprecated.number, signed.certificate.as_deref().unwrap()).unwrap();
    assert_eq!(read(&former, reply, 0), Err(Reason::Signature), "the example's former certificate is another key");
}

#[test]
fn keys_that_cannot_be_used_are_refused_without_being_repeated() {
    let vectors = Vectors::read();
    let pem = vectors.signed("call-rsa").private_key.as_deref().unwrap();
    let sm2 = vectors.sm2_pair.private_key.as_str();
    assert_eq!(DataKey::aes256("", "AAAA").unwrap_err(), KeyError::Symmetric { bytes: 32 });
    assert_eq!(DataKey::sm4("", &vectors.sealed("call-sm4").key).unwrap_err(), KeyError::Number);
    assert_eq!(DataKey::sm4("1", &vectors.sealed("call-aes256").key).unwrap_err(), KeyError::Symmetric { bytes: 16 });
    assert_eq!(SigningKey::rsa("", pem).unwrap_err(), KeyError::Number);
    for error in [
        SigningKey::rsa("1", "no key").unwrap_err(),
        SigningKey::rsa("1", sm2).unwrap_err(),
        SigningKey::sm2("1", pem).unwrap_err(),
        VerifyingKey::rsa("1", pem).unwrap_err(),
        VerifyingKey::rsa("1", &vectors.sm2_pair.public_key).unwrap_err(),
        VerifyingKey::sm2("1", vectors.signed("answer-rsa").certificate.as_deref().unwrap()).unwrap_err(),
    ] {
        let text = error.to_string();
        assert!(text.contains("PEM") && !text.contains("MII"), "{text}");
    }
}
