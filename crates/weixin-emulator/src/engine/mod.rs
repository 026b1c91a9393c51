//! The emulated WeChat as one object: the world, its clock, its faults, its ledger, behind one lock.
//!
//! Calls are short and never wait while holding the lock, so every call sees and leaves a whole world.

mod accounts;
mod call;
mod callback;
mod codes;
mod consent;
mod inbox;
mod jssdk;
mod login_pages;
mod open_data;
mod people;
mod qr_codes;
mod quotas;
mod snapshots;
mod staff;
mod subscription_requests;
mod templates;
mod time;
mod tokens;
mod visit;

pub(crate) use call::{Outcome, Request};
pub use callback::CallbackSettings;
pub(crate) use consent::{Consent, Decision, Door, PageError};
pub(crate) use jssdk::{JssdkCheck, ShareRequest};
pub(crate) use login_pages::Progress;
pub use open_data::{OpenDataKind, SealedData};
pub(crate) use open_data::{OpenDataRequest, PaymentRequest};
pub use people::PersonaView;
pub(crate) use quotas::QuotaRequest;
pub(crate) use staff::StaffRequest;
pub(crate) use subscription_requests::{SubscriptionAsked, SubscriptionChange};
pub(crate) use templates::{Answered, TemplateRequest};
pub(crate) use time::ClockRequest;
pub use time::ClockView;
pub use tokens::StolenToken;
pub(crate) use visit::{PageFault, Seen, Visit};

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::broadcast;
use tokio::task::JoinSet;
use url::{Host, Url};

use crate::clock::{Clock, TimeSource};
use crate::delivery::log::Deliveries;
use crate::delivery::post;
use crate::fault::{Fault, Faults};
use crate::ledger::{Ledger, LedgerEntry};
use crate::random::Random;
use crate::state::World;
use crate::state::account::Account;
use crate::state::persona::Persona;

/// A control call that cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// The request is wrong; the sentence says what.
    #[error("{0}")]
    Invalid(String),
    /// There is no such account, person, snapshot …; the sentence says what.
    #[error("{0}")]
    NotFound(String),
}

impl ControlError {
    pub(crate) fn no_account(name: &str) -> Self {
        Self::NotFound(format!("there is no account {name:?}; GET /_emulator/accounts lists them"))
    }

    pub(crate) fn no_persona(id: &str) -> Self {
        Self::NotFound(format!("there is no person {id:?}; GET /_emulator/personas lists them"))
    }
}

/// Something happened; the pages listen to these.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Event {
    pub(crate) id: u64,
    /// `call`, `account`, `persona`, `code`, `follow`, `fault`, `clock`, `token`, `share`, `settings`, `reset`, …
    pub(crate) kind: &'static str,
    pub(crate) at_ms: i64,
    pub(crate) data: Value,
}

/// Events kept for listeners that come back.
const EVENTS_KEPT: usize = 512;

pub(crate) struct Inner {
    pub(crate) world: World,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) ledger: Ledger,
    pub(crate) faults: Faults,
    pub(crate) deliveries: Deliveries,
    public_url: String,
    control_hosts: Vec<Host>,
    seeds: World,
    snapshots: BTreeMap<String, snapshots::Snapshot>,
    events: VecDeque<Event>,
    next_event: u64,
}

impl Inner {
    pub(crate) fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The account with this handle or appid.
    pub(crate) fn account(&self, name: &str) -> Result<&Account, ControlError> {
        self.world.accounts.find(name).ok_or_else(|| ControlError::no_account(name))
    }

    /// The person with this id.
    pub(crate) fn persona(&self, id: &str) -> Result<&Persona, ControlError> {
        self.world.people.find(id).ok_or_else(|| ControlError::no_persona(id))
    }
}

