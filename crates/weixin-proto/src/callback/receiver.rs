use super::envelope::Outer;
use super::query::is_signature;
use super::{Format, Inbound, Kind, Limits, Query, Reason, Refused, SealedReply};
use crate::envelope::{EnvelopeError, Fitted, Reason as Unopened, Sealed, open_verified_by};
use crate::{AesKey, AppId, CallbackToken, OriginalId, sign};

/// How an account's pushes are protected. Set in WeChat's console and here; what a request says about itself counts
/// for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Clear. The signature does not cover the body: who has seen one signed address can forge any push within the
    /// window.
    Plain,
    /// Clear and encrypted, side by side. Only the encrypted part is used.
    Compatible,
    /// Encrypted.
    Safe,
}

/// What is needed to receive the callbacks of one account. Built once, used for every request.
#[derive(Debug, Clone)]
pub struct Receiver {
    app_id: AppId,
    mode: Mode,
    tokens: Vec<CallbackToken>,
    keys: Vec<AesKey>,
    original_id: Option<OriginalId>,
    window_s: u32,
    limits: Limits,
}

/// Longest `echostr`; WeChat's have about twenty digits.
const ECHO: usize = 512;

impl Receiver {
    /// How far the time stamp of a request may be from our clock unless set otherwise: 300 seconds, either way.
    pub const WINDOW_S: u32 = 300;

    /// An account in plain mode.
    #[must_use]
    pub fn plain(app_id: AppId, token: CallbackToken) -> Self {
        Self {
            app_id,
            mode: Mode::Plain,
            tokens: vec![token],
            keys: Vec::new(),
            original_id: None,
            window_s: Self::WINDOW_S,
            limits: Limits::default(),
        }
    }

    /// An account in safe mode.
    #[must_use]
    pub fn safe(app_id: AppId, token: CallbackToken, key: AesKey) -> Self {
        Self { mode: Mode::Safe, keys: vec![key], ..Self::plain(app_id, token) }
    }

    /// An account in compatible mode.
    #[must_use]
    pub fn compatible(app_id: AppId, token: CallbackToken, key: AesKey) -> Self {
        Self { mode: Mode::Compatible, ..Self::safe(app_id, token, key) }
    }

    /// Accepts a token that is being replaced, too.
    #[must_use]
    pub fn previous_token(mut self, token: CallbackToken) -> Self {
        self.tokens.push(token);
        self
    }

