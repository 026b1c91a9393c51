//! Access tokens: two independent lines per account, classic and stable, with generations and overlap.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::beijing_day;
use crate::random::Random;
use crate::settings::Settings;

/// Which of the two token APIs a token came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenLine {
    /// `/cgi-bin/token`.
    Classic,
    /// `/cgi-bin/stable_token`.
    Stable,
}

/// What a presented token turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenStatus {
    /// The latest of its line.
    Current,
    /// Replaced, but still inside the overlap.
    Overlap,
    /// Replaced and dead: 40001.
    Stale,
    /// Past its life: 42001.
    Expired,
    /// Never issued here: 40001.
    Unknown,
}

/// One issued token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) value: String,
    pub(crate) app_id: String,
    pub(crate) line: TokenLine,
    pub(crate) generation: u64,
    pub(crate) issued_ms: i64,
    pub(crate) expires_ms: i64,
    /// Set when a newer one exists: from this moment the token is dead.
    pub(crate) dead_ms: Option<i64>,
}

impl AccessToken {
    /// What presenting this token means now.
    pub(crate) fn status(&self, now_ms: i64) -> TokenStatus {
        match self.dead_ms {
            Some(dead) if dead <= now_ms => TokenStatus::Stale,
            _ if self.expires_ms <= now_ms => TokenStatus::Expired,
            Some(_) => TokenStatus::Overlap,
            None => TokenStatus::Current,
        }
    }

    /// Whole seconds until it expires.
    pub(crate) fn remaining_s(&self, now_ms: i64) -> i64 {
        (self.expires_ms - now_ms).max(0) / 1000
    }
}

/// One line of tokens of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Line {
    generation: u64,
    current: Option<String>,
    last_forced_ms: Option<i64>,
    forced_day: i64,
    forced_count: u32,
}

/// The answer to a token request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issued {
    pub(crate) value: String,
    pub(crate) expires_in_s: i64,
    pub(crate) generation: u64,
}

/// A forced stable refresh above the day's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ForcedTooOften;

/// Tokens remembered at most; the oldest are forgotten, and then unknown.
const KEPT: usize = 4096;

/// All tokens of all accounts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Tokens {
    issued: BTreeMap<String, AccessToken>,
    classic: BTreeMap<String, Line>,
    stable: BTreeMap<String, Line>,
}

impl Tokens {
    /// The token with this text, dead or alive.
    pub(crate) fn find(&self, value: &str) -> Option<&AccessToken> {
        self.issued.get(value)
    }

    /// Every token of an account that still opens something.
    pub(crate) fn alive<'a>(&'a self, app_id: &'a str, now_ms: i64) -> impl Iterator<Item = &'a AccessToken> {
        self.issued.values().filter(move |token| {
            token.app_id == app_id && matches!(token.status(now_ms), TokenStatus::Current | TokenStatus::Overlap)
        })
    }

    fn line(&mut self, line: TokenLine, app_id: &str) -> &mut Line {
        let lines = match line {
            TokenLine::Classic => &mut self.classic,
            TokenLine::Stable => &mut self.stable,
        };
        lines.entry(app_id.to_owned()).or_default()
    }

    fn current(&self, line: TokenLine, app_id: &str) -> Option<&AccessToken> {
        let lines = match line {
            TokenLine::Classic => &self.classic,
            TokenLine::Stable => &self.stable,
        };
        self.issued.get(lines.get(app_id)?.current.as_ref()?)
    }

