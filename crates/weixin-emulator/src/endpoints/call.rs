//! What an endpoint sees: the world, the parameters, the account behind the token.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::Value;

use super::{Auth, Endpoint, Verb};
use crate::answer::Refusal;
use crate::engine::{Inner, Request};
use crate::ledger::Ledger;
use crate::multipart;
use crate::random::Random;
use crate::refusals;
use crate::security::{self, Incoming, Protection};
use crate::state::World;
use crate::state::account::Account;
use crate::state::quota::{Limits, OverQuota};
use crate::state::token::TokenStatus;

/// A file somebody uploads, and the texts beside it.
pub(crate) struct Upload {
    pub(crate) filename: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) texts: BTreeMap<String, String>,
}

/// One call, checked as far as the endpoint's table row says.
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) random: &'a mut Random,
    pub(crate) ledger: &'a Ledger,
    pub(crate) public_url: String,
    pub(crate) now_ms: i64,
    pub(crate) ip: IpAddr,
    /// Emulated milliseconds the answer will be held back.
    pub(crate) slow_ms: i64,
    endpoint: &'static Endpoint,
    query: &'a BTreeMap<String, String>,
    content_type: &'a str,
    body: Cow<'a, [u8]>,
    app_id: String,
    protection: Option<Protection>,
}

impl<'a> Call<'a> {
    /// Checks token, permission, method and quota, in WeChat's order.
    pub(crate) fn new(
        inner: &'a mut Inner,
        endpoint: &'static Endpoint,
        request: &'a Request,
        now_ms: i64,
    ) -> Result<Self, Refusal> {
        let public_url = inner.public_url().to_owned();
        let mut call = Self {
            world: &mut inner.world,
            random: &mut inner.random,
            ledger: &inner.ledger,
            public_url,
            now_ms,
            ip: request.ip,
            slow_ms: 0,
            endpoint,
            query: &request.query,
            content_type: &request.content_type,
            body: Cow::Borrowed(&request.body),
            app_id: String::new(),
            protection: None,
        };
        if let Auth::Token(kinds) = endpoint.auth {
            let account = call.account_of_token()?;
            let allowed = kinds.contains(&account.kind) && !account.forbidden_apis.iter().any(|p| p == endpoint.path);
            if !allowed {
                return Err(refusals::UNAUTHORIZED_API);
            }
            let Request { path, signing: headers, body, .. } = request;
            let incoming = Incoming { path, headers, body, public_url: &call.public_url };
            if let Some((plain, protection)) = security::open(&account, &incoming, now_ms.div_euclid(1000))? {
                (call.body, call.protection) = (Cow::Owned(plain), Some(protection));
            }
            call.app_id = account.app_id;
        }
        match (endpoint.verb, request.method.as_str()) {
            (Verb::Get, method) if method != "GET" && method != "HEAD" => return Err(refusals::NEEDS_GET),
            (Verb::Post, method) if method != "POST" => return Err(refusals::NEEDS_POST),
            _ => {}
        }
        if matches!(endpoint.auth, Auth::Token(_)) {
            let app_id = call.app_id.clone();
            call.charge(&app_id)?;
        }
        Ok(call)
    }

    fn account_of_token(&self) -> Result<Account, Refusal> {
        let presented = self.query("access_token").ok_or(refusals::TOKEN_MISSING)?;
        let token = self.world.tokens.find(presented).ok_or(refusals::STALE_TOKEN)?;
        match token.status(self.now_ms) {
            TokenStatus::Current | TokenStatus::Overlap => {}
            TokenStatus::Expired => return Err(refusals::TOKEN_EXPIRED),
            TokenStatus::Stale | TokenStatus::Unknown => return Err(refusals::STALE_TOKEN),
        }
        self.world.accounts.by_app_id(&token.app_id).cloned().ok_or(refusals::STALE_TOKEN)
    }

