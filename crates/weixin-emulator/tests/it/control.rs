//! The control API.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use weixin_emulator::{Config, Emulator, Settings};

use crate::rig::{MINI, OFFICIAL, OFFICIAL_SECRET, Rig};

#[tokio::test]
async fn accounts_and_people_are_made_listed_and_used() {
    let rig = Rig::new().await;
    let account = json!({ "name": "third", "kind": "mini", "app_id": "wx8888888888888888", "app_secret": "s",
                          "token": "t", "callback_url": "http://127.0.0.1:1/wx" });
    let made = rig.post("/_emulator/accounts", &[], &account).await.json;
    assert!(made["original_id"].as_str().unwrap().starts_with("gh_"));
    assert_eq!(rig.get("/_emulator/accounts", &[]).await.json.as_array().unwrap().len(), 4);
    let person = json!({ "nickname": "客人", "phone": "13700000000" });
    let person = rig.post("/_emulator/personas", &[], &person).await.json;
    assert_eq!(person["id"], "persona-1");
    assert_eq!(person["openids"]["third"].as_str().unwrap().len(), 28);
    assert_eq!(person["unionids"].as_object().unwrap().len(), 1, "the third is in no group");
    let codes = "/_emulator/personas/persona-1/codes";
    let code = rig.post(codes, &[], &json!({ "account": "third", "kind": "phone" })).await.text_of("code");
    assert_eq!(code.len(), 64);
    for (body, status) in [
        (json!({ "account": "third", "kind": "oauth" }), 400),
        (json!({ "account": "nothing", "kind": "mini" }), 404),
        (json!({ "account": "official", "kind": "oauth", "scope": "x" }), 400),
        (json!({ "account": "official" }), 400),
    ] {
        assert_eq!(rig.post(codes, &[], &body).await.status, status, "{body}");
    }
    assert_eq!(rig.delete("/_emulator/accounts/third").await.status, 200);
    assert_eq!(rig.get("/_emulator/accounts/third", &[]).await.status, 404);
}

#[tokio::test]
async fn a_reset_begins_again_and_a_snapshot_brings_back() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    rig.emulator.advance(Duration::from_secs(3600));
    let taken = rig.post("/_emulator/snapshot", &[], &json!({ "name": "before" })).await.json;
    rig.post("/_emulator/personas", &[], &json!({ "id": "later", "nickname": "x" })).await;
    rig.post("/_emulator/faults", &[], &json!({ "path": "/a", "errcode": 1 })).await;
    assert_eq!(rig.post("/_emulator/reset", &[], &json!({})).await.status, 200);
    assert_eq!(rig.call_with(&token).await.errcode(), 40001, "nobody knows the token any more");
    assert_eq!(rig.get("/_emulator/personas/later", &[]).await.status, 404);
    assert_eq!(rig.get("/_emulator/faults", &[]).await.json, json!([]));
    assert_eq!(rig.get("/_emulator/clock", &[]).await.json["offset_ms"], 0);
    assert_eq!(rig.emulator.calls("/cgi-bin/token"), 0);
    assert_ne!(rig.token(OFFICIAL, OFFICIAL_SECRET).await, token, "random values never repeat");

    assert_eq!(rig.post("/_emulator/restore", &[], &json!({ "name": "before" })).await.status, 200);
    assert_eq!(rig.call_with(&token).await.errcode(), 0);
    let offset = rig.get("/_emulator/clock", &[]).await.json["offset_ms"].as_i64().unwrap();
    assert_eq!(offset, 3_600_000);
    let elsewhere = Rig::new().await;
    elsewhere.post("/_emulator/restore", &[], &json!({ "snapshot": taken["snapshot"] })).await;
    assert_eq!(elsewhere.call_with(&token).await.errcode(), 0, "an exported snapshot moves to another emulator");
    assert_eq!(rig.post("/_emulator/restore", &[], &json!({ "name": "never" })).await.status, 404);
    assert_eq!(rig.post("/_emulator/restore", &[], &json!({ "snapshot": {} })).await.status, 400);
}

