use serde::Serialize;

use super::{Inbound, Read};

/// What every type of message and every event has: its name, and a place among the kinds.
///
/// Handlers ask for the kind they want by its type:
///
/// ```
/// use weixin_proto::callback::event::Click;
/// use weixin_proto::callback::{Inbound, Limits, Of};
///
/// let push = "<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime>\
///             <MsgType>event</MsgType><Event>CLICK</Event><EventKey>V1001</EventKey></xml>";
/// let inbound = Inbound::parse(push, &Limits::default()).unwrap();
/// assert_eq!(Click::of(&inbound).unwrap().event_key, "V1001");
/// ```
pub trait Body: Read + Serialize + Of {
    /// The values of `MsgType` or `Event` it goes by, the documented spelling first. Compared without regard to case.
    const NAMES: &'static [&'static str];
}

/// The place of a kind among the others. Implemented by the list it stands in.
pub trait Of: Sized {
    /// This kind, when the push is one.
    fn of(inbound: &Inbound) -> Option<&Self>;
}

/// Makes of a list of files an enum with one variant each, and the place where a name finds its file.
macro_rules! catalogue {
    (
        $(#[$doc:meta])*
        $catalogue:ident { $($module:ident::$body:ident,)* }
    ) => {
        $(pub use $module::$body;)*

        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "there is one per request; a box would cost more than it saves")]
        pub enum $catalogue {
            $(
                #[doc = concat!("See [`", stringify!($body), "`].")]
                $body($body),
            )*
            /// One without a type here, or one that could not be read as what its name says; by the name it came
            /// with. Its fields are in [`Inbound::fields`](super::Inbound::fields).
            Other(Box<str>),
        }

        impl $catalogue {
            /// The names of every kind with a type here, the documented spelling first.
            pub const NAMES: &[&[&str]] = &[$(<$body as $crate::callback::Body>::NAMES,)*];

            /// The name as documented; of one without a type, as it came.
            #[must_use]
            pub fn name(&self) -> &str {
                let names: &[&str] = match self {
                    $(Self::$body(_) => <$body as $crate::callback::Body>::NAMES,)*
                    Self::Other(name) => return name,
                };
                names.first().copied().unwrap_or_default()
            }

            /// Finds the kind by its name and reads it; the error says why it became `Other`.
            pub(super) fn read(
                name: &str,
                fields: $crate::callback::Field<'_>,
            ) -> (Self, Option<$crate::callback::FieldError>) {
                $(
                    if $crate::callback::body::is_named::<$body>(name) {
                        return match <$body as $crate::callback::Read>::read(fields) {
                            Ok(body) => (Self::$body(body), None),
                            Err(error) => (Self::Other(name.into()), Some(error)),
                        };
                    }
                )*
                (Self::Other(name.into()), None)
            }
        }

        impl serde::Serialize for $catalogue {
            /// The fields of the kind. One without a type here is `null`: its fields are not in it.
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$body(body) => body.serialize(serializer),)*
                    Self::Other(_) => serializer.serialize_unit(),
                }
            }
        }

        $(
            impl $crate::callback::body::Of for $body {
                fn of(inbound: &$crate::callback::Inbound) -> Option<&Self> {
                    match &inbound.kind {
                        $crate::callback::Kind::$catalogue($catalogue::$body(body)) => Some(body),
                        _ => None,
                    }
                }
            }
        )*
    };
}
pub(super) use catalogue;

/// Whether the kind goes by this name.
pub(super) fn is_named<B: Body>(name: &str) -> bool {
    B::NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}
