//! Takes out of a text what must not be seen: a second net below types that do not print themselves, for the log, and the only
//! one for WeChat's own words, which nobody can know beforehand.

use std::borrow::Cow;

/// Stands in the place of what was taken out.
const HIDDEN: &str = "[…]";

/// A configured value shorter than this is not looked for: it would be found everywhere.
const SHORTEST_KNOWN: usize = 6;

/// Words whose value is hidden in `word=value`, `word: value` and `"word":"value"`.
const TELLING: [&str; 32] = [
    "access_token",
    "accesstoken",
    "aes_key",
    "api_key",
    "apikey",
    "app_secret",
    "appsecret",
    "authorization",
    "code",
    "cookie",
    "encodingaeskey",
    "encrypteddata",
    "iv",
    "js_code",
    "jsapi_ticket",
    "key",
    "mobile",
    "nickname",
    "openid",
    "passwd",
    "password",
    "phone",
    "phone_number",
    "pwd",
    "refresh_token",
    "secret",
    "session_key",
    "sid",
    "ticket",
    "token",
    "unionid",
    "x-api-key",
];

/// Cleans texts. Knows the configured secrets by heart.
#[derive(Clone, Default)]
pub struct Scrubber {
    known: Vec<zeroize::Zeroizing<String>>,
}

impl Scrubber {
    /// A scrubber that also hides these values wherever they stand.
    pub fn knowing<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known: Vec<_> =
            secrets.into_iter().filter(|secret| secret.len() >= SHORTEST_KNOWN).map(|s| s.to_owned().into()).collect();
        // The longest first, so that one that contains another goes as a whole.
        known.sort_by_key(|secret: &zeroize::Zeroizing<String>| std::cmp::Reverse(secret.len()));
        Self { known }
    }

    /// The text without what must not be seen.
    #[must_use]
    pub fn clean<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.clean_of(text, None)
    }

    /// The same, also without this value.
    #[must_use]
    pub fn clean_of<'a>(&self, text: &'a str, value: Option<&str>) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        let value = value.filter(|value| value.len() >= SHORTEST_KNOWN);
        for secret in self.known.iter().map(|known| known.as_str()).chain(value) {
            if text.contains(secret) {
                text = Cow::Owned(text.replace(secret, HIDDEN));
            }
        }
        match Scan::new(&text).run() {
            Some(clean) => Cow::Owned(clean),
            None => text,
        }
    }
}

impl std::fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scrubber")
    }
}

