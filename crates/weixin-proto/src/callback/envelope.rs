use serde::Serialize;

use super::fields::{Markup, Sink as _, is_blank, trim};
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
        self.fields.text("ToUserName").map(trim).filter(|text| !text.is_empty())
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

/// What opening needs of an [`Envelope`].
pub(super) enum Outer<'a> {
    /// Read where it stands, because it is written to the letter as WeChat writes it.
    Usual { to_user_name: &'a str, encrypt: &'a str },
    /// Read with all the care that anything else needs.
    Read(Envelope),
}

impl<'a> Outer<'a> {
    /// Reads the outer body of a push. Nothing is verified.
    ///
    /// Two fields in a fixed form are found with a few comparisons; reading them as XML is a tenth of what a callback in
    /// safe mode costs. A test holds the two against each other.
    pub(super) fn parse(body: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        match usual(body) {
            Some((to_user_name, encrypt)) if limits.elements >= 3 && limits.depth >= 2 => {
                Ok(Self::Usual { to_user_name, encrypt })
            }
            _ => Envelope::parse(body, limits).map(Self::Read),
        }
    }

    pub(super) fn encrypt(&self) -> Option<&str> {
        match self {
            Self::Usual { encrypt, .. } => Some(encrypt),
            Self::Read(envelope) => envelope.encrypt(),
        }
    }

    pub(super) fn to_user_name(&self) -> Option<&str> {
        match self {
            Self::Usual { to_user_name, .. } => Some(to_user_name),
            Self::Read(envelope) => envelope.to_user_name(),
        }
    }
}

/// `ToUserName` and `Encrypt` of a body in WeChat's own form, neither of them empty; white space between the elements is fine.
fn usual(body: &[u8]) -> Option<(&str, &str)> {
    /// What stands before the first `]` behind `opening`, and the rest behind `closing`.
    fn section<'a>(body: &'a [u8], opening: &[u8], closing: &[u8]) -> Option<(&'a str, &'a [u8])> {
        let body = behind_blanks(body).strip_prefix(opening)?;
        let (text, rest) = body.split_at_checked(memchr::memchr(b']', body)?)?;
        Some((std::str::from_utf8(text).ok()?, rest.strip_prefix(closing)?))
    }
    fn behind_blanks(body: &[u8]) -> &[u8] {
        let blanks = body.iter().take_while(|byte| is_blank(**byte)).count();
        body.get(blanks..).unwrap_or_default()
    }
    let rest = body.strip_prefix(b"<xml>")?;
    let (to, rest) = section(rest, b"<ToUserName><![CDATA[", b"]]></ToUserName>")?;
    let (encrypt, rest) = section(rest, b"<Encrypt><![CDATA[", b"]]></Encrypt>")?;
    let whole = behind_blanks(behind_blanks(rest).strip_prefix(b"</xml>")?).is_empty();
    let plain = to.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (whole && plain && !to.is_empty() && !encrypt.is_empty()).then_some((to, encrypt))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_at_a_glance_reads_the_same_with_care() {
        let usual_one = Envelope::write("gh_1-a", "QUJD+/8=", Format::Xml);
        let spread = "<xml>\n    <ToUserName><![CDATA[gh_1-a]]></ToUserName>\r\n\t<Encrypt><![CDATA[QUJD+/8=]]></Encrypt>\n</xml>\n";
        let read = |body: &[u8]| Envelope::parse(body, &Limits::default());
        for body in [usual_one.as_str(), spread] {
            assert_eq!(usual(body.as_bytes()), Some(("gh_1-a", "QUJD+/8=")));
        }
        // Every byte of it changed, left out or doubled: whatever is still taken at a glance means the same with care.
        let (mut taken, mut left) = (0, 0);
        for body in [usual_one.as_str(), spread].map(str::as_bytes) {
            for at in 0..body.len() {
                let (before, after) = (&body[..at], &body[at + 1..]);
                let changed = b" \n\t\r\x0b\x0c\0]<>&[!/x\xff".iter().map(|byte| [before, &[*byte], after].concat());
                for variant in changed.chain([[before, after].concat(), [before, &body[at..=at], &body[at..]].concat()])
                {
                    let Some((to, encrypt)) = usual(&variant) else {
                        left += 1;
                        continue;
                    };
                    let with_care = read(&variant).unwrap_or_else(|e| panic!("{e}: {}", variant.escape_ascii()));
                    assert_eq!((with_care.to_user_name(), with_care.encrypt()), (Some(to), Some(encrypt)));
                    taken += 1;
                }
            }
        }
        assert!(taken > 100 && left > 1_000, "{taken}, {left}");
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_refused_at_a_glance_too() {
        let body = Envelope::write("gh_1", "QUJD", Format::Xml);
        for limits in [Limits { depth: 1, ..Limits::default() }, Limits { elements: 2, ..Limits::default() }] {
            assert!(Outer::parse(body.as_bytes(), &limits).is_err());
        }
        assert!(matches!(Outer::parse(body.as_bytes(), &Limits::default()), Ok(Outer::Usual { .. })));
    }
}
