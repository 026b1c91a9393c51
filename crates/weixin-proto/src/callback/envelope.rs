use serde::Serialize;

use super::fields::{Markup, Sink as _};
use super::{Fields, Format, Limits, Malformed};
use crate::envelope::{self, EnvelopeError, Reason, Sealed};
use crate::{AesKey, AppId, CallbackToken, sign};

/// The outer body of an encrypted push: who it is for, and the sealed message.
///
/// In compatible mode there are clear fields beside; they prove nothing and are not looked at.
#[derive(Debug, Clone)]
pub struct Envelope {
    fields: Fields,
}

impl Envelope {
    /// Reads the outer body of a push, XML or JSON. Nothing is verified.
    ///
    /// # Errors
    ///
    /// As [`Fields::parse`].
    pub fn parse(body: impl Into<Vec<u8>>, limits: &Limits) -> Result<Self, Malformed> {
        Fields::parse(body, limits).map(|fields| Self { fields })
    }

    /// `Encrypt`, the text that was signed; `None` when the push is not encrypted.
    #[must_use]
    pub fn encrypt(&self) -> Option<&str> {
        self.fields.text("Encrypt").filter(|text| !text.is_empty())
    }

    /// `ToUserName`, which nobody signed.
    #[must_use]
    pub fn to_user_name(&self) -> Option<&str> {
        self.fields.text("ToUserName").map(str::trim).filter(|text| !text.is_empty())
    }

    /// The outer body as WeChat writes it, for its emulator and for tests.
    #[must_use]
    pub fn write(to_user_name: &str, encrypt: &str, format: Format) -> String {
        match format {
            Format::Xml => {
                let mut out = String::with_capacity(encrypt.len().saturating_add(128));
                Markup(&mut out).within("xml", &|xml| {
                    xml.text("ToUserName", to_user_name);
                    xml.text("Encrypt", encrypt);
                });
                out
            }
            Format::Json => serde_json::json!({"ToUserName": to_user_name, "Encrypt": encrypt}).to_string(),
        }
    }
}

/// An encrypted answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SealedReply {
    /// The sealed answer, Base64.
    pub encrypt: String,
    /// Covers the other three.
    pub msg_signature: String,
    /// When it was sealed, in seconds since 1970.
    #[serde(rename = "TimeStamp")]
    pub timestamp: i64,
    /// Any text; usually the nonce of the push.
    pub nonce: String,
}

impl SealedReply {
    /// Seals an answer. `random` must be fresh for every answer.
    ///
    /// # Errors
    ///
    /// As [`envelope::seal`].
    pub fn seal(
        token: &CallbackToken,
        key: &AesKey,
        app_id: &AppId,
        answer: &str,
        (timestamp_s, nonce): (i64, &str),
        random: [u8; 16],
    ) -> Result<Self, EnvelopeError> {
        let encrypt = envelope::seal(key, app_id, answer.as_bytes(), random)?;
        let msg_signature =
            sign::msg_signature(token.expose(), itoa::Buffer::new().format(timestamp_s), nonce, &encrypt);
        Ok(Self { encrypt, msg_signature, timestamp: timestamp_s, nonce: nonce.to_owned() })
    }

    /// Verifies and opens an answer, as WeChat does.
    ///
    /// # Errors
    ///
    /// As [`envelope::open_verified`]; [`Reason::Frame`] when the answer is not UTF-8.
    pub fn open(&self, token: &CallbackToken, key: &AesKey, app_id: &AppId) -> Result<String, EnvelopeError> {
        let sealed = Sealed {
            encrypt: &self.encrypt,
            msg_signature: &self.msg_signature,
            timestamp: &self.timestamp.to_string(),
            nonce: &self.nonce,
        };
        let answer = envelope::open_verified([token], [key], app_id, sealed)?;
        String::from_utf8(answer).map_err(|_| Reason::Frame.into())
    }

    /// The body of the answer.
    #[must_use]
    pub fn write(&self, format: Format) -> String {
        self.write_with(|xml, name, text| xml.text(name, text), format)
    }

    /// As [`write`](Self::write), of an answer that was sealed here: Base64 and hex digits are not looked through.
    pub(super) fn write_own(&self, format: Format) -> String {
        self.write_with(|xml, name, text| xml.harmless(name, text), format)
    }

    fn write_with(&self, text: impl Fn(&mut Markup<'_>, &str, &str), format: Format) -> String {
        match format {
            Format::Xml => {
                let mut out = String::with_capacity(self.encrypt.len().saturating_add(256));
                let mut xml = Markup(&mut out);
                xml.open("xml");
                text(&mut xml, "Encrypt", &self.encrypt);
                text(&mut xml, "MsgSignature", &self.msg_signature);
                xml.number("TimeStamp", self.timestamp);
                xml.text("Nonce", &self.nonce);
                xml.close("xml");
                out
            }
            Format::Json => serde_json::to_string(self).unwrap_or_default(),
        }
    }

    /// Reads the body of an answer, XML or JSON. Nothing is verified; [`open`](Self::open) does that.
    ///
    /// # Errors
    ///
    /// Not well-formed, or a field is missing.
    pub fn parse(body: impl Into<Vec<u8>>, limits: &Limits) -> Result<Self, super::ParseError> {
        let fields = Fields::parse(body, limits)?;
        let root = fields.root();
        Ok(Self {
            encrypt: root.read("Encrypt")?,
            msg_signature: root.read("MsgSignature")?,
            timestamp: root.read("TimeStamp")?,
            nonce: root.read("Nonce")?,
        })
    }
}
