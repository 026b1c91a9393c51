use super::{Field, FieldError, Inbound, ReplyError, ReplyProblem, Sink};
use crate::{OpenId, OriginalId};

/// Who a reply is for, who it is from, and when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The person.
    pub to: OpenId,
    /// The account's original id (`gh_…`).
    pub from: OriginalId,
    /// Seconds since 1970.
    pub create_time: i64,
}

impl Address {
    /// Back to where a push came from.
    #[must_use]
    pub fn answering(inbound: &Inbound, now_s: i64) -> Self {
        Self { to: inbound.from.clone(), from: inbound.to.clone(), create_time: now_s }
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
            to: field.read("ToUserName")?,
            from: field.read("FromUserName")?,
            create_time: field.read("CreateTime")?,
        })
    }

    pub(super) fn write(&self, out: &mut dyn Sink) {
        out.text("ToUserName", self.to.as_str());
        out.text("FromUserName", self.from.as_str());
        out.number("CreateTime", self.create_time);
    }
}
