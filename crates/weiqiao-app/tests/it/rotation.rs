//! G-40: JWT secret, data key, master key, callback token and AES key, and AppSecret are rotated under load, with rolling
//! restarts of two instances. No request fails.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use rstest::rstest;
use tokio::time::Instant;
use weiqiao_app::callback::AccountCallback;
use weiqiao_app::usecase::callback::{Delivery, receive};
use weiqiao_app::usecase::encryption::{encryption, refresh_keys, reseal_when_due, rotate};
use weiqiao_app::usecase::login::Flow;
use weiqiao_app::usecase::session::verify_session;
use weiqiao_app::usecase::user::{UserStatus, read_user};
use weiqiao_app::{Actor, App, AppSettings, Caller, SecretSettings};
use weiqiao_model::{AccountKind, AccountName};
use weixin_emulator::{AccountKind as EmulatedKind, AccountSeed, CodeKind, Scope};
use weixin_proto::callback::{Mode, Query};
use weixin_proto::sign;

use crate::support::{JWT, MASTER, OFFICIAL, Stage, World, account, begin, open, post, stranger};

const NEW_JWT: &str = "jwt-rotated-0123456789abcdef-0123456789ab";
const NEW_MASTER: &str = "master-rotated-0123456789abcdef-01234567";
const TOKENS: [&str; 2] = ["oldTokenOfTheTests", "newTokenOfTheTests"];

/// What the load shares with the rotation.
struct Town {
    instances: RwLock<Vec<App>>,
    /// The token in WeChat's console.
    console: RwLock<&'static str>,
    sessions: RwLock<Vec<(String, String)>>,
    logins: AtomicBool,
    over: AtomicBool,
    done: AtomicUsize,
    failed: RwLock<Vec<String>>,
}

impl Town {
    fn app(&self, number: usize) -> App {
        let instances = self.instances.read().unwrap();
        instances[number % instances.len()].clone()
    }

    fn count(&self, what: &str, result: Result<(), String>) {
        self.done.fetch_add(1, Ordering::Relaxed);
        if let Err(error) = result {
            self.failed.write().unwrap().push(format!("{what}: {error}"));
        }
    }

    async fn log_in(&self, number: usize, code: String) {
        let browser = stranger();
        // Begun at one instance, finished at the other.
        let started = begin(&self.app(number), Flow::Redirect, &browser).await;
        let answer = match started {
            Ok(started) => {
                let browser = weiqiao_app::usecase::login::Browser { cookie: Some(started.cookie), session: None };
                post(&self.app(number + 1), &code, Some(&started.state), &browser).await
            }
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => {
                self.sessions.write().unwrap().push((answer.token, answer.user_info.openid));
                self.count("login", Ok(()));
            }
            Err(error) => self.count("login", Err(error.to_string())),
        }
    }

    async fn use_it(&self, number: usize) {
        let known = {
            let sessions = self.sessions.read().unwrap();
            sessions.get(number % sessions.len().max(1)).cloned()
        };
        if let Some((token, openid)) = known {
            let session = verify_session(&self.app(number), &token).await;
            self.count("session", session.map(drop).map_err(|error| error.to_string()));
            let read = read_user(&self.app(number + 1), &Caller::Anonymous, None, &openid).await;
            let read = read.map_err(|error| error.to_string()).and_then(|status| match status {
                UserStatus::Known { .. } => Ok(()),
                UserStatus::Unknown => Err("unknown".to_owned()),
                UserStatus::Damaged => Err("damaged".to_owned()),
            });
            self.count("person", read);
        }
        let app = self.app(number);
        let official = app.accounts().named("official").unwrap().weixin.clone();
        let token = app.weixin().token(&official, weixin::TokenKind::Access).await;
        self.count("token", token.map(drop).map_err(|error| error.to_string()));
        self.push(number).await;
    }

    async fn push(&self, number: usize) {
        let app = self.app(number);
        let console = *self.console.read().unwrap();
        let timestamp = app.now_ms().div_euclid(1000).to_string();
        let query = Query {
            signature: sign::callback_signature(console, &timestamp, "1").into(),
            timestamp: timestamp.into(),
            nonce: "1".into(),
            ..Query::default()
        };
        let body = format!(
            "<xml><ToUserName>gh_1</ToUserName><FromUserName>oPerson</FromUserName><CreateTime>1757062690</CreateTime>\
             <MsgType>text</MsgType><Content>x</Content><MsgId>{number}</MsgId></xml>"
        );
        let delivery =
            Delivery { account: None, query: &query, body: body.as_bytes(), source: None, begun: Instant::now() };
        self.count("push", receive(&app, delivery).await.map(drop).map_err(|refusal| format!("{refusal:?}")));
    }
}

fn settings(secrets: SecretSettings, tokens: &[&str], app_secret: &str) -> AppSettings {
    let mut settings = open();
    settings.secrets = secrets;
    settings.accounts[0] = account("official", AccountKind::Official, OFFICIAL, app_secret);
    settings.callback.accounts.push(AccountCallback {
        account: AccountName::new("official").unwrap(),
        mode: Mode::Plain,
        token: tokens[0].into(),
        previous_tokens: tokens[1..].iter().map(|&token| token.into()).collect(),
        aes_key: None,
        previous_aes_keys: Vec::new(),
        original_id: None,
    });
    settings
}

