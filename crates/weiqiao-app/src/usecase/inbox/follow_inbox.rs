//! What comes, as it comes.
//!
//! The inbox itself is the stream: every instance sees what any instance wrote down, a follower that was away goes on where
//! it stopped, and nothing is lost between two looks. A wake-up only saves waiting for the next look.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde::Serialize;
use weiqiao_coord::Subscription;
use weiqiao_model::ApiScope;
use weiqiao_store::facts::inbox::{FindInbox, ListRecent, RecentPush};

use super::find_inbox::opened;
use crate::App;
use crate::caller::Caller;
use crate::decide::ReplySpec;
use crate::error::Result;
use crate::usecase::staff::Permission;
use crate::vault::Damaged;
use crate::webhook::Event;

/// The topic that is woken when something was decided.
const TOPIC: &str = "inbox";
/// How long until the next look when nobody wakes us.
const LOOK: Duration = Duration::from_millis(500);
/// What came this long ago, in milliseconds, may still be written down by another instance, or be decided only now.
const OVERLAP_MS: i64 = 10_000;
/// How long a push waits for its decision, in milliseconds; then it is told without.
const DECISION_MS: i64 = 5_000;
/// As many are looked at at once.
const MOST: u32 = 10_000;

/// In front of the time in [`InboxFollower::begun`].
const BEGUN: &str = "begun-";

/// What to follow.
#[derive(Debug, Clone, Default)]
pub struct FollowRequest {
    /// Only this account.
    pub account: Option<String>,
    /// Only these types of message and events, such as `text`, `subscribe`; all when empty.
    pub words: Vec<String>,
    /// The id of the last push that was told earlier, or [`InboxFollower::begun`]: what came after it is told first.
    pub after: Option<String>,
}

/// A push as followers see it.
#[derive(Debug, Clone, Serialize)]
pub struct FollowedPush {
    /// What webhooks get.
    #[serde(flatten)]
    pub event: Event,
    /// What was answered; `type` is `none` when nothing was, and nothing when it is damaged.
    pub reply: Option<ReplySpec>,
    /// Who decided; nothing while nobody has.
    pub decided_by: Option<String>,
    /// How long that took, in milliseconds.
    pub response_ms: Option<i64>,
    /// How often WeChat has delivered it so far.
    pub copies: i64,
    /// What of it cannot be read: `data`, `reply`.
    #[serde(skip_serializing_if = "Damaged::is_empty")]
    pub damaged: Damaged,
}

/// Somebody who follows the inbox.
#[derive(Debug)]
pub struct InboxFollower {
    app: App,
    account: Option<String>,
    words: HashSet<String>,
    since: i64,
    told: HashMap<String, i64>,
    wakes: Subscription,
}

/// Begins to follow. Needs the right to read what people write.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` for an unknown account.
pub async fn follow_inbox(app: &App, caller: &Caller, request: FollowRequest) -> Result<InboxFollower> {
    caller.demand(Permission::ReadMessages, ApiScope::Admin)?;
    let account = request.account.map(|name| app.accounts().named(&name).map(|account| account.name.to_string()));
    let account = account.transpose()?;
    // Before the first look, so that nothing falls between the two.
    let wakes = app.coord().wake().subscribe(TOPIC);
    let (mut since, mut told) = (app.now_ms(), HashMap::new());
    let begun = |after: &str| after.strip_prefix(BEGUN)?.parse::<i64>().ok();
    match request.after {
        None => {}
        Some(after) if begun(&after).is_some() => since = since.min(begun(&after).unwrap_or(since)),
        Some(id) => {
            if let Some(last) = app.store().read(FindInbox { id: id.clone() }).await? {
                since = last.listed.received_at.saturating_sub(OVERLAP_MS);
                told.insert(id, last.listed.received_at);
            }
        }
    }
    let words = request.words.iter().map(|word| word.to_lowercase()).collect();
    Ok(InboxFollower { app: app.clone(), account, words, since, told, wakes })
}

/// Something was decided: followers need not wait for their next look.
pub(crate) fn tell_followers(app: &App) {
    let app = app.clone();
    tokio::spawn(async move { app.coord().wake().notify(TOPIC, b"").await });
}

impl InboxFollower {
    /// To be given as [`FollowRequest::after`] by whoever is cut off before anything came.
    #[must_use]
    pub fn begun(&self) -> String {
        format!("{BEGUN}{}", self.since)
    }

    /// Waits for what comes next: at least one push. After a break some of the last ten seconds may be told a second time,
    /// under the same id.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the database is down.
    pub async fn next(&mut self) -> Result<Vec<FollowedPush>> {
        loop {
            let found = self.look().await?;
            if !found.is_empty() {
                return Ok(found);
            }
            // Woken or not: the next look says whether there is something.
            let _ = tokio::time::timeout(LOOK, self.wakes.next()).await;
        }
    }

    async fn look(&mut self) -> Result<Vec<FollowedPush>> {
        let list = ListRecent { since: self.since, account: self.account.clone(), limit: MOST };
        let recent = self.app.store().read(list).await?;
        let now = self.app.now_ms();
        let mut found = Vec::new();
        for push in &recent {
            let waits = !push.done && push.received_at > now.saturating_sub(DECISION_MS);
            if waits || self.told.contains_key(&push.id) {
                continue;
            }
            self.told.insert(push.id.clone(), push.received_at);
            if self.wants(push)
                && let Some(push) = self.open(&push.id).await?
            {
                found.push(push);
            }
        }
        self.forget(&recent, now);
        Ok(found)
    }

    fn wants(&self, push: &RecentPush) -> bool {
        let word = push.event.as_ref().unwrap_or(&push.msg_type);
        self.words.is_empty()
            || self.words.contains(&word.to_lowercase())
            || self.words.contains(&push.msg_type.to_lowercase())
    }

    async fn open(&self, id: &str) -> Result<Option<FollowedPush>> {
        let Some(stored) = self.app.store().read(FindInbox { id: id.to_owned() }).await? else { return Ok(None) };
        let detail = opened(&self.app, stored);
        let listed = detail.listed;
        let word = match (listed.kind.as_str(), &listed.event) {
            ("event", Some(event)) => format!("wechat.event.{event}"),
            ("other", _) => "wechat.other".to_owned(),
            (kind, _) => format!("wechat.{kind}.{}", listed.msg_type),
        };
        let data = detail.message.unwrap_or_default();
        let event = Event::new(listed.id, word.to_lowercase(), listed.account, listed.sent_at, data);
        let (reply, decided_by, damaged) = (detail.reply, listed.decided_by, detail.damaged);
        let (response_ms, copies) = (listed.response_ms, listed.copies);
        Ok(Some(FollowedPush { event, reply, decided_by, response_ms, copies, damaged }))
    }

    /// Moves on: what lies too far back is neither looked at nor remembered.
    fn forget(&mut self, recent: &[RecentPush], now: i64) {
        let seen = recent.last().filter(|_| recent.len() >= MOST as usize).map(|last| last.received_at);
        self.since = self.since.max(seen.unwrap_or_else(|| now.saturating_sub(OVERLAP_MS)));
        let since = self.since;
        self.told.retain(|_, received_at| *received_at >= since);
    }
}
