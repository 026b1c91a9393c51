//! What tells one browser from another.

use std::fmt;

use weiqiao_model::{Rng, SessionId, random_alnum};

use crate::digest::digest;

/// The random value of the HttpOnly cookie that binds a login to the browser it began in. 256 bits.
///
/// The routes set it with `HttpOnly`, `SameSite=Lax`, `Path=/`, `Max-Age` 600 and, on https, `Secure` and the `__Host-`
/// prefix.
#[derive(Clone, PartialEq, Eq)]
pub struct BrowserCookie(String);

impl BrowserCookie {
    /// How many characters it has.
    pub const LENGTH: usize = 43;

    /// A new one.
    pub fn random(rng: &(impl Rng + ?Sized)) -> Self {
        Self(random_alnum(rng, Self::LENGTH))
    }

    /// Reads a cookie's value; `None` when it is not one of ours.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let shaped = value.len() == Self::LENGTH && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        shaped.then(|| Self(value.to_owned()))
    }

    /// The value to set.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> String {
        digest("browser cookie", &[&self.0])
    }
}

impl fmt::Debug for BrowserCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// What a request brought that tells its browser from others. Both may be missing.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// The cookie that binds logins.
    pub cookie: Option<BrowserCookie>,
    /// The session, *verified*.
    pub session: Option<SessionId>,
}

impl Browser {
    /// Every way to recognise this browser, the best first. Empty for a stranger.
    pub(super) fn evidence(&self) -> Vec<String> {
        let cookie = self.cookie.as_ref().map(BrowserCookie::hash);
        cookie.into_iter().chain(self.session.as_ref().map(session_evidence)).collect()
    }
}

/// How a session is recognised.
pub(crate) fn session_evidence(session: &SessionId) -> String {
    digest("session", &[session.as_str()])
}

#[cfg(test)]
mod tests {
    use weiqiao_model::SeededRng;

    use super::*;

    #[test]
    fn only_our_own_shape_is_a_cookie_and_it_is_never_shown() {
        let cookie = BrowserCookie::random(&SeededRng::new(5));
        assert_eq!(BrowserCookie::parse(cookie.expose()), Some(cookie.clone()));
        assert!(!format!("{cookie:?}").contains(cookie.expose()));
        let long = "a".repeat(44);
        for wrong in ["", "a", &long, &format!("{}-", "a".repeat(42)), &format!("{} ", "a".repeat(42))] {
            assert_eq!(BrowserCookie::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_cookie_is_the_better_evidence() {
        let (cookie, session) = (BrowserCookie::random(&SeededRng::new(5)), SessionId::new("s1"));
        let browser = Browser { cookie: Some(cookie.clone()), session: Some(session.clone()) };
        assert_eq!(browser.evidence(), [cookie.hash(), session_evidence(&session)]);
        assert!(Browser::default().evidence().is_empty());
    }
}
