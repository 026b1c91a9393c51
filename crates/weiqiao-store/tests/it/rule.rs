use rstest::rstest;
use weiqiao_store::facts::rule::{AddRule, ChangeRule, DeleteRule, FindRule, ListRules, RuleChange, RuleText};

use crate::support::{Db, Engine, NOW, SECOND, together};

fn text() -> RuleText {
    RuleText {
        account: Some("official".into()),
        priority: 3,
        enabled: true,
        condition: r#"{"on":"any"}"#.into(),
        reply: r#"{"type":"none"}"#.into(),
    }
}

fn add(id: &str) -> AddRule {
    AddRule { id: id.into(), text: text(), most: 10, now: NOW }
}

#[rstest]
#[tokio::test]
async fn rules_are_made_changed_and_taken_away(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    assert!(db.run(add("b")).await);
    assert!(db.run(add("a")).await);
    let listed = db.store.read(ListRules).await.unwrap();
    assert_eq!(listed.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!((&listed[0].text, listed[0].created_at), (&text(), NOW));

    let changed = RuleText { account: None, enabled: false, ..text() };
    let change = |id: &str, now| ChangeRule { id: id.into(), text: changed.clone(), now };
    assert_eq!(db.run(change("a", NOW + SECOND)).await, RuleChange::Changed);
    assert_eq!(db.run(change("c", NOW + SECOND)).await, RuleChange::Missing);
    assert_eq!(db.run(change("a", NOW + 2 * SECOND)).await, RuleChange::Same);
    let found = db.store.read(FindRule { id: "a".into() }).await.unwrap().unwrap();
    assert_eq!((found.text, found.created_at, found.updated_at), (changed.clone(), NOW, NOW + SECOND));

    assert!(db.run(DeleteRule { id: "a".into() }).await);
    assert!(!db.run(DeleteRule { id: "a".into() }).await);
    assert!(db.store.read(FindRule { id: "a".into() }).await.unwrap().is_none());
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_are_not_too_many(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let made = together(std::slice::from_ref(&db.store), 12, |number| add(&number.to_string())).await;
    let made = made.into_iter().filter(|made| *made.as_ref().unwrap()).count();
    assert!((10..=12).contains(&made), "a soft limit: those that come together may pass it");
    assert!(!db.run(add("one more")).await);
}
