//! Pages behind `RequireWechatLogin`, as browsers see them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::{any, get};
use tower::ServiceExt as _;
use url::Url;
use weixin::axum::{LoginSetupError, RequireWechatLogin, WechatUser};
use weixin::oauth::Scope;
use weixin::{Account, Client};
use weixin_emulator::{CodeKind, Emulator, PersonaSeed};

use crate::support::ManualClock;

const KEY: &[u8] = b"the cookie key of these tests, 32+ bytes";

struct World {
    wechat: Emulator,
    clock: ManualClock,
    app: Router,
}

fn login(wechat: &Emulator, clock: &ManualClock, origin: &str) -> Result<RequireWechatLogin, LoginSetupError> {
    let client = Client::builder().all_bases(wechat.url().parse().unwrap()).clock(Arc::new(clock.clone()));
    let account = Account::new("wx1111111111111111".into(), "11111111111111111111111111111111".into());
    RequireWechatLogin::new(client.build().unwrap(), account, origin, KEY)
}

async fn world_at(origin: &str, change: impl FnOnce(RequireWechatLogin) -> RequireWechatLogin) -> World {
    let (wechat, clock) = (Emulator::start().await, ManualClock::new());
    let page = |user: WechatUser| async move { format!("{} {}", user.openid, user.nickname) };
    let protected = Router::new().route("/me", any(page)).layer(change(login(&wechat, &clock, origin).unwrap()));
    let app = Router::new().nest("/shop", protected).route("/open", get(|| async { "open" }));
    World { wechat, clock, app }
}

async fn world() -> World {
    world_at("https://shop.example.com", |login| login).await
}

/// A browser that keeps cookies.
struct Browser<'a> {
    world: &'a World,
    jar: Mutex<BTreeMap<String, String>>,
}

impl<'a> Browser<'a> {
    fn new(world: &'a World) -> Self {
        Self { world, jar: Mutex::default() }
    }

