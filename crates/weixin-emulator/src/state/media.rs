//! Uploaded files: temporary media for three days, permanent material until deleted.

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// What a file is to WeChat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MediaKind {
    Image,
    Voice,
    Video,
    Thumb,
    /// A picture for the body of an article: it has an address and no id.
    Picture,
}

/// Where a file goes; the two take other formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    Temporary,
    Permanent,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// 40005.
    Format,
    /// 40009 and its neighbours.
    Size,
}

const MIB: usize = 1024 * 1024;

impl MediaKind {
    /// The kind of this name, as in `type=`.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "image" => Some(Self::Image),
            "voice" => Some(Self::Voice),
            "video" => Some(Self::Video),
            "thumb" => Some(Self::Thumb),
            _ => None,
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Thumb => "thumb",
            Self::Picture => "picture",
        }
    }

    fn limit(self) -> usize {
        match self {
            Self::Image | Self::Video => 10 * MIB,
            Self::Voice => 2 * MIB,
            Self::Thumb => 64 * 1024,
            Self::Picture => MIB,
        }
    }

    fn takes(self, format: Format, store: Store) -> bool {
        let permanent = store == Store::Permanent;
        match self {
            Self::Image => {
                matches!(format, Format::Jpeg | Format::Png | Format::Gif) || permanent && format == Format::Bmp
            }
            Self::Voice => {
                matches!(format, Format::Amr | Format::Mp3) || permanent && matches!(format, Format::Wma | Format::Wav)
            }
            Self::Video => format == Format::Mp4,
            Self::Thumb => format == Format::Jpeg,
            Self::Picture => matches!(format, Format::Jpeg | Format::Png),
        }
    }

    /// Whether a file is of a format and size for this kind.
    pub(crate) fn check(self, bytes: &[u8], store: Store) -> Result<Format, Unfit> {
        let format = Format::of(bytes).filter(|format| self.takes(*format, store)).ok_or(Unfit::Format)?;
        if bytes.len() > self.limit() { Err(Unfit::Size) } else { Ok(format) }
    }
}

/// A format, seen by the first bytes; WeChat too looks at these and not at the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    Gif,
    Bmp,
    Amr,
    Mp3,
    Wma,
    Wav,
    Mp4,
}

impl Format {
    /// What these bytes begin as.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let begins: [(&[u8], Self); 11] = [
            (b"\xff\xd8\xff", Self::Jpeg),
            (b"\x89PNG\r\n\x1a\n", Self::Png),
            (b"GIF8", Self::Gif),
            (b"BM", Self::Bmp),
            (b"#!AMR", Self::Amr),
            (b"ID3", Self::Mp3),
            (b"\xff\xfb", Self::Mp3),
            (b"\xff\xf3", Self::Mp3),
            (b"\xff\xf2", Self::Mp3),
            (b"\x30\x26\xb2\x75", Self::Wma),
            (b"RIFF", Self::Wav),
        ];
        if bytes.get(4..8) == Some(b"ftyp".as_slice()) {
            return Some(Self::Mp4);
        }
        begins.into_iter().find(|(head, _)| bytes.starts_with(head)).map(|(_, format)| format)
    }

    /// Its media type.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Amr => "voice/amr",
            Self::Mp3 => "audio/mpeg",
            Self::Wma => "audio/x-ms-wma",
            Self::Wav => "audio/wav",
            Self::Mp4 => "video/mp4",
        }
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Media {
    pub(crate) media_id: String,
    pub(crate) app_id: String,
    pub(crate) kind: MediaKind,
    pub(crate) filename: String,
    #[serde(with = "base64_text")]
    pub(crate) bytes: Vec<u8>,
    pub(crate) created_ms: i64,
    /// `None`: permanent.
    pub(crate) expires_ms: Option<i64>,
    /// Of a permanent video.
    #[serde(default)]
    pub(crate) title: String,
    /// Of a permanent video.
    #[serde(default)]
    pub(crate) introduction: String,
}

/// A file to keep.
pub(crate) struct NewMedia<'a> {
    pub(crate) app_id: &'a str,
    pub(crate) kind: MediaKind,
    pub(crate) filename: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) title: String,
    pub(crate) introduction: String,
}

/// Temporary files kept per account; the oldest make room before their time.
const KEPT: usize = 200;

/// All files, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct MediaShelf {
    files: Vec<Media>,
}

impl MediaShelf {
    /// Keeps a file, for `lifetime_s` seconds or for good; gives its id.
    pub(crate) fn add(
        &mut self,
        new: NewMedia<'_>,
        lifetime_s: Option<i64>,
        random: &mut Random,
        now_ms: i64,
    ) -> String {
        self.files.retain(|file| file.expires_ms.is_none_or(|at_ms| at_ms > now_ms));
        let temporary = |file: &Media| file.expires_ms.is_some() && file.app_id == new.app_id;
        if lifetime_s.is_some()
            && self.files.iter().filter(|file| temporary(file)).count() >= KEPT
            && let Some(oldest) = self.files.iter().position(temporary)
        {
            self.files.remove(oldest);
        }
        let media_id = random.token(64);
        self.files.push(Media {
            media_id: media_id.clone(),
            app_id: new.app_id.to_owned(),
            kind: new.kind,
            filename: new.filename,
            bytes: new.bytes,
            created_ms: now_ms,
            expires_ms: lifetime_s.map(|seconds| now_ms + seconds * 1000),
            title: new.title,
            introduction: new.introduction,
        });
        media_id
    }

