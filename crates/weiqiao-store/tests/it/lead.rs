use rstest::rstest;
use weiqiao_store::facts::action::{NewAction, SubmitAction};
use weiqiao_store::facts::advisor::SaveAdvisor;
use weiqiao_store::facts::audit::{ChainKey, EnsureAuditKey, ListAudit, NewAudit};
use weiqiao_store::facts::follow_up::{AddFollowUp, ListFollowUps, NewFollowUp};
use weiqiao_store::facts::inbox::Effect;
use weiqiao_store::facts::job::NewJob;
use weiqiao_store::facts::lead::{
    ChangeLead, ClaimLead, FindLead, LeadChanged, LeadClaimed, LeadScope, LeadState, NewLead, NewLeadHistory,
    ReadTimeline, StoredLead, TimelineWhat,
};

use crate::support::{DAY, Db, Engine, MINI, NOW, SECOND, id, pushed, together};

mod lists;

fn text() -> String {
    id::<weiqiao_model::id::kind::Job>().into_string()
}

/// A database with a chain to write to and advisors a0 … a9.
async fn fresh(engine: Engine) -> Option<Db> {
    let db = Db::fresh(engine).await?;
    db.run(EnsureAuditKey { sealed: b"key".to_vec(), now: NOW }).await;
    for number in 0..10 {
        let id = format!("a{number}");
        db.run(SaveAdvisor { app_id: MINI.into(), id, openid_index: None, now: NOW }).await;
    }
    Some(db)
}

fn audit(deed: &'static str, lead: &str) -> NewAudit {
    NewAudit {
        id: text(),
        at: NOW,
        actor_kind: "staff",
        actor_id: "s1".into(),
        deed,
        target_kind: "lead",
        target_id: lead.into(),
        request_id: None,
        detail: b"detail".to_vec(),
        before: None,
        after: None,
        chain_key: ChainKey::new([7; 32]),
    }
}

fn history(kind: &'static str, from: Option<&str>, to: Option<&str>) -> NewLeadHistory {
    NewLeadHistory {
        id: text(),
        kind,
        actor_kind: "staff",
        actor_id: "s1".into(),
        from_advisor: from.map(str::to_owned),
        to_advisor: to.map(str::to_owned),
        detail: "{}".into(),
    }
}

fn action(advisor: &str, phone: Option<&str>, now: i64) -> SubmitAction {
    let id = text();
    let lead = phone.map(|phone| NewLead {
        id: text(),
        app_id: MINI.into(),
        numbers: vec![format!("CUS{phone}")],
        phone_indexes: vec![phone.into()],
        phone: phone.as_bytes().to_vec(),
        name: b"name".to_vec(),
        openid_index: Some(format!("openid {phone}")),
        openid: Some(b"openid".to_vec()),
        source: "其他".into(),
        contract_status: "待定".into(),
        level: "B类".into(),
        remarks: "x".into(),
        advisor_id: advisor.into(),
    });
    SubmitAction {
        action: NewAction {
            id: id.clone(),
            app_id: MINI.into(),
            advisor_id: advisor.into(),
            kind: "view_resume".into(),
            customer_index: phone.map_or_else(|| "customer".into(), |phone| format!("openid {phone}")),
            detail: b"detail".to_vec(),
        },
        lead,
        job: NewJob {
            id,
            kind: "subscribe_message",
            account: MINI.into(),
            serial_key: None,
            origin: None,
            payload: b"payload".to_vec(),
            run_at: now,
            expires_at: now + DAY,
            created_at: now,
        },
        known_advisor: false,
        now,
    }
}

async fn new_lead(db: &Db, advisor: &str, phone: &str, now: i64) -> StoredLead {
    db.run(action(advisor, Some(phone), now)).await.unwrap().lead.unwrap()
}

fn state(lead: &StoredLead) -> LeadState {
    LeadState {
        assigned_to: lead.assigned_to.clone(),
        level: lead.level.clone(),
        contract_status: lead.contract_status.clone(),
        name: None,
        note: None,
    }
}

fn to(lead: &StoredLead, advisor: Option<&str>, kind: &'static str) -> ChangeLead {
    ChangeLead {
        seen: lead.clone(),
        scope: LeadScope::All,
        to: LeadState { assigned_to: advisor.map(str::to_owned), ..state(lead) },
        known_advisor: true,
        history: history(kind, lead.assigned_to.as_deref(), advisor),
        audit: audit("lead_assigned", &lead.id),
        now: NOW + SECOND,
    }
}

