//! `/connect/oauth2/authorize`.

use serde_json::json;
use weixin_emulator::{AccountSeed, Fault, PersonaSeed};

use crate::rig::{Answer, MINI, OFFICIAL, OFFICIAL_SECRET, Rig, WEBSITE};

const PATH: &str = "/connect/oauth2/authorize";
const BACK: &str = "http://localhost:3001/cb?a=1#/route";

/// Changes to a good link, and the number and text they lead to.
type BadLink<'a> = (&'a [(&'a str, &'a str)], i64, &'a str);

/// The link's parameters with changes; an empty value leaves one out.
fn link<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let good = [
        ("appid", OFFICIAL),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "snsapi_userinfo"),
        ("state", "abc123"),
    ];
    let kept = good.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name)).copied();
    kept.chain(changes.iter().filter(|(_, value)| !value.is_empty()).copied()).collect()
}

/// The code in a redirect.
fn code(location: &str) -> String {
    let url = reqwest::Url::parse(location).unwrap();
    url.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned()).unwrap()
}

async fn exchange(rig: &Rig, code: &str) -> Answer {
    let query =
        [("appid", OFFICIAL), ("secret", OFFICIAL_SECRET), ("code", code), ("grant_type", "authorization_code")];
    rig.get("/sns/oauth2/access_token", &query).await
}

#[tokio::test]
async fn bad_links_show_wechats_texts_and_numbers() {
    let rig = Rig::new().await;
    let long = "s".repeat(129);
    let cases: &[BadLink<'_>] = &[
        (&[("appid", "")], 10012, "appid不能为空"),
        (&[("scope", "")], 10010, "scope不能为空"),
        (&[("redirect_uri", "")], 10011, "redirect_uri不能为空"),
        (&[("response_type", "")], 10008, "参数错误"),
        (&[("response_type", "token")], 10008, "response_type 应为 code"),
        (&[("state", &long)], 10008, "128"),
        (&[("appid", "wx0000000000000000")], 40013, "AppID 参数错误"),
        (&[("scope", "snsapi_login")], 10005, "此公众号并没有这些scope的权限"),
        (&[("scope", "snsapi_privateinfo")], 10005, "此公众号并没有这些scope的权限"),
        (&[("appid", MINI)], 10005, "此公众号并没有这些scope的权限"),
        (&[("appid", WEBSITE)], 10016, "不支持微信开放平台的Appid"),
        (&[("redirect_uri", "http://a.example.com/cb")], 10003, "redirect_uri域名与后台配置不一致"),
        (&[("redirect_uri", "http://localhost.evil.example/")], 10003, "请求的是 localhost.evil.example"),
        (&[("redirect_uri", "http://localhost@evil.example/")], 10003, "请求的是 evil.example"),
        (&[("redirect_uri", "javascript:alert(1)//localhost")], 10003, "redirect_uri域名与后台配置不一致"),
        (&[("redirect_uri", "/cb")], 10003, "redirect_uri域名与后台配置不一致"),
    ];
    for (changes, errcode, text) in cases {
        let page = rig.get(PATH, &link(changes)).await;
        assert_eq!(page.header("x-emulator-errcode"), errcode.to_string(), "{changes:?}");
        assert!(page.text.contains(text), "{changes:?}: {}", page.text);
        assert!(page.text.contains(&format!("错误码：{errcode}")), "{changes:?}");
        assert_eq!(page.status, 200);
        assert_eq!(page.header("location"), "", "never a redirect");
    }
    assert_eq!(rig.emulator.ledger(PATH).iter().filter(|visit| visit.errcode == 10003).count(), 5);
}

#[tokio::test]
async fn banned_accounts_and_required_states_are_refused() {
    let rig = Rig::new().await;
    rig.emulator.engine().change_settings(&json!({ "state_required": true, "state_alphabet": "refuse" })).unwrap();
    assert_eq!(rig.get(PATH, &link(&[("state", "")])).await.header("x-emulator-errcode"), "10013");
    assert_eq!(rig.get(PATH, &link(&[("state", "a-b")])).await.header("x-emulator-errcode"), "10008");
    let account = AccountSeed {
        name: "official".into(),
        app_id: OFFICIAL.into(),
        app_secret: OFFICIAL_SECRET.into(),
        banned: true,
        ..AccountSeed::default()
    };
    rig.emulator.add_account(account);
    assert_eq!(rig.get(PATH, &link(&[])).await.header("x-emulator-errcode"), "10004");
}

