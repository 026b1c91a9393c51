//! How much may be done: in a minute against floods, in a day against bills and used-up quotas.

use std::time::Duration;

/// How much may be done. What is counted in a day is counted durably, and begins anew at midnight in China.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrmLimits {
    /// Whether any of them counts. Goes with the rate limits of the HTTP side.
    pub on: bool,
    /// Messages one API key or member of staff may ask for in a minute.
    pub messages_per_minute: u32,
    /// Messages one API key or member of staff may ask for in a day.
    pub messages_per_day: u64,
    /// Messages WeChat lets one mini program send in a day. A fifth is kept for what advisors are owed.
    pub message_quota: u64,
    /// Phone numbers one person may ask for in a day: WeChat wants money for each.
    pub phones_per_person: u64,
    /// Phone numbers all people of one mini program together may ask for in a day.
    pub phones_per_day: u64,
    /// Actions of one customer in a minute, and with one phone.
    pub actions_per_person: u32,
    /// Actions for one advisor in a minute.
    pub actions_per_advisor: u32,
}

impl Default for CrmLimits {
    fn default() -> Self {
        Self {
            on: false,
            messages_per_minute: 600,
            messages_per_day: 100_000,
            message_quota: 10_000_000,
            phones_per_person: 5,
            phones_per_day: 5_000,
            actions_per_person: 30,
            actions_per_advisor: 200,
        }
    }
}

impl CrmLimits {
    /// What of the day's quota may be used on request.
    #[must_use]
    pub const fn requested_messages(&self) -> u64 {
        self.message_quota - self.message_quota.div_ceil(5)
    }
}

/// What may be sent, to whom, and where it leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageRules {
    /// Only these templates may be sent and subscribed to; nothing: WeChat decides.
    pub templates: Option<Vec<AllowedTemplate>>,
    /// Whether messages go only to people this service knows: who logged in to the mini program, subscribed, or did something.
    pub known_recipients: bool,
    /// Which pages a message may open.
    pub pages: super::PageRules,
    /// For how long the same action without an `Idempotency-Key` counts as a repeated request; nothing: never.
    pub duplicate_window: Option<Duration>,
}

/// A template that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedTemplate {
    /// Only by this account; nothing: by every one.
    pub account: Option<String>,
    /// Its id.
    pub id: String,
}

impl MessageRules {
    /// Whether the account may use the template.
    #[must_use]
    pub fn allows_template(&self, account: &str, id: &str) -> bool {
        let allowed = |one: &AllowedTemplate| one.id == id && one.account.as_deref().is_none_or(|name| name == account);
        self.templates.as_ref().is_none_or(|templates| templates.iter().any(allowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_is_kept() {
        for (message_quota, requested) in [(10, 8), (11, 8), (4, 3), (1, 0), (0, 0), (10_000_000, 8_000_000)] {
            let limits = CrmLimits { message_quota, ..CrmLimits::default() };
            assert_eq!(limits.requested_messages(), requested, "{message_quota}");
        }
    }

    #[test]
    fn templates_are_allowed_by_name_and_account() {
        assert!(MessageRules::default().allows_template("mini", "anything"));
        let one = |account: Option<&str>, id: &str| AllowedTemplate { account: account.map(Into::into), id: id.into() };
        let rules =
            MessageRules { templates: Some(vec![one(None, "t1"), one(Some("shop"), "t2")]), ..MessageRules::default() };
        for (account, id, allowed) in [
            ("mini", "t1", true),
            ("shop", "t2", true),
            ("mini", "t2", false),
            ("mini", "T1", false),
            ("shop", "", false),
        ] {
            assert_eq!(rules.allows_template(account, id), allowed, "{account} {id}");
        }
    }
}