fn changed(outcome: LeadChanged) -> StoredLead {
    match outcome {
        LeadChanged::Changed(lead) => *lead,
        other => panic!("{other:?}"),
    }
}

fn claim(lead: &str, advisor: &str) -> ClaimLead {
    ClaimLead {
        id: lead.into(),
        advisor_id: advisor.into(),
        history: history("claimed", None, Some(advisor)),
        audit: audit("lead_claimed", lead),
        now: NOW + 2 * SECOND,
    }
}

fn follow_up(lead: &str, scope: LeadScope, next_at: Option<i64>, now: i64) -> AddFollowUp {
    AddFollowUp {
        follow_up: NewFollowUp {
            id: text(),
            lead_id: lead.into(),
            app_id: MINI.into(),
            kind: "call",
            text: b"text".to_vec(),
            next_at,
            actor_kind: "staff",
            actor_id: "s1".into(),
        },
        scope,
        audit: audit("lead_followed", lead),
        now,
    }
}

async fn deeds(db: &Db, deed: &str) -> u64 {
    let list = ListAudit { deed: Some(deed.into()), page: 1, page_size: 1, ..Default::default() };
    db.store.read(list).await.unwrap().total
}

async fn timeline(db: &Db, lead: &str) -> Vec<TimelineWhat> {
    let read = ReadTimeline { lead_id: lead.into(), page: 1, page_size: 200 };
    let page = db.store.read(read).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    assert!(page.items.is_sorted_by(|one, next| one.at >= next.at), "{page:?}");
    page.items.into_iter().map(|entry| entry.what).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_who_claim_one_gets_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = fresh(engine).await else { return };
    let lead = new_lead(&db, "a0", "138", NOW).await;
    let fast = db.run(claim(&lead.id, "a1")).await;
    assert_eq!(fast, LeadClaimed::Taken { by: "a0".into(), was_in_pool: false }, "it never was anybody's to take");
    let free = changed(db.run(to(&lead, None, "released")).await);
    assert_eq!((free.assigned_to, free.version), (None, 2));
    let instances = [db.store.clone(), db.another().await];
    let all = together(&instances, 50, |number| claim(&lead.id, &format!("a{}", number % 10))).await;
    let (mut winner, mut losers) = (None, Vec::new());
    for outcome in all {
        match outcome.unwrap() {
            LeadClaimed::Claimed(lead) => assert_eq!(winner.replace(lead.assigned_to.unwrap()), None, "two won"),
            LeadClaimed::Already(lead) => losers.push((lead.assigned_to.unwrap(), true)),
            LeadClaimed::Taken { by, was_in_pool } => losers.push((by, was_in_pool)),
            other => panic!("{other:?}"),
        }
    }
    let winner = winner.expect("nobody won");
    assert_eq!(losers.len(), 49);
    assert!(losers.iter().all(|(by, was_in_pool)| *by == winner && *was_in_pool), "{losers:?}");
    assert_eq!(deeds(&db, "lead_claimed").await, 1, "one deed is written down");
    let changes = timeline(&db, &lead.id).await.into_iter();
    let changes: Vec<_> = changes
        .filter_map(|what| match what {
            TimelineWhat::Change { kind, from, to, .. } => Some((kind, from, to)),
            _ => None,
        })
        .collect();
    let expected = [("claimed".to_owned(), None, Some(winner)), ("released".to_owned(), Some("a0".to_owned()), None)];
    assert_eq!(changes, expected);
    assert_eq!(db.run(claim("nothing", "a1")).await, LeadClaimed::Unknown);
    let free = db.store.read(FindLead { id: lead.id.clone(), scope: LeadScope::All }).await.unwrap().unwrap();
    changed(db.run(to(&free, None, "released")).await);
    assert_eq!(db.run(claim(&lead.id, "stranger")).await, LeadClaimed::AdvisorUnknown);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_overwrites_what_they_did_not_see(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = fresh(engine).await else { return };
    let lead = new_lead(&db, "a0", "138", NOW).await;
    let instances = [db.store.clone(), db.another().await];
    let all = together(&instances, 20, |number| {
        let mut change = to(&lead, Some("a0"), "changed");
        change.to.level = format!("level {number}");
        change
    });
    let all: Vec<_> = all.await.into_iter().map(Result::unwrap).collect();
    let won: Vec<_> = all.iter().filter(|one| matches!(one, LeadChanged::Changed(_))).collect();
    assert_eq!(won.len(), 1, "{all:?}");
    assert_eq!(deeds(&db, "lead_assigned").await, 1);
    let now = db.store.read(FindLead { id: lead.id.clone(), scope: LeadScope::All }).await.unwrap().unwrap();
    assert_eq!((won[0], now.version, now.updated_at), (&LeadChanged::Changed(Box::new(now.clone())), 2, NOW + SECOND));

    assert_eq!((now.name.as_slice(), &now.note), (&b"name"[..], &None), "not named, not touched");
    assert_eq!(db.run(to(&now, Some("stranger"), "assigned")).await, LeadChanged::AdvisorUnknown);
    let mine = |advisor: &str| ChangeLead { scope: LeadScope::Own(advisor.into()), ..to(&now, None, "released") };
    assert_eq!(db.run(mine("a1")).await, LeadChanged::Stale, "not theirs");
    assert_eq!(changed(db.run(mine("a0")).await).assigned_to, None);
}

#[rstest]
#[tokio::test]
async fn a_timeline_has_everything_in_order(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = fresh(engine).await else { return };
    let lead = new_lead(&db, "a0", "138", NOW).await;
    db.run(action("a0", Some("138"), NOW + 500)).await;
    let lead = changed(db.run(to(&lead, Some("a1"), "assigned")).await);
    assert!(
        !db.run(follow_up(&lead.id, LeadScope::Own("a0".into()), None, NOW + 3 * SECOND)).await,
        "no longer theirs"
    );
    assert!(!db.run(follow_up("nothing", LeadScope::All, None, NOW)).await);
    assert_eq!(deeds(&db, "lead_followed").await, 0);
    let next = Some(NOW + DAY);
    assert!(db.run(follow_up(&lead.id, LeadScope::Own("a1".into()), next, NOW + 3 * SECOND)).await);
    let what = timeline(&db, &lead.id).await;
    let words: Vec<_> = what
        .iter()
        .map(|what| match what {
            TimelineWhat::Action { lead_created, .. } => format!("action {lead_created}"),
            TimelineWhat::Notification { status, .. } => format!("notification {status}"),
            TimelineWhat::FollowUp { kind, actor, .. } => format!("{kind} by {}", actor.id),
            TimelineWhat::Change { kind, from, to, .. } => format!("{kind} {from:?} {to:?}"),
        })
        .collect();
    let moved = r#"assigned Some("a0") Some("a1")"#;
    assert_eq!(words, ["call by s1", moved, "action false", "action true"]);
    let second = ReadTimeline { lead_id: lead.id.clone(), page: 2, page_size: 3 };
    let second = db.store.read(second).await.unwrap();
    assert_eq!((second.items.len(), second.total), (1, 4));

    let found = db.store.read(FindLead { id: lead.id.clone(), scope: LeadScope::All }).await.unwrap().unwrap();
    assert_eq!((found.followed_at, found.next_at, found.version), (Some(NOW + 3 * SECOND), next, lead.version));
    db.run(follow_up(&lead.id, LeadScope::All, None, NOW + 4 * SECOND)).await;
    let found = db.store.read(FindLead { id: lead.id.clone(), scope: LeadScope::All }).await.unwrap().unwrap();
    assert_eq!(found.next_at, None, "the last one says what is next");
}

#[rstest]
#[tokio::test]
async fn who_is_forgotten_is_no_longer_written_about(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = fresh(engine).await else { return };
    let (gone, stays) = (new_lead(&db, "a0", "138", NOW).await, new_lead(&db, "a0", "139", NOW).await);
    for lead in [&gone, &stays] {
        let mut change = to(lead, Some("a0"), "changed");
        change.to.note = Some(b"note".to_vec());
        changed(db.run(change).await);
        db.run(follow_up(&lead.id, LeadScope::All, None, NOW)).await;
    }
    pushed(&db, Effect::ForgetPerson { who: "openid 138".into() }).await;
    for (lead, kept) in [(gone, None), (stays, Some(4))] {
        let list = ListFollowUps { lead_id: lead.id.clone(), page: 1, page_size: 9 };
        let follow_ups = db.store.read(list).await.unwrap();
        assert_eq!(follow_ups.total, 1, "that somebody called stays");
        assert_eq!(follow_ups.items[0].text.as_ref().map(Vec::len), kept);
        let found = db.store.read(FindLead { id: lead.id, scope: LeadScope::All }).await.unwrap().unwrap();
        assert_eq!(found.note.as_ref().map(Vec::len), kept);
    }
}
