//! `/cgi-bin/showqrcode`: the picture of a QR code with a scene, a JPEG as WeChat serves it.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use qrcode::QrCode;
use serde::Deserialize;

use super::assets;
use crate::engine::Engine;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    ticket: String,
}

/// No token is needed; an unknown or dead ticket is 404.
pub(crate) async fn show(State(engine): State<Arc<Engine>>, Query(asked): Query<Asked>) -> Response {
    let Some(url) = engine.qr_code_url(&asked.ticket) else { return StatusCode::NOT_FOUND.into_response() };
    match QrCode::new(url.as_bytes()) {
        Ok(code) => assets::file("image/jpg", jpeg(&code)),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Light modules around the code.
const QUIET: usize = 4;
/// JPEG blocks (of 8 × 8 pixels) along the side of a module.
const BLOCKS: usize = 2;

/// A grey JPEG of modules. Every block is all light or all dark, so each is one number: the difference of its mean to
/// that of the block before.
fn jpeg(code: &QrCode) -> Vec<u8> {
    let modules = code.width() + 2 * QUIET;
    let side = u16::try_from(modules * BLOCKS * 8).unwrap_or(u16::MAX).to_be_bytes();
    let mut out = vec![0xff, 0xd8];
    segment(&mut out, 0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    // Quantization: a block's first number counts its mean in steps of one.
    segment(&mut out, 0xdb, &[&[0][..], &[8; 64]].concat());
    segment(&mut out, 0xc0, &[&[8][..], &side, &side, &[1, 1, 0x11, 0]].concat());
    // Differences have 0, 8 or 7 bits: `0`, `10`, `110`. Nothing else follows: `0`.
    segment(&mut out, 0xc4, &[&[0x00, 1, 1, 1][..], &[0; 13], &[0, 8, 7]].concat());
    segment(&mut out, 0xc4, &[&[0x10, 1][..], &[0; 15], &[0]].concat());
    segment(&mut out, 0xda, &[1, 1, 0x00, 0, 63, 0]);

    let dark: Vec<bool> = code.to_colors().into_iter().map(|colour| colour == qrcode::Color::Dark).collect();
    let is_dark = |x: usize, y: usize| {
        let (x, y) = (x.checked_sub(QUIET), y.checked_sub(QUIET));
        let inside = x.zip(y).filter(|(x, y)| *x < code.width() && *y < code.width());
        inside.and_then(|(x, y)| dark.get(y * code.width() + x)).copied().unwrap_or(false)
    };
    let mut bits = Bits { out, pending: 0, count: 0 };
    let mut before = None;
    for y in 0..modules * BLOCKS {
        for x in 0..modules * BLOCKS {
            let now = is_dark(x / BLOCKS, y / BLOCKS);
            match (before, now) {
                // Light is 127 above the middle, dark 128 below: 255 apart.
                (None, _) => bits.push(0b11_0111_1111, 10),
                (Some(false), true) => bits.push(0b10_0000_0000, 10),
                (Some(true), false) => bits.push(0b10_1111_1111, 10),
                _ => bits.push(0, 1),
            }
            bits.push(0, 1);
            before = Some(now);
        }
    }
    let mut out = bits.finish();
    out.extend([0xff, 0xd9]);
    out
}

fn segment(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    out.extend([0xff, marker]);
    out.extend(u16::try_from(content.len() + 2).unwrap_or(u16::MAX).to_be_bytes());
    out.extend(content);
}

/// Bits into bytes, the highest first; a byte of ones is followed by an empty one.
struct Bits {
    out: Vec<u8>,
    pending: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, bits: u32, count: u32) {
        self.pending = (self.pending << count) | bits;
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = u8::try_from((self.pending >> self.count) & 0xff).unwrap_or_default();
            self.out.push(byte);
            if byte == 0xff {
                self.out.push(0);
            }
        }
        self.pending &= (1 << self.count) - 1;
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            let missing = 8 - self.count;
            self.push((1 << missing) - 1, missing);
        }
        self.out
    }
}