/// One walk over a text, word by word.
struct Scan<'a> {
    rest: &'a str,
    clean: String,
    changed: bool,
    /// The last word, and what stood between it and here.
    word: &'a str,
    between: &'a str,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text, clean: String::with_capacity(text.len()), changed: false, word: "", between: "" }
    }

    /// The cleaned text, if anything had to be taken out.
    fn run(mut self) -> Option<String> {
        while !self.rest.is_empty() {
            let here = self.rest;
            let gap = self.take_while(|c| !is_of_word(c));
            if let Some((before, _)) = gap.split_once("://") {
                self.clean.push_str(before);
                self.clean.push_str("://");
                self.rest = here.strip_prefix(before).and_then(|rest| rest.strip_prefix("://")).unwrap_or_default();
                self.address();
                continue;
            }
            self.between = gap;
            self.clean.push_str(gap);
            let begin = self.rest;
            let word = self.take_while(is_of_word);
            if word.is_empty() {
                break;
            }
            let value = begin.split(ends_value).next().unwrap_or(word);
            if self.is_told_by_what_stands_before(word, value) {
                self.rest = begin;
                self.take_while(|c| !ends_value(c));
                self.hide();
            } else if let Some(shown) = shape(word) {
                if word.starts_with("eyJ") {
                    self.take_while(|c| is_of_word(c) || c == '.');
                }
                self.clean.push_str(&shown);
                self.changed = true;
            } else {
                self.clean.push_str(word);
            }
            self.word = word;
        }
        self.changed.then_some(self.clean)
    }

    /// After `://`: hides user and password, and the query.
    fn address(&mut self) {
        let address = self.take_while(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '<' | '>' | ')' | '}' | '|'));
        let (front, query) = match address.find(['?', '#']) {
            Some(at) => address.split_at(at),
            None => (address, ""),
        };
        let (authority, path) = front.find('/').map_or((front, ""), |at| front.split_at(at));
        match authority.rsplit_once('@') {
            Some((_, host)) => {
                self.hide();
                self.clean.push('@');
                self.clean.push_str(host);
            }
            None => self.clean.push_str(authority),
        }
        // A path may carry a token or an openid as a segment.
        match Scan::new(path).run() {
            Some(path) => {
                self.changed = true;
                self.clean.push_str(&path);
            }
            None => self.clean.push_str(path),
        }
        if !query.is_empty() {
            self.clean.extend(query.chars().next());
            self.hide();
        }
        (self.word, self.between) = ("", "");
    }

    /// Whether `value`, which begins with `word`, is the value of a telling word.
    fn is_told_by_what_stands_before(&self, word: &str, value: &str) -> bool {
        let key = self.word.to_ascii_lowercase();
        if matches!(&*key, "bearer" | "basic") && self.between.trim().is_empty() && value.len() >= 8 {
            return true;
        }
        // The scheme of `Authorization: Bearer …` is no secret and tells where the secret is.
        if matches!(&*word.to_ascii_lowercase(), "bearer" | "basic") {
            return false;
        }
        // `code=40029`, `exit code: 1`: a short number opens nothing.
        let opens_nothing = value.len() <= 6 && value.bytes().all(|byte| byte.is_ascii_digit());
        let signs =
            self.between.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | '`' | '('));
        let assigned = matches!(signs, "=" | ":" | "=>" | "%3D");
        assigned && !opens_nothing && TELLING.binary_search(&&*key).is_ok()
    }

    fn hide(&mut self) {
        self.clean.push_str(HIDDEN);
        self.changed = true;
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let at = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(at);
        self.rest = rest;
        taken
    }
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

fn ends_value(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '&' | ';' | '}' | ')' | ']' | '>')
}

