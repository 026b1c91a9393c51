//! The shape of a kind of job, and how the engine holds one without knowing which.

use std::fmt;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Outcome, Policy};
use crate::App;
use crate::error::Result;

/// A kind of work: its name, how it is tried, and the doing.
pub trait JobKind: Send + Sync + 'static {
    /// The word it is stored under. Never renamed.
    const NAME: &'static str;
    /// How often, how long, how many.
    const POLICY: Policy;
    /// Whether it is about a notification of an action: then its end changes action and subscription in the same commit.
    const NOTIFIES: bool = false;
    /// What is to be done; stored as sealed JSON, so fields may be added and never renamed.
    type Payload: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Whether this instance can do what is owed for this account. Where settings are just being changed, one instance knows an
    /// account and another does not yet: what it does not know it leaves to those that do.
    fn serves(app: &App, account: &str) -> bool {
        let _ = (app, account);
        true
    }

    /// Looks once more before each try whether it is still wanted and possible. An error means that this cannot be found
    /// out now: a little later, then.
    fn wanted(app: &App, task: &Task, payload: &Self::Payload) -> impl Future<Output = Result<Wanted>> + Send {
        let _ = (app, task, payload);
        std::future::ready(Ok(Wanted::Yes))
    }

    /// Makes one try. It is written down already that it is made.
    fn run(app: &App, task: &Task, payload: &Self::Payload) -> impl Future<Output = Outcome> + Send;
}

/// What a try is told about its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The job's id.
    pub id: String,
    /// Whose rate and slots it shares.
    pub account: String,
    /// What made it necessary.
    pub origin: Option<String>,
    /// How many earlier tries ended nobody knows how.
    pub uncertain_attempts: i64,
    /// When it was made, epoch milliseconds.
    pub created_at: i64,
    /// When it is no longer worth doing, epoch milliseconds.
    pub expires_at: i64,
}

/// Whether a job is still to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// It is.
    Yes,
    /// Nobody wants it any more; why, for people.
    No(String),
    /// Nobody wants it tried again, but a try before may have been it; why, for people. It stays uncertain.
    NoMore(String),
    /// It can never be done; why, for people.
    Impossible(String),
}

/// A future of a try.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A job of some kind, opened.
pub(crate) trait Work: Send + Sync {
    fn wanted<'a>(&'a self, app: &'a App, task: &'a Task) -> Boxed<'a, Result<Wanted>>;
    fn run<'a>(&'a self, app: &'a App, task: &'a Task) -> Boxed<'a, Outcome>;
}

struct Opened<K: JobKind>(K::Payload);

impl<K: JobKind> Work for Opened<K> {
    fn wanted<'a>(&'a self, app: &'a App, task: &'a Task) -> Boxed<'a, Result<Wanted>> {
        Box::pin(K::wanted(app, task, &self.0))
    }

    fn run<'a>(&'a self, app: &'a App, task: &'a Task) -> Boxed<'a, Outcome> {
        Box::pin(K::run(app, task, &self.0))
    }
}

/// A kind of job, as the engine knows it.
#[derive(Clone, Copy)]
pub struct JobEntry {
    pub(crate) name: &'static str,
    pub(crate) policy: Policy,
    notifies: bool,
    pub(crate) serves: fn(&App, &str) -> bool,
    pub(crate) open: fn(&[u8]) -> serde_json::Result<Box<dyn Work>>,
}

impl JobEntry {
    /// The entry of a kind.
    #[must_use]
    pub const fn of<K: JobKind>() -> Self {
        Self { name: K::NAME, policy: K::POLICY, notifies: K::NOTIFIES, serves: K::serves, open: open::<K> }
    }

    /// The word it is stored under.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) const fn notifies(&self) -> bool {
        self.notifies
    }

    /// How often, how long, how many.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
}

impl fmt::Debug for JobEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JobEntry").field(&self.name).finish()
    }
}

fn open<K: JobKind>(plain: &[u8]) -> serde_json::Result<Box<dyn Work>> {
    Ok(Box::new(Opened::<K>(serde_json::from_slice(plain)?)))
}
