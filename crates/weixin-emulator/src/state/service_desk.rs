//! Conversations of customers with staff: who serves whom, who waits, what was said.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

/// A member of staff and a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) kf_account: String,
    pub(crate) persona: String,
    /// Epoch milliseconds.
    pub(crate) since_ms: i64,
}

/// A customer nobody serves yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) persona: String,
    /// The last message, epoch milliseconds.
    pub(crate) latest_ms: i64,
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Counts up from 1 over one account.
    pub(crate) id: u64,
    pub(crate) persona: String,
    pub(crate) by_staff: bool,
    pub(crate) text: String,
    /// Epoch milliseconds.
    pub(crate) at_ms: i64,
    pub(crate) kf_account: String,
}

/// Why a session cannot be opened or closed, by WeChat's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i64)]
pub(crate) enum SessionError {
    None = 65413,
    Another = 65414,
}

/// Records of an account; the oldest are dropped.
const KEPT: usize = 10_000;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Desk {
    sessions: Vec<Session>,
    waiting: Vec<Waiting>,
    recorded: u64,
    records: VecDeque<Record>,
}

/// The desks of all accounts, by appid.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ServiceDesks {
    of: BTreeMap<String, Desk>,
}

impl ServiceDesks {
    fn desk(&mut self, app_id: &str) -> &mut Desk {
        self.of.entry(app_id.to_owned()).or_default()
    }

    /// The session of a customer.
    pub(crate) fn serving(&self, app_id: &str, persona: &str) -> Option<&Session> {
        self.of.get(app_id)?.sessions.iter().find(|session| session.persona == persona)
    }

    /// The sessions of a member of staff, oldest first.
    pub(crate) fn sessions<'a>(
        &'a self,
        app_id: &str,
        kf_account: &'a str,
    ) -> impl Iterator<Item = &'a Session> + use<'a> {
        let sessions = self.of.get(app_id).map_or(&[][..], |desk| &desk.sessions);
        sessions.iter().filter(move |session| session.kf_account == kf_account)
    }

    /// Puts a customer in somebody's hands; again is no other session.
    pub(crate) fn open(
        &mut self,
        app_id: &str,
        kf_account: &str,
        persona: &str,
        now_ms: i64,
    ) -> Result<(), SessionError> {
        if let Some(session) = self.serving(app_id, persona) {
            return if session.kf_account == kf_account { Ok(()) } else { Err(SessionError::Another) };
        }
        let desk = self.desk(app_id);
        desk.waiting.retain(|waiting| waiting.persona != persona);
        desk.sessions.push(Session {
            kf_account: kf_account.to_owned(),
            persona: persona.to_owned(),
            since_ms: now_ms,
        });
        Ok(())
    }

    pub(crate) fn close(&mut self, app_id: &str, kf_account: &str, persona: &str) -> Result<(), SessionError> {
        let sessions = &mut self.desk(app_id).sessions;
        let before = sessions.len();
        sessions.retain(|session| session.persona != persona || session.kf_account != kf_account);
        if sessions.len() < before { Ok(()) } else { Err(SessionError::None) }
    }

    /// Ends all sessions of a member who leaves.
    pub(crate) fn dismiss(&mut self, app_id: &str, kf_account: &str) {
        self.desk(app_id).sessions.retain(|session| session.kf_account != kf_account);
    }

    /// The customer wants to talk to a person. One who is being served already does not wait.
    pub(crate) fn wait(&mut self, app_id: &str, persona: &str, now_ms: i64) {
        if self.serving(app_id, persona).is_some() {
            return;
        }
        let waiting = &mut self.desk(app_id).waiting;
        match waiting.iter_mut().find(|waiting| waiting.persona == persona) {
            Some(there) => there.latest_ms = now_ms,
            None => waiting.push(Waiting { persona: persona.to_owned(), latest_ms: now_ms }),
        }
    }

    /// Who waits, in the order of arrival.
    pub(crate) fn waiting(&self, app_id: &str) -> &[Waiting] {
        self.of.get(app_id).map_or(&[], |desk| desk.waiting.as_slice())
    }

    /// Writes down what was said.
    pub(crate) fn record(
        &mut self,
        app_id: &str,
        persona: &str,
        by_staff: bool,
        kf_account: &str,
        text: &str,
        now_ms: i64,
    ) {
        let desk = self.desk(app_id);
        desk.recorded += 1;
        desk.records.push_back(Record {
            id: desk.recorded,
            persona: persona.to_owned(),
            by_staff,
            text: text.to_owned(),
            at_ms: now_ms,
            kf_account: kf_account.to_owned(),
        });
        if desk.records.len() > KEPT {
            desk.records.pop_front();
        }
    }

    /// What was said in a span of seconds, from a record on, oldest first.
    pub(crate) fn records<'a>(
        &'a self,
        app_id: &str,
        (from_s, to_s): (i64, i64),
        first: u64,
    ) -> impl Iterator<Item = &'a Record> + use<'a> {
        let records = self.of.get(app_id).map(|desk| desk.records.iter());
        records
            .into_iter()
            .flatten()
            .filter(move |record| record.id >= first && (from_s..=to_s).contains(&record.at_ms.div_euclid(1000)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_in_one_pair_of_hands() {
        let mut desks = ServiceDesks::default();
        desks.wait("wx1", "p", 1);
        desks.wait("wx1", "q", 2);
        desks.wait("wx1", "p", 3);
        let waiting: Vec<_> = desks.waiting("wx1").iter().map(|it| (it.persona.as_str(), it.latest_ms)).collect();
        assert_eq!(waiting, [("p", 3), ("q", 2)]);
        desks.open("wx1", "a", "p", 5).unwrap();
        desks.open("wx1", "a", "p", 9).unwrap();
        assert_eq!(desks.serving("wx1", "p").map(|session| session.since_ms), Some(5));
        assert_eq!(desks.open("wx1", "b", "p", 6), Err(SessionError::Another));
        desks.wait("wx1", "p", 7);
        assert_eq!(desks.waiting("wx1").len(), 1, "who is served does not wait");
        assert_eq!(desks.close("wx1", "b", "p"), Err(SessionError::None));
        desks.close("wx1", "a", "p").unwrap();
        assert_eq!(desks.close("wx1", "a", "p"), Err(SessionError::None));
        desks.open("wx1", "a", "p", 8).unwrap();
        desks.open("wx1", "b", "q", 8).unwrap();
        desks.dismiss("wx1", "a");
        assert_eq!((desks.sessions("wx1", "a").count(), desks.sessions("wx1", "b").count()), (0, 1));
        assert!(desks.serving("wx2", "q").is_none());
    }

    #[test]
    fn records_are_found_by_time_and_number() {
        let mut desks = ServiceDesks::default();
        for (n, second) in [1, 2, 2, 3].into_iter().enumerate() {
            desks.record("wx1", "p", n % 2 == 0, "a", &n.to_string(), second * 1000 + 999);
        }
        let found = |span, first| desks.records("wx1", span, first).map(|record| record.id).collect::<Vec<_>>();
        assert_eq!(found((1, 2), 1), [1, 2, 3]);
        assert_eq!(found((2, 3), 3), [3, 4]);
        assert!(found((4, 9), 1).is_empty());
        for _ in 0..KEPT {
            desks.record("wx1", "p", true, "a", "", 0);
        }
        assert_eq!(desks.records("wx1", (0, 0), 1).next().map(|record| record.id), Some(5));
    }
}
