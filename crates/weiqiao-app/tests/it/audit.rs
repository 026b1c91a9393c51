//! The audit chain: entries, detail, verification, anchors. T-81.

use rstest::rstest;
use serde_json::json;
use weiqiao_app::audit::{Actor, Deed, in_request};
use weiqiao_app::usecase::audit::{AuditAnchor, AuditFilter, AuditTrouble, anchor, list_audit, verify_audit};
use weiqiao_app::{App, Caller};

use crate::support::{Run, Stage, World, strict};

async fn write(app: &App, number: usize) {
    let detail = json!({ "reason": format!("because {number}") });
    let entry = app.audit_entry(Actor::Cli, Deed::RuleChanged, "rule", format!("rule-{number}"), &detail);
    app.record_audit(entry).await.unwrap();
}

fn all() -> AuditFilter {
    AuditFilter { page_size: 200, ..AuditFilter::default() }
}

#[rstest]
#[tokio::test]
async fn an_entry_says_who_did_what_in_which_request(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let app = &world.app;
    in_request("req-1".to_owned(), write(app, 1)).await;
    let mut entry = app.audit_entry(&Caller::Anonymous, Deed::LoginFailed, "staff", "", &json!({}));
    entry.before = Some(app.audit_digest(&1));
    entry.after = Some(app.audit_digest(&2));
    app.record_audit(entry).await.unwrap();
    let found = list_audit(app, all()).await.unwrap();
    assert_eq!(found.total, 2);
    let (last, first) = (&found.items[0], &found.items[1]);
    assert_eq!(
        (first.actor_kind.as_str(), first.deed.as_str(), first.target_id.as_str()),
        ("cli", "rule_changed", "rule-1")
    );
    assert_eq!((first.request_id.as_deref(), &first.detail), (Some("req-1"), &Some(json!({ "reason": "because 1" }))));
    assert_eq!((last.actor_kind.as_str(), &last.request_id), ("anonymous", &None));
    assert_ne!(last.before, last.after);
    let report = verify_audit(app, None).await.unwrap();
    assert!(report.is_good() && report.entries == 2, "{report:?}");
}

/// The key of the chain lives on when the process, and even the master key, do not.
#[tokio::test]
async fn the_chain_goes_on_with_another_process() {
    let world = World::strict().await;
    write(&world.app, 1).await;
    let other = world.another().await;
    write(&other, 2).await;
    assert!(verify_audit(&world.app, None).await.unwrap().is_good());
    let read = list_audit(&other, all()).await.unwrap();
    assert!(read.items.iter().all(|entry| entry.detail.is_some()));
}

#[tokio::test]
async fn whoever_rewrites_the_chain_is_found_out() {
    let world = World::strict().await;
    for number in 0..5 {
        write(&world.app, number).await;
    }
    let known = anchor(&world.app).await.unwrap().unwrap();
    write(&world.app, 5).await;
    assert!(verify_audit(&world.app, Some(&known)).await.unwrap().is_good(), "the chain went on since");
    let foreign = AuditAnchor { n: 3, hash: "00".repeat(32) };
    let report = verify_audit(&world.app, Some(&foreign)).await.unwrap();
    assert_eq!(report.trouble, Some(AuditTrouble::AnchorDiffers { n: 3 }));

    let run = async |sql: &str| world.app.store().run(Run(sql.into())).await.unwrap();
    run("UPDATE audit SET target_id = 'rule-9' WHERE n = 4").await;
    let report = verify_audit(&world.app, None).await.unwrap();
    assert_eq!((report.entries, report.trouble), (3, Some(AuditTrouble::Altered { n: 4 })));
    run("UPDATE audit SET target_id = 'rule-3' WHERE n = 4").await;
    assert!(verify_audit(&world.app, None).await.unwrap().is_good());

    // A process that opened the key before would not notice by itself.
    let changed = "UPDATE audit_head SET sealed_key = CAST('other' AS BLOB) WHERE id = 1";
    let kept = "UPDATE audit_head SET sealed_key = (SELECT sealed_key FROM kept_key) WHERE id = 1";
    run("CREATE TABLE kept_key AS SELECT sealed_key FROM audit_head").await;
    run(changed).await;
    assert_eq!(verify_audit(&world.app, None).await.unwrap().trouble, Some(AuditTrouble::KeyAltered));
    run(kept).await;
    assert!(verify_audit(&world.app, None).await.unwrap().is_good());

    // Somebody cuts the end off and moves the head back: whole by itself, but not what the log says.
    run("UPDATE audit_head SET n = 4, hash = (SELECT hash FROM audit WHERE n = 4)").await;
    run("DELETE FROM audit WHERE n > 4").await;
    assert!(verify_audit(&world.app, None).await.unwrap().is_good());
    let report = verify_audit(&world.app, Some(&known)).await.unwrap();
    assert_eq!(report.trouble, Some(AuditTrouble::AnchorDiffers { n: 5 }));
}
