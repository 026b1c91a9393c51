//! What happens to tokens and people over hours and days, against the emulator.

use futures_util::future::join_all;
use serde_json::json;
use weixin::api::Language;
use weixin::api::cgi_bin::ClearQuota;
use weixin::api::cgi_bin::GetApiDomainIp;
use weixin::api::cgi_bin::token::GetStableToken;
use weixin::api::sns::{CheckOAuthToken, CodeToSession, ExchangeCode, FetchUserProfile, OAuthToken, RefreshOAuthToken};
use weixin::api::wxa::{CheckSessionKey, GetPhoneNumber};
use weixin::oauth::{AuthorizeUrl, Scope as LinkScope};
use weixin::{Account, Client, ErrorKind, OneTimeCode, Retry, TokenKind};
use weixin_emulator::{AccountKind, AccountSeed, CodeKind, Fault, PersonaSeed, Scope};

use crate::emulated::{Bed, classic};

async fn ask(client: &Client, account: &Account) -> Result<(), weixin::Error> {
    client.send(account, GetApiDomainIp {}).await.map(|_| ())
}

#[tokio::test]
async fn a_hundred_callers_at_every_expiry_make_one_fetch() {
    for mode in [|account: &Account| account.clone(), classic] {
        let bed = Bed::start().await;
        let account = mode(&bed.official);
        for expiry in 1..=12 {
            for result in join_all((0..100).map(|_| ask(&bed.client, &account))).await {
                result.unwrap();
            }
            assert_eq!(bed.token_fetches(), expiry, "{account:?}");
            bed.hours(2);
        }
    }
}

#[tokio::test]
async fn a_day_of_calls_every_minute_makes_one_fetch_per_life() {
    for (mode, lives) in
        [((|account: &Account| account.clone()) as fn(&Account) -> Account, 13..=13), (classic, 14..=15)]
    {
        let bed = Bed::start().await;
        let account = mode(&bed.official);
        for _ in 0..24 * 60 {
            ask(&bed.client, &account).await.unwrap();
            bed.minutes(1);
        }
        assert!(lives.contains(&bed.token_fetches()), "{account:?}: {}", bed.token_fetches());
        let refused = bed.emulator.ledger("/cgi-bin/get_api_domain_ip").iter().filter(|call| call.errcode != 0).count();
        assert_eq!(refused, 0, "early renewal leaves no call with a dead token");
    }
}

#[tokio::test]
async fn a_stolen_token_fails_no_call_and_costs_one_fetch() {
    for mode in [|account: &Account| account.clone(), classic] {
        let bed = Bed::start().await;
        let account = mode(&bed.official);
        ask(&bed.client, &account).await.unwrap();
        for theft in 1..=20 {
            bed.emulator.steal_token("official");
            for result in join_all((0..100).map(|_| ask(&bed.client, &account))).await {
                result.unwrap();
            }
            assert_eq!(bed.token_fetches(), 1 + theft, "{account:?}");
        }
    }
}

#[tokio::test]
async fn a_classic_token_fetched_by_another_program_leaves_ours_five_minutes() {
    let bed = Bed::start().await;
    let account = classic(&bed.official);
    let other = bed.other_program();
    ask(&bed.client, &account).await.unwrap();
    ask(&other, &account).await.unwrap();
    bed.minutes(4);
    ask(&bed.client, &account).await.unwrap();
    assert_eq!(bed.token_fetches(), 2, "inside the overlap both work");
    bed.minutes(2);
    ask(&bed.client, &account).await.unwrap();
    assert_eq!(bed.token_fetches(), 3, "after it ours is dead, and replaced without anyone noticing");
    ask(&other, &account).await.unwrap();
    assert_eq!(bed.token_fetches(), 3, "theirs has its own five minutes now");
}

#[tokio::test]
async fn stable_tokens_of_two_programs_do_not_disturb_each_other() {
    let bed = Bed::start().await;
    let other = bed.other_program();
    for _ in 0..10 {
        ask(&bed.client, &bed.official).await.unwrap();
        ask(&other, &bed.official).await.unwrap();
        bed.minutes(10);
    }
    let ours = bed.client.token(&bed.official, TokenKind::Access).await.unwrap();
    let theirs = other.token(&bed.official, TokenKind::Access).await.unwrap();
    assert_eq!(ours.value, theirs.value);
    assert_eq!(bed.token_fetches(), 2);
}

