//! Gets a new token or ticket from WeChat: one request, no memory but the cool-down.

use std::fmt;
use std::sync::Arc;

use weixin_proto::AccessTokenValue;

use super::{Token, TokenKind, TokenSource};
use crate::api::cgi_bin::ticket::{GetTicket, TicketType};
use crate::api::cgi_bin::token::{GetStableToken, GetToken};
use crate::client::Engine;
use crate::wire::two_hours;
use crate::{Account, Clock, Error, Rng, TokenMode};

/// Fetches tokens and tickets for a [`TokenSource`]. Cheap to clone.
///
/// After a refusal that another try will not cure (wrong secret, address not listed, account frozen), it answers the
/// next requests with the same error without asking WeChat, for one minute at first and then for ten: at most three
/// fetches in ten minutes. An [`Account`] with another secret is tried at once.
#[derive(Clone)]
pub struct TokenFetcher {
    engine: Arc<Engine>,
}

/// A token or ticket fresh from WeChat.
#[derive(Debug, Clone)]
pub struct FetchedToken {
    /// What goes over the wire.
    pub value: AccessTokenValue,
    /// Seconds it will live, between 30 and 7,200 whatever WeChat said; 6,900 if it said nothing.
    pub expires_in_s: u32,
}

impl TokenFetcher {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    /// Fetches a token or ticket. A ticket is fetched with the access token `access`; the other kinds ignore it.
    ///
    /// # Errors
    ///
    /// What WeChat refused or the network did. A ticket asked for with a dead access token is refused with 40001, 40014
    /// or 42001; [`fetch_through`](Self::fetch_through) handles that.
    pub async fn fetch(
        &self,
        account: &Account,
        kind: TokenKind,
        access: Option<&Token>,
    ) -> Result<FetchedToken, Error> {
        let app = self.engine.apps().of(account);
        app.check_fetch(account, kind, self.engine.clock().now_ms())?;
        let result = match self.ask(account, kind, access).await {
            Ok(fetched) => {
                app.fetched(kind);
                Ok(fetched)
            }
            Err(error) => Err(app.fetch_failed(account, kind, self.engine.clock().now_ms(), error)),
        };
        let outcome = result.as_ref().map_or_else(Error::outcome, |_| "ok");
        metrics::counter!("weixin_token_fetches_total", "kind" => kind.as_str(), "outcome" => outcome).increment(1);
        result
    }

    /// Fetches a token or ticket; the access token a ticket needs comes from `source`, and if WeChat calls it dead,
    /// exactly that one is replaced and the ticket asked for once more.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch), and what `source` gives.
    pub async fn fetch_through(
        &self,
        source: &dyn TokenSource,
        account: &Account,
        kind: TokenKind,
    ) -> Result<FetchedToken, Error> {
        if kind == TokenKind::Access {
            return self.fetch(account, kind, None).await;
        }
        let access = source.get(self, account, TokenKind::Access).await?;
        let app = self.engine.apps().of(account);
        let error = match self.fetch(account, kind, Some(&access)).await {
            Err(error) if error.is_stale_token() => error,
            result => return result.inspect(|_| app.accepted(access.generation)),
        };
        if let Some(rest) = app.replacing_rests(self.engine.clock().now_ms()) {
            return Err(error.of_the_account(rest));
        }
        let newer = source.replace(self, account, TokenKind::Access, &access).await?;
        match self.fetch(account, kind, Some(&newer)).await {
            Err(error) if error.is_stale_token() => {
                Err(self.engine.refused_again(&app, account, source, &newer, error).await)
            }
            result => result.inspect(|_| app.accepted(newer.generation)),
        }
    }

    /// The client's clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.engine.clock()
    }

    /// The client's randomness.
    #[must_use]
    pub fn rng(&self) -> &dyn Rng {
        self.engine.rng()
    }

    async fn ask(&self, account: &Account, kind: TokenKind, access: Option<&Token>) -> Result<FetchedToken, Error> {
        let ticket_type = match kind {
            TokenKind::Access if account.mode() == TokenMode::Classic => {
                let answer = self.engine.send_with(account, &GetToken {}, None).await?;
                return Ok(FetchedToken::new(answer.access_token, answer.expires_in));
            }
            TokenKind::Access => {
                let answer = self.engine.send_with(account, &GetStableToken::default(), None).await?;
                return Ok(FetchedToken::new(answer.access_token, answer.expires_in));
            }
            TokenKind::JsapiTicket => TicketType::Jsapi,
            TokenKind::CardTicket => TicketType::WxCard,
        };
        let answer = self.engine.send_with(account, &GetTicket { kind: ticket_type }, access).await?;
        Ok(FetchedToken::new(AccessTokenValue::new(answer.ticket.expose()), answer.expires_in))
    }
}

impl FetchedToken {
    fn new(value: AccessTokenValue, expires_in: Option<i64>) -> Self {
        Self { value, expires_in_s: u32::try_from(two_hours::clamp(expires_in)).unwrap_or(30) }
    }
}

impl fmt::Debug for TokenFetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenFetcher").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_is_between_30_seconds_and_two_hours_whatever_wechat_says() {
        for (said, taken) in [
            (Some(7200), 7200),
            (Some(345), 345),
            (Some(0), 30),
            (Some(-1), 30),
            (Some(10), 30),
            (Some(1_000_000_000), 7200),
            (None, 6900),
        ] {
            assert_eq!(FetchedToken::new(AccessTokenValue::new("t"), said).expires_in_s, taken, "{said:?}");
        }
    }
}
