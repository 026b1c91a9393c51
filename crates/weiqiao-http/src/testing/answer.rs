//! An answer, and what tests want to know about it.

use axum::response::Response;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
    json: Value,
    at_ms: Option<i64>,
}

impl Answer {
    pub async fn read(response: Response, at_ms: Option<i64>, head: bool) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Self { status: parts.status, headers: parts.headers, text, json, at_ms };
        if !head {
            answer.check_envelope();
        }
        answer
    }

    /// Whatever a test is about: an envelope that is one keeps all its promises.
    fn check_envelope(&self) {
        assert!(self.headers.contains_key("x-request-id"), "{self:?}");
        assert_eq!(self.header("x-content-type-options"), "nosniff");
        assert_eq!(self.header("referrer-policy"), "no-referrer");
        assert!(!self.headers.contains_key("server"));
        let Some(success) = self.json.get("success") else { return };
        assert_eq!(self.json["code"], self.status.as_u16(), "{self:?}");
        assert_eq!(self.json["request_id"], self.header("x-request-id"), "{self:?}");
        if let Some(at_ms) = self.at_ms {
            assert_eq!(self.json["timestamp"], at_ms, "{self:?}");
        }
        assert!(self.json["message"].is_string(), "{self:?}");
        assert_eq!(*success, self.status.is_success(), "{self:?}");
        assert_eq!(self.json.get("data").is_some(), self.status.is_success(), "{self:?}");
        assert_eq!(self.json.get("error").is_some(), !self.status.is_success(), "{self:?}");
        if !self.status.is_success() {
            let code = self.json["error"]["code"].as_str().unwrap();
            assert!(code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'), "{code}");
            assert!(self.json["error"]["details"].is_array(), "{self:?}");
        }
    }

    /// Demands a status.
    pub fn is(&self, status: StatusCode) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Demands a success with this message.
    pub fn success(&self, message: &str) -> &Self {
        assert_eq!(self.json["success"], true, "{self:?}");
        assert_eq!(self.message(), message);
        self
    }

    /// Demands a failure with this word and text.
    pub fn failure(&self, code: &str, message: &str) -> &Self {
        self.code(code);
        assert_eq!(self.message(), message);
        self
    }

    /// Demands a failure with this word.
    pub fn code(&self, code: &str) -> &Self {
        assert_eq!(self.json["error"]["code"], code, "{self:?}");
        self
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header that has to be there.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers));
        value.to_str().unwrap()
    }

    /// The `Set-Cookie` line of this cookie.
    pub fn cookie_line(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
        lines.into_iter().find(|line| line.split('=').next() == Some(name))
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn json(&self) -> &Value {
        &self.json
    }

    pub fn data(&self) -> &Value {
        &self.json["data"]
    }

    pub fn error(&self) -> &Value {
        &self.json["error"]
    }

    pub fn message(&self) -> &str {
        self.json["message"].as_str().unwrap_or_else(|| panic!("no message in {self:?}"))
    }
}
