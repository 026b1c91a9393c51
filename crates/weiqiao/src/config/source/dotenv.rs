//! The file `.env`: `NAME=value` lines, for development.

use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use super::environment::take;
use super::{Origin, Sources};
use crate::config::problem::Problem;

pub(super) fn read(path: &Path, closed: &[&str], sources: &mut Sources, problems: &mut Vec<Problem>) {
    let Ok(text) = fs::read_to_string(path).map(Zeroizing::new) else {
        problems.push(Problem::new(".env", "读不出来，或不是 UTF-8 文本。", "cannot be read, or is not UTF-8 text."));
        return;
    };
    for (number, line) in (1_usize..).zip(text.lines()) {
        match parse_line(line) {
            Ok(None) => {}
            Ok(Some((name, value))) => take((name, &value), Origin::DotEnv, closed, sources, problems),
            Err(Malformed) => problems.push(Problem::new(
                format!(".env:{number}"),
                "不是“名称=值”的形式，或引号没有闭合。",
                "is not NAME=value, or a quote is not closed.",
            )),
        }
    }
}

/// The last value of one name, in a file whose other lines do not count.
pub(super) fn value_of(path: &Path, wanted: &str) -> Option<Zeroizing<String>> {
    let text = fs::read_to_string(path).map(Zeroizing::new).ok()?;
    let lines = text.lines().filter_map(|line| parse_line(line).ok().flatten());
    lines.filter(|(name, _)| *name == wanted).map(|(_, value)| value).next_back()
}

struct Malformed;

/// One line: empty, a comment, or `[export ]NAME=value`. In single quotes a value is taken as it is; in double quotes
/// `\n`, `\r`, `\t`, `\"`, `\\` and `\$` are replaced; without quotes it ends at ` #`. Nothing is ever expanded.
fn parse_line(line: &str) -> Result<Option<(&str, Zeroizing<String>)>, Malformed> {
    let line = line.trim_start_matches('\u{feff}').trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let line = line.strip_prefix("export ").map_or(line, str::trim_start);
    let (name, value) = line.split_once('=').ok_or(Malformed)?;
    let (name, value) = (name.trim_end(), value.trim_start());
    let named = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if name.is_empty() || !named {
        return Err(Malformed);
    }
    let value = match value.chars().next() {
        Some('\'') => single_quoted(value)?,
        Some('"') => double_quoted(value)?,
        _ => value.split_once(" #").map_or(value, |(value, _)| value).trim_end().to_owned(),
    };
    Ok(Some((name, Zeroizing::new(value))))
}

fn single_quoted(value: &str) -> Result<String, Malformed> {
    let (inside, after) = value.strip_prefix('\'').and_then(|rest| rest.split_once('\'')).ok_or(Malformed)?;
    only_a_comment(after).map(|()| inside.to_owned())
}

fn double_quoted(value: &str) -> Result<String, Malformed> {
    let mut inside = String::new();
    let mut rest = value.chars();
    rest.next();
    loop {
        match rest.next().ok_or(Malformed)? {
            '"' => return only_a_comment(rest.as_str()).map(|()| inside),
            '\\' => inside.push(match rest.next().ok_or(Malformed)? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                same @ ('"' | '\\' | '$') => same,
                _ => return Err(Malformed),
            }),
            other => inside.push(other),
        }
    }
}

fn only_a_comment(after: &str) -> Result<(), Malformed> {
    let after = after.trim();
    if after.is_empty() || after.starts_with('#') { Ok(()) } else { Err(Malformed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Option<(&str, String)> {
        parse_line(line).unwrap_or_else(|Malformed| panic!("{line}")).map(|(name, value)| (name, value.to_string()))
    }

    #[test]
    fn lines_of_every_shape() {
        for (line, value) in [
            ("A=1", "1"),
            ("  export A = 1  ", "1"),
            ("\u{feff}A=1", "1"),
            ("A=", ""),
            ("A=a#b # comment", "a#b"),
            ("A='$x \\n # \"' # comment", "$x \\n # \""),
            (r#"A="a\"b\\c\n\$d # e" # comment"#, "a\"b\\c\n$d # e"),
            ("A=x=y==", "x=y=="),
        ] {
            assert_eq!(parsed(line), Some(("A", value.to_owned())), "{line}");
        }
        for nothing in ["", "   ", "# A=1", "#"] {
            assert_eq!(parsed(nothing), None);
        }
    }

    #[test]
    fn malformed_lines_are_refused() {
        for line in ["A", "=1", "A B=1", "A-B=1", "A='x", "A=\"x", "A=\"x\\q\"", "A='x'y", "A=\"x\" y"] {
            assert!(parse_line(line).is_err(), "{line}");
        }
    }
}
