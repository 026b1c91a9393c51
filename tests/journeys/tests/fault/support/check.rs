//! The comparison: what was acknowledged, what is stored, what the emulated WeChat took.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use weixin_emulator::LedgerEntry;

use super::{Book, Desk, Engine};

const SEND: &str = "/cgi-bin/message/subscribe/send";

/// What WeChat took, by marker: the customer of an action (`N…`) or a message that was asked for (`M…`).
#[derive(Debug, Default)]
pub(crate) struct Findings {
    after: u64,
    /// Those counted already among the last calls: a call that was under way at one look is over at the next.
    counted: BTreeSet<u64>,
    pub(crate) taken: BTreeMap<String, u32>,
    /// When each was taken, epoch milliseconds.
    pub(crate) times: Vec<i64>,
}

/// How many calls may have begun since one that is not over yet.
const LOOK_BACK: u64 = 1_000;

impl Findings {
    /// Takes note of the calls since the last look; the emulator keeps only so many.
    pub(crate) fn read(&mut self, desk: &Desk) {
        for call in desk.emulator.engine().ledger(Some(SEND), self.after.saturating_sub(LOOK_BACK)) {
            self.after = self.after.max(call.id);
            if call.delivered && call.errcode == 0 && self.counted.insert(call.id) {
                *self.taken.entry(marker(&call)).or_default() += 1;
                self.times.push(call.at_ms);
            }
        }
        self.counted = self.counted.split_off(&self.after.saturating_sub(LOOK_BACK));
    }
}

fn marker(call: &LedgerEntry) -> String {
    let body: serde_json::Value = serde_json::from_str(&call.body).unwrap();
    body["data"]["thing7"]["value"].as_str().unwrap().to_owned()
}

