//! The words of leads and notifications, as the contract has them.

use time::OffsetDateTime;

const UTC_PLUS_8_S: i64 = 8 * 3_600;

/// Whether a phone makes a lead: `1[3-9]` and nine digits.
pub(crate) fn is_lead_phone(phone: &str) -> bool {
    let bytes = phone.as_bytes();
    bytes.len() == 11
        && bytes.iter().all(u8::is_ascii_digit)
        && phone.starts_with('1')
        && bytes.get(1).is_some_and(|digit| (b'3'..=b'9').contains(digit))
}

/// The name of a new lead.
pub(crate) fn customer_name(name: Option<&str>, phone: &str) -> String {
    let digits: String = phone.chars().skip(phone.chars().count().saturating_sub(4)).collect();
    name.map_or_else(|| format!("微信客户{digits}"), str::to_owned)
}

/// How a lead came about.
pub(crate) fn remarks(action_type: &str) -> String {
    let what = match action_type {
        "view_resume" => "查看简历",
        "contact_advisor" => "联系顾问",
        "book_service" => "预约服务",
        _ => "进行操作",
    };
    format!("通过微信小程序{what}自动创建")
}

/// What an advisor is told.
pub(crate) fn told_text(action_type: &str, created: bool) -> String {
    let what = match action_type {
        "view_resume" => "查看了您的简历",
        "contact_advisor" => "想要联系您",
        "book_service" => "预约了您的服务",
        _ => "进行了操作",
    };
    format!("{}{what}", told_name(created))
}

/// What a customer without a name is called.
pub(crate) fn told_name(created: bool) -> &'static str {
    if created { "新客户" } else { "客户" }
}

/// `YYYY-MM-DD HH:mm:ss` in China, where there is no summer time.
pub(crate) fn shanghai_time(ms: i64) -> String {
    let seconds = ms.div_euclid(1000).saturating_add(UTC_PLUS_8_S);
    let Ok(moment) = OffsetDateTime::from_unix_timestamp(seconds) else { return "1970-01-01 08:00:00".to_owned() };
    let (hour, minute, second) = moment.time().as_hms();
    let (year, month, day) = (moment.year(), u8::from(moment.month()), moment.day());
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// The page a tap opens.
pub(crate) fn page(id: &str) -> String {
    let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("pages/customer/detail?id={}", id.replace('+', "%20"))
}

/// `138****8000`.
pub(crate) fn mask_phone(phone: &str) -> String {
    let length = phone.chars().count();
    let (front, back) = if length >= 8 { (3, 4) } else { (0, length.min(2)) };
    let masked = phone.chars().enumerate().map(|(at, c)| if at < front || at >= length - back { c } else { '*' });
    masked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_that_make_leads() {
        for (phone, makes) in [
            ("13800138000", true),
            ("19912345678", true),
            ("12800138000", false),
            ("1380013800", false),
            ("138001380000", false),
            ("+8613800138000", false),
            ("1380013800a", false),
            (" 13800138000", false),
            ("", false),
            ("１３８００１３８０００", false),
        ] {
            assert_eq!(is_lead_phone(phone), makes, "{phone}");
        }
    }

    #[test]
    fn words_are_the_documented_ones() {
        assert_eq!(customer_name(None, "13800138000"), "微信客户8000");
        assert_eq!(remarks("view_resume"), "通过微信小程序查看简历自动创建");
        assert_eq!(remarks("other"), "通过微信小程序进行操作自动创建");
        assert_eq!(told_text("contact_advisor", true), "新客户想要联系您");
        assert_eq!(told_text("book_service", false), "客户预约了您的服务");
        assert_eq!(told_text("whatever", false), "客户进行了操作");
        assert_eq!(shanghai_time(1_757_062_690_123), "2025-09-05 16:58:10");
        assert_eq!(page("a b&c/王"), "pages/customer/detail?id=a%20b%26c%2F%E7%8E%8B");
        assert_eq!((mask_phone("13800138000").as_str(), mask_phone("123").as_str()), ("138****8000", "*23"));
    }
}
