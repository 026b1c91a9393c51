//! What another program holding the same secret would do to our tokens.

use serde::Serialize;
use serde_json::json;

use super::{ControlError, Engine};
use crate::state::token::TokenLine;

/// A token somebody else fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StolenToken {
    /// Through which API.
    pub line: TokenLine,
    /// The new token.
    pub access_token: String,
    /// Its number in the line.
    pub generation: u64,
}

impl Engine {
    /// Another program fetches a token. With `overlap` the former classic token keeps its five minutes, as on the real
    /// server; without it, it dies at once. A stable token dies at once either way, as after a forced refresh. `line`
    /// restricts it to one of the two APIs.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is no such account.
    pub fn steal_token(
        &self,
        account: &str,
        line: Option<TokenLine>,
        overlap: bool,
    ) -> Result<Vec<StolenToken>, ControlError> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let account = inner.account(account)?.clone();
        let now_ms = inner.clock.now_ms();
        let mut stolen = Vec::new();
        for each in [TokenLine::Classic, TokenLine::Stable] {
            if line.is_some_and(|line| line != each) {
                continue;
            }
            let settings = &inner.world.settings;
            let keeps = overlap && each == TokenLine::Classic;
            let overlap_ms = if keeps { settings.classic_overlap_s * 1000 } else { 0 };
            let issued =
                inner.world.tokens.issue(each, &account.app_id, overlap_ms, settings, &mut inner.random, now_ms);
            stolen.push(StolenToken { line: each, access_token: issued.value, generation: issued.generation });
        }
        self.tell(inner, "token", json!({ "account": account.name, "stolen": stolen.len() }));
        Ok(stolen)
    }
}