#[tokio::test]
async fn a_forced_refresh_by_a_person_is_survived() {
    let bed = Bed::start().await;
    ask(&bed.client, &bed.official).await.unwrap();
    bed.minutes(1);
    let forced = bed.other_program().send(&bed.official, GetStableToken { force_refresh: true }).await.unwrap();
    ask(&bed.client, &bed.official).await.unwrap();
    let ours = bed.client.token(&bed.official, TokenKind::Access).await.unwrap();
    assert_eq!((ours.value, ours.generation), (forced.access_token, 2));
}

#[tokio::test]
async fn an_address_that_is_not_listed_stops_before_the_call_and_names_the_address() {
    let bed = Bed::start().await;
    bed.emulator.add_account(AccountSeed {
        name: "guarded".into(),
        kind: AccountKind::Official,
        app_id: "wx5555555555555555".into(),
        app_secret: "55555555555555555555555555555555".into(),
        ip_whitelist: vec!["10.0.0.1".into()],
        ..AccountSeed::default()
    });
    let guarded = Account::new("wx5555555555555555".into(), "55555555555555555555555555555555".into());
    for _ in 0..100 {
        let error = ask(&bed.client, &guarded).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TokenRefused(_)), "{error:?}");
        assert_eq!(error.errcode().unwrap().get(), 40164);
        assert!(error.errmsg().unwrap().contains("127.0.0.1"), "{error}");
    }
    assert_eq!(bed.token_fetches(), 1);
    assert_eq!(bed.emulator.calls("/cgi-bin/get_api_domain_ip"), 0);
}

#[tokio::test]
async fn work_done_behind_a_lost_answer_is_uncertain_and_not_repeated() {
    let bed = Bed::start().await;
    let clear = || ClearQuota { appid: bed.official.app_id().clone() };
    bed.emulator.fault(Fault::on("/cgi-bin/clear_quota").reset().deliver());
    let error = bed.client.send(&bed.official, clear()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Uncertain(_)), "{error:?}");
    assert_eq!(error.retry(), Retry::Maybe);
    let calls = bed.emulator.ledger("/cgi-bin/clear_quota");
    assert_eq!((calls.len(), calls[0].delivered), (1, true));
}

async fn login(bed: &Bed, persona: &str, scope: Scope) -> OAuthToken {
    let code = bed.oauth_code(persona, scope).into();
    bed.client.send(&bed.official, ExchangeCode { code }).await.unwrap()
}

async fn profile(bed: &Bed, token: &OAuthToken) -> Result<weixin::api::sns::UserProfile, weixin::Error> {
    let (access_token, openid) = (token.access_token.clone(), token.openid.clone());
    bed.client.send(&bed.official, FetchUserProfile { access_token, openid, lang: Language::default() }).await
}

#[tokio::test]
async fn a_code_works_once_and_not_for_ever() {
    let bed = Bed::start().await;
    let exchange = async |code: &str| {
        bed.client.send(&bed.official, ExchangeCode { code: code.into() }).await.map_err(|e| e.errcode().unwrap().get())
    };
    let code = bed.oauth_code("xiaoming", Scope::UserInfo);
    exchange(&code).await.unwrap();
    assert_eq!(exchange(&code).await.unwrap_err(), 40163);
    assert_eq!(exchange("041abcdefghijklmnopqrstuvwxyz012").await.unwrap_err(), 40029);
    let late = bed.oauth_code("xiaoming", Scope::UserInfo);
    bed.minutes(6);
    assert_eq!(exchange(&late).await.unwrap_err(), 40029);
    let of_the_mini_program = bed.emulator.persona_code("xiaoming", "mini", CodeKind::Mini);
    assert_eq!(exchange(&of_the_mini_program).await.unwrap_err(), 40029);
    assert_eq!(bed.token_fetches(), 0, "login needs no token of the account");
}

#[tokio::test]
async fn a_silent_login_tells_who_and_nothing_more() {
    let bed = Bed::start().await;
    let token = login(&bed, "xiaohong", Scope::Base).await;
    assert_eq!(token.openid.as_str(), bed.emulator.openid("xiaohong", "official"));
    assert_eq!(token.scope, "snsapi_base");
    let error = profile(&bed, &token).await.unwrap_err();
    assert_eq!((error.errcode().unwrap().get(), error.retry()), (48001, Retry::Never));
}

