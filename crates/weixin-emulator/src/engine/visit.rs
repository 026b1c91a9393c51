//! Visits of the pages: they meet faults and stand in the ledger like calls.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;

use super::{Engine, Outcome, PageError, Request};
use crate::clock;
use crate::errtext;
use crate::ledger::{LedgerEntry, excerpt};

/// What a fault does to a page.
#[derive(Debug, Clone)]
pub(crate) enum PageFault {
    /// WeChat's error page with this number.
    Error(PageError),
    /// These bytes, or no answer at all.
    Raw(Outcome),
}

/// A visit that has begun.
#[derive(Debug)]
pub(crate) struct Visit {
    request: Request,
    fault_id: Option<u64>,
    /// What to show instead of the page.
    pub(crate) fault: Option<PageFault>,
    /// Real time to wait first.
    pub(crate) delay: Duration,
}

impl Visit {
    /// The visitor's User-Agent.
    pub(crate) fn user_agent(&self) -> &str {
        &self.request.user_agent
    }
}

/// How a visit ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) errcode: i64,
    /// The redirect's target, or WeChat's error text.
    pub(crate) answer: String,
}

impl Engine {
    /// Somebody opens a page.
    pub(crate) fn begin_visit(&self, request: Request) -> Visit {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let account = request.query.get("appid").and_then(|app_id| inner.world.accounts.by_app_id(app_id));
        let named = account.map(|account| (account.name.as_str(), account.app_id.as_str()));
        let fault = inner.faults.pick(&request.path, named, &mut inner.random);
        let Some(fault) = fault else {
            return Visit { request, fault_id: None, fault: None, delay: Duration::ZERO };
        };
        let delay = Duration::from_millis(fault.delay_ms);
        let shown = match fault.errcode {
            Some(errcode) => {
                let text = fault.errmsg.clone().unwrap_or_else(|| errtext::of(errcode));
                Some(PageFault::Error(PageError::new(errcode, &text, "这是注入的故障")))
            }
            None if fault.replaces() => Some(PageFault::Raw(Outcome {
                status: fault.status.unwrap_or(200),
                content_type: fault.content_type.clone().map_or(Cow::Borrowed("text/html; charset=utf-8"), Cow::Owned),
                filename: None,
                headers: Vec::new(),
                body: fault.bytes().unwrap_or_default(),
                delay: Duration::ZERO,
                reset: fault.reset,
                cut_at: fault.cut_at,
                announce: fault.announce,
                drip: Duration::from_millis(fault.drip_ms),
            })),
            None => None,
        };
        Visit { request, fault_id: Some(fault.id), fault: shown, delay }
    }

    /// Writes the visit down.
    pub(crate) fn end_visit(&self, visit: Visit, seen: Seen) {
        let mut inner = self.lock();
        let Visit { request, fault_id, .. } = visit;
        let now_ms = inner.clock.now_ms();
        let account = request.query.get("appid").and_then(|app_id| inner.world.accounts.by_app_id(app_id));
        let account = account.map(|account| account.name.clone());
        let rid = inner.random.rid(now_ms);
        let entry = LedgerEntry {
            id: 0,
            at_ms: now_ms,
            at: clock::rfc3339(now_ms),
            method: request.method,
            path: request.path,
            query: request.query,
            body: excerpt(&request.body),
            account,
            token: None,
            status: seen.status,
            errcode: seen.errcode,
            answer: seen.answer,
            protected: false,
            rid,
            delivered: seen.errcode == 0,
            fault: fault_id,
            took_ms: 0,
            remote: request.ip.to_canonical().to_string(),
            user_agent: request.user_agent,
        };
        let entry = inner.ledger.add(entry);
        let data = serde_json::to_value(&entry).unwrap_or(Value::Null);
        self.tell(&mut inner, "call", data);
    }
}
