//! The bytes that fill a text up to whole blocks: as many as are missing, each saying how many (PKCS#7).

use subtle::{ConstantTimeEq as _, ConstantTimeGreater as _};

/// How many bytes of fill the text ends with, when it is 1 to `BLOCK` and all of them say so.
///
/// Looks at the whole last block in any case, so that time tells nothing about where it went wrong.
pub(crate) fn length<const BLOCK: usize>(text: &[u8]) -> Option<usize> {
    let tail: &[u8; BLOCK] = text.last_chunk()?;
    let fill = *tail.last()?;
    let most = u8::try_from(BLOCK).ok()?;
    // Bit by bit, without looking at what comes out, so that many bytes are compared at once.
    let wrong = tail.iter().rev().zip(1_u8..).fold(0, |wrong, (byte, distance)| {
        let is_fill = u8::from(distance <= fill).wrapping_neg();
        wrong | (is_fill & (byte ^ fill))
    });
    let right = fill.ct_gt(&0) & !fill.ct_gt(&most) & wrong.ct_eq(&0);
    bool::from(right).then_some(fill.into())
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn every_right_fill_is_measured() {
        for fill in 1..=32_u8 {
            let mut text = vec![0xff; 64 - usize::from(fill)];
            text.resize(64, fill);
            assert_eq!(length::<32>(&text), Some(usize::from(fill)));
            assert_eq!(length::<16>(&text), (fill <= 16).then_some(usize::from(fill)));
        }
    }

    #[test]
    fn one_wrong_byte_anywhere_in_the_fill_is_noticed() {
        for fill in 2..=32_u8 {
            for wrong in 0..usize::from(fill) {
                let mut text = vec![0xff; 64 - usize::from(fill)];
                text.resize(64, fill);
                let at = 64 - usize::from(fill) + wrong;
                text[at] ^= 0x40;
                assert_eq!(length::<32>(&text), None, "fill {fill}, byte {wrong}");
            }
        }
    }

    #[test]
    fn no_fill_and_too_much_of_it_are_refused() {
        for fill in [0, 33, 64, 128, 255] {
            assert_eq!(length::<32>(&[fill; 256]), None, "{fill}");
        }
        assert_eq!(length::<32>(&[31; 31]), None);
        assert_eq!(length::<32>(&[]), None);
    }
}
