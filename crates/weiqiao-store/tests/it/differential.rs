//! The same random story told to both engines: every answer must be the same.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Debug;

use weiqiao_model::{AccountName, ApiScope, AppId, Rng, Role, SeededRng, SessionId, SessionKind, random_bytes};
use weiqiao_store::facts::api_key::{CreateApiKey, FindApiKey, ListApiKeys, RevokeApiKey, TouchApiKey};
use weiqiao_store::facts::code::{ClaimCode, CodeOutcome, ReleaseCode, SettleCode, SweepCodes};
use weiqiao_store::facts::identity::{FindIdentitiesByIndex, FindIdentity, ListUsers, UserSort};
use weiqiao_store::facts::login::{NewSession, RecordLogin};
use weiqiao_store::facts::oauth_token::{FindOAuthToken, RequireLogin, SaveOAuthToken, SealedOAuthToken};
use weiqiao_store::facts::session::{
    AddStaffSession, FindSession, RevokeSession, RevokeSessionsOf, SweepSessions, TouchSession,
};
use weiqiao_store::facts::session_key::{FindSessionKey, SaveSessionKey, SweepSessionKeys};
use weiqiao_store::facts::setting::{FindSetting, PutSettingOnce};
use weiqiao_store::facts::staff::{
    CountStaff, CreateStaff, FindStaff, FindStaffByUsername, PasswordHash, SetStaffPassword,
};
use weiqiao_store::facts::state::{FindState, IssueState, SettleState, SweepStates, TakeState};
use weiqiao_store::facts::token::{
    ClaimTokenFetch, FailTokenFetch, FindToken, RejectToken, ReleaseTokenFetch, StoreToken,
};
use weiqiao_store::{Command, Query, Store};

use crate::support::{DAY, Db, Engine, HOUR, MINUTE, NOW, SECOND, unionid};

/// Few names of everything, so that steps meet each other.
struct Story {
    rng: SeededRng,
    now: i64,
    steps: u64,
    /// The step that issued the latest state.
    state: Cell<u64>,
}

impl Story {
    fn below(&self, bound: u64) -> u64 {
        u64::from_le_bytes(random_bytes::<8>(&self.rng)) % bound
    }

    fn number(&self, bound: i64) -> i64 {
        i64::try_from(self.below(u64::try_from(bound).unwrap())).unwrap()
    }

    fn one<'a, T: ?Sized>(&self, of: &[&'a T]) -> &'a T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// The first of them three times out of four.
    fn mostly<'a>(&self, of: &[&'a str]) -> &'a str {
        if self.below(4) > 0 { of[0] } else { self.one(of) }
    }

    fn perhaps<T>(&self, value: T) -> Option<T> {
        (self.below(2) == 0).then_some(value)
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(self.below(40)).unwrap()];
        self.rng.fill(&mut bytes);
        bytes
    }

    fn app(&self) -> AppId {
        AppId::new(self.mostly(&["wx-a", "wx-b"]))
    }

    fn account(&self) -> AccountName {
        AccountName::new(self.one(&["official", "mini"])).unwrap()
    }

    fn openid(&self) -> String {
        self.one(&["o-1", "o-2", "O-1", "o_1"]).to_owned()
    }

    fn session(&self) -> SessionId {
        SessionId::new(format!("session-{}", self.below(self.steps + 1)))
    }

    /// Mostly the state that was issued last.
    fn state(&self) -> String {
        let step = if self.below(4) > 0 { self.state.get() } else { self.below(self.steps + 1) };
        format!("s{step}")
    }

    fn text(&self) -> &'static str {
        self.one(&["", "Anna", "anna", "小红", "%", "_", "\\", "Ａ", "é", "\u{1F600}"])
    }

    fn oauth_token(&self) -> SealedOAuthToken {
        SealedOAuthToken {
            access: self.bytes(),
            refresh: self.bytes(),
            expires_in: self.number(7_200),
            expires_at: self.now + self.number(2 * HOUR),
            refresh_expires_at: self.now + self.number(30 * DAY),
        }
    }

    fn login(&self) -> RecordLogin {
        let step = self.steps;
        RecordLogin {
            user_id: format!("user-{step}").into(),
            identity_id: format!("identity-{step}").into(),
            app_id: self.app(),
            account: self.account(),
            openid_index: self.openid(),
            openid: self.bytes(),
            unionid: self.perhaps(unionid(self.one(&["union-1", "union-2"]))),
            group: self.perhaps(self.one(&["group-1", "group-2"]).to_owned()),
            profile: self.perhaps(self.bytes()),
            scope: self.one(&["snsapi_base", "snsapi_userinfo"]).to_owned(),
            session: NewSession {
                // Now and then one that exists: refused.
                id: SessionId::new(format!("session-{}", if self.below(20) == 0 { 0 } else { step })),
                expires_at: self.now + self.number(DAY),
                device_hash: self.perhaps("device".to_owned()),
            },
            oauth_token: self.perhaps(self.oauth_token()),
            session_key: self.perhaps(self.bytes()),
            now: self.now,
        }
    }
}

