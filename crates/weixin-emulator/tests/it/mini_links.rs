//! Codes, schemes, URL links and short links of mini programs.

use std::time::Duration;

use serde_json::{Value, json};
use weixin_emulator::{AccountKind, AccountSeed, MiniProgram, NfcModel};

use crate::rig::{Answer, MINI, MINI_SECRET, Rig};

async fn post(rig: &Rig, path: &str, body: Value) -> Answer {
    let token = rig.token(MINI, MINI_SECRET).await;
    rig.post(path, &[("access_token", &token)], &body).await
}

#[tokio::test]
async fn codes_are_pictures_and_refusals_are_json() {
    let rig = Rig::new().await;
    let token = rig.token(MINI, MINI_SECRET).await;
    for (path, body, used) in [
        (
            "/wxa/getwxacode",
            json!({ "path": "pages/index/index?a=1", "line_color": { "r": "0", "g": 0, "b": 255 } }),
            "1",
        ),
        ("/cgi-bin/wxaapp/createwxaqrcode", json!({ "path": "pages/index/index", "width": 1280 }), "2"),
        ("/wxa/getwxacodeunlimit", json!({ "scene": "a=1&b=~", "page": "pages/index/index" }), ""),
    ] {
        let response =
            rig.http.post(rig.url(path)).query(&[("access_token", &token)]).json(&body).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "image/jpeg", "{path}");
        assert_eq!(response.headers().get("num-used").map_or("", |used| used.to_str().unwrap()), used, "{path}");
        assert!(response.headers().get("content-disposition").is_none());
        let bytes = response.bytes().await.unwrap();
        assert!(bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.ends_with(&[0xff, 0xd9]), "{path}");
    }
    for (path, body, errcode) in [
        ("/wxa/getwxacode", json!({}), 40159),
        ("/wxa/getwxacode", json!({ "path": "x".repeat(1025) }), 40159),
        ("/wxa/getwxacode", json!({ "path": "p?scancode_time=1" }), 85096),
        ("/wxa/getwxacode", json!({ "path": "p", "line_color": { "r": 256 } }), 40097),
        ("/wxa/getwxacode", json!({ "path": "p", "env_version": "formal" }), 40097),
        ("/wxa/getwxacode", json!({ "path": "p", "width": "wide" }), 40097),
        ("/cgi-bin/wxaapp/createwxaqrcode", json!({ "path": "x".repeat(129) }), 40159),
        ("/wxa/getwxacodeunlimit", json!({}), 40169),
        ("/wxa/getwxacodeunlimit", json!({ "scene": "x".repeat(33) }), 40169),
        ("/wxa/getwxacodeunlimit", json!({ "scene": "中文" }), 40129),
        ("/wxa/getwxacodeunlimit", json!({ "scene": "100%" }), 40129),
        ("/wxa/getwxacodeunlimit", json!({ "scene": "a", "page": "/pages/index" }), 41030),
        ("/wxa/getwxacodeunlimit", json!({ "scene": "a", "page": "pages/index?a=1", "check_path": false }), 41030),
    ] {
        let refused = post(&rig, path, body.clone()).await;
        assert_eq!(
            (refused.errcode(), refused.content_type.as_str()),
            (errcode, "application/json; encoding=utf-8"),
            "{body}"
        );
    }
    rig.emulator.engine().freeze(true);
    let quota = json!({ "account": "mini", "path": "/wxa/getwxacodeunlimit", "per_minute": 0 });
    rig.post("/_emulator/quotas", &[], &quota).await;
    assert_eq!(post(&rig, "/wxa/getwxacodeunlimit", json!({ "scene": "a" })).await.errcode(), 45009);
}

