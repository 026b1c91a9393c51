use std::fmt;

use sha2::{Digest as _, Sha256};

use super::{Field, Inbound, Kind};

/// What copies of one push have in common and different pushes have not. 64 hex digits: 16 that grow with time (the `MsgId`,
/// or else the `CreateTime`), so that an index of keys grows at its end, and 48 of a hash, which tell nothing about whom or what.
///
/// WeChat delivers a push up to three times when the answer is late. It documents `FromUserName` and `MsgId` as the key
/// of a message, `FromUserName` and `CreateTime` as that of an event. For events that is too coarse: two messages sent
/// to one person within a second end in two `subscribe_msg_sent_event`, and events from WeChat's own accounts
/// (`user_info_modified`) have one sender for everybody. So the name and the `EventKey` belong to the key, and for
/// events that have no `EventKey` all their fields do, in any order.
///
/// The key is unique within one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DedupKey(Box<str>);

impl DedupKey {
    /// The 64 hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DedupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<DedupKey> for String {
    fn from(key: DedupKey) -> Self {
        key.0.into_string()
    }
}

impl Inbound {
    /// The key under which copies of this push are known as such.
    #[must_use]
    pub fn dedup_key(&self) -> DedupKey {
        let mut key = Key(Sha256::new());
        let root = self.fields().root();
        let mut number = self.create_time.cast_unsigned();
        match (&self.kind, self.msg_id) {
            (Kind::Message(_), Some(id)) => {
                key.part("message").part(self.from.as_str()).part(&id.to_string());
                number = id.0;
            }
            (Kind::Event(event), _) => {
                key.part("event").part(self.from.as_str()).part(&self.create_time.to_string());
                key.part(&event.name().to_ascii_lowercase());
                match root.child("EventKey").filter(|field| !field.has_fields()) {
                    Some(event_key) => key.part(event_key.text()),
                    None => key.fields(root),
                };
            }
            _ => {
                key.part("other").fields(root);
            }
        }
        let mut bytes = [0; 32];
        let (begin, end) = bytes.split_at_mut(8);
        begin.copy_from_slice(&number.to_be_bytes());
        for (to, from) in end.iter_mut().zip(key.0.finalize()) {
            *to = from;
        }
        DedupKey(hex::encode(bytes).into_boxed_str())
    }
}

/// Parts with their lengths, so that no two lists of parts run into one.
struct Key(Sha256);

impl Key {
    fn part(&mut self, text: &str) -> &mut Self {
        self.0.update(text.len().to_be_bytes());
        self.0.update(text);
        self
    }

    /// Fields by name; those of one name in their order.
    fn fields(&mut self, parent: Field<'_>) -> &mut Self {
        let mut fields: Vec<_> = parent.fields().collect();
        fields.sort_by_key(Field::name);
        self.0.update(fields.len().to_be_bytes());
        for field in fields {
            self.part(field.name()).part(field.text()).fields(field);
        }
        self
    }
}
