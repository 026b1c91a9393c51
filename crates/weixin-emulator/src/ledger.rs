//! Every call somebody made to the emulated WeChat.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::state::token::{TokenLine, TokenStatus};

/// The access token a call presented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUse {
    /// Which API it came from; absent when it was never issued here.
    pub line: Option<TokenLine>,
    /// The how-manieth of its line, from 1; 0 when it was never issued here.
    pub generation: u64,
    /// What it turned out to be.
    pub status: TokenStatus,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Counts up from 1 and never restarts, not even after a reset.
    pub id: u64,
    /// Emulated time, epoch milliseconds.
    pub at_ms: i64,
    /// The same as RFC 3339.
    pub at: String,
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Query parameters, decoded; of a repeated one the last.
    pub query: BTreeMap<String, String>,
    /// The request body as text, lossily, at most 64 KiB; of binary ones only `[1234 bytes]`. Of a protected call what
    /// was inside.
    pub body: String,
    /// The account's handle, when the call named one.
    pub account: Option<String>,
    /// The access token, when the call presented one.
    pub token: Option<TokenUse>,
    /// HTTP status of the answer; 0 when the connection was dropped.
    pub status: u16,
    /// errcode of the answer; 0 for success.
    pub errcode: i64,
    /// The answer as text, lossily, at most 64 KiB; of a protected call before it was protected.
    pub answer: String,
    /// Whether call and answer were encrypted and signed.
    #[serde(default)]
    pub protected: bool,
    /// Request id, also behind the error text.
    pub rid: String,
    /// Whether the work was done; `false` when refused or when a fault came first.
    pub delivered: bool,
    /// The fault that changed this call, by id.
    pub fault: Option<u64>,
    /// Milliseconds the emulator took, without the delay of a fault.
    pub took_ms: i64,
    /// The caller's address.
    pub remote: String,
    /// The caller's User-Agent.
    pub user_agent: String,
}

/// Calls kept; the oldest are dropped.
const KEPT: usize = 10_000;
/// Longest body kept per call.
const BODY: usize = 64 * 1024;

/// The list of calls, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    next: u64,
    entries: VecDeque<LedgerEntry>,
}

/// Bytes as text, cut to what the ledger keeps; of files only how long they are.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    if bytes.contains(&0) {
        return format!("[{} bytes]", bytes.len());
    }
    String::from_utf8_lossy(bytes.get(..BODY).unwrap_or(bytes)).into_owned()
}

impl Ledger {
    /// Adds a call and gives it its id.
    pub(crate) fn add(&mut self, mut entry: LedgerEntry) -> LedgerEntry {
        self.next += 1;
        entry.id = self.next;
        self.entries.push_back(entry.clone());
        if self.entries.len() > KEPT {
            self.entries.pop_front();
        }
        entry
    }

    /// Calls after an id, on a path (all paths when `None`), oldest first.
    pub(crate) fn find<'a>(&'a self, path: Option<&'a str>, after: u64) -> impl Iterator<Item = &'a LedgerEntry> {
        let from = self.entries.partition_point(|entry| entry.id <= after);
        self.entries.range(from..).filter(move |entry| path.is_none_or(|path| path == entry.path))
    }

    /// The call with this request id.
    pub(crate) fn by_rid(&self, rid: &str) -> Option<&LedgerEntry> {
        self.entries.iter().rev().find(|entry| entry.rid == rid)
    }

    /// How many are kept.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Forgets all; ids go on.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
