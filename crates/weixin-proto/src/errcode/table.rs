//! The families as one sorted table, made while compiling.

use super::{Class, Entry, card, general, media, menu, mini, oauth, platform, publish, service, subscribe, user};

/// Every family. A new file is one line here.
const FAMILIES: &[&[Entry]] = &[
    general::ROWS,
    oauth::ROWS,
    mini::ROWS,
    subscribe::ROWS,
    menu::ROWS,
    user::ROWS,
    media::ROWS,
    service::ROWS,
    publish::ROWS,
    card::ROWS,
    platform::ROWS,
];

const COUNT: usize = count();

static TABLE: [Entry; COUNT] = sorted();

/// Every known code, ascending by number.
#[must_use]
pub fn all() -> &'static [Entry] {
    &TABLE
}

pub(super) fn find(code: i64) -> Option<&'static Entry> {
    TABLE.binary_search_by_key(&code, |entry| entry.code).ok().and_then(|at| TABLE.get(at))
}

const fn count() -> usize {
    let mut total = 0;
    let mut families = FAMILIES;
    while let Some((family, rest)) = families.split_first() {
        total += family.len();
        families = rest;
    }
    total
}

/// Insertion sort: small, allowed in constants, and the families are nearly sorted already.
#[allow(clippy::indexing_slicing, clippy::panic, reason = "runs while compiling: a slip does not build")]
const fn sorted() -> [Entry; COUNT] {
    const EMPTY: Entry =
        Entry { code: 0, errmsg: "", meaning_en: "", meaning_zh: "", next_zh: "", class: Class::Never };
    let mut table = [EMPTY; COUNT];
    let mut filled = 0;
    let mut families = FAMILIES;
    while let Some((family, rest)) = families.split_first() {
        let mut rows = *family;
        while let Some((row, more)) = rows.split_first() {
            let mut at = filled;
            while at > 0 && table[at - 1].code > row.code {
                table[at] = table[at - 1];
                at -= 1;
            }
            assert!(at == 0 || table[at - 1].code != row.code, "an error code is in two rows");
            table[at] = *row;
            filled += 1;
            rows = more;
        }
        families = rest;
    }
    table
}

/// The rows of a family: code, class, WeChat's words, meaning in English, meaning in Chinese, next step in Chinese.
macro_rules! rows {
    ($($code:literal $class:ident $errmsg:literal $en:literal $zh:literal $next:literal)*) => {
        pub(super) const ROWS: &[crate::errcode::Entry] = &[$(crate::errcode::Entry {
            code: $code,
            errmsg: $errmsg,
            meaning_en: $en,
            meaning_zh: $zh,
            next_zh: $next,
            class: crate::errcode::Class::$class,
        }),*];
    };
}
pub(super) use rows;
