//! Which page of a list, in which order: one rule for all lists.

use super::{ApiError, FieldDetail};

/// The last page that may be asked for. Beyond it nobody reads, and the database would count its way there.
const LAST_PAGE: u32 = 1_000_000;
/// The most that fit on a page.
const LARGEST_PAGE: u32 = 200;

/// The page and how many fit on it: the first, of 20, unless said otherwise.
pub(crate) fn page(page: Option<i64>, page_size: Option<i64>) -> Result<(u32, u32), ApiError> {
    Ok((between("page", page, 1, LAST_PAGE)?, between("page_size", page_size, 20, LARGEST_PAGE)?))
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
pub(crate) fn sort(value: Option<&str>, only: &'static str) -> Result<(), ApiError> {
    if value.is_none_or(|value| value == only) {
        return Ok(());
    }
    let message = format!("sort 只能是 {only}");
    let detail = FieldDetail { field: "sort".into(), rule: "oneof", message: message.clone() };
    Err(ApiError::validation(&message, vec![detail]))
}

/// The order of a list: by which of the columns, and whether the smallest comes first. `-` in front of a column means that the
/// greatest does; without a word it does too.
pub(crate) fn order<T: Copy>(
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

/// One of these words, or nothing. A word that is none of them would find nothing; better said than shown as an empty list.
pub(crate) fn one_of<T: Copy>(
    field: &'static str,
    word: Option<&str>,
    known: &[(&'static str, T)],
) -> Result<Option<T>, ApiError> {
    let Some(word) = word else { return Ok(None) };
    if let Some((_, value)) = known.iter().find(|(name, _)| *name == word) {
        return Ok(Some(*value));
    }
    let words: Vec<_> = known.iter().map(|(name, _)| *name).collect();
    let message = format!("{field} 只能是 {}", words.join("、"));
    let detail = FieldDetail { field: field.into(), rule: "oneof", message: message.clone() };
    Err(ApiError::validation(&message, vec![detail]))
}

/// `true`, `false`, or nothing.
pub(crate) fn switch(field: &'static str, value: Option<&str>) -> Result<Option<bool>, ApiError> {
    one_of(field, value, &[("true", true), ("false", false)])
}
