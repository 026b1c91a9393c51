//! The demo page and what it is told.

use http::StatusCode;
use weiqiao_app::AuthMode;

use crate::WECHAT_JS_SDK_SCRIPT;
use crate::testing::World;

#[tokio::test]
async fn the_page_is_told_the_facts_and_no_secret() {
    let world = World::open().await;
    let facts = world.get("/wechat/demo/config.json").await;
    facts.is(StatusCode::OK);
    assert_eq!(facts.json()["mode"], "open");
    assert_eq!(facts.json()["emulated"], true);
    assert_eq!(facts.json()["jweixinUrl"], format!("{}/open/js/jweixin-1.6.0.js", world.emulator.url()));
    assert_eq!(facts.json()["account"], "official");
    assert_eq!(facts.json()["loginUrl"], "/wechat/auth");
    assert!(!facts.text().contains(&"1".repeat(32)));
}

#[tokio::test]
async fn with_wechats_own_script_nothing_is_emulated() {
    let world = World::with(AuthMode::Strict, "https://app.example.com/", |plan| {
        plan.http.js_sdk_script_url = WECHAT_JS_SDK_SCRIPT.parse().unwrap();
        plan.app.accounts.clear();
    })
    .await;
    let facts = world.get("/wechat/demo/config.json").await;
    assert_eq!((&facts.json()["mode"], &facts.json()["emulated"]), (&"strict".into(), &false.into()));
    assert!(facts.json()["account"].is_null());
}

#[tokio::test]
async fn both_addresses_show_the_page_under_a_strict_policy() {
    let world = World::open().await;
    for path in ["/wechat/frontend-driven", "/wechat/demo"] {
        let page = world.browser().open(path).await;
        page.is(StatusCode::OK);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("base-uri 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        assert!(page.header("permissions-policy").contains("camera=()"));
        assert!(!page.text().contains("onclick=") && !page.text().contains("<script>"), "{}", page.text());
    }
}

#[cfg(not(feature = "web"))]
#[tokio::test]
async fn without_the_feature_the_page_says_how_to_get_it() {
    let world = World::open().await;
    assert!(world.get("/wechat/demo").await.text().contains("make web"));
    world.get("/wechat/demo/assets/index.js").await.is(StatusCode::NOT_FOUND).code("NOT_FOUND");
}

#[cfg(feature = "web")]
#[tokio::test]
async fn the_files_of_the_page_are_kept_by_browsers() {
    let world = World::open().await;
    let page = world.get("/wechat/demo").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains(&format!("script-src 'self' {}", world.emulator.url())), "{policy}");
    let script =
        page.text().split('"').find(|part| part.starts_with("/wechat/demo/assets/") && part.ends_with(".js")).unwrap();
    let answer = world.get(script).await;
    assert!(answer.is(StatusCode::OK).header("cache-control").contains("immutable"));
    assert!(answer.header("content-type").contains("javascript"));
    let tag = answer.header("etag");
    let again = world.request("GET", script).header("if-none-match", tag).send().await;
    assert_eq!(again.is(StatusCode::NOT_MODIFIED).text(), "");
    for path in ["/wechat/demo/index.html", "/wechat/demo/..%2f..%2fCargo.toml", "/wechat/demo/assets/none.js"] {
        world.get(path).await.is(StatusCode::NOT_FOUND);
    }
}
