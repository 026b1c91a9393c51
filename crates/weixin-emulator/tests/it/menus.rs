//! Menus: the default one, conditional ones, and everything WeChat refuses.

use serde_json::{Value, json};
use weixin_emulator::{PersonaSeed, Platform};

use crate::media::JPEG;
use crate::rig::{Answer, MINI, MINI_SECRET, OFFICIAL, OFFICIAL_SECRET, Rig};

struct Menus {
    rig: Rig,
    token: String,
}

impl Menus {
    async fn new() -> Self {
        let rig = Rig::new().await;
        let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
        Self { rig, token }
    }

    async fn get(&self, path: &str) -> Answer {
        self.rig.get(path, &[("access_token", &self.token)]).await
    }

    async fn post(&self, verb: &str, body: &Value) -> Answer {
        self.rig.post(&format!("/cgi-bin/menu/{verb}"), &[("access_token", &self.token)], body).await
    }

    async fn create(&self, buttons: Value) -> i64 {
        self.post("create", &json!({ "button": buttons })).await.errcode()
    }

    async fn conditional(&self, buttons: Value, rule: Value) -> Answer {
        self.post("addconditional", &json!({ "button": buttons, "matchrule": rule })).await
    }
}

fn click(name: &str) -> Value {
    json!({ "type": "click", "name": name, "key": "K" })
}

fn view(url: &str) -> Value {
    json!({ "type": "view", "name": "v", "url": url })
}

fn list(sub: &[Value]) -> Value {
    json!({ "name": "菜单", "sub_button": sub })
}

#[tokio::test]
async fn a_menu_is_made_shown_in_both_forms_and_deleted() {
    let menus = Menus::new().await;
    assert_eq!(menus.get("/cgi-bin/menu/get").await.errcode(), 46003);
    let none = menus.get("/cgi-bin/get_current_selfmenu_info").await;
    assert_eq!(none.json, json!({ "is_menu_open": 0, "selfmenu_info": { "button": [] } }));
    let mini = json!({ "type": "miniprogram", "name": "小程序", "url": "https://example.com", "appid": MINI,
        "pagepath": "pages/index" });
    assert_eq!(menus.create(json!([click("今日歌曲"), list(&[view("http://www.soso.com/"), mini.clone()])])).await, 0);

    let shown = menus.get("/cgi-bin/menu/get").await;
    let leaf = |mut button: Value| {
        button["sub_button"] = json!([]);
        button
    };
    let sub = [leaf(view("http://www.soso.com/")), leaf(mini.clone())];
    assert_eq!(shown.json, json!({ "menu": { "button": [leaf(click("今日歌曲")), list(&sub)] } }));
    let current = menus.get("/cgi-bin/get_current_selfmenu_info").await;
    let wrapped = json!({ "name": "菜单", "sub_button": { "list": [view("http://www.soso.com/"), mini] } });
    let buttons = json!({ "button": [click("今日歌曲"), wrapped] });
    assert_eq!(current.json, json!({ "is_menu_open": 1, "selfmenu_info": buttons }));

    assert_eq!(menus.get("/cgi-bin/menu/delete").await.errcode(), 0);
    assert_eq!(menus.get("/cgi-bin/menu/get").await.errcode(), 46003);
}

#[tokio::test]
async fn every_limit_of_a_menu_has_its_errcode() {
    let menus = Menus::new().await;
    let text = |length: usize| "a".repeat(length);
    let key = |length| json!({ "type": "click", "name": "k", "key": text(length) });
    let url = |length: usize| view(&format!("https://e.com/{}", text(length - "https://e.com/".len())));
    let media = |kind: &str, length| json!({ "type": kind, "name": "m", "media_id": text(length) });
    let weapp = |appid: &str| json!({ "type": "miniprogram", "name": "w", "url": "https://e.com", "appid": appid, "pagepath": "p" });
    let without = |mut button: Value, field: &str| {
        button.as_object_mut().unwrap().remove(field);
        button
    };
    // A button, and what it answers on the top level and below.
    let cases = [
        (click(&text(16)), 0, 0),
        (click(&text(17)), 40018, 0),
        (click("五个汉字字"), 0, 0),
        (click("六个汉字字字"), 40018, 0),
        (click(&text(60)), 40018, 0),
        (click(&text(61)), 40018, 40025),
        (click(""), 40018, 40025),
        (without(click("n"), "name"), 40018, 40025),
        (json!({ "type": "click", "name": 1, "key": "k" }), 40018, 40025),
        (json!("button"), 47001, 47001),
        (key(128), 0, 0),
        (key(129), 40019, 40026),
        (key(0), 40019, 40026),
        (without(key(1), "key"), 40019, 40026),
        (without(key(1), "type"), 40017, 40024),
        (json!({ "type": "pop", "name": "p", "key": "k" }), 40017, 40024),
        (url(1024), 0, 0),
        (url(1025), 40020, 40027),
        (view(""), 41010, 41010),
        (view("www.example.com"), 40055, 40054),
        (view("ftp://example.com/"), 40055, 40054),
        (view("javascript:alert(1)"), 40055, 40054),
        (media("media_id", 128), 40007, 40007),
        (media("view_limited", 43), 0, 0),
        (media("media_id", 0), 40117, 40118),
        (media("view_limited", 129), 40117, 40118),
        (json!({ "type": "article_id", "name": "a", "article_id": "A1" }), 0, 0),
        (json!({ "type": "article_view_limited", "name": "a" }), 53600, 53600),
        (weapp(MINI), 0, 0),
        (weapp(OFFICIAL), 45064, 45064),
        (weapp("wx286b93c14bbf93aa"), 45064, 45064),
        (without(weapp(MINI), "appid"), 45064, 45064),
        (without(weapp(MINI), "pagepath"), 47003, 47003),
        (without(weapp(MINI), "url"), 41010, 41010),
    ];
    for (button, top, sub) in cases {
        assert_eq!(menus.create(json!([button])).await, top, "{button}");
        assert_eq!(menus.create(json!([list(&[click("first"), button.clone()])])).await, sub, "below: {button}");
    }
    for kind in
        ["scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"]
    {
        assert_eq!(menus.create(json!([{ "type": kind, "name": "n", "key": "k" }])).await, 0, "{kind}");
    }
}

