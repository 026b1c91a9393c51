//! What a mini program gets about a person beside the session key: encrypted data, keys of their own, payments.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::random::Random;

/// How long a key of a person is good.
const KEY_LIFE_MS: i64 = 3600 * 1000;
/// Keys that are listed.
const KEYS_LISTED: usize = 3;
/// How long encrypted phone numbers are remembered.
const SEALED_MS: i64 = 3 * 86_400_000;
/// How long after a payment the unionid may be asked for.
const PAID_MS: i64 = 5 * 60_000;

/// One key shared with a person's mini program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UserKey {
    pub(crate) key: String,
    pub(crate) iv: String,
    pub(crate) version: u64,
    pub(crate) created_ms: i64,
}

impl UserKey {
    /// Seconds it is still good for.
    pub(crate) fn life_s(&self, now_ms: i64) -> i64 {
        (self.created_ms + KEY_LIFE_MS - now_ms).div_euclid(1000).max(0)
    }
}

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) app_id: String,
    pub(crate) persona: String,
    pub(crate) transaction_id: String,
    pub(crate) mch_id: String,
    pub(crate) out_trade_no: String,
    pub(crate) paid_ms: i64,
}

/// All of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct OpenData {
    /// By openid, the newest first.
    keys: BTreeMap<String, Vec<UserKey>>,
    /// When data with a phone number was made, by SHA-256 in hexadecimal digits.
    sealed: BTreeMap<String, i64>,
    payments: Vec<Payment>,
}

impl OpenData {
    /// The last keys of a person, the newest first; a new one when that is past its hour.
    pub(crate) fn keys(&mut self, openid: &str, random: &mut Random, now_ms: i64) -> &[UserKey] {
        let keys = self.keys.entry(openid.to_owned()).or_default();
        if keys.first().is_none_or(|key| key.life_s(now_ms) == 0) {
            let version = keys.first().map_or(1, |key| key.version + 1);
            let (key, iv) = (STANDARD.encode(random.bytes(16)), random.hex(16));
            keys.insert(0, UserKey { key, iv, version, created_ms: now_ms });
            keys.truncate(KEYS_LISTED);
        }
        keys
    }

    /// Encrypted data with a phone number was made.
    pub(crate) fn remember_sealed(&mut self, hash: String, now_ms: i64) {
        self.sealed.retain(|_, made_ms| now_ms - *made_ms < SEALED_MS);
        self.sealed.insert(hash, now_ms);
    }

    /// When data with this hash was made, within the last three days.
    pub(crate) fn sealed_at(&self, hash: &str, now_ms: i64) -> Option<i64> {
        self.sealed.get(hash).copied().filter(|made_ms| now_ms - made_ms < SEALED_MS)
    }

    /// A person paid.
    pub(crate) fn pay(&mut self, payment: Payment) {
        self.payments.push(payment);
    }

    /// Whether this person made this payment within the last five minutes.
    pub(crate) fn paid(&self, now_ms: i64, fits: impl Fn(&Payment) -> bool) -> bool {
        self.payments.iter().any(|payment| now_ms - payment.paid_ms < PAID_MS && fits(payment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_lasts_an_hour_and_the_last_three_are_listed() {
        let (mut data, mut random) = (OpenData::default(), Random::new(1));
        let mut versions = Vec::new();
        for hour in 0..4 {
            versions = data.keys("o", &mut random, hour * KEY_LIFE_MS).iter().map(|key| key.version).collect();
            assert_eq!(data.keys("o", &mut random, hour * KEY_LIFE_MS + 1).first().unwrap().version, versions[0]);
        }
        assert_eq!(versions, [4, 3, 2]);
        let lives: Vec<_> =
            data.keys("o", &mut random, 3 * KEY_LIFE_MS).iter().map(|key| key.life_s(3 * KEY_LIFE_MS)).collect();
        assert_eq!(lives, [3600, 0, 0]);
    }

    #[test]
    fn sealed_numbers_are_known_for_three_days_and_payments_for_five_minutes() {
        let mut data = OpenData::default();
        data.remember_sealed("h".into(), 0);
        assert_eq!((data.sealed_at("h", SEALED_MS - 1), data.sealed_at("h", SEALED_MS)), (Some(0), None));
        let payment = Payment {
            app_id: "wx2".into(),
            persona: "p".into(),
            transaction_id: "t".into(),
            mch_id: "m".into(),
            out_trade_no: "n".into(),
            paid_ms: 0,
        };
        data.pay(payment);
        assert!(data.paid(PAID_MS - 1, |payment| payment.transaction_id == "t"));
        assert!(!data.paid(PAID_MS, |payment| payment.transaction_id == "t"));
        assert!(!data.paid(0, |payment| payment.transaction_id == "u"));
    }
}
