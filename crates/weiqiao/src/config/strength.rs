//! What a secret must be before it may guard anything.

use std::collections::HashMap;

use super::reader::Expected;

/// Settings of the playground, known to everybody: fine in open mode, refused in strict mode.
pub(super) const DEVELOPMENT_JWT_SECRET: &str = "weiqiao-development-only-jwt-secret-that-everybody-knows";
pub(super) const DEVELOPMENT_SESSION_SECRET: &str = "weiqiao-development-only-session-secret-that-everybody-knows";

/// Words that stand in samples, tutorials and on keyboards. A secret that contains one was written by hand or copied.
const SAMPLES: [&str; 22] = [
    "changeme",
    "change_me",
    "change-me",
    "changethis",
    "secret",
    "password",
    "passw0rd",
    "example",
    "sample",
    "placeholder",
    "your_",
    "your-",
    "yourown",
    "qwerty",
    "asdfgh",
    "letmein",
    "test_",
    "test-",
    "testtest",
    "123456789",
    "abcdefgh",
    "xxxxxx",
];

/// Least bits a chosen key must have, by counting its characters. Random keys of 32 hex digits reach 110.
const LEAST_BITS: f64 = 90.0;

/// Checks a key the operator chose: long enough, not a sample, not a pattern.
pub(super) fn chosen_key(text: &str) -> Result<(), Expected> {
    const MAKE_ONE: (&str, &str) = ("生成一个：openssl rand -base64 32", "Make one: openssl rand -base64 32");
    let wrong =
        |zh: &str, en: &str| Err(Expected::new(format!("{zh}。{}", MAKE_ONE.0), format!("{en}. {}", MAKE_ONE.1)));
    if text.len() < 32 {
        return wrong("太短：至少 32 个字符", "is too short: at least 32 characters");
    }
    if is_sample(text) {
        return wrong("是示例或常见的值，人人都能猜到", "is a sample or common value that anybody can guess");
    }
    if is_pattern(text) || bits(text) < LEAST_BITS {
        return wrong("太有规律，容易被猜到", "is too regular and can be guessed");
    }
    Ok(())
}

/// Checks a credential that WeChat made or that is typed into its console: it must not be a placeholder.
pub(super) fn given_by_wechat(text: &str) -> Result<(), Expected> {
    if is_placeholder(text) || is_pattern(text) {
        return Err(Expected::new(
            "是占位的示例值；请填公众平台上的真实值",
            "is a placeholder; use the real value from WeChat's console",
        ));
    }
    Ok(())
}

/// Checks the first password of staff as the sign-in will: 12 to 128 characters, not one that everybody tries first.
pub(super) fn password(text: &str, username: &str) -> Result<(), Expected> {
    let characters = text.chars().count();
    if !(12..=128).contains(&characters) {
        return Err(Expected::new("应当有 12 到 128 个字符。", "must have 12 to 128 characters."));
    }
    let lower = text.to_lowercase();
    if is_sample(text) || is_pattern(text) || (username.len() >= 4 && lower.contains(&username.to_lowercase())) {
        return Err(Expected::new(
            "是常见的密码，或含有用户名；请换一个，例如几个不相干的词。",
            "is a common password or contains the user name; use another, such as some unrelated words.",
        ));
    }
    Ok(())
}

fn is_sample(text: &str) -> bool {
    let lower = text.to_lowercase();
    SAMPLES.iter().any(|sample| lower.contains(sample)) || is_placeholder(text)
}

fn is_placeholder(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let marked = [('<', '>'), ('{', '}'), ('[', ']')]
        .iter()
        .any(|(open, close)| lower.starts_with(*open) && lower.ends_with(*close));
    marked
        || ["your", "xxxx", "changeme", "example", "placeholder", "todo", "appsecret", "app_secret"]
            .iter()
            .any(|word| lower.starts_with(word))
        || ["token", "weixin", "wechat", "secret", "test", "123456", "12345678", "abc", "abc123"].contains(&&*lower)
}

/// One character or a short unit over and over, or characters in a row as on a keyboard or in the alphabet.
fn is_pattern(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 3 {
        return true;
    }
    let repeats = (1..=bytes.len() / 3).any(|unit| bytes.iter().zip(bytes.iter().skip(unit)).all(|(a, b)| a == b));
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let in_a_row = pairs.filter(|(a, b)| a.abs_diff(**b) <= 1).count();
    // Of random digits it is a fifth; more than half in one key of 230,000, two thirds in one of six billion.
    repeats || in_a_row * 3 > bytes.len() * 2
}

/// Shannon's measure of the characters, times their number: too kind to words, but zero for `aaaa`.
#[allow(clippy::cast_precision_loss)]
fn bits(text: &str) -> f64 {
    let mut counts: HashMap<char, u32> = HashMap::new();
    text.chars().for_each(|character| *counts.entry(character).or_default() += 1);
    let length = text.chars().count() as f64;
    counts.values().map(|count| f64::from(*count) * (length / f64::from(*count)).log2()).sum()
}

#[cfg(test)]
mod tests {
    use weiqiao_model::{SeededRng, random_alnum, random_bytes};

    use super::*;

    #[test]
    fn random_keys_pass() {
        let rng = SeededRng::new(7);
        for _ in 0..2_000 {
            let bytes = random_bytes::<32>(&rng);
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            for key in [hex.as_str(), hex.get(..32).unwrap(), &random_alnum(&rng, 32)] {
                assert!(chosen_key(key).is_ok(), "{key}");
            }
        }
        // Random, and half of it in a row.
        assert!(chosen_key("ccdcc018536788beffcde98accb45cfe").is_ok());
        let words = "correct horse battery staple with many umbrellas";
        assert!(chosen_key(words).is_ok());
    }

    #[test]
    fn short_sample_and_regular_keys_do_not() {
        for key in [
            "",
            "short",
            "0123456789abcdef0123456789abcde",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabcabcabcabcabcabcabc",
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "zyxwvutsrqponmlkjihgfedcba9876543210",
            "your-256-bit-secret-your-256-bit-secret",
            "change-me-change-me-change-me-change-me-x",
            "MySuperSecretKeyThatIsReallyVeryLong2024",
            "<put a long random value of your own here>",
            "0000000000000000000000000000000000000001",
            DEVELOPMENT_JWT_SECRET,
            DEVELOPMENT_SESSION_SECRET,
        ] {
            assert!(chosen_key(key).is_err(), "{key}");
        }
    }

    #[test]
    fn placeholders_are_told_from_what_wechat_gives() {
        let rng = SeededRng::new(3);
        for _ in 0..1_000 {
            assert!(given_by_wechat(&random_alnum(&rng, 32)).is_ok());
        }
        assert!(given_by_wechat("0a1b2c3d4e5f60718293a4b5c6d7e8f9").is_ok());
        for text in [
            "11111111111111111111111111111111",
            "your_app_secret",
            "xxxxxxxxxxxxxxxx",
            "<appsecret>",
            "token",
            "weixin",
            "ab",
        ] {
            assert!(given_by_wechat(text).is_err(), "{text}");
        }
    }

    #[test]
    fn passwords_are_long_and_not_the_first_to_be_tried() {
        assert!(password("three quiet green boats", "admin").is_ok());
        assert!(password("三条安静的绿色小船在湖上面", "admin").is_ok());
        for text in ["shortone", "password1234", "aaaaaaaaaaaa", "123456789012", "xx-ADMIN-xx-1", "qwertyuiop12"] {
            assert!(password(text, "admin").is_err(), "{text}");
        }
        assert!(password(&"long".repeat(40), "admin").is_err());
    }
}
