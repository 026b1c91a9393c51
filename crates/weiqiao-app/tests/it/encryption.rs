//! Data keys are rotated and rows sealed anew while the service goes on; swapped rows are noticed (T-94).

use std::time::Duration;

use rstest::rstest;
use weiqiao_app::usecase::encryption::{encryption, refresh_keys, reseal, reseal_when_due, rotate};
use weiqiao_app::usecase::user::{UserListRequest, UserStatus, list_users, read_user};
use weiqiao_app::vault::ACTIVATION_MS;
use weiqiao_app::{Actor, App, Caller};
use weiqiao_model::Role;
use weiqiao_store::{Command, StoreError, Transaction, Value};

use crate::people::staff;
use crate::support::{Stage, World, open};

async fn nickname(app: &App, openid: &str) -> Option<String> {
    match read_user(app, &Caller::Anonymous, None, openid).await.unwrap() {
        UserStatus::Known { user_info, .. } => Some(user_info.nickname.clone()),
        UserStatus::Unknown | UserStatus::Damaged => None,
    }
}

async fn keys(app: &App) -> Vec<bool> {
    refresh_keys(app).await.unwrap();
    app.vault().data_keys().iter().map(|key| key.current).collect()
}

#[rstest]
#[tokio::test]
async fn a_new_key_seals_a_minute_later_and_the_rows_follow(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, open()).await else { return };
    let app = &world.app;
    let another = world.another().await;
    let (answer, _) = world.login().await;
    let openid = answer.user_info.openid.as_str();

    let made = rotate(app, Actor::Cli).await.unwrap();
    assert!(rotate(app, Actor::Cli).await.unwrap_err().to_string().contains("一分钟"), "one at a time");
    assert_eq!(keys(&another).await, [true, false], "known everywhere, and nobody seals with it yet");
    assert_eq!(encryption(app).await.unwrap().total, 0);
    assert_eq!(reseal_when_due(app).await.unwrap(), None);

    world.advance(Duration::from_millis(u64::try_from(ACTIVATION_MS).unwrap()));
    // One instance is late: what the other one seals with the new key it reads all the same.
    refresh_keys(app).await.unwrap();
    let (again, _) = world.login().await;
    assert_eq!(nickname(&another, openid).await, Some(again.user_info.nickname.clone()));
    assert_eq!(keys(&another).await, [false, true]);
    let state = encryption(app).await.unwrap();
    assert!(state.total >= 1 && state.keys.iter().any(|key| key.id == made.id && key.current), "{state:?}");
    assert_eq!(reseal_when_due(app).await.unwrap(), None, "a late instance may still seal with the earlier key");

    world.advance(Duration::from_secs(61));
    let done = reseal_when_due(app).await.unwrap().unwrap();
    assert_eq!((done.done, done.damaged), (state.total, 0));
    assert_eq!(encryption(app).await.unwrap().total, 0);
    assert_eq!(reseal_when_due(&another).await.unwrap(), None, "once for every key");
    assert_eq!(reseal(app, |_, _| ()).await.unwrap().done, 0);
    assert_eq!(nickname(&another, openid).await, Some(again.user_info.nickname));
}

/// T-94.
struct Swap(&'static str);

impl Command for Swap {
    const NAME: &'static str = "test.swap";
    type Output = ();

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        let rows = tx.query("SELECT id, profile, openid FROM identity ORDER BY id", Vec::new()).await?;
        let mut rows = rows.into_iter().map(|mut row| {
            let id = row.text().unwrap();
            (id, row.bytes().unwrap(), row.bytes().unwrap())
        });
        let (one, other) = (rows.next().unwrap(), rows.next().unwrap());
        for (id, profile, openid) in [(one.0, other.1, other.2), (other.0, one.1, one.2)] {
            let params = vec![Value::from(id), Value::from(profile), Value::from(openid)];
            tx.execute(self.0, params).await?;
        }
        Ok(())
    }
}

#[rstest]
#[case("UPDATE identity SET profile = $2, openid = CASE WHEN $3 IS NULL THEN openid ELSE openid END WHERE id = $1")]
#[case("UPDATE identity SET profile = $2, openid = $3 WHERE id = $1")]
#[tokio::test]
async fn swapped_rows_are_refused_and_nobody_becomes_somebody_else(#[case] sql: &'static str) {
    let world = World::open().await;
    let (ming, _) = world.login().await;
    let code = world.wechat.persona_code(
        "xiaohong",
        "official",
        weixin_emulator::CodeKind::OAuth(weixin_emulator::Scope::UserInfo),
    );
    let (started, browser) = world.started(weiqiao_app::usecase::login::Flow::Redirect).await;
    let hong = crate::support::post(&world.app, &code, Some(&started.state), &browser).await.unwrap();
    world.app.store().run(Swap(sql)).await.unwrap();
    for openid in [&ming.user_info.openid, &hong.user_info.openid] {
        let status = read_user(&world.app, &Caller::Anonymous, None, openid).await.unwrap();
        assert_eq!(status, UserStatus::Damaged);
    }
    let admin = staff(Role::Admin);
    let list = list_users(&world.app, &admin, UserListRequest::default()).await.unwrap();
    assert!(list.items.iter().all(|user| user.openid.is_none() && user.nickname.is_none() && !user.damaged.is_empty()));
    assert_eq!(list.total, 2);
    let done = reseal(&world.app, |_, _| ()).await.unwrap();
    assert_eq!(done.done, 0, "nothing is sealed for a place it does not belong to");
}
