//! People who were read a moment ago, opened, for pages that ask again at every load.
//!
//! Never stale: what is here counts only while the store says that no identity has changed since before it was read. Where
//! the store cannot say that, nothing is kept.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use weiqiao_model::{AppId, UserId};

use super::UserInfo;

/// The most people of one account, about a kilobyte each.
const CAPACITY: usize = 4_096;

/// Somebody we know.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) user_id: UserId,
    /// Nothing when it is damaged.
    pub(crate) user_info: Option<Arc<UserInfo>>,
}

/// Who was read since identities last changed.
#[derive(Default)]
pub(crate) struct PeopleCache {
    seen: RwLock<Seen>,
}

#[derive(Default)]
struct Seen {
    version: u64,
    by_openid: HashMap<AppId, HashMap<String, Arc<Known>>>,
}

impl PeopleCache {
    /// Who it is, if that was read at this version.
    pub(crate) fn get(&self, version: u64, app_id: &AppId, openid: &str) -> Option<Arc<Known>> {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        if seen.version != version {
            return None;
        }
        seen.by_openid.get(app_id)?.get(openid).map(Arc::clone)
    }

    /// Keeps who was read. `version` is what the store said *before* the look; all of other versions are dropped.
    pub(crate) fn put(&self, version: u64, app_id: &AppId, openid: &str, known: Arc<Known>) {
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        if version < seen.version {
            return;
        }
        if version > seen.version {
            *seen = Seen { version, ..Seen::default() };
        }
        let people = seen.by_openid.entry(app_id.clone()).or_default();
        if people.len() >= CAPACITY {
            people.clear();
        }
        people.insert(openid.to_owned(), known);
    }
}

#[cfg(test)]
mod tests {
    use weiqiao_model::Profile;

    use super::*;

    #[test]
    fn only_what_was_read_at_this_version_counts_and_room_is_bounded() {
        let (cache, official, other) = (PeopleCache::default(), AppId::new("wx1"), AppId::new("wx2"));
        let known = || {
            let user_info = Arc::new(UserInfo::new("o1", None, Profile::default(), 0, 0));
            Arc::new(Known { user_id: UserId::new("u1"), user_info: Some(user_info) })
        };
        cache.put(2, &official, "o1", known());
        assert!(cache.get(2, &official, "o1").is_some());
        for (version, app_id, openid) in
            [(4, &official, "o1"), (0, &official, "o1"), (2, &other, "o1"), (2, &official, "o2")]
        {
            assert!(cache.get(version, app_id, openid).is_none(), "{version} {app_id} {openid}");
        }
        cache.put(4, &official, "o2", known());
        cache.put(2, &official, "o1", known());
        assert!(cache.get(4, &official, "o1").is_none() && cache.get(2, &official, "o1").is_none());
        for number in 0..2 * CAPACITY {
            cache.put(4, &official, &number.to_string(), known());
            assert!(cache.seen.read().unwrap().by_openid[&official].len() <= CAPACITY);
        }
    }
}
