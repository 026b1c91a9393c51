//! The QR login page and the phone that scans it.

use serde_json::json;

use super::consent::{Decided, Decision, Door};
use super::{ControlError, Engine};
use crate::state::login_page::Step;

/// What the waiting page is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Progress {
    /// 408: nobody scanned yet.
    Waiting,
    /// 404: scanned by this person.
    Scanned(String),
    /// 405: allowed; the code, and where the page goes.
    Confirmed(String, String),
    /// 403: refused.
    Cancelled,
    /// 402: too late, or never opened.
    Expired,
}

fn gone() -> ControlError {
    ControlError::NotFound("the QR code has expired or was used".to_owned())
}

impl Engine {
    /// Opens a page for this query and gives its uuid.
    pub(crate) fn open_login_page(&self, query: &str) -> String {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let now_ms = inner.clock.now_ms();
        let life_s = inner.world.settings.qrconnect_page_lifetime_s;
        inner.world.login_pages.open(query, life_s, &mut inner.random, now_ms)
    }

    /// How far it has come.
    pub(crate) fn login_page_progress(&self, uuid: &str) -> Progress {
        let inner = self.lock();
        match inner.world.login_pages.find(uuid, inner.clock.now_ms()).map(|page| page.step.clone()) {
            None => Progress::Expired,
            Some(Step::Waiting) => Progress::Waiting,
            Some(Step::Scanned { persona }) => Progress::Scanned(persona),
            Some(Step::Confirmed { code, target }) => Progress::Confirmed(code, target),
            Some(Step::Cancelled) => Progress::Cancelled,
        }
    }

    /// The query the page was opened with.
    pub(crate) fn login_page_query(&self, uuid: &str) -> Option<String> {
        let inner = self.lock();
        inner.world.login_pages.find(uuid, inner.clock.now_ms()).map(|page| page.query.clone())
    }

    /// A phone scanned the code.
    pub(crate) fn scan_login_page(&self, uuid: &str, persona: &str) -> Result<(), ControlError> {
        let mut inner = self.lock();
        let persona = inner.persona(persona)?.id.clone();
        let now_ms = inner.clock.now_ms();
        if !inner.world.login_pages.step(uuid, Step::Scanned { persona: persona.clone() }, now_ms) {
            return Err(gone());
        }
        self.tell(&mut inner, "login_page", json!({ "uuid": uuid, "step": "scanned", "persona": persona }));
        Ok(())
    }

    /// The person on the phone decided; the waiting page learns of it.
    pub(crate) fn decide_login_page(&self, uuid: &str, decision: &Decision) -> Result<Decided, ControlError> {
        let query = self.login_page_query(uuid).ok_or_else(gone)?;
        let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let consent = self.consent(Door::Qr, &query).map_err(|error| ControlError::Invalid(error.text))?;
        let decided = self.decide(&consent, decision)?;
        let step = match (&decided.code, &decided.go) {
            (Some(code), Some(target)) => Step::Confirmed { code: code.clone(), target: target.clone() },
            _ => Step::Cancelled,
        };
        self.close_login_page(uuid, step)?;
        Ok(decided)
    }

    /// Ends a page, so that its QR code works no more.
    pub(crate) fn close_login_page(&self, uuid: &str, step: Step) -> Result<(), ControlError> {
        let mut inner = self.lock();
        let now_ms = inner.clock.now_ms();
        if !inner.world.login_pages.step(uuid, step, now_ms) {
            return Err(gone());
        }
        self.tell(&mut inner, "login_page", json!({ "uuid": uuid, "step": "decided" }));
        Ok(())
    }
}
