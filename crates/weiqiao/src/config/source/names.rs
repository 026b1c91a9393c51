//! Names that are almost right.

use crate::config::catalogue;
use crate::config::problem::Problem;

/// Variables with these beginnings are ours, so an unknown one is a mistake.
const OURS: [&str; 3] = ["WECHAT_", "WEIQIAO_", "JWT_"];

/// Ours, but not settings of the service: read by our tests and scripts.
const NOT_SETTINGS: [&str; 2] = ["WEIQIAO_TEST_", "WEIQIAO_REGENERATE"];

/// Names other programs use for what we call differently. They stand here only where ours are too far to be found by
/// counting letters.
const COMMON: [(&str, &str); 12] = [
    ("DB_USER", "DB_USERNAME"),
    ("DB_PASS", "DB_PASSWORD"),
    ("DB_DATABASE", "DB_NAME"),
    ("DB_URL", "DATABASE_URL"),
    ("REDIS_PASS", "REDIS_PASSWORD"),
    ("REDIS_DATABASE", "REDIS_DB"),
    ("WECHAT_APPID", "WECHAT_APP_ID"),
    ("WECHAT_SECRET", "WECHAT_APP_SECRET"),
    ("WECHAT_APPSECRET", "WECHAT_APP_SECRET"),
    ("WECHAT_ENCODING_AES_KEY", "WECHAT_AES_KEY"),
    ("WECHAT_ENCODINGAESKEY", "WECHAT_AES_KEY"),
    ("JWT_EXPIRE", "JWT_EXPIRES_IN"),
];

/// Whether somebody who set the variable `name` surely meant one of our settings. Other programs' variables share the
/// environment, so a name must be ours by its beginning, be known from elsewhere, or differ by one slip of the keyboard.
pub(super) fn is_meant_for_us(name: &str) -> bool {
    if NOT_SETTINGS.iter().any(|prefix| name.starts_with(prefix)) {
        return false;
    }
    OURS.iter().any(|prefix| name.starts_with(prefix))
        || COMMON.iter().any(|(common, _)| *common == name)
        || (name.len() >= 8 && known_names().any(|known| known.len() >= 8 && distance(name, &known) == 1))
}

/// What to tell about an unknown name; in the file names are lower case.
pub(super) fn unknown(name: &str, in_file: bool) -> Problem {
    let wanted = closest(&name.to_ascii_uppercase(), known_names());
    let shown = wanted.map(|wanted| if in_file { wanted.to_ascii_lowercase() } else { wanted });
    match shown {
        Some(wanted) => Problem::new(
            name,
            format!("没有这个配置项，是不是想写 {wanted}？"),
            format!("is not a setting. Did you mean {wanted}?"),
        ),
        None => Problem::new(
            name,
            "没有这个配置项；全部配置项见 docs/configuration.md。",
            "is not a setting; docs/configuration.md lists them all.",
        ),
    }
}

fn known_names() -> impl Iterator<Item = String> {
    catalogue().flat_map(|setting| {
        let file = setting.secret.then(|| format!("{}_FILE", setting.name));
        std::iter::once(setting.name.to_owned()).chain(file)
    })
}

/// The name that was most likely meant, when one is near enough.
pub(in crate::config) fn closest(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    if let Some((_, wanted)) = COMMON.iter().find(|(common, _)| *common == name) {
        return Some((*wanted).to_owned());
    }
    let near = known.map(|known| (distance(name, &known), known)).min()?;
    (near.0 <= 1 + name.len() / 6).then_some(near.1)
}

/// Edits (insert, delete, replace, swap of neighbours) that turn one name into the other.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(a != b)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(&before_last, j - 1) + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted_with_swaps_as_one() {
        for (left, right, edits) in
            [("", "", 0), ("a", "", 1), ("JWT_SECRET", "JWT_SECERT", 1), ("abc", "acb", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(left, right), edits, "{left} {right}");
            assert_eq!(distance(right, left), edits, "{right} {left}");
        }
    }

    #[test]
    fn names_of_other_programs_are_left_alone() {
        for name in [
            "PATH",
            "HOME",
            "LANG",
            "USER",
            "PORT",
            "DB_DRIVER",
            "API_TOKEN",
            "LOG_FILE",
            "REDIS_PORT_6379_TCP",
            "REDIS_SERVICE_HOST",
            "DATABASE",
            "NODE_ENV",
            "WEIQIAO_TEST_REDIS_URL",
            "OTEL_SERVICE_NAME",
        ] {
            assert!(!is_meant_for_us(name), "{name}");
        }
    }

    #[test]
    fn slips_find_the_setting_that_was_meant() {
        for (name, wanted) in [
            ("WECHAT_APPID", "WECHAT_APP_ID"),
            ("WECHAT_OFICIAL_APP_ID", "WECHAT_OFFICIAL_APP_ID"),
            ("JWT_SECERT", "JWT_SECRET"),
            ("JWT_SECRET_FIEL", "JWT_SECRET_FILE"),
            ("PUBLIC_URI", "PUBLIC_URL"),
            ("DB_USER", "DB_USERNAME"),
        ] {
            assert!(is_meant_for_us(name), "{name}");
            assert!(unknown(name, false).en.contains(&format!("mean {wanted}?")), "{name}");
        }
        assert!(unknown("wechat_appid", true).en.contains("mean wechat_app_id?"));
        assert!(unknown("WECHAT_ZZZZZZZZZZZZZ", false).en.contains("docs/configuration.md"));
    }
}
