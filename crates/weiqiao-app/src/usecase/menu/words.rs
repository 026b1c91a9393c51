//! What is wrong with a menu, in words for people.

use weixin::menu::{InvalidMenu, MenuProblem};

use crate::error::{AppError, ErrorKind, FieldProblem, code};

/// The broken rule in one word.
#[must_use]
pub fn rule_word(problem: &MenuProblem) -> &'static str {
    match problem {
        MenuProblem::Count { .. } => "count",
        MenuProblem::Missing => "required",
        MenuProblem::TooLong { .. } => "max",
        MenuProblem::UnknownType(_) => "oneof",
        MenuProblem::TooDeep => "depth",
        MenuProblem::TooManyDomains { .. } => "domains",
        MenuProblem::Withdrawn => "withdrawn",
        _ => "format",
    }
}

/// The same in Chinese, to be put behind the place.
#[must_use]
pub fn problem_in_chinese(problem: &MenuProblem) -> String {
    match problem {
        MenuProblem::Count { found, most } => format!("有 {found} 个按钮，只能有 1 到 {most} 个"),
        MenuProblem::Missing => "不能为空".to_owned(),
        MenuProblem::TooLong { bytes, most } => format!("有 {bytes} 字节，最多 {most} 字节（一个汉字占 3 字节）"),
        MenuProblem::ControlCharacters => "不能含有控制字符".to_owned(),
        MenuProblem::UnknownType(kind) => {
            let kind: String = kind.chars().filter(|character| !character.is_control()).take(64).collect();
            format!("不是按钮类型：{kind}")
        }
        MenuProblem::TooDeep => "二级菜单里不能再有菜单".to_owned(),
        MenuProblem::NotAnAddress => "必须是带主机名的 http 或 https 地址".to_owned(),
        MenuProblem::TooManyDomains { found, most } => format!("链接到 {found} 个域名，个性化菜单最多 {most} 个"),
        MenuProblem::Withdrawn => "微信已不再按这个条件匹配".to_owned(),
        other => other.to_string(),
    }
}

/// Everything that is wrong, each with its place behind `before`; and what WeChat would have said.
pub(super) fn problems(before: &str, error: &InvalidMenu) -> Vec<(FieldProblem, Option<i64>)> {
    let problem = |fault: &weixin::menu::MenuFault| {
        let field = format!("{before}{}", fault.at);
        let message = format!("{field} {}", problem_in_chinese(&fault.problem));
        let problem = FieldProblem { field: field.into(), rule: rule_word(&fault.problem), message };
        (problem, Some(fault.errcode.get()))
    };
    error.faults.iter().map(problem).collect()
}

/// The refusal; one entry per fault.
pub(super) fn invalid(problems: Vec<(FieldProblem, Option<i64>)>) -> AppError {
    let mut codes: Vec<i64> = problems.iter().filter_map(|(_, errcode)| *errcode).collect();
    codes.sort_unstable();
    codes.dedup();
    let problems: Vec<FieldProblem> = problems.into_iter().map(|(problem, _)| problem).collect();
    let texts: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    let message = format!("请求参数错误: {}", texts.join("；"));
    let error = AppError::new(ErrorKind::Invalid(problems), code::VALIDATION_FAILED, message);
    if codes.is_empty() {
        return error;
    }
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    error.with_hint(format!("按钮从 0 数起。没有提交给微信：它会以 errcode {} 拒绝。", codes.join("、")))
}