    /// Counts this call for an account: 45009 or 45011 when it is over its quota.
    pub(crate) fn charge(&mut self, app_id: &str) -> Result<(), Refusal> {
        let limits: Limits = self.endpoint.limits;
        self.world.quotas.charge(app_id, self.endpoint.path, limits, self.now_ms).map_err(|over| match over {
            OverQuota::Day => refusals::over_a_day(self.endpoint.path),
            OverQuota::Minute => refusals::over_a_minute(self.endpoint.path),
        })
    }

    /// The account of the access token. Empty text for endpoints that take none.
    pub(crate) fn app_id(&self) -> &str {
        &self.app_id
    }

    /// The account of the access token.
    pub(crate) fn account(&self) -> Result<Account, Refusal> {
        self.world.accounts.by_app_id(&self.app_id).cloned().ok_or(refusals::STALE_TOKEN)
    }

    /// How the call was protected, and the body that was inside; taken out.
    pub(crate) fn take_protection(&mut self) -> Option<(Protection, Vec<u8>)> {
        self.protection.take().map(|protection| (protection, self.body.to_vec()))
    }

    /// A query parameter that is there and not empty.
    pub(crate) fn query(&self, name: &str) -> Option<&'a str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The JSON body: 44002 when there is none, 47001 when it is not an object.
    pub(crate) fn json(&self) -> Result<Value, Refusal> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Err(refusals::EMPTY_BODY);
        }
        let value: Value = serde_json::from_slice(&self.body).map_err(|_| refusals::BAD_JSON)?;
        if value.is_object() { Ok(value) } else { Err(refusals::BAD_JSON) }
    }

    /// The parts of an upload: 41005 without a file in the field `media`, 44001 when it is empty.
    pub(crate) fn upload(&self) -> Result<Upload, Refusal> {
        let mut parts = multipart::parse(self.content_type, &self.body).ok_or(refusals::MEDIA_MISSING)?;
        let at = parts.iter().position(|part| part.name == "media" && part.filename.is_some());
        let file = parts.swap_remove(at.ok_or(refusals::MEDIA_MISSING)?);
        if file.bytes.is_empty() {
            return Err(refusals::MEDIA_EMPTY);
        }
        let texts = parts.into_iter().map(|part| (part.name, String::from_utf8_lossy(&part.bytes).into_owned()));
        Ok(Upload { filename: file.filename.unwrap_or_default(), bytes: file.bytes, texts: texts.collect() })
    }

    /// Where a kept file is to be seen.
    pub(crate) fn file_url(&self, media_id: &str) -> String {
        format!("{}/mmbiz/{media_id}/0", self.public_url)
    }

    /// The person with this openid: 40003 when the account knows nobody by it.
    pub(crate) fn person(&self, account: &Account, openid: Option<&str>) -> Result<String, Refusal> {
        let person = openid.and_then(|openid| self.world.person_of(account, openid));
        person.map(|persona| persona.id.clone()).ok_or(refusals::INVALID_OPENID)
    }

    /// The JSON body of a call that wants its text as it is: 40033 when there are `\\u` escapes in it.
    pub(crate) fn raw_json(&self) -> Result<Value, Refusal> {
        let escaped = |pair: &[u8]| pair == b"\\u";
        if self.body.windows(2).any(escaped) { Err(refusals::BAD_CHARSET) } else { self.json() }
    }

    /// A text parameter from the query or, failing that, from a JSON body; for calls whose page and samples disagree.
    pub(crate) fn anywhere(&self, name: &str) -> Option<String> {
        let from_body = || self.json().ok().and_then(|body| text(&body, name).map(str::to_owned));
        self.query(name).map(str::to_owned).or_else(from_body)
    }
}

/// A text field of a JSON object that is there and not empty.
pub(crate) fn text<'v>(body: &'v Value, name: &str) -> Option<&'v str> {
    body.get(name).and_then(Value::as_str).filter(|value| !value.is_empty())
}
