//! A key is handed out.

use weiqiao_model::{ApiKeyId, ApiScope};

use crate::value::{json, params};
use crate::{Command, StoreError, Transaction};

const ADD: &str = "INSERT INTO api_key (id, name, prefix, hash, scopes, expires_at, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (prefix) DO NOTHING";

/// Stores a new API key.
#[derive(Debug, Clone)]
pub struct CreateApiKey {
    /// The new id.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// The public part that finds the row.
    pub prefix: String,
    /// The SHA-256 of the whole key.
    pub hash: Vec<u8>,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// When it ends by itself, epoch milliseconds; `None`: never.
    pub expires_at: Option<i64>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// Whether a key was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyCreated {
    /// It was.
    Created,
    /// Another key has this prefix.
    PrefixTaken,
}

impl Command for CreateApiKey {
    const NAME: &'static str = "api_key.create";
    type Output = ApiKeyCreated;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<ApiKeyCreated, StoreError> {
        let key =
            params![&self.id, &self.name, &self.prefix, &self.hash, json(&self.scopes)?, self.expires_at, self.now,];
        Ok(match tx.execute(ADD, key).await? {
            1 => ApiKeyCreated::Created,
            _ => ApiKeyCreated::PrefixTaken,
        })
    }
}
