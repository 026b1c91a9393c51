//! From a description and what was given to the fields of a body.

use serde_json::{Map, Value};

use super::catalogue::{Default as Preset, Field, Kind, leaves};
use super::node::{Fields, Node};
use super::sample;
use crate::random::Random;
use crate::state::World;
use crate::state::account::Account;
use crate::state::media::{MediaKind, NewMedia};

/// What presets are taken from.
pub(crate) struct Scene<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) random: &'a mut Random,
    pub(crate) public_url: &'a str,
    pub(crate) account: &'a Account,
    pub(crate) persona: &'a str,
    pub(crate) now_ms: i64,
    /// Files made for this message.
    pub(crate) files: Vec<(MediaKind, String)>,
}

impl Scene<'_> {
    /// A small file of this kind, made once for one message.
    fn file(&mut self, kind: MediaKind) -> String {
        if let Some((_, id)) = self.files.iter().find(|(made, _)| *made == kind) {
            return id.clone();
        }
        let (filename, bytes) = sample::of(kind);
        let new = NewMedia {
            app_id: &self.account.app_id,
            kind,
            filename: filename.to_owned(),
            bytes: bytes.to_vec(),
            title: String::new(),
            introduction: String::new(),
        };
        let lifetime_s = self.world.settings.media_lifetime_s;
        let id = self.world.media.add(new, Some(lifetime_s), self.random, self.now_ms);
        self.files.push((kind, id.clone()));
        id
    }
}

/// What was given, found by WeChat's names in any spelling.
pub(crate) struct Given(pub(crate) Map<String, Value>);

fn same(left: &str, right: &str) -> bool {
    let plain = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    plain(left) == plain(right)
}

impl Given {
    fn key(&self, name: &str) -> Option<String> {
        let exact = self.0.get_key_value(name).map(|(key, _)| key);
        exact.or_else(|| self.0.keys().find(|key| same(key, name))).cloned()
    }

    /// What was given under this name.
    pub(crate) fn peek(&self, name: &str) -> Option<&Value> {
        self.key(name).and_then(|key| self.0.get(&key))
    }

    /// The same, and it counts as used.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.key(name).and_then(|key| self.0.remove(&key))
    }

    /// Puts something in the place of what was given.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.take(name);
        self.0.insert(name.to_owned(), value.into());
    }

    fn take_for(&mut self, field: &Field) -> Option<Value> {
        let short = if field.also.is_empty() { None } else { self.take(field.also) };
        self.take(field.name).or(short)
    }
}

/// The fields of a described kind. What is given and has no place is a mistake.
pub(crate) fn described(kind: &'static Kind, given: &mut Given, scene: &mut Scene<'_>) -> Result<Fields, String> {
    let fields = within(kind.fields, given, scene)?;
    match given.0.keys().next() {
        None => Ok(fields),
        Some(foreign) => {
            let known: Vec<&str> = leaves(kind.fields).collect();
            let known = if known.is_empty() { "no fields".to_owned() } else { known.join(", ") };
            Err(format!("{} has {known}; {foreign:?} can be added under \"fields\" (trigger: --field)", kind.name))
        }
    }
}

/// The fields of a kind nobody has described: all that were given.
pub(crate) fn bare(mut given: Given) -> Fields {
    if let Some(key) = given.0.remove("key") {
        given.0.insert("EventKey".to_owned(), key);
    }
    given.0.into_iter().filter_map(|(name, value)| Some((name, Node::from_json(&value)?))).collect()
}

/// Puts fields over those of a body; null takes one out.
pub(crate) fn put_over(body: &mut Fields, over: &Map<String, Value>) {
    for (name, value) in over {
        let at = body.iter().position(|(known, _)| known == name);
        match (at, Node::from_json(value)) {
            (Some(at), Some(node)) => {
                if let Some((_, old)) = body.get_mut(at) {
                    *old = node;
                }
            }
            (Some(at), None) => {
                body.remove(at);
            }
            (None, Some(node)) => body.push((name.clone(), node)),
            (None, None) => {}
        }
    }
}

