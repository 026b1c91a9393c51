//! One call of WeChat's API: find the endpoint, meet a fault, check, work, answer, write it down.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use serde_json::Value;

use super::{Engine, Inner};
use crate::answer::{Family, File, Headers, Object, Refusal};
use crate::endpoints::{self, Call};
use crate::fault::Fault;
use crate::ledger::{LedgerEntry, TokenUse, excerpt};
use crate::refusals;
use crate::security;
use crate::state::token::TokenStatus;
use crate::{clock, errtext};

/// A call as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) content_type: String,
    /// Headers of API security, without their `wechatmp-`.
    pub(crate) signing: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    pub(crate) ip: IpAddr,
    pub(crate) user_agent: String,
}

/// What to send back, and how.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) content_type: Cow<'static, str>,
    /// The name of a file.
    pub(crate) filename: Option<String>,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
    pub(crate) delay: Duration,
    pub(crate) reset: bool,
    pub(crate) cut_at: Option<usize>,
    /// The length to announce.
    pub(crate) announce: Option<usize>,
    /// Between two bytes of the body.
    pub(crate) drip: Duration,
}

struct Answered {
    errcode: i64,
    content_type: &'static str,
    filename: Option<String>,
    headers: Headers,
    body: Vec<u8>,
    delivered: bool,
    /// What was inside a protected call, and its answer before it was protected.
    inside: Option<(Vec<u8>, Vec<u8>)>,
}

impl Answered {
    fn plain(content_type: &'static str, body: Vec<u8>) -> Self {
        Self { errcode: 0, content_type, filename: None, headers: Headers::new(), body, delivered: false, inside: None }
    }
}

impl Engine {
    /// Handles one API call.
    pub(crate) fn call(&self, request: &Request) -> Outcome {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let started = inner.clock.real_ms();
        let newest = inner.world.inbox.newest();
        let now_ms = inner.clock.now_ms();
        let rid = inner.random.rid(now_ms);
        let account = identify(inner, request);
        let token = request.query.get("access_token").and_then(|value| token_use(inner, &request.path, value, now_ms));
        let named = account.as_ref().map(|(name, app_id)| (name.as_str(), app_id.as_str()));
        let fault = inner.faults.pick(&request.path, named, &mut inner.random);

        let family = endpoints::find(&request.path).map_or_else(|| family_of(&request.path), |found| found.family);
        let spared = fault.as_ref().is_some_and(|fault| fault.replaces() && !fault.deliver);
        let answered = if spared {
            Answered::plain(family.content_type(), Vec::new())
        } else {
            let slow_ms = fault.as_ref().map_or(0, |fault| i64::try_from(fault.delay_ms).unwrap_or(i64::MAX));
            work(inner, request, family, &rid, now_ms, slow_ms)
        };
        let (delivered, inside) = (answered.delivered, answered.inside.clone());
        let replaced = fault.as_ref().is_some_and(Fault::replaces);
        let (outcome, errcode) = overlay(inner, fault.as_ref(), answered, family, &rid);

        let entry = LedgerEntry {
            id: 0,
            at_ms: now_ms,
            at: clock::rfc3339(now_ms),
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            body: excerpt(inside.as_ref().map_or(&request.body, |(call, _)| call)),
            account: account.map(|(name, _)| name),
            token,
            status: if outcome.reset { 0 } else { outcome.status },
            errcode,
            answer: excerpt(inside.as_ref().filter(|_| !replaced).map_or(&outcome.body, |(_, answer)| answer)),
            protected: inside.is_some(),
            rid,
            delivered,
            fault: fault.map(|fault| fault.id),
            took_ms: (inner.clock.real_ms() - started).max(0),
            remote: request.ip.to_canonical().to_string(),
            user_agent: request.user_agent.clone(),
        };
        let entry = inner.ledger.add(entry);
        let data = serde_json::to_value(&entry).unwrap_or(Value::Null);
        self.tell(inner, "call", data);
        self.tell_of_messages(inner, newest);
        outcome
    }
}