    /// Issues the next token of a line. The former one dies `overlap_ms` from now, older ones at once.
    pub(crate) fn issue(
        &mut self,
        line: TokenLine,
        app_id: &str,
        overlap_ms: i64,
        settings: &Settings,
        random: &mut Random,
        now_ms: i64,
    ) -> Issued {
        let former = self.line(line, app_id).current.clone();
        for token in self.issued.values_mut().filter(|token| token.app_id == app_id && token.line == line) {
            let dies = if Some(&token.value) == former.as_ref() { now_ms + overlap_ms } else { now_ms };
            token.dead_ms = Some(token.dead_ms.map_or(dies, |already| already.min(dies)));
        }
        let prefix = u64::try_from(now_ms).unwrap_or_default() / 1_000_000_000 % 90 + 10;
        let value = format!("{prefix}_{}", random.token(settings.access_token_length.saturating_sub(3)));
        let state = self.line(line, app_id);
        state.generation += 1;
        state.current = Some(value.clone());
        let generation = state.generation;
        let expires_in_s = settings.access_token_lifetime_s;
        self.issued.insert(
            value.clone(),
            AccessToken {
                value: value.clone(),
                app_id: app_id.to_owned(),
                line,
                generation,
                issued_ms: now_ms,
                expires_ms: now_ms + expires_in_s * 1000,
                dead_ms: None,
            },
        );
        self.forget_oldest();
        Issued { value, expires_in_s, generation }
    }

    /// `/cgi-bin/token`: always a new token.
    pub(crate) fn classic(&mut self, app_id: &str, settings: &Settings, random: &mut Random, now_ms: i64) -> Issued {
        self.issue(TokenLine::Classic, app_id, settings.classic_overlap_s * 1000, settings, random, now_ms)
    }

    /// `/cgi-bin/stable_token`: the same token while it has life, a new one in its last minutes or by force.
    pub(crate) fn stable(
        &mut self,
        app_id: &str,
        force: bool,
        settings: &Settings,
        random: &mut Random,
        now_ms: i64,
    ) -> Result<Issued, ForcedTooOften> {
        let alive = self
            .current(TokenLine::Stable, app_id)
            .filter(|token| token.status(now_ms) == TokenStatus::Current)
            .map(|token| Issued {
                value: token.value.clone(),
                expires_in_s: token.remaining_s(now_ms),
                generation: token.generation,
            });
        if force {
            let line = self.line(TokenLine::Stable, app_id);
            let recent =
                line.last_forced_ms.is_some_and(|last| now_ms - last < settings.stable_force_interval_s * 1000);
            if let (true, Some(alive)) = (recent, alive) {
                return Ok(alive);
            }
            let today = beijing_day(now_ms);
            if line.forced_day != today {
                line.forced_day = today;
                line.forced_count = 0;
            }
            if line.forced_count >= settings.stable_force_per_day {
                return Err(ForcedTooOften);
            }
            line.forced_count += 1;
            line.last_forced_ms = Some(now_ms);
            return Ok(self.issue(TokenLine::Stable, app_id, 0, settings, random, now_ms));
        }
        match alive {
            Some(alive) if alive.expires_in_s > settings.stable_renew_window_s => Ok(alive),
            // The old one keeps its remaining life, at most the renewal window.
            _ => Ok(self.issue(
                TokenLine::Stable,
                app_id,
                settings.stable_renew_window_s * 1000,
                settings,
                random,
                now_ms,
            )),
        }
    }

    /// Generation of the latest token of a line, 0 before the first.
    pub(crate) fn generation(&self, line: TokenLine, app_id: &str) -> u64 {
        let lines = match line {
            TokenLine::Classic => &self.classic,
            TokenLine::Stable => &self.stable,
        };
        lines.get(app_id).map_or(0, |line| line.generation)
    }

