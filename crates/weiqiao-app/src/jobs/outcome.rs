//! How a try ended, and what that means for the job.

use std::time::Duration;

use weiqiao_model::Verdict;
use weixin::ErrorKind;
use weixin_proto::{Class, ErrCode};

use crate::App;
use crate::scrub::Scrubber;

/// How a try ended. Made by [`sent`](Self::sent), [`refused`](Self::refused) and their like, or
/// [`of_wechat`](Self::of_wechat) for a call of the SDK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub(crate) verdict: Verdict,
    pub(crate) step: Step,
    pub(crate) http_status: Option<u16>,
    pub(crate) errcode: Option<i64>,
    pub(crate) message: Option<String>,
    pub(crate) answer: Option<Vec<u8>>,
    pub(crate) reference: Option<String>,
    pub(crate) spent: Option<i64>,
}

/// What happens to the job next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing: it is done.
    Done,
    /// The next try, by the schedule, but not earlier than after this.
    Again(Duration),
    /// Nothing: it was refused.
    Over,
    /// As its kind has it: nobody knows whether it was done.
    Doubt,
    /// Nothing by itself: nobody knows whether it was done, and trying again would be worse.
    AskPerson,
    /// All jobs of its account and kind wait. The try does not count.
    Hold(Hold),
}

/// Why all jobs of one account and kind wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// The other side cannot be reached: a few seconds, longer each time up to half a minute.
    Unreachable,
    /// Too many in a minute: that long.
    Pause(Duration),
    /// The day's quota is used up: until midnight in China and a little more.
    Tomorrow,
    /// The account itself is refused (secret, address, token): one try a minute until a person has put it right.
    Account,
}

impl Hold {
    /// The word people see.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Pause(_) => "busy",
            Self::Tomorrow => "quota",
            Self::Account => "account",
        }
    }
}

impl Outcome {
    const fn new(verdict: Verdict, step: Step) -> Self {
        let (http_status, errcode, message, answer, reference, spent) = (None, None, None, None, None, None);
        Self { verdict, step, http_status, errcode, message, answer, reference, spent }
    }

    /// It was done.
    #[must_use]
    pub const fn sent() -> Self {
        Self::new(Verdict::Sent, Step::Done)
    }

    /// It was certainly not done, and may be later.
    #[must_use]
    pub fn failed(why: impl Into<String>) -> Self {
        Self::failed_for(why, Duration::ZERO)
    }

    /// It was certainly not done, and may be after this long.
    #[must_use]
    pub fn failed_for(why: impl Into<String>, at_least: Duration) -> Self {
        Self::new(Verdict::Failed, Step::Again(at_least)).saying(why)
    }

    /// It was certainly not done, and never will be.
    #[must_use]
    pub fn refused(why: impl Into<String>) -> Self {
        Self::new(Verdict::Refused, Step::Over).saying(why)
    }

    /// Nobody knows whether it was done.
    #[must_use]
    pub fn uncertain(why: impl Into<String>) -> Self {
        Self::new(Verdict::Uncertain, Step::Doubt).saying(why)
    }

    /// It did not leave, and all of its account and kind wait.
    #[must_use]
    pub fn held(hold: Hold, why: impl Into<String>) -> Self {
        let verdict = match hold {
            Hold::Unreachable | Hold::Account => Verdict::NotSent,
            Hold::Pause(_) | Hold::Tomorrow => Verdict::Throttled,
        };
        Self::new(verdict, Step::Hold(hold)).saying(why)
    }

    /// What the other side called it, such as a msgid.
    #[must_use]
    pub fn with_reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// The other side's number.
    #[must_use]
    pub const fn with_errcode(mut self, errcode: i64) -> Self {
        self.errcode = Some(errcode);
        self
    }

    /// The subscription it wanted is used up, unless it was renewed more often than this.
    #[must_use]
    pub(crate) const fn with_spent(mut self, renewals: i64) -> Self {
        self.spent = Some(renewals);
        self
    }

    /// Nobody knows whether it was done, and it is not tried again unless a person wants it.
    #[must_use]
    pub fn for_a_person(mut self) -> Self {
        if self.step == Step::Doubt {
            self.step = Step::AskPerson;
        }
        self
    }

    /// The HTTP status, and the beginning of what came with it; that is stored sealed.
    #[must_use]
    pub fn with_answer(mut self, status: Option<u16>, answer: Option<Vec<u8>>) -> Self {
        self.http_status = status;
        self.answer = answer;
        self
    }

    fn saying(mut self, why: impl Into<String>) -> Self {
        self.message = Some(why.into());
        self
    }

