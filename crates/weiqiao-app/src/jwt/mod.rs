//! Session and staff tokens: JWT, HS256, nothing else.
//!
//! Two audiences that never mix: a *user* token is signed with `JWT_SECRET` itself (so other services of the same owner
//! can verify it with any library), a *staff* token with a key derived from it; they also differ in `aud` and `typ`.
//!
//! What makes forging dull: the header must be, byte for byte, the one we write — there is no choice of algorithm, key
//! id, embedded key or type to play with. The claims must be exactly ours, each of its type, none missing, none twice,
//! none more. Time comes from our clock, with 30 seconds of leeway. A good token is not yet a session: see
//! [`verify_session`](crate::usecase::session::verify_session).
//!
//! The signature, its constant-time comparison and the encoding are the `jsonwebtoken` library's.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use weiqiao_model::{AccountName, SessionId};
use zeroize::Zeroizing;

use crate::settings::{SecretSettings, SettingError, SettingSecret};

/// How far another clock may be off, in seconds.
pub const LEEWAY_S: i64 = 30;
/// Longer texts are not even looked at, in bytes.
pub const MAX_LENGTH: usize = 2048;
/// The shortest `JWT_SECRET` that is accepted, in bytes.
pub const MIN_SECRET_BYTES: usize = 32;

/// Whom a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// A person who logged in through WeChat.
    User,
    /// A member of staff.
    Staff,
}

impl Audience {
    /// The `aud` claim.
    #[must_use]
    pub const fn claim(self) -> &'static str {
        match self {
            Self::User => "weiqiao",
            Self::Staff => "weiqiao-staff",
        }
    }

    /// The `typ` of the header.
    const fn typ(self) -> &'static str {
        match self {
            Self::User => "JWT",
            Self::Staff => "staff+jwt",
        }
    }
}

/// What a token says. Every claim is required, except `account`, which staff tokens do not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Our id of the user or member of staff.
    pub sub: String,
    /// The account the person logged in through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountName>,
    /// The session's row.
    pub sid: SessionId,
    /// Who issued it: our public address.
    pub iss: String,
    /// For whom: see [`Audience::claim`].
    pub aud: String,
    /// Issued at, epoch seconds.
    pub iat: i64,
    /// Not valid before, epoch seconds.
    pub nbf: i64,
    /// Not valid after, epoch seconds.
    pub exp: i64,
    /// Id of this very token.
    pub jti: String,
}

/// Why a token is not accepted. The outside only ever learns "no".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenProblem {
    /// Not three parts with our header in front.
    #[error("not one of our tokens")]
    Malformed,
    /// Signed with another key, or altered.
    #[error("the signature does not match")]
    Signature,
    /// Signed by us, but not with the claims we write.
    #[error("the claims are not ours")]
    Claims,
    /// Issued by or for somebody else.
    #[error("for another issuer or audience")]
    Audience,
    /// Not yet or no longer valid.
    #[error("outside its time")]
    Time,
}

/// Signs and verifies. The keys are derived once.
pub struct Tokens {
    user: Keys,
    staff: Keys,
    issuer: String,
    life_s: i64,
}

struct Keys {
    audience: Audience,
    /// `base64url(header)` and the dot after it.
    prefix: String,
    signing: EncodingKey,
    /// The current key first, then the previous one.
    verifying: Vec<DecodingKey>,
}

impl Tokens {
    /// Prepares the keys. `issuer` becomes `iss`, `life` is the distance from `iat` to `exp`.
    ///
    /// # Errors
    ///
    /// A secret shorter than [`MIN_SECRET_BYTES`].
    pub fn new(settings: &SecretSettings, issuer: &str, life: Duration) -> Result<Self, SettingError> {
        let long_enough = |key, secret: &SettingSecret| {
            if secret.expose().len() < MIN_SECRET_BYTES {
                let problem = format!("must have at least {MIN_SECRET_BYTES} characters");
                return Err(SettingError::new(key, problem));
            }
            Ok(())
        };
        long_enough("JWT_SECRET", &settings.jwt)?;
        if let Some(previous) = &settings.jwt_previous {
            long_enough("JWT_SECRET_PREVIOUS", previous)?;
        }
        let keys = |audience| Keys::new(audience, &settings.jwt, settings.jwt_previous.as_ref());
        Ok(Self {
            user: keys(Audience::User),
            staff: keys(Audience::Staff),
            issuer: issuer.to_owned(),
            life_s: i64::try_from(life.as_secs()).unwrap_or(i64::MAX / 2_000),
        })
    }

    /// How long a token lives, in seconds.
    #[must_use]
    pub fn life_s(&self) -> i64 {
        self.life_s
    }

