//! Followers, remarks, tags and the blacklist.

use serde_json::{Value, json};
use weixin_emulator::{AccountSeed, Emulator, PersonaSeed, Settings};

use crate::rig::{Answer, OFFICIAL, OFFICIAL_SECRET, Rig};

struct Audience {
    rig: Rig,
    token: String,
}

impl Audience {
    async fn new() -> Self {
        let rig = Rig::with(Emulator::builder()).await;
        let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
        Self { rig, token }
    }

    fn follow(&self, persona: &str) -> String {
        self.rig.emulator.engine().follow(persona, "official", None).unwrap();
        self.rig.emulator.openid(persona, "official")
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        let query: Vec<_> = query.iter().copied().chain([("access_token", self.token.as_str())]).collect();
        self.rig.get(path, &query).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.rig.post(path, &[("access_token", &self.token)], &body).await
    }

    async fn tag(&self, name: &str) -> i64 {
        let answer = self.post("/cgi-bin/tags/create", json!({ "tag": { "name": name } })).await;
        answer.json["tag"]["id"].as_i64().unwrap_or_else(|| panic!("{}", answer.text))
    }
}

/// Somebody's openid at another account.
fn openid_elsewhere(rig: &Rig) -> String {
    rig.emulator.add_account(AccountSeed {
        name: "other".into(),
        app_id: "wx7777777777777777".into(),
        app_secret: "s".into(),
        ..AccountSeed::default()
    });
    rig.emulator.openid("xiaoming", "other")
}

#[tokio::test]
async fn followers_are_listed_page_by_page_in_the_order_they_came() {
    let audience = Audience::new().await;
    let empty = audience.get("/cgi-bin/user/get", &[]).await;
    assert_eq!(empty.json, json!({ "total": 0, "count": 0, "next_openid": "" }), "no data when there is nobody");
    let first = audience.follow("xiaohong");
    audience.rig.emulator.advance(std::time::Duration::from_secs(1));
    let second = audience.follow("xiaoming");
    audience.rig.emulator.advance(std::time::Duration::from_secs(1));
    let third = audience.follow("emoji");

    let all = audience.get("/cgi-bin/user/get", &[]).await;
    let openids = json!({ "openid": [first, second, third] });
    assert_eq!(all.json, json!({ "total": 3, "count": 3, "data": openids, "next_openid": third }));
    let beyond = audience.get("/cgi-bin/user/get", &[("next_openid", &third)]).await;
    assert_eq!(beyond.json, json!({ "total": 3, "count": 0, "next_openid": "" }));

    let settings = Settings { follower_page: 2, ..Settings::default() };
    audience.rig.post("/_emulator/settings", &[], &serde_json::to_value(settings).unwrap()).await;
    let page = audience.get("/cgi-bin/user/get", &[]).await;
    assert_eq!((page.json["count"].as_i64(), page.text_of("next_openid")), (Some(2), second.clone()));
    audience.rig.emulator.engine().unfollow("xiaoming", "official").unwrap();
    let page = audience.get("/cgi-bin/user/get", &[("next_openid", &second)]).await;
    assert_eq!(page.json["data"]["openid"], json!([third]), "the place is kept though that one has left");
    assert_eq!(page.json["total"], 2);
    assert_eq!(audience.get("/cgi-bin/user/get", &[("next_openid", "oNobody")]).await.errcode(), 40003);
}

#[tokio::test]
async fn several_people_are_asked_about_at_once() {
    let audience = Audience::new().await;
    let openid = audience.follow("xiaoming");
    let stranger = audience.rig.emulator.openid("xiaohong", "official");
    let ask = |list: Value| audience.post("/cgi-bin/user/info/batchget", json!({ "user_list": list }));
    let answer = ask(json!([{ "openid": openid, "lang": "en" }, { "openid": stranger }])).await;
    let people = answer.json["user_info_list"].as_array().unwrap();
    assert_eq!((&people[0]["subscribe"], &people[0]["language"]), (&json!(1), &json!("en")));
    assert_eq!((&people[1]["subscribe"], people[1].get("subscribe_time")), (&json!(0), None));
    assert_eq!(ask(json!([])).await.errcode(), 40032);
    assert_eq!(ask(json!(vec![json!({ "openid": openid }); 101])).await.errcode(), 40032);
    assert_eq!(ask(json!(vec![json!({ "openid": openid }); 100])).await.errcode(), 0);
    assert_eq!(ask(json!([{ "openid": "oNobody" }])).await.errcode(), 40003);
    assert_eq!(ask(json!(1)).await.errcode(), 40031);
}

