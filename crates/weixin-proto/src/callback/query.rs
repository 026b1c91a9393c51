use std::borrow::Cow;

use super::{Reason, Refused};

/// The query of a callback's address, decoded. Empty is the same as missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query<'a> {
    /// Covers `timestamp` and `nonce`, not the body.
    pub signature: Cow<'a, str>,
    /// Covers `timestamp`, `nonce` and the encrypted body.
    pub msg_signature: Cow<'a, str>,
    /// Seconds since 1970.
    pub timestamp: Cow<'a, str>,
    /// Digits chosen by WeChat.
    pub nonce: Cow<'a, str>,
    /// What has to be answered when the address is being verified.
    pub echostr: Cow<'a, str>,
}

/// Longest nonce that is accepted; WeChat's have ten digits.
const NONCE: usize = 128;
/// Digits of a SHA-1.
const SIGNATURE: usize = 40;

impl<'a> Query<'a> {
    /// Reads the query of an address, as it stands behind the `?`.
    ///
    /// # Errors
    ///
    /// As [`from_pairs`](Self::from_pairs).
    pub fn parse(raw: &'a str) -> Result<Self, Refused> {
        if memchr::memchr2(b'%', b'+', raw.as_bytes()).is_some() {
            return Self::from_pairs(form_urlencoded::parse(raw.as_bytes()));
        }
        // WeChat's have nothing to decode.
        let mut rest = raw;
        let pairs = std::iter::from_fn(|| {
            let pair;
            (pair, rest) = split_once(rest, b'&').or((!rest.is_empty()).then_some((rest, "")))?;
            Some(split_once(pair, b'=').unwrap_or((pair, "")))
        });
        Self::from_pairs(pairs.filter(|(name, _)| !name.is_empty()))
    }

    /// Takes what it knows out of decoded pairs. What it does not know is left alone: the address that was entered in
    /// the console may have a query of its own.
    ///
    /// # Errors
    ///
    /// A known name that is there twice: whoever verifies one of them and uses the other is fooled.
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Self, Refused>
    where
        K: AsRef<str>,
        V: Into<Cow<'a, str>>,
    {
        let mut query = Self::default();
        let mut seen = [false; 5];
        for (name, value) in pairs {
            let (at, place, name) = match name.as_ref() {
                "signature" => (0, &mut query.signature, "signature"),
                "msg_signature" => (1, &mut query.msg_signature, "msg_signature"),
                "timestamp" => (2, &mut query.timestamp, "timestamp"),
                "nonce" => (3, &mut query.nonce, "nonce"),
                "echostr" => (4, &mut query.echostr, "echostr"),
                _ => continue,
            };
            let again = seen.get_mut(at).is_none_or(|seen| std::mem::replace(seen, true));
            if again {
                return Err(Refused::unverified(Reason::Query(name)));
            }
            *place = value.into();
        }
        Ok(query)
    }

    /// The time stamp, when it and the nonce look as they should.
    pub(super) fn time(&self) -> Result<i64, Reason> {
        if self.nonce.is_empty() || self.nonce.len() > NONCE || !self.nonce.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(Reason::Query("nonce"));
        }
        // A number may have a sign, a time stamp may not.
        let digits = Some(&*self.timestamp).filter(|text| text.starts_with(|first: char| first.is_ascii_digit()));
        digits.and_then(|digits| digits.parse().ok()).ok_or(Reason::Query("timestamp"))
    }
}

/// The text before and behind the first of these ASCII characters.
fn split_once(text: &str, character: u8) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(memchr::memchr(character, text.as_bytes())?)?;
    Some((before, rest.get(1..)?))
}

/// Whether a text looks like a signature: lower-case hex digits of a SHA-1.
pub(super) fn is_signature(text: &str) -> bool {
    // All of them are looked at, many at once.
    text.len() == SIGNATURE
        && text.bytes().fold(true, |digits, byte| digits & matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_there_twice_is_refused() {
        for name in ["signature", "msg_signature", "timestamp", "nonce", "echostr"] {
            let refused = Query::from_pairs([(name, "1"), ("openid", "o"), (name, "1")]).unwrap_err();
            assert_eq!(refused.reason(), &Reason::Query(name));
            assert!(!refused.is_malformed());
        }
    }

    #[test]
    fn a_query_is_decoded_where_there_is_something_to_decode() {
        let raw = "signature=a&timestamp=1&&nonce=2&openid=o=1&strange&echostr=";
        let query = Query { signature: "a".into(), timestamp: "1".into(), nonce: "2".into(), ..Query::default() };
        assert_eq!(Query::parse(raw), Ok(query.clone()));
        assert_eq!(Query::parse(raw), Query::from_pairs(form_urlencoded::parse(raw.as_bytes())));
        assert_eq!(Query::parse("%73ignature=a&timestamp=%31&nonce=2"), Ok(query));
        assert_eq!(Query::parse("nonce=a+b&echostr=%2B").unwrap().nonce, "a b");
        assert!(Query::parse("nonce=1&%6eonce=1").is_err(), "twice, once in disguise");
    }

    #[test]
    fn strange_names_are_left_alone() {
        let query = Query::from_pairs([("a", "1"), ("nonce", "2"), ("a", "3"), ("Nonce", "4")]).unwrap();
        assert_eq!(query, Query { nonce: "2".into(), ..Query::default() });
    }

    #[test]
    fn the_time_is_digits() {
        let query = |timestamp| Query { timestamp, nonce: "1".into(), ..Query::default() };
        assert_eq!(query("1714037059".into()).time(), Ok(1_714_037_059));
        for wrong in ["", "-1", "+1", "1.0", " 1", "1e3", "١", "99999999999999999999"] {
            assert_eq!(query(wrong.into()).time(), Err(Reason::Query("timestamp")), "{wrong}");
        }
    }

    #[test]
    fn the_nonce_is_short_and_visible() {
        for (nonce, right) in [("1", true), ("", false), ("a b", false), ("1\n", false), ("随机", false)] {
            let query = Query { timestamp: "1".into(), nonce: nonce.into(), ..Query::default() };
            assert_eq!(query.time().is_ok(), right, "{nonce}");
        }
        let long = Query { timestamp: "1".into(), nonce: "1".repeat(129).into(), ..Query::default() };
        assert_eq!(long.time(), Err(Reason::Query("nonce")));
    }
}