#[tokio::test]
async fn the_clock_obeys_and_refuses_nonsense() {
    let rig = Rig::new().await;
    let set = rig.post("/_emulator/clock", &[], &json!({ "set": "2030-01-02T03:04:05Z", "freeze": true })).await.json;
    assert_eq!((set["now"].as_str(), set["frozen"].as_bool()), (Some("2030-01-02T03:04:05Z"), Some(true)));
    let moved = rig.post("/_emulator/clock", &[], &json!({ "advance": "1h30m" })).await.json;
    assert_eq!(moved["now"], "2030-01-02T04:34:05Z");
    let moved = rig.post("/_emulator/clock", &[], &json!({ "advance": -60 })).await.json;
    assert_eq!(moved["now"], "2030-01-02T04:33:05Z");
    let real = rig.post("/_emulator/clock", &[], &json!({ "real": true })).await.json;
    assert_eq!((real["offset_ms"].as_i64(), real["frozen"].as_bool()), (Some(0), Some(false)));
    for bad in [json!({ "advance": "soon" }), json!({ "set": "tomorrow" }), json!({ "advanc": "1h" }), json!([])] {
        assert_eq!(rig.post("/_emulator/clock", &[], &bad).await.status, 400, "{bad}");
    }
}

/// Whoever reads this clock computes with it: dates have to exist, and sums of times too.
#[tokio::test]
async fn the_clock_stays_in_the_years_people_use() {
    let rig = Rig::new().await;
    let at = |set: Value| json!({ "set": set, "freeze": true });
    rig.post("/_emulator/clock", &[], &at(json!("2100-12-31T23:59:59Z"))).await;
    for beyond in [
        json!({ "advance": "1d" }),
        json!({ "advance": i64::MAX }),
        json!({ "advance": "-40000d" }),
        json!({ "set": "9999-12-31T23:59:59Z" }),
        json!({ "set": "1999-12-31T23:59:59Z" }),
        json!({ "set": i64::MAX }),
        json!({ "set": i64::MIN, "freeze": false }),
        json!({ "real": true, "advance": "-9999d", "set": 0 }),
    ] {
        let refused = rig.post("/_emulator/clock", &[], &beyond).await;
        assert_eq!(refused.status, 400, "{beyond}");
        assert!(refused.json["error"].as_str().unwrap().contains("2000 to 2100"), "{}", refused.json);
        let now = rig.get("/_emulator/clock", &[]).await.json;
        assert_eq!((&now["now"], &now["frozen"]), (&json!("2100-12-31T23:59:59Z"), &json!(true)), "{beyond}");
    }
    rig.emulator.advance(Duration::MAX);
    assert_eq!(rig.get("/_emulator/clock", &[]).await.json["now_ms"], 4_133_980_799_999_i64);
    let first = rig.post("/_emulator/clock", &[], &at(json!("2000-01-01T00:00:00Z"))).await.json;
    assert_eq!(first["now"], "2000-01-01T00:00:00Z");
}

#[tokio::test]
async fn the_ledger_filters_and_waits() {
    let rig = Rig::new().await;
    rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    rig.get("/sns/auth", &[]).await;
    let all = rig.get("/_emulator/ledger", &[]).await.json;
    assert_eq!(all.as_array().unwrap().len(), 2);
    let of_path = rig.get("/_emulator/ledger", &[("path", "/cgi-bin/token")]).await.json;
    assert_eq!(
        (of_path[0]["account"].as_str(), of_path[0]["query"]["appid"].as_str()),
        (Some("official"), Some(OFFICIAL))
    );
    assert!(of_path[0]["answer"].as_str().unwrap().contains("access_token"));
    let last = all[1]["id"].to_string();
    let none = rig.get("/_emulator/ledger", &[("after", &last)]).await.json;
    assert_eq!(none, json!([]));
    let query = [("after", last.as_str()), ("path", "/cgi-bin/token"), ("wait", "10s")];
    let (waited, _) = tokio::join!(rig.get("/_emulator/ledger", &query), rig.token(OFFICIAL, OFFICIAL_SECRET));
    assert_eq!(waited.json.as_array().unwrap().len(), 1);
    assert_eq!(rig.get("/_emulator/ledger", &[("wait", "2h")]).await.status, 400);
    for (call, query, named) in [
        ("ledger", ("limit", "abc"), "limit"),
        ("ledger", ("after", "-1"), "after"),
        ("quotas", ("x", "y"), "account"),
        ("personas/xiaoming/messages", ("after", "x"), "after"),
    ] {
        let refused = rig.get(&format!("/_emulator/{call}"), &[query]).await;
        let said = refused.json["error"].as_str().unwrap_or_default();
        assert!(refused.status == 400 && said.starts_with("the query does not fit: "), "{call}: {}", refused.json);
        assert!(said.contains(named) && !said.contains("deserialize"), "{call}: {said}");
    }
    let newest = rig.get("/_emulator/ledger", &[("limit", "1")]).await.json;
    assert_eq!(newest[0]["path"], "/cgi-bin/token");
}

