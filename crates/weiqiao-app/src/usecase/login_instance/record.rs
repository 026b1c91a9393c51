//! What is kept about a person who authorised an instance (WechatPublicAuthModel).
//!
//! Sealed piece by piece, each bound to the blind index of the openid.

use serde::{Deserialize, Serialize};
use weiqiao_model::{OpenId, Profile, UnionId};
use weiqiao_store::facts::auth_record::{
    FindAuthRecord, RecordAuth, RecordedAuth, SaveAuthProfile, SealedAuthTokens, StoredAuthRecord,
};
use weixin::api::sns::{OAuthToken, RefreshedOAuthToken};
use weixin_proto::{AccessTokenValue, RefreshTokenValue};

use super::InstanceToken;
use crate::App;
use crate::accounts::Account;
use crate::error::{AppError, Result, code};
use crate::usecase::login::REFRESH_LIFE_MS;
use crate::usecase::user::{openid_index, unionid_index};
use crate::vault::Place;

const REFRESH: &str = "auth record refresh token";

/// A record, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthRecord {
    /// Our id of it.
    pub id: String,
    /// The person, as the account sees them.
    pub openid: OpenId,
    /// The person across the accounts of one open-platform group, when WeChat said so.
    pub unionid: Option<UnionId>,
    /// Who the person is; empty when they never agreed to show it.
    pub profile: AuthProfile,
    /// The person's token.
    pub access_token: AccessTokenValue,
    /// Renews it.
    pub refresh_token: RefreshTokenValue,
    /// What the person agreed to.
    pub scope: String,
    /// How long the token lived when it was given, seconds.
    pub expires_in: i64,
    /// When it ends, epoch milliseconds.
    pub expires_at: i64,
    /// When it can no longer be renewed, epoch milliseconds.
    pub refresh_expires_at: i64,
    /// WeChat no longer renews it: the person has to log in again.
    pub login_again: bool,
    /// The first login, epoch milliseconds.
    pub created_at: i64,
    /// The last change, epoch milliseconds.
    pub updated_at: i64,
    pub(super) version: i64,
}

/// Who a person is, as far as a record keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthProfile {
    /// Display only; any Unicode, no control characters.
    pub nickname: String,
    /// Address of the portrait; empty when there is none.
    pub headimgurl: String,
    /// 0 unknown, 1 male, 2 female.
    pub sex: i64,
    /// Province.
    pub province: String,
    /// City.
    pub city: String,
    /// Country.
    pub country: String,
}

impl From<&Profile> for AuthProfile {
    fn from(profile: &Profile) -> Self {
        let Profile { nickname, headimgurl, sex, province, city, country, .. } = profile.clone();
        Self { nickname, headimgurl, sex, province, city, country }
    }
}

impl From<OAuthToken> for InstanceToken {
    fn from(token: OAuthToken) -> Self {
        let OAuthToken { access_token, expires_in, refresh_token, openid, scope, .. } = token;
        Self { access_token, expires_in, refresh_token, openid, scope }
    }
}

impl From<RefreshedOAuthToken> for InstanceToken {
    fn from(token: RefreshedOAuthToken) -> Self {
        let RefreshedOAuthToken { access_token, expires_in, refresh_token, openid, scope } = token;
        Self { access_token, expires_in, refresh_token, openid, scope }
    }
}

/// What WeChat granted.
pub(crate) struct Granted<'a> {
    pub(crate) token: &'a InstanceToken,
    pub(crate) unionid: Option<&'a UnionId>,
    /// `None` keeps what is known.
    pub(crate) profile: Option<&'a Profile>,
}

/// Keeps what WeChat granted: one record per appid and openid.
pub(crate) async fn keep_grant(
    app: &App,
    account: &Account,
    instance: &str,
    granted: Granted<'_>,
) -> Result<RecordedAuth> {
    let Granted { token, unionid, profile } = granted;
    let (app_id, openid, now) = (account.app_id(), token.openid.as_str(), app.now_ms());
    let openid_index = openid_index(app.vault(), app_id, openid);
    let seal = |column, text: &[u8]| app.vault().seal(place(column, &openid_index, account), text);
    let profile = profile.map(|profile| serde_json::to_vec(&AuthProfile::from(profile))).transpose()?;
    let record = RecordAuth {
        id: app.new_id::<weiqiao_model::id::kind::Identity>().into_string(),
        app_id: app_id.clone(),
        instance: instance.to_owned(),
        openid: seal("openid", openid.as_bytes()),
        unionid_index: unionid.map(|unionid| unionid_index(app.vault(), account, unionid.as_str())),
        unionid: unionid.map(|id| seal("unionid", id.as_str().as_bytes())),
        profile: profile.map(|json| seal("profile", &json)),
        tokens: sealed_tokens(app, account, token, now.saturating_add(REFRESH_LIFE_MS)),
        openid_index,
        now,
    };
    Ok(app.store().run(record).await?)
}