/// What is shown in place of a word that is a token, an openid or a phone number by its looks.
fn shape(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let has = |wanted: fn(&u8) -> bool| bytes.iter().any(wanted);
    let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    let is_phone = bytes.len() == 11
        && bytes.iter().all(u8::is_ascii_digit)
        && word.starts_with('1')
        && matches!(bytes.get(1), Some(b'3'..=b'9'));
    if is_phone {
        return Some(format!("{}****{}", word.get(..3)?, word.get(7..)?));
    }
    let is_openid = bytes.len() == 28 && word.starts_with('o') && has(u8::is_ascii_uppercase);
    // WeChat's codes and our states have 32 letters, of both cases, and digits; a digest has one case.
    let is_code = bytes.len() >= 32 && mixed && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let is_token =
        word.starts_with("eyJ") && bytes.len() >= 20 || word.starts_with("wxk_") || bytes.len() >= 40 && mixed;
    (is_openid || is_code || is_token).then(|| HIDDEN.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str) -> String {
        Scrubber::knowing(["canary-known-secret", "short"]).clean(text).into_owned()
    }

    #[test]
    fn the_words_are_sorted() {
        assert!(TELLING.is_sorted());
    }

    #[test]
    fn canaries_in_every_dress_are_hidden() {
        for text in [
            "canary-known-secret",
            "xcanary-known-secrety",
            "error for url (https://api.weixin.qq.com/cgi-bin/token?appid=wx1&secret=CANARY)",
            "GET https://a.b/c?code=CANARY&state=1 failed",
            "redis://:CANARY@127.0.0.1:6379/0",
            "postgres://u:CANARY@db/x",
            "https://a.b/p#access_token=CANARY",
            "https://a.b/users/oCANARYabcdefghijklmnopqrstu/x",
            "access_token=CANARY",
            "ACCESS_TOKEN: CANARY",
            r#"{"session_key":"CANARY+/=="}"#,
            r#"{\"secret\":\"CANARY\"}"#,
            "secret => CANARY",
            "password = 'CANARY'",
            "Authorization: Bearer CANARY.CANARY.CANARY",
            "authorization: Basic CANARY123",
            "Cookie: weiqiao_session=CANARY",
            "openid=CANARY",
            "nickname: CANARY",
            "token eyJCANARYCANARYCANARY.CANARY.CANARY",
            "wxk_live_CANARY_x",
            "key: wxk_live_CANARY",
            "oCANARYabcdefghijklmnopqrstu",
            "75_CANARYabcdefghijklmnopqrstuvwxyz0123456789",
            "invalid code 0c3CANARYfGhIjKlMnOpQrStUvWxYz01",
        ] {
            let shown = clean(text);
            assert!(!shown.to_lowercase().contains("canary"), "{text} → {shown}");
        }
    }

    #[test]
    fn phone_numbers_keep_their_ends() {
        assert_eq!(clean("call 13800138000 now"), "call 138****8000 now");
        assert_eq!(clean("+8613800138000"), "+8613800138000", "part of a longer number");
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in [
            "",
            "the database is open",
            "listening on http://127.0.0.1:3001",
            "exit code: 1, errcode=40029 rid: 64a1b2c3-3b1f2c3d-1a2b3c4d",
            "request 0190163d-8694-739b-aea5-966c26f8ad91 at 1757062690123",
            "appid wx1111111111111111 generation=7",
            "中文 also 文字，key 是空的",
            "code 40029",
            "a short word",
            "digest 5d41402abc4b2a76b9719d911017c592",
        ] {
            assert!(matches!(Scrubber::knowing(["short"]).clean(text), Cow::Borrowed(_)), "{text} → {}", clean(text));
        }
    }

    #[test]
    fn what_wechat_says_by_itself_is_left_alone() {
        for entry in weixin_proto::errcode::all() {
            assert!(matches!(clean_words(entry.errmsg), Cow::Borrowed(_)), "{} {}", entry.code, entry.errmsg);
        }
        for text in [
            "invalid code, rid: 65f0a1b2-3c4d5e6f-7a8b9c0d",
            "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 6aac005a-01bfdbee-79769285",
            "access_token expired hint: [AbCd-1] rid: 6aac005a-01bfdbee-79769285",
            "argument invalid! data.thing1.value invalid rid: 6aac005a-01bfdbee-79769285",
        ] {
            assert!(matches!(clean_words(text), Cow::Borrowed(_)), "{text}");
        }
    }

    fn clean_words(text: &str) -> Cow<'_, str> {
        Scrubber::default().clean(text)
    }

    #[test]
    fn one_more_value_can_be_named() {
        let scrubber = Scrubber::knowing(["canary-known-secret"]);
        let text = "bad one: a-plain-word, canary-known-secret";
        assert_eq!(scrubber.clean_of(text, Some("a-plain-word")), "bad one: […], […]");
        assert_eq!(scrubber.clean_of("invalid code", Some("code")), "invalid code", "too short to be a secret");
    }

    #[test]
    fn what_is_hidden_leaves_the_rest_readable() {
        assert_eq!(
            clean("GET https://api.weixin.qq.com/sns/userinfo?access_token=x&openid=y: timed out"),
            "GET https://api.weixin.qq.com/sns/userinfo?[…] timed out"
        );
        assert_eq!(clean("a=1 secret=x, b=2"), "a=1 secret=[…], b=2");
        assert_eq!(clean("redis://u:p@h:1/0 failed"), "redis://[…]@h:1/0 failed");
    }
}
