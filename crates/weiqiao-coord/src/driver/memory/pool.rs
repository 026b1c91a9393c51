//! A bounded map whose entries expire.

use std::collections::{BTreeSet, HashMap};

use crate::error::CoordError;

/// How many expired entries one write clears away: more than it adds, so expired ones never pile up.
const SWEEP_PER_WRITE: usize = 4;

/// What a pool does with a new entry when all its entries are alive and it is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WhenFull {
    /// Forget the entry that would expire next: right for counters and caches, where that is the cheapest loss.
    ForgetNextToExpire,
    /// Refuse the new one: right where a promise was given for the old ones.
    Refuse,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) value: Vec<u8>,
    /// First moment at which the entry is gone, epoch milliseconds.
    pub(super) expires_at: i64,
    /// Where it stands among those that expire, no later than that. Entries that are set again and again, as counters are, are
    /// not moved there each time, but when it comes to them.
    listed_at: i64,
}

pub(super) struct Pool {
    entries: HashMap<[u8; 16], Entry>,
    by_expiry: BTreeSet<(i64, [u8; 16])>,
    capacity: usize,
    when_full: WhenFull,
}

impl Pool {
    pub(super) fn new(capacity: usize, when_full: WhenFull) -> Self {
        Self { entries: HashMap::new(), by_expiry: BTreeSet::new(), capacity, when_full }
    }

    pub(super) fn get(&self, id: &[u8; 16], now: i64) -> Option<&Entry> {
        self.entries.get(id).filter(|entry| entry.expires_at > now)
    }

    pub(super) fn set(&mut self, id: [u8; 16], value: Vec<u8>, expires_at: i64, now: i64) -> Result<(), CoordError> {
        if let Some(entry) = self.entries.get_mut(&id) {
            if expires_at < entry.listed_at {
                self.by_expiry.remove(&(entry.listed_at, id));
                self.by_expiry.insert((expires_at, id));
                entry.listed_at = expires_at;
            }
            (entry.value, entry.expires_at) = (value, expires_at);
            return Ok(());
        }
        self.make_room(now)?;
        self.by_expiry.insert((expires_at, id));
        self.entries.insert(id, Entry { value, expires_at, listed_at: expires_at });
        Ok(())
    }

    pub(super) fn remove(&mut self, id: &[u8; 16]) -> Option<Entry> {
        let entry = self.entries.remove(id)?;
        self.by_expiry.remove(&(entry.listed_at, *id));
        Some(entry)
    }

    /// Forgets up to `most` expired entries, the oldest first.
    pub(super) fn expire(&mut self, now: i64, most: usize) {
        for _ in 0..most {
            match self.next_to_expire() {
                Some((expires_at, id)) if expires_at <= now => self.remove(&id),
                _ => break,
            };
        }
        // After a flood the table would otherwise keep its peak size for ever.
        if most == usize::MAX && self.entries.capacity() > 4 * self.entries.len().max(256) {
            self.entries.shrink_to_fit();
        }
    }

    /// Which entry that is, and when. Whatever stands before it was set again since it was put there.
    fn next_to_expire(&mut self) -> Option<(i64, [u8; 16])> {
        loop {
            let (listed_at, id) = self.by_expiry.first().copied()?;
            match self.entries.get_mut(&id) {
                Some(entry) if entry.expires_at > listed_at => {
                    entry.listed_at = entry.expires_at;
                    self.by_expiry.insert((entry.expires_at, id));
                }
                Some(_) => return Some((listed_at, id)),
                None => {}
            }
            self.by_expiry.pop_first();
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        assert_eq!(self.entries.len(), self.by_expiry.len());
        self.entries.len()
    }

    fn make_room(&mut self, now: i64) -> Result<(), CoordError> {
        self.expire(now, SWEEP_PER_WRITE);
        if self.entries.len() < self.capacity {
            return Ok(());
        }
        match (self.when_full, self.next_to_expire()) {
            (WhenFull::ForgetNextToExpire, Some((_, id))) => {
                self.remove(&id);
                Ok(())
            }
            _ => Err(CoordError::Full),
        }
    }
}
