//! The per-user tokens of web login: access token (two hours) and refresh token (thirty days).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::code::{Code, CodeKind, Scope};
use crate::random::Random;
use crate::settings::Settings;

/// Who a grant is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) openid: String,
    pub(crate) unionid: Option<String>,
    /// A virtual account of a snapshot page.
    pub(crate) snapshot: bool,
}

/// One user's permission for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) app_id: String,
    pub(crate) persona: String,
    pub(crate) identity: Identity,
    pub(crate) scope: Scope,
    pub(crate) access_token: String,
    pub(crate) access_expires_ms: i64,
    pub(crate) refresh_token: String,
    pub(crate) refresh_expires_ms: i64,
    /// The person changed the password: both tokens are dead (42007).
    pub(crate) revoked: bool,
}

/// Why a user token was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GrantRefused {
    /// Never issued.
    Unknown,
    /// Past its life.
    Expired,
    /// Dead since the person changed the password.
    Revoked,
}

/// Grants remembered; the oldest are forgotten.
const KEPT: usize = 8192;

/// All grants.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct UserTokens {
    grants: BTreeMap<String, Grant>,
    /// Every access token ever issued for a grant → its refresh token and its end.
    access: BTreeMap<String, (String, i64)>,
}

impl UserTokens {
    /// A new grant for a used code.
    pub(crate) fn grant(
        &mut self,
        code: &Code,
        identity: Identity,
        settings: &Settings,
        random: &mut Random,
        now_ms: i64,
    ) -> Grant {
        let scope = match code.kind {
            CodeKind::OAuth(scope) => scope,
            CodeKind::Mini | CodeKind::Phone | CodeKind::Plugin => Scope::Base,
        };
        let grant = Grant {
            app_id: code.app_id.clone(),
            persona: code.persona.clone(),
            identity,
            scope,
            access_token: format!("{}_{}", 10 + random.next_u64() % 90, random.token(107)),
            access_expires_ms: now_ms + settings.user_token_lifetime_s * 1000,
            refresh_token: format!("{}_{}", 10 + random.next_u64() % 90, random.token(107)),
            refresh_expires_ms: now_ms + settings.refresh_token_lifetime_s * 1000,
            revoked: false,
        };
        self.access.insert(grant.access_token.clone(), (grant.refresh_token.clone(), grant.access_expires_ms));
        self.grants.insert(grant.refresh_token.clone(), grant.clone());
        self.forget_oldest();
        grant
    }

    /// `refresh_token`: the same access token with renewed life while it lives, a new one afterwards.
    pub(crate) fn refresh(
        &mut self,
        app_id: &str,
        refresh_token: &str,
        settings: &Settings,
        random: &mut Random,
        now_ms: i64,
    ) -> Result<Grant, GrantRefused> {
        let grant =
            self.grants.get_mut(refresh_token).filter(|grant| grant.app_id == app_id).ok_or(GrantRefused::Unknown)?;
        if grant.revoked {
            return Err(GrantRefused::Revoked);
        }
        if grant.refresh_expires_ms <= now_ms {
            return Err(GrantRefused::Expired);
        }
        if grant.access_expires_ms <= now_ms {
            grant.access_token = format!("{}_{}", 10 + random.next_u64() % 90, random.token(107));
        }
        grant.access_expires_ms = now_ms + settings.user_token_lifetime_s * 1000;
        self.access.insert(grant.access_token.clone(), (grant.refresh_token.clone(), grant.access_expires_ms));
        Ok(grant.clone())
    }

    /// The grant behind an access token.
    pub(crate) fn check(&self, access_token: &str, now_ms: i64) -> Result<&Grant, GrantRefused> {
        let (refresh_token, expires_ms) = self.access.get(access_token).ok_or(GrantRefused::Unknown)?;
        let grant = self.grants.get(refresh_token).ok_or(GrantRefused::Unknown)?;
        if grant.revoked {
            return Err(GrantRefused::Revoked);
        }
        if *expires_ms <= now_ms {
            return Err(GrantRefused::Expired);
        }
        Ok(grant)
    }

    /// The account an access token belongs to, dead or alive.
    pub(crate) fn owner(&self, access_token: &str) -> Option<&str> {
        let (refresh_token, _) = self.access.get(access_token)?;
        self.grants.get(refresh_token).map(|grant| grant.app_id.as_str())
    }

    /// The person changed the password: every grant is dead.
    pub(crate) fn revoke(&mut self, persona: &str) -> usize {
        let mine = self.grants.values_mut().filter(|grant| grant.persona == persona && !grant.revoked);
        mine.map(|grant| grant.revoked = true).count()
    }

    /// How many grants are remembered.
    pub(crate) fn len(&self) -> usize {
        self.grants.len()
    }

    fn forget_oldest(&mut self) {
        while self.grants.len() > KEPT {
            let oldest = self.grants.values().min_by_key(|grant| grant.refresh_expires_ms);
            let Some(oldest) = oldest.map(|grant| grant.refresh_token.clone()) else { return };
            self.grants.remove(&oldest);
            self.access.retain(|_, (refresh_token, _)| *refresh_token != oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn rig() -> (UserTokens, Settings, Random, Grant) {
        let (mut tokens, settings, mut random) = (UserTokens::default(), Settings::default(), Random::new(1));
        let code = Code {
            value: "c".into(),
            kind: CodeKind::OAuth(Scope::UserInfo),
            app_id: "wx1".into(),
            persona: "p".into(),
            snapshot: false,
            issued_ms: 0,
            expires_ms: 300_000,
            used: true,
        };
        let identity = Identity { openid: "o".into(), unionid: None, snapshot: false };
        let grant = tokens.grant(&code, identity, &settings, &mut random, 0);
        (tokens, settings, random, grant)
    }

    #[test]
    fn refreshing_early_keeps_the_token_and_late_replaces_it() {
        let (mut tokens, settings, mut random, grant) = rig();
        let early = tokens.refresh("wx1", &grant.refresh_token, &settings, &mut random, 3_600_000).unwrap();
        assert_eq!(early.access_token, grant.access_token);
        assert!(tokens.check(&grant.access_token, 7_200_001).is_ok(), "renewed");
        let late = tokens.refresh("wx1", &grant.refresh_token, &settings, &mut random, 3 * DAY).unwrap();
        assert_ne!(late.access_token, grant.access_token);
        assert_eq!(late.refresh_token, grant.refresh_token);
        assert_eq!(tokens.check(&grant.access_token, 3 * DAY), Err(GrantRefused::Expired));
        assert!(tokens.check(&late.access_token, 3 * DAY).is_ok());
    }

    #[test]
    fn refresh_tokens_end_after_thirty_days_and_belong_to_one_account() {
        let (mut tokens, settings, mut random, grant) = rig();
        let mut refresh = |app: &str, now| tokens.refresh(app, &grant.refresh_token, &settings, &mut random, now);
        assert!(refresh("wx1", 29 * DAY).is_ok());
        assert_eq!(refresh("wx1", 30 * DAY), Err(GrantRefused::Expired));
        assert_eq!(refresh("wx2", 0), Err(GrantRefused::Unknown));
    }

    #[test]
    fn a_changed_password_kills_both() {
        let (mut tokens, settings, mut random, grant) = rig();
        assert_eq!(tokens.revoke("p"), 1);
        assert_eq!(tokens.check(&grant.access_token, 1), Err(GrantRefused::Revoked));
        let refreshed = tokens.refresh("wx1", &grant.refresh_token, &settings, &mut random, 1);
        assert_eq!(refreshed, Err(GrantRefused::Revoked));
    }
}