fn secrets(master: [&str; 2], jwt: [&str; 2]) -> SecretSettings {
    let previous = |secret: &str| (!secret.is_empty()).then(|| secret.into());
    SecretSettings {
        master: master[0].into(),
        master_previous: previous(master[1]).into_iter().collect(),
        jwt: jwt[0].into(),
        jwt_previous: previous(jwt[1]),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_fails_while_every_key_is_rotated(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let old_secret = "1".repeat(32);
    let first = settings(secrets([MASTER, ""], [JWT, ""]), &TOKENS[..1], &old_secret);
    let Some(mut world) = World::with(stage, first).await else { return };
    let town = Arc::new(Town {
        instances: RwLock::new(vec![world.app.clone(), world.another().await]),
        console: RwLock::new(TOKENS[0]),
        sessions: RwLock::default(),
        logins: AtomicBool::new(true),
        over: AtomicBool::new(false),
        done: AtomicUsize::new(0),
        failed: RwLock::default(),
    });
    town.log_in(0, world.code()).await;
    let load = (0..4).map(|lane| {
        let (town, wechat) = (Arc::clone(&town), Arc::clone(world.wechat.engine()));
        let code = move || wechat.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::UserInfo)).unwrap();
        tokio::spawn(async move {
            let mut number = lane * 1_000_000;
            while !town.over.load(Ordering::Relaxed) {
                number += 1;
                if number % 5 == 0 && town.logins.load(Ordering::Relaxed) {
                    town.log_in(number, code()).await;
                }
                town.use_it(number).await;
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
    });
    let load: Vec<_> = load.collect();

    let engine = Arc::clone(world.wechat.engine());
    let mut roll = async |settings: AppSettings| {
        world.settings = settings;
        for place in 0..2 {
            let instance = world.another().await;
            town.instances.write().unwrap()[place] = instance;
            pass(&town).await;
        }
    };
    // What is to verify is known everywhere before anybody signs or wraps with it.
    for secrets in [secrets([MASTER, NEW_MASTER], [JWT, NEW_JWT]), secrets([NEW_MASTER, MASTER], [NEW_JWT, JWT])] {
        roll(settings(secrets, &TOKENS[..1], &old_secret)).await;
    }
    // The service takes both tokens, then the console changes.
    let both = || secrets([NEW_MASTER, ""], [NEW_JWT, JWT]);
    roll(settings(both(), &[TOKENS[1], TOKENS[0]], &old_secret)).await;
    *town.console.write().unwrap() = TOKENS[1];
    pass(&town).await;
    // WeChat's console knows one secret at a time: codes cannot be exchanged until the service has the new one, everything
    // else goes on with the token that is there.
    town.logins.store(false, Ordering::Relaxed);
    pass(&town).await;
    let new_secret = "a".repeat(32);
    let seed = AccountSeed {
        name: "official".to_owned(),
        kind: EmulatedKind::Official,
        app_id: OFFICIAL.to_owned(),
        app_secret: new_secret.clone(),
        group: Some("open-platform".to_owned()),
        ..AccountSeed::default()
    };
    engine.add_account(seed).unwrap();
    roll(settings(both(), &[TOKENS[1], TOKENS[0]], &new_secret)).await;
    town.logins.store(true, Ordering::Relaxed);
    // The data key, with the rows behind it.
    rotate(&town.app(0), Actor::Cli).await.unwrap();
    for place in 0..2 {
        refresh_keys(&town.app(place)).await.unwrap();
    }
    world.advance(Duration::from_secs(61));
    refresh_keys(&town.app(0)).await.unwrap();
    pass(&town).await;
    refresh_keys(&town.app(1)).await.unwrap();
    world.advance(Duration::from_secs(61));
    let sealed = reseal_when_due(&town.app(0)).await.unwrap().unwrap();
    assert!(sealed.done > 0 && sealed.damaged == 0, "{sealed:?}");
    pass(&town).await;
    assert_eq!(encryption(&town.app(1)).await.unwrap().total, 0, "nothing is left under the earlier key");

    town.over.store(true, Ordering::Relaxed);
    for lane in load {
        lane.await.unwrap();
    }
    let (done, failed) = (town.done.load(Ordering::Relaxed), town.failed.read().unwrap());
    println!("figure: {done} requests while five keys were rotated, {} failed", failed.len());
    assert!(failed.is_empty(), "{} of {done}: {:?}", failed.len(), &failed[..failed.len().min(5)]);
    assert!(done > 200, "{done}");
}

/// Some load at this state of things.
async fn pass(town: &Town) {
    let before = town.done.load(Ordering::Relaxed);
    let enough = async {
        while town.done.load(Ordering::Relaxed) < before + 60 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), enough).await.expect("the load stands still");
}
