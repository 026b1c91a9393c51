//! What WeChat refused last: said again by every instance while nothing may be fetched.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use weiqiao_coord::Coord;
use weixin::{Error, Refusal};

/// What the last fetch was refused with, by topic.
const REFUSALS: &str = "token refusals";
/// As long as the longest cool-down, and a little more, so that it is known to the end of it.
const KEPT: Duration = Duration::from_secs(660);

/// A refusal on its way to the other instances.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) errcode: i64,
    pub(crate) errmsg: String,
    pub(crate) rid: Option<String>,
    /// The path that refused; empty if that is not known.
    #[serde(default)]
    pub(crate) path: String,
    /// When it was said, epoch milliseconds.
    #[serde(default)]
    pub(crate) at: i64,
}

impl Told {
    /// Lets the other instances know what WeChat said, if it said something.
    pub(super) async fn tell(coord: &Coord, topic: &str, error: &Error, at: i64) {
        let (Some(errcode), Some(errmsg)) = (error.errcode(), error.errmsg()) else { return };
        let path = error.refused_at().unwrap_or_default().to_owned();
        let rid = error.rid().map(str::to_owned);
        let told = Self { errcode: errcode.get(), errmsg: errmsg.to_owned(), rid, path, at };
        told.tell_again(coord, topic).await;
    }

    /// Keeps it known for longer.
    pub(super) async fn tell_again(&self, coord: &Coord, topic: &str) {
        if let Ok(told) = serde_json::to_vec(self) {
            coord.kv().put(REFUSALS, topic, &told, KEPT).await;
        }
    }

    /// What WeChat said last, on whichever instance.
    pub(crate) async fn last(coord: &Coord, topic: &str) -> Option<Self> {
        let told = coord.kv().get(REFUSALS, topic).await?;
        serde_json::from_slice(&told).ok()
    }

    /// As an error that lasts for so long.
    pub(super) fn into_error(self, rest: Duration) -> Error {
        let Self { errcode, errmsg, rid, path, at: _ } = self;
        let path = if path.is_empty() { "token".to_owned() } else { path };
        Error::token_refused_elsewhere(path, Refusal { errcode: errcode.into(), errmsg, rid }, rest)
    }
}