#[tokio::test]
async fn links_say_what_they_open_until_they_end() {
    let rig = Rig::new().await;
    let target = json!({ "path": "pages/index/index", "query": "a=1" });
    let scheme = json!({ "jump_wxa": target, "expire_type": 1, "expire_interval": 1 });
    let scheme = post(&rig, "/wxa/generatescheme", scheme).await.text_of("openlink");
    assert!(scheme.starts_with("weixin://dl/business/?t=") && scheme.len() == 35, "{scheme}");
    let ask = async |scheme: &str, query_type: i64| {
        post(&rig, "/wxa/queryscheme", json!({ "scheme": scheme, "query_type": query_type })).await
    };
    let info = ask(&format!("{scheme}&cq=b%3D2"), 0).await.json["scheme_info"].clone();
    assert_eq!(
        (&info["appid"], &info["query"], &info["env_version"]),
        (&json!(MINI), &json!("a=1&b=2"), &json!("release"))
    );
    assert_eq!(info["expire_time"].as_i64().unwrap() - info["create_time"].as_i64().unwrap(), 86_400);
    assert!(ask(&scheme, 1).await.json["quota_info"]["remain_visit_quota"].as_i64().unwrap() > 0);
    assert_eq!(ask(&scheme, 2).await.errcode(), 40097);
    rig.emulator.advance(Duration::from_secs(86_401));
    assert_eq!(ask(&scheme, 0).await.errcode(), 85403);

    let soon = rig.emulator.engine().now_ms() / 1000 + 3600;
    let cloud = json!({ "env": "prod", "path": "/jump.html" });
    let link = json!({ "path": "", "expire_type": 0, "expire_time": soon, "cloud_base": cloud });
    let link = post(&rig, "/wxa/generate_urllink", link).await.text_of("url_link");
    let info = post(&rig, "/wxa/query_urllink", json!({ "url_link": link })).await.json["url_link_info"].clone();
    assert_eq!((&info["expire_time"], &info["cloud_base"]), (&json!(soon), &cloud));
    assert_eq!(ask(&link, 0).await.errcode(), 85403, "a link is no scheme");

    let short =
        json!({ "page_url": "/pages/index/index?a=1", "page_title": "一二三四五六七八九十一二三四五六七八九十一" });
    let short = post(&rig, "/wxa/genwxashortlink", short).await.text_of("link");
    assert!(short.starts_with("#小程序://微桥小程序/一二三四五六七八九十一二三四五六七八九十.../"), "{short}");
}

#[tokio::test]
async fn bad_links_are_refused_by_number() {
    let rig = Rig::new().await;
    let now = rig.emulator.engine().now_ms() / 1000;
    for (body, errcode) in [
        (json!({}), 85401),
        (json!({ "expire_time": now + 30 }), 85401),
        (json!({ "expire_time": now + 31 * 86_400 }), 85401),
        (json!({ "expire_type": 1, "expire_interval": 31 }), 85401),
        (json!({ "expire_type": 1, "expire_interval": 1, "jump_wxa": { "path": "页面" } }), 40165),
        (json!({ "expire_type": 1, "expire_interval": 1, "jump_wxa": { "query": "plain" } }), 40212),
        (json!({ "expire_type": 1, "expire_interval": 1, "jump_wxa": { "env_version": "formal" } }), 85402),
    ] {
        assert_eq!(post(&rig, "/wxa/generatescheme", body.clone()).await.errcode(), errcode, "{body}");
    }
    let cloudless = json!({ "expire_type": 1, "expire_interval": 1, "cloud_base": {} });
    assert_eq!(post(&rig, "/wxa/generate_urllink", cloudless).await.errcode(), 85088);
    assert_eq!(post(&rig, "/wxa/genwxashortlink", json!({ "page_url": "页面" })).await.errcode(), 40066);
    let account = |app_id: &str, mini_program: MiniProgram| {
        rig.emulator.add_account(AccountSeed {
            name: format!("m{app_id}"),
            kind: AccountKind::Mini,
            app_id: app_id.into(),
            app_secret: "s".into(),
            mini_program,
            ..AccountSeed::default()
        });
    };
    let model = |id: &str, per_device| NfcModel { model_id: id.into(), per_device };
    let nfc_models = vec![model("each", true), model("all", false)];
    account("wx5555555555555555", MiniProgram { nfc_models, sells: false, ..MiniProgram::default() });
    account("wx6666666666666666", MiniProgram { company: false, ..MiniProgram::default() });
    account("wx7777777777777777", MiniProgram { released: false, ..MiniProgram::default() });
    let of = async |app_id: &str, path: &str, body: Value| {
        let token = rig.token(app_id, "s").await;
        rig.post(path, &[("access_token", &token)], &body).await.errcode()
    };
    let day = || json!({ "expire_type": 1, "expire_interval": 1 });
    assert_eq!(of("wx6666666666666666", "/wxa/generatescheme", day()).await, 40002);
    assert_eq!(of("wx7777777777777777", "/wxa/generate_urllink", day()).await, 85079);
    assert_eq!(of("wx5555555555555555", "/wxa/genwxashortlink", json!({ "page_url": "p" })).await, 43104);
    for (body, errcode) in [
        (json!({ "model_id": "other" }), 9_800_007),
        (json!({ "model_id": "each" }), 9_800_008),
        (json!({ "model_id": "all", "sn": "1" }), 9_800_009),
        (json!({ "model_id": "each", "sn": "1" }), 0),
        (json!({ "model_id": "each", "sn": "1" }), 9_800_003),
        (json!({ "model_id": "all" }), 0),
    ] {
        assert_eq!(of("wx5555555555555555", "/wxa/generatenfcscheme", body.clone()).await, errcode, "{body}");
    }
}
