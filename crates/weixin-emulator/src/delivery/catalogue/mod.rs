//! Every message and event the emulator can compose, one file per area.
//!
//! To add one: a row in the file of its area. What is not here can be pushed all the same, with the fields given.

mod customer_service;
mod job;
mod menu;
mod message;
mod mini;
mod names;
mod push;
mod security;
mod subscribe_message;
mod user;
mod verification;

use serde::Serialize;

use crate::state::account::AccountKind;
use crate::state::contact::Interaction;
use crate::state::media::MediaKind;

/// Who a push says it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The person.
    Person,
    /// An account of WeChat's own.
    Platform,
}

/// What a field holds when nothing is given for it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Default {
    Text(&'static str),
    Number(&'static str),
    /// Left out; a text when given.
    NoText,
    /// Left out; a number when given.
    NoNumber,
    /// The person's openid.
    OpenId,
    /// The person's unionid; left out without one.
    UnionId,
    /// The account's appid.
    AppId,
    /// The emulated time, seconds.
    Now,
    /// A number no message had before.
    Fresh,
    /// A file of this kind, kept like an upload.
    Media(MediaKind),
    /// Where the picture of the message is.
    PictureUrl,
    /// Fields within.
    Group(&'static [Field]),
    /// Fields within in XML, fields of the whole in JSON.
    Wrapper(&'static [Field]),
    /// Any number of these.
    Many(&'static [Field]),
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// WeChat's name. In calls `event_key` and `EventKey` are the same.
    pub(crate) name: &'static str,
    /// A shorter name in calls; empty when there is none.
    pub(crate) also: &'static str,
    pub(crate) default: Default,
}

/// One message or event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) is_message: bool,
    pub(crate) area: &'static str,
    pub(crate) on: &'static [AccountKind],
    pub(crate) sender: Sender,
    /// Whether a reply, or the notice of a failure, is shown to the person.
    pub(crate) shown: bool,
    /// The window for customer-service messages it opens.
    pub(crate) opens: Option<Interaction>,
    /// In JSON its numbers are strings and a list of one may be bare.
    pub(crate) loose_json: bool,
    pub(crate) fields: &'static [Field],
}

pub(crate) const OFFICIAL: &[AccountKind] = &[AccountKind::Official];
pub(crate) const MINI: &[AccountKind] = &[AccountKind::Mini];
pub(crate) const BOTH: &[AccountKind] = &[AccountKind::Official, AccountKind::Mini];

const fn field(name: &'static str, default: Default) -> Field {
    Field { name, also: "", default }
}

const fn text(name: &'static str, default: &'static str) -> Field {
    field(name, Default::Text(default))
}

const fn number(name: &'static str, default: &'static str) -> Field {
    field(name, Default::Number(default))
}

impl Field {
    /// With a shorter name in calls.
    const fn or(self, also: &'static str) -> Self {
        Self { also, ..self }
    }
}

/// An event from the person, to official accounts, with nothing to be seen.
const fn event(area: &'static str, name: &'static str, fields: &'static [Field]) -> Kind {
    Kind {
        name,
        is_message: false,
        area,
        on: OFFICIAL,
        sender: Sender::Person,
        shown: false,
        opens: None,
        loose_json: false,
        fields,
    }
}

impl Kind {
    const fn on(self, on: &'static [AccountKind]) -> Self {
        Self { on, ..self }
    }

    /// From an account of WeChat's own.
    const fn of_platform(self) -> Self {
        Self { sender: Sender::Platform, ..self }
    }

    /// Replies and failures are seen.
    const fn shown(self) -> Self {
        Self { shown: true, ..self }
    }

    const fn opens(self, act: Interaction) -> Self {
        Self { opens: Some(act), ..self }
    }
}

/// Every described one.
const AREAS: &[&[Kind]] = &[
    message::KINDS,
    push::KINDS,
    menu::KINDS,
    subscribe_message::KINDS,
    job::KINDS,
    user::KINDS,
    customer_service::KINDS,
    security::KINDS,
    mini::KINDS,
    verification::KINDS,
];

/// All that are described, area by area.
pub(crate) fn described() -> impl Iterator<Item = &'static Kind> {
    AREAS.iter().flat_map(|kinds| kinds.iter())
}

/// The description of this name, whatever its case.
pub(crate) fn find(is_message: bool, name: &str) -> Option<&'static Kind> {
    described().find(|kind| kind.is_message == is_message && kind.name.eq_ignore_ascii_case(name))
}

/// WeChat's spelling of a name that is not described; as it is when nobody knows it.
pub(crate) fn canonical(is_message: bool, name: &str) -> String {
    let known = names::OTHER.iter().filter(|(_, message, _)| *message == is_message).flat_map(|(.., names)| *names);
    let mut known = known.filter(|known| known.eq_ignore_ascii_case(name));
    known.next().map_or_else(|| name.trim().to_owned(), |known| (*known).to_owned())
}

/// A name of a message or event, and what it can be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallbackKind {
    /// WeChat's `MsgType`, or the name of the event.
    pub name: &'static str,
    /// `message` or `event`.
    pub kind: &'static str,
    /// What it belongs to.
    pub area: &'static str,
    /// `official`, `mini`.
    pub accounts: &'static [AccountKind],
    /// What calls can give; WeChat's names. Empty when nothing is known about its fields.
    pub fields: Vec<&'static str>,
}

/// Every name there is: the described ones first, then those pushed with the fields that are given.
#[must_use]
pub fn callback_kinds() -> Vec<CallbackKind> {
    let described = described().map(|kind| CallbackKind {
        name: kind.name,
        kind: if kind.is_message { "message" } else { "event" },
        area: kind.area,
        accounts: kind.on,
        fields: leaves(kind.fields).collect(),
    });
    let bare = names::OTHER.iter().flat_map(|(area, is_message, names)| {
        names.iter().map(|name| CallbackKind {
            name,
            kind: if *is_message { "message" } else { "event" },
            area,
            accounts: BOTH,
            fields: Vec::new(),
        })
    });
    described.chain(bare).collect()
}

/// The names of the fields at the ends of the tree.
pub(crate) fn leaves(fields: &'static [Field]) -> Box<dyn Iterator<Item = &'static str>> {
    Box::new(fields.iter().flat_map(|field| match field.default {
        Default::Group(within) | Default::Wrapper(within) => leaves(within),
        Default::Many(within) => Box::new(std::iter::once(field.name).chain(leaves(within))),
        _ => Box::new(std::iter::once(field.name)),
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_there_once() {
        let kinds = callback_kinds();
        let names: BTreeSet<(&str, String)> =
            kinds.iter().map(|kind| (kind.kind, kind.name.to_ascii_lowercase())).collect();
        assert_eq!(names.len(), kinds.len());
        assert!(kinds.len() > 180, "{}", kinds.len());
    }

    #[test]
    fn a_name_is_found_in_any_case_and_by_what_it_is() {
        assert_eq!(find(false, "click").map(|kind| kind.name), Some("CLICK"));
        assert!(find(true, "CLICK").is_none());
        assert!(find(true, "location").is_some() && find(false, "LOCATION").is_some());
    }
}
