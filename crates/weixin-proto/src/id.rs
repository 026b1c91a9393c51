//! Identifiers WeChat gives out.
//!
//! One type, [`Id`], with a marker per kind: an [`OpenId`] where a [`UnionId`] is wanted does not compile.
//!
//! An id is opaque text. It is never parsed, lower-cased or trimmed: two ids are the same when their bytes are.
//! Reading one from WeChat (`Deserialize`) refuses anything outside printable ASCII, because an identifier that was
//! damaged on the wire must not become a different user. The empty text is let through, WeChat writes it for "none";
//! read such fields with [`json::de::opt_id`](crate::json::de::opt_id).
//!
//! To add a kind: one line in the `kinds!` list below.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::de::{self, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What kind of thing an [`Id`] names.
pub trait Kind {
    /// The name used by `Debug` and in errors, such as `OpenId`.
    const NAME: &'static str;
    /// Whether the id stands for a person: then `Debug` shows only its first four characters.
    const PERSONAL: bool;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $marker:ident => $alias:ident, personal: $personal:literal;)*) => {
        /// The markers that tell one kind of [`Id`](super::Id) from another. They are never built.
        pub mod kind {
            $(
                $(#[$doc])*
                #[derive(Debug, Clone, Copy)]
                pub enum $marker {}
                impl super::Kind for $marker {
                    const NAME: &'static str = stringify!($alias);
                    const PERSONAL: bool = $personal;
                }
            )*
        }
        $($(#[$doc])* pub type $alias = Id<kind::$marker>;)*
    };
}

kinds! {
    /// An account of any kind (official account, mini program, website): `wx` and 16 lower-case hex digits.
    App => AppId, personal: false;
    /// A person as one account sees them: 28 characters of `[A-Za-z0-9_-]`. Different for every account.
    Open => OpenId, personal: true;
    /// A person as all accounts of one open-platform group see them: 28 characters of `[A-Za-z0-9_-]`.
    Union => UnionId, personal: true;
    /// The account's own name inside callbacks (`ToUserName`): `gh_` and 12 hex digits.
    Original => OriginalId, personal: false;
    /// An uploaded picture, voice, video or article; temporary ones live three days.
    Media => MediaId, personal: false;
    /// A message template: 43 characters of `[A-Za-z0-9_-]`.
    Template => TemplateId, personal: false;
}

/// An identifier of the kind `K`. See the [module](self) for what is and is not checked.
pub struct Id<K> {
    text: Box<str>,
    kind: PhantomData<fn() -> K>,
}

impl<K> Id<K> {
    /// Takes the text as it is, unchecked: for ids that come from our own configuration or database.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into().into_boxed_str(), kind: PhantomData }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The id as an owned text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text.into_string()
    }

    /// Whether there is no text at all, WeChat's way of writing "none".
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl Id<kind::App> {
    /// Whether this has the shape WeChat gives to every appid: `wx` and 16 lower-case hex digits.
    ///
    /// For telling a person early that something else was pasted; WeChat itself has the last word.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.text.strip_prefix("wx").is_some_and(|rest| {
            rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        })
    }
}

/// How many characters of a person's id `Debug` shows.
const SHOWN: usize = 4;

impl<K: Kind> fmt::Debug for Id<K> {
    /// `AppId(wx1111111111111111)`; of a person's id only the start: `OpenId(oABC…)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if K::PERSONAL && self.text.chars().count() > SHOWN {
            let start: String = self.text.chars().take(SHOWN).collect();
            write!(f, "{}({start}…)", K::NAME)
        } else {
            write!(f, "{}({})", K::NAME, self.text)
        }
    }
}

impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), kind: PhantomData }
    }
}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialEq<str> for Id<K> {
    fn eq(&self, other: &str) -> bool {
        &*self.text == other
    }
}

impl<K> PartialEq<&str> for Id<K> {
    fn eq(&self, other: &&str) -> bool {
        &*self.text == *other
    }
}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<K> AsRef<str> for Id<K> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl<K> Borrow<str> for Id<K> {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl<K> From<&str> for Id<K> {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl<K> From<String> for Id<K> {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl<K> From<Id<K>> for String {
    fn from(id: Id<K>) -> Self {
        id.into_string()
    }
}

impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if !is_printable_ascii(&text) {
            // The text itself stays out of the error: errors are logged, ids of people are not.
            return Err(de::Error::invalid_value(
                Unexpected::Other("text outside printable ASCII"),
                &ExpectedAscii(K::NAME),
            ));
        }
        Ok(Self::new(text))
    }
}

/// Whether the text has only the characters WeChat uses in ids and tokens.
pub(crate) fn is_printable_ascii(text: &str) -> bool {
    // All of them are looked at, many at once.
    text.bytes().fold(true, |printable, byte| printable & byte.is_ascii_graphic())
}

/// The words of the refusal: `expected OpenId of printable ASCII`.
pub(crate) struct ExpectedAscii(pub(crate) &'static str);

impl de::Expected for ExpectedAscii {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of printable ASCII", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_not_shown_whole_by_debug() {
        let openid = OpenId::new("oGZUI0egBJY1zhBYw2KhdUfwVJJE");
        assert_eq!(format!("{openid:?}"), "OpenId(oGZU…)");
        assert_eq!(openid.to_string(), "oGZUI0egBJY1zhBYw2KhdUfwVJJE");
        assert_eq!(format!("{:?}", AppId::new("wx1111111111111111")), "AppId(wx1111111111111111)");
    }

    #[test]
    fn damaged_text_is_refused_without_repeating_it() {
        for damaged in ["\"o\u{fffd}abc\"", "\"o abc\"", "\"o\\u0007abc\"", "\"微信\""] {
            let refusal = serde_json::from_str::<OpenId>(damaged).unwrap_err().to_string();
            assert!(refusal.contains("expected OpenId of printable ASCII"), "{refusal}");
            assert!(!refusal.contains("abc") && !refusal.contains('微'), "{refusal}");
        }
        assert!(serde_json::from_str::<OpenId>("\"\"").unwrap().is_empty());
    }

    #[test]
    fn an_id_is_plain_text_in_json() {
        let id: AppId = serde_json::from_str("\"wx1111111111111111\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"wx1111111111111111\"");
    }

    #[test]
    fn the_shape_of_an_appid() {
        assert!(AppId::new("wx4f4bc4dec97d474b").is_well_formed());
        for wrong in ["wx4f4bc4dec97d474", "wx4F4bc4dec97d474b", "4f4bc4dec97d474bwx", "gh_97417a04a28d", ""] {
            assert!(!AppId::new(wrong).is_well_formed(), "{wrong}");
        }
    }
}
