//! Passive replies: what can be answered to a push, one file per type.
//!
//! A reply is checked before it is written: WeChat shows the user "该公众号提供的服务出现故障" for one it does not like.
//! Texts may hold anything: `]]>` is split over two sections, and the control characters that XML cannot hold are left
//! out.
//!
//! # As JSON
//!
//! For rules, webhooks and the store: `type` is WeChat's `MsgType`, the other names are in snake case.
//!
//! ```json
//! {"type": "text", "content": "你好"}
//! ```
//!
//! Not to be confused with [`Format::Json`], WeChat's own form for mini programs.
//!
//! # How to add the next one
//!
//! One file with its fields, its limits and the way it is written and read; one `pub mod` line and one line in the list
//! here.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html>

mod address;
mod error;
pub mod image;
pub mod music;
pub mod news;
pub mod text;
pub mod transfer_customer_service;
pub mod video;
pub mod voice;

use serde::{Deserialize, Serialize};

use super::fields::{Markup, Sink};
use super::{Draft, Field, FieldError, Fields, Format, Inbound, Kind, Limits, ParseError, Problem};

pub use address::Address;
pub use error::{ReplyError, ReplyProblem};

/// What every type of reply has in its file.
trait Body: Sized {
    /// The value of `MsgType`.
    const NAME: &'static str;

    /// Whether WeChat would take it.
    fn check(&self) -> Result<(), ReplyError>;

    /// Writes its own fields.
    fn write(&self, out: &mut dyn Sink);

    /// Reads its own fields.
    fn read(field: Field<'_>) -> Result<Self, FieldError>;
}

macro_rules! replies {
    ($($module:ident::$body:ident,)*) => {
        $(pub use $module::$body;)*

        /// A passive reply.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Reply {
            $(
                #[doc = concat!("See [`", stringify!($body), "`].")]
                $body($body),
            )*
        }

        impl Reply {
            /// The value of `MsgType`.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$body(_) => <$body as Body>::NAME,)*
                }
            }

            /// Whether WeChat would take it as an answer to something.
            ///
            /// # Errors
            ///
            /// Names the field and what is wrong with it.
            pub fn check(&self) -> Result<(), ReplyError> {
                match self {
                    $(Self::$body(body) => body.check(),)*
                }
            }

            fn write_body(&self, out: &mut dyn Sink) {
                match self {
                    $(Self::$body(body) => body.write(out),)*
                }
            }

            fn read(name: &str, field: Field<'_>) -> Result<Self, FieldError> {
                match name {
                    $(<$body as Body>::NAME => <$body as Body>::read(field).map(Self::$body),)*
                    _ => Err(Problem::NotKnown.of("MsgType")),
                }
            }
        }

        $(
            impl From<$body> for Reply {
                fn from(body: $body) -> Self {
                    Self::$body(body)
                }
            }
        )*
    };
}

replies! {
    text::Text,
    image::Image,
    voice::Voice,
    video::Video,
    music::Music,
    news::News,
    transfer_customer_service::TransferCustomerService,
}

impl Reply {
    /// A text.
    pub fn text(content: impl Into<String>) -> Self {
        Text { content: content.into() }.into()
    }

    /// Whether WeChat would take it as an answer to this push: as [`check`](Self::check), and what only some pushes
    /// may be answered with.
    ///
    /// # Errors
    ///
    /// Names the field and what is wrong with it.
    pub fn check_for(&self, inbound: &Inbound) -> Result<(), ReplyError> {
        self.check()?;
        match (self, &inbound.kind) {
            (Self::News(news), Kind::Message(message)) => news.check_for(message),
            (Self::TransferCustomerService(_), Kind::Message(_)) => Ok(()),
            (Self::TransferCustomerService(_), _) => Err(ReplyProblem::MessagesOnly.of("type")),
            _ => Ok(()),
        }
    }

    /// Checks it, and writes it in the language of the push.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); and an address without a receiver or a sender.
    pub fn write(&self, address: &Address<'_>, format: Format) -> Result<String, ReplyError> {
        address.check()?;
        self.check()?;
        match format {
            Format::Xml => {
                let mut out = String::with_capacity(512);
                Markup(&mut out).within("xml", &|xml| self.write_all(address, xml));
                Ok(out)
            }
            Format::Json => {
                let mut draft = Draft::new();
                self.write_all(address, &mut draft);
                Ok(draft.to_json())
            }
        }
    }