#[tokio::test]
async fn a_persons_token_is_renewed_for_thirty_days() {
    let bed = Bed::start().await;
    let mut token = login(&bed, "xiaoming", Scope::UserInfo).await;
    let refresh_token = token.refresh_token.clone();
    for _ in 0..3 {
        bed.hours(24);
        let error = profile(&bed, &token).await.unwrap_err();
        assert_eq!((error.errcode().unwrap().get(), error.retry()), (42001, Retry::RefreshToken));
        let request = RefreshOAuthToken { refresh_token: refresh_token.clone() };
        token.access_token = bed.client.send(&bed.official, request).await.unwrap().access_token;
        assert_eq!(profile(&bed, &token).await.unwrap().nickname, "小明");
    }
    bed.hours(24 * 28);
    let error = bed.client.send(&bed.official, RefreshOAuthToken { refresh_token }).await.unwrap_err();
    assert_eq!((error.errcode().unwrap().get(), error.retry()), (42002, Retry::Never));
}

#[tokio::test]
async fn a_changed_password_ends_everything() {
    let bed = Bed::start().await;
    let token = login(&bed, "xiaoming", Scope::UserInfo).await;
    bed.emulator.engine().change_password("xiaoming").unwrap();
    let request = RefreshOAuthToken { refresh_token: token.refresh_token };
    let error = bed.client.send(&bed.official, request).await.unwrap_err();
    assert_eq!((error.errcode().unwrap().get(), error.retry()), (42007, Retry::Never));
}

#[tokio::test]
async fn one_person_has_one_unionid_and_an_openid_per_account() {
    let bed = Bed::start().await;
    let official = login(&bed, "xiaoming", Scope::UserInfo).await;
    let js_code = bed.emulator.persona_code("xiaoming", "mini", CodeKind::Mini).into();
    let mini = bed.client.send(&bed.mini, CodeToSession { js_code }).await.unwrap();
    let code = bed.emulator.persona_code("xiaoming", "website", CodeKind::OAuth(Scope::Login)).into();
    let website = bed.client.send(&bed.website, ExchangeCode { code }).await.unwrap();
    assert!(official.unionid.is_some());
    assert_eq!(official.unionid, mini.unionid);
    assert_eq!(official.unionid, website.unionid);
    assert!(official.openid != mini.openid && official.openid != website.openid);
}

#[tokio::test]
async fn a_snapshot_page_gives_a_person_who_is_none() {
    let bed = Bed::start().await;
    let seed = PersonaSeed { id: Some("ghost".into()), snapshot: Some(true), ..PersonaSeed::default() };
    bed.emulator.engine().put_persona(seed).unwrap();
    assert!(login(&bed, "ghost", Scope::UserInfo).await.is_snapshotuser);
    assert!(!login(&bed, "xiaoming", Scope::UserInfo).await.is_snapshotuser);
}

#[tokio::test]
async fn whatever_people_call_themselves_they_can_log_in() {
    let bed = Bed::start().await;
    for (id, nickname, read) in [
        ("control", "a\u{0}b\u{7}c\u{1f}\u{7f}", "abc"),
        ("family", "👨‍👩‍👧‍👦é\u{202e}\u{e056}", "👨‍👩‍👧‍👦é\u{202e}\u{e056}"),
        ("quotes", "\"\\u\\x</script>'", "\"\\u\\x</script>'"),
    ] {
        let seed = PersonaSeed { id: Some(id.into()), nickname: Some(nickname.into()), ..PersonaSeed::default() };
        bed.emulator.engine().put_persona(seed).unwrap();
        let token = login(&bed, id, Scope::UserInfo).await;
        assert_eq!(profile(&bed, &token).await.unwrap().nickname, read, "{id}");
    }
}

