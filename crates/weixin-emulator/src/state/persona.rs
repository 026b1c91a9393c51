//! Fake people.

use serde::{Deserialize, Serialize};

/// What somebody's WeChat runs on; conditional menus can ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// An iPhone.
    Ios,
    /// An Android phone.
    #[default]
    Android,
    /// Anything else.
    Other,
}

/// A person to create or change; what is left out keeps its value, or gets a default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PersonaSeed {
    /// The handle; made from a counter when absent.
    pub id: Option<String>,
    /// Shown on pages and given by `sns/userinfo`. May hold anything, also control characters.
    pub nickname: Option<String>,
    /// Picture; absent: one the emulator draws.
    pub headimgurl: Option<String>,
    /// 0 unknown, 1 male, 2 female.
    pub sex: Option<i64>,
    /// Mobile number without area code.
    pub phone: Option<String>,
    /// Area code, `86` by default.
    pub country_code: Option<String>,
    /// Given only when `blank_sex_and_region` is off, like `province` and `city`.
    pub country: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// For instance `zh_CN`.
    pub language: Option<String>,
    /// For instance `["chinaunicom"]`.
    pub privilege: Option<Vec<String>>,
    /// What their WeChat runs on, `android` by default.
    pub platform: Option<Platform>,
    /// `jscode2session` refuses this person with 40226.
    pub high_risk: Option<bool>,
    /// Every login of this person comes from a snapshot page (`is_snapshotuser`).
    pub snapshot: Option<bool>,
}

/// A fake person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    /// The handle used in control calls.
    pub id: String,
    /// The nickname.
    pub nickname: String,
    /// The picture; `None`: one the emulator draws.
    pub headimgurl: Option<String>,
    /// 0 unknown, 1 male, 2 female.
    pub sex: i64,
    /// Mobile number without area code.
    pub phone: Option<String>,
    /// Area code.
    pub country_code: String,
    /// Country.
    pub country: String,
    /// Province.
    pub province: String,
    /// City.
    pub city: String,
    /// Language.
    pub language: String,
    /// Privileges.
    pub privilege: Vec<String>,
    /// What their WeChat runs on.
    #[serde(default)]
    pub platform: Platform,
    /// `jscode2session` refuses this person with 40226.
    pub high_risk: bool,
    /// Every login of this person comes from a snapshot page.
    pub snapshot: bool,
}

impl Persona {
    fn blank(id: String) -> Self {
        Self {
            nickname: id.clone(),
            id,
            headimgurl: None,
            sex: 0,
            phone: None,
            country_code: "86".to_owned(),
            country: String::new(),
            province: String::new(),
            city: String::new(),
            language: "zh_CN".to_owned(),
            privilege: Vec::new(),
            platform: Platform::default(),
            high_risk: false,
            snapshot: false,
        }
    }

    fn apply(&mut self, seed: PersonaSeed) {
        fn set<T>(slot: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *slot = value;
            }
        }
        set(&mut self.nickname, seed.nickname);
        if let Some(url) = seed.headimgurl {
            self.headimgurl = Some(url);
        }
        set(&mut self.sex, seed.sex);
        if let Some(phone) = seed.phone {
            self.phone = Some(phone);
        }
        set(&mut self.country_code, seed.country_code);
        set(&mut self.country, seed.country);
        set(&mut self.province, seed.province);
        set(&mut self.city, seed.city);
        set(&mut self.language, seed.language);
        set(&mut self.privilege, seed.privilege);
        set(&mut self.platform, seed.platform);
        set(&mut self.high_risk, seed.high_risk);
        set(&mut self.snapshot, seed.snapshot);
    }
}

/// All people, in the order they were added, and who was active last.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct People {
    list: Vec<Persona>,
    made: u64,
    recent: Vec<String>,
}

