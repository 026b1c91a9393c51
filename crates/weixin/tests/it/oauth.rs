//! `weixin::oauth::OAuth` against the emulator: one exchange per code.

use std::sync::Arc;
use std::time::Duration;

use weixin::oauth::OAuth;
use weixin::{Account, Client, ErrCode};
use weixin_emulator::{CodeKind, Emulator, Fault, Scope};

use crate::support::ManualClock;

fn oauth(wechat: &Emulator, clock: &ManualClock) -> OAuth {
    let client = Client::builder().all_bases(wechat.url().parse().unwrap()).clock(Arc::new(clock.clone()));
    let account = Account::new("wx1111111111111111".into(), "11111111111111111111111111111111".into());
    OAuth::new(client.build().unwrap(), account)
}

fn code(wechat: &Emulator, scope: Scope) -> String {
    wechat.persona_code("xiaoming", "official", CodeKind::OAuth(scope))
}

const EXCHANGE: &str = "/sns/oauth2/access_token";

#[tokio::test]
async fn however_many_bring_a_code_it_is_exchanged_once() {
    let (wechat, clock) = (Emulator::start().await, ManualClock::new());
    let (oauth, code) = (oauth(&wechat, &clock), code(&wechat, Scope::UserInfo));
    let people = futures_util::future::join_all((0..20).map(|_| oauth.user_info(&code))).await;
    assert!(people.into_iter().all(|person| person.unwrap().nickname == "小明"));
    let token = oauth.clone().access_token(&code).await.unwrap();
    assert_eq!(wechat.calls(EXCHANGE), 1);
    assert_eq!(oauth.refresh_token(token.refresh_token.expose()).await.unwrap().openid, token.openid);

    clock.advance(Duration::from_secs(61));
    assert!(oauth.access_token(&code).await.is_err());
    assert_eq!(wechat.calls(EXCHANGE), 1);
}

#[tokio::test]
async fn a_silent_login_knows_the_openid_and_asks_no_more() {
    let (wechat, clock) = (Emulator::start().await, ManualClock::new());
    let person = oauth(&wechat, &clock).user_info(&code(&wechat, Scope::Base)).await.unwrap();
    assert_eq!(
        (person.openid.as_str(), person.nickname.as_str()),
        (wechat.openid("xiaoming", "official").as_str(), "")
    );
    assert_eq!(wechat.calls("/sns/userinfo"), 0);
}

#[tokio::test]
async fn a_refusal_is_told_to_everybody_and_being_busy_is_forgotten() {
    let (wechat, clock) = (Emulator::start().await, ManualClock::new());
    let (oauth, code) = (oauth(&wechat, &clock), code(&wechat, Scope::UserInfo));
    for _ in 0..3 {
        let refused = oauth.access_token("never-issued").await.unwrap_err();
        assert_eq!(refused.errcode(), Some(ErrCode::INVALID_CODE));
    }
    assert_eq!(wechat.calls(EXCHANGE), 1);
    wechat.fault(Fault::on(EXCHANGE).errcode(45011).times(1));
    oauth.access_token(&code).await.unwrap_err();
    oauth.access_token(&code).await.unwrap();
}
