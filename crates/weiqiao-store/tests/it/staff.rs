use rstest::rstest;
use weiqiao_model::{Role, SessionId, SessionKind, StaffId};
use weiqiao_store::facts::session::{AddStaffSession, FindSession};
use weiqiao_store::facts::staff::{
    ChangeStaff, CountStaff, CreateStaff, FindSetup, FindStaff, FindStaffByUsername, FindStaffSession, IssueSetup,
    ListStaff, PasswordHash, RedeemSetup, SetStaffPassword, Setup, StaffChange, StaffCreated,
};

use crate::support::{DAY, Db, Engine, HOUR, MINUTE, NOW, id, together};

fn create(username: &str) -> CreateStaff {
    CreateStaff {
        id: id(),
        username: username.into(),
        password_hash: PasswordHash::new("$argon2id$first"),
        name: "李顾问".into(),
        phone: Some(b"sealed phone".to_vec()),
        email: None,
        avatar: String::new(),
        role: Role::Advisor,
        department: "销售".into(),
        permissions: vec!["leads:export".into()],
        advisor_id: Some("advisor-1".into()),
        setup: None,
        now: NOW,
    }
}

fn session(staff_id: &StaffId) -> AddStaffSession {
    AddStaffSession {
        id: id(),
        staff_id: staff_id.clone(),
        device_hash: None,
        expires_at: NOW + DAY,
        idle_ms: None,
        cookie_hash: None,
        replaces: None,
        now: NOW,
    }
}

async fn log_in(db: &Db, staff_id: &StaffId) -> SessionId {
    let session = session(staff_id);
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
    assert_eq!((&found.id, found.role, found.name.as_slice()), (&li.id, Role::Advisor, "李顾问".as_bytes()));
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
    let begun = log_in(&db, &li.id).await;
    let found = db.store.read(FindSession { id: begun }).await.unwrap().unwrap();
    assert_eq!((found.kind, found.subject.as_str(), found.identity), (SessionKind::Staff, li.id.as_str(), None));
    assert!(!db.run(session(&id())).await, "nobody's");
}

fn change(id: &StaffId) -> ChangeStaff {
    ChangeStaff {
        id: id.clone(),
        name: None,
        phone: None,
        email: None,
        role: None,
        department: None,
        advisor_id: None,
        disabled: None,
        now: NOW + MINUTE,
    }
}