    /// Accepts a key that is being replaced, too: WeChat goes on using it for a while.
    #[must_use]
    pub fn previous_key(mut self, key: AesKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Refuses pushes to another account than this one. Without it only the appid in the envelope is compared, and in
    /// plain mode nothing.
    #[must_use]
    pub fn original_id(mut self, original_id: OriginalId) -> Self {
        self.original_id = Some(original_id);
        self
    }

    /// How far the time stamp of a request may be from our clock, in seconds, either way.
    #[must_use]
    pub const fn window_s(mut self, seconds: u32) -> Self {
        self.window_s = seconds;
        self
    }

    /// How large a body may be.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The mode.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// What has to be answered to a GET, with which the console verifies the address: `echostr`, as `text/plain`.
    ///
    /// # Errors
    ///
    /// The time is too far from ours, or the signature is not right; or both are, and `echostr` is no text that could be echoed without danger.
    pub fn verify_echo<'q>(&self, query: &'q Query<'_>, now_s: i64) -> Result<&'q str, Refused> {
        self.check_time(query, now_s)?;
        if !self.is_signed(query) {
            return Err(Reason::Signature.into());
        }
        let echo = &*query.echostr;
        let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-');
        if echo.is_empty() || echo.len() > ECHO || !echo.bytes().all(harmless) {
            return Err(Reason::Echo.into());
        }
        Ok(echo)
    }

    /// Verifies, decrypts and reads a push.
    ///
    /// In this order: form of the query, time, length, signature, decryption, appid, the body itself, the receiver.
    /// Nothing of the body is used before the signature was found right.
    ///
    /// # Errors
    ///
    /// One error for every failure; [`Refused::is_malformed`] tells whether it was the content and not the sender.
    pub fn open(&self, query: &Query<'_>, body: &[u8], now_s: i64) -> Result<Opened, Refused> {
        if body.len() > self.limits.bytes {
            return Err(self.refuse_too_long(query, now_s));
        }
        self.check_time(query, now_s)?;
        let opened = match self.mode {
            Mode::Plain => self.open_plain(query, body)?,
            Mode::Compatible | Mode::Safe => self.open_sealed(query, body)?,
        };
        let to = &opened.inbound.to;
        let ours = |id: &OriginalId| id == to || *to == self.app_id.as_str();
        if !to.is_empty() && self.original_id.as_ref().is_some_and(|id| !ours(id)) {
            return Err(Reason::Receiver.into());
        }
        Ok(opened)
    }

    /// Refuses a push whose body is too long to be read. Only to a sender who knows the token, shown by the `signature`
    /// that WeChat gives in every mode, it is the length that is wrong; to everybody else it is who they are.
    #[must_use]
    pub fn refuse_too_long(&self, query: &Query<'_>, now_s: i64) -> Refused {
        match self.check_time(query, now_s) {
            Err(refused) => refused,
            Ok(()) if self.is_signed(query) => Reason::TooLong.into(),
            Ok(()) => Reason::Signature.into(),
        }
    }

    /// The time stamp has its form and is near our clock.
    fn check_time(&self, query: &Query<'_>, now_s: i64) -> Result<(), Refused> {
        let behind_s = now_s.saturating_sub(query.time()?);
        if behind_s.unsigned_abs() > self.window_s.into() {
            return Err(Reason::Stale { behind_s, genuine: self.is_signed(query) }.into());
        }
        Ok(())
    }

    #[inline]
    fn open_plain(&self, query: &Query<'_>, body: &[u8]) -> Result<Opened, Refused> {
        if !self.is_signed(query) {
            return Err(Reason::Signature.into());
        }
        let inbound = Inbound::parse(body, &self.limits).map_err(Reason::Body)?;
        let has_type = matches!(inbound.kind, Kind::Message(_) | Kind::Event(_));
        if !has_type && inbound.fields().get("Encrypt").is_some() {
            return Err(Reason::Encrypted.into());
        }
        Ok(Opened { inbound, fitted: None })
    }

    #[inline]
    fn open_sealed(&self, query: &Query<'_>, body: &[u8]) -> Result<Opened, Refused> {
        if !is_signature(&query.msg_signature) {
            return Err(Reason::Query("msg_signature").into());
        }
        let envelope = Outer::parse(body, &self.limits).map_err(|_| Reason::NotEncrypted)?;
        let sealed = Sealed {
            encrypt: envelope.encrypt().ok_or(Reason::NotEncrypted)?,
            msg_signature: &query.msg_signature,
            timestamp: &query.timestamp,
            nonce: &query.nonce,
        };
        let (message, fitted) =
            open_verified_by(&self.tokens, &self.keys, &self.app_id, sealed).map_err(|error| match error.reason() {
                Unopened::Signature => Reason::Signature,
                reason => Reason::Envelope(reason),
            })?;
        let inbound = Inbound::parse(message, &self.limits).map_err(Reason::Body)?;
        // The outer name is signed by nobody. When it differs from the inner one, somebody else has put it there.
        if envelope.to_user_name().is_some_and(|outer| !inbound.to.is_empty() && inbound.to != outer) {
            return Err(Reason::Receiver.into());
        }
        Ok(Opened { inbound, fitted: Some(fitted) })
    }

    /// Whether `signature` fits one of the tokens. All of them are tried in any case.
    fn is_signed(&self, query: &Query<'_>) -> bool {
        self.tokens.iter().fold(false, |signed, token| {
            signed | sign::verify_callback(token.expose(), &query.timestamp, &query.nonce, &query.signature)
        })
    }

    /// Makes of an answer what has to be sent: encrypted when the push was, with the token and the key that the push
    /// had used.
    ///
    /// Not for `success` and the empty answer: these are never encrypted. `random` must be fresh for every answer.
    ///
    /// # Errors
    ///
    /// As [`SealedReply::seal`].
    pub fn seal(
        &self,
        opened: &Opened,
        answer: String,
        now_s: i64,
        nonce: &str,
        random: [u8; 16],
    ) -> Result<String, EnvelopeError> {
        let Some(Fitted { token, key }) = opened.fitted else { return Ok(answer) };
        let (Some(token), Some(key)) = (self.tokens.get(token), self.keys.get(key)) else {
            return Err(Unopened::NoKey.into());
        };
        let sealed = SealedReply::seal(token, key, &self.app_id, &answer, (now_s, nonce), random)?;
        Ok(sealed.write_own(opened.format()))
    }
}

/// A push that was verified.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The push.
    pub inbound: Inbound,
    /// What it was sealed with; none when it was clear.
    fitted: Option<Fitted>,
}

impl Opened {
    /// Whether it was encrypted; then the answer has to be, too.
    #[must_use]
    pub const fn is_encrypted(&self) -> bool {
        self.fitted.is_some()
    }

    /// Whether it was XML or JSON; the answer has to be the same.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.inbound.format()
    }
}
