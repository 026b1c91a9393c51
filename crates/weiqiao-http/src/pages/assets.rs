//! Files that go out as they are, with a tag so that they go out once.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};

use crate::engine::ApiError;

/// How long a browser may keep a file without asking.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caching {
    /// For ever: its name changes with its content.
    #[cfg(feature = "web")]
    Immutable,
    /// Not at all: it asks each time and is usually told "unchanged".
    Revalidate,
}

/// A file.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Its bytes.
    pub(crate) content: Cow<'static, [u8]>,
    /// Its media type.
    pub(crate) content_type: Cow<'static, str>,
    /// Its tag, quotes included.
    pub(crate) tag: String,
    /// How long it may be kept.
    pub(crate) caching: Caching,
}

impl Asset {
    /// A file compiled into the binary.
    pub(crate) fn fixed(content: &'static [u8], content_type: &'static str) -> Self {
        let tag = tag(&Sha256::digest(content));
        Self {
            content: Cow::Borrowed(content),
            content_type: Cow::Borrowed(content_type),
            tag,
            caching: Caching::Revalidate,
        }
    }

    /// A file that the build of a page left in the binary.
    #[cfg(feature = "web")]
    pub(crate) fn built<Dist: rust_embed::RustEmbed>(path: &str) -> Option<Self> {
        let file = Dist::get(path)?;
        let kind = file.metadata.mimetype();
        let content_type = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
        // The build puts a hash of the content into the names of everything under assets/.
        let caching = if path.starts_with("assets/") { Caching::Immutable } else { Caching::Revalidate };
        let tag = tag(&file.metadata.sha256_hash());
        Some(Self { tag, content: file.data, content_type: content_type.into(), caching })
    }

    /// The answer: the file, or "unchanged" to a browser that has it.
    pub(crate) fn answer(self, request: &HeaderMap) -> Response {
        let known = request
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .any(|tag| matches!(tag.trim().trim_start_matches("W/"), tag if tag == self.tag || tag == "*"));
        match self.respond(known) {
            Ok(response) => response,
            Err(error) => ApiError::internal(error).into_response(),
        }
    }

    fn respond(self, known: bool) -> Result<Response, http::header::InvalidHeaderValue> {
        let body = match (known, self.content) {
            (true, _) => Body::empty(),
            (false, Cow::Borrowed(bytes)) => Body::from(Bytes::from_static(bytes)),
            (false, Cow::Owned(bytes)) => Body::from(bytes),
        };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(ETAG, HeaderValue::from_str(&self.tag)?);
        headers.insert(
            CACHE_CONTROL,
            HeaderValue::from_static(match self.caching {
                #[cfg(feature = "web")]
                Caching::Immutable => "public, max-age=31536000, immutable",
                Caching::Revalidate => "no-cache",
            }),
        );
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(&self.content_type)?);
        }
        Ok(response)
    }
}

/// A tag from a digest: its first half is plenty.
pub(crate) fn tag(digest: &[u8]) -> String {
    format!("\"{}\"", hex::encode(digest.get(..16).unwrap_or(digest)))
}
