//! What the callbacks need to be told, as plain data.

use std::time::Duration;

use weiqiao_model::AccountName;
use weixin_proto::OriginalId;
use weixin_proto::callback::{Mode, Receiver};
use weixin_proto::secret::{AesKey, CallbackToken};

use crate::decide::RuleDraft;

/// How callbacks are received, by all accounts and by each.
#[derive(Debug, Clone)]
pub struct CallbackSettings {
    /// The accounts that receive callbacks.
    pub accounts: Vec<AccountCallback>,
    /// Rules from the configuration file.
    pub rules: Vec<RuleDraft>,
    /// How far the time stamp of a delivery may be from our clock, either way; at most 900 s.
    pub window: Duration,
    /// The longest body, in bytes.
    pub body_limit: usize,
    /// When the answer leaves at the latest. WeChat waits five seconds.
    pub answer_within: Duration,
    /// How long pushes are kept; at least a day, because WeChat may deliver again.
    pub keep: Duration,
    /// What is done about deliveries from addresses that are not WeChat's.
    pub source_check: SourceCheck,
}

/// How the callbacks of one account are read.
#[derive(Debug, Clone)]
pub struct AccountCallback {
    /// The account, by its name.
    pub account: AccountName,
    /// What the console says. What a request says about itself counts for nothing.
    pub mode: Mode,
    /// The token typed into the console.
    pub token: CallbackToken,
    /// Tokens that are being replaced: accepted too.
    pub previous_tokens: Vec<CallbackToken>,
    /// The key typed into the console; not in plain mode.
    pub aes_key: Option<AesKey>,
    /// Keys that are being replaced: accepted too.
    pub previous_aes_keys: Vec<AesKey>,
    /// The account's `gh_…`; then pushes to another one are refused.
    pub original_id: Option<OriginalId>,
}

/// What is done about deliveries from addresses that are not WeChat's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SourceCheck {
    /// Nothing; the list is never asked for.
    #[default]
    Off,
    /// They are counted and logged.
    Log,
    /// They are refused.
    Refuse,
}

impl Default for CallbackSettings {
    /// No account, 300 s, 64 KiB, 4.5 s, seven days.
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            rules: Vec::new(),
            window: Duration::from_secs(Receiver::WINDOW_S.into()),
            body_limit: 64 * 1024,
            answer_within: Duration::from_millis(4_500),
            keep: Duration::from_secs(7 * 24 * 60 * 60),
            source_check: SourceCheck::Off,
        }
    }
}
