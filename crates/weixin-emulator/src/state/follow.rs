//! Who follows which official account.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One person's relation to one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Follow {
    pub(crate) following: bool,
    /// The last follow, epoch milliseconds.
    pub(crate) since_ms: i64,
    /// `ADD_SCENE_…`.
    pub(crate) subscribe_scene: String,
    /// Scene of the QR code, as a number.
    pub(crate) qr_scene: i64,
    /// Scene of the QR code, as text.
    pub(crate) qr_scene_str: String,
}

/// All relations: appid → persona.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Follows {
    relations: BTreeMap<String, BTreeMap<String, Follow>>,
}

impl Follows {
    /// Follows, optionally through a QR code with a scene. `true` when the person did not follow before.
    pub(crate) fn follow(&mut self, app_id: &str, persona: &str, scene: Option<&str>, now_ms: i64) -> bool {
        let relations = self.relations.entry(app_id.to_owned()).or_default();
        let fresh = !relations.get(persona).is_some_and(|follow| follow.following);
        if fresh {
            let number = scene.and_then(|scene| scene.parse::<i64>().ok());
            let follow = Follow {
                following: true,
                since_ms: now_ms,
                subscribe_scene: if scene.is_some() { "ADD_SCENE_QR_CODE" } else { "ADD_SCENE_SEARCH" }.to_owned(),
                qr_scene: number.unwrap_or_default(),
                qr_scene_str: if number.is_some() { String::new() } else { scene.unwrap_or_default().to_owned() },
            };
            relations.insert(persona.to_owned(), follow);
        }
        fresh
    }

    /// Stops following. `true` when the person followed before.
    pub(crate) fn unfollow(&mut self, app_id: &str, persona: &str) -> bool {
        let relation = self.relations.get_mut(app_id).and_then(|of| of.get_mut(persona));
        relation.is_some_and(|follow| std::mem::replace(&mut follow.following, false))
    }

    /// The relation, when the person follows now.
    pub(crate) fn find(&self, app_id: &str, persona: &str) -> Option<&Follow> {
        self.relations.get(app_id)?.get(persona).filter(|follow| follow.following)
    }

    /// Everybody who follows now or has followed once, in the order of their last follow.
    pub(crate) fn ever(&self, app_id: &str) -> Vec<(&str, &Follow)> {
        let relations = self.relations.get(app_id).into_iter().flatten();
        let mut people: Vec<_> = relations.map(|(persona, follow)| (persona.as_str(), follow)).collect();
        people.sort_by_key(|(persona, follow)| (follow.since_ms, *persona));
        people
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn following_remembers_time_and_scene() {
        let mut follows = Follows::default();
        assert!(follows.follow("wx1", "p", Some("123"), 5));
        assert!(!follows.follow("wx1", "p", None, 9), "already");
        let follow = follows.find("wx1", "p").unwrap();
        assert_eq!((follow.since_ms, follow.qr_scene, follow.qr_scene_str.as_str()), (5, 123, ""));
        assert!(follows.unfollow("wx1", "p"));
        assert!(!follows.unfollow("wx1", "p"));
        assert!(follows.find("wx1", "p").is_none());
        follows.follow("wx1", "p", Some("door-3"), 10);
        assert_eq!(follows.find("wx1", "p").unwrap().qr_scene_str, "door-3");
        follows.follow("wx1", "a", None, 11);
        follows.unfollow("wx1", "p");
        let ever: Vec<_> =
            follows.ever("wx1").into_iter().map(|(persona, follow)| (persona, follow.following)).collect();
        assert_eq!(ever, [("p", false), ("a", true)]);
    }
}
