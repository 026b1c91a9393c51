//! Somebody logged in through WeChat: identity, profile, session and sealed tokens become true together.

use weiqiao_model::{AccountName, AppId, IdentityId, OpenId, Profile, SessionId, UnionId, UserId};

use crate::facts::oauth_token::{SealedOAuthToken, save_statement};
use crate::facts::session_key;
use crate::value::{json, params};
use crate::{Command, StoreError, Transaction, Value};

const FIND: &str = "SELECT user_id FROM identity WHERE app_id = $1 AND openid = $2";

const ADD_PERSON: &str = "INSERT INTO person (id, created_at) VALUES ($1, $2)";

const DROP_PERSON: &str = "DELETE FROM person WHERE id = $1";

/// Gives the person this unionid already belongs to, or makes it belong to the given one.
const LINK: &str = "INSERT INTO union_link (link_group, unionid, user_id, created_at) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (link_group, unionid) DO UPDATE SET user_id = union_link.user_id RETURNING user_id";

const RELINK: &str = "UPDATE union_link SET user_id = $3 WHERE link_group = $1 AND unionid = $2";

/// An unknown identity is added with the given person; a known one keeps its person, and its profile when none came.
const UPSERT: &str = "INSERT INTO identity (id, user_id, app_id, account, openid, unionid, scope, nickname, headimgurl, \
    sex, language, country, province, city, privilege, profile_at, login_at, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17) \
    ON CONFLICT (app_id, openid) DO UPDATE SET account = excluded.account, \
    unionid = COALESCE(excluded.unionid, identity.unionid), scope = excluded.scope, \
    nickname = CASE WHEN excluded.profile_at IS NULL THEN identity.nickname ELSE excluded.nickname END, \
    headimgurl = CASE WHEN excluded.profile_at IS NULL THEN identity.headimgurl ELSE excluded.headimgurl END, \
    sex = CASE WHEN excluded.profile_at IS NULL THEN identity.sex ELSE excluded.sex END, \
    language = CASE WHEN excluded.profile_at IS NULL THEN identity.language ELSE excluded.language END, \
    country = CASE WHEN excluded.profile_at IS NULL THEN identity.country ELSE excluded.country END, \
    province = CASE WHEN excluded.profile_at IS NULL THEN identity.province ELSE excluded.province END, \
    city = CASE WHEN excluded.profile_at IS NULL THEN identity.city ELSE excluded.city END, \
    privilege = CASE WHEN excluded.profile_at IS NULL THEN identity.privilege ELSE excluded.privilege END, \
    profile_at = COALESCE(excluded.profile_at, identity.profile_at), login_at = excluded.login_at \
    RETURNING id, user_id";

const MOVE_IDENTITY: &str = "UPDATE identity SET user_id = $2 WHERE id = $1";

const MOVE_SESSIONS: &str = "UPDATE session SET subject = $3 WHERE subject = $2 AND kind = 'user' AND identity_id = $1";

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
    /// Who logged in, as this account sees them.
    pub openid: OpenId,
    /// Who logged in, as the open-platform group sees them.
    pub unionid: Option<UnionId>,
    /// The open-platform group the account belongs to by our settings; without it the unionid links nothing.
    pub group: Option<String>,
    /// The profile, when the scope allowed to ask for it. `None` keeps an earlier one.
    pub profile: Option<Profile>,
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
        let known = tx.query_opt(FIND, params![self.app_id.as_str(), self.openid.as_str()]).await?;
        let (expected, person_added) = match known {
            Some(mut row) => (row.id()?, false),
            None => {
                tx.execute(ADD_PERSON, params![&self.user_id, self.now]).await?;
                (self.user_id.clone(), true)
            }
        };
        let wanted = match self.link() {
            Some((group, unionid)) => {
                tx.query_one(LINK, params![group, unionid.as_str(), &expected, self.now]).await?.id()?
            }
            None => expected.clone(),
        };
        let mut row = tx.query_one(UPSERT, self.identity(&wanted)?).await?;
        let (identity_id, found): (IdentityId, UserId) = (row.id()?, row.id()?);

        let user_id = if found == wanted {
            found
        } else if wanted == expected {
            // Another first login of this identity was faster: its person stays, the link of this login follows.
            if let Some((group, unionid)) = self.link() {
                tx.execute(RELINK, params![group, unionid.as_str(), &found]).await?;
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
        Ok(RecordedLogin {
            first_login: identity_id == self.identity_id,
            user_id,
            identity_id,
            session_id: self.session.id.clone(),
        })
    }
}

impl RecordLogin {
    fn link(&self) -> Option<(&str, &UnionId)> {
        Some((self.group.as_deref()?, self.unionid.as_ref()?))
    }

    fn identity(&self, user_id: &UserId) -> Result<Vec<Value>, StoreError> {
        let nobody = Profile::default();
        let profile = self.profile.as_ref().unwrap_or(&nobody);
        Ok(params![
            &self.identity_id,
            user_id,
            self.app_id.as_str(),
            &self.account,
            self.openid.as_str(),
            &self.unionid,
            &self.scope,
            &profile.nickname,
            &profile.headimgurl,
            profile.sex,
            &profile.language,
            &profile.country,
            &profile.province,
            &profile.city,
            json(&profile.privilege)?,
            self.profile.is_some().then_some(self.now),
            self.now,
        ])
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
            (MOVE_SESSIONS, params![identity_id, from, to]),
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