#[tokio::test]
async fn a_remark_is_short_and_about_a_follower() {
    let audience = Audience::new().await;
    let openid = audience.follow("xiaoming");
    let note = |openid: &str, remark: &str| {
        audience.post("/cgi-bin/user/info/updateremark", json!({ "openid": openid, "remark": remark }))
    };
    assert_eq!(note(&openid, "九个字的备注刚刚好").await.errcode(), 0);
    let shown = audience.get("/cgi-bin/user/info", &[("openid", &openid)]).await;
    assert_eq!(shown.json["remark"], "九个字的备注刚刚好");
    assert_eq!(note(&openid, &"a".repeat(29)).await.errcode(), 0);
    assert_eq!(note(&openid, &"a".repeat(30)).await.errcode(), 40092);
    assert_eq!(note(&audience.rig.emulator.openid("xiaohong", "official"), "x").await.errcode(), 43004);
    assert_eq!(note("oNobody", "x").await.errcode(), 40003);
    assert_eq!(note(&openid, "").await.errcode(), 0);
    let shown = audience.get("/cgi-bin/user/info", &[("openid", &openid)]).await;
    assert_eq!(shown.json["remark"], "");
}

#[tokio::test]
async fn tags_are_made_changed_given_taken_and_counted() {
    let audience = Audience::new().await;
    let (ming, hong) = (audience.follow("xiaoming"), audience.follow("xiaohong"));
    let (south, north) = (audience.tag("广东").await, audience.tag("北京").await);
    assert_eq!((south, north), (100, 101));
    let give = |people: Value, id: i64| {
        audience.post("/cgi-bin/tags/members/batchtagging", json!({ "openid_list": people, "tagid": id }))
    };
    assert_eq!(give(json!([ming, hong]), south).await.errcode(), 0);
    assert_eq!(give(json!([ming]), north).await.errcode(), 0);
    let of = audience.post("/cgi-bin/tags/getidlist", json!({ "openid": ming })).await;
    assert_eq!(of.json, json!({ "tagid_list": [100, 101] }));
    let info = audience.get("/cgi-bin/user/info", &[("openid", &ming)]).await;
    assert_eq!(info.json["tagid_list"], json!([100, 101]));
    let renamed = audience.post("/cgi-bin/tags/update", json!({ "tag": { "id": south, "name": "广东人" } })).await;
    assert_eq!(renamed.errcode(), 0);
    let tags = audience.get("/cgi-bin/tags/get", &[]).await;
    let star = json!({ "id": 2, "name": "星标组", "count": 0 });
    let own = [json!({ "id": 100, "name": "广东人", "count": 2 }), json!({ "id": 101, "name": "北京", "count": 1 })];
    assert_eq!(tags.json["tags"], json!([star, own[0], own[1]]));

    let members =
        |id: i64, after: &str| audience.post("/cgi-bin/user/tag/get", json!({ "tagid": id, "next_openid": after }));
    let page = members(south, "").await;
    assert_eq!((&page.json["count"], page.json["data"]["openid"].as_array().unwrap().len()), (&json!(2), 2));
    let last = page.text_of("next_openid");
    assert_eq!(members(south, &last).await.json, json!({ "count": 0, "next_openid": "" }));
    assert_eq!(members(7, "").await.errcode(), 45159);

    let taken = json!({ "openid_list": [ming], "tagid": south });
    assert_eq!(audience.post("/cgi-bin/tags/members/batchuntagging", taken).await.errcode(), 0);
    assert_eq!(members(south, "").await.json["data"]["openid"], json!([hong]));
    assert_eq!(audience.post("/cgi-bin/tags/delete", json!({ "tag": { "id": south } })).await.errcode(), 0);
    let of = audience.post("/cgi-bin/tags/getidlist", json!({ "openid": hong })).await;
    assert_eq!(of.json, json!({ "tagid_list": [] }));
}

