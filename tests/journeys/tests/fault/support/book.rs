//! What the service was asked, and what it answered: the load's own memory, which no crash touches.

use std::collections::BTreeMap;

use serde_json::Value;

use super::desk::TELLERS;

/// An action of a customer, by its serial number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Action {
    /// The advisor who is told, if one is.
    pub(crate) teller: Option<usize>,
    pub(crate) phone: Option<String>,
    /// `data` of the acknowledgement.
    pub(crate) acked: Option<Value>,
}

impl Action {
    pub(crate) fn id(&self) -> Option<&str> {
        self.acked.as_ref()?["actionId"].as_str()
    }

    pub(crate) fn advisor(&self) -> String {
        self.teller.map_or_else(|| "quiet".to_owned(), |n| format!("teller-{n}"))
    }
}

/// How often something was asked for and how often that was acknowledged.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tried {
    pub(crate) asked: i64,
    pub(crate) acked: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Book {
    serial: u64,
    pub(crate) actions: BTreeMap<u64, Action>,
    /// Pushes by the key copies have in common; whether `success` was read.
    pub(crate) pushes: BTreeMap<String, bool>,
    /// Subscriptions by advisor.
    pub(crate) subscriptions: BTreeMap<String, Tried>,
    pub(crate) logins: Tried,
    /// Messages that were asked for directly, by marker; whether 200 was read.
    pub(crate) messages: BTreeMap<String, bool>,
    /// Replies that were neither 2xx nor a broken connection.
    pub(crate) odd: Vec<String>,
}

impl Book {
    /// How often each kind of odd reply was read: status, path, and the number or the word that says why.
    pub(crate) fn odd_kinds(&self) -> BTreeMap<String, usize> {
        let mut kinds = BTreeMap::new();
        for odd in &self.odd {
            let (what, text) = odd.split_once(": ").unwrap_or((odd, ""));
            let after = |mark: &str| text.split_once(mark).map(|(_, rest)| rest);
            let why = after("\"errcode\":").or_else(|| after("\"code\":\"")).unwrap_or_default();
            let why: String = why.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            *kinds.entry(format!("{what} {why}")).or_default() += 1;
        }
        kinds
    }

    pub(crate) fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// A new action, written down before it is asked for.
    pub(crate) fn action(&mut self) -> (u64, Action) {
        let serial = self.serial();
        let teller = serial.is_multiple_of(8).then(|| usize::try_from(serial / 8).unwrap() % TELLERS);
        let phone = match serial % 6 {
            1 | 4 => Some(format!("139{:08}", serial)),
            5 => Some(shared_phone(serial)),
            _ => None,
        };
        let action = Action { teller, phone, acked: None };
        self.actions.insert(serial, action.clone());
        (serial, action)
    }

    /// Actions nobody knows the outcome of.
    pub(crate) fn unknown(&self) -> Vec<(u64, Action)> {
        self.actions.iter().filter(|(_, action)| action.acked.is_none()).map(|(n, a)| (*n, a.clone())).collect()
    }

    /// Everything that was acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        let subscriptions: i64 = self.subscriptions.values().map(|tried| tried.acked).sum();
        let counted = usize::try_from(subscriptions + self.logins.acked).unwrap();
        self.actions.values().filter(|action| action.acked.is_some()).count()
            + self.pushes.values().filter(|acked| **acked).count()
            + self.messages.values().filter(|acked| **acked).count()
            + counted
    }
}

/// One of few phones that many customers give.
fn shared_phone(serial: u64) -> String {
    format!("138000000{:02}", serial / 6 % 50)
}