/// Keeps who the person is.
pub(super) async fn keep_profile(
    app: &App,
    account: &Account,
    id: &str,
    openid: &OpenId,
    (profile, unionid): (&AuthProfile, Option<&UnionId>),
) -> Result<()> {
    let index = openid_index(app.vault(), account.app_id(), openid.as_str());
    let seal = |column, text: &[u8]| app.vault().seal(place(column, &index, account), text);
    let save = SaveAuthProfile {
        id: id.to_owned(),
        profile: seal("profile", &serde_json::to_vec(profile)?),
        unionid_index: unionid.map(|unionid| unionid_index(app.vault(), account, unionid.as_str())),
        unionid: unionid.map(|unionid| seal("unionid", unionid.as_str().as_bytes())),
        now: app.now_ms(),
    };
    app.store().run(save).await?;
    Ok(())
}

/// The record of this person.
///
/// # Errors
///
/// `NotFound` with code `AUTH_RECORD_UNKNOWN` for somebody who never came through the account, `Unavailable` when the
/// database is down.
pub async fn auth_record(app: &App, account: &Account, openid: &str) -> Result<AuthRecord> {
    let app_id = account.app_id();
    let find = FindAuthRecord { app_id: app_id.clone(), openid_index: openid_index(app.vault(), app_id, openid) };
    let stored = app.store().read(find).await?.ok_or_else(unknown)?;
    open(app, account, stored)
}

fn unknown() -> AppError {
    AppError::not_found(code::AUTH_RECORD_UNKNOWN, "没有这个用户的授权记录，请先登录")
}

pub(super) fn open(app: &App, account: &Account, stored: StoredAuthRecord) -> Result<AuthRecord> {
    let vault = app.vault();
    let read = |column, sealed: &[u8]| vault.open_text(place(column, &stored.openid_index, account), sealed);
    let openid = read("openid", &stored.openid)?;
    let unionid = stored.unionid.map(|sealed| read("unionid", &sealed)).transpose()?;
    let profile = match stored.profile {
        Some(sealed) => serde_json::from_str(&read("profile", &sealed)?)?,
        None => AuthProfile::default(),
    };
    let tokens = stored.tokens;
    Ok(AuthRecord {
        id: stored.id,
        unionid: unionid.map(|unionid| UnionId::new(unionid.as_str())),
        profile,
        access_token: read("access", &tokens.access)?.as_str().into(),
        refresh_token: read("refresh", &tokens.refresh)?.as_str().into(),
        openid: OpenId::new(openid.as_str()),
        scope: tokens.scope,
        expires_in: tokens.expires_in,
        expires_at: tokens.expires_at,
        refresh_expires_at: tokens.refresh_expires_at,
        login_again: stored.login_again,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        version: stored.version,
    })
}

/// The tokens as they are stored. The refresh token's 30 days do not begin anew by use.
pub(super) fn sealed_tokens(
    app: &App,
    account: &Account,
    token: &InstanceToken,
    refresh_expires_at: i64,
) -> SealedAuthTokens {
    let vault = app.vault();
    let index = openid_index(vault, account.app_id(), token.openid.as_str());
    let seal = |column, text: &str| vault.seal(place(column, &index, account), text.as_bytes());
    let refresh = token.refresh_token.expose();
    SealedAuthTokens {
        access: seal("access", token.access_token.expose()),
        refresh: seal("refresh", refresh),
        refresh_index: refresh_index(app, account, refresh),
        scope: token.scope.clone(),
        expires_in: token.expires_in,
        expires_at: app.now_ms().saturating_add(token.expires_in.saturating_mul(1000)),
        refresh_expires_at,
    }
}

/// By what a record is found when somebody brings its refresh token.
pub(super) fn refresh_index(app: &App, account: &Account, refresh_token: &str) -> String {
    app.vault().fingerprint(REFRESH, &[account.app_id().as_str(), refresh_token])
}

/// Everything is sealed for the index of the openid.
fn place<'a>(column: &'static str, openid_index: &'a str, account: &'a Account) -> Place<'a> {
    Place::new("auth_record", column, openid_index, account.app_id().as_str())
}
