//! T-18, T-93, T-95 for this crate: no secret is in the database file, in an error or in a `Debug` text.

use weiqiao_app::usecase::login::Flow;
use weiqiao_app::usecase::staff::{NewStaff, create_staff};
use weixin::TokenKind;

use crate::support::{JWT, MASTER, World, come_back, logged_in, open};

#[tokio::test]
async fn no_secret_lies_open_in_the_database() {
    let world = World::with(crate::support::Stage::Embedded, open()).await.unwrap();
    let mut secrets = vec![MASTER.to_owned(), JWT.to_owned(), "1".repeat(32), "2".repeat(32)];
    let (started, browser) = world.started(Flow::Page).await;
    let code = world.code();
    secrets.extend([code.clone(), started.state.clone(), browser.cookie.as_ref().unwrap().expose().to_owned()]);
    let (answer, _) = logged_in(come_back(&world.app, Some(&code), Some(&started.state), &browser).await);
    secrets.push(answer.token.clone());
    let mini_code = world.mini_code();
    let mini = crate::mini::login(&world, &mini_code).await.unwrap();
    secrets.extend([mini_code, mini.token.clone()]);
    let new = NewStaff::with_password("lina", "correct horse battery", weiqiao_model::Role::Admin);
    create_staff(&world.app, weiqiao_app::Actor::Cli, new).await.unwrap();
    secrets.push("correct horse battery".into());
    let account = &world.app.accounts().named("official").unwrap().weixin;
    for kind in [TokenKind::Access, TokenKind::JsapiTicket] {
        secrets.push(world.app.weixin().token(account, kind).await.unwrap().value.expose().to_owned());
    }
    // What WeChat answered: user tokens and the session key.
    for path in ["/sns/oauth2/access_token", "/sns/jscode2session"] {
        let answer: serde_json::Value = serde_json::from_str(&world.wechat.ledger(path)[0].answer).unwrap();
        for field in ["access_token", "refresh_token", "session_key"] {
            secrets.extend(answer[field].as_str().map(str::to_owned));
        }
    }
    assert!(secrets.len() >= 16);

    // Who it is is nobody's business either.
    let person = &answer.user_info;
    secrets.extend([person.openid.clone(), person.nickname.clone(), person.headimgurl.clone(), mini.openid.clone()]);
    secrets.extend(person.unionid.clone());
    let shown = format!("{answer:?}{mini:?}{:?}{:?}{:?}", world.app, world.settings, world.app.token_source());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(world.engines.folder.path()).unwrap() {
        files.push(std::fs::read(entry.unwrap().path()).unwrap());
    }
    assert!(files.iter().any(|file| contains(file, answer.user_id.as_bytes())), "the files hold the data");
    for secret in &secrets {
        assert!(!shown.contains(secret.as_str()), "a Debug text shows {secret}");
        assert!(!files.iter().any(|file| contains(file, secret.as_bytes())), "the database holds {secret}");
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