/// Runs a command on both, and compares what they answer.
async fn same<C: Command + Clone>(stores: &[Store; 2], command: C) -> String
where
    C::Output: Debug,
{
    let [one, other] = [stores[0].run(command.clone()).await, stores[1].run(command).await];
    // The words of a refusal differ, its kind does not.
    let text = |outcome| match outcome {
        Ok(output) => format!("{output:?}"),
        Err(refusal) => format!("{:?}", weiqiao_store::StoreError::kind(&refusal)),
    };
    let (one, other) = (text(one), text(other));
    assert_eq!(one, other, "{}", C::NAME);
    one
}

/// Asks both, and compares.
async fn found<Q: Query + Clone>(stores: &[Store; 2], query: Q) -> Q::Output
where
    Q::Output: Debug + PartialEq,
{
    let [one, other] = [stores[0].read(query.clone()).await.unwrap(), stores[1].read(query).await.unwrap()];
    assert_eq!(one, other, "{}", Q::NAME);
    one
}

async fn step(story: &Story, stores: &[Store; 2]) -> String {
    let now = story.now;
    let hash = story.one(&["h1", "h2", "h3"]).to_owned();
    let kind = story.one(&["access", "jsapi"]).to_owned();
    let limit = u32::try_from(story.below(5)).unwrap();
    match story.below(36) {
        0..5 => same(stores, story.login()).await,
        5 => {
            let subject = format!("user-{}", story.below(story.steps + 1));
            let kind = if story.below(4) == 0 { SessionKind::Staff } else { SessionKind::User };
            same(stores, RevokeSessionsOf { kind, subject, except: story.perhaps(story.session()), now }).await
        }
        6 => same(stores, RevokeSession { id: story.session(), now }).await,
        7 => same(stores, TouchSession { id: story.session(), at_most_every_ms: MINUTE, now }).await,
        8 => same(stores, SweepSessions { before: now - HOUR, limit }).await,
        9..12 => {
            let command = ClaimCode {
                code_hash: hash,
                app_id: story.app(),
                kind: story.mostly(&["oauth", "mini"]).to_owned(),
                browser_hash: Some(story.mostly(&["b1", "b2"]).to_owned()).filter(|_| story.below(8) > 0),
                reuse_ms: MINUTE,
                ttl_ms: 10 * MINUTE,
                now,
            };
            same(stores, command).await
        }
        12 => {
            let outcome = match story.below(3) {
                0 => CodeOutcome::Pending,
                1 => CodeOutcome::Done(story.bytes()),
                _ => CodeOutcome::Failed(story.bytes()),
            };
            same(stores, SettleCode { code_hash: hash, outcome }).await
        }
        13 => same(stores, ReleaseCode { code_hash: hash }).await,
        14 => same(stores, SweepCodes { now, limit }).await,
        15..17 => {
            if story.below(10) > 0 {
                story.state.set(story.steps);
            }
            let command = IssueState {
                hash: format!("s{}", story.state.get()),
                app_id: story.app(),
                account: story.account(),
                flow: story.mostly(&["page", "redirect"]).to_owned(),
                cookie_hash: story.mostly(&["jar-a", "jar-b"]).to_owned(),
                target: story.bytes(),
                scope: "snsapi_base".to_owned(),
                max_live: 1 + limit,
                expires_at: now + 10 * MINUTE,
                now,
            };
            same(stores, command).await
        }
        17..19 => {
            let command = TakeState {
                hash: story.state(),
                cookie_hash: story.mostly(&["jar-a", "jar-b"]).to_owned(),
                app_id: story.app(),
                flow: story.mostly(&["page", "redirect"]).to_owned(),
                reuse_ms: MINUTE,
                now,
            };
            same(stores, command).await
        }
        19 => same(stores, SettleState { hash: story.state(), outcome: story.bytes() }).await,
        20 => same(stores, SweepStates { before: now - MINUTE, limit }).await,
        21..23 => {
            let command = ClaimTokenFetch {
                app_id: story.app(),
                kind,
                seen_generation: story.number(6),
                is_dead: story.number(4) == 0,
                owner: format!("owner-{}", story.number(3)),
                lease_ms: 30 * SECOND,
                now,
            };
            same(stores, command).await
        }
        23..25 => {
            let command = StoreToken {
                app_id: story.app(),
                kind,
                seen_generation: story.number(6),
                fence: story.number(8),
                sealed: story.bytes(),
                expires_at: now + 2 * HOUR,
                replaced_outside: story.below(2) == 0,
                now,
            };
            same(stores, command).await
        }
        25 => {
            let (app_id, fence, cool_downs_ms) = (story.app(), story.number(8), vec![0, SECOND, MINUTE]);
            same(stores, FailTokenFetch { app_id, kind, fence, cool_downs_ms, now }).await
        }
        26 => {
            let (app_id, generation, cool_downs_ms) = (story.app(), story.number(6), vec![0, MINUTE]);
            same(stores, RejectToken { app_id, kind, generation, cool_downs_ms, now }).await
        }
        27 => same(stores, ReleaseTokenFetch { app_id: story.app(), kind, fence: story.number(8) }).await,
        28 => {
            let command = CreateStaff {
                id: format!("staff-{}", story.steps).into(),
                username: story.one(&["li", "Li", "wang"]).to_owned(),
                password_hash: PasswordHash::new(format!("hash-{}", story.steps)),
                name: story.bytes(),
                phone: Some(b"sealed".to_vec()),
                email: None,
                avatar: String::new(),
                role: Role::ALL[usize::try_from(story.below(4)).unwrap()],
                department: String::new(),
                permissions: vec![story.text().to_owned()],
                advisor_id: story.perhaps("advisor-1".to_owned()),
                setup: None,
                now,
            };
            same(stores, command).await
        }
        29 => {
            let username = story.one(&["li", "wang"]).to_owned();
            let Some(staff) = found(stores, FindStaffByUsername { username }).await else { return String::new() };
            let id = SessionId::new(format!("session-{}", story.steps));
            let (staff_id, device_hash) = (staff.id, None);
            let (idle_ms, cookie_hash, replaces) = (story.perhaps(MINUTE), None, None);
            let expires_at = now + HOUR;
            let session =
                AddStaffSession { id, staff_id, device_hash, expires_at, idle_ms, cookie_hash, replaces, now };
            same(stores, session).await
        }
        30 => {
            let command = SetStaffPassword {
                id: format!("staff-{}", story.below(story.steps + 1)).into(),
                password_hash: PasswordHash::new("new"),
                keep_session: story.perhaps(story.session()),
                now,
            };
            same(stores, command).await
        }
        31 => {
            let command = CreateApiKey {
                id: format!("key-{}", story.steps).into(),
                name: story.text().to_owned(),
                prefix: hash,
                hash: story.bytes(),
                scopes: vec![ApiScope::ALL[usize::try_from(story.below(7)).unwrap()]],
                expires_at: story.perhaps(now + DAY),
                now,
            };
            same(stores, command).await
        }
        32 => {
            let id = format!("key-{}", story.below(story.steps + 1));
            same(stores, RevokeApiKey { id: id.as_str().into(), now }).await;
            same(stores, TouchApiKey { id: id.into(), at_most_every_ms: MINUTE, now }).await
        }
        33 => same(stores, PutSettingOnce { name: story.text().to_owned(), value: story.bytes(), now }).await,
        34 => {
            let find = FindIdentitiesByIndex { openids: vec![(story.app(), story.openid())], unionids: Vec::new() };
            let Some(identity) = found(stores, find).await.pop() else { return String::new() };
            let (identity_id, seen_version) = (identity.identity_id, story.number(4));
            same(stores, RequireLogin { identity_id: identity_id.clone(), seen_version, now }).await;
            same(stores, SaveSessionKey { identity_id: identity_id.clone(), sealed: story.bytes(), now }).await;
            let token = story.oauth_token();
            same(stores, SaveOAuthToken { identity_id, seen_version: seen_version + 1, token, now }).await
        }
        _ => same(stores, SweepSessionKeys { before: now - HOUR, limit }).await,
    }
}

