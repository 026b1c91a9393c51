/// Makes an enum of the words a field is documented to hold. Others survive as they came.
macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident { $($(#[$word_doc:meta])* $word:ident = $spelling:literal $(| $other:literal)*,)* }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
            /// Another word.
            Other(Box<str>),
        }

        impl $name {
            /// The word as WeChat writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$word => $spelling,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl $crate::callback::Read for $name {
            fn read(field: $crate::callback::Field<'_>) -> Result<Self, $crate::callback::FieldError> {
                Ok(match <String as $crate::callback::Read>::read(field)?.trim() {
                    $($spelling $(| $other)* => Self::$word,)*
                    word => Self::Other(word.into()),
                })
            }
        }

        impl serde::Serialize for $name {
            /// The word as WeChat writes it.
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(super) use words;
