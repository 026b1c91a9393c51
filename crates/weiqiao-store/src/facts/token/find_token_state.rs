//! How is it with the tokens of an account?

use weiqiao_model::AppId;

use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = "SELECT generation, expires_at, fetched_at, fetch_count, replaced_outside, failures, rejections, \
    rejected_generation, dead_generation, retry_at \
    FROM account_token WHERE app_id = $1 AND kind = $2";

/// Finds everything about a token but the token.
#[derive(Debug, Clone)]
pub struct FindTokenState {
    /// Whose.
    pub app_id: AppId,
    /// Which sort, such as `access`, `jsapi` or `wx_card`.
    pub kind: String,
}

/// How it is with a token. Times are epoch milliseconds, 0 for never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenState {
    /// Which one in the row of all tokens of this account and kind; 0 while none was ever fetched.
    pub generation: i64,
    /// When it ends.
    pub expires_at: i64,
    /// When it was fetched.
    pub fetched_at: i64,
    /// How many were ever fetched.
    pub fetch_count: i64,
    /// How many were replaced early because WeChat no longer took them: somebody else fetches with the same secret.
    pub replaced_outside: i64,
    /// How many fetches failed in a row.
    pub failures: i64,
    /// How many fresh tokens were refused in a row.
    pub rejections: i64,
    /// Which one was refused fresh last; 0 for none.
    pub rejected_generation: i64,
    /// The newest that WeChat was found to refuse before its time; 0 for none.
    pub dead_generation: i64,
    /// Before this nothing is fetched.
    pub retry_at: i64,
}

impl Query for FindTokenState {
    const NAME: &'static str = "token.find_state";
    type Output = Option<TokenState>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let Some(mut row) = db.query_opt(FIND, params![self.app_id.as_str(), &self.kind]).await? else {
            return Ok(None);
        };
        Ok(Some(TokenState {
            generation: row.integer()?,
            expires_at: row.integer()?,
            fetched_at: row.integer()?,
            fetch_count: row.integer()?,
            replaced_outside: row.integer()?,
            failures: row.integer()?,
            rejections: row.integer()?,
            rejected_generation: row.integer()?,
            dead_generation: row.integer()?,
            retry_at: row.integer()?,
        }))
    }
}
