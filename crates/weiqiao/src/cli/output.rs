//! Answers for people and for programs.

use std::io::{self, Write as _};

use serde_json::Value;

use crate::lang::Lang;

/// How answers are given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) lang: Lang,
}

impl Output {
    /// Gives the answer to standard output: the text to people, the value to programs.
    pub(crate) fn answer(self, text: &str, json: &Value) {
        if self.json {
            say(&format!("{json:#}"));
        } else {
            say(text);
        }
    }
}

/// Writes a line to standard output. A reader that went away, as `head` does, is no failure; a disk that is full is: what was
/// to be seen once is lost, and whoever waits for it must know.
pub(crate) fn say(text: &str) {
    let mut output = io::stdout().lock();
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            tell(&format!(
                "weiqiao: 输出没有写出去，命令本身可能已经执行。The output was not written, though the command may have done its work: {error}"
            ));
            std::process::exit(i32::from(super::exit::FAILED));
        }
        _ => {}
    }
}

/// Writes a line to standard error.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Lines of two columns, the left one as wide as it must be.
pub(crate) fn columns<'a>(rows: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let width = rows.iter().map(|(left, _)| display_width(left)).max().unwrap_or(0);
    let line = |(left, right): &(&str, String)| {
        let gap = " ".repeat(width - display_width(left) + 2);
        format!("{left}{gap}{}", right.replace('\n', &format!("\n{}", " ".repeat(width + 2))))
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Columns a terminal gives to the text: a Chinese character takes two.
fn display_width(text: &str) -> usize {
    text.chars().map(|character| if ('\u{1100}'..).contains(&character) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_with_chinese_on_the_left() {
        let text = columns([("代码", "40001".to_owned()), ("meaning", "a\nb".to_owned())]);
        assert_eq!(text, "代码     40001\nmeaning  a\n         b");
    }
}
