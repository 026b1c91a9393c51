//! Values as WeChat takes them: the kind of a field is the beginning of its name, as `thing` in `thing1`. What does not fit
//! is 47003, and then nothing arrives; so what is too long is cut, and what is not allowed is left out.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html>

/// What stands where nothing is left.
const NOTHING: &str = "无";
/// Ends what was cut.
const CUT: char = '…';

/// The value as a field of this name takes it. Names of no known kind take any text in one line.
#[must_use]
pub fn fit(field: &str, value: &str) -> String {
    let clean = clean(value);
    match field.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "thing" | "const" | "enum_string" => or(cut(&clean, 20), NOTHING),
        "short_thing" => or(cut(&clean, 5), NOTHING),
        "name" => or(cut(&clean, if clean.chars().any(is_chinese) { 10 } else { 20 }), NOTHING),
        "phrase" => or(only(&clean, 5, is_chinese), NOTHING),
        "number" => or(only(&clean, 32, |c| c.is_ascii_digit() || matches!(c, '.' | '-')), "0"),
        "letter" => or(only(&clean, 32, |c| c.is_ascii_alphabetic()), "N"),
        "symbol" => or(only(&clean, 5, |c| c.is_ascii_punctuation()), "-"),
        "character_string" => or(only(&clean, 32, |c| matches!(c, ' '..='~')).trim().to_owned(), "-"),
        "phone_number" => or(only(&clean, 17, |c| c.is_ascii_digit() || matches!(c, '+' | '-')), "0"),
        "car_number" => or(only(&clean, 8, |c| c.is_ascii_alphanumeric() || is_chinese(c)), NOTHING),
        "amount" => amount(&clean),
        "time" => {
            if is_moment(&clean, true) {
                clean
            } else {
                "00:00".to_owned()
            }
        }
        "date" => {
            if is_moment(&clean, false) {
                clean
            } else {
                "1970-01-01".to_owned()
            }
        }
        _ => or(cut(&clean, 200), NOTHING),
    }
}

fn or(value: String, nothing: &str) -> String {
    if value.is_empty() { nothing.to_owned() } else { value }
}

/// One line without anything invisible.
pub(super) fn clean(value: &str) -> String {
    let visible = value.chars().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() { ' ' } else { c });
    let text: String = visible.collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters that show nothing and turn or join what is around them. The joiner of emoji and the selector of their form stay.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}')
}

/// At most so many characters, never cut inside what people see as one.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut length = 0;
    for cluster in clusters(text) {
        let next = cluster.chars().count();
        if length + next > most - 1 {
            break;
        }
        length += next;
        kept.push_str(&cluster);
    }
    let mut kept = kept.trim_end().to_owned();
    kept.push(CUT);
    kept
}

/// What people see as one character each: marks and joined emoji stay with what they belong to, flags are pairs.
pub(super) fn clusters(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut flags = 0;
    let mut joined = false;
    for c in text.chars() {
        let flag = matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
        flags = if flag { flags + 1 } else { 0 };
        let goes_on = joined || is_mark(c) || (flag && flags % 2 == 0);
        match found.last_mut() {
            Some(last) if goes_on => last.push(c),
            _ => found.push(c.to_string()),
        }
        joined = c == '\u{200d}';
    }
    found
}

/// Whether it belongs to the character before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}'
        | '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{3099}' | '\u{309a}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

fn only(text: &str, most: usize, allowed: fn(char) -> bool) -> String {
    text.chars().filter(|c| allowed(*c)).take(most).collect()
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Digits with at most one point, ten at most.
fn amount(text: &str) -> String {
    let mut kept = String::new();
    let (mut digits, mut point) = (0, false);
    for c in text.chars() {
        if c.is_ascii_digit() && digits < 10 {
            digits += 1;
            kept.push(c);
        } else if c == '.' && !point && digits > 0 {
            point = true;
            kept.push(c);
        }
    }
    let kept = kept.trim_end_matches('.');
    if kept.is_empty() { "0元".to_owned() } else { format!("{kept}元") }
}

/// `15:01`, `2025-09-05`, `2025-09-05 15:01:02`; a `time` wants the clock, a `date` the day.
fn is_moment(text: &str, wants_clock: bool) -> bool {
    match text.rsplit_once(' ') {
        Some((day, clock)) => is_day(day) && is_clock(clock),
        None if wants_clock => is_clock(text),
        None => is_day(text),
    }
}

fn is_clock(text: &str) -> bool {
    let parts: Vec<_> = text.split(':').map(number).collect();
    (2..=3).contains(&parts.len())
        && parts.iter().zip([24, 60, 60]).all(|(part, limit)| part.is_some_and(|number| number < limit))
}

fn is_day(text: &str) -> bool {
    let text = text.strip_suffix('日').unwrap_or(text);
    let parts: Vec<_> = text.split(['年', '月', '-', '/']).map(number).collect();
    let [Some(1..=9999), Some(month), Some(day)] = parts.as_slice() else { return false };
    (1..=12).contains(month) && (1..=31).contains(day)
}

fn number(text: &str) -> Option<u32> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn what_fits_stays_and_what_does_not_is_made_to() {
        for (field, value, fitted) in [
            ("thing1", "新客户查看了您的简历", "新客户查看了您的简历"),
            ("thing1", "  两行\r\n\t文字 ", "两行 文字"),
            ("thing1", "\u{200b}\u{202e}\u{0}", "无"),
            ("thing1", "一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…"),
            ("name7", "欧阳一二三四五六七八九", "欧阳一二三四五六七…"),
            ("name7", "John Ronald Reuel Tolkien", "John Ronald Reuel T…"),
            ("phone_number3", "电话：+86 138-0013-8000", "+86138-0013-8000"),
            ("phone_number3", "未提供", "0"),
            ("phrase1", "已完成 ok 了呢吧啊", "已完成了呢"),
            ("character_string1", "订单 A-1", "A-1"),
            ("amount1", "￥39.8.0", "39.80元"),
            ("time2", "2025-09-05 16:58:10", "2025-09-05 16:58:10"),
            ("time2", "soon", "00:00"),
            ("date2", "2025年9月5日", "2025年9月5日"),
            ("keyword1", "anything", "anything"),
        ] {
            assert_eq!(fit(field, value), fitted, "{field} {value}");
        }
    }

    #[test]
    fn nothing_is_cut_inside_what_people_see_as_one() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}";
        assert_eq!(fit("thing1", &family.repeat(3)), format!("{}…", family.repeat(2)));
        assert_eq!(fit("thing1", &"\u{1f1e8}\u{1f1f3}".repeat(11)), format!("{}…", "\u{1f1e8}\u{1f1f3}".repeat(9)));
        assert_eq!(fit("short_thing1", "e\u{301}e\u{301}e\u{301}"), "e\u{301}e\u{301}…");
    }
}