    /// The file with this id, temporary or permanent, while it lives.
    pub(crate) fn find(&self, app_id: &str, media_id: &str, now_ms: i64) -> Option<&Media> {
        let file = self.files.iter().find(|file| file.app_id == app_id && file.media_id == media_id)?;
        file.expires_ms.is_none_or(|at_ms| at_ms > now_ms).then_some(file)
    }

    /// The file with this id, whoever it belongs to: addresses of files need no token.
    pub(crate) fn by_id(&self, media_id: &str) -> Option<&Media> {
        self.files.iter().find(|file| file.media_id == media_id)
    }

    /// Permanent material of an account, newest first.
    pub(crate) fn permanent<'a>(&'a self, app_id: &'a str) -> impl Iterator<Item = &'a Media> {
        self.files
            .iter()
            .rev()
            .filter(move |file| file.app_id == app_id && file.expires_ms.is_none() && file.kind != MediaKind::Picture)
    }

    /// Deletes a permanent file; whether there was one.
    pub(crate) fn delete(&mut self, app_id: &str, media_id: &str) -> bool {
        let before = self.files.len();
        self.files.retain(|file| file.app_id != app_id || file.media_id != media_id || file.expires_ms.is_some());
        self.files.len() < before
    }
}

/// Bytes as Base64 text in snapshots.
mod base64_text {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;

    fn new(app_id: &str) -> NewMedia<'_> {
        NewMedia {
            app_id,
            kind: MediaKind::Image,
            filename: "a.jpg".to_owned(),
            bytes: vec![0xff, 0xd8, 0xff, 0xe0],
            title: String::new(),
            introduction: String::new(),
        }
    }

    #[test]
    fn temporary_files_live_three_days_and_belong_to_one_account() {
        let (mut shelf, mut random) = (MediaShelf::default(), Random::new(1));
        let id = shelf.add(new("wx1"), Some(3 * 86_400), &mut random, 0);
        assert!(shelf.find("wx1", &id, 3 * DAY_MS - 1).is_some());
        assert!(shelf.find("wx1", &id, 3 * DAY_MS).is_none());
        assert!(shelf.find("wx2", &id, 0).is_none());
        assert!(!shelf.delete("wx1", &id), "only permanent ones are deleted");
        let kept = shelf.add(new("wx1"), None, &mut random, 4 * DAY_MS);
        assert_eq!(shelf.files.len(), 1, "the expired one is gone");
        assert!(shelf.find("wx1", &kept, i64::MAX).is_some());
        assert!(shelf.delete("wx1", &kept) && !shelf.delete("wx1", &kept));
    }

    #[test]
    fn formats_and_sizes_are_checked_by_kind() {
        let check = |kind: MediaKind, head: &[u8], length: usize, store| {
            let mut bytes = head.to_vec();
            bytes.resize(length, 0);
            kind.check(&bytes, store)
        };
        use MediaKind::{Image, Thumb, Video, Voice};
        use Store::{Permanent, Temporary};
        assert_eq!(check(Image, b"GIF89a", 10, Temporary), Ok(Format::Gif));
        assert_eq!(check(Image, b"BM", 10, Temporary), Err(Unfit::Format));
        assert_eq!(check(Image, b"BM", 10, Permanent), Ok(Format::Bmp));
        assert_eq!(check(Image, b"\xff\xd8\xff", 10 * MIB, Temporary), Ok(Format::Jpeg));
        assert_eq!(check(Image, b"\xff\xd8\xff", 10 * MIB + 1, Temporary), Err(Unfit::Size));
        assert_eq!(check(Voice, b"#!AMR\n", 2 * MIB + 1, Temporary), Err(Unfit::Size));
        assert_eq!(check(Voice, b"RIFF", 10, Temporary), Err(Unfit::Format));
        assert_eq!(check(Voice, b"RIFF", 10, Permanent), Ok(Format::Wav));
        assert_eq!(check(Video, b"\0\0\0\x18ftypmp42", 100, Temporary), Ok(Format::Mp4));
        assert_eq!(check(Thumb, b"\xff\xd8\xff", 64 * 1024 + 1, Temporary), Err(Unfit::Size));
        assert_eq!(check(Thumb, b"\x89PNG\r\n\x1a\n", 20, Temporary), Err(Unfit::Format));
        assert_eq!(check(Image, b"<html>", 20, Temporary), Err(Unfit::Format));
    }

    #[test]
    fn files_survive_a_snapshot() {
        let (mut shelf, mut random) = (MediaShelf::default(), Random::new(1));
        let id = shelf.add(new("wx1"), None, &mut random, 0);
        let text = serde_json::to_string(&shelf).unwrap();
        let back: MediaShelf = serde_json::from_str(&text).unwrap();
        assert_eq!(back.find("wx1", &id, 0), shelf.find("wx1", &id, 0));
    }
}
