//! One receiver per account, the rules in force, the handlers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use weiqiao_model::{AccountKind, AccountName};
use weixin_proto::callback::{Limits, Mode, Receiver};

use super::clock_alarm::ClockAlarm;
use super::settings::{AccountCallback, CallbackSettings, SourceCheck};
use super::sources::Sources;
use crate::accounts::{Account, Accounts};
use crate::decide::{Rule, RuleSet, RuleSource};
use crate::handlers::Handlers;
use crate::settings::SettingError;

/// The widest window that may be set.
const WIDEST: Duration = Duration::from_secs(900);
/// The largest body that may be allowed, in bytes.
const LARGEST: usize = 1024 * 1024;
/// How long rules that were read are used, in milliseconds: what another instance changed holds here after this time.
const RULES_LIFE_MS: i64 = 2_000;

/// What all deliveries go through.
pub struct Desk {
    settings: CallbackSettings,
    counters: HashMap<AccountName, Arc<Counter>>,
    default: Option<Arc<Counter>>,
    file_rules: Vec<Rule>,
    rules: Mutex<Cached>,
    handlers: OnceLock<Handlers>,
    clock_alarm: ClockAlarm,
    sources: Sources,
}

/// Where the deliveries of one account are taken.
#[derive(Debug)]
pub struct Counter {
    /// Whose they are.
    pub account: Arc<Account>,
    /// Verifies, decrypts and reads them.
    pub receiver: Receiver,
}

#[derive(Default)]
struct Cached {
    set: Arc<RuleSet>,
    read_at: Option<i64>,
}

impl Desk {
    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// An account that is not configured, a mode without its key, a limit out of range.
    pub(crate) fn new(settings: CallbackSettings, accounts: &Accounts) -> Result<Self, SettingError> {
        if settings.window > WIDEST {
            return Err(SettingError::new("CALLBACK_WINDOW", "must be 900 seconds at most"));
        }
        if settings.body_limit > LARGEST {
            return Err(SettingError::new("CALLBACK_BODY_LIMIT", "must be 1 MiB at most"));
        }
        let mut counters = HashMap::new();
        for callback in &settings.accounts {
            let account = accounts
                .named(callback.account.as_str())
                .map_err(|_| SettingError::new("callback", format!("there is no account `{}`", callback.account)))?;
            let counter = Counter { account: Arc::clone(account), receiver: receiver(callback, account, &settings)? };
            counters.insert(callback.account.clone(), Arc::new(counter));
        }
        let usual = accounts.default_of(AccountKind::Official).and_then(|account| counters.get(&account.name));
        let default = usual.or_else(|| accounts.iter().find_map(|account| counters.get(&account.name))).cloned();
        let file_rules = (1_usize..).zip(&settings.rules).map(|(number, draft)| Rule {
            id: format!("file-{number}"),
            source: RuleSource::File,
            draft: draft.clone(),
            created_at: 0,
            updated_at: 0,
        });
        Ok(Self {
            file_rules: file_rules.collect(),
            counters,
            default,
            rules: Mutex::default(),
            handlers: OnceLock::new(),
            clock_alarm: ClockAlarm::default(),
            sources: Sources::default(),
            settings,
        })
    }

    /// What it was told.
    #[must_use]
    pub fn settings(&self) -> &CallbackSettings {
        &self.settings
    }

    /// Where deliveries to `/wx/{name}` are taken, or those to `/wx`; `None` when none are expected there.
    #[must_use]
    pub fn counter(&self, name: Option<&str>) -> Option<&Arc<Counter>> {
        match name {
            None => self.default.as_ref(),
            Some(name) => self.counters.get(&AccountName::new(name).ok()?),
        }
    }

    /// The rules of the configuration file.
    #[must_use]
    pub fn file_rules(&self) -> &[Rule] {
        &self.file_rules
    }

    /// The Rust handlers.
    #[must_use]
    pub fn handlers(&self) -> &Handlers {
        self.handlers.get_or_init(Handlers::new)
    }

    /// Sets the Rust handlers, once; whether they were not set before.
    pub(crate) fn set_handlers(&self, handlers: Handlers) -> bool {
        self.handlers.set(handlers).is_ok()
    }

    /// By how many seconds our clock seems to be ahead (or behind, when negative), while that is suspected.
    #[must_use]
    pub fn clock_suspected(&self) -> Option<i64> {
        self.clock_alarm.suspected()
    }

    pub(crate) fn clock_alarm(&self) -> &ClockAlarm {
        &self.clock_alarm
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The compiled rules, when they were read a moment ago.
    pub(crate) fn fresh_rules(&self, now: i64) -> Option<Arc<RuleSet>> {
        let cached = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let read_at = cached.read_at?;
        (0..RULES_LIFE_MS).contains(&now.saturating_sub(read_at)).then(|| Arc::clone(&cached.set))
    }

    /// Compiles what was read from the database, together with the rules of the file.
    pub(crate) fn keep_rules(&self, stored: Vec<Rule>, now: i64) -> Arc<RuleSet> {
        let earlier = Arc::clone(&self.rules.lock().unwrap_or_else(PoisonError::into_inner).set);
        let set = Arc::new(RuleSet::compile(self.file_rules.iter().cloned().chain(stored), &earlier));
        *self.rules.lock().unwrap_or_else(PoisonError::into_inner) =
            Cached { set: Arc::clone(&set), read_at: Some(now) };
        set
    }

    /// The rules were changed here: the next delivery reads them anew.
    pub(crate) fn forget_rules(&self) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).read_at = None;
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("settings", &self.settings).finish_non_exhaustive()
    }
}

fn receiver(
    callback: &AccountCallback,
    account: &Account,
    settings: &CallbackSettings,
) -> Result<Receiver, SettingError> {
    let (app_id, token) = (account.app_id().clone(), callback.token.clone());
    let key = || {
        callback.aes_key.clone().ok_or_else(|| {
            SettingError::new("callback", format!("account `{}`: the encrypted modes need an AES key", account.name))
        })
    };
    let mut receiver = match callback.mode {
        Mode::Plain => Receiver::plain(app_id, token),
        Mode::Compatible => Receiver::compatible(app_id, token, key()?),
        Mode::Safe => Receiver::safe(app_id, token, key()?),
    };
    for token in &callback.previous_tokens {
        receiver = receiver.previous_token(token.clone());
    }
    for key in &callback.previous_aes_keys {
        receiver = receiver.previous_key(key.clone());
    }
    if let Some(original_id) = &callback.original_id {
        receiver = receiver.original_id(original_id.clone());
    }
    let window_s = u32::try_from(settings.window.as_secs()).unwrap_or(Receiver::WINDOW_S);
    let limits = Limits { bytes: settings.body_limit, ..Limits::default() };
    Ok(receiver.window_s(window_s).limits(limits))
}

impl Desk {
    /// Whether a delivery from this address may be taken; tells log and counter when the address is not WeChat's.
    pub(crate) fn knows_source(&self, counter: &Counter, ip: std::net::IpAddr) -> bool {
        let check = self.settings.source_check;
        if check == SourceCheck::Off || self.sources.knows(counter.account.app_id(), ip) != Some(false) {
            return true;
        }
        metrics::counter!("weiqiao_callback_foreign_sources_total").increment(1);
        let refused = check == SourceCheck::Refuse;
        tracing::warn!(
            account = %counter.account.name, refused,
            "a callback came from an address that is not on WeChat's list; behind a proxy set TRUSTED_PROXIES"
        );
        !refused
    }
}
