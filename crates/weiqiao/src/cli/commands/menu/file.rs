//! The file: as WeChat writes menus, one fact a line, so that it can be kept and compared like source text.

use std::io::Read as _;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use weiqiao_app::error::FieldProblem;
use weiqiao_app::usecase::menu::WantedMenus;
use weiqiao_app::{AppError, ErrorKind};
use weixin::menu::{Button, MatchRule};

use super::super::super::Context;
use super::super::super::exit::Failure;
use crate::lang::Lang;

/// The longest file that is read.
const LONGEST: u64 = 1024 * 1024;

/// What stands in a file, or beside the menus in the answers of WeChat and of our API.
const KNOWN: [&str; 7] = ["button", "conditionalmenu", "menu", "menuid", "account", "source", "digest"];

/// Whether standard input or output is meant.
pub(super) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The menus of the file. `{"button"}`, or what WeChat and our API answer: `{"menu": {"button"}}`.
pub(super) fn read(path: &Path, context: &Context) -> Result<WantedMenus, Failure> {
    let lang = context.output.lang;
    let name = path.display();
    let text = match is_stream(path) {
        true => take(&mut std::io::stdin().lock()),
        false => std::fs::File::open(context.folder.join(path)).and_then(|mut file| take(&mut file)),
    };
    let text = text.map_err(|error| {
        Failure::failed(lang.pick(
            format!("{name} 读不出来：{error}。线上的菜单可以用 weiqiao menu pull 取得。"),
            format!("{name} cannot be read: {error}. weiqiao menu pull writes the live menus into a file."),
        ))
    })?;
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failure::failed(lang.pick(
            format!("{name} 不是合法的 JSON（第 {line} 行第 {column} 列）"),
            format!("{name} is no JSON (line {line}, column {column})"),
        ))
    })?;
    let foreign = value.as_object().and_then(|whole| whole.keys().find(|key| !KNOWN.contains(&key.as_str())));
    if let Some(foreign) = foreign {
        return Err(Failure::failed(lang.pick(
            format!("{name} 里的 {foreign} 没有意义；菜单写在 button 和 conditionalmenu 里。"),
            format!("{foreign} in {name} means nothing: menus stand under button and conditionalmenu."),
        )));
    }
    let button = value.get("button").or_else(|| value.get("menu")?.get("button"));
    WantedMenus::read(button, value.get("conditionalmenu")).map_err(|error| told(error, &name.to_string(), lang))
}

fn take(source: &mut dyn std::io::Read) -> std::io::Result<String> {
    let mut text = String::new();
    source.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

/// What is wrong with the menus, in the language of the terminal.
fn told(error: AppError, name: &str, lang: Lang) -> Failure {
    let ErrorKind::Invalid(problems) = error.kind() else { return error.into() };
    let text = |problem: &FieldProblem| match lang {
        Lang::Zh => problem.message.clone(),
        Lang::En => format!("{}: {}", problem.field, english(problem.rule)),
    };
    let problems: Vec<_> = problems.iter().map(|problem| (problem, text(problem))).collect();
    let head = lang.pick(
        format!("{name} 里的菜单微信不会接受（按钮从 0 数起）："),
        format!("WeChat would not take the menus of {name} (buttons are counted from 0):"),
    );
    Failure::invalid(&head, &problems)
}

fn english(rule: &str) -> &'static str {
    match rule {
        "count" => "too few or too many buttons: 1 to 3 in the bar, 1 to 5 in a list",
        "required" => "missing",
        "max" => "too long: names 16 bytes in the bar and 60 in a list, keys 128, addresses 1024",
        "oneof" => "not a type of button",
        "depth" => "a list inside a list",
        "domains" => "links to more than 3 domains",
        "withdrawn" => "nobody is matched by this any more",
        "type" => "of the wrong shape",
        _ => "cannot be used: control characters, or no http or https address with a host",
    }
}

#[derive(Serialize)]
struct Written<'a> {
    button: &'a [Button],
    #[serde(skip_serializing_if = "Option::is_none")]
    conditionalmenu: Option<Vec<Entry<'a>>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    button: &'a [Button],
    matchrule: &'a MatchRule,
}

/// The text of the file; conditional menus only where there are some, or `always`.
pub(super) fn text(menus: &WantedMenus, always: bool) -> Result<String, Failure> {
    let entries =
        menus.conditional.as_ref().filter(|list| always || !list.is_empty()).map(|list| {
            list.iter().map(|wanted| Entry { button: &wanted.menu.button, matchrule: &wanted.rule }).collect()
        });
    let written = Written { button: &menus.menu.button, conditionalmenu: entries };
    let mut text = serde_json::to_string_pretty(&written).map_err(|error| Failure::failed(error.to_string()))?;
    text.push('\n');
    Ok(text)
}