#[tokio::test]
async fn a_button_sends_permanent_material_of_its_account() {
    let menus = Menus::new().await;
    let token = [("access_token", menus.token.as_str()), ("type", "image")];
    let upload = async |path: &str| menus.rig.upload(path, &token, JPEG, ("x", "y")).await.text_of("media_id");
    let kept = upload("/cgi-bin/material/add_material").await;
    let passing = upload("/cgi-bin/media/upload").await;
    let button = |kind: &str, id: &str| json!({ "type": kind, "name": "m", "media_id": id });
    menus.create(json!([click("default")])).await;
    for (kind, id, errcode) in [
        ("media_id", kept.as_str(), 0),
        ("media_id", &passing, 40007),
        ("media_id", "nothing", 40007),
        ("view_limited", "an article", 0),
        ("view_limited", &kept, 40121),
    ] {
        let button = button(kind, id);
        assert_eq!(menus.create(json!([button])).await, errcode, "{button}");
        assert_eq!(menus.create(json!([list(&[click("first"), button.clone()])])).await, errcode, "below: {button}");
        let answer = menus.conditional(json!([button]), json!({ "tag_id": 2 })).await;
        assert_eq!(answer.errcode(), errcode, "conditional: {}", answer.text);
    }
    let delete = json!({ "media_id": kept });
    menus.rig.post("/cgi-bin/material/del_material", &[("access_token", &menus.token)], &delete).await;
    assert_eq!(menus.create(json!([button("media_id", &kept)])).await, 40007, "deleted");
}

