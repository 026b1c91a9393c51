//! When a token is fetched anew although it is still good.

use crate::env::random_fraction;
use crate::{Account, Rng, TokenKind, TokenMode};

/// A stable token is answered unchanged until this long before its end.
const STABLE_OVERLAP_MS: i64 = 300_000;
/// How much of that overlap is left unused, so that a clock that is a little off does not ask too early.
const STABLE_MARGIN_MS: i64 = 15_000;

/// When a token that lives from `fetched_at_ms` to `expires_at_ms` should be replaced early: after 85 % of its life,
/// give or take 5 %, so that several programs do not all fetch in the same second.
///
/// A stable access token is an exception while its life is long. WeChat answers with the *same* token until five minutes
/// before its end, so a fetch before that would be wasted: such a token is replaced in its last five minutes, when the
/// next one exists and both work.
#[must_use]
pub fn refresh_at_ms(account: &Account, kind: TokenKind, fetched_at_ms: i64, expires_at_ms: i64, rng: &dyn Rng) -> i64 {
    let life = expires_at_ms.saturating_sub(fetched_at_ms).max(0);
    let share = 0.80 + 0.10 * random_fraction(rng);
    let early = fetched_at_ms.saturating_add((life as f64 * share) as i64);
    if kind == TokenKind::Access && account.mode() == TokenMode::Stable {
        let wait = STABLE_MARGIN_MS + (random_fraction(rng) * 60_000.0) as i64;
        early.max(expires_at_ms.saturating_sub(STABLE_OVERLAP_MS).saturating_add(wait)).min(expires_at_ms)
    } else {
        early
    }
}

#[cfg(test)]
mod tests {
    use weixin_proto::{AppId, AppSecret};

    use super::*;

    struct Always(u8);

    impl Rng for Always {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    const LOWEST: Always = Always(0x00);
    const HIGHEST: Always = Always(0xff);

    fn at(mode: TokenMode, kind: TokenKind, life_s: i64, rng: &Always) -> i64 {
        let account = Account::new(AppId::new("wx1"), AppSecret::new("s")).token_mode(mode);
        refresh_at_ms(&account, kind, 1_000_000, 1_000_000 + life_s * 1000, rng) - 1_000_000
    }

    #[test]
    fn a_classic_token_and_a_ticket_are_replaced_between_80_and_90_percent() {
        for (mode, kind) in [(TokenMode::Classic, TokenKind::Access), (TokenMode::Stable, TokenKind::JsapiTicket)] {
            assert_eq!(at(mode, kind, 7200, &LOWEST), 5_760_000);
            assert_eq!(at(mode, kind, 7200, &HIGHEST), 6_480_000);
        }
    }

    #[test]
    fn a_stable_token_is_replaced_only_when_wechat_has_the_next_one() {
        assert_eq!(at(TokenMode::Stable, TokenKind::Access, 7200, &LOWEST), 6_915_000);
        assert_eq!(at(TokenMode::Stable, TokenKind::Access, 7200, &HIGHEST), 6_975_000);
    }

    #[test]
    fn a_short_stable_token_follows_the_general_rule() {
        assert_eq!(at(TokenMode::Stable, TokenKind::Access, 100, &LOWEST), 80_000);
        assert_eq!(at(TokenMode::Stable, TokenKind::Access, 100, &HIGHEST), 90_000);
    }
}
