//! Timing constants and disputed facts of WeChat, as settings with the best-known value as default.
//!
//! Durations are seconds. Change them in the TOML file under `[settings]`, or while running with
//! `POST /_emulator/settings`.

use serde::{Deserialize, Serialize};
use url::Url;

/// What happens when `getticket` is called again before the ticket expires. WeChat does not document it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketRepeat {
    /// The same ticket with the remaining life.
    Same,
    /// A new ticket each time; earlier ones stay good until their own end.
    New,
}

/// What follows when somebody declines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denied {
    /// A page saying so, with a button that goes back with only `state`.
    Page,
    /// Redirect at once with only `state` (the older behaviour of `qrconnect`).
    Redirect,
}

/// What happens to a `state` outside `[a-zA-Z0-9]`. The documentation forbids it; the real page has let much through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateAlphabet {
    /// Passed on without a word.
    Ignore,
    /// Passed on, with a remark on the consent page.
    Warn,
    /// Refused with 10008.
    Refuse,
}

/// What the redirect carries when the link had no `state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsentState {
    /// `state=`.
    Empty,
    /// No `state` at all.
    Omit,
}

/// How a request id is written behind an error text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RidStyle {
    /// As today: ` rid: …` in the cgi-bin family, `, rid: …` in the sns family.
    Current,
    /// As until about 2020: ` hint: [xxxx]`.
    Hint,
    /// As until about 2020 in the sns family: `, hints: [ req_id: xxxx ]`.
    Hints,
    /// No suffix.
    None,
}

/// The separator before `rid` in errors of `/cgi-bin/token`, where sources disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenRid {
    /// `, rid: …`, except 40164, whose captures all have a space.
    Comma,
    /// ` rid: …`.
    Space,
}

/// What happens to rules of conditional menus by sex, region, language or group, which WeChat withdrew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetiredRules {
    /// Taken, but nobody is matched.
    NeverMatch,
    /// Refused with 65320.
    Refuse,
}

/// Control characters in nicknames: the real service has sent them raw, which strict JSON parsers refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlCharacters {
    /// As raw bytes inside the JSON string.
    Raw,
    /// As `\u00XX` escapes.
    Escaped,
}

/// A list of one in the JSON of subscribe messages: WeChat sends both forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonList {
    /// A list.
    Array,
    /// The one object.
    Object,
}