/// Asks for everything that can be asked for by the names of the story.
async fn compare_all(story: &Story, stores: &[Store; 2]) {
    for number in 0..story.steps {
        found(stores, FindSession { id: SessionId::new(format!("session-{number}")) }).await;
    }
    for app_id in ["wx-a", "wx-b"].map(AppId::new) {
        for kind in ["access", "jsapi"] {
            found(stores, FindToken { app_id: app_id.clone(), kind: kind.to_owned() }).await;
        }
        for openid in ["o-1", "o-2", "O-1", "o_1"] {
            found(stores, FindIdentity { app_id: app_id.clone(), openid_index: openid.to_owned() }).await;
            let openids = vec![(app_id.clone(), openid.to_owned())];
            let find = FindIdentitiesByIndex { openids, unionids: Vec::new() };
            let Some(identity) = found(stores, find).await.pop() else { continue };
            found(stores, FindOAuthToken { identity_id: identity.identity_id.clone() }).await;
            found(stores, FindSessionKey { identity_id: identity.identity_id }).await;
        }
    }
    for sort in
        [UserSort::LoginAscending, UserSort::LoginDescending, UserSort::CreatedAscending, UserSort::CreatedDescending]
    {
        found(stores, ListUsers { sort, page: 1, page_size: 3, ..ListUsers::default() }).await;
        found(stores, ListUsers { sort, page: 2, page_size: 3, ..ListUsers::default() }).await;
    }
    for number in 0..story.steps {
        found(stores, FindState { hash: format!("s{number}") }).await;
    }
    for prefix in ["h1", "h2", "h3"] {
        found(stores, FindApiKey { prefix: prefix.to_owned() }).await;
    }
    found(stores, ListApiKeys { offset: 0, limit: 100 }).await;
    found(stores, CountStaff).await;
    for number in 0..story.steps {
        found(stores, FindStaff { id: format!("staff-{number}").into() }).await;
    }
    for name in ["", "Anna", "anna", "小红", "%", "_", "\\", "Ａ", "é", "\u{1F600}"] {
        found(stores, FindSetting { name: name.to_owned() }).await;
    }
}