impl People {
    /// Adds or changes a person.
    ///
    /// # Errors
    /// A sentence naming the field that is wrong.
    pub(crate) fn put(&mut self, seed: PersonaSeed) -> Result<&Persona, String> {
        if seed.sex.is_some_and(|sex| !(0..=2).contains(&sex)) {
            return Err("sex must be 0, 1 or 2".to_owned());
        }
        if seed.phone.as_ref().is_some_and(|phone| !phone.chars().all(|c| c.is_ascii_digit())) {
            return Err("phone must be digits".to_owned());
        }
        let id = match &seed.id {
            Some(id) if !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') => {
                id.clone()
            }
            Some(id) => return Err(format!("id is {id:?}; it must be letters, digits, - or _")),
            None => {
                self.made += 1;
                format!("persona-{}", self.made)
            }
        };
        let at = match self.list.iter().position(|persona| persona.id == id) {
            Some(at) => at,
            None => {
                self.list.push(Persona::blank(id));
                self.list.len() - 1
            }
        };
        let persona = self.list.get_mut(at).ok_or_else(|| "no such person".to_owned())?;
        persona.apply(seed);
        Ok(persona)
    }

    /// The person with this id.
    pub(crate) fn find(&self, id: &str) -> Option<&Persona> {
        self.list.iter().find(|persona| persona.id == id)
    }

    /// All of them, in the order they were added.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Persona> {
        self.list.iter()
    }

    /// All of them, last active first.
    pub(crate) fn by_recent_use(&self) -> Vec<&Persona> {
        let rank = |id: &str| self.recent.iter().position(|recent| recent == id).unwrap_or(usize::MAX);
        let mut people: Vec<&Persona> = self.list.iter().collect();
        people.sort_by_key(|persona| rank(&persona.id));
        people
    }

    /// Remembers who was active.
    pub(crate) fn touch(&mut self, id: &str) {
        self.recent.retain(|recent| recent != id);
        self.recent.insert(0, id.to_owned());
    }
}

/// 小明, 小红, 顾问李, one with emoji and one with markup in the name.
pub(crate) fn defaults() -> Vec<PersonaSeed> {
    let person = |id: &str, nickname: &str, sex: i64, phone: &str, city: &str| PersonaSeed {
        id: Some(id.to_owned()),
        nickname: Some(nickname.to_owned()),
        sex: Some(sex),
        phone: Some(phone.to_owned()),
        country: Some("中国".to_owned()),
        province: Some("广东".to_owned()),
        city: Some(city.to_owned()),
        ..PersonaSeed::default()
    };
    vec![
        person("xiaoming", "小明", 1, "13800000001", "深圳"),
        person("xiaohong", "小红", 2, "13800000002", "广州"),
        person("advisor-li", "顾问李", 1, "13800000003", "广州"),
        person("emoji", "🐱 阿喵👨‍👩‍👧", 2, "13800000004", "珠海"),
        person("script", "<script>alert('昵称')</script>", 0, "13800000005", "佛山"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_added_changed_and_ordered_by_use() {
        let mut people = People::default();
        for seed in defaults() {
            people.put(seed).unwrap();
        }
        let change = PersonaSeed { id: Some("xiaoming".into()), city: Some("北京".into()), ..PersonaSeed::default() };
        let changed = people.put(change).unwrap();
        assert_eq!((changed.nickname.as_str(), changed.city.as_str()), ("小明", "北京"));
        let made = people.put(PersonaSeed { nickname: Some("新人".into()), ..PersonaSeed::default() }).unwrap();
        assert_eq!(made.id, "persona-1");
        people.touch("emoji");
        people.touch("persona-1");
        let order: Vec<&str> = people.by_recent_use().iter().map(|persona| persona.id.as_str()).collect();
        assert_eq!(order, ["persona-1", "emoji", "xiaoming", "xiaohong", "advisor-li", "script"]);
    }

    #[test]
    fn bad_people_are_refused() {
        let mut people = People::default();
        let seed = |f: fn(&mut PersonaSeed)| {
            let mut seed = PersonaSeed::default();
            f(&mut seed);
            seed
        };
        assert!(people.put(seed(|s| s.sex = Some(3))).is_err());
        assert!(people.put(seed(|s| s.phone = Some("+86".into()))).is_err());
        assert!(people.put(seed(|s| s.id = Some("../x".into()))).is_err());
        assert_eq!(people.iter().count(), 0);
    }
}
