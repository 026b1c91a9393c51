//! Which page of a list.

use crate::engine::{ApiError, FieldDetail};

/// The page and how many fit on it: the first, of 20, unless said otherwise.
pub(super) fn page(page: Option<i64>, page_size: Option<i64>) -> Result<(u32, u32), ApiError> {
    Ok((between("page", page, 1, 1_000_000)?, between("page_size", page_size, 20, 200)?))
}

fn between(field: &'static str, value: Option<i64>, usual: u32, most: u32) -> Result<u32, ApiError> {
    let Some(value) = value else { return Ok(usual) };
    u32::try_from(value).ok().filter(|value| (1..=most).contains(value)).ok_or_else(|| {
        let message = format!("{field} 必须在 1 到 {most} 之间");
        let detail = FieldDetail { field: field.into(), rule: "range", message: message.clone() };
        ApiError::validation(&message, vec![detail])
    })
}

/// The order of a list that has only this one.
pub(super) fn sort(value: Option<&str>, only: &'static str) -> Result<(), ApiError> {
    if value.is_none_or(|value| value == only) {
        return Ok(());
    }
    let message = format!("sort 只能是 {only}");
    let detail = FieldDetail { field: "sort".into(), rule: "oneof", message: message.clone() };
    Err(ApiError::validation(&message, vec![detail]))
}

/// The order of a list: by which of the columns, and whether the smallest comes first. `-` in front of a column means that the
/// greatest does; without a word it does too.
pub(super) fn order<T: Copy>(
    word: Option<&str>,
    columns: &[(&'static str, T)],
    usual: T,
) -> Result<(T, bool), ApiError> {
    let Some(word) = word else { return Ok((usual, false)) };
    let (name, ascending) = word.strip_prefix('-').map_or((word, true), |name| (name, false));
    if let Some((_, column)) = columns.iter().find(|(known, _)| *known == name) {
        return Ok((*column, ascending));
    }
    let known: Vec<_> = columns.iter().map(|(name, _)| format!("{name}、-{name}")).collect();
    let message = format!("sort 只能是 {}", known.join("、"));
    let detail = FieldDetail { field: "sort".into(), rule: "oneof", message: message.clone() };
    Err(ApiError::validation(&message, vec![detail]))
}

/// A word for yes, no, or nothing.
pub(super) fn switch(field: &'static str, value: Option<&str>) -> Result<Option<bool>, ApiError> {
    match value {
        None => Ok(None),
        Some("true" | "1") => Ok(Some(true)),
        Some("false" | "0") => Ok(Some(false)),
        Some(_) => {
            let message = format!("{field} 只能是 true 或 false");
            let detail = FieldDetail { field: field.into(), rule: "oneof", message: message.clone() };
            Err(ApiError::validation(&message, vec![detail]))
        }
    }
}