#[tokio::test]
async fn settings_change_one_by_one_and_only_to_sense() {
    let rig = Rig::new().await;
    let changed = rig.post("/_emulator/settings", &[], &json!({ "ticket_repeat": "new" })).await.json;
    assert_eq!(
        (changed["ticket_repeat"].as_str(), changed["oauth_code_lifetime_s"].as_i64()),
        (Some("new"), Some(300))
    );
    for bad in [json!({ "nothing": 1 }), json!({ "ticket_repeat": "x" }), json!({ "ticket_lifetime_s": -1 }), json!([])]
    {
        assert_eq!(rig.post("/_emulator/settings", &[], &bad).await.status, 400, "{bad}");
    }
    rig.post("/_emulator/settings", &[], &json!({ "rid_style": "hint", "access_token_length": 600 })).await;
    assert!(rig.get("/cgi-bin/token", &[]).await.errmsg().starts_with("appid missing hint: ["));
    assert_eq!(rig.token(OFFICIAL, OFFICIAL_SECRET).await.len(), 600);
}

#[tokio::test]
async fn nicknames_reach_the_wire_raw_or_escaped() {
    let rig = Rig::new().await;
    rig.post("/_emulator/personas", &[], &json!({ "id": "odd", "nickname": "a\u{1}b" })).await;
    let raw = async || {
        let code = json!({ "account": "official", "kind": "oauth" });
        let code = rig.post("/_emulator/personas/odd/codes", &[], &code).await.text_of("code");
        let query =
            [("appid", OFFICIAL), ("secret", OFFICIAL_SECRET), ("code", &code), ("grant_type", "authorization_code")];
        let token = rig.get("/sns/oauth2/access_token", &query).await;
        let (access, openid) = (token.text_of("access_token"), token.text_of("openid"));
        rig.get("/sns/userinfo", &[("access_token", &access), ("openid", &openid)]).await.text
    };
    assert!(raw().await.contains("\"a\u{1}b\""));
    rig.post("/_emulator/settings", &[], &json!({ "control_characters": "escaped" })).await;
    assert!(raw().await.contains(r#""a\u0001b""#));
}

#[tokio::test]
async fn the_feed_tells_what_happens_and_what_was_missed() {
    let rig = Rig::new().await;
    rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let request = rig.http.get(rig.url("/_emulator/events")).header("last-event-id", "0");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut chunks = response.bytes_stream();
    let mut text = String::new();
    rig.emulator.advance(Duration::from_secs(1));
    while !text.contains("event: clock") {
        text.push_str(std::str::from_utf8(&chunks.next().await.unwrap().unwrap()).unwrap());
    }
    let call = text.find("event: call").expect("the missed call first");
    assert!(call < text.find("event: clock").unwrap());
    assert!(text.contains("/cgi-bin/token"));
}

#[tokio::test]
async fn unknown_control_calls_say_so() {
    let rig = Rig::new().await;
    let unknown = rig.get("/_emulator/nothing", &[]).await;
    assert!(unknown.status == 404 && unknown.text.contains("/_emulator/nothing"), "{}", unknown.text);
    assert_eq!(rig.get("/_emulator/reset", &[]).await.status, 405);
    for list in ["/_emulator", "/_emulator/"] {
        assert!(rig.get(list, &[]).await.text.contains("/_emulator/personas/{id}/codes"), "{list}");
    }
    let broken = rig.http.post(rig.url("/_emulator/accounts")).body("{").send().await.unwrap();
    assert_eq!(broken.status(), 400);
    assert_eq!(rig.emulator.engine().ledger(None, 0), [], "control calls are not WeChat calls");
}

#[tokio::test]
async fn stealing_with_overlap_behaves_like_the_real_server() {
    let rig = Rig::new().await;
    let ours = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let body = json!({ "account": "official", "line": "classic", "overlap": true });
    let stolen = rig.post("/_emulator/tokens/steal", &[], &body).await.json;
    assert_eq!(stolen["tokens"].as_array().unwrap().len(), 1);
    assert_eq!(rig.call_with(&ours).await.errcode(), 0);
    rig.emulator.advance(Duration::from_secs(301));
    assert_eq!(rig.call_with(&ours).await.errcode(), 40001);
}

#[tokio::test]
async fn an_emulator_begins_as_configured_and_its_drop_closes_it() {
    let config = Config {
        default_accounts: false,
        settings: Settings { access_token_lifetime_s: 60, ..Settings::default() },
        ..Config::default()
    };
    let rig = Rig::with(Emulator::builder().config(config).public_url("https://wx.example.com/")).await;
    assert_eq!(rig.get("/_emulator/accounts", &[]).await.json, json!([]));
    assert_eq!(rig.emulator.engine().public_url(), "https://wx.example.com");
    let url = rig.url("/_emulator/clock");
    let Rig { emulator, http } = rig;
    drop(emulator);
    tokio::time::timeout(Duration::from_secs(10), async {
        while http.get(&url).send().await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the listener closes");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_tokens_and_openids_never_change() {
    let (a, b) = (Rig::new().await, Rig::with(Emulator::builder().seed(2)).await);
    let again = Rig::new().await;
    let body = |rig: &Rig| rig.emulator.openid("xiaoming", MINI);
    assert_eq!(body(&a), body(&b));
    let tail = |token: String| token.chars().skip(3).collect::<String>();
    let first = tail(a.token(OFFICIAL, OFFICIAL_SECRET).await);
    assert_eq!(first, tail(again.token(OFFICIAL, OFFICIAL_SECRET).await));
    assert_ne!(first, tail(b.token(OFFICIAL, OFFICIAL_SECRET).await));
}

#[tokio::test]
async fn the_overview_shows_accounts_people_calls_and_faults() {
    let rig = Rig::new().await;
    rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    rig.post("/_emulator/faults", &[], &json!({ "path": "/sns/*", "errcode": 45011 })).await;
    let page = rig.get("/panel", &[]).await;
    for text in [OFFICIAL, "小明", "&lt;script&gt;", "/cgi-bin/token", "45011", "北京时间"] {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(!page.text.contains("<script>"));
    assert_eq!(rig.get("/", &[]).await.status, 200);
}

#[tokio::test]
async fn the_phone_page_learns_where_the_service_is() {
    let emulator = Emulator::builder().service_url("http://localhost:3001/").start().await.unwrap();
    let engine = emulator.engine();
    assert_eq!(engine.state()["settings"]["service_url"], "http://localhost:3001/");
    engine.change_settings(&json!({ "service_url": "http://localhost:4001" })).unwrap();
    assert_eq!(engine.state()["settings"]["service_url"], "http://localhost:4001");
    assert!(
        engine.change_settings(&json!({ "service_url": "localhost" })).unwrap_err().to_string().contains("service_url")
    );
    engine.reset();
    assert_eq!(
        engine.state()["settings"]["service_url"],
        "http://localhost:3001/",
        "a reset does not move the service"
    );
    let refused = Emulator::builder().service_url("ftp://localhost").start().await.unwrap_err();
    assert!(refused.to_string().contains("service_url"));
    assert_eq!(Rig::new().await.emulator.engine().state()["settings"]["service_url"], json!(null));
}

#[tokio::test]
async fn the_state_names_the_templates_an_account_has() {
    let rig = Rig::new().await;
    let template = json!({ "account": "official", "template_id": "T", "title": "预约提醒", "fields": ["thing1"] });
    rig.post("/_emulator/templates", &[], &template).await;
    let accounts = rig.get("/_emulator/state", &[]).await.json["accounts"].clone();
    let shown = &accounts[0]["templates"][0];
    assert_eq!((shown["title"].as_str(), &shown["fields"]), (Some("预约提醒"), &json!([["thing1", "thing1"]])));
    assert_eq!(accounts[1]["templates"][0]["fields"][0], json!(["thing1", "事项"]), "that of the demo");
    assert_eq!(accounts[2]["templates"], json!([]));
}

/// A page at a name that leads to this machine is of one origin with the emulator: only the name tells.
#[tokio::test]
async fn only_names_that_are_ours_control_it_whoever_they_lead_to() {
    let config = Config { control_hosts: vec!["WX.example.com".into()], ..Config::default() };
    let rig = Rig::with(Emulator::builder().config(config).public_url("https://tunnel.example.com/")).await;
    let get = async |path: &str, host: &str, origin: Option<&str>| {
        let request = rig.http.get(rig.url(path)).header("host", host);
        let request = origin.into_iter().fold(request, |request, origin| request.header("origin", origin));
        Rig::read(request.send().await.unwrap()).await
    };
    let port = rig.emulator.address().port();
    for host in ["evil.example", "wx.example.com.evil.example", "example.com", "localhost.evil.example"] {
        let (with_port, origin) = (format!("{host}:{port}"), format!("http://{host}:{port}"));
        for path in
            ["/_emulator", "/_emulator/", "/_emulator/state", "/_emulator/events", "/_emulator/shares", "/panel"]
        {
            for origin in [None, Some(origin.as_str())] {
                let refused = get(path, &with_port, origin).await;
                assert_eq!(refused.status, 403, "{path} {host} {origin:?}");
                let text = refused.text_of("error");
                assert!(text.contains(&format!("{host:?}")) && text.contains("control_hosts"), "{text}");
                assert_eq!(refused.header("access-control-allow-origin"), "");
            }
        }
        let token = format!("/cgi-bin/token?grant_type=client_credential&appid={OFFICIAL}&secret={OFFICIAL_SECRET}");
        assert!(get(&token, host, None).await.json["access_token"].is_string(), "WeChat itself answers under any name");
    }
    for host in [
        "127.0.0.1",
        "[::1]:1",
        "localhost",
        "wx.localhost:8080",
        "emulator:3002",
        "host.docker.internal",
        "mac.local",
        "wx.example.com:8443",
        "TUNNEL.example.com",
    ] {
        assert_eq!(get("/_emulator/state", host, None).await.status, 200, "{host}");
        assert_eq!(get("/panel", host, None).await.status, 200, "{host}");
    }
    let own = get("/_emulator/state", "wx.example.com", Some("http://wx.example.com")).await;
    assert_eq!(own.status, 200, "a page of ours");
    let other = get("/_emulator/state", "wx.example.com", Some("https://tunnel.example.com")).await;
    assert_eq!(other.status, 403, "a page of another site");
}

#[tokio::test]
async fn the_overview_asks_before_everything_is_thrown_away() {
    let rig = Rig::new().await;
    let page = rig.get("/panel", &[]).await.text;
    let (before, _) = page.split_once("全部重置").unwrap();
    let (_, button) = before.rsplit_once("<button").unwrap();
    assert!(button.contains("POST /_emulator/reset") && button.contains("data-question=\""), "{button}");
    assert!(button.contains("不能撤销") && button.contains("确定要重置吗？"), "{button}");
    let script = rig.get("/_page/panel.js", &[]).await.text;
    let asks = script.find("window.confirm(question)").unwrap();
    assert!(asks < script.find("request(button.dataset.call").unwrap(), "the question comes first");
}
