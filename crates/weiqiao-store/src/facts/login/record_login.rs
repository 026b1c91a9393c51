//! Somebody logged in through WeChat: identity, profile, session and sealed tokens become true together.

use weiqiao_model::{AccountName, AppId, IdentityId, SessionId, UserId, crash_point};

use crate::facts::oauth_token::{SealedOAuthToken, save_statement};
use crate::facts::session_key;
use crate::value::params;
use crate::{Command, StoreError, Transaction, Value};

const FIND: &str = "SELECT id, user_id FROM identity WHERE app_id = $1 AND openid_index = $2";

const ADD_PERSON: &str = "INSERT INTO person (id, created_at) VALUES ($1, $2)";

const DROP_PERSON: &str = "DELETE FROM person WHERE id = $1";

/// Gives the person this unionid already belongs to, or makes it belong to the given one.
const LINK: &str = "INSERT INTO union_link (link_group, unionid_index, user_id, created_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (link_group, unionid_index) DO UPDATE SET user_id = union_link.user_id RETURNING user_id";

const RELINK: &str = "UPDATE union_link SET user_id = $3 WHERE link_group = $1 AND unionid_index = $2";

/// A known identity, as long as it is still this person's; its profile stays when none came.
const COME_BACK: &str = "UPDATE identity SET account = $3, openid = $4, unionid_index = COALESCE($5, unionid_index), \
    unionid = COALESCE($6, unionid), profile = COALESCE($7, profile), \
    profile_unionid = CASE WHEN CAST($8 AS BIGINT) IS NULL THEN profile_unionid ELSE CAST($9 AS TEXT) END, \
    profile_at = COALESCE($8, profile_at), scope = $10, login_at = $11 WHERE id = $1 AND user_id = $2";

/// An unknown identity is added with the given person; a known one keeps its person, and its profile when none came.
const UPSERT: &str = "INSERT INTO identity (id, user_id, app_id, account, openid_index, unionid_index, openid, unionid, \
    profile, profile_unionid, scope, profile_at, login_at, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) \
    ON CONFLICT (app_id, openid_index) DO UPDATE SET account = excluded.account, openid = excluded.openid, \
    unionid_index = COALESCE(excluded.unionid_index, identity.unionid_index), \
    unionid = COALESCE(excluded.unionid, identity.unionid), \
    profile_unionid = CASE WHEN excluded.profile IS NULL THEN identity.profile_unionid ELSE excluded.profile_unionid END, \
    profile = COALESCE(excluded.profile, identity.profile), scope = excluded.scope, \
    profile_at = COALESCE(excluded.profile_at, identity.profile_at), login_at = excluded.login_at \
    RETURNING id, user_id";

const MOVE_IDENTITY: &str = "UPDATE identity SET user_id = $2 WHERE id = $1";

const MOVE_SESSIONS: &str = "UPDATE session SET subject = $2 WHERE kind = 'user' AND identity_id = $1";

const MOVE_LINKS: &str = "UPDATE union_link SET user_id = $2 WHERE user_id = $1 \
    AND NOT EXISTS (SELECT 1 FROM identity WHERE user_id = $1)";

const MERGE_PERSON: &str = "UPDATE person SET merged_into = $2 WHERE id = $1 \
    AND NOT EXISTS (SELECT 1 FROM identity WHERE user_id = $1)";

const ADD_SESSION: &str = "INSERT INTO session (id, kind, subject, identity_id, account, device_hash, created_at, seen_at, \
    expires_at) VALUES ($1, 'user', $2, $3, $4, $5, $6, $6, $7)";

/// Records a login that WeChat confirmed.
///
/// One identity per appid and openid, however many logins run at once. With a `unionid` *and* a `group`, identities of
/// the same person within that group share one user; the same unionid in another group, or without one, links nothing.
/// When a known identity turns out to belong to a person known by unionid, it moves there with its sessions.
///
/// Snapshot users (`is_snapshotuser`) are not people: do not record them.
#[derive(Debug, Clone)]
pub struct RecordLogin {
    /// The id the user gets if this is a new person.
    pub user_id: UserId,
    /// The id the identity gets if it is new.
    pub identity_id: IdentityId,
    /// The account's appid.
    pub app_id: AppId,
    /// The account's name in the settings.
    pub account: AccountName,
    /// Who logged in, as this account sees them: by blind index.
    pub openid_index: String,
    /// The same, sealed for that index.
    pub openid: Vec<u8>,
    /// Who logged in, as the open-platform group sees them.
    pub unionid: Option<SealedUnionId>,
    /// The open-platform group the account belongs to by our settings; without it the unionid links nothing.
    pub group: Option<String>,
    /// The profile with openid and unionid, sealed, when the scope allowed to ask for it. `None` keeps an earlier one.
    pub profile: Option<Vec<u8>>,
    /// The scope WeChat granted, such as `snsapi_userinfo`.
    pub scope: String,
    /// The session that begins.
    pub session: NewSession,
    /// The person's OAuth tokens, sealed; replaces earlier ones.
    pub oauth_token: Option<SealedOAuthToken>,
    /// The mini program's session key, sealed; replaces an earlier one.
    pub session_key: Option<Vec<u8>>,
    /// Now, epoch milliseconds: the time of the login.
    pub now: i64,
}

