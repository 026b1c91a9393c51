//! Callbacks: verified before the handler sees them, answered in the form they came in.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use weixin_proto::callback::event::Event;
use weixin_proto::callback::message::Message;
use weixin_proto::callback::reply::{Address, Reply};
use weixin_proto::callback::{Format, Inbound, Kind, Opened, Query, Receiver};

use crate::env::{Clock, OsRng, Rng, SystemClock};

/// What is needed to receive the callbacks of one account: the state of the routes. Cheap to clone.
#[derive(Clone)]
pub struct Callbacks {
    inner: Arc<Inner>,
}

struct Inner {
    receiver: Receiver,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl Callbacks {
    /// Callbacks as the console is set: [`Receiver::plain`], [`Receiver::safe`] or [`Receiver::compatible`].
    #[must_use]
    pub fn new(receiver: Receiver) -> Self {
        Self::with(receiver, Arc::new(SystemClock), Arc::new(OsRng))
    }

    /// The same with another clock and other randomness, for tests.
    #[must_use]
    pub fn with(receiver: Receiver, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self { inner: Arc::new(Inner { receiver, clock, rng }) }
    }

    fn now_s(&self) -> i64 {
        self.inner.clock.now_ms().div_euclid(1000)
    }
}

impl std::fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Callbacks").field("mode", &self.inner.receiver.mode()).finish_non_exhaustive()
    }
}

/// The handler of `GET`: answers WeChat's question whether the address is ours.
///
/// # Errors
///
/// 403 when the signature is not right, or the time too far from ours.
pub async fn verify_address(
    State(callbacks): State<Callbacks>,
    RawQuery(query): RawQuery,
) -> Result<String, CallbackRejected> {
    let pairs = pairs(query.as_deref().unwrap_or_default());
    let query = Query::from_pairs(pairs).map_err(|_| CallbackRejected::FORGED)?;
    callbacks
        .inner
        .receiver
        .verify_echo(&query, callbacks.now_s())
        .map(str::to_owned)
        .map_err(|_| CallbackRejected::FORGED)
}

/// A push of WeChat whose signature was right. The extractor of the handler of `POST`.
///
/// WeChat sends a push again when no answer comes within 5 s: whoever acts on one remembers
/// [`Inbound::dedup_key`](weixin_proto::callback::Inbound::dedup_key) in a store.
#[derive(Debug)]
pub struct VerifiedCallback {
    opened: Opened,
    callbacks: Callbacks,
    nonce: String,
}

impl VerifiedCallback {
    /// All of it.
    #[must_use]
    pub fn inbound(&self) -> &Inbound {
        &self.opened.inbound
    }

    /// The message, unless it is an event.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        match &self.inbound().kind {
            Kind::Message(message) => Some(message),
            _ => None,
        }
    }

    /// The event, unless it is a message.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        match &self.inbound().kind {
            Kind::Event(event) => Some(event),
            _ => None,
        }
    }

    /// What a text message says.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self.message()? {
            Message::Text(text) => Some(&text.content),
            _ => None,
        }
    }

    /// Answers, in the form of the push: XML or JSON, encrypted when it was. An answer WeChat would not take becomes
    /// [`silence`](Self::silence), and an error in the log.
    #[must_use]
    pub fn reply(&self, reply: impl Into<Reply>) -> CallbackAnswer {
        let (reply, inner) = (reply.into(), &self.callbacks.inner);
        let now_s = self.callbacks.now_s();
        let mut random = [0; 16];
        inner.rng.fill(&mut random);
        let written = reply
            .check_for(self.inbound())
            .and_then(|()| reply.write(&Address::answering(self.inbound(), now_s), self.opened.format()))
            .map_err(|error| error.to_string());
        let sealed = written.and_then(|answer| {
            inner.receiver.seal(&self.opened, answer, now_s, &self.nonce, random).map_err(|error| error.to_string())
        });
        match sealed {
            Ok(body) => CallbackAnswer { body, format: self.opened.format() },
            Err(error) => {
                tracing::error!(error, "a reply cannot be sent");
                self.silence()
            }
        }
    }

    /// Takes note without a word.
    #[must_use]
    pub fn silence(&self) -> CallbackAnswer {
        CallbackAnswer { body: "success".to_owned(), format: self.opened.format() }
    }
}

impl<S> FromRequest<S> for VerifiedCallback
where
    S: Send + Sync,
    Callbacks: FromRef<S>,
{
    type Rejection = CallbackRejected;

    async fn from_request(request: Request, state: &S) -> Result<Self, CallbackRejected> {
        let callbacks = Callbacks::from_ref(state);
        let query = request.uri().query().unwrap_or_default().to_owned();
        let query = Query::from_pairs(pairs(&query)).map_err(|_| CallbackRejected::FORGED)?;
        // Bounded by axum's DefaultBodyLimit, and by the receiver's own limits.
        let body = Bytes::from_request(request, state).await.map_err(|_| CallbackRejected::MALFORMED)?;
        let opened = callbacks.inner.receiver.open(&query, &body, callbacks.now_s()).map_err(|refused| {
            tracing::debug!(reason = ?refused.reason(), "a callback was refused");
            if refused.is_malformed() { CallbackRejected::MALFORMED } else { CallbackRejected::FORGED }
        })?;
        let nonce = query.nonce.into_owned();
        Ok(Self { opened, callbacks, nonce })
    }
}

/// The answer to a push.
#[derive(Debug)]
pub struct CallbackAnswer {
    body: String,
    format: Format,
}

impl IntoResponse for CallbackAnswer {
    fn into_response(self) -> Response {
        let kind = match (self.body.as_str(), self.format) {
            ("success", _) => "text/plain; charset=utf-8",
            (_, Format::Xml) => "application/xml; charset=utf-8",
            (_, Format::Json) => "application/json; charset=utf-8",
        };
        ([(CONTENT_TYPE, kind)], self.body).into_response()
    }
}

/// A request that is not answered: 403 when it is not from WeChat, 400 when it cannot be read. It says no more: a sender
/// who is told the cause can guess their way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallbackRejected(StatusCode);

impl CallbackRejected {
    const FORGED: Self = Self(StatusCode::FORBIDDEN);
    const MALFORMED: Self = Self(StatusCode::BAD_REQUEST);

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        self.0
    }
}

impl IntoResponse for CallbackRejected {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

fn pairs(query: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    url::form_urlencoded::parse(query.as_bytes()).collect()
}
