//! What happens on the way of nearly every request: checking a session, signing a page, reading a user.
//!
//! SQLite and in-process coordination; WeChat is emulated and asked once. Run with `cargo bench -p weiqiao-app`.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use url::Url;
use weiqiao_app::usecase::jssdk::sign_page;
use weiqiao_app::usecase::login::{Browser, CodeLogin, LoginAnswer, login_with_code};
use weiqiao_app::usecase::session::verify_session;
use weiqiao_app::usecase::user::read_user;
use weiqiao_app::{AccountSettings, App, AppParts, AppSettings, AuthMode, Caller, SecretSettings};
use weiqiao_coord::Coord;
use weiqiao_model::{AccountKind, AccountName, OsRng, SystemClock};
use weiqiao_store::{Store, StoreConfig};
use weixin::{Client, TokenMode};
use weixin_emulator::{CodeKind, Emulator, Scope};

struct Service {
    app: App,
    answer: LoginAnswer,
    _wechat: Emulator,
    _folder: TempDir,
}

async fn service() -> Service {
    let (wechat, folder) = (Emulator::start().await, tempfile::tempdir().unwrap());
    let store = Store::open(&StoreConfig::Sqlite { path: folder.path().join("weiqiao.db") }).await.unwrap();
    store.migrate().await.unwrap();
    let secrets = SecretSettings {
        master: "bench-master-0123456789abcdef-0123456789".into(),
        master_previous: Vec::new(),
        jwt: "bench-jwt-secret-0123456789abcdef-012345".into(),
        jwt_previous: None,
    };
    let account = AccountSettings {
        name: AccountName::new("official").unwrap(),
        kind: AccountKind::Official,
        app_id: "wx1111111111111111".into(),
        app_secret: "1".repeat(32).into(),
        token_mode: TokenMode::Stable,
        group: None,
    };
    let public_url = Url::parse("http://localhost:3001").unwrap();
    let mut settings = AppSettings::new(AuthMode::Open, public_url, secrets).with_account(account);
    settings.js_safe_domains = Some(vec!["example.com".to_owned()]);
    let app = App::start(AppParts {
        settings,
        store,
        coord: Coord::memory(Arc::new(SystemClock), Arc::new(OsRng)),
        weixin: Client::builder().all_bases(Url::parse(wechat.url()).unwrap()),
        clock: Arc::new(SystemClock),
        rng: Arc::new(OsRng),
    })
    .await
    .unwrap();
    let code = wechat.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::UserInfo));
    let browser = Browser::default();
    let login =
        CodeLogin { account: None, code: &code, state: None, browser: &browser, user_agent: None, ip: None, key: None };
    let answer = login_with_code(&app, login).await.unwrap();
    Service { app, answer, _wechat: wechat, _folder: folder }
}

fn hot(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let service = runtime.block_on(service());
    let (app, token, openid) = (&service.app, &service.answer.token, &service.answer.user_info.openid);
    let page = "https://h5.example.com/shop/detail?id=42&from=singlemessage#/top";
    criterion.bench_function("jssdk/sign_page", |bencher| {
        bencher.to_async(&runtime).iter(|| async { sign_page(app, None, black_box(page)).await.unwrap() });
    });
    criterion.bench_function("session/verify", |bencher| {
        bencher.to_async(&runtime).iter(|| async { verify_session(app, black_box(token)).await.unwrap() });
    });
    criterion.bench_function("user/read", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| async { read_user(app, &Caller::Anonymous, None, black_box(openid)).await.unwrap() });
    });
}

criterion_group!(benches, hot);
criterion_main!(benches);