/// A unionid that nobody can read here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedUnionId {
    /// Its blind index within the open-platform group, or within the appid when that belongs to none.
    pub index: String,
    /// The unionid, sealed.
    pub sealed: Vec<u8>,
}

/// The session a login begins.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// When it ends by itself, epoch milliseconds.
    pub expires_at: i64,
    /// A hash of what the device says about itself, for the list of sessions.
    pub device_hash: Option<String>,
}

/// Who it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedLogin {
    /// The user: the candidate's id, or the one known before.
    pub user_id: UserId,
    /// The identity: the candidate's id, or the one known before.
    pub identity_id: IdentityId,
    /// The session, as it was given.
    pub session_id: SessionId,
    /// Whether this identity was seen for the first time.
    pub first_login: bool,
}

impl Command for RecordLogin {
    const NAME: &'static str = "login.record";
    type Output = RecordedLogin;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<RecordedLogin, StoreError> {
        let known = tx.query_opt(FIND, params![self.app_id.as_str(), &self.openid_index]).await?;
        let known: Option<(IdentityId, UserId)> = known.map(|mut row| Ok((row.id()?, row.id()?))).transpose()?;
        let (expected, person_added) = match &known {
            Some((_, user_id)) => (user_id.clone(), false),
            None => {
                tx.execute(ADD_PERSON, params![&self.user_id, self.now]).await?;
                crash_point!("login.person.after");
                (self.user_id.clone(), true)
            }
        };
        let wanted = match self.link() {
            Some((group, unionid)) => tx.query_one(LINK, params![group, unionid, &expected, self.now]).await?.id()?,
            None => expected.clone(),
        };
        let (identity_id, found): (IdentityId, UserId) = match known {
            Some((id, user_id)) if tx.execute(COME_BACK, self.return_of(&id, &user_id)).await? == 1 => (id, user_id),
            _ => {
                let mut row = tx.query_one(UPSERT, self.identity(&wanted)).await?;
                (row.id()?, row.id()?)
            }
        };
        crash_point!("login.identity.after");

        let user_id = if found == wanted {
            found
        } else if wanted == expected {
            // Another first login of this identity was faster: its person stays, the link of this login follows.
            if let Some((group, unionid)) = self.link() {
                tx.execute(RELINK, params![group, unionid, &found]).await?;
            }
            found
        } else {
            self.move_identity(tx, &identity_id, &found, &wanted).await?;
            wanted
        };
        if person_added && user_id != self.user_id {
            tx.execute(DROP_PERSON, params![&self.user_id]).await?;
        }
        tx.batch(self.belongings(&identity_id, &user_id)).await?;
        crash_point!("login.session.after");
        Ok(RecordedLogin {
            first_login: identity_id == self.identity_id,
            user_id,
            identity_id,
            session_id: self.session.id.clone(),
        })
    }
}

impl RecordLogin {
    fn link(&self) -> Option<(&str, &str)> {
        Some((self.group.as_deref()?, self.unionid.as_ref()?.index.as_str()))
    }

    fn unionid_index(&self) -> Option<&str> {
        self.unionid.as_ref().map(|unionid| unionid.index.as_str())
    }

    fn return_of(&self, id: &IdentityId, user_id: &UserId) -> Vec<Value> {
        params![
            id,
            user_id,
            &self.account,
            &self.openid,
            self.unionid_index(),
            self.unionid.as_ref().map(|unionid| &unionid.sealed),
            self.profile.as_ref(),
            self.profile.is_some().then_some(self.now),
            self.profile.as_ref().and(self.unionid_index()),
            &self.scope,
            self.now,
        ]
    }

    fn identity(&self, user_id: &UserId) -> Vec<Value> {
        let index = self.unionid_index();
        params![
            &self.identity_id,
            user_id,
            self.app_id.as_str(),
            &self.account,
            &self.openid_index,
            index,
            &self.openid,
            self.unionid.as_ref().map(|unionid| &unionid.sealed),
            self.profile.as_ref(),
            self.profile.as_ref().and(index),
            &self.scope,
            self.profile.is_some().then_some(self.now),
            self.now,
        ]
    }

    /// The unionid belongs to somebody else than this identity did so far: they are one person.
    async fn move_identity<T: Transaction>(
        &self,
        tx: &mut T,
        identity_id: &IdentityId,
        from: &UserId,
        to: &UserId,
    ) -> Result<(), StoreError> {
        tx.batch(vec![
            (MOVE_IDENTITY, params![identity_id, to]),
            (MOVE_SESSIONS, params![identity_id, to]),
            (MOVE_LINKS, params![from, to]),
            (MERGE_PERSON, params![from, to]),
        ])
        .await?;
        Ok(())
    }

    fn belongings(&self, identity_id: &IdentityId, user_id: &UserId) -> Vec<(&'static str, Vec<Value>)> {
        let session = &self.session;
        let mut statements = vec![(
            ADD_SESSION,
            params![
                &session.id,
                user_id,
                identity_id,
                &self.account,
                &session.device_hash,
                self.now,
                session.expires_at
            ],
        )];
        if let Some(token) = &self.oauth_token {
            statements.push(save_statement(identity_id, &self.scope, token, self.now));
        }
        if let Some(sealed) = &self.session_key {
            statements.push(session_key::save_statement(identity_id, sealed, self.now));
        }
        statements
    }
}