#[tokio::test]
async fn the_sheet_names_app_scope_and_people_and_runs_nothing_inline() {
    let rig = Rig::new().await;
    let page = rig.get(PATH, &link(&[("state", "a_b")])).await;
    assert_eq!(page.status, 200);
    for text in ["微桥体验号", "获取你的昵称、头像", "授权后返回 localhost:3001", "小明", "新建用户", "允许", "拒绝"]
    {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(page.text.contains("&lt;script&gt;alert(&#39;昵称&#39;)&lt;/script&gt;"), "the nickname is text");
    assert!(!page.text.contains("<script>"), "no inline script");
    assert!(!page.text.contains(" style=") && !page.text.contains("onclick"));
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    assert!(page.text.contains("文档只允许 a-zA-Z0-9"), "a remark about the state");
    for file in ["page.css", "consent.js"] {
        assert!(page.text.contains(&format!("/_page/{file}")));
        assert_eq!(rig.get(&format!("/_page/{file}"), &[]).await.status, 200);
    }
    let order = rig.get(PATH, &link(&[("appid", ""), ("appid", OFFICIAL)])).await;
    assert!(order.text.contains("参数顺序应为"), "appid came last");
}

#[tokio::test]
async fn allowing_keeps_query_and_fragment_and_the_code_works() {
    let rig = Rig::new().await;
    let query = "appid=wx1111111111111111&redirect_uri=http%3A%2F%2Flocalhost%3A3001%2Fcb%3Fa%3D1%23%2Froute&response_type=code&scope=snsapi_userinfo&state=abc123";
    let fields = [("query", query), ("persona", "xiaohong"), ("decision", "allow")];
    let answer = rig.submit(PATH, &fields).await;
    let location = answer.location();
    let code = code(location);
    assert_eq!(location, format!("http://localhost:3001/cb?a=1&code={code}&state=abc123#/route"));
    assert!(answer.header("set-cookie").starts_with("weixin_emulator_persona=xiaohong;"));
    let token = exchange(&rig, &code).await;
    assert_eq!(token.text_of("openid"), rig.emulator.openid("xiaohong", "official"));
    assert_eq!(exchange(&rig, &code).await.errcode(), 40163);
}

#[tokio::test]
async fn redirect_targets_of_every_shape_get_code_and_state_in_the_right_place() {
    let rig = Rig::new().await;
    for (target, expected) in [
        ("http://localhost:3001", "http://localhost:3001?code=C&state=abc123"),
        ("http://localhost:3001/?", "http://localhost:3001/?code=C&state=abc123"),
        ("http://localhost:3001/a?b=c&", "http://localhost:3001/a?b=c&code=C&state=abc123"),
        ("http://127.0.0.1:9/a#", "http://127.0.0.1:9/a?code=C&state=abc123#"),
        ("http://localhost:3001/中文?x=汉", "http://localhost:3001/%E4%B8%AD%E6%96%87?x=%E6%B1%89&code=C&state=abc123"),
    ] {
        let answer = rig.get(PATH, &link(&[("redirect_uri", target), ("_auto", "allow")])).await;
        let location = answer.location().to_owned();
        assert_eq!(location.replace(&code(&location), "C"), expected, "{target}");
    }
    let absent = rig.get(PATH, &link(&[("state", ""), ("_auto", "allow")])).await;
    assert!(absent.location().ends_with("&state=#/route"), "{}", absent.location());
    rig.emulator.engine().change_settings(&json!({ "absent_state": "omit" })).unwrap();
    let absent = rig.get(PATH, &link(&[("state", ""), ("_auto", "allow")])).await;
    assert!(!absent.location().contains("state"), "{}", absent.location());
}

#[tokio::test]
async fn base_scope_is_silent_and_takes_the_switch_the_cookie_or_the_last_person() {
    let rig = Rig::new().await;
    let base = link(&[("scope", "snsapi_base")]);
    let openid = async |answer: Answer| exchange(&rig, &code(answer.location())).await.text_of("openid");
    let person = |id: &str| rig.emulator.openid(id, "official");
    assert_eq!(openid(rig.get(PATH, &base).await).await, person("xiaoming"), "the first one");
    let chosen = link(&[("scope", "snsapi_base"), ("_persona", "emoji")]);
    assert_eq!(openid(rig.get(PATH, &chosen).await).await, person("emoji"));
    assert_eq!(openid(rig.get(PATH, &base).await).await, person("emoji"), "the last one");
    let request = rig.http.get(rig.url(PATH)).query(&base).header("cookie", "x=1; weixin_emulator_persona=script");
    assert_eq!(openid(Rig::read(request.send().await.unwrap()).await).await, person("script"));
    let nobody = rig.get(PATH, &link(&[("scope", "snsapi_base"), ("_persona", "nobody")])).await;
    assert_eq!(nobody.status, 400, "a wrong name is not replaced by somebody else");
    let forced = rig.get(PATH, &link(&[("scope", "snsapi_base"), ("forcePopup", "true")])).await;
    assert!(forced.status == 200 && forced.text.contains("允许"));
}

#[tokio::test]
async fn an_address_is_opened_as_somebody() {
    let rig = Rig::new().await;
    let to = "http://localhost:3001/page?a=1";
    let opened = rig.get("/connect/as", &[("persona", "script"), ("to", to)]).await;
    assert_eq!(opened.location(), to);
    assert!(opened.header("set-cookie").starts_with("weixin_emulator_persona=script; Path=/connect;"));
    let silent = rig.get(PATH, &link(&[("scope", "snsapi_base")])).await;
    let token = exchange(&rig, &code(silent.location())).await;
    assert_eq!(token.text_of("openid"), rig.emulator.openid("script", "official"), "active last");
    assert_eq!(rig.get("/connect/as", &[("persona", "nobody"), ("to", to)]).await.status, 404);
    assert_eq!(rig.get("/connect/as", &[("persona", "script"), ("to", "javascript:1")]).await.status, 400);
}

#[tokio::test]
async fn refusing_shows_a_page_or_redirects_by_setting() {
    let rig = Rig::new().await;
    let query = "appid=wx1111111111111111&redirect_uri=http%3A%2F%2Flocalhost%3A3001%2Fcb&response_type=code&scope=snsapi_userinfo&state=s";
    let fields = [("query", query), ("persona", "xiaoming"), ("decision", "deny")];
    let page = rig.submit(PATH, &fields).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("小明 拒绝了 微桥体验号 的授权请求"));
    assert!(page.text.contains("href=\"http://localhost:3001/cb?state=s\""));
    let headless = rig.get(PATH, &link(&[("_auto", "deny")])).await;
    assert_eq!(headless.location(), "http://localhost:3001/cb?a=1&state=abc123#/route");
    rig.emulator.engine().change_settings(&json!({ "authorize_denied": "redirect" })).unwrap();
    assert_eq!(rig.submit(PATH, &fields).await.location(), "http://localhost:3001/cb?state=s");
}

