//! Small real files, for messages that hold some and were given none.

use crate::state::media::MediaKind;

/// One grey dot.
const PNG: &[u8] = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\
                     \x00\x01\x08\x00\x00\x00\x00\x3a\x7e\x9b\x55\x00\x00\x00\x0a\x49\x44\x41\x54\x78\x9c\x63\
                     \x68\x00\x00\x00\x82\x00\x81\x77\xcd\x72\xb6\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\
                     \x82";
/// The beginning of a voice and a frame without sound.
const AMR: &[u8] =
    b"#!AMR\n\x3c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\
                     \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00";
/// The beginning of a film.
const MP4: &[u8] = b"\x00\x00\x00\x14ftypisom\x00\x00\x02\x00isom";

/// A name and the bytes.
pub(super) fn of(kind: MediaKind) -> (&'static str, &'static [u8]) {
    match kind {
        MediaKind::Image | MediaKind::Thumb | MediaKind::Picture => ("picture.png", PNG),
        MediaKind::Voice => ("voice.amr", AMR),
        MediaKind::Video => ("video.mp4", MP4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::media::Format;

    #[test]
    fn they_are_what_they_say() {
        assert_eq!(Format::of(of(MediaKind::Image).1), Some(Format::Png));
        assert_eq!(Format::of(of(MediaKind::Voice).1), Some(Format::Amr));
        assert_eq!(Format::of(of(MediaKind::Video).1), Some(Format::Mp4));
    }
}