#[rstest]
#[tokio::test]
async fn what_is_given_changes_and_the_rest_stays(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let li = create("li");
    db.run(li.clone()).await;
    let begun = log_in(&db, &li.id).await;
    let promote = ChangeStaff { role: Some(Role::Supervisor), advisor_id: Some(None), ..change(&li.id) };
    let StaffChange::Changed(both) = db.run(promote).await else { panic!() };
    let (before, after) = *both;
    assert_eq!((before.role, before.advisor_id.as_deref()), (Role::Advisor, Some("advisor-1")));
    assert_eq!((after.role, &after.advisor_id, after.name.as_slice()), (Role::Supervisor, &None, "李顾问".as_bytes()));
    assert_eq!(db.store.read(FindStaff { id: li.id.clone() }).await.unwrap(), Some(after));

    let find = async || db.store.read(FindStaffSession::Id(begun.clone())).await.unwrap().unwrap();
    assert!(find().await.holds_at(NOW));
    db.run(ChangeStaff { disabled: Some(true), ..change(&li.id) }).await;
    let found = find().await;
    assert!(found.revoked_at.is_some() && !found.holds_at(NOW) && found.staff.disabled_at == Some(NOW + MINUTE));
    db.run(ChangeStaff { disabled: Some(false), ..change(&li.id) }).await;
    assert!(!find().await.holds_at(NOW), "whoever comes back logs in again");
    assert_eq!(db.run(change(&id())).await, StaffChange::Unknown);

    db.run(create("wang")).await;
    let list = async |list: ListStaff| db.store.read(ListStaff { page_size: 9, ..list }).await.unwrap();
    assert_eq!(
        list(ListStaff::default()).await.items.iter().map(|s| s.username.as_str()).collect::<Vec<_>>(),
        ["li", "wang"]
    );
    assert_eq!(list(ListStaff { role: Some(Role::Advisor), ..ListStaff::default() }).await.total, 1);
    assert_eq!(list(ListStaff { disabled: Some(false), ..ListStaff::default() }).await.total, 2);
    assert_eq!(list(ListStaff { disabled: Some(true), ..ListStaff::default() }).await.total, 0);
    assert_eq!(list(ListStaff { username: Some("wang".into()), ..ListStaff::default() }).await.total, 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_any_number_of_admins_who_leave_at_once_one_stays(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let admins: Vec<StaffId> = (0..6).map(|_| id()).collect();
    for (number, admin) in admins.iter().enumerate() {
        let create = CreateStaff { id: admin.clone(), role: Role::Admin, ..create(&format!("admin-{number}")) };
        assert_eq!(db.run(create).await, StaffCreated::Created);
    }
    let answers = together(&[db.store.clone(), db.another().await], admins.len(), |number| match number % 2 {
        0 => ChangeStaff { disabled: Some(true), ..change(&admins[number]) },
        _ => ChangeStaff { role: Some(Role::Viewer), ..change(&admins[number]) },
    })
    .await;
    let stayed = answers.into_iter().map(Result::unwrap).filter(|answer| *answer == StaffChange::LastAdmin).count();
    assert_eq!(stayed, 1);
}

#[rstest]
#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_is_replaced_at_login(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let li = create("li");
    db.run(li.clone()).await;
    let first = AddStaffSession { idle_ms: Some(30 * MINUTE), cookie_hash: Some("one".into()), ..session(&li.id) };
    assert!(db.run(first.clone()).await);
    let by = async |cookie: &str| db.store.read(FindStaffSession::Cookie(cookie.into())).await.unwrap();
    let found = by("one").await.unwrap();
    assert_eq!((&found.id, found.staff.username.as_str()), (&first.id, "li"));
    assert!(found.holds_at(NOW + 30 * MINUTE - 1) && !found.holds_at(NOW + 30 * MINUTE));
    assert_eq!(by("two").await, None);
    let second = AddStaffSession { cookie_hash: Some("two".into()), replaces: Some("one".into()), ..session(&li.id) };
    assert!(db.run(second).await);
    assert!(!by("one").await.unwrap().holds_at(NOW) && by("two").await.unwrap().holds_at(NOW));
}

#[rstest]
#[tokio::test]
async fn a_one_time_token_sets_one_password(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let li = create("li");
    db.run(li.clone()).await;
    let begun = log_in(&db, &li.id).await;
    let setup = |hash: &str| Setup { hash: hash.into(), until: NOW + HOUR };
    let issue = |hash: &str| IssueSetup { id: li.id.clone(), setup: setup(hash), now: NOW };
    assert!(db.run(issue("one")).await && db.run(issue("two")).await);
    assert!(!db.run(IssueSetup { id: id(), setup: setup("three"), now: NOW }).await, "nobody's");
    let found = db.store.read(FindStaffSession::Id(begun)).await.unwrap().unwrap();
    assert!(!found.holds_at(NOW) && !found.staff.password_hash.is_set() && found.staff.setup_until == Some(NOW + HOUR));
    let redeem = |hash: &str, now| RedeemSetup { hash: hash.into(), password_hash: PasswordHash::new("$new"), now };
    let find = async |hash: &str, now| {
        let found = db.store.read(FindSetup { hash: hash.into(), now }).await.unwrap();
        found.map(|staff| staff.username)
    };
    assert_eq!([find("one", NOW).await, find("two", NOW + HOUR).await], [None, None], "replaced, too late");
    assert_eq!(find("two", NOW).await, Some(li.username.clone()), "looked at, and still good");
    assert_eq!(db.run(redeem("one", NOW)).await, None, "the newer one counts");
    assert_eq!(db.run(redeem("two", NOW + HOUR)).await, None, "too late");
    assert_eq!(db.run(redeem("two", NOW)).await, Some(li.id.clone()));
    assert_eq!((db.run(redeem("two", NOW)).await, find("two", NOW).await), (None, None), "once");
    let found = db.store.read(FindStaff { id: li.id }).await.unwrap().unwrap();
    assert_eq!((found.password_hash.expose(), found.setup_until), ("$new", None));
}