    /// Signs a token for the session `sid` that begins at `now_ms`.
    ///
    /// # Errors
    ///
    /// Only a bug: the claims are plain data.
    pub fn issue(
        &self,
        audience: Audience,
        subject: &str,
        account: Option<&AccountName>,
        sid: &SessionId,
        jti: String,
        now_ms: i64,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        self.issue_for(audience, subject, account, sid, jti, (now_ms, self.life_s))
    }

    /// [`Tokens::issue`] with a life of its own: now (epoch milliseconds) and how long (seconds).
    ///
    /// # Errors
    ///
    /// Only a bug: the claims are plain data.
    pub fn issue_for(
        &self,
        audience: Audience,
        subject: &str,
        account: Option<&AccountName>,
        sid: &SessionId,
        jti: String,
        (now_ms, life_s): (i64, i64),
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let iat = now_ms.div_euclid(1000);
        let claims = Claims {
            sub: subject.to_owned(),
            account: account.cloned(),
            sid: sid.clone(),
            iss: self.issuer.clone(),
            aud: audience.claim().to_owned(),
            iat,
            nbf: iat,
            exp: iat.saturating_add(life_s),
            jti,
        };
        self.keys(audience).sign(&claims)
    }

    /// The claims of a token, if it is one of ours for this audience and its time is now.
    ///
    /// # Errors
    ///
    /// See [`TokenProblem`].
    pub fn verify(&self, audience: Audience, token: &str, now_ms: i64) -> Result<Claims, TokenProblem> {
        let claims = self.keys(audience).open(token)?;
        if claims.iss != self.issuer || claims.aud != audience.claim() {
            return Err(TokenProblem::Audience);
        }
        if claims.account.is_some() != (audience == Audience::User) || claims.sub.is_empty() || claims.jti.is_empty() {
            return Err(TokenProblem::Claims);
        }
        if claims.exp <= claims.iat {
            return Err(TokenProblem::Claims);
        }
        let now = now_ms.div_euclid(1000);
        let begun = claims.nbf.max(claims.iat).saturating_sub(LEEWAY_S) <= now;
        let over = now > claims.exp.saturating_add(LEEWAY_S);
        if begun && !over { Ok(claims) } else { Err(TokenProblem::Time) }
    }

    fn keys(&self, audience: Audience) -> &Keys {
        match audience {
            Audience::User => &self.user,
            Audience::Staff => &self.staff,
        }
    }
}

impl Keys {
    fn new(audience: Audience, current: &SettingSecret, previous: Option<&SettingSecret>) -> Self {
        let current = key_bytes(audience, current);
        let mut verifying = vec![DecodingKey::from_secret(&current)];
        verifying.extend(previous.map(|secret| DecodingKey::from_secret(&key_bytes(audience, secret))));
        let header = format!(r#"{{"typ":"{}","alg":"HS256"}}"#, audience.typ());
        let prefix = format!("{}.", URL_SAFE_NO_PAD.encode(header));
        Self { audience, prefix, signing: EncodingKey::from_secret(&current), verifying }
    }

    fn sign(&self, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
        let header = Header { typ: Some(self.audience.typ().to_owned()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, claims, &self.signing)
    }

    fn open(&self, token: &str) -> Result<Claims, TokenProblem> {
        if token.len() > MAX_LENGTH || !token.starts_with(&self.prefix) {
            return Err(TokenProblem::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(TokenProblem::Malformed)?;
        let body = message.strip_prefix(&self.prefix).ok_or(TokenProblem::Malformed)?;
        let genuine = self.verifying.iter().any(|key| {
            jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, Algorithm::HS256).unwrap_or(false)
        });
        if !genuine {
            return Err(TokenProblem::Signature);
        }
        let body = URL_SAFE_NO_PAD.decode(body).map_err(|_| TokenProblem::Claims)?;
        serde_json::from_slice(&body).map_err(|_| TokenProblem::Claims)
    }
}

fn key_bytes(audience: Audience, secret: &SettingSecret) -> Zeroizing<Vec<u8>> {
    let secret = secret.expose().as_bytes();
    match audience {
        Audience::User => Zeroizing::new(secret.to_vec()),
        Audience::Staff => {
            let mut key = Zeroizing::new(vec![0; 32]);
            // HKDF-SHA-256 gives up to 255 × 32 bytes, so 32 never fail.
            let expanded = Hkdf::<Sha256>::new(None, secret).expand(b"weiqiao v1 staff tokens", &mut key);
            debug_assert!(expanded.is_ok());
            key
        }
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("issuer", &self.issuer).field("life_s", &self.life_s).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