fn work(inner: &mut Inner, request: &Request, family: Family, rid: &str, now_ms: i64, slow_ms: i64) -> Answered {
    let controls = inner.world.settings.control_characters;
    let mut protection = None;
    let result = match endpoints::find(&request.path) {
        None => Err(refusals::INVALID_URL),
        Some(endpoint) => Call::new(inner, endpoint, request, now_ms).and_then(|mut call| {
            call.slow_ms = slow_ms;
            let result = (endpoint.run)(&mut call);
            protection = call.take_protection();
            result
        }),
    };
    let mut answered = match result {
        Ok(mut object) => {
            let headers = object.take_headers();
            let answered = match object.into_file() {
                Ok(File { filename, content_type, bytes }) => {
                    let filename = Some(filename).filter(|name| !name.is_empty());
                    Answered { filename, ..Answered::plain(content_type, bytes) }
                }
                Err(object) => Answered::plain(family.content_type(), object.to_bytes(controls)),
            };
            Answered { headers, delivered: true, ..answered }
        }
        Err(refusal) => {
            let body = refusal.object(family, rid, &inner.world.settings).to_bytes(controls);
            Answered { errcode: refusal.errcode, ..Answered::plain(family.content_type(), body) }
        }
    };
    if let Some((protection, call)) = protection {
        let sealed = security::seal(&protection, &answered.body, &mut inner.random, now_ms.div_euclid(1000));
        if let Some((body, headers)) = sealed {
            let answer = std::mem::replace(&mut answered.body, body);
            answered.headers.extend(headers);
            answered.inside = Some((call, answer));
        }
    }
    answered
}

/// Lays the fault over the answer.
fn overlay(inner: &Inner, fault: Option<&Fault>, answered: Answered, family: Family, rid: &str) -> (Outcome, i64) {
    let Answered { errcode, content_type, filename, headers, body, delivered: _, inside: _ } = answered;
    let mut outcome = Outcome {
        status: 200,
        content_type: Cow::Borrowed(content_type),
        filename,
        headers,
        body,
        delay: Duration::ZERO,
        reset: false,
        cut_at: None,
        announce: None,
        drip: Duration::ZERO,
    };
    let Some(fault) = fault else { return (outcome, errcode) };
    let mut shown = errcode;
    if fault.replaces() {
        outcome.filename = None;
        outcome.headers.clear();
        outcome.content_type = Cow::Borrowed(family.content_type());
    }
    if let Some(code) = fault.errcode {
        let refusal = match (&fault.errmsg, code) {
            (Some(text), _) => Refusal::composed(code, text.clone()),
            (None, 40001) if family == Family::Api => refusals::STALE_TOKEN,
            (None, code) => Refusal::composed(code, errtext::of(code)),
        };
        let object: Object = refusal.object(family, rid, &inner.world.settings);
        outcome.body = object.to_bytes(inner.world.settings.control_characters);
        shown = code;
    } else if fault.replaces() && fault.bytes().is_none() {
        outcome.body.clear();
    }
    if let Some(bytes) = fault.bytes() {
        outcome.body = bytes;
        shown = serde_json::from_slice::<Value>(&outcome.body)
            .ok()
            .and_then(|value| value.get("errcode").and_then(Value::as_i64))
            .unwrap_or_default();
    }
    outcome.body = fault.changed(outcome.body);
    if let Some(Value::Number(patched)) = fault.patch.as_ref().and_then(|patch| patch.get("errcode")) {
        shown = patched.as_i64().unwrap_or_default();
    }
    outcome.status = fault.status.unwrap_or(200);
    if let Some(content_type) = &fault.content_type {
        outcome.content_type = Cow::Owned(content_type.clone());
    }
    outcome.delay = Duration::from_millis(fault.delay_ms);
    outcome.reset = fault.reset;
    outcome.cut_at = fault.cut_at;
    outcome.announce = fault.announce;
    outcome.drip = Duration::from_millis(fault.drip_ms);
    (outcome, shown)
}

fn family_of(path: &str) -> Family {
    if path.starts_with("/sns/") { Family::Sns } else { Family::Api }
}

/// Whose call it is: by appid (query or JSON body) or by its token.
fn identify(inner: &Inner, request: &Request) -> Option<(String, String)> {
    let from_body = || {
        let body: Value = serde_json::from_slice(&request.body).ok()?;
        Some(body.get("appid")?.as_str()?.to_owned())
    };
    let by_token = || {
        let token = request.query.get("access_token")?;
        let grant = || inner.world.user_tokens.owner(token).map(str::to_owned);
        inner.world.tokens.find(token).map(|token| token.app_id.clone()).or_else(grant)
    };
    let app_id = request.query.get("appid").cloned().or_else(by_token).or_else(from_body)?;
    let account = inner.world.accounts.by_app_id(&app_id)?;
    Some((account.name.clone(), account.app_id.clone()))
}

fn token_use(inner: &Inner, path: &str, value: &str, now_ms: i64) -> Option<TokenUse> {
    if path.starts_with("/sns/") {
        return None;
    }
    Some(match inner.world.tokens.find(value) {
        Some(token) => TokenUse { line: Some(token.line), generation: token.generation, status: token.status(now_ms) },
        None => TokenUse { line: None, generation: 0, status: TokenStatus::Unknown },
    })
}
