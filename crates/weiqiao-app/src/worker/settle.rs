//! What a result means for the job and its lane.

use std::time::Duration;

use weiqiao_model::{JobStatus, Rng, random_bytes};
use weiqiao_store::facts::job::{AttemptResult, ClaimedJob, HoldLane, SettleJob};

use crate::App;
use crate::china;
use crate::jobs::{Hold, OnUncertain, Outcome, Policy, Step, answer_place};

/// What is written down.
pub(super) struct Settled {
    pub(super) settle: SettleJob,
    /// The subscription is used up, unless it was renewed more often than this.
    pub(super) spent: Option<i64>,
}

/// Texts of others are kept up to this many characters.
const LONGEST_TEXT: usize = 500;
/// How long a lane waits after the first, second … failure to reach the other side, in seconds.
const UNREACHABLE_S: [i64; 4] = [5, 10, 20, 30];
/// How long until an account that is refused is tried again, in milliseconds.
const ACCOUNT_MS: i64 = 60_000;
/// The first five minutes of a day are everybody's: quotas are tried again somewhere in them.
const MIDNIGHT_RUSH_MS: i64 = 300_000;

/// The end of a job, or a pause, without a try.
pub(super) fn without_try(job: &ClaimedJob, status: JobStatus, next_at: Option<i64>, why: String, now: i64) -> Settled {
    let settle = SettleJob {
        id: job.id.clone(),
        fence: job.fence,
        n: job.attempts,
        status,
        next_at,
        counts: false,
        attempt: None,
        errcode: None,
        error: Some(why),
        reference: None,
        hold: None,
        free: None,
        now,
    };
    Settled { settle, spent: None }
}

/// What comes after a try.
pub(super) fn after_try(app: &App, policy: &Policy, job: &ClaimedJob, n: i64, outcome: Outcome) -> Settled {
    let now = app.now_ms();
    let next = decide(policy, job, &outcome, now, app.rng());
    let answer = outcome.answer.map(|plain| app.vault().seal(answer_place(&job.id, &job.account), &plain));
    let message = outcome.message.map(|text| text.chars().take(LONGEST_TEXT).collect::<String>());
    let attempt = AttemptResult {
        verdict: outcome.verdict,
        http_status: outcome.http_status.map(i64::from),
        errcode: outcome.errcode,
        errmsg: message.clone(),
        answer,
    };
    let hold = next.hold.map(|(hold, until, failures)| HoldLane {
        account: job.account.clone(),
        kind: job.kind.clone(),
        reason: hold.reason().to_owned(),
        errcode: outcome.errcode,
        until,
        failures,
    });
    // A try that reached the other side ends the hold it was to probe.
    let free = (job.probe.is_some() && hold.is_none()).then(|| (job.account.clone(), job.kind.clone()));
    let settle = SettleJob {
        id: job.id.clone(),
        fence: job.fence,
        n,
        status: next.status,
        next_at: next.at,
        counts: next.counts,
        attempt: Some(attempt),
        errcode: outcome.errcode,
        error: message,
        reference: outcome.reference,
        hold,
        free,
        now,
    };
    Settled { settle, spent: outcome.spent }
}

/// What happens next.
#[derive(Debug, PartialEq, Eq)]
struct Next {
    status: JobStatus,
    at: Option<i64>,
    counts: bool,
    hold: Option<(Hold, i64, i64)>,
}

fn decide(policy: &Policy, job: &ClaimedJob, outcome: &Outcome, now: i64, rng: &dyn Rng) -> Next {
    let over = |status| Next { status, at: None, counts: true, hold: None };
    let tries = job.tries.saturating_add(1);
    let after = |at_least: Duration| {
        let wait = policy.wait_after(tries)?;
        Some(now.saturating_add(jittered(wait.max(at_least), rng)))
    };
    match outcome.step {
        Step::Done => over(JobStatus::Sent),
        Step::Over => over(JobStatus::Refused),
        Step::AskPerson => over(JobStatus::Uncertain),
        Step::Again(at_least) => match after(at_least) {
            Some(at) => Next { at: Some(at), ..over(JobStatus::Retrying) },
            None => over(JobStatus::Dead),
        },
        Step::Doubt => match policy.on_uncertain {
            OnUncertain::Hold => over(JobStatus::Uncertain),
            OnUncertain::Retry(at_least) => Next { at: after(at_least), ..over(JobStatus::Uncertain) },
        },
        Step::Hold(hold) => {
            let failures = job.probe.unwrap_or(0).saturating_add(1);
            let until = hold_until(hold, failures, now, rng);
            // It stays in front of the others of its lane.
            Next { status: JobStatus::Retrying, at: Some(now), counts: false, hold: Some((hold, until, failures)) }
        }
    }
}

fn hold_until(hold: Hold, failures: i64, now: i64, rng: &dyn Rng) -> i64 {
    match hold {
        Hold::Unreachable => {
            let step = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX).min(UNREACHABLE_S.len() - 1);
            now.saturating_add(1000 * UNREACHABLE_S.get(step).copied().unwrap_or(30))
        }
        Hold::Pause(pause) => now.saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)),
        Hold::Tomorrow => china::next_midnight(now).saturating_add(below(MIDNIGHT_RUSH_MS, rng)),
        Hold::Account => now.saturating_add(ACCOUNT_MS),
    }
}

