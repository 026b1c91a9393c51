//! The names that customers give themselves: how they are kept, and how they are shown to whom they are no business of.

use super::fit::{clean, clusters};

/// The name as it is kept: one line, without what turns the text around it; nothing when there is nothing to see of it.
#[must_use]
pub(crate) fn clean_name(said: &str) -> Option<String> {
    let mut kept = String::with_capacity(said.len());
    let mut broken = false;
    for c in said.chars() {
        if breaks_line(c) {
            kept.truncate(kept.trim_end().len());
            broken = true;
        } else if c.is_control() || turns(c) || (broken && c.is_whitespace()) {
            // Left out.
        } else {
            if broken {
                kept.push(' ');
            }
            broken = false;
            kept.push(c);
        }
    }
    let kept = kept.trim();
    kept.chars().any(|c| !shows_nothing(c)).then(|| kept.to_owned())
}

/// The first character, as people see characters, and stars; of a name of one only a star.
#[must_use]
pub(crate) fn mask_name(name: &str) -> String {
    let seen = |cluster: &String| cluster == " " || cluster.chars().any(|c| !shows_nothing(c));
    let mut seen = clusters(&clean(name)).into_iter().filter(seen);
    let (first, rest) = (seen.next(), seen.count());
    match first {
        Some(first) if rest > 0 => format!("{first}{}", "*".repeat(rest.min(8))),
        _ => "*".to_owned(),
    }
}

/// Characters that begin a line or a column.
fn breaks_line(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Characters that change the direction of what is around them.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that show nothing by themselves: blanks, controls, those that Unicode calls ignorable, which the selectors of forms
/// and the fillers are among, and the empty Braille pattern.
#[must_use]
pub fn shows_nothing(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::{clean_name, mask_name};

    #[test]
    fn a_name_is_one_line_that_turns_nothing() {
        for (said, kept) in [
            ("王小明", "王小明"),
            ("  A  B ", "A  B"),
            ("李\n雷", "李 雷"),
            ("李 \r\n\t 雷\n", "李 雷"),
            ("\n李\u{2028}雷", "李 雷"),
            ("王\0小\u{1b}明\u{7f}\u{9f}", "王小明"),
            ("\u{202e}明小王\u{202c}", "明小王"),
            ("\u{2066} A\u{2069}", "A"),
            ("👨\u{200d}👩\u{200d}👧❤\u{fe0f}", "👨\u{200d}👩\u{200d}👧❤\u{fe0f}"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("A\u{feff}", "A\u{feff}"),
        ] {
            assert_eq!(clean_name(said).as_deref(), Some(kept), "{said:?}");
            assert_eq!(clean_name(kept).as_deref(), Some(kept), "{said:?} once more");
        }
    }

    #[test]
    fn a_name_of_which_nothing_is_seen_is_none() {
        for said in [
            "",
            " \u{3000}\u{a0}",
            "\n\t",
            "\0\u{7}",
            "\u{200b}",
            "\u{feff}\u{2060}",
            "\u{ad}",
            "\u{202e}\u{2066}",
            "\u{fe0f}",
            "\u{200d}\u{200e}",
            "\u{3164}\u{115f}\u{2800}",
            "\u{e0061}\u{e0100}",
            " \u{200b} \u{180e}",
        ] {
            assert_eq!(clean_name(said), None, "{said:?}");
        }
    }

    #[test]
    fn of_a_name_of_one_character_nothing_is_shown() {
        for (name, masked) in [
            ("王小明", "王**"),
            ("王小", "王*"),
            ("王", "*"),
            ("J", "*"),
            ("🐱", "*"),
            ("❤\u{fe0f}", "*"),
            ("e\u{301}", "*"),
            ("👨\u{200d}👩\u{200d}👧", "*"),
            ("🇨🇳", "*"),
            ("J\u{200b}", "*"),
            ("J\u{3164}", "*"),
            ("\u{200b}", "*"),
            ("", "*"),
            ("🇨🇳A", "🇨🇳*"),
            ("J K", "J**"),
            ("John Ronald Reuel", "J********"),
        ] {
            assert_eq!(mask_name(name), masked, "{name:?}");
        }
    }
}
