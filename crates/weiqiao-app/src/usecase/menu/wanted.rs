//! What is to be published: read from JSON, held against all limits, every fault named by its place.

use serde_json::Value;
use weixin::menu::{Button, MatchRule, Menu};

use super::words;
use crate::error::{FieldProblem, Result};

/// What is to be published. In JSON as WeChat writes it: `{"button": […]}`, with `conditionalmenu` where conditional menus
/// are meant too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedMenus {
    /// The default menu.
    pub menu: Menu,
    /// The conditional menus, all of them, in the order in which they are made: of those that fit somebody the last one
    /// counts. `None`: they stay as they are.
    pub conditional: Option<Vec<WantedConditional>>,
}

/// A menu only some people are to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedConditional {
    /// Its buttons.
    pub menu: Menu,
    /// Who sees it.
    pub rule: MatchRule,
}

type Problems = Vec<(FieldProblem, Option<i64>)>;

impl WantedMenus {
    /// Reads and checks `button` and, where it is given, `conditionalmenu`.
    ///
    /// # Errors
    ///
    /// `Invalid` with everything that is wrong, each under its place, such as `button[1].sub_button[2].name` or
    /// `conditionalmenu[0].matchrule`.
    pub fn read(button: Option<&Value>, conditional: Option<&Value>) -> Result<Self> {
        let mut problems = Vec::new();
        let menu = menu("", button, &mut problems);
        if let Some(Err(error)) = menu.as_ref().map(Menu::check) {
            problems.extend(words::problems("", &error));
        }
        let conditional = match conditional {
            None | Some(Value::Null) => None,
            Some(Value::Array(list)) => Some(
                list.iter()
                    .enumerate()
                    .filter_map(|(at, value)| one(&format!("conditionalmenu[{at}]."), value, &mut problems))
                    .collect(),
            ),
            Some(_) => {
                problems.push(misshapen("conditionalmenu", "必须是数组"));
                None
            }
        };
        match menu {
            Some(menu) if problems.is_empty() => Ok(Self { menu, conditional }),
            _ => Err(words::invalid(problems)),
        }
    }
}

impl WantedConditional {
    /// Reads and checks `button` and `matchrule`.
    ///
    /// # Errors
    ///
    /// `Invalid` with everything that is wrong.
    pub fn read(value: &Value) -> Result<Self> {
        let mut problems = Vec::new();
        match one("", value, &mut problems) {
            Some(wanted) if problems.is_empty() => Ok(wanted),
            _ => Err(words::invalid(problems)),
        }
    }
}

fn one(before: &str, value: &Value, problems: &mut Problems) -> Option<WantedConditional> {
    let menu = menu(before, value.get("button"), problems);
    let rule = match value.get("matchrule") {
        None | Some(Value::Null) => Some(MatchRule::default()),
        Some(rule) => serde_json::from_value(rule.clone()).ok().map(tidied),
    };
    if rule.is_none() {
        problems.push(misshapen(&format!("{before}matchrule"), "格式不正确"));
    }
    let wanted = WantedConditional { menu: menu?, rule: rule? };
    if let Err(error) = wanted.menu.check_conditional(&wanted.rule) {
        problems.extend(words::problems(before, &error));
    }
    Some(wanted)
}

/// A rule without its empty fields: WeChat writes them as nothing, or not at all.
pub(super) fn tidied(mut rule: MatchRule) -> MatchRule {
    rule.retired.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
    rule
}

fn menu(before: &str, button: Option<&Value>, problems: &mut Problems) -> Option<Menu> {
    let at = format!("{before}button");
    match button {
        None | Some(Value::Null) => {
            let message = format!("{at} 不能为空");
            problems.push((FieldProblem { field: at.into(), rule: "required", message }, None));
            None
        }
        Some(Value::Array(list)) => {
            let count = problems.len();
            for (index, value) in list.iter().enumerate() {
                check_texts(&format!("{at}[{index}]"), value, problems);
            }
            if problems.len() > count {
                return None;
            }
            let buttons = list.iter().enumerate().filter_map(|(index, value)| {
                let read = serde_json::from_value::<Button>(value.clone());
                if read.is_err() {
                    problems.push(misshapen(&place(&format!("{at}[{index}]"), value), "必须是按钮对象"));
                }
                read.ok()
            });
            let menu = Menu::new(buttons);
            (problems.len() == count).then_some(menu)
        }
        Some(_) => {
            problems.push(misshapen(&at, "必须是按钮数组"));
            None
        }
    }
}

/// What has to be a text. Answers of WeChat are read more kindly, because some of them write numbers.
const TEXTS: [&str; 8] = ["type", "name", "key", "url", "media_id", "article_id", "appid", "pagepath"];