#[tokio::test]
async fn the_advanced_switches_spoil_the_login() {
    let rig = Rig::new().await;
    let auto = |more: (&'static str, &'static str)| link(&[("_auto", "allow"), more]);
    let expired = rig.get(PATH, &auto(("_expired", "1"))).await;
    assert_eq!(exchange(&rig, &code(expired.location())).await.errcode(), 40029);
    let dropped = rig.get(PATH, &auto(("_drop_state", "1"))).await;
    assert!(!dropped.location().contains("state="));
    let snapshot = rig.get(PATH, &auto(("_snapshot", "1"))).await;
    assert_eq!(exchange(&rig, &code(snapshot.location())).await.json["is_snapshotuser"], 1);
    let forced = rig.get(PATH, &auto(("forceSnapShot", "true"))).await;
    assert_eq!(exchange(&rig, &code(forced.location())).await.json["is_snapshotuser"], 1);
    let twice = rig.get(PATH, &auto(("_twice", "1"))).await;
    assert_eq!(twice.status, 200);
    assert!(twice.text.contains("data-target=\"http://localhost:3001/cb?a=1&amp;code="), "{}", twice.text);
    assert!(twice.text.contains("/_page/redirect.js"));
}

#[tokio::test]
async fn a_new_person_comes_back_selected_and_only_to_our_own_pages() {
    let rig = Rig::new().await;
    let back = format!("{PATH}?appid={OFFICIAL}");
    let added = rig.submit("/connect/people", &[("nickname", "新来的"), ("back", &back)]).await;
    assert_eq!(added.location(), format!("{PATH}?appid={OFFICIAL}&_persona=persona-1"));
    assert_eq!(rig.emulator.engine().persona("persona-1").unwrap().persona.nickname, "新来的");
    for elsewhere in ["https://evil.example/", "//evil.example/", "/connect/\\evil", ""] {
        let refused = rig.submit("/connect/people", &[("nickname", "x"), ("back", elsewhere)]).await;
        assert_eq!(refused.status, 400, "{elsewhere}");
    }
    let selected = rig.get(PATH, &link(&[("_persona", "persona-1")])).await;
    assert!(selected.text.contains("value=\"persona-1\" required checked"));
}

