//! Events about people and what is stored about them.

use http::StatusCode;
use serde_json::json;
use weiqiao_app::settings::AuthMode;
use weiqiao_model::Role;
use weixin_proto::callback::Mode;

use super::{Desk, account, event, xml};
use crate::testing::World;

/// T-67: a scene that can be guessed binds nobody to anything.
#[tokio::test]
async fn t_67_a_scene_is_no_credential() {
    let desk = Desk::new(Mode::Plain).await;
    for (number, scene) in ["bind_1", "bind_2", "login_1", "user:1", "1"].into_iter().enumerate() {
        let at = desk.world.now_s() + number as i64;
        let key = format!("<EventKey><![CDATA[{scene}]]></EventKey><Ticket>T</Ticket>");
        for _ in 0..2 {
            assert_eq!(desk.say(&event("SCAN", at, &key)).await, None);
            assert_eq!(desk.say(&event("subscribe", at, &key.replace("CDATA[", "CDATA[qrscene_"))).await, None);
        }
    }
    let staff = desk.world.staff_token("boss", Role::Admin).await;
    let users = desk.world.request("GET", "/api/users").bearer(&staff).send().await;
    assert_eq!(users.is(StatusCode::OK).data()["total"], 0, "no login, no identity");
    desk.world.get("/api/me").await.is(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn data_that_wechat_takes_back_are_deleted() {
    let desk = Desk::new(Mode::Safe).await;
    let person = desk.world.browser();
    person.log_in("xiaoming").await;
    let openid = desk.world.openid("xiaoming");
    let system = |name: &str, more: &str| {
        let push = xml(&format!(
            "<CreateTime>{}</CreateTime><MsgType>event</MsgType><Event>{name}</Event><OpenID>{openid}</OpenID>{more}",
            desk.world.now_s()
        ));
        push.replace(super::WHO, "oSystemAccountOfWeChat")
    };
    let staff = desk.world.staff_token("boss", Role::Admin).await;
    let users = async || {
        let call = desk.world.request("GET", "/api/users").bearer(&staff);
        call.send().await.is(StatusCode::OK).data()["items"].clone()
    };
    assert_ne!(users().await[0]["nickname"], "");
    let other = format!("<AppID>{}</AppID>", World::MINI);
    desk.say(&system("user_info_modified", &other)).await;
    assert_ne!(users().await[0]["nickname"], "", "another account's");
    desk.say(&system("user_authorization_revoke", "<RevokeInfo>204</RevokeInfo>")).await;
    assert_ne!(users().await[0]["nickname"], "", "of the microphone nothing is stored");

    desk.say(&system("user_authorization_revoke", "<RevokeInfo>205</RevokeInfo>")).await;
    assert_eq!((&users().await[0]["nickname"], &users().await[0]["headimgurl"]), (&"".into(), &"".into()));
    person.get("/api/me").await.is(StatusCode::OK);

    desk.say(&system("user_authorization_cancellation", &format!("<AppID>{}</AppID>", World::OFFICIAL))).await;
    assert_eq!(users().await, serde_json::json!([]));
    let audit = desk.world.request("GET", "/api/admin/audit?deed=consent_forgotten").bearer(&staff).send().await;
    let items = audit.is(StatusCode::OK).data()["items"].as_array().unwrap().clone();
    let what: Vec<_> = items.iter().map(|entry| (&entry["actor_kind"], &entry["detail"]["what"])).collect();
    assert_eq!(what, [(&"system".into(), &"person".into()), (&"system".into(), &"profile".into())]);
    desk.advance(6);
    person.get("/api/me").await.is(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn followers_come_and_go_and_leave_no_name() {
    let desk = Desk::new(Mode::Safe).await;
    let at = desk.world.now_s();
    let list = async |query: &str| {
        let call = desk.world.request("GET", &format!("/api/admin/followers?{query}")).api_key(World::API_KEY);
        call.send().await.is(StatusCode::OK).data().clone()
    };
    desk.say(&event("subscribe", at, "<EventKey>qrscene_fair</EventKey><Ticket>T</Ticket>")).await;
    desk.say(&super::text("hello", 5)).await;
    let followers = list("subscribed=true&scene=fair").await;
    assert_eq!((&followers["total"], &followers["items"][0]["openid"]), (&1.into(), &super::WHO.into()));
    assert_eq!(list(&format!("account=official&openid={}", super::WHO)).await["total"], 1);
    assert_eq!(list("subscribed=false").await["total"], 0);

    desk.say(&event("unsubscribe", at + 1, "<EventKey></EventKey>")).await;
    let left = list("subscribed=false").await;
    assert_eq!((&left["total"], &left["items"][0]["openid"]), (&1.into(), &serde_json::Value::Null));
    let said = desk.inbox().await.into_iter().find(|push| push["msg_type"] == "text").unwrap();
    let opened = desk.opened(said["id"].as_str().unwrap()).await;
    assert_eq!(opened["raw"], serde_json::Value::Null, "what they wrote is gone too");
}

#[tokio::test]
async fn what_people_write_is_for_those_who_may_read_it() {
    let desk = Desk::new(Mode::Safe).await;
    desk.say(&super::text("a secret of mine", 1)).await;
    let id = desk.inbox().await[0]["id"].as_str().unwrap().to_owned();
    for (role, expected) in [
        (Role::Admin, StatusCode::OK),
        (Role::Supervisor, StatusCode::OK),
        (Role::Advisor, StatusCode::FORBIDDEN),
        (Role::Viewer, StatusCode::FORBIDDEN),
    ] {
        let staff = desk.world.staff_token(role.as_str(), role).await;
        let list = desk.world.request("GET", "/api/admin/inbox").bearer(&staff).send().await;
        assert!(!list.is(StatusCode::OK).text().contains("secret"));
        let one = desk.world.request("GET", &format!("/api/admin/inbox/{id}")).bearer(&staff).send().await;
        assert_eq!(one.is(expected).text().contains("a secret of mine"), expected == StatusCode::OK);
    }
    let call = desk.world.request("GET", "/api/admin/inbox/none").api_key(World::API_KEY);
    call.send().await.is(StatusCode::NOT_FOUND);
}

/// Where a mini program's events come in, and an advisor is known.
async fn mini_desk() -> Desk {
    let world = World::with(AuthMode::Strict, "https://app.example.com/", |plan| {
        plan.app.callback.accounts.push(account("mini", Mode::Safe));
    })
    .await;
    let advisor = world.request("POST", "/api/admin/advisors").api_key(World::API_KEY);
    advisor.json(r#"{"advisor_id":"li"}"#).send().await.is(StatusCode::OK);
    Desk { world, mode: Mode::Safe }
}

/// 小红's openid and token.
async fn mini_login(world: &World) -> [String; 2] {
    let code = json!({ "code": world.mini_code("xiaohong") });
    let login = world.post("/api/wechat/openid", code.to_string()).await.is(StatusCode::OK).data().clone();
    ["openid", "token"].map(|field| login[field].as_str().unwrap().to_owned())
}

/// Customers may be named by our id of them; what they did is theirs under that name too.
#[tokio::test]
async fn actions_are_forgotten_under_whichever_name_they_were_sent() {
    let desk = mini_desk().await;
    let world = &desk.world;
    let admin = |method: &str, path: &str| world.request(method, path).api_key(World::API_KEY);
    let login = mini_login(world).await;
    let [openid, token] = login.each_ref().map(String::as_str);
    let me = world.request("GET", "/api/me").bearer(token).send().await.is(StatusCode::OK).data().clone();
    let user_id = me["user_id"].as_str().unwrap();
    let act = |name: &str, phone: &str| {
        let action = json!({"customerId": name, "advisorId": "li", "actionType": "other", "actionData": {},
            "customerPhone": phone});
        world.request("POST", "/api/customer/action").json(&action.to_string())
    };
    for (name, phone) in [(openid, "13800138001"), (user_id, "13800138002")] {
        act(name, phone).bearer(token).send().await.is(StatusCode::OK);
    }
    let by_server = act(user_id, "13800138004").api_key(World::API_KEY).send().await;
    assert_eq!(by_server.is(StatusCode::OK).data()["customer"]["wechatId"], openid);
    let with_key = |number: u32| {
        let action = json!({"customerId": openid, "advisorId": "li", "actionType": "other", "actionData": {"note": "mine"},
            "customerPhone": "13800138003"});
        let key = format!("tap-{number}");
        // A server repeats it: the session ends with the consent.
        let call = world.request("POST", "/api/customer/action").api_key(World::API_KEY);
        call.header("idempotency-key", &key).json(&action.to_string()).send()
    };
    let ask = || {
        let message = json!({"touser": openid, "template_id": "weiqiao-demo-customer-notification-template",
            "data": {"thing1": {"value": "你好"}, "time2": {"value": "2025-09-05 16:58"}, "thing3": {"value": "x"},
            "thing7": {"value": "王小明"}}});
        let call = world.request("POST", "/api/message/send").api_key(World::API_KEY).header("idempotency-key", "ask");
        call.json(&message.to_string()).send()
    };
    ask().await.is(StatusCode::INTERNAL_SERVER_ERROR).code("SEND_MESSAGE_FAILED");
    let first = with_key(1).await;
    assert_eq!(with_key(1).await.is(StatusCode::OK).data(), first.is(StatusCode::OK).data());
    let actions = async || admin("GET", "/api/admin/actions").send().await.is(StatusCode::OK).data()["items"].clone();
    assert!(actions().await.as_array().unwrap().iter().all(|action| action["customer_phone"] != json!(null)));

    let tell = async |event: &str, more: &str| {
        let push = format!(
            "<xml><ToUserName>{}</ToUserName><FromUserName>oSystemAccountOfWeChat</FromUserName><CreateTime>{}</CreateTime>\
             <MsgType>event</MsgType><Event>{event}</Event><OpenID>{openid}</OpenID><AppID>{}</AppID>{more}</xml>",
            super::OURS,
            world.now_s(),
            World::MINI,
        );
        let mut sent = super::signed(desk.mode, World::MINI, super::OURS, &push, world.now_s());
        sent.path = "/wx/mini".to_owned();
        desk.deliver(&sent).await.is(StatusCode::OK);
    };
    tell("user_authorization_revoke", "<RevokeInfo>7</RevokeInfo>").await;
    tell("user_authorization_cancellation", "").await;
    // The session was looked up a moment ago, and was still good then.
    act(openid, "13800138005").bearer(token).send().await.is(StatusCode::UNAUTHORIZED);
    let phone = world.request("POST", "/api/wechat/phone").bearer(token).json(r#"{"code":"any"}"#).send().await;
    phone.is(StatusCode::UNAUTHORIZED);
    let pushes = admin("GET", "/api/admin/inbox").send().await.is(StatusCode::OK).data()["items"].clone();
    for push in pushes.as_array().unwrap() {
        let path = format!("/api/admin/inbox/{}", push["id"].as_str().unwrap());
        let shown = admin("GET", &path).send().await.is(StatusCode::OK).text().contains(openid);
        assert_eq!(shown, push["event"] == "user_authorization_cancellation", "{push}");
    }
    let after = actions().await;
    assert_eq!(after.as_array().unwrap().len(), 4, "that something was done stays");
    assert!(after.as_array().unwrap().iter().all(|action| action["customer_phone"] == json!(null)), "{after}");
    // What they were told is gone too; yet a late repeat is no new request.
    let late = with_key(1).await;
    late.is(StatusCode::CONFLICT).code("IDEMPOTENCY_ANSWER_FORGOTTEN");
    assert!(!late.text().contains("mine") && !late.text().contains("13800138003"), "{}", late.text());
    assert_eq!(actions().await, after);
    with_key(2).await.is(StatusCode::OK);
    // It was refused, and nobody is told that it may have arrived.
    ask().await.is(StatusCode::CONFLICT).code("IDEMPOTENCY_ANSWER_FORGOTTEN");
}

/// A server may name them so in open mode too.
#[tokio::test]
async fn a_server_names_customers_by_our_id_in_open_mode() {
    let world = World::open().await;
    let [openid, token] = mini_login(&world).await;
    let me = world.request("GET", "/api/me").bearer(&token).send().await;
    let user_id = me.is(StatusCode::OK).data()["user_id"].as_str().unwrap().to_owned();
    let action = json!({"customerId": user_id, "advisorId": "li", "actionType": "other", "actionData": {},
        "customerPhone": "13800138004"});
    let call = world.request("POST", "/api/customer/action").api_key(World::API_KEY);
    let by_server = call.json(&action.to_string()).send().await;
    assert_eq!(by_server.is(StatusCode::OK).data()["customer"]["wechatId"], openid);
}

/// Phones stand in what customers did.
#[tokio::test]
async fn a_phone_that_is_taken_back_is_in_no_action_any_more() {
    let desk = mini_desk().await;
    let world = &desk.world;
    let admin = |method: &str, path: &str| world.request(method, path).api_key(World::API_KEY);
    let login = mini_login(world).await;
    let [openid, token] = login.each_ref().map(String::as_str);
    let action = json!({"customerId": openid, "advisorId": "li", "actionType": "other", "actionData": {},
        "customerPhone": "13800138001"});
    let call = world.request("POST", "/api/customer/action").bearer(token).json(&action.to_string());
    call.send().await.is(StatusCode::OK);
    for (info, phone_stays) in [("6", true), ("8", false)] {
        let push = format!(
            "<xml><ToUserName>{}</ToUserName><FromUserName>oSystemAccountOfWeChat</FromUserName><CreateTime>{}</CreateTime>\
             <MsgType>event</MsgType><Event>user_authorization_revoke</Event><OpenID>{openid}</OpenID><AppID>{}</AppID>\
             <RevokeInfo>{info}</RevokeInfo></xml>",
            super::OURS,
            world.now_s(),
            World::MINI,
        );
        let mut sent = super::signed(desk.mode, World::MINI, super::OURS, &push, world.now_s());
        sent.path = "/wx/mini".to_owned();
        desk.deliver(&sent).await.is(StatusCode::OK);
        let list = admin("GET", "/api/admin/actions").send().await.is(StatusCode::OK).data()["items"][0].clone();
        assert_eq!(list["customer_phone"] != json!(null), phone_stays, "{info}: {list}");
    }
    world.request("GET", "/api/me").bearer(token).send().await.is(StatusCode::OK);
}