/// In milliseconds, up to a fifth shorter or longer, so that what failed together is not tried together.
fn jittered(wait: Duration, rng: &dyn Rng) -> i64 {
    let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 4);
    let fifth = wait / 5;
    wait - fifth + below(2 * fifth + 1, rng)
}

/// From 0 on, below `bound`.
fn below(bound: i64, rng: &dyn Rng) -> i64 {
    let number = u64::from_be_bytes(random_bytes::<8>(rng)) >> 1;
    i64::try_from(number).unwrap_or(0) % bound.max(1)
}

#[cfg(test)]
mod tests {
    use weiqiao_model::SeededRng;

    use super::*;
    use crate::jobs::SCHEDULE;

    const NOW: i64 = 1_757_062_690_123;

    fn policy(on_uncertain: OnUncertain) -> Policy {
        let (expiry, time_limit) = (Duration::from_secs(86_400), Duration::from_secs(30));
        Policy { schedule: SCHEDULE, expiry, on_uncertain, time_limit, per_second: None, at_once: 1 }
    }

    fn job(tries: i64, probe: Option<i64>) -> ClaimedJob {
        ClaimedJob {
            id: "1".into(),
            kind: "k".into(),
            account: "a".into(),
            origin: None,
            payload: Vec::new(),
            attempts: tries,
            tries,
            uncertain_attempts: 0,
            fence: 1,
            expires_at: i64::MAX,
            created_at: NOW,
            probe,
        }
    }

    fn next(tries: i64, outcome: &Outcome) -> Next {
        decide(&policy(OnUncertain::Hold), &job(tries, None), outcome, NOW, &SeededRng::new(1))
    }

    #[test]
    fn failures_are_tried_again_by_the_schedule_and_then_no_more() {
        let failed = Outcome::failed("busy");
        for (tries, seconds) in [(0, 5), (1, 30), (2, 120), (3, 600), (4, 3_600), (5, 10_800)] {
            let next = next(tries, &failed);
            let wait = next.at.unwrap() - NOW;
            assert!((800 * seconds..=1_200 * seconds).contains(&wait), "{tries}: {wait}");
            assert_eq!((next.status, next.counts), (JobStatus::Retrying, true));
        }
        assert_eq!(next(6, &failed), Next { status: JobStatus::Dead, at: None, counts: true, hold: None });
        let patient = next(0, &Outcome::failed_for("busy", Duration::from_secs(1_000)));
        assert!(patient.at.unwrap() >= NOW + 800_000);
    }

    #[test]
    fn waits_are_spread() {
        let rng = SeededRng::new(7);
        let waits: std::collections::BTreeSet<_> = (0..100).map(|_| jittered(Duration::from_secs(100), &rng)).collect();
        assert!(waits.len() > 90 && waits.iter().all(|wait| (80_000..=120_000).contains(wait)));
        assert_eq!(jittered(Duration::ZERO, &rng), 0);
    }

    #[test]
    fn what_nobody_knows_is_the_kinds_decision() {
        let doubt = Outcome::uncertain("?");
        assert_eq!(next(0, &doubt), Next { status: JobStatus::Uncertain, at: None, counts: true, hold: None });
        let retrying = policy(OnUncertain::Retry(Duration::from_secs(90)));
        let first = decide(&retrying, &job(0, None), &doubt, NOW, &SeededRng::new(1));
        assert_eq!(first.status, JobStatus::Uncertain);
        assert!((72_000..=108_000).contains(&(first.at.unwrap() - NOW)));
        assert_eq!(decide(&retrying, &job(6, None), &doubt, NOW, &SeededRng::new(1)).at, None, "not for ever");
    }

    #[test]
    fn a_held_lane_costs_no_try() {
        let held = next(3, &Outcome::held(Hold::Account, "40125"));
        assert_eq!((held.status, held.at, held.counts), (JobStatus::Retrying, Some(NOW), false));
        assert_eq!(held.hold, Some((Hold::Account, NOW + 60_000, 1)));
        let ladder = |probe| {
            let outcome = Outcome::held(Hold::Unreachable, "no route");
            decide(&policy(OnUncertain::Hold), &job(0, probe), &outcome, NOW, &SeededRng::new(1)).hold.unwrap().1 - NOW
        };
        assert_eq!([None, Some(1), Some(2), Some(3), Some(99)].map(ladder), [5_000, 10_000, 20_000, 30_000, 30_000]);
    }

    #[test]
    fn a_days_quota_comes_back_after_midnight_in_china() {
        // 2025-09-05T08:58:10.123Z is 16:58 in China; midnight there is 16:00 UTC.
        let midnight = 1_757_088_000_000;
        assert_eq!(china::next_midnight(NOW), midnight);
        let until = next(0, &Outcome::held(Hold::Tomorrow, "45009")).hold.unwrap().1;
        assert!((midnight..midnight + 300_000).contains(&until), "{until}");
    }
}