#[tokio::test]
async fn other_browsers_are_turned_away_by_setting() {
    let rig = Rig::new().await;
    rig.emulator.engine().change_settings(&json!({ "require_wechat_browser": true })).unwrap();
    assert!(rig.get(PATH, &link(&[])).await.text.contains("请在微信客户端打开链接"));
    let request = rig.http.get(rig.url(PATH)).query(&link(&[])).header("user-agent", "x MicroMessenger/8.0.50");
    assert!(request.send().await.unwrap().text().await.unwrap().contains("允许"));
}

#[tokio::test]
async fn faults_reach_the_page() {
    let rig = Rig::new().await;
    rig.emulator.fault(Fault::on(PATH).errcode(10009));
    let page = rig.get(PATH, &link(&[])).await;
    assert!(page.text.contains("操作太频繁了，请稍后重试") && page.header("x-emulator-errcode") == "10009");
    rig.emulator.fault(Fault::on(PATH).status(502).body("bad gateway"));
    let page = rig.get(PATH, &link(&[])).await;
    assert_eq!((page.status, page.text.as_str()), (502, "bad gateway"));
    assert_eq!(rig.get(PATH, &link(&[("_auto", "allow")])).await.status, 302, "and then all is well");
    let visits = rig.emulator.ledger(PATH);
    assert_eq!(visits.iter().map(|visit| visit.status).collect::<Vec<_>>(), [200, 502, 302]);
    assert_eq!(visits[2].query["state"], "abc123");
    assert!(visits[2].answer.starts_with("http://localhost:3001/cb?a=1&code="));
}

#[tokio::test]
async fn pictures_are_drawn_for_every_person() {
    let rig = Rig::new().await;
    let seed = PersonaSeed { id: Some("odd".into()), nickname: Some("<&>".into()), ..PersonaSeed::default() };
    rig.emulator.engine().put_persona(seed).unwrap();
    for id in ["xiaoming", "emoji", "script", "odd", "snapshot"] {
        let picture = rig.get(&format!("/mmopen/{id}/132"), &[]).await;
        assert_eq!((picture.status, picture.content_type.as_str()), (200, "image/svg+xml"), "{id}");
        assert!(picture.text.contains("width=\"132\""));
    }
    assert!(rig.get("/mmopen/odd/0", &[]).await.text.contains("&lt;"), "markup stays text");
    assert_eq!(rig.get("/mmopen/nobody/132", &[]).await.status, 404);
    assert_eq!(rig.get("/mmopen/xiaoming/big", &[]).await.status, 404);
}

#[tokio::test]
async fn a_test_account_is_for_its_followers() {
    let rig = Rig::new().await;
    let account = AccountSeed {
        name: "official".into(),
        app_id: OFFICIAL.into(),
        app_secret: OFFICIAL_SECRET.into(),
        must_follow: true,
        ..AccountSeed::default()
    };
    rig.emulator.add_account(account);
    let refused = rig.get(PATH, &link(&[("_auto", "allow")])).await;
    assert!(refused.text.contains("必须关注此测试号") && refused.header("x-emulator-errcode") == "10006");
    rig.emulator.engine().follow("xiaoming", "official", None).unwrap();
    assert_eq!(rig.get(PATH, &link(&[("_auto", "allow")])).await.status, 302);
}