/// The emulated WeChat. Share it by `Arc`; [`crate::router`] serves it over HTTP.
pub struct Engine {
    inner: Mutex<Inner>,
    feed: broadcast::Sender<Event>,
    /// Deliveries on their way.
    tasks: Mutex<JoinSet<()>>,
    client: OnceLock<Result<reqwest::Client, String>>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine whose world begins, and begins again after a reset, as `seeds`, and that may be controlled under these names.
    pub(crate) fn new(seeds: World, control_hosts: Vec<Host>, seed: u64, source: TimeSource) -> Self {
        Self {
            inner: Mutex::new(Inner {
                world: seeds.clone(),
                clock: Clock::new(source),
                random: Random::new(seed),
                ledger: Ledger::default(),
                faults: Faults::default(),
                deliveries: Deliveries::default(),
                public_url: String::new(),
                control_hosts,
                seeds,
                snapshots: BTreeMap::new(),
                events: VecDeque::new(),
                next_event: 0,
            }),
            feed: broadcast::channel(1024).0,
            tasks: Mutex::new(JoinSet::new()),
            client: OnceLock::new(),
        }
    }

    /// What callbacks are posted with.
    pub(crate) fn http(&self) -> Result<&reqwest::Client, String> {
        self.client.get_or_init(post::client).as_ref().map_err(Clone::clone)
    }

    /// Runs a delivery beside everything else. Must be called inside a runtime.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Ends all deliveries on their way.
    pub(crate) fn stop(&self) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where people and programs reach this emulator, without a slash at the end; pictures' addresses begin with it.
    pub fn set_public_url(&self, url: &str) {
        url.trim_end_matches('/').clone_into(&mut self.lock().public_url);
    }

    /// Where people and programs reach this emulator, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.lock().public_url.clone()
    }

    /// Whether people reach this emulator under this name: that of its public address, or one that was configured.
    pub(crate) fn is_known_as(&self, host: &Host) -> bool {
        let inner = self.lock();
        let public = Url::parse(&inner.public_url).ok();
        let public = public.as_ref().and_then(Url::host).map(|host| host.to_owned());
        public.as_ref() == Some(host) || inner.control_hosts.contains(host)
    }

    /// Emulated time, epoch milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.lock().clock.now_ms()
    }

    /// Tells the listeners.
    pub(crate) fn tell(&self, inner: &mut Inner, kind: &'static str, data: Value) {
        inner.next_event += 1;
        let event = Event { id: inner.next_event, kind, at_ms: inner.clock.now_ms(), data };
        inner.events.push_back(event.clone());
        if inner.events.len() > EVENTS_KEPT {
            inner.events.pop_front();
        }
        // Nobody listening is fine.
        let _ = self.feed.send(event);
    }

    /// The events after an id that are still kept, and everything from now on.
    pub(crate) fn listen(&self, after: Option<u64>) -> (Vec<Event>, broadcast::Receiver<Event>) {
        let inner = self.lock();
        let missed = after
            .map_or_else(Vec::new, |after| inner.events.iter().filter(|event| event.id > after).cloned().collect());
        (missed, self.feed.subscribe())
    }

    /// Calls after an id, on a path (all paths when `None`), oldest first.
    #[must_use]
    pub fn ledger(&self, path: Option<&str>, after: u64) -> Vec<LedgerEntry> {
        self.lock().ledger.find(path, after).cloned().collect()
    }

    /// Adds a fault.
    ///
    /// # Errors
    /// [`ControlError::Invalid`] when it makes no sense.
    pub fn add_fault(&self, fault: Fault) -> Result<Fault, ControlError> {
        let mut inner = self.lock();
        let fault = inner.faults.add(fault).map_err(ControlError::Invalid)?;
        self.tell(&mut inner, "fault", json!({ "added": fault }));
        Ok(fault)
    }

    /// Pending faults.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.lock().faults.list().to_vec()
    }

    /// Removes one (`Some`) or all faults; how many went.
    pub fn remove_faults(&self, id: Option<u64>) -> usize {
        let mut inner = self.lock();
        let removed = inner.faults.remove(id);
        self.tell(&mut inner, "fault", json!({ "removed": removed }));
        removed
    }
}
