//! Who has been in touch with an account, and so how many customer-service messages it may send them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::settings::Settings;

/// What a person did that lets the account write to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interaction {
    /// Sent a message: five messages in 48 hours.
    Message,
    /// Clicked a menu button (`click`, `scancode_push`, `scancode_waitmsg`): three in a minute.
    Menu,
    /// Followed: three in a minute.
    Follow,
    /// Scanned a QR code of the account: three in a minute.
    Scan,
    /// Opened the customer session of a mini program: two in a minute.
    EnterSession,
}

/// So many messages until then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Allowance {
    until_ms: i64,
    left: u32,
}

impl Allowance {
    fn open(self, now_ms: i64) -> bool {
        self.until_ms > now_ms
    }
}

/// One person and one account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Contact {
    /// From the last message.
    long: Allowance,
    /// From the last click, follow or scan.
    short: Allowance,
    /// The last message in either direction.
    last_message_ms: Option<i64>,
    /// Until when the account is shown as typing.
    typing_until_ms: i64,
}

/// Why no customer-service message may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// 45015: no window is open.
    Window,
    /// 45047: the window's messages are used up.
    Count,
}

/// Why the account cannot be shown as typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotTyping {
    /// 45080: no message in either direction for 30 seconds.
    Silent,
    /// 45081.
    Already,
}

const MINUTE_MS: i64 = 60_000;
/// A message this recent lets the account be shown as typing.
const TALKING_MS: i64 = 30_000;
/// How long it is shown.
const TYPING_MS: i64 = 15_000;

/// All contacts: appid → persona.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Contacts {
    contacts: BTreeMap<String, BTreeMap<String, Contact>>,
}

impl Contacts {
    fn contact(&mut self, app_id: &str, persona: &str) -> &mut Contact {
        self.contacts.entry(app_id.to_owned()).or_default().entry(persona.to_owned()).or_default()
    }

    /// The person did something. Allowances do not add up: the same act again begins its own anew.
    pub(crate) fn interacted(
        &mut self,
        app_id: &str,
        persona: &str,
        act: Interaction,
        settings: &Settings,
        now_ms: i64,
    ) {
        let contact = self.contact(app_id, persona);
        let minute = |left| Allowance { until_ms: now_ms + MINUTE_MS, left };
        match act {
            Interaction::Message => {
                let until_ms = now_ms + settings.customer_window_s * 1000;
                contact.long = Allowance { until_ms, left: settings.customer_messages_per_window };
                contact.last_message_ms = Some(now_ms);
            }
            Interaction::Menu | Interaction::Follow | Interaction::Scan => contact.short = minute(3),
            Interaction::EnterSession => contact.short = minute(2),
        }
    }

    /// The person no longer follows: nothing may be sent any more.
    pub(crate) fn parted(&mut self, app_id: &str, persona: &str) {
        if let Some(of) = self.contacts.get_mut(app_id) {
            of.remove(persona);
        }
    }

    /// Takes one message from an open allowance, the one that ends first.
    pub(crate) fn spend(&mut self, app_id: &str, persona: &str, now_ms: i64) -> Result<(), Closed> {
        let contact = self.contact(app_id, persona);
        let Contact { long, short, .. } = contact;
        let mut open: Vec<&mut Allowance> =
            [short, long].into_iter().filter(|allowance| allowance.open(now_ms)).collect();
        if open.is_empty() {
            return Err(Closed::Window);
        }
        let allowance = open.iter_mut().find(|allowance| allowance.left > 0).ok_or(Closed::Count)?;
        allowance.left -= 1;
        contact.last_message_ms = Some(now_ms);
        contact.typing_until_ms = now_ms;
        Ok(())
    }

    /// Shows the account as typing for 15 seconds.
    pub(crate) fn type_to(&mut self, app_id: &str, persona: &str, now_ms: i64) -> Result<(), NotTyping> {
        let contact = self.contact(app_id, persona);
        if contact.last_message_ms.is_none_or(|at_ms| now_ms - at_ms > TALKING_MS) {
            return Err(NotTyping::Silent);
        }
        if contact.typing_until_ms > now_ms {
            return Err(NotTyping::Already);
        }
        contact.typing_until_ms = now_ms + TYPING_MS;
        Ok(())
    }

    /// Shows it as typing no longer.
    pub(crate) fn stop_typing(&mut self, app_id: &str, persona: &str, now_ms: i64) {
        self.contact(app_id, persona).typing_until_ms = now_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_message_opens_five_in_48_hours_and_the_next_begins_anew() {
        let (mut contacts, settings) = (Contacts::default(), Settings::default());
        assert_eq!(contacts.spend("wx1", "p", 0), Err(Closed::Window), "never met");
        contacts.interacted("wx1", "p", Interaction::Message, &settings, 0);
        for n in 0..5 {
            assert_eq!(contacts.spend("wx1", "p", n), Ok(()), "{n}");
        }
        assert_eq!(contacts.spend("wx1", "p", 6), Err(Closed::Count));
        contacts.interacted("wx1", "p", Interaction::Message, &settings, 7);
        assert_eq!(contacts.spend("wx1", "p", 7 + 48 * HOUR - 1), Ok(()));
        assert_eq!(contacts.spend("wx1", "p", 7 + 48 * HOUR), Err(Closed::Window));
        assert_eq!(contacts.spend("wx2", "p", 8), Err(Closed::Window), "another account");
    }

    #[test]
    fn a_click_gives_three_in_a_minute_and_leaves_the_long_window_alone() {
        let (mut contacts, settings) = (Contacts::default(), Settings::default());
        contacts.interacted("wx1", "p", Interaction::Menu, &settings, 0);
        assert_eq!((0..4).filter(|n| contacts.spend("wx1", "p", *n).is_ok()).count(), 3);
        assert_eq!(contacts.spend("wx1", "p", MINUTE_MS), Err(Closed::Window));
        contacts.interacted("wx1", "p", Interaction::Message, &settings, MINUTE_MS);
        contacts.interacted("wx1", "p", Interaction::Scan, &settings, MINUTE_MS);
        assert_eq!((0..10).filter(|_| contacts.spend("wx1", "p", MINUTE_MS + 1).is_ok()).count(), 8);
        contacts.parted("wx1", "p");
        assert_eq!(contacts.spend("wx1", "p", MINUTE_MS + 2), Err(Closed::Window));
    }

    #[test]
    fn typing_needs_a_recent_message_and_lasts_fifteen_seconds() {
        let (mut contacts, settings) = (Contacts::default(), Settings::default());
        assert_eq!(contacts.type_to("wx1", "p", 0), Err(NotTyping::Silent));
        contacts.interacted("wx1", "p", Interaction::Message, &settings, 0);
        assert_eq!(contacts.type_to("wx1", "p", 1), Ok(()));
        assert_eq!(contacts.type_to("wx1", "p", 2), Err(NotTyping::Already));
        contacts.stop_typing("wx1", "p", 3);
        assert_eq!(contacts.type_to("wx1", "p", 4), Ok(()));
        contacts.spend("wx1", "p", 5).unwrap();
        assert_eq!(contacts.type_to("wx1", "p", 6), Ok(()), "a message ends it");
        assert_eq!(contacts.type_to("wx1", "p", 6 + TYPING_MS), Ok(()));
        assert_eq!(contacts.type_to("wx1", "p", 5 + TALKING_MS + 1), Err(NotTyping::Silent));
    }
}
