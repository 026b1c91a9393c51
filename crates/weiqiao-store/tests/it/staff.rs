use rstest::rstest;
use weiqiao_model::{Role, SessionId, SessionKind, StaffId};
use weiqiao_store::facts::session::{AddStaffSession, FindSession};
use weiqiao_store::facts::staff::{
    CountStaff, CreateStaff, FindStaff, FindStaffByUsername, PasswordHash, SetStaffPassword, StaffCreated,
};

use crate::support::{DAY, Db, Engine, HOUR, NOW, id, together};

fn create(username: &str) -> CreateStaff {
    CreateStaff {
        id: id(),
        username: username.into(),
        password_hash: PasswordHash::new("$argon2id$first"),
        name: "李顾问".into(),
        phone: "13800138000".into(),
        email: "li@example.com".into(),
        avatar: String::new(),
        role: Role::Advisor,
        department: "销售".into(),
        permissions: vec!["leads:export".into()],
        now: NOW,
    }
}

async fn log_in(db: &Db, staff_id: &StaffId) -> SessionId {
    let session =
        AddStaffSession { id: id(), staff_id: staff_id.clone(), device_hash: None, expires_at: NOW + DAY, now: NOW };
    assert!(db.run(session.clone()).await);
    session.id
}

#[rstest]
#[tokio::test]
async fn staff_is_found_by_id_and_by_name(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    assert_eq!(db.store.read(CountStaff).await.unwrap(), 0);
    let li = create("li");
    assert_eq!(db.run(li.clone()).await, StaffCreated::Created);
    let found = db.store.read(FindStaffByUsername { username: "li".into() }).await.unwrap().unwrap();
    assert_eq!((&found.id, found.role, found.name.as_str()), (&li.id, Role::Advisor, "李顾问"));
    assert_eq!(found.permissions, ["leads:export"]);
    assert_eq!((found.password_hash.expose(), found.disabled_at), ("$argon2id$first", None));
    assert_eq!(db.store.read(FindStaff { id: li.id }).await.unwrap(), Some(found));
    assert_eq!(db.store.read(FindStaff { id: id() }).await.unwrap(), None);
    assert_eq!(db.store.read(FindStaffByUsername { username: "Li".into() }).await.unwrap(), None);
    assert_eq!(db.store.read(CountStaff).await.unwrap(), 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_name_belongs_to_one(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let answers = together(&[db.store.clone(), db.another().await], 20, |_| create("li")).await;
    let created = answers.into_iter().map(Result::unwrap).filter(|answer| *answer == StaffCreated::Created).count();
    assert_eq!(created, 1);
    assert_eq!(db.store.read(CountStaff).await.unwrap(), 1);
}

#[rstest]
#[tokio::test]
async fn a_new_password_ends_all_sessions_but_one(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let (li, wang) = (create("li"), create("wang"));
    db.run(li.clone()).await;
    db.run(wang.clone()).await;
    let (kept, ended, other) = (log_in(&db, &li.id).await, log_in(&db, &li.id).await, log_in(&db, &wang.id).await);
    let set = SetStaffPassword {
        id: li.id.clone(),
        password_hash: PasswordHash::new("$argon2id$second"),
        keep_session: Some(kept.clone()),
        now: NOW + HOUR,
    };
    assert!(db.run(set.clone()).await);
    let holds = async |session: &SessionId| {
        db.store.read(FindSession { id: session.clone() }).await.unwrap().unwrap().holds_at(NOW + HOUR)
    };
    assert_eq!((holds(&kept).await, holds(&ended).await, holds(&other).await), (true, false, true));
    let found = db.store.read(FindStaff { id: li.id }).await.unwrap().unwrap();
    assert_eq!((found.password_hash.expose(), found.updated_at), ("$argon2id$second", NOW + HOUR));
    assert!(db.run(SetStaffPassword { keep_session: None, ..set.clone() }).await);
    assert!(!holds(&kept).await);
    assert!(!db.run(SetStaffPassword { id: id(), ..set }).await, "nobody's password");
}

#[rstest]
#[tokio::test]
async fn a_staff_session_belongs_to_staff_only(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let li = create("li");
    db.run(li.clone()).await;
    let session = log_in(&db, &li.id).await;
    let found = db.store.read(FindSession { id: session }).await.unwrap().unwrap();
    assert_eq!((found.kind, found.subject.as_str(), found.identity), (SessionKind::Staff, li.id.as_str(), None));
    let nobody = AddStaffSession { id: id(), staff_id: id(), device_hash: None, expires_at: NOW + DAY, now: NOW };
    assert!(!db.run(nobody).await);
}
