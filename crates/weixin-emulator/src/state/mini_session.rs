//! Session keys of mini-program users: one valid key per person and mini program.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::random::Random;
use crate::settings::Settings;

/// One session key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MiniSession {
    pub(crate) session_key: String,
    pub(crate) made_ms: i64,
    pub(crate) used_ms: i64,
}

/// Exchanges of one person in the current minute.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Pace {
    minute: i64,
    count: u32,
}

/// All session keys, by openid.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct MiniSessions {
    sessions: BTreeMap<String, MiniSession>,
    pace: BTreeMap<String, Pace>,
}

impl MiniSessions {
    /// `wx.login`: rotates the key when it is older than the setting's age; otherwise leaves it.
    pub(crate) fn login(&mut self, openid: &str, settings: &Settings, random: &mut Random, now_ms: i64) -> String {
        let keep = self.sessions.get_mut(openid).filter(|session| {
            now_ms - session.made_ms < settings.session_key_min_age_s * 1000
                && now_ms - session.used_ms < settings.session_key_idle_s * 1000
        });
        if let Some(session) = keep {
            session.used_ms = now_ms;
            return session.session_key.clone();
        }
        let session_key = STANDARD.encode(random.bytes(16));
        let session = MiniSession { session_key: session_key.clone(), made_ms: now_ms, used_ms: now_ms };
        self.sessions.insert(openid.to_owned(), session);
        session_key
    }

    /// The valid key of this person, which being asked for counts as use.
    pub(crate) fn valid(&mut self, openid: &str, settings: &Settings, now_ms: i64) -> Option<String> {
        let session = self.sessions.get_mut(openid)?;
        if now_ms - session.used_ms >= settings.session_key_idle_s * 1000 {
            return None;
        }
        session.used_ms = now_ms;
        Some(session.session_key.clone())
    }

    /// When this person last used the mini program, as far as its server knows.
    pub(crate) fn used_ms(&self, openid: &str) -> Option<i64> {
        self.sessions.get(openid).map(|session| session.used_ms)
    }

    /// A new key for this person; the old one is dead at once and the age is kept.
    pub(crate) fn reset(&mut self, openid: &str, random: &mut Random) -> Option<String> {
        let session = self.sessions.get_mut(openid)?;
        session.session_key = STANDARD.encode(random.bytes(16));
        Some(session.session_key.clone())
    }

    /// Counts an exchange; `false` when the person's minute is full.
    pub(crate) fn may_exchange(&mut self, openid: &str, settings: &Settings, now_ms: i64) -> bool {
        let minute = now_ms.div_euclid(60_000);
        let pace = self.pace.entry(openid.to_owned()).or_default();
        if pace.minute != minute {
            *pace = Pace { minute, count: 0 };
        }
        pace.count += 1;
        pace.count <= settings.jscode2session_per_user_minute
    }

    /// How many people have a key.
    pub(crate) fn len(&self) -> usize {
        self.sessions.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_close_together_share_a_key_and_later_ones_rotate_it() {
        let (mut sessions, settings, mut random) = (MiniSessions::default(), Settings::default(), Random::new(1));
        let first = sessions.login("o", &settings, &mut random, 0);
        assert!(first.len() == 24 && first.ends_with("=="));
        assert_eq!(sessions.login("o", &settings, &mut random, 599_999), first);
        let second = sessions.login("o", &settings, &mut random, 600_000);
        assert_ne!(second, first);
        assert_eq!(sessions.valid("o", &settings, 600_001), Some(second));
        assert_eq!(sessions.valid("o", &settings, 600_001 + 3 * 86_400_000), None, "idle for three days");
        assert_eq!(sessions.valid("nobody", &settings, 0), None);
    }

    #[test]
    fn the_hundred_and_first_exchange_of_a_minute_waits() {
        let (mut sessions, settings) = (MiniSessions::default(), Settings::default());
        assert!((0..100).all(|_| sessions.may_exchange("o", &settings, 0)));
        assert!(!sessions.may_exchange("o", &settings, 59_999));
        assert!(sessions.may_exchange("o", &settings, 60_000));
    }
}
