//! Every request has an id, the same in the answer, in the header and in the log.

use std::sync::atomic::{AtomicU32, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue};
use weiqiao_model::{Rng, random_alnum};

/// The header that carries the id in both directions.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest incoming id that is kept.
const LONGEST: usize = 128;

/// A request id: 1 to 128 characters of `[A-Za-z0-9._-]`, so it can stand in a header, in JSON and in a log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Source);

/// Where it comes from. Our own stays where it was made: nearly every request has one, and it is read more than kept.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Client(HeaderValue),
    Ours([u8; MADE]),
}

/// How long an id of ours is.
const MADE: usize = 17;

impl RequestId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Every constructor checked that it is ASCII.
        match &self.0 {
            Source::Client(value) => value.to_str().unwrap_or_default(),
            Source::Ours(bytes) => std::str::from_utf8(bytes).unwrap_or_default(),
        }
    }

    /// The id as the value of its header.
    #[must_use]
    pub fn to_header(&self) -> HeaderValue {
        match &self.0 {
            Source::Client(value) => value.clone(),
            Source::Ours(bytes) => {
                HeaderValue::from_bytes(bytes).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
            }
        }
    }

    fn incoming(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(X_REQUEST_ID)?;
        let bytes = value.as_bytes();
        let sane = (1..=LONGEST).contains(&bytes.len())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        sane.then(|| Self(Source::Client(value.clone())))
    }
}

/// Makes ids: eight random characters of this process, then a running number. Unique, short, and two ids of one
/// process are seen to be that; no secret, so no randomness is spent per request.
#[derive(Debug)]
pub(crate) struct RequestIds {
    /// What all have in common, with room for the number.
    process: [u8; MADE],
    next: AtomicU32,
}

impl RequestIds {
    pub(crate) fn new(rng: &dyn Rng) -> Self {
        let mut process = [b'-'; MADE];
        process.iter_mut().zip(random_alnum(rng, 8).bytes()).for_each(|(place, byte)| *place = byte);
        Self { process, next: AtomicU32::new(1) }
    }

    /// The id that came with the request when it is a sane one, else a new one.
    pub(crate) fn for_request(&self, headers: &HeaderMap) -> RequestId {
        RequestId::incoming(headers).unwrap_or_else(|| self.fresh())
    }

    fn fresh(&self) -> RequestId {
        let mut made = self.process;
        if let Some(number) = made.last_chunk_mut::<8>() {
            // Four bytes are eight digits.
            let _ = hex::encode_to_slice(self.next.fetch_add(1, Ordering::Relaxed).to_be_bytes(), number);
        }
        RequestId(Source::Ours(made))
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use weiqiao_model::SeededRng;

    use super::{RequestIds, X_REQUEST_ID};

    fn id_for(value: &[u8]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(X_REQUEST_ID, HeaderValue::from_bytes(value).unwrap());
        RequestIds::new(&SeededRng::new(7)).for_request(&headers).as_str().to_owned()
    }

    #[test]
    fn a_sane_incoming_id_is_kept() {
        for sane in ["a", "req-1.2_3", "0192f3a0-7b1c-7def-8aaa-0123456789ab", &"x".repeat(128)] {
            assert_eq!(id_for(sane.as_bytes()), sane);
        }
    }

    #[test]
    fn an_insane_incoming_id_is_replaced() {
        for insane in [&b""[..], b"a b", b"a\"b", b"a{b", b"a\tb", "微信".as_bytes(), &[b'x'; 129]] {
            assert_ne!(id_for(insane).as_bytes(), insane);
            assert_eq!(id_for(insane).len(), 17);
        }
    }

    #[test]
    fn made_ids_differ_and_show_their_process() {
        let ids = RequestIds::new(&SeededRng::new(7));
        let first = ids.for_request(&HeaderMap::new());
        let second = ids.for_request(&HeaderMap::new());
        assert_ne!(first, second);
        assert_eq!(first.as_str().get(..9), second.as_str().get(..9));
        assert!(first.as_str().ends_with("-00000001"), "{first:?}");
    }
}