fn within(fields: &'static [Field], given: &mut Given, scene: &mut Scene<'_>) -> Result<Fields, String> {
    let mut out = Fields::new();
    for field in fields {
        if let Some(node) = one(field, given, scene)? {
            out.push((field.name.to_owned(), node));
        }
    }
    Ok(out)
}

fn one(field: &'static Field, given: &mut Given, scene: &mut Scene<'_>) -> Result<Option<Node>, String> {
    let value = given.take_for(field);
    if value == Some(Value::Null) {
        return Ok(None);
    }
    let textual = |value: Value| match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(format!("{} must be a text or a number", field.name)),
    };
    Ok(Some(match (field.default, value) {
        (Preset::Group(fields) | Preset::Wrapper(fields), value) => {
            let nested = match value {
                None => within(fields, given, scene)?,
                Some(Value::Object(own)) => all_of(fields, own, scene)?,
                Some(_) => return Err(format!("{} must be an object", field.name)),
            };
            if matches!(field.default, Preset::Wrapper(_)) { Node::Wrapper(nested) } else { Node::Group(nested) }
        }
        (Preset::Many(fields), value) => Node::Many(match value {
            None => vec![Node::Group(within(fields, given, scene)?)],
            Some(Value::Array(items)) => {
                let item = |item: Value| match item {
                    Value::Object(own) => all_of(fields, own, scene).map(Node::Group),
                    _ => Err(format!("{} must hold objects", field.name)),
                };
                items.into_iter().map(item).collect::<Result<_, _>>()?
            }
            Some(Value::Object(own)) => vec![Node::Group(all_of(fields, own, scene)?)],
            Some(_) => return Err(format!("{} must be a list of objects", field.name)),
        }),
        (Preset::Number(_) | Preset::NoNumber | Preset::Now, Some(value)) => Node::Number(textual(value)?),
        (Preset::Fresh, Some(value)) => Node::Number(textual(value)?),
        (_, Some(value)) => Node::Text(textual(value)?),
        (preset, None) => match preset_of(preset, given, scene) {
            Some(node) => node,
            None => return Ok(None),
        },
    }))
}

/// The fields of an object given whole.
fn all_of(fields: &'static [Field], own: Map<String, Value>, scene: &mut Scene<'_>) -> Result<Fields, String> {
    let mut own = Given(own);
    let out = within(fields, &mut own, scene)?;
    match own.0.keys().next() {
        None => Ok(out),
        Some(foreign) => Err(format!("there is no field {foreign:?} there")),
    }
}

fn preset_of(preset: Preset, given: &Given, scene: &mut Scene<'_>) -> Option<Node> {
    Some(match preset {
        Preset::Text(text) => Node::Text(text.to_owned()),
        Preset::Number(number) => Node::Number(number.to_owned()),
        Preset::OpenId => Node::Text(scene.account.openid(scene.persona)),
        Preset::UnionId => Node::Text(scene.account.unionid(scene.persona)?),
        Preset::AppId => Node::Text(scene.account.app_id.clone()),
        Preset::Now => Node::Number(scene.now_ms.div_euclid(1000).to_string()),
        Preset::Fresh => Node::Number(scene.world.templates.next_msg_id(scene.now_ms).to_string()),
        Preset::Media(kind) => Node::Text(scene.file(kind)),
        Preset::PictureUrl => {
            let named = ["MediaId", "ThumbMediaId"].iter().find_map(|name| given.peek(name)?.as_str());
            let id = named.map_or_else(|| scene.file(MediaKind::Image), str::to_owned);
            Node::Text(format!("{}/mmbiz/{id}/0", scene.public_url))
        }
        Preset::NoText | Preset::NoNumber | Preset::Group(_) | Preset::Wrapper(_) | Preset::Many(_) => return None,
    })
}