    fn forget_oldest(&mut self) {
        while self.issued.len() > KEPT {
            let Some(oldest) = self.issued.values().min_by_key(|token| token.issued_ms).map(|t| t.value.clone()) else {
                return;
            };
            self.issued.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: &str = "wx1111111111111111";
    const MINUTE: i64 = 60_000;

    struct Rig {
        tokens: Tokens,
        settings: Settings,
        random: Random,
    }

    impl Rig {
        fn new() -> Self {
            Self { tokens: Tokens::default(), settings: Settings::default(), random: Random::new(1) }
        }
        fn classic(&mut self, now: i64) -> Issued {
            self.tokens.classic(APP, &self.settings, &mut self.random, now)
        }
        fn stable(&mut self, force: bool, now: i64) -> Result<Issued, ForcedTooOften> {
            self.tokens.stable(APP, force, &self.settings, &mut self.random, now)
        }
        fn status(&self, token: &Issued, now: i64) -> TokenStatus {
            self.tokens.find(&token.value).unwrap().status(now)
        }
    }

    #[test]
    fn a_new_classic_token_leaves_the_former_five_minutes() {
        let mut rig = Rig::new();
        let first = rig.classic(0);
        let second = rig.classic(MINUTE);
        assert_ne!(first.value, second.value);
        assert_eq!((first.generation, second.generation), (1, 2));
        assert_eq!(rig.status(&first, 6 * MINUTE - 1), TokenStatus::Overlap);
        assert_eq!(rig.status(&first, 6 * MINUTE), TokenStatus::Stale);
        assert_eq!(rig.status(&second, 6 * MINUTE), TokenStatus::Current);
        let third = rig.classic(2 * MINUTE);
        assert_eq!(rig.status(&first, 2 * MINUTE), TokenStatus::Stale, "only one former token lives");
        assert_eq!(rig.status(&second, 2 * MINUTE), TokenStatus::Overlap);
        assert_eq!(rig.status(&third, 2 * MINUTE + 7200 * 1000), TokenStatus::Expired);
    }

    #[test]
    fn the_overlap_never_outlives_the_token() {
        let mut rig = Rig::new();
        let first = rig.classic(0);
        rig.classic(7199 * 1000);
        assert_eq!(rig.status(&first, 7200 * 1000), TokenStatus::Expired);
    }

    #[test]
    fn the_stable_token_stays_until_its_last_five_minutes() {
        let mut rig = Rig::new();
        let first = rig.stable(false, 0).unwrap();
        let again = rig.stable(false, 6855 * 1000).unwrap();
        assert_eq!((again.value.as_str(), again.expires_in_s), (first.value.as_str(), 345));
        let renewed = rig.stable(false, 6900 * 1000).unwrap();
        assert_ne!(renewed.value, first.value);
        assert_eq!(renewed.expires_in_s, 7200);
        assert_eq!(rig.status(&first, 7199 * 1000), TokenStatus::Overlap);
        assert_eq!(rig.status(&first, 7200 * 1000 + 1), TokenStatus::Stale);
    }

    #[test]
    fn force_kills_at_once_waits_thirty_seconds_and_stops_at_twenty() {
        let mut rig = Rig::new();
        let first = rig.stable(false, 0).unwrap();
        let forced = rig.stable(true, 1000).unwrap();
        assert_eq!(rig.status(&first, 1000), TokenStatus::Stale);
        let soon = rig.stable(true, 30_999).unwrap();
        assert_eq!((soon.value.as_str(), soon.expires_in_s), (forced.value.as_str(), 7170));
        let mut now = 31_000;
        for _ in 1..20 {
            rig.stable(true, now).unwrap();
            now += 30_000;
        }
        assert_eq!(rig.stable(true, now), Err(ForcedTooOften));
        assert!(rig.stable(false, now).is_ok(), "the normal mode goes on");
        assert!(rig.stable(true, now + crate::clock::DAY_MS).is_ok(), "a new day");
    }

    #[test]
    fn the_two_lines_do_not_touch_each_other() {
        let mut rig = Rig::new();
        let classic = rig.classic(0);
        let stable = rig.stable(false, 0).unwrap();
        rig.stable(true, 1).unwrap();
        assert_eq!(rig.status(&classic, 2), TokenStatus::Current);
        assert_eq!(rig.status(&stable, 2), TokenStatus::Stale);
    }

    #[test]
    fn tokens_have_the_set_length() {
        let mut rig = Rig::new();
        assert_eq!(rig.classic(1_795_000_000_000).value.len(), 138);
        rig.settings.access_token_length = 600;
        assert_eq!(rig.classic(1_795_000_000_000).value.len(), 600);
    }
}
