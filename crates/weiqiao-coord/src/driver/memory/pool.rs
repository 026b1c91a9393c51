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
        if self.remove(&id).is_none() {
            self.make_room(now)?;
        }
        self.by_expiry.insert((expires_at, id));
        self.entries.insert(id, Entry { value, expires_at });
        Ok(())
    }

    pub(super) fn remove(&mut self, id: &[u8; 16]) -> Option<Entry> {
        let entry = self.entries.remove(id)?;
        self.by_expiry.remove(&(entry.expires_at, *id));
        Some(entry)
    }

    /// Forgets up to `most` expired entries, the oldest first.
    pub(super) fn expire(&mut self, now: i64, most: usize) {
        for _ in 0..most {
            match self.by_expiry.first().copied() {
                Some((expires_at, id)) if expires_at <= now => self.remove(&id),
                _ => break,
            };
        }
        // After a flood the table would otherwise keep its peak size for ever.
        if most == usize::MAX && self.entries.capacity() > 4 * self.entries.len().max(256) {
            self.entries.shrink_to_fit();
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
        match (self.when_full, self.by_expiry.first().copied()) {
            (WhenFull::ForgetNextToExpire, Some((_, id))) => {
                self.remove(&id);
                Ok(())
            }
            _ => Err(CoordError::Full),
        }
    }
}
