//! What a value of a template may be: the kind is the beginning of its key, as `thing` in `thing1`.

/// Whether a value fits its key. Keys of no known kind (`first`, `keyword1`) take anything.
pub(crate) fn fits(key: &str, value: &str) -> bool {
    let length = value.chars().count();
    let each = |limit: usize, allowed: fn(char) -> bool| length <= limit && value.chars().all(allowed);
    let plain = |c: char| !c.is_control();
    match key.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "thing" | "const" | "enum_string" => each(20, plain),
        "short_thing" => each(5, plain),
        "number" => each(32, |c| c.is_ascii_digit() || matches!(c, '.' | '-')),
        "letter" => each(32, |c| c.is_ascii_alphabetic()),
        "symbol" => each(5, |c| !c.is_alphanumeric() && !c.is_control()),
        "character_string" => each(32, |c| c.is_ascii() && !c.is_ascii_control()),
        "phone_number" => each(17, |c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '*' | '#')),
        "car_number" => each(8, |c| c.is_ascii_alphanumeric() || is_chinese(c)),
        "phrase" => each(5, is_chinese),
        "name" if value.chars().any(is_chinese) => each(10, plain),
        "name" => each(20, plain),
        "amount" => is_amount(value),
        "time" => value.split('~').count() <= 2 && value.split('~').all(is_time),
        "date" => value.split('~').count() <= 2 && value.split('~').all(is_date),
        _ => true,
    }
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// One currency sign at most, ten digits, decimals, perhaps 元.
fn is_amount(value: &str) -> bool {
    let value = value.strip_suffix('元').unwrap_or(value);
    let value = value.strip_prefix(|c: char| !c.is_ascii_digit() && !c.is_control()).unwrap_or(value);
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let allowed = value.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    (1..=10).contains(&digits) && allowed && value.matches('.').count() <= 1
}

/// `15:01` or `15:01:02`, perhaps after a day.
fn is_time(value: &str) -> bool {
    match value.trim().rsplit_once(' ') {
        Some((day, time)) => is_day(day.trim()) && is_clock(time),
        None => is_clock(value.trim()),
    }
}

/// A day, perhaps with a time.
fn is_date(value: &str) -> bool {
    match value.trim().rsplit_once(' ') {
        Some((day, time)) => is_day(day.trim()) && is_clock(time),
        None => is_day(value.trim()),
    }
}

fn is_clock(text: &str) -> bool {
    let parts: Vec<_> = text.split(':').map(number).collect();
    let below = |part: Option<&Option<u32>>, limit: u32| part.is_some_and(|part| part.is_some_and(|n| n < limit));
    (2..=3).contains(&parts.len()) && below(parts.first(), 24) && parts.iter().skip(1).all(|part| below(Some(part), 60))
}

/// `2019年10月1日`, `10月1日`, `2019年10月`, or with `-`, `/`, `.`, `,`.
fn is_day(text: &str) -> bool {
    let text = text.strip_suffix(['日', '月']).unwrap_or(text);
    let parts: Vec<_> = text.split(['年', '月', '-', '/', '.', ',']).map(number).collect();
    (2..=3).contains(&parts.len()) && parts.iter().all(|part| part.is_some_and(|n| (1..=9999).contains(&n)))
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 4 && text.chars().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn values_fit_their_kind() {
        for (key, good) in [
            ("thing1", "二十个字以内，随便写什么都可以！😀"),
            ("number2", "3.14"),
            ("letter1", "abcXYZ"),
            ("symbol1", "!?#"),
            ("character_string3", "ORDER-2026 #1"),
            ("time7", "15:01"),
            ("time7", "2019年10月1日 15:01"),
            ("time7", "15:01~16:30"),
            ("date1", "2019年10月1日"),
            ("date1", "2019-10-01 08:00"),
            ("amount1", "￥39.80元"),
            ("amount1", "100元"),
            ("phone_number1", "+86-0766-66888866"),
            ("car_number1", "粤A8Z888挂"),
            ("name1", "张小明"),
            ("name1", "John Ronald Tolkien"),
            ("phrase1", "已完成"),
            ("keyword1", "anything at all, as long as it may be, for these have no kind"),
        ] {
            assert!(fits(key, good), "{key} {good}");
        }
    }

    #[test]
    fn values_of_another_kind_or_too_long_do_not() {
        let long = "字".repeat(21);
        for (key, bad) in [
            ("thing1", long.as_str()),
            ("thing1", "a\nb"),
            ("number2", "12a"),
            ("letter1", "a1"),
            ("symbol1", "!!!!!!"),
            ("character_string3", "订单"),
            ("time7", "25:01"),
            ("time7", "15:01～16:30"),
            ("time7", "soon"),
            ("date1", "tomorrow"),
            ("amount1", "￥￥1"),
            ("amount1", "12345678901"),
            ("phone_number1", "0766-66888866-0766-66888866"),
            ("car_number1", "粤A8Z888888"),
            ("name1", "一二三四五六七八九十一"),
            ("phrase1", "done"),
        ] {
            assert!(!fits(key, bad), "{key} {bad}");
        }
    }
}