    fn write_all(&self, address: &Address<'_>, out: &mut dyn Sink) {
        address.write(out);
        out.word("MsgType", self.name());
        self.write_body(out);
    }

    /// Reads a reply, XML or JSON, as WeChat does. It is not [checked](Self::check).
    ///
    /// # Errors
    ///
    /// Not well-formed, a field is missing, or `MsgType` is no type of reply.
    pub fn parse(body: impl Into<Vec<u8>>, limits: &Limits) -> Result<(Address<'static>, Self), ParseError> {
        let fields = Fields::parse(body, limits)?;
        let root = fields.root();
        let name: String = root.read("MsgType")?;
        Ok((Address::read(root)?, Self::read(name.trim(), root)?))
    }
}

impl From<String> for Reply {
    fn from(content: String) -> Self {
        Self::text(content)
    }
}

impl From<&str> for Reply {
    fn from(content: &str) -> Self {
        Self::text(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn address() -> Address<'static> {
        Address { to: "oABCD".into(), from: "gh_97417a04a28d".into(), create_time: 1_714_037_059 }
    }

    /// Written as expected in both languages, read back from both, and the same in our own JSON.
    #[track_caller]
    pub(super) fn round(reply: &Reply, xml: &str, json: &str, ours: &str) {
        let xml = format!(
            "<xml><ToUserName><![CDATA[oABCD]]></ToUserName><FromUserName><![CDATA[gh_97417a04a28d]]></FromUserName>\
             <CreateTime>1714037059</CreateTime>{xml}</xml>"
        );
        let json =
            format!(r#"{{"ToUserName":"oABCD","FromUserName":"gh_97417a04a28d","CreateTime":1714037059,{json}}}"#);
        for (format, expected) in [(Format::Xml, xml), (Format::Json, json)] {
            let written = reply.write(&address(), format).unwrap();
            assert_eq!(written, expected);
            assert_eq!(Reply::parse(written, &Limits::default()).unwrap(), (address(), reply.clone()));
        }
        assert_eq!(serde_json::to_string(reply).unwrap(), ours);
        assert_eq!(&serde_json::from_str::<Reply>(ours).unwrap(), reply);
    }

    #[track_caller]
    pub(super) fn refused(reply: impl Into<Reply>) -> (String, ReplyProblem) {
        let reply = reply.into();
        let error = reply.check().unwrap_err();
        assert_eq!(reply.write(&address(), Format::Xml).unwrap_err(), error);
        assert!(error.to_string().contains(error.field()), "{error}");
        (error.field().to_owned(), error.problem())
    }

    pub(super) fn answer_to(push: &str, reply: impl Into<Reply>) -> Result<(), (String, ReplyProblem)> {
        let push = format!("<xml><FromUserName>o</FromUserName><ToUserName>gh</ToUserName>{push}</xml>");
        let inbound = Inbound::parse(push, &Limits::default()).unwrap();
        reply.into().check_for(&inbound).map_err(|error| (error.field().to_owned(), error.problem()))
    }

    #[test]
    fn an_answer_goes_to_somebody_from_somebody() {
        let reply = Reply::text("a");
        for (address, field) in
            [(Address { to: "".into(), ..address() }, "to"), (Address { from: "".into(), ..address() }, "from")]
        {
            let error = reply.write(&address, Format::Xml).unwrap_err();
            assert_eq!((error.field(), error.problem()), (field, ReplyProblem::Empty));
        }
    }

    #[test]
    fn a_field_nobody_knows_is_refused_in_our_json() {
        for wrong in [
            r#"{"type":"text","content":"a","Content":"b"}"#,
            r#"{"type":"text"}"#,
            r#"{"type":"dance"}"#,
            r#"{"content":"a"}"#,
        ] {
            assert!(serde_json::from_str::<Reply>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_reply() {
        let of = |msg_type: &str| {
            format!(
                "<xml><ToUserName>o</ToUserName><FromUserName>gh</FromUserName><CreateTime>1</CreateTime>{msg_type}</xml>"
            )
        };
        for (body, problem) in [
            (of("<MsgType>event</MsgType>"), Problem::NotKnown),
            (of(""), Problem::Missing),
            (of("<MsgType>image</MsgType><MediaId>1</MediaId>"), Problem::Missing),
        ] {
            match Reply::parse(body, &Limits::default()) {
                Err(ParseError::Field(error)) => assert_eq!(error.problem(), problem),
                other => panic!("{other:?}"),
            }
        }
    }
}