#[tokio::test]
async fn what_is_wrong_with_a_tag_is_refused() {
    let audience = Audience::new().await;
    let openid = audience.follow("xiaoming");
    let stranger = audience.rig.emulator.openid("xiaohong", "official");
    let foreign = openid_elsewhere(&audience.rig);
    let id = audience.tag("一").await;
    let tag = |name: &str| json!({ "tag": { "name": name } });
    let give = |people: Value| json!({ "openid_list": people, "tagid": id });
    for (path, body, errcode) in [
        ("create", json!({}), 47001),
        ("create", tag(""), 45157),
        ("create", tag("一"), 45157),
        ("create", tag(&"字".repeat(31)), 45158),
        ("update", json!({ "tag": { "id": 2, "name": "x" } }), 45058),
        ("update", json!({ "tag": { "id": 5, "name": "x" } }), 45159),
        ("delete", json!({ "tag": { "id": 1 } }), 45058),
        ("delete", json!({ "tag": {} }), 45159),
        ("members/batchtagging", give(json!([])), 40032),
        ("members/batchtagging", give(json!(vec![&openid; 51])), 40032),
        ("members/batchtagging", give(json!("x")), 40031),
        ("members/batchtagging", give(json!([openid, "oNobody"])), 40003),
        ("members/batchtagging", give(json!([stranger])), 40003),
        ("members/batchtagging", give(json!([foreign])), 49003),
        ("members/batchtagging", json!({ "openid_list": [openid], "tagid": 9 }), 45159),
        ("members/batchuntagging", json!({ "openid_list": [openid], "tagid": 0 }), 45058),
        ("getidlist", json!({}), 40003),
    ] {
        let answer = audience.post(&format!("/cgi-bin/tags/{path}"), body.clone()).await;
        assert_eq!(answer.errcode(), errcode, "{path} {body}: {}", answer.text);
    }
    for n in 1..20 {
        let id = audience.tag(&n.to_string()).await;
        let body = json!({ "openid_list": [openid], "tagid": id });
        assert_eq!(audience.post("/cgi-bin/tags/members/batchtagging", body).await.errcode(), 0);
    }
    assert_eq!(audience.post("/cgi-bin/tags/members/batchtagging", give(json!([openid]))).await.errcode(), 0);
    let id = audience.tag("21").await;
    let body = json!({ "openid_list": [openid], "tagid": id });
    assert_eq!(audience.post("/cgi-bin/tags/members/batchtagging", body).await.errcode(), 45059);
}

#[tokio::test]
async fn people_are_blocked_and_let_back_in() {
    let audience = Audience::new().await;
    let ids: Vec<String> = ["xiaoming", "xiaohong", "emoji"].map(|persona| audience.follow(persona)).into();
    let foreign = openid_elsewhere(&audience.rig);
    let call = async |verb: &str, people: Value| {
        audience.post(&format!("/cgi-bin/tags/members/{verb}"), json!({ "openid_list": people })).await
    };
    let list = |after: &str| audience.post("/cgi-bin/tags/members/getblacklist", json!({ "begin_openid": after }));
    assert_eq!(list("").await.json, json!({ "total": 0, "count": 0, "next_openid": "" }));
    assert_eq!(call("batchblacklist", json!(ids)).await.errcode(), 0);
    let page = list("").await;
    assert_eq!(page.json, json!({ "total": 3, "count": 3, "data": { "openid": ids }, "next_openid": ids[2] }));
    assert_eq!(list(&ids[0]).await.json["data"]["openid"], json!(ids[1..]));
    assert_eq!(call("batchunblacklist", json!([ids[1]])).await.errcode(), 0);
    assert_eq!(list("").await.json["data"]["openid"], json!([ids[0], ids[2]]));
    assert_eq!(call("batchblacklist", json!(vec![&ids[0]; 21])).await.errcode(), 40032);
    assert_eq!(call("batchblacklist", json!([foreign])).await.errcode(), 49003);
    assert_eq!(call("batchunblacklist", json!(["oNobody"])).await.errcode(), 40003);
}

#[tokio::test]
async fn the_list_may_be_asked_for_500_times_a_day() {
    let audience = Audience::new().await;
    let seed = PersonaSeed { id: Some("late".into()), ..PersonaSeed::default() };
    audience.rig.emulator.engine().put_persona(seed).unwrap();
    let quota = json!({ "account": "official", "path": "/cgi-bin/user/get", "built_in": true, "used": 500 });
    assert_eq!(audience.rig.post("/_emulator/quotas", &[], &quota).await.status, 200);
    assert_eq!(audience.get("/cgi-bin/user/get", &[]).await.errcode(), 45009);
}