/// All settings. Every field has a default; a file or a call names only what it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where people open the service under development, as `http://localhost:3001`; the phone page offers its demo page.
    /// `None`: nobody said.
    pub service_url: Option<String>,
    /// Life of access tokens, seconds.
    pub access_token_lifetime_s: i64,
    /// Length of access tokens in characters, at least 32. Real ones have 136–170 and may have 512.
    pub access_token_length: usize,
    /// How long the former classic token stays good after a new one was issued, seconds.
    pub classic_overlap_s: i64,
    /// In this last part of a stable token's life a normal call gives a new one, seconds.
    pub stable_renew_window_s: i64,
    /// Two forced stable refreshes must be this far apart, seconds.
    pub stable_force_interval_s: i64,
    /// Forced stable refreshes per account and Beijing day; above it 45009.
    pub stable_force_per_day: u32,
    /// The separator before `rid` in errors of `/cgi-bin/token`.
    pub token_rid: TokenRid,
    /// Request id style behind error texts.
    pub rid_style: RidStyle,
    /// Life of tickets, seconds.
    pub ticket_lifetime_s: i64,
    /// Repeated `getticket` before expiry.
    pub ticket_repeat: TicketRepeat,
    /// Life of codes from `/connect/oauth2/authorize`, seconds.
    pub oauth_code_lifetime_s: i64,
    /// Life of codes from `/connect/qrconnect`, seconds.
    pub qrconnect_code_lifetime_s: i64,
    /// Life of codes from `wx.login`, seconds.
    pub mini_code_lifetime_s: i64,
    /// Life of phone-number codes, seconds.
    pub phone_code_lifetime_s: i64,
    /// The errcode for an expired code: 40029 as seen, or 42003 as documented.
    pub expired_code_errcode: i64,
    /// Life of the user tokens of web login, seconds.
    pub user_token_lifetime_s: i64,
    /// Life of refresh tokens, seconds; never renewed.
    pub refresh_token_lifetime_s: i64,
    /// Since October 2021 `sns/userinfo` gives sex 0 and empty region.
    pub blank_sex_and_region: bool,
    /// Control characters in nicknames.
    pub control_characters: ControlCharacters,
    /// A new login code rotates a session key older than this, seconds.
    pub session_key_min_age_s: i64,
    /// A session key unused for this long is dead, seconds.
    pub session_key_idle_s: i64,
    /// `jscode2session` exchanges per person and minute.
    pub jscode2session_per_user_minute: u32,
    /// `clear_quota` calls per account and Beijing month, both forms together.
    pub clear_quota_per_month: u32,
    /// `openapi/quota/clear` calls per account and Beijing month.
    pub clear_one_quota_per_month: u32,
    /// How long a request id can be looked up, seconds.
    pub rid_lifetime_s: i64,
    /// After 允许 is refused inside WeChat.
    pub authorize_denied: Denied,
    /// After the QR login is refused.
    pub qrconnect_denied: Denied,
    /// A link without `state` is refused with 10013.
    pub state_required: bool,
    /// A `state` with other characters than letters and digits.
    pub state_alphabet: StateAlphabet,
    /// The redirect of a link that had no `state`.
    pub absent_state: AbsentState,
    /// The authorize page answers only browsers with `MicroMessenger` in their User-Agent.
    pub require_wechat_browser: bool,
    /// Life of a QR login page, seconds.
    pub qrconnect_page_lifetime_s: i64,
    /// Customer-service messages per message of a person: 5 as documented today, 20 until about 2024.
    pub customer_messages_per_window: u32,
    /// How long after a person's message they may be sent, seconds.
    pub customer_window_s: i64,
    /// How long somebody invited to the staff may accept, seconds.
    pub staff_invitation_s: i64,
    /// Life of temporary media, seconds.
    pub media_lifetime_s: i64,
    /// Openids on a page of followers.
    pub follower_page: usize,
    /// Openids on a page of the blacklist: 1,000 as documented today, 10,000 before.
    pub blacklist_page: usize,
    /// Bytes of a follower's remark. The page says fewer than 30; some libraries say 30 characters.
    pub remark_bytes: usize,
    /// Conditional menus of an account; above it 65305. WeChat names no number.
    pub conditional_menus: usize,
    /// Rules of conditional menus by fields WeChat withdrew.
    pub retired_match_rules: RetiredRules,
    /// Life of a temporary QR code when none is asked for, seconds.
    pub qr_code_default_s: i64,
    /// How long a callback's answer is waited for, each time, real milliseconds.
    pub callback_timeout_ms: u64,
    /// How often a callback is tried.
    pub callback_attempts: u32,
    /// Whether a status other than 200 is tried again, as a lost answer is. WeChat does not document it.
    pub callback_retry_status: bool,
    /// A list of one in the JSON of subscribe messages.
    pub json_single_list: JsonList,
    /// How long a subscribe message takes, emulated milliseconds: another one to the same person meanwhile is 43108. The
    /// delay of a fault counts too.
    pub subscribe_send_ms: i64,
    /// Texts with one of these words are risky content.
    pub risky_words: Vec<String>,
    /// Texts with one of these words should be looked at by a person.
    pub doubtful_words: Vec<String>,
    /// What `getcallbackip` lists. The emulator itself calls from loopback.
    pub callback_ips: Vec<String>,
    /// What `get_api_domain_ip` lists.
    pub api_ips: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            service_url: None,
            access_token_lifetime_s: 7200,
            access_token_length: 138,
            classic_overlap_s: 300,
            stable_renew_window_s: 300,
            stable_force_interval_s: 30,
            stable_force_per_day: 20,
            token_rid: TokenRid::Comma,
            rid_style: RidStyle::Current,
            ticket_lifetime_s: 7200,
            ticket_repeat: TicketRepeat::Same,
            oauth_code_lifetime_s: 300,
            qrconnect_code_lifetime_s: 600,
            mini_code_lifetime_s: 300,
            phone_code_lifetime_s: 300,
            expired_code_errcode: 40029,
            user_token_lifetime_s: 7200,
            refresh_token_lifetime_s: 30 * 86_400,
            blank_sex_and_region: true,
            control_characters: ControlCharacters::Raw,
            session_key_min_age_s: 600,
            session_key_idle_s: 3 * 86_400,
            jscode2session_per_user_minute: 100,
            clear_quota_per_month: 10,
            clear_one_quota_per_month: 50,
            rid_lifetime_s: 7 * 86_400,
            authorize_denied: Denied::Page,
            qrconnect_denied: Denied::Page,
            state_required: false,
            state_alphabet: StateAlphabet::Warn,
            absent_state: AbsentState::Empty,
            require_wechat_browser: false,
            qrconnect_page_lifetime_s: 300,
            customer_messages_per_window: 5,
            customer_window_s: 48 * 3600,
            staff_invitation_s: 86_400,
            media_lifetime_s: 3 * 86_400,
            follower_page: 10_000,
            blacklist_page: 1_000,
            remark_bytes: 29,
            conditional_menus: 100,
            retired_match_rules: RetiredRules::NeverMatch,
            qr_code_default_s: 60,
            callback_timeout_ms: 5000,
            callback_attempts: 3,
            callback_retry_status: true,
            json_single_list: JsonList::Object,
            subscribe_send_ms: 0,
            risky_words: ["risky", "违规"].map(str::to_owned).to_vec(),
            doubtful_words: ["doubtful", "疑似"].map(str::to_owned).to_vec(),
            callback_ips: ["127.0.0.1", "101.226.103.0/25", "101.91.60.0/25"].map(str::to_owned).to_vec(),
            api_ips: ["127.0.0.1", "101.91.37.16", "183.3.234.143"].map(str::to_owned).to_vec(),
        }
    }
}

