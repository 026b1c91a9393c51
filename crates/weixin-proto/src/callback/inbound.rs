use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::event::Event;
use super::fields::trim;
use super::message::Message;
use super::{Field, FieldError, Fields, Format, Limits, Malformed, MsgId, Read};
use crate::{OpenId, OriginalId};

/// One push: who sent it to whom, when, and what it is.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Inbound {
    /// `ToUserName`: our account. Empty in notices to third-party platforms, which have an `AppId` instead.
    pub to: OriginalId,
    /// `FromUserName`: the person; in some events an account of WeChat's own. Empty in notices to third-party
    /// platforms.
    pub from: OpenId,
    /// `CreateTime` in seconds since 1970; 0 when there is none.
    pub create_time: i64,
    /// `MsgId` of a message. Events have none.
    pub msg_id: Option<MsgId>,
    /// What it is.
    pub kind: Kind,
    problem: Option<FieldError>,
    fields: Fields,
}

/// What a push is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// A person wrote or sent something.
    Message(Message),
    /// Something happened: `MsgType` is `event`.
    Event(Event),
    /// A notice to a third-party platform, by its `InfoType`. None has a type here.
    Info(Box<str>),
    /// Neither `MsgType` nor `InfoType`.
    Other,
}

/// The article from which a message was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Article<'a> {
    /// `MsgDataId`: the id of the mass message.
    pub msg_data_id: &'a str,
    /// `Idx`: which of its articles, the first being 1.
    pub idx: Option<i64>,
}

impl Inbound {
    /// Reads a body, decrypted if it was encrypted. The body itself is kept in [`fields`](Self::fields).
    ///
    /// Nothing is verified here; [`Receiver::open`](super::Receiver::open) does that first.
    ///
    /// # Errors
    ///
    /// [Not well-formed](Fields::parse), or one of the common fields is damaged: an id with illegal characters, a
    /// `CreateTime` that is no number. A kind that is not known, or known and incomplete, is no error.
    #[inline]
    pub fn parse(body: impl Into<Vec<u8>>, limits: &Limits) -> Result<Self, ParseError> {
        Ok(Fields::parse(body, limits)?.try_into()?)
    }

    /// All fields as they came.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Whether it came as XML or JSON; the answer has to be the same.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.fields.format()
    }

    /// Why a kind that has a type here is `Other` nevertheless: a field is missing or damaged.
    #[must_use]
    pub const fn problem(&self) -> Option<&FieldError> {
        self.problem.as_ref()
    }

    /// The article from which a message was sent, if it was.
    #[must_use]
    pub fn article(&self) -> Option<Article<'_>> {
        let msg_data_id = self.fields.text("MsgDataId").filter(|id| !id.is_empty())?;
        Some(Article { msg_data_id, idx: self.fields.root().read("Idx").ok() })
    }

    /// `BusinessId`: the sub-merchant of a mini program's customer service that the message is for.
    #[must_use]
    pub fn business_id(&self) -> Option<&str> {
        self.fields.text("BusinessId").filter(|id| !id.is_empty())
    }

    /// Whether it is one of the kinds with a type here, and complete.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        match &self.kind {
            Kind::Message(message) => !matches!(message, Message::Other(_)),
            Kind::Event(event) => !matches!(event, Event::Other(_)),
            Kind::Info(_) | Kind::Other => false,
        }
    }
}

/// The fields that every push has. They are not repeated in the `data` of one that is not known.
const COMMON: [&str; 7] = ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "InfoType", "MsgId"];

impl TryFrom<Fields> for Inbound {
    type Error = FieldError;

    fn try_from(fields: Fields) -> Result<Self, FieldError> {
        let root = fields.root();
        let (mut to, mut from, mut create_time) = (None, None, None);
        let (mut msg_type, mut event, mut info_type, mut msg_id) = (None, "", None, None);
        for field in root.fields() {
            match field.name() {
                "ToUserName" => to = present(field)?,
                "FromUserName" => from = present(field)?,
                "CreateTime" => create_time = present(field)?,
                "MsgType" => msg_type = Some(trim(field.text())),
                "Event" => event = trim(field.text()),
                "InfoType" => info_type = Some(trim(field.text())),
                "MsgId" | "MsgID" => msg_id = Some(field),
                _ => {}
            }
        }
        let (mut problem, mut number) = (None, None);
        let kind = match (msg_type, info_type) {
            (Some(msg_type), _) if msg_type.eq_ignore_ascii_case("event") => {
                let (event, wrong) = Event::read(event, root);
                problem = wrong;
                Kind::Event(event)
            }
            (Some(msg_type), _) => {
                let (message, wrong) = Message::read(msg_type, root);
                problem = wrong;
                number = msg_id.and_then(|field| MsgId::read(field).ok());
                Kind::Message(message)
            }
            (None, Some(info_type)) => Kind::Info(info_type.into()),
            (None, None) => Kind::Other,
        };
        Ok(Self {
            to: to.unwrap_or_else(|| OriginalId::new("")),
            from: from.unwrap_or_else(|| OpenId::new("")),
            create_time: create_time.unwrap_or_default(),
            msg_id: number,
            kind,
            problem,
            fields,
        })
    }
}

/// A field that may be blank.
fn present<T: Read>(field: Field<'_>) -> Result<Option<T>, FieldError> {
    if field.is_blank() { Ok(None) } else { T::read(field).map(Some) }
}

impl fmt::Debug for Inbound {
    /// Without the texts people wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match &self.kind {
            Kind::Message(message) => message.name(),
            Kind::Event(event) => event.name(),
            Kind::Info(info_type) => info_type,
            Kind::Other => "",
        };
        f.debug_struct("Inbound")
            .field("kind", &name)
            .field("to", &self.to)
            .field("from", &self.from)
            .field("create_time", &self.create_time)
            .field("msg_id", &self.msg_id)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

impl Serialize for Inbound {
    /// See the [module](super) for the shape.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        match &self.kind {
            Kind::Message(message) => object.serialize_entry("type", message.name())?,
            Kind::Event(event) => {
                object.serialize_entry("type", "event")?;
                object.serialize_entry("event", event.name())?;
            }
            Kind::Info(info_type) => {
                object.serialize_entry("type", "info")?;
                object.serialize_entry("info", info_type)?;
            }
            Kind::Other => object.serialize_entry("type", &())?,
        }
        object.serialize_entry("to", &self.to)?;
        object.serialize_entry("from", &self.from)?;
        object.serialize_entry("create_time", &self.create_time)?;
        if let Kind::Message(_) = self.kind {
            object.serialize_entry("msg_id", &self.msg_id)?;
            if let Some(article) = self.article() {
                object.serialize_entry("msg_data_id", article.msg_data_id)?;
                object.serialize_entry("idx", &article.idx)?;
            }
            if let Some(business_id) = self.business_id() {
                object.serialize_entry("business_id", business_id)?;
            }
        }
        object.serialize_entry("known", &self.is_known())?;
        match &self.kind {
            Kind::Message(message) if self.is_known() => object.serialize_entry("data", message)?,
            Kind::Event(event) if self.is_known() => object.serialize_entry("data", event)?,
            _ => object.serialize_entry("data", &Uncommon(self.fields.root()))?,
        }
        object.end()
    }
}

/// The fields beside the common ones.
struct Uncommon<'a>(Field<'a>);

impl Serialize for Uncommon<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_without(&COMMON, serializer)
    }
}

/// A body that could not be read as a push.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// It is not well-formed, or has what a push may not have.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A field that every push has is damaged.
    #[error(transparent)]
    Field(#[from] FieldError),
}
