//! What people do, for tests: these panic, with a sentence, where a test has named something that does not exist.

use super::options::{Act, DeliveryOptions};
use super::report::DeliveryReport;
use super::scan::{FollowReport, Scan};
use crate::emulator::{Emulator, must};
use crate::engine::CallbackSettings;
use crate::state::account::Account;

impl Emulator {
    /// The person follows an official account, which is told.
    ///
    /// # Panics
    /// When there is no such person or official account.
    pub async fn follow(&self, persona: &str, account: &str) -> FollowReport {
        must(self.engine().follow_told(persona, account, None, DeliveryOptions::default()).await)
    }

    /// The person stops following, and the account is told.
    ///
    /// # Panics
    /// When there is no such person or official account.
    pub async fn unfollow(&self, persona: &str, account: &str) -> FollowReport {
        must(self.engine().unfollow_told(persona, account, DeliveryOptions::default()).await)
    }

    /// The person scans a QR code with a scene.
    ///
    /// # Panics
    /// When there is no such person or code, or it has expired.
    pub async fn scan(&self, persona: &str, scan: Scan) -> FollowReport {
        must(self.engine().scan_told(persona, scan, DeliveryOptions::default()).await)
    }

    /// The person sends the account a text; gives back the attempts and the reply.
    ///
    /// # Panics
    /// When there is no such person or account.
    pub async fn say(&self, persona: &str, account: &str, text: &str) -> DeliveryReport {
        self.act(persona, account, Act::text(text)).await
    }

    /// The person causes an event of this name, a tap on a menu button for instance. An empty key is none.
    ///
    /// # Panics
    /// When there is no such person or account, or the account never gets such an event.
    pub async fn event(&self, persona: &str, account: &str, event: &str, key: &str) -> DeliveryReport {
        let act = Act::event(event);
        self.act(persona, account, if key.is_empty() { act } else { act.with("key", key) }).await
    }

    /// The person does anything an account is told of.
    ///
    /// # Panics
    /// When there is no such person or account, or the act makes no sense.
    pub async fn act(&self, persona: &str, account: &str, act: Act) -> DeliveryReport {
        must(self.engine().act(persona, account, act).await)
    }

    /// Changes where an account's callbacks go.
    ///
    /// # Panics
    /// When there is no such account, or a value is wrong.
    pub fn set_callback(&self, account: &str, settings: CallbackSettings) -> Account {
        must(self.engine().set_callback(account, settings))
    }
}