/// Three stories, or as many as `WEIQIAO_TEST_STORIES` says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_answer_alike_whatever_happens() {
    let seeds: u64 = std::env::var_os("WEIQIAO_TEST_STORIES").map_or(3, |n| n.into_string().unwrap().parse().unwrap());
    let mut answers = BTreeSet::new();
    for seed in 0..seeds {
        let Some(postgres) = Db::fresh(Engine::Postgres).await else { return };
        let sqlite = Db::fresh(Engine::Sqlite).await.unwrap();
        let stores = [sqlite.store.clone(), postgres.store.clone()];
        let mut story = Story { rng: SeededRng::new(seed), now: NOW, steps: 0, state: Cell::new(0) };
        for _ in 0..500 {
            let answer = step(&story, &stores).await;
            answers.insert(answer.split([' ', '(']).next().unwrap().to_owned());
            story.steps += 1;
            story.now += story.number(6 * SECOND);
        }
        compare_all(&story, &stores).await;
    }
    // The stories have met all sorts of answers, refusals too.
    for kind in [
        "RecordedLogin",
        "New",
        "Mine",
        "Foreign",
        "Fresh",
        "Again",
        "Granted",
        "Newer",
        "Busy",
        "Stored",
        "Refused",
        "Conflict",
    ] {
        assert!(answers.contains(kind), "no {kind} in {answers:?}");
    }
}
