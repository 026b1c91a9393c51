//! Tags an official account gives its followers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tag {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// Why a tag cannot be made, changed or given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TagError {
    /// The account has 100 already.
    TooMany,
    /// No name, or one another tag has.
    BadName,
    /// More than 30 characters.
    TooLong,
    /// One of WeChat's own.
    System,
    /// No such tag.
    Unknown,
    /// More than 100,000 people have it.
    TooManyFans,
    /// One of the people has 20 already.
    TooManyOnOne,
}

/// Tags of one account, WeChat's own not counted.
const MOST: usize = 100;
/// Characters of a name.
const LONGEST: usize = 30;
/// Tags one person can have.
const MOST_ON_ONE: usize = 20;
/// A tag more people have cannot be deleted.
const MOST_FANS: usize = 100_000;
/// WeChat's own: none, blacklist, star.
const SYSTEM: std::ops::RangeInclusive<i64> = 0..=2;
/// The one of WeChat's own that can be given.
const STAR: i64 = 2;
/// Smaller numbers are never given to new tags.
const FIRST: i64 = 100;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Book {
    tags: Vec<Tag>,
    made: i64,
    /// Persona → tags, in the order they were given.
    given: BTreeMap<String, Vec<i64>>,
}

impl Book {
    fn check_name(&self, name: &str, but: Option<i64>) -> Result<(), TagError> {
        let taken = self.tags.iter().any(|tag| tag.name == name && Some(tag.id) != but);
        match name.chars().count() {
            0 => Err(TagError::BadName),
            length if length > LONGEST => Err(TagError::TooLong),
            _ if taken => Err(TagError::BadName),
            _ => Ok(()),
        }
    }

    fn own(&mut self, id: i64) -> Result<&mut Tag, TagError> {
        if SYSTEM.contains(&id) {
            return Err(TagError::System);
        }
        self.tags.iter_mut().find(|tag| tag.id == id).ok_or(TagError::Unknown)
    }

    fn can_be_given(&self, id: i64) -> Result<(), TagError> {
        match id {
            STAR => Ok(()),
            id if SYSTEM.contains(&id) => Err(TagError::System),
            id if self.tags.iter().any(|tag| tag.id == id) => Ok(()),
            _ => Err(TagError::Unknown),
        }
    }
}

/// All tags: appid → tags and who has them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Tags {
    books: BTreeMap<String, Book>,
}

impl Tags {
    fn book(&mut self, app_id: &str) -> &mut Book {
        self.books.entry(app_id.to_owned()).or_default()
    }

    /// Makes a tag.
    pub(crate) fn create(&mut self, app_id: &str, name: &str) -> Result<Tag, TagError> {
        let book = self.book(app_id);
        book.check_name(name, None)?;
        if book.tags.len() >= MOST {
            return Err(TagError::TooMany);
        }
        let tag = Tag { id: FIRST + book.made, name: name.to_owned() };
        book.made += 1;
        book.tags.push(tag.clone());
        Ok(tag)
    }

    /// Gives a tag another name.
    pub(crate) fn rename(&mut self, app_id: &str, id: i64, name: &str) -> Result<(), TagError> {
        let book = self.book(app_id);
        book.own(id)?;
        book.check_name(name, Some(id))?;
        name.clone_into(&mut book.own(id)?.name);
        Ok(())
    }

    /// Deletes a tag and takes it from everybody.
    pub(crate) fn delete(&mut self, app_id: &str, id: i64) -> Result<(), TagError> {
        let book = self.book(app_id);
        book.own(id)?;
        if book.given.values().filter(|tags| tags.contains(&id)).count() > MOST_FANS {
            return Err(TagError::TooManyFans);
        }
        book.tags.retain(|tag| tag.id != id);
        for tags in book.given.values_mut() {
            tags.retain(|tag| *tag != id);
        }
        Ok(())
    }

    /// Gives people a tag: all of them, or nobody.
    pub(crate) fn give(&mut self, app_id: &str, id: i64, people: &[String]) -> Result<(), TagError> {
        let book = self.book(app_id);
        book.can_be_given(id)?;
        let full = |tags: &Vec<i64>| tags.len() >= MOST_ON_ONE && !tags.contains(&id);
        if people.iter().any(|person| book.given.get(person).is_some_and(full)) {
            return Err(TagError::TooManyOnOne);
        }
        for person in people {
            let tags = book.given.entry(person.clone()).or_default();
            if !tags.contains(&id) {
                tags.push(id);
            }
        }
        Ok(())
    }

