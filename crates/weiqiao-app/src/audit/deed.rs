//! The catalogue of deeds.

use std::fmt;
use std::str::FromStr;

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Deed {
            $($(#[$doc])* $name,)*
        }

        impl Deed {
            /// Every deed.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word that is stored and answered.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

deeds! {
    /// A member of staff logged in.
    Login = "login";
    /// Somebody did not.
    LoginFailed = "login_failed";
    /// The door was shut for a while after too many failures.
    LoginLocked = "login_locked";
    /// A member of staff left.
    Logout = "logout";
    /// A password was set: by its owner, by an admin, at the command line.
    PasswordChanged = "password_changed";
    /// Somebody joined the staff.
    StaffCreated = "staff_created";
    /// Role, name, advisor or the like of a member of staff changed, or they were disabled.
    StaffChanged = "staff_changed";
    /// A one-time link to set a password was made.
    SetupIssued = "setup_issued";
    /// An API key was made.
    KeyCreated = "key_created";
    /// An API key was revoked.
    KeyRevoked = "key_revoked";
    /// An access token was read from the token centre.
    TokenRead = "token_read";
    /// A ticket was read from the token centre.
    TicketRead = "ticket_read";
    /// The phone or name of a lead was read in clear.
    LeadRevealed = "lead_revealed";
    /// Leads were exported.
    LeadsExported = "leads_exported";
    /// A lead was given to an advisor.
    LeadAssigned = "lead_assigned";
    /// An advisor took a lead from the pool.
    LeadClaimed = "lead_claimed";
    /// A lead went back to the pool.
    LeadReleased = "lead_released";
    /// Level, status or remarks of a lead changed.
    LeadChanged = "lead_changed";
    /// A lead was followed up.
    LeadFollowedUp = "lead_followed_up";
    /// Somebody became known as an advisor, or was changed.
    AdvisorChanged = "advisor_changed";
    /// A notification was tried again.
    NotificationRetried = "notification_retried";
    /// A notification was called off.
    NotificationCancelled = "notification_cancelled";
    /// A job was tried again.
    JobRetried = "job_retried";
    /// A job was called off.
    JobCancelled = "job_cancelled";
    /// Failed jobs of a time were made due again.
    JobsRecovered = "jobs_recovered";
    /// Jobs that waited for an account go on.
    HoldReleased = "hold_released";
    /// A message was sent on request.
    MessageSent = "message_sent";
    /// A phone number was read with a code.
    PhoneRead = "phone_read";
    /// A rule was made, changed or deleted.
    RuleChanged = "rule_changed";
    /// A webhook endpoint was made, changed or deleted, or its secret renewed.
    WebhookChanged = "webhook_changed";
    /// Events were delivered again.
    WebhookReplayed = "webhook_replayed";
    /// Menus were published or deleted.
    MenuChanged = "menu_changed";
    /// What is known about a person was forgotten, because they withdrew their consent.
    ConsentForgotten = "consent_forgotten";
    /// Stored values were sealed again with another master key.
    KeysRotated = "keys_rotated";
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that is no deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown deed")]
pub struct UnknownDeed;

impl FromStr for Deed {
    type Err = UnknownDeed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|deed| deed.as_str() == text).ok_or(UnknownDeed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_has_a_word_of_its_own() {
        for deed in Deed::ALL {
            assert_eq!(deed.as_str().parse(), Ok(*deed));
        }
        assert!("".parse::<Deed>().is_err());
    }
}
