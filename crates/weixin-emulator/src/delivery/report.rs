//! What became of one delivery, as the control API and the tests see it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a callback is protected, as set in WeChat's console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryMode {
    /// 明文模式: readable, `signature` only.
    #[default]
    Plain,
    /// 兼容模式: readable and encrypted, side by side.
    Compatible,
    /// 安全模式: encrypted only.
    Safe,
}

/// The language of a callback's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryFormat {
    /// XML, the only one of official accounts.
    #[default]
    Xml,
    /// JSON, a choice of mini programs.
    Json,
}

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// Attempts are being made.
    Running,
    /// A reply came that WeChat takes.
    Replied,
    /// `success` or nothing: there is no reply, and that is fine.
    Empty,
    /// No attempt got an answer WeChat takes.
    Failed,
    /// The account has no callback address.
    NotConfigured,
    /// A member of the customer-service staff is talking to the person: it went to them and is not pushed.
    Staff,
    /// Nothing happened that WeChat would push: the person follows already, for instance.
    Unchanged,
}

/// How the signature of an attempt was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureSteps {
    /// `msg_signature` where there is one, else `signature`.
    pub name: String,
    /// `timestamp` of the address, seconds.
    pub timestamp: String,
    /// `nonce` of the address.
    pub nonce: String,
    /// Whether `Encrypt` is signed too.
    pub encrypt: bool,
    /// What is joined and hashed, in order; the token masked, `Encrypt` cut short.
    pub sorted: Vec<String>,
    /// The hash.
    pub sha1: String,
}

/// What was sent in one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRequest {
    /// The address with its query.
    pub url: String,
    /// The body as it went over the wire.
    pub body: String,
}

/// What came back in one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenResponse {
    /// The body as it came, at most 64 KiB of it.
    pub body: String,
    /// The decrypted reply, when it was encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner: Option<String>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryAttempt {
    /// From 1; three at most.
    pub n: u32,
    /// Which of the copies asked for, from 1.
    pub copy: u32,
    /// Emulated time, epoch milliseconds.
    pub at_ms: i64,
    /// HTTP status, when an answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Real milliseconds until the answer, or until it was given up.
    pub ms: u64,
    /// Why WeChat does not take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What was sent.
    pub request: SentRequest,
    /// How it was signed.
    pub signature: SignatureSteps,
    /// What came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<GivenResponse>,
}

/// A reply WeChat takes: its type, and the content under the names of customer-service messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveredReply {
    /// `text`, `image`, `voice`, `video`, `music`, `news` or `transfer_customer_service`.
    #[serde(rename = "type")]
    pub kind: String,
    /// For instance `{"content":"hello"}`.
    #[serde(flatten)]
    pub content: Map<String, Value>,
}

/// One message or event, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveryReport {
    /// Counts up from 1; begins again after a reset. 0: nothing was pushed.
    pub id: u64,
    /// The account's handle.
    pub account: String,
    /// Its appid.
    pub app_id: String,
    /// Whose phone it comes from.
    pub persona: String,
    /// `message` or `event`.
    pub kind: String,
    /// WeChat's `MsgType`, or the name of the event.
    #[serde(rename = "type")]
    pub name: String,
    /// The member of staff who got it in the account's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
    /// `EventKey`, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How it is protected.
    pub mode: DeliveryMode,
    /// Its language.
    pub format: DeliveryFormat,
    /// Emulated time, epoch milliseconds.
    pub created_at_ms: i64,
    /// The body before any encryption; the same in every attempt.
    pub body: String,
    /// In the order they ended.
    pub attempts: Vec<DeliveryAttempt>,
    /// How it ended.
    pub outcome: DeliveryOutcome,
    /// The reply, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<DeliveredReply>,
    /// Whether the person sees the reply, or the notice.
    pub shown: bool,
    /// The line WeChat shows when there was no good answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// What WeChat does not say, but is worth knowing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// What asking a callback address for its `echostr` gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether the console would take the address.
    pub ok: bool,
    /// The address with its query.
    pub url: String,
    /// What has to come back, exactly.
    pub echostr: String,
    /// HTTP status, when an answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Real milliseconds.
    pub ms: u64,
    /// What came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Why it is not taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How it was signed.
    pub signature: SignatureSteps,
}
