//! Ids that depend only on names: the same persona has the same openid in every run.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha1::{Digest, Sha1};

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha1::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

fn head(text: &str, n: usize) -> String {
    text.chars().take(n).collect()
}

/// 28 characters beginning with `o`; the next five are common to all people of one account, as with real openids.
pub(crate) fn openid(app_id: &str, persona: &str) -> String {
    format!("o{}{}", head(&digest(&["account", app_id]), 5), head(&digest(&["openid", app_id, persona]), 22))
}

/// 28 characters beginning with `o`, one per person and open-platform group.
pub(crate) fn unionid(group: &str, persona: &str) -> String {
    format!("o{}{}", head(&digest(&["group", group]), 5), head(&digest(&["unionid", group, persona]), 22))
}

/// 28 characters beginning with `G`: who a person is to a plugin.
pub(crate) fn openpid(app_id: &str, persona: &str) -> String {
    format!("G{}", head(&digest(&["openpid", app_id, persona]), 27))
}

/// The account's original id: `gh_` and twelve hexadecimal digits.
pub(crate) fn original_id(app_id: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(b"original-id\0");
    hash.update(app_id.as_bytes());
    format!("gh_{}", head(&hex::encode(hash.finalize()), 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openids_have_the_real_shape_and_are_stable() {
        let a = openid("wx1111111111111111", "xiaoming");
        assert_eq!(a, openid("wx1111111111111111", "xiaoming"));
        assert_eq!(a.len(), 28);
        assert!(a.starts_with('o'));
        let b = openid("wx1111111111111111", "xiaohong");
        assert_eq!(a.get(..6), b.get(..6), "one account, one beginning");
        assert_ne!(a, b);
        assert_ne!(a, openid("wx2222222222222222", "xiaoming"));
        assert_eq!(unionid("g", "xiaoming").len(), 28);
    }

    #[test]
    fn original_ids_have_fifteen_characters() {
        assert_eq!(original_id("wx1111111111111111").len(), 15);
    }
}
