//! The end of the chain, to be kept where nobody who reaches the database reaches it.

use std::fmt;
use std::str::FromStr;

use weiqiao_store::facts::audit::CountAudit;

use crate::App;
use crate::error::Result;

/// A place in the chain and the hash of the entry there, written `n:hash`, the hash with a dot after every 16 digits: in one
/// piece the log would take it for a token and hide it. It is read with or without them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditAnchor {
    /// The place; 0: before the first entry.
    pub n: i64,
    /// The hash, 64 hex digits.
    pub hash: String,
}

impl fmt::Display for AuditAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.n)?;
        for (at, digit) in self.hash.chars().enumerate() {
            let dot = if at > 0 && at % 16 == 0 { "." } else { "" };
            write!(f, "{dot}{digit}")?;
        }
        Ok(())
    }
}

/// A text that is no anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an anchor is <number>:<64 hex digits>, as the log has it")]
pub struct NoAnchor;

impl FromStr for AuditAnchor {
    type Err = NoAnchor;

    fn from_str(text: &str) -> std::result::Result<Self, NoAnchor> {
        let (n, hash) = text.trim().split_once(':').ok_or(NoAnchor)?;
        let n = n.parse().ok().filter(|n| *n >= 0).ok_or(NoAnchor)?;
        let hash = hash.replace('.', "");
        let hex = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex.then(|| Self { n, hash: hash.to_ascii_lowercase() }).ok_or(NoAnchor)
    }
}

/// The anchor of this moment. The daily one goes to the log; `weiqiao admin audit verify --anchor` compares with it.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn anchor(app: &App) -> Result<Option<AuditAnchor>> {
    let head = app.store().read(CountAudit).await?;
    Ok(head.map(|(n, hash)| AuditAnchor { n, hash: hash.to_string() }))
}

/// Writes the anchor to the log: at the start and once a day.
#[derive(Debug, Default)]
pub struct DailyAnchor {
    /// The day of the last one, since the epoch.
    day: Option<i64>,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl DailyAnchor {
    /// Call it every minute or so; it does something once a day (UTC).
    ///
    /// # Errors
    ///
    /// `Unavailable` when the database is down: then the next call tries again.
    pub async fn tick(&mut self, app: &App) -> Result<Option<AuditAnchor>> {
        let day = app.now_ms().div_euclid(DAY_MS);
        if self.day == Some(day) {
            return Ok(None);
        }
        let anchor = anchor(app).await?;
        self.day = Some(day);
        if let Some(anchor) = &anchor {
            tracing::info!(%anchor, "audit anchor: keep this line; `weiqiao admin audit verify --anchor` compares with it");
        }
        Ok(anchor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_read_as_it_is_written() {
        let anchor = AuditAnchor { n: 7, hash: "ab".repeat(32) };
        assert_eq!(anchor.to_string().len(), "7:".len() + 64 + 3);
        assert_eq!(format!("7:{}", anchor.hash).parse(), Ok(anchor.clone()));
        assert_eq!(anchor.to_string().parse(), Ok(anchor));
        for junk in ["", "7", "7:", "7:xyz", &format!("-1:{}", "ab".repeat(32)), &format!("x:{}", "ab".repeat(32))] {
            assert_eq!(junk.parse::<AuditAnchor>(), Err(NoAnchor), "{junk}");
        }
    }
}