/// Names the fields of a button, and of those below it, that are no text.
fn check_texts(at: &str, value: &Value, problems: &mut Problems) {
    for field in TEXTS {
        if value.get(field).is_some_and(|value| !value.is_string() && !value.is_null()) {
            problems.push(misshapen(&format!("{at}.{field}"), "必须是字符串"));
        }
    }
    for (index, below) in value.get("sub_button").and_then(Value::as_array).into_iter().flatten().enumerate() {
        check_texts(&format!("{at}.sub_button[{index}]"), below, problems);
    }
}

/// The button that cannot be read: this one, or the first such below it.
fn place(at: &str, value: &Value) -> String {
    let below = value.get("sub_button").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let bad = below.iter().enumerate().find(|(_, value)| serde_json::from_value::<Button>((*value).clone()).is_err());
    match bad {
        Some((index, value)) => place(&format!("{at}.sub_button[{index}]"), value),
        None => at.to_owned(),
    }
}

fn misshapen(at: &str, problem: &str) -> (FieldProblem, Option<i64>) {
    (FieldProblem { field: at.to_owned().into(), rule: "type", message: format!("{at} {problem}") }, None)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::ErrorKind;

    fn problems(button: &Value, conditional: Option<&Value>) -> Vec<(String, &'static str)> {
        let error = WantedMenus::read(Some(button), conditional).unwrap_err();
        let ErrorKind::Invalid(problems) = error.kind() else { panic!("{error:?}") };
        assert!(problems.iter().all(|problem| error.message().contains(&problem.message)), "{error}");
        problems.iter().map(|problem| (problem.field.clone().into_owned(), problem.rule)).collect()
    }

    #[test]
    fn every_fault_is_named_by_its_place() {
        let long = "名".repeat(21);
        let button = json!([
            {"type": "click", "name": "赞", "key": "GOOD"},
            {"name": "菜单", "sub_button": [
                {"type": "view", "name": "a", "url": "https://example.com/"},
                {"type": "view", "name": "b", "url": "example.com"},
                {"type": "click", "name": long, "key": "K"},
                {"type": "dance", "name": "c"},
            ]},
        ]);
        let conditional = json!([{"button": [{"type": "click", "name": "x"}], "matchrule": {"sex": 1}}, 7]);
        let at = |place: &str, rule| (place.to_owned(), rule);
        assert_eq!(
            problems(&button, Some(&conditional)),
            [
                at("button[1].sub_button[1].url", "format"),
                at("button[1].sub_button[2].name", "max"),
                at("button[1].sub_button[3].type", "oneof"),
                at("conditionalmenu[0].button[0].key", "required"),
                at("conditionalmenu[0].matchrule.sex", "withdrawn"),
                at("conditionalmenu[1].button", "required"),
            ]
        );
        let error = WantedMenus::read(Some(&button), None).unwrap_err();
        assert!(error.hint().unwrap().contains("40024、40025、40054"), "{:?}", error.hint());
        assert!(error.message().contains("button[1].sub_button[2].name 有 63 字节，最多 60 字节"), "{error}");
    }

    #[test]
    fn what_is_no_button_is_named_too() {
        let at = |place: &str| vec![(place.to_owned(), "type")];
        assert_eq!(problems(&json!({"a": 1}), None), at("button"));
        assert_eq!(problems(&json!([{"name": "a"}, 3]), None), at("button[1]"));
        assert_eq!(problems(&json!([{"type": "click", "name": 7, "key": "k"}]), None), at("button[0].name"));
        let number = json!([{"name": "a", "sub_button": [{"type": "click", "name": "x", "key": 1}]}]);
        assert_eq!(problems(&number, None), at("button[0].sub_button[0].key"));
        let below = json!([{"name": "a", "sub_button": [{"type": "click", "name": "x", "key": "k"}, "y"]}]);
        assert_eq!(problems(&below, None), at("button[0].sub_button[1]"));
        assert_eq!(
            problems(&json!([{"type": "click", "name": "x", "key": "k"}]), Some(&json!(1))),
            at("conditionalmenu")
        );
        assert!(WantedMenus::read(None, None).is_err());
        assert!(WantedConditional::read(&json!({"button": [{"type": "click", "name": "x", "key": "k"}]})).is_err());
    }

    #[test]
    fn conditional_menus_are_meant_only_where_they_are_given() {
        let button = json!([{"type": "click", "name": "x", "key": "k"}]);
        assert_eq!(WantedMenus::read(Some(&button), None).unwrap().conditional, None);
        assert_eq!(WantedMenus::read(Some(&button), Some(&json!([]))).unwrap().conditional, Some(vec![]));
    }
}