#[tokio::test]
async fn the_number_and_depth_of_buttons_is_limited() {
    let menus = Menus::new().await;
    let many = |n| vec![click("b"); n];
    for (buttons, errcode) in [
        (json!([]), 40016),
        (json!(many(3)), 0),
        (json!(many(4)), 40016),
        (json!([list(&many(5))]), 0),
        (json!([list(&many(6))]), 40023),
        (json!([list(&[list(&many(1))])]), 40022),
        (json!([{ "name": "empty", "sub_button": [] }]), 40017),
        (json!([{ "name": "odd", "sub_button": "x" }]), 47001),
        (json!({}), 47001),
    ] {
        assert_eq!(menus.create(buttons.clone()).await, errcode, "{buttons}");
    }
    let raw = async |body: &'static str| {
        let url = menus.rig.url(&format!("/cgi-bin/menu/create?access_token={}", menus.token));
        Rig::read(menus.rig.http.post(url).body(body).send().await.unwrap()).await.errcode()
    };
    assert_eq!(raw("").await, 44002);
    assert_eq!(raw("{\"button\":").await, 47001);
    assert_eq!(raw(r#"{"button":[{"type":"click","name":"\u4eca","key":"k"}]}"#).await, 40033);
    let mini = menus.rig.token(MINI, MINI_SECRET).await;
    let body = json!({ "button": [click("b")] });
    let refused = menus.rig.post("/cgi-bin/menu/create", &[("access_token", &mini)], &body).await;
    assert_eq!(refused.errcode(), 48001);
}

#[tokio::test]
async fn a_conditional_menu_is_shown_to_whom_its_rule_fits_the_newest_first() {
    let menus = Menus::new().await;
    let engine = menus.rig.emulator.engine();
    let openid = menus.rig.emulator.openid("xiaoming", "official");
    let seen = async |user: &str| menus.post("trymatch", &json!({ "user_id": user })).await;
    let post = async |path: &str, body: Value| menus.rig.post(path, &[("access_token", &menus.token)], &body).await;
    let tag = post("/cgi-bin/tags/create", json!({ "tag": { "name": "一" } })).await.json["tag"]["id"].clone();
    let other = post("/cgi-bin/tags/create", json!({ "tag": { "name": "二" } })).await.json["tag"]["id"].clone();
    assert_eq!(menus.conditional(json!([click("x")]), json!({ "tag_id": tag })).await.errcode(), 65303);
    menus.create(json!([click("default")])).await;
    let by_tag = menus.conditional(json!([click("tag")]), json!({ "tag_id": tag.to_string() })).await.text_of("menuid");
    let ios = menus.conditional(json!([click("ios")]), json!({ "client_platform_type": "1" })).await.text_of("menuid");
    menus.conditional(json!([click("sex")]), json!({ "sex": "1", "tag_id": "" })).await.text_of("menuid");

    assert_eq!(seen(&openid).await.errcode(), 46004);
    assert_eq!(seen("oNobody").await.errcode(), 65302);
    engine.follow("xiaoming", "official", None).unwrap();
    let name = |answer: Answer| answer.json["button"][0]["name"].as_str().unwrap().to_owned();
    assert_eq!(name(seen(&openid).await), "default", "nobody is matched by sex any more");
    let give = |id: &Value| post("/cgi-bin/tags/members/batchtagging", json!({ "openid_list": [openid], "tagid": id }));
    give(&tag).await;
    assert_eq!(name(seen("xiaoming").await), "tag");
    let seed = PersonaSeed { id: Some("xiaoming".into()), platform: Some(Platform::Ios), ..PersonaSeed::default() };
    engine.put_persona(seed).unwrap();
    assert_eq!(name(seen(&openid).await), "ios", "the newer menu wins");
    assert_eq!(menus.post("delconditional", &json!({ "menuid": ios })).await.errcode(), 0);
    give(&other).await;
    assert_eq!(name(seen(&openid).await), "default", "only the tag given last counts");

    let all = menus.get("/cgi-bin/menu/get").await;
    assert!(all.json["menu"]["menuid"].is_i64(), "{}", all.text);
    assert_eq!(all.json["conditionalmenu"][0]["menuid"].to_string(), by_tag);
    assert_eq!(all.json["conditionalmenu"][0]["matchrule"], json!({ "tag_id": tag }));
    assert_eq!(all.json["conditionalmenu"][1]["matchrule"], json!({ "sex": 1 }));
    let default = all.json["menu"]["menuid"].clone();
    for (menuid, errcode) in [(json!(ios), 65301), (default, 65301), (json!("x"), 65301), (json!(by_tag), 0)] {
        assert_eq!(menus.post("delconditional", &json!({ "menuid": menuid })).await.errcode(), errcode, "{menuid}");
    }
    menus.get("/cgi-bin/menu/delete").await;
    menus.create(json!([click("new")])).await;
    let all = menus.get("/cgi-bin/menu/get").await;
    assert_eq!(all.json.get("conditionalmenu"), None, "they went with the default menu");
}

#[tokio::test]
async fn what_is_wrong_with_a_conditional_menu_is_refused() {
    let menus = Menus::new().await;
    menus.create(json!([click("default")])).await;
    let star = json!({ "tag_id": 2 });
    let domains = |n: usize| (0..n).map(|n| view(&format!("https://d{n}.example.com/"))).collect::<Vec<_>>();
    for (buttons, rule, errcode) in [
        (json!([click("x")]), Value::Null, 65304),
        (json!([click("x")]), json!({}), 65304),
        (json!([click("x")]), json!({ "tag_id": "", "client_platform_type": "" }), 65304),
        (json!([click("x")]), json!({ "tag_id": "99" }), 45159),
        (json!([click("x")]), json!({ "client_platform_type": "4" }), 40035),
        (json!([click("x")]), json!({ "province": "广东" }), 65310),
        (json!([click("x")]), json!({ "country": "中国", "city": "广州" }), 65311),
        (json!([]), star.clone(), 65307),
        (json!([{ "name": "x" }]), star.clone(), 65308),
        (json!([view("nothing")]), star.clone(), 65317),
        (json!([list(&domains(3)), view("https://mp.weixin.qq.com/s/x")]), star.clone(), 0),
        (json!([list(&domains(4))]), star.clone(), 65316),
        (json!([click(&"a".repeat(17))]), star.clone(), 40018),
    ] {
        let answer = menus.conditional(buttons.clone(), rule.clone()).await;
        assert_eq!(answer.errcode(), errcode, "{buttons} {rule}: {}", answer.text);
    }
    let change = json!({ "retired_match_rules": "refuse", "conditional_menus": 1 });
    menus.rig.post("/_emulator/settings", &[], &change).await;
    assert_eq!(menus.conditional(json!([click("x")]), json!({ "sex": 1 })).await.errcode(), 65320);
    assert_eq!(menus.conditional(json!([click("x")]), star).await.errcode(), 65305);
}
