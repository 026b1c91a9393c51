use std::borrow::Cow;

use super::{Field, FieldError, Inbound, ReplyError, ReplyProblem, Sink};
use crate::{OpenId, OriginalId};

/// Who a reply is for, who it is from, and when it was made. Usually borrowed from the push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address<'a> {
    /// The person's openid.
    pub to: Cow<'a, str>,
    /// The account's original id (`gh_…`).
    pub from: Cow<'a, str>,
    /// Seconds since 1970.
    pub create_time: i64,
}

impl<'a> Address<'a> {
    /// Back to where a push came from.
    #[must_use]
    pub fn answering(inbound: &'a Inbound, now_s: i64) -> Self {
        Self { to: inbound.from.as_str().into(), from: inbound.to.as_str().into(), create_time: now_s }
    }

    pub(super) fn check(&self) -> Result<(), ReplyError> {
        if self.to.is_empty() {
            return Err(ReplyProblem::Empty.of("to"));
        }
        if self.from.is_empty() {
            return Err(ReplyProblem::Empty.of("from"));
        }
        Ok(())
    }

    pub(super) fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            to: String::from(field.read::<OpenId>("ToUserName")?).into(),
            from: String::from(field.read::<OriginalId>("FromUserName")?).into(),
            create_time: field.read("CreateTime")?,
        })
    }

    pub(super) fn write(&self, out: &mut dyn Sink) {
        out.text("ToUserName", &self.to);
        out.text("FromUserName", &self.from);
        out.number("CreateTime", self.create_time);
    }
}