impl Settings {
    /// Says what is wrong with a value, naming the setting.
    ///
    /// # Errors
    /// A sentence naming the first setting outside its range.
    pub fn check(&self) -> Result<(), String> {
        let spans = [
            ("access_token_lifetime_s", self.access_token_lifetime_s),
            ("classic_overlap_s", self.classic_overlap_s),
            ("stable_renew_window_s", self.stable_renew_window_s),
            ("stable_force_interval_s", self.stable_force_interval_s),
            ("ticket_lifetime_s", self.ticket_lifetime_s),
            ("oauth_code_lifetime_s", self.oauth_code_lifetime_s),
            ("qrconnect_code_lifetime_s", self.qrconnect_code_lifetime_s),
            ("mini_code_lifetime_s", self.mini_code_lifetime_s),
            ("phone_code_lifetime_s", self.phone_code_lifetime_s),
            ("user_token_lifetime_s", self.user_token_lifetime_s),
            ("refresh_token_lifetime_s", self.refresh_token_lifetime_s),
            ("session_key_min_age_s", self.session_key_min_age_s),
            ("session_key_idle_s", self.session_key_idle_s),
            ("rid_lifetime_s", self.rid_lifetime_s),
            ("qrconnect_page_lifetime_s", self.qrconnect_page_lifetime_s),
            ("customer_window_s", self.customer_window_s),
            ("staff_invitation_s", self.staff_invitation_s),
            ("media_lifetime_s", self.media_lifetime_s),
        ];
        for (name, value) in spans {
            if !(0..=3650 * 86_400).contains(&value) {
                return Err(format!("setting {name} is {value}; it must be 0 seconds to ten years"));
            }
        }
        if let Some(url) = self.service_url.as_deref()
            && !is_web_address(url)
        {
            return Err(format!("setting service_url is {url:?}; it must be an http or https address"));
        }
        if !(32..=2048).contains(&self.access_token_length) {
            return Err(format!("setting access_token_length is {}; it must be 32–2048", self.access_token_length));
        }
        for (name, value) in [("follower_page", self.follower_page), ("blacklist_page", self.blacklist_page)] {
            if !(1..=10_000).contains(&value) {
                return Err(format!("setting {name} is {value}; it must be 1–10000"));
            }
        }
        if !(10..=60_000).contains(&self.callback_timeout_ms) {
            return Err(format!("setting callback_timeout_ms is {}; it must be 10–60000", self.callback_timeout_ms));
        }
        if !(1..=10).contains(&self.callback_attempts) {
            return Err(format!("setting callback_attempts is {}; it must be 1–10", self.callback_attempts));
        }
        if !(1..=2_592_000).contains(&self.qr_code_default_s) {
            return Err(format!("setting qr_code_default_s is {}; it must be 1–2592000", self.qr_code_default_s));
        }
        if ![40029, 42003].contains(&self.expired_code_errcode) {
            return Err(format!(
                "setting expired_code_errcode is {}; it must be 40029 or 42003",
                self.expired_code_errcode
            ));
        }
        Ok(())
    }
}

fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_in_range_and_survive_json() {
        let settings = Settings::default();
        settings.check().unwrap();
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
    }

    #[test]
    fn a_bad_value_is_named() {
        let settings = Settings { access_token_length: 8, ..Settings::default() };
        assert!(settings.check().unwrap_err().contains("access_token_length"));
        for bad in ["localhost:3001", "javascript:alert(1)", "/wechat/demo", ""] {
            let settings = Settings { service_url: Some(bad.to_owned()), ..Settings::default() };
            assert!(settings.check().unwrap_err().contains("service_url"), "{bad}");
        }
        let settings = Settings { service_url: Some("https://dev.example.com/base".to_owned()), ..Settings::default() };
        settings.check().unwrap();
        assert!(serde_json::from_str::<Settings>(r#"{"acces_token_lifetime_s":1}"#).is_err());
    }
}
