//! WeChat refused a token it had just given: all instances rest, not only the one that saw it.

use weiqiao_store::facts::token::RejectToken;
use weixin::{Account, Error, Token, TokenKind};

use super::fetch::COOL_DOWNS_MS;
use super::refusal::Told;
use super::shared::SharedTokenSource;

/// Writes it down where every fetch has to look. The first time the next fetch waits a minute, then ten.
pub(super) async fn note(
    source: &SharedTokenSource,
    account: &Account,
    kind: TokenKind,
    fresh: &Token,
    refusal: &Error,
) {
    let inner = &source.inner;
    let row = source.row_name(account.app_id(), kind);
    Told::tell(&inner.coord, &SharedTokenSource::topic(account.app_id(), &row), refusal, inner.clock.now_ms()).await;
    let reject = RejectToken {
        app_id: account.app_id().clone(),
        kind: row,
        generation: i64::try_from(fresh.generation).unwrap_or(i64::MAX),
        cool_downs_ms: COOL_DOWNS_MS.to_vec(),
        now: inner.clock.now_ms(),
    };
    match inner.store.run(reject).await {
        Ok(Some(rejected)) => {
            let (app_id, kind) = (account.app_id().as_str().to_owned(), kind.as_str());
            tracing::error!(app_id, kind, rejections = rejected.rejections, "all instances fetch nothing for a while");
            metrics::counter!("weiqiao_tokens_rejected_total", "app_id" => app_id, "kind" => kind).increment(1);
        }
        // Another instance has seen it too.
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "a refused token could not be written down; this instance rests alone"),
    }
}