    /// Takes a tag from people; those who do not have it stay as they are.
    pub(crate) fn take(&mut self, app_id: &str, id: i64, people: &[String]) -> Result<(), TagError> {
        let book = self.book(app_id);
        book.can_be_given(id)?;
        for person in people {
            if let Some(tags) = book.given.get_mut(person) {
                tags.retain(|tag| *tag != id);
            }
        }
        Ok(())
    }

    /// The account's tags, WeChat's star first.
    pub(crate) fn list(&self, app_id: &str) -> Vec<Tag> {
        let own = self.books.get(app_id).map_or(&[][..], |book| &book.tags);
        let star = Tag { id: STAR, name: "星标组".to_owned() };
        std::iter::once(star).chain(own.iter().cloned()).collect()
    }

    /// Whether people can have this tag.
    pub(crate) fn check(&self, app_id: &str, id: i64) -> Result<(), TagError> {
        self.books.get(app_id).unwrap_or(&Book::default()).can_be_given(id)
    }

    /// A person's tags, in the order they were given.
    pub(crate) fn of(&self, app_id: &str, persona: &str) -> &[i64] {
        self.books.get(app_id).and_then(|book| book.given.get(persona)).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn names_are_unique_short_and_not_empty() {
        let mut tags = Tags::default();
        let south = tags.create("wx1", "广东").unwrap();
        assert_eq!(south.id, 100);
        assert_eq!(tags.create("wx1", "广东"), Err(TagError::BadName));
        assert_eq!(tags.create("wx1", ""), Err(TagError::BadName));
        assert_eq!(tags.create("wx1", &"广".repeat(31)), Err(TagError::TooLong));
        assert!(tags.create("wx1", &"广".repeat(30)).is_ok());
        assert!(tags.create("wx2", "广东").is_ok(), "accounts have their own");
        assert_eq!(tags.rename("wx1", south.id, "广东"), Ok(()), "its own name is not taken");
        assert_eq!(tags.rename("wx1", south.id, &"广".repeat(30)), Err(TagError::BadName));
        assert_eq!(tags.rename("wx1", 1, "x"), Err(TagError::System));
        assert_eq!(tags.rename("wx1", 99, "x"), Err(TagError::Unknown));
    }

    #[test]
    fn a_hundred_tags_and_no_more_and_no_number_twice() {
        let mut tags = Tags::default();
        for n in 0..100 {
            tags.create("wx1", &format!("t{n}")).unwrap();
        }
        assert_eq!(tags.create("wx1", "one more"), Err(TagError::TooMany));
        assert_eq!(tags.list("wx1").len(), 101, "the star is WeChat's own");
        tags.delete("wx1", 150).unwrap();
        assert_eq!(tags.create("wx1", "one more").unwrap().id, 200);
        assert_eq!(tags.delete("wx1", 150), Err(TagError::Unknown));
        assert_eq!(tags.delete("wx1", 2), Err(TagError::System));
    }

    #[test]
    fn twenty_tags_a_person_all_people_or_nobody() {
        let mut tags = Tags::default();
        let ids: Vec<i64> = (0..21).map(|n| tags.create("wx1", &format!("t{n}")).unwrap().id).collect();
        for id in &ids[..20] {
            tags.give("wx1", *id, &people(&["p"])).unwrap();
        }
        assert_eq!(tags.of("wx1", "p"), &ids[..20], "in the order they were given");
        assert_eq!(tags.give("wx1", ids[20], &people(&["q", "p"])), Err(TagError::TooManyOnOne));
        assert!(tags.of("wx1", "q").is_empty());
        assert_eq!(tags.give("wx1", ids[0], &people(&["p"])), Ok(()), "it has that one already");
        tags.take("wx1", ids[0], &people(&["p", "nobody"])).unwrap();
        tags.give("wx1", ids[20], &people(&["p"])).unwrap();
        assert_eq!(tags.of("wx1", "p").last(), ids.last());
        assert_eq!(tags.give("wx1", 1, &people(&["p"])), Err(TagError::System));
        assert_eq!(tags.give("wx1", 7, &people(&["p"])), Err(TagError::Unknown));
        tags.give("wx1", 2, &people(&["q"])).unwrap();
        tags.delete("wx1", ids[20]).unwrap();
        assert_eq!(tags.of("wx1", "p"), &ids[1..20]);
    }

    #[test]
    fn a_tag_of_very_many_people_stays() {
        let mut tags = Tags::default();
        let id = tags.create("wx1", "all").unwrap().id;
        let crowd: Vec<String> = (0..=100_000).map(|n| n.to_string()).collect();
        tags.give("wx1", id, &crowd).unwrap();
        assert_eq!(tags.delete("wx1", id), Err(TagError::TooManyFans));
        tags.take("wx1", id, &crowd[..1]).unwrap();
        assert_eq!(tags.delete("wx1", id), Ok(()));
    }
}
