//! Files that go up and come down.

use std::fmt;

use bytes::Bytes;
use serde::de::{Deserialize, Deserializer, Error};

/// A file: a picture, a voice, a video.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Its name. WeChat takes no upload without one, and shows it nowhere.
    pub filename: String,
    /// Its media type, for instance `image/jpeg`. WeChat looks at the content instead.
    pub content_type: String,
    /// Its content.
    pub bytes: Bytes,
}

impl File {
    /// A file of this name, media type and content.
    pub fn new(filename: impl Into<String>, content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { filename: filename.into(), content_type: content_type.into(), bytes: bytes.into() }
    }

    /// The file as the part of a form that WeChat reads uploads from.
    #[must_use]
    pub fn as_media(&self) -> Part<'_> {
        Part { name: "media", filename: Some(&self.filename), content_type: &self.content_type, bytes: &self.bytes }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("filename", &self.filename)
            .field("content_type", &self.content_type)
            .field("length", &self.bytes.len())
            .finish()
    }
}

/// Never succeeds: where WeChat promises a file, JSON is none.
impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("JSON where a file was promised"))
    }
}

/// One part of a `multipart/form-data` body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Name of the form field.
    pub name: &'static str,
    /// Name of the file; `None` for a plain field.
    pub filename: Option<&'a str>,
    /// Media type; of a plain field nothing is sent.
    pub content_type: &'a str,
    /// Content.
    pub bytes: &'a [u8],
}
