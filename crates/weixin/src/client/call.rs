//! One call, encoded: what goes into the query and what into the body.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;

use super::multipart;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::security::Guard;
use crate::{Account, Error};

/// All that `encodeURIComponent` leaves alone and WeChat's examples show unescaped.
pub(crate) const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A request without its token, ready to be sent any number of times. Holds secrets: it has no `Debug`.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) path: Cow<'a, str>,
    /// What the metrics call it: the path, or `raw` for a path that is in no catalogue.
    pub(crate) label: &'static str,
    pub(crate) auth: Auth,
    pub(crate) repeatable: bool,
    query: String,
    pub(crate) body: Option<Bytes>,
    /// Media type of the body.
    pub(crate) content_type: Cow<'static, str>,
    /// The longest file taken for an answer, in bytes.
    pub(crate) longest_file: Option<usize>,
    /// How it is to be protected, if it is.
    pub(crate) guard: Option<Guard>,
    /// How long it may take in all, where that is not the client's time limit.
    pub(crate) limit: Option<Duration>,
}

/// The media type of what is no upload.
const JSON: Cow<'static, str> = Cow::Borrowed("application/json; charset=utf-8");

impl Call<'static> {
    /// Encodes a request as its `SPEC` says.
    pub(crate) fn of<E: Endpoint>(account: &Account, request: &E) -> Result<Self, Error> {
        let Spec { method, path, auth, encoding, repeatable, doc: _ } = E::SPEC;
        let mut call = Self {
            method,
            path: Cow::Borrowed(path),
            label: path,
            auth,
            repeatable,
            query: String::new(),
            body: None,
            content_type: JSON,
            longest_file: E::LONGEST_FILE,
            guard: Guard::of(account, method, path),
            limit: None,
        };
        let credentials = credentials(account, auth);
        match encoding {
            Encoding::None | Encoding::Query | Encoding::Multipart => {
                // Sorted, so that the order does not depend on how serde_json was built.
                let fields: BTreeMap<_, _> =
                    fields(request).map_err(|what| Error::config(path, what))?.into_iter().collect();
                for (name, value) in fields {
                    let value = scalar(&value).ok_or_else(|| Error::config(path, not_scalar(&name)))?;
                    if let Some(value) = value {
                        call.add_query(&name, &value);
                    }
                }
                for (name, value) in credentials {
                    call.add_query(name, value);
                }
                if encoding == Encoding::Multipart {
                    let (content_type, body) = multipart::encode(&request.parts());
                    call.content_type = Cow::Owned(content_type);
                    call.body = Some(body.into());
                }
            }
            Encoding::Json if credentials.is_empty() => {
                call.body = Some(json(request).map_err(|what| Error::config(path, what))?.into());
            }
            Encoding::Json => {
                let mut fields = fields(request).map_err(|what| Error::config(path, what))?;
                for (name, value) in credentials {
                    fields.insert(name.to_owned(), Value::String(value.to_owned()));
                }
                call.body = Some(json(&fields).map_err(|what| Error::config(path, what))?.into());
            }
        }
        Ok(call)
    }
}

impl<'a> Call<'a> {
    /// A call to any path, for endpoints that have no file yet.
    pub(crate) fn raw(
        account: &Account,
        method: Method,
        path: &'a str,
        auth: Auth,
        repeatable: bool,
        query: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Self, Error> {
        if !path.starts_with('/') || path.starts_with("//") || path.contains(['?', '#', '\\']) || path.contains("/../")
        {
            return Err(Error::config("raw", "a path starts with one slash and has neither query nor fragment"));
        }
        let label = crate::catalogue().iter().find(|spec| spec.path == path).map_or("raw", |spec| spec.path);
        let mut call = Self {
            method,
            path: Cow::Borrowed(path),
            label,
            auth,
            repeatable,
            query: String::new(),
            body: body.map(Bytes::from),
            content_type: JSON,
            longest_file: None,
            guard: Guard::of(account, method, path),
            limit: None,
        };
        for (name, value) in query {
            call.add_query(name, value);
        }
        Ok(call)
    }

    /// The same call with a time limit of its own.
    pub(crate) fn within(self, limit: Option<Duration>) -> Self {
        Self { limit, ..self }
    }

    /// Whether a file goes up or comes down, which takes its time.
    pub(crate) fn is_transfer(&self) -> bool {
        self.longest_file.is_some() || self.content_type != JSON
    }

    /// The path as an error names it.
    pub(crate) fn endpoint(&self) -> Cow<'static, str> {
        match &self.path {
            Cow::Borrowed(path) if *path == self.label => Cow::Borrowed(self.label),
            path => Cow::Owned(path.to_string()),
        }
    }

    /// The whole URL, token included. Never to be shown.
    pub(crate) fn url(&self, base: &Url, access_token: Option<&str>) -> Url {
        let mut url = base.clone();
        url.set_path(&format!("{}{}", base.path().trim_end_matches('/'), self.path));
        let mut query = self.query.clone();
        if let Some(token) = access_token {
            add_pair(&mut query, "access_token", token);
        }
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        url
    }

    fn add_query(&mut self, name: &str, value: &str) {
        add_pair(&mut self.query, name, value);
    }
}

fn add_pair(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.extend(utf8_percent_encode(name, COMPONENT));
    query.push('=');
    query.extend(utf8_percent_encode(value, COMPONENT));
}

fn credentials(account: &Account, auth: Auth) -> Vec<(&'static str, &str)> {
    match auth {
        Auth::AppId(name) => vec![(name, account.app_id().as_str())],
        Auth::AppSecret { app_id, secret } => {
            vec![(app_id, account.app_id().as_str()), (secret, account.secret().expose())]
        }
        Auth::None | Auth::AccessToken | Auth::UserToken => Vec::new(),
    }
}

pub(crate) fn json(value: &impl Serialize) -> Result<Vec<u8>, &'static str> {
    // The reason would repeat a value of the request.
    serde_json::to_vec(value).map_err(|_| "the request cannot be written as JSON")
}

fn fields(request: &impl Serialize) -> Result<Map<String, Value>, &'static str> {
    match serde_json::to_value(request) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(Value::Null) => Ok(Map::new()),
        _ => Err("a request is written as an object of fields"),
    }
}

/// The text of a parameter, `Some(None)` for an absent one, `None` for what is not one value.
fn scalar(value: &Value) -> Option<Option<Cow<'_, str>>> {
    match value {
        Value::Null => Some(None),
        Value::String(text) => Some(Some(Cow::Borrowed(text))),
        Value::Bool(_) | Value::Number(_) => Some(Some(Cow::Owned(value.to_string()))),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn not_scalar(name: &str) -> String {
    format!("the query parameter {name} is not one value")
}
