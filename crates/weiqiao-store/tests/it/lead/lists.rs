//! Lists and exports.

use rstest::rstest;
use weiqiao_store::facts::lead::{
    ChangeLead, CountLeads, ExportLeads, FindLead, LeadFilter, LeadScope, LeadSort, ListLeads,
};

use super::{changed, follow_up, fresh, new_lead, to};
use crate::support::{Db, Engine, NOW};

async fn listed(db: &Db, filter: LeadFilter, sort: LeadSort, ascending: bool) -> Vec<String> {
    let list = ListLeads { filter, sort, ascending, page: 1, page_size: 50 };
    let page = db.store.read(list).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items.into_iter().map(|lead| lead.number.replace("CUS", "")).collect()
}

#[rstest]
#[tokio::test]
async fn everybody_sees_what_is_theirs(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = fresh(engine).await else { return };
    for (number, advisor) in ["a0", "a1", "a1", "a2"].into_iter().enumerate() {
        new_lead(&db, advisor, &format!("{number}"), NOW + i64::try_from(number).unwrap()).await;
    }
    let find = |id: String, scope| db.store.read(FindLead { id, scope });
    let all = db.store.read(ListLeads { page: 1, page_size: 9, ..Default::default() }).await.unwrap().items;
    let pool = changed(db.run(to(&all[0], None, "released")).await);
    let own = LeadScope::Own("a1".into());
    let both = LeadScope::OwnOrPool("a1".into());
    for (scope, seen) in
        [(LeadScope::All, vec!["3", "2", "1", "0"]), (own, vec!["2", "1"]), (both, vec!["3", "2", "1"])]
    {
        let filter = LeadFilter { scope: scope.clone(), ..Default::default() };
        assert_eq!(listed(&db, filter.clone(), LeadSort::Created, false).await, seen, "{scope:?}");
        assert_eq!(db.store.read(CountLeads { filter }).await.unwrap(), seen.len() as u64);
        let found = find(pool.id.clone(), scope.clone()).await.unwrap().is_some();
        assert_eq!(found, !matches!(scope, LeadScope::Own(_)), "{scope:?}");
        let others = find(all[3].id.clone(), scope.clone()).await.unwrap().is_some();
        assert_eq!(others, scope == LeadScope::All);
    }
}

#[rstest]
#[tokio::test]
async fn every_filter_and_every_order(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = fresh(engine).await else { return };
    let mut leads = Vec::new();
    for number in 0..4 {
        leads.push(new_lead(&db, &format!("a{number}"), &format!("13{number}"), NOW + number).await);
    }
    let mut change = to(&leads[1], Some("a1"), "changed");
    (change.to.level, change.to.contract_status, change.now) = ("A类".into(), "已签约".into(), NOW + 50);
    db.run(change).await;
    db.run(ChangeLead { now: NOW + 60, ..to(&leads[0], None, "released") }).await;
    let all = LeadScope::All;
    assert!(db.run(follow_up(&leads[2].id, all.clone(), Some(NOW + 100), NOW + 70)).await);
    assert!(db.run(follow_up(&leads[3].id, all.clone(), Some(NOW + 90), NOW + 71)).await);
    assert!(db.run(follow_up(&leads[0].id, all, None, NOW + 72)).await);

    let some = |filter: LeadFilter| listed(&db, filter, LeadSort::Created, false);
    let any = LeadFilter::default;
    assert_eq!(some(LeadFilter { assigned_to: Some("a2".into()), ..any() }).await, ["132"]);
    assert_eq!(some(LeadFilter { pool: true, ..any() }).await, ["130"]);
    assert_eq!(some(LeadFilter { level: Some("A类".into()), ..any() }).await, ["131"]);
    assert_eq!(some(LeadFilter { contract_status: Some("已签约".into()), ..any() }).await, ["131"]);
    assert_eq!(some(LeadFilter { source: Some("其他".into()), ..any() }).await.len(), 4);
    assert_eq!(some(LeadFilter { source: Some("x".into()), ..any() }).await.len(), 0);
    let between = LeadFilter { since: Some(NOW + 1), until: Some(NOW + 3), ..any() };
    assert_eq!(some(between).await, ["132", "131"]);
    assert_eq!(some(LeadFilter { phone_index: Some("133".into()), ..any() }).await, ["133"]);
    assert_eq!(some(LeadFilter { phone_index: Some("13".into()), ..any() }).await.len(), 0);
    assert_eq!(some(LeadFilter { number: Some("CUS131".into()), ..any() }).await, ["131"]);
    assert_eq!(some(LeadFilter { number: Some("CUS13".into()), ..any() }).await.len(), 0);
    assert_eq!(some(LeadFilter { number_begins: Some("CUS13".into()), ..any() }).await.len(), 4);
    assert_eq!(some(LeadFilter { number_begins: Some("CUS132".into()), ..any() }).await, ["132"]);
    assert_eq!(some(LeadFilter { number_begins: Some("CUS%".into()), ..any() }).await.len(), 0);

    for (sort, ascending, order) in [
        (LeadSort::Created, true, ["130", "131", "132", "133"]),
        (LeadSort::Number, true, ["130", "131", "132", "133"]),
        (LeadSort::Updated, true, ["132", "133", "131", "130"]),
        (LeadSort::Followed, true, ["131", "132", "133", "130"]),
        (LeadSort::Level, true, ["131", "130", "132", "133"]),
        (LeadSort::NextFollowUp, true, ["133", "132", "130", "131"]),
        (LeadSort::Created, false, ["133", "132", "131", "130"]),
        (LeadSort::Number, false, ["133", "132", "131", "130"]),
        (LeadSort::Updated, false, ["130", "131", "133", "132"]),
        (LeadSort::Followed, false, ["130", "133", "132", "131"]),
        (LeadSort::Level, false, ["133", "132", "130", "131"]),
        (LeadSort::NextFollowUp, false, ["132", "133", "131", "130"]),
    ] {
        assert_eq!(listed(&db, any(), sort, ascending).await, order, "{sort:?} {ascending}");
    }
}

#[rstest]
#[tokio::test]
async fn an_export_goes_on_where_it_was(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = fresh(engine).await else { return };
    for number in 0..7 {
        new_lead(&db, "a0", &format!("{number}"), NOW + number / 3).await;
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let portion = ExportLeads { filter: LeadFilter::default(), after: after.clone(), limit: 3 };
        let portion = db.store.read(portion).await.unwrap();
        let Some(last) = portion.last() else { break };
        after = Some(last.id.clone());
        let number = seen.len();
        seen.extend(portion.into_iter().map(|lead| (lead.created_at, lead.id)));
        // Who comes meanwhile disturbs nothing.
        new_lead(&db, "a0", &format!("late {number}"), NOW + 100).await;
    }
    assert_eq!(seen.len(), 7);
    assert!(seen.is_sorted_by(|one, next| one > next), "{seen:?}");
}
