//! Pictures of QR codes, as JPEG.

use qrcode::QrCode;

/// Light modules around the code.
const QUIET: usize = 4;
/// JPEG blocks (of 8 × 8 pixels) along the side of a module, unless a width is asked for.
const BLOCKS: usize = 2;

/// A grey JPEG of a code, 16 pixels to a module.
pub(crate) fn jpeg(code: &QrCode) -> Vec<u8> {
    draw(code, BLOCKS)
}

/// A grey JPEG of a text as a code, about so many pixels wide; `None` for more text than a code can hold.
pub(crate) fn code_of(text: &str, width: u32) -> Option<Vec<u8>> {
    let code = QrCode::new(text.as_bytes()).ok()?;
    let module = (code.width() + 2 * QUIET) * 8;
    let width = usize::try_from(width).ok()?;
    Some(draw(&code, (width + module / 2).checked_div(module)?.max(1)))
}

/// Every block is all light or all dark, so each is one number: the difference of its mean to that of the block before.
fn draw(code: &QrCode, blocks: usize) -> Vec<u8> {
    let modules = code.width() + 2 * QUIET;
    let side = u16::try_from(modules * blocks * 8).unwrap_or(u16::MAX).to_be_bytes();
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
    for y in 0..modules * blocks {
        for x in 0..modules * blocks {
            let now = is_dark(x / blocks, y / blocks);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The blocks of such a picture, dark or not, read back bit by bit.
    fn blocks(jpeg: &[u8], count: usize) -> Vec<bool> {
        let scan = jpeg.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap() + 10;
        let coded = &jpeg[scan..jpeg.len() - 2];
        let unstuffed = coded.iter().enumerate().filter(|(at, byte)| **byte != 0 || *at == 0 || coded[at - 1] != 0xff);
        let bits: Vec<u8> = unstuffed.flat_map(|(_, byte)| (0..8).rev().map(move |bit| (byte >> bit) & 1)).collect();
        let (mut at, mut level, mut dark) = (0, 0, Vec::new());
        let mut take = |n: usize| {
            at += n;
            bits[at - n..at].iter().fold(0_i32, |number, bit| number * 2 + i32::from(*bit))
        };
        for _ in 0..count {
            // `0`, `10` or `110`.
            let length: usize = match (0..3).take_while(|_| take(1) == 1).count() {
                0 => 0,
                1 => 8,
                _ => 7,
            };
            let number = take(length);
            // A number whose first bit is not set counts downwards.
            level += if length > 0 && number >> (length - 1) == 0 { number - (1 << length) + 1 } else { number };
            assert_eq!(take(1), 0, "no detail inside a block");
            assert!(level == 127 || level == -128, "{level}");
            dark.push(level < 0);
        }
        let rest = bits.len() - at;
        assert!(rest < 8 && bits[at..].iter().all(|bit| *bit == 1), "the last byte is filled with ones");
        dark
    }

    #[test]
    fn the_picture_is_the_code() {
        let code = QrCode::new(b"http://weixin.qq.com/q/mQIlbEASKCiGYF7V5LHGJH").unwrap();
        let jpeg = jpeg(&code);
        let side = (code.width() + 2 * QUIET) * BLOCKS;
        let size = u16::try_from(side * 8).unwrap().to_be_bytes();
        assert!(jpeg.windows(4).any(|bytes| bytes == [size, size].concat()), "height and width");
        let dark = blocks(&jpeg, side * side);
        let colours = code.to_colors();
        for y in 0..side {
            for x in 0..side {
                let (mx, my) = ((x / BLOCKS).wrapping_sub(QUIET), (y / BLOCKS).wrapping_sub(QUIET));
                let inside = mx < code.width() && my < code.width();
                let expected = inside && colours[my * code.width() + mx] == qrcode::Color::Dark;
                assert_eq!(dark[y * side + x], expected, "{x} {y}");
            }
        }
    }
    #[test]
    fn a_picture_is_about_as_wide_as_asked_for() {
        let width = |asked| {
            let jpeg = code_of("weixin://dl/business/?appid=wx2222222222222222", asked).unwrap();
            let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
            u32::from(u16::from_be_bytes([jpeg[frame + 7], jpeg[frame + 8]]))
        };
        for asked in [280, 430, 1280] {
            assert!(width(asked).abs_diff(asked) <= 164, "{asked}: {}", width(asked));
        }
        assert!(code_of(&"x".repeat(5000), 430).is_none());
    }
}