    /// How it ended, in a word.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// A failed call of the SDK, by the class of WeChat's code and by whether the request left. WeChat's words are kept and
    /// shown, so they are scrubbed as the log is.
    #[must_use]
    pub fn of_wechat(app: &App, error: &weixin::Error) -> Self {
        Self::by_class(error, app.scrubber())
    }

    fn by_class(error: &weixin::Error, scrubber: &Scrubber) -> Self {
        let why = match error.errmsg() {
            Some(words) => scrubber.clean(words).into_owned(),
            None => silence(error.kind()).to_owned(),
        };
        let outcome = match error.kind() {
            ErrorKind::Api(refusal) => Self::of_code(refusal.errcode, why),
            ErrorKind::TokenRefused(_) => Self::held(Hold::Account, why),
            ErrorKind::NotSent(_) => Self::held(Hold::Unreachable, why),
            ErrorKind::Unanswered(_) => Self::failed(why),
            ErrorKind::Config(_) => Self::refused(why),
            _ => Self::uncertain(why),
        };
        match error.errcode() {
            Some(errcode) => outcome.with_errcode(errcode.get()),
            None => outcome,
        }
    }

    fn of_code(code: ErrCode, why: String) -> Self {
        match code {
            // Weakly uncertain: it has happened that the message arrived all the same.
            ErrCode::SYSTEM_BUSY => Self::uncertain(why),
            ErrCode::MINUTE_QUOTA => Self::held(Hold::Pause(Duration::from_secs(60)), why),
            ErrCode::DAILY_QUOTA | DAY_FREQUENCY => Self::held(Hold::Tomorrow, why),
            // A matter of the account; a retry with the same settings would storm.
            ErrCode::IP_NOT_LISTED | ErrCode::INVALID_APPSECRET | ErrCode::MISSING_ACCESS_TOKEN => {
                Self::held(Hold::Account, why)
            }
            CONCURRENT => Self::failed_for(why, Duration::from_secs(2)),
            code if code.class() == Class::RefreshToken => Self::held(Hold::Account, why),
            code if code.class() == Class::Backoff => Self::failed(why),
            // Other quotas are about this recipient or this thing, not about the account.
            _ => Self::refused(why),
        }
    }
}

/// "reach max api day frequence limit".
const DAY_FREQUENCY: ErrCode = ErrCode(44993);
/// Several messages to one recipient at once.
const CONCURRENT: ErrCode = ErrCode(43108);

fn silence(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotSent(_) => "无法连接微信服务器，请求没有发出",
        ErrorKind::Uncertain(_) => "请求已发出，但没有收到微信的完整答复，不知道是否送达",
        ErrorKind::Unanswered(_) => "微信服务器没有及时响应",
        ErrorKind::Decode(_) => "微信的答复无法识别，不知道是否送达",
        _ => "请求无法发出",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: i64) -> Outcome {
        Outcome::of_code(ErrCode(code), "x".into())
    }

    #[test]
    fn what_happens_next_follows_from_the_class_of_the_code() {
        for (code, step) in [
            (-1, Step::Doubt),
            (45009, Step::Hold(Hold::Tomorrow)),
            (44993, Step::Hold(Hold::Tomorrow)),
            (45011, Step::Hold(Hold::Pause(Duration::from_secs(60)))),
            (40001, Step::Hold(Hold::Account)),
            (42001, Step::Hold(Hold::Account)),
            (40164, Step::Hold(Hold::Account)),
            (43108, Step::Again(Duration::from_secs(2))),
            (45015, Step::Over),
            (45047, Step::Over),
            (43101, Step::Over),
            (40003, Step::Over),
            (47003, Step::Over),
            (123_456_789, Step::Over),
        ] {
            assert_eq!(of(code).step, step, "{code}");
        }
    }

    #[test]
    fn what_was_not_sent_does_not_count_as_sent() {
        let lost = weixin::Error::no_token("the database is down", Duration::from_secs(1));
        let outcome = Outcome::by_class(&lost, &Scrubber::default());
        assert_eq!((outcome.verdict, outcome.step), (Verdict::NotSent, Step::Hold(Hold::Unreachable)));
        let refusal =
            weixin::Refusal { errcode: ErrCode(40125), errmsg: "invalid appsecret 13800138000".into(), rid: None };
        let refused =
            Outcome::by_class(&weixin::Error::token_refused(refusal, Duration::from_secs(60)), &Scrubber::default());
        assert_eq!((refused.verdict, refused.step), (Verdict::NotSent, Step::Hold(Hold::Account)));
        assert_eq!((refused.errcode, refused.message.as_deref()), (Some(40125), Some("invalid appsecret 138****8000")));
    }
}