#[tokio::test]
async fn a_session_key_is_good_until_the_next_one() {
    let bed = Bed::start().await;
    let session = async || {
        let js_code = bed.emulator.persona_code("xiaohong", "mini", CodeKind::Mini).into();
        bed.client.send(&bed.mini, CodeToSession { js_code }).await.unwrap()
    };
    let check = async |session: &weixin::api::sns::MiniSession| {
        bed.client.send(&bed.mini, CheckSessionKey::new(session.openid.clone(), &session.session_key)).await
    };
    let first = session().await;
    check(&first).await.unwrap();
    bed.hours(24);
    let second = session().await;
    assert_ne!(first.session_key, second.session_key);
    assert_eq!(check(&first).await.unwrap_err().errcode().unwrap().get(), 87009);
    check(&second).await.unwrap();
}

#[tokio::test]
async fn codes_of_the_wrong_kind_are_refused() {
    let bed = Bed::start().await;
    let phone: OneTimeCode = bed.emulator.persona_code("xiaohong", "mini", CodeKind::Phone).into();
    let error = bed.client.send(&bed.mini, CodeToSession { js_code: phone.clone() }).await.unwrap_err();
    assert_eq!(error.errcode().unwrap().get(), 40029);
    let login: OneTimeCode = bed.emulator.persona_code("xiaohong", "mini", CodeKind::Mini).into();
    let error = bed.client.send(&bed.mini, GetPhoneNumber { code: login, openid: None }).await.unwrap_err();
    assert_eq!(error.errcode().unwrap().get(), 40029);
    bed.client.send(&bed.mini, GetPhoneNumber { code: phone, openid: None }).await.unwrap();
}

#[tokio::test]
async fn a_signed_page_is_accepted_by_the_emulated_browser() {
    let bed = Bed::start().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for page in ["http://localhost:3001/wechat/demo?from=singlemessage&a=%E4%BD%A0", "http://localhost:3001/#/route"] {
        let config = bed.client.sign_js_sdk(&bed.official, page).await.unwrap();
        let mut check = serde_json::to_value(&config).unwrap();
        check["url"] = json!(page);
        let verify = async |check: &serde_json::Value| {
            let address = format!("{}/_emulator/jssdk/verify", bed.emulator.url());
            let answer = http.post(address).json(check).send().await.unwrap();
            answer.json::<serde_json::Value>().await.unwrap()
        };
        assert_eq!(verify(&check).await["ok"], true, "{page}: {:?}", verify(&check).await);
        check["url"] = json!("http://localhost:3001/another");
        assert_eq!(verify(&check).await["ok"], false);
    }
    assert_eq!(bed.emulator.calls("/cgi-bin/ticket/getticket"), 1);
}

#[tokio::test]
async fn the_login_links_are_taken() {
    let bed = Bed::start().await;
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let target = "http://localhost:3001/wechat/callback?back=%2Fx&y=中#/route";
    let link = |account: &Account, scope| {
        AuthorizeUrl::new(account.app_id(), target, scope, "state0123").build(bed.client.bases()).unwrap()
    };
    for (account, scope) in [(&bed.official, LinkScope::UserInfo), (&bed.website, LinkScope::Login)] {
        let page = http.get(link(account, scope)).send().await.unwrap();
        assert_eq!(page.status(), 200, "{scope:?}");
        assert!(!page.text().await.unwrap().contains("10003"), "{scope:?}: the target is taken");
    }
    let silent = http.get(link(&bed.official, LinkScope::Base)).send().await.unwrap();
    let back = silent.headers()["location"].to_str().unwrap();
    let back = url::Url::parse(back).unwrap();
    let find = |name: &str| back.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!((find("back"), find("y"), find("state")), ("/x".into(), "中".into(), "state0123".into()));
    assert_eq!(back.fragment(), Some("/route"));
    let token = bed.client.send(&bed.official, ExchangeCode { code: find("code").into() }).await.unwrap();
    assert_eq!(token.scope, "snsapi_base");
}

#[tokio::test]
async fn a_refusal_names_its_request_until_wechat_forgets_it() {
    let bed = Bed::start().await;
    let request = CheckOAuthToken { access_token: "nobodys".into(), openid: "o".into() };
    let error = bed.client.send(&bed.official, request).await.unwrap_err();
    assert!(error.errmsg().is_some_and(|text| !text.contains("rid")), "{error:?}");
    let rid = error.rid().unwrap();
    assert_eq!(rid.split('-').map(str::len).collect::<Vec<_>>(), [8, 8, 8]);
}