/// Waits until no message is on its way any more, and takes note of all that are taken; gives how many there were.
pub(crate) async fn drained(desk: &Desk, findings: &mut Findings) -> i64 {
    const OPEN: &str = "SELECT count(*) FROM job WHERE status IN ('queued', 'retrying', 'sending')";
    let open = desk.rows.number(OPEN).await;
    // At most 50 a second are sent, and on Postgres the leases of the dead have to end first.
    let limit = Duration::from_secs(90 + u64::try_from(open).unwrap() / 15);
    let begun = Instant::now();
    while desk.rows.number(OPEN).await > 0 {
        if begun.elapsed() > limit {
            let jobs = "SELECT kind || ' ' || status, CAST(count(*) AS TEXT) FROM job GROUP BY 1 ORDER BY 1";
            let holds = "SELECT kind || ' ' || reason, CAST(until_at AS TEXT) FROM job_hold";
            panic!("not all sent: {:?} {:?} {}", desk.rows.all(jobs).await, desk.rows.all(holds).await, desk.log());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        // Not only afterwards: more calls than are looked back at may come after one that is under way now.
        findings.read(desk);
    }
    findings.read(desk);
    open
}

/// What is stored although it must not be, or is not although it must; nothing is to be found. Needs no service that runs.
pub(crate) async fn lost(desk: &Desk, book: &Book) -> Vec<String> {
    let rows = &desk.rows;
    let mut wrong = Vec::new();
    let stored: BTreeSet<String> = rows.texts("SELECT id FROM customer_action").await.into_iter().collect();
    for (serial, action) in &book.actions {
        if action.id().is_some_and(|id| !stored.contains(id)) {
            wrong.push(format!("I1: action {serial} was acknowledged and is not stored"));
        }
    }
    let known: BTreeSet<String> = rows.texts("SELECT dedup_key FROM inbox").await.into_iter().collect();
    for (key, acked) in &book.pushes {
        if *acked && !known.contains(key) {
            wrong.push(format!("I1: push {key} was answered and is not stored"));
        }
    }
    if known.iter().any(|key| !book.pushes.contains_key(key)) {
        wrong.push("I1: a push is stored that nobody sent".to_owned());
    }
    let renewals = rows.all("SELECT advisor_id, CAST(renewals + 1 AS TEXT) FROM subscription").await;
    let renewals: BTreeMap<String, i64> = renewals
        .into_iter()
        .map(|mut row| (row.remove(0).unwrap(), row[0].as_ref().unwrap().parse().unwrap()))
        .collect();
    for (advisor, tried) in &book.subscriptions {
        let stored = renewals.get(advisor).copied().unwrap_or(0);
        if !(tried.acked..=tried.asked).contains(&stored) {
            wrong.push(format!("I1: {advisor} subscribed {tried:?}, stored {stored}"));
        }
    }
    let sessions = rows.number("SELECT count(*) FROM session").await;
    if sessions < book.logins.acked || sessions > book.logins.asked {
        wrong.push(format!("I1: {sessions} sessions of {:?}", book.logins));
    }
    wrong
}

/// Everything that has to hold once every action was acknowledged and all work is done. What is in doubt may be tried again
/// meanwhile, so what is stored is read first, and then what was taken.
pub(crate) async fn check(desk: &Desk, book: &Book, findings: &mut Findings) -> Vec<String> {
    let rows = &desk.rows;
    let mut wrong = lost(desk, book).await;
    let mut say = |text: String| wrong.push(text);
    let ours: BTreeMap<&str, u64> = book.actions.iter().filter_map(|(n, action)| Some((action.id()?, *n))).collect();
    if ours.len() != book.actions.len() {
        say("I7: two keys were answered with one action, or an action was never acknowledged".to_owned());
    }
    for id in rows.texts("SELECT id FROM customer_action").await {
        if !ours.contains_key(id.as_str()) {
            say(format!("I1: action {id} is stored a second time, or nobody asked for it"));
        }
    }
    let phones: BTreeSet<&String> = book.actions.values().filter_map(|action| action.phone.as_ref()).collect();
    let leads = rows.number("SELECT count(*) FROM lead").await;
    if leads != i64::try_from(phones.len()).unwrap() {
        say(format!("I1: {leads} leads of {} phones", phones.len()));
    }
    let made = book.actions.values().filter(|action| action.acked.as_ref().unwrap()["customerCreated"] == true).count();
    if made != phones.len() {
        say(format!("I7: {made} actions say that they made a lead, of {} phones", phones.len()));
    }

    let notifications = rows
        .all(
            "SELECT n.id, n.id, j.status FROM notification n LEFT JOIN job j ON j.id = n.id \
              WHERE n.id IN (SELECT id FROM customer_action)",
        )
        .await;
    let attempts = rows.all("SELECT job_id, verdict FROM job_attempt").await;
    let mut uncertain: BTreeMap<String, u32> = BTreeMap::new();
    for mut row in attempts {
        if row[1].as_deref().is_none_or(|verdict| verdict == "uncertain") {
            *uncertain.entry(row.remove(0).unwrap()).or_default() += 1;
        }
    }
    findings.read(desk);
    let mut owed: BTreeMap<u64, (String, Option<String>)> = BTreeMap::new();
    for row in notifications {
        let serial = ours.get(row[0].as_deref().unwrap()).copied().unwrap_or_default();
        if owed.insert(serial, (row[1].clone().unwrap(), row[2].clone())).is_some() {
            say(format!("I2: action {serial} owes two notifications"));
        }
    }
    for (serial, action) in &book.actions {
        let taken = findings.taken.get(&format!("N{serial}")).copied().unwrap_or(0);
        let Some((id, status)) = owed.get(serial) else {
            if action.teller.is_some() || taken > 0 {
                say(format!("I2: action {serial} owes a notification and has none, taken {taken}"));
            }
            continue;
        };
        let doubts = uncertain.get(id).copied().unwrap_or(0);
        if taken > 1 + doubts {
            say(format!("I3: action {serial}: taken {taken} times with {doubts} uncertain attempts"));
        }
        match status.as_deref() {
            Some("sent") if taken == 0 => say(format!("I2: action {serial} is said to be sent and is not")),
            Some("sent" | "uncertain") => {}
            // It is being tried again.
            Some("sending") if doubts > 0 => {}
            other => say(format!("I2: the notification of action {serial} ended as {other:?}")),
        }
    }
    for (marker, acked) in &book.messages {
        let taken = findings.taken.get(marker).copied().unwrap_or(0);
        if *acked && taken == 0 {
            say(format!("I1: message {marker} was acknowledged and not sent"));
        }
        if *acked && taken > 1 {
            say(format!("I3: message {marker} was sent {taken} times"));
        }
    }
    let shared = "SELECT count(*) FROM (SELECT reference FROM job JOIN notification n ON n.id = job.id \
        WHERE reference IS NOT NULL GROUP BY reference HAVING count(*) > 1) shared";
    if rows.number(shared).await != 0 {
        say("I2: two notifications have one number of WeChat".to_owned());
    }
    if rows.number("SELECT count(*) FROM subscription WHERE used < 0").await != 0 {
        say("I9: credits below zero".to_owned());
    }
    if desk.engine == Engine::Sqlite {
        let verdict = rows.texts("PRAGMA integrity_check").await;
        if verdict != ["ok"] {
            say(format!("I11: {verdict:?}"));
        }
    }
    wrong
}
