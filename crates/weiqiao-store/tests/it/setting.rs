use rstest::rstest;
use weiqiao_store::facts::setting::{FindSetting, PutSettingOnce};

use crate::support::{Db, Engine, NOW, together};

fn put(value: &str) -> PutSettingOnce {
    PutSettingOnce { name: "master-key-check".into(), value: value.into(), now: NOW }
}

#[rstest]
#[tokio::test]
async fn the_first_value_holds_for_ever(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let find = || FindSetting { name: "master-key-check".into() };
    assert_eq!(db.store.read(find()).await.unwrap(), None);
    assert!(db.run(put("first")).await.written);
    let second = db.run(put("second")).await;
    assert_eq!((second.value, second.written), (b"first".to_vec(), false));
    assert_eq!(db.store.read(find()).await.unwrap(), Some(b"first".to_vec()));
}

#[rstest]
#[tokio::test]
async fn instances_that_start_together_agree(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let instances = [db.store.clone(), db.another().await];
    let answers = together(&instances, 20, |number| put(&number.to_string())).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| answer.written).count(), 1);
    assert!(answers.iter().all(|answer| answer.value == answers[0].value));
}