    async fn send(&self, request: axum::http::request::Builder) -> Response {
        let jar: Vec<_> = self.jar.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header("cookie", jar.join("; ")).body(Body::empty()).unwrap();
        let answer = self.world.app.clone().oneshot(request).await.unwrap();
        for line in answer.headers().get_all("set-cookie") {
            let (pair, flags) = line.to_str().unwrap().split_once(';').unwrap();
            assert!(flags.contains("HttpOnly") && flags.contains("SameSite=Lax"), "{flags}");
            let (name, value) = pair.split_once('=').unwrap();
            self.jar.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    async fn open(&self, path: &str) -> Response {
        self.send(Request::get(path).header("accept", "text/html")).await
    }

    /// Opens a page and is sent to WeChat: the state.
    async fn begin(&self, path: &str) -> String {
        let answer = self.open(path).await;
        let wechat = location(&answer);
        assert!(wechat.as_str().starts_with(self.world.wechat.url()), "{wechat}");
        assert!(wechat.as_str().ends_with("#wechat_redirect"), "{wechat}");
        wechat.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned()
    }
}

impl World {
    fn code(&self, persona: &str) -> String {
        self.wechat.persona_code(persona, "official", CodeKind::OAuth(weixin_emulator::Scope::UserInfo))
    }
}

fn location(answer: &Response) -> Url {
    assert_eq!(answer.status(), StatusCode::FOUND);
    answer.headers()["location"].to_str().unwrap().parse().unwrap()
}

async fn text(answer: Response) -> String {
    String::from_utf8(to_bytes(answer.into_body(), 100_000).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn two_redirects_and_the_page_is_there_with_its_own_parameters() {
    let world = world().await;
    let person = Browser::new(&world);
    let state = person.begin("/shop/me?order=1&q=%E4%B8%AD").await;
    let back = format!("/shop/me?order=1&q=%E4%B8%AD&code={}&state={state}", world.code("xiaoming"));
    let (one, two) = tokio::join!(person.open(&back), person.open(&back));
    for answer in [&one, &two] {
        let page = location(answer);
        assert_eq!(page.as_str(), "https://shop.example.com/shop/me?order=1&q=%E4%B8%AD&wechat_auth=success");
    }
    assert_eq!(world.wechat.calls("/sns/oauth2/access_token"), 1);
    let page = person.open("/shop/me?order=1&q=%E4%B8%AD&wechat_auth=success").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(text(page).await, format!("{} 小明", world.wechat.openid("xiaoming", "official")));
    assert_eq!(person.send(Request::post("/shop/me")).await.status(), StatusCode::OK);
    assert!(person.jar.lock().unwrap().keys().all(|name| name.starts_with("__Host-wx-")));

    world.clock.advance(Duration::from_secs(86_400));
    person.begin("/shop/me").await;
    assert_eq!(text(person.open("/open").await).await, "open");
}

#[tokio::test]
async fn another_browser_a_made_up_or_an_old_state_logs_nobody_in() {
    let world = world().await;
    let (person, other) = (Browser::new(&world), Browser::new(&world));
    let state = person.begin("/shop/me").await;
    let back = format!("/shop/me?code={}&state={state}", world.code("xiaoming"));
    for (browser, address) in [
        (&other, back.clone()),
        (&person, back.replace(&state, &"a".repeat(32))),
        (&person, back.replace(&state, "x")),
        (&person, back.replace(&state, "%E5%B0%8F")),
    ] {
        let answer = browser.open(&address).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{address}");
        assert!(text(answer).await.contains("href=\"/shop/me\""));
    }
    world.clock.advance(Duration::from_secs(600));
    assert_eq!(person.open(&back).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(world.wechat.calls("/sns/oauth2/access_token"), 0);
}

#[tokio::test]
async fn nobody_goes_round_in_circles() {
    let world = world().await;
    let person = Browser::new(&world);
    let state = person.begin("/shop/me").await;
    let declined = person.open(&format!("/shop/me?state={state}")).await;
    assert_eq!(declined.status(), StatusCode::FORBIDDEN);
    assert!(text(declined).await.contains("您没有同意授权"));
    let forgetful = Browser::new(&world).open("/shop/me?wechat_auth=success").await;
    assert_eq!(forgetful.status(), StatusCode::BAD_REQUEST);
    let refused = person.open(&format!("/shop/me?code=never-issued&state={state}")).await;
    assert_eq!(refused.status(), StatusCode::BAD_GATEWAY);

    let seed = PersonaSeed { id: Some("xiaohong".to_owned()), snapshot: Some(true), ..PersonaSeed::default() };
    world.wechat.engine().put_persona(seed).unwrap();
    let snapshot = person.open(&format!("/shop/me?code={}&state={state}", world.code("xiaohong"))).await;
    assert_eq!(snapshot.status(), StatusCode::FORBIDDEN);
    assert!(text(snapshot).await.contains("使用完整服务"));
}

#[tokio::test]
async fn scripts_and_forms_are_told_instead_of_sent_away() {
    let world = world().await;
    let person = Browser::new(&world);
    for request in [
        Request::post("/shop/me"),
        Request::get("/shop/me").header("accept", "application/json"),
        Request::get("/shop/me").header("sec-fetch-mode", "cors"),
    ] {
        assert_eq!(person.send(request).await.status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn cookies_of_others_are_worth_nothing() {
    let world = world().await;
    let person = Browser::new(&world);
    let state = person.begin("/shop/me").await;
    person.open(&format!("/shop/me?code={}&state={state}", world.code("xiaoming"))).await;
    let name = "__Host-wx-user";
    let own = person.jar.lock().unwrap()[name].clone();
    let forged = [own.replace('.', "A."), own.split('.').next().unwrap().to_owned(), "e30.e30".to_owned()];
    for cookie in forged {
        person.jar.lock().unwrap().insert(name.to_owned(), cookie);
        person.begin("/shop/me").await;
    }
    // The state's own signature is no person's.
    let signed = person.jar.lock().unwrap().iter().find(|(name, _)| name.contains("state")).unwrap().1.clone();
    person.jar.lock().unwrap().insert(name.to_owned(), signed);
    person.begin("/shop/me").await;
    person.jar.lock().unwrap().insert(name.to_owned(), own);
    assert_eq!(person.open("/shop/me").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn strange_paths_never_lead_to_another_host() {
    let world = world().await;
    let app = Router::new().fallback(|| async { "page" });
    let app = app.layer(login(&world.wechat, &world.clock, "http://localhost:8000").unwrap().scope(Scope::Base));
    for path in ["//evil.test/x", "/\\evil.test", "/%5C%5Cevil.test", "/a?next=https://evil.test"] {
        let request = Request::get(path).header("host", "evil.test").body(Body::empty());
        let Ok(request) = request else { continue };
        let wechat = location(&app.clone().oneshot(request).await.unwrap());
        let back = wechat.query_pairs().find(|(key, _)| key == "redirect_uri").unwrap().1.into_owned();
        let back: Url = back.parse().unwrap();
        assert_eq!(back.origin().ascii_serialization(), "http://localhost:8000", "{path}");
        assert!(wechat.query_pairs().any(|(key, value)| key == "scope" && value == "snsapi_base"));
    }
}

#[tokio::test]
async fn what_cannot_be_set_up_is_said() {
    let (wechat, clock) = (Emulator::start().await, ManualClock::new());
    for origin in ["", "shop.example.com", "ftp://shop.example.com", "https://shop.example.com/path"] {
        assert_eq!(login(&wechat, &clock, origin).unwrap_err(), LoginSetupError::Origin, "{origin}");
    }
    let client = Client::builder().build().unwrap();
    let account = Account::new("wx1".into(), "s".into());
    let short = RequireWechatLogin::new(client, account, "https://a.example", b"short").unwrap_err();
    assert_eq!(short, LoginSetupError::Key);
}
