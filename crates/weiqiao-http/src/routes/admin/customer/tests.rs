//! The mini program's CRM through the router: each row of the contract, in both modes.

use http::StatusCode;
use serde_json::{Value, json};
use weiqiao_app::worker::Worker;
use weiqiao_model::{ApiScope, Role};

use crate::testing::{Answer, World};

mod calls;

const TEMPLATE: &str = "weiqiao-demo-customer-notification-template";
const SUBSCRIBE: &str = "/api/advisor/subscribe";
const ACTION: &str = "/api/customer/action";
const SEND: &str = "/api/message/send";
const SEND_AT_WECHAT: &str = "/cgi-bin/message/subscribe/send";

fn li(world: &World) -> String {
    world.emulator.openid("advisor-li", "mini")
}

fn subscription(openid: &str, subscribed: bool) -> String {
    json!({"advisorId": "li", "openid": openid, "templateId": TEMPLATE, "subscribed": subscribed}).to_string()
}

fn action(rest: &Value) -> Value {
    let mut body = json!({"customerId": "oCustomer", "advisorId": "li", "actionType": "view_resume", "actionData": {}});
    for (key, value) in rest.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

/// 顾问李 agrees to so many messages, on the phone and here.
async fn agreed(world: &World, count: u32) {
    world.emulator.accept_notifications("advisor-li", "mini", TEMPLATE, count);
    world.post(SUBSCRIBE, subscription(&li(world), true)).await.is(StatusCode::OK);
}

async fn act(world: &World, rest: Value) -> Answer {
    let answer = world.post(ACTION, action(&rest).to_string()).await;
    answer.is(StatusCode::OK);
    answer
}

async fn work(world: &World) {
    Worker::new(world.app.clone()).run_due().await.unwrap();
}

async fn admin(world: &World, method: &str, path: &str) -> Answer {
    world.request(method, path).api_key(World::API_KEY).json("{}").send().await
}

async fn only_notification(world: &World) -> Value {
    let page = admin(world, "GET", "/api/admin/notifications").await;
    assert_eq!(page.is(StatusCode::OK).data()["total"], 1, "{}", page.text());
    page.data()["items"][0].clone()
}

/// A person's session at the mini program.
async fn session(world: &World, persona: &str) -> (String, String) {
    let code = world.mini_code(persona);
    let answer = world.post("/api/wechat/openid", json!({ "code": code }).to_string()).await;
    let data = answer.is(StatusCode::OK).data().clone();
    (data["openid"].as_str().unwrap().to_owned(), data["token"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_subscription_answers_as_documented() {
    let world = World::open().await;
    let body = json!({"advisorId": "li", "openid": "oLi", "templateId": "t", "subscribed": true,
        "subscribeData": {"t": "accept"}, "_id": "mine", "active": false, "credits": 99, "createdAt": "x"});
    let first = world.post(SUBSCRIBE, body.to_string()).await;
    let data = first.is(StatusCode::OK).success("保存订阅状态成功").data().clone();
    assert_eq!(
        data,
        json!({"_id": data["_id"], "advisorId": "li", "openid": "oLi", "templateId": "t", "subscribed": true,
            "subscribeTime": "2025-09-05T08:58:10.123Z", "subscribeData": {"t": "accept"}, "active": true, "credits": 1,
            "createdAt": "2025-09-05T08:58:10.123Z", "updatedAt": "2025-09-05T08:58:10.123Z"})
    );
    assert_ne!(data["_id"], "mine");
    world.advance(std::time::Duration::from_secs(1));
    let off = json!({"advisorId": "li", "openid": "oLi", "templateId": "t", "subscribed": false}).to_string();
    let off = world.post(SUBSCRIBE, off).await;
    let off = off.is(StatusCode::OK).data();
    assert_eq!((&off["_id"], &off["subscribed"], &off["active"]), (&data["_id"], &json!(false), &json!(false)));
    assert_eq!((&off["subscribeTime"], &off["subscribeData"]), (&data["subscribeTime"], &data["subscribeData"]));
    assert_eq!(off["unsubscribeTime"], "2025-09-05T08:58:11.123Z");
    let page = admin(&world, "GET", "/api/admin/subscriptions?active=false").await;
    assert_eq!(page.data()["items"][0]["id"], data["_id"]);
}

#[tokio::test]
async fn missing_fields_are_named() {
    let world = World::open().await;
    for (path, kind, fields) in [
        (SUBSCRIBE, "AdvisorSubscribeRequest", "AdvisorId Openid TemplateId Subscribed"),
        (ACTION, "CustomerActionRequest", "CustomerId AdvisorId ActionType ActionData"),
        (SEND, "SendMessageRequest", "Touser TemplateId Data"),
        ("/api/wechat/phone", "PhoneRequest", "Code"),
    ] {
        let text: Vec<_> = fields
            .split(' ')
            .map(|name| {
                format!("Key: '{kind}.{name}' Error:Field validation for '{name}' failed on the 'required' tag")
            })
            .collect();
        let answer = world.post(path, "{}").await;
        answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &format!("请求参数错误: {}", text.join("\n")));
    }
    let text = world.post(ACTION, action(&json!({"actionData": "x"})).to_string()).await;
    text.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", "请求参数错误: actionData 必须是对象");
}

#[tokio::test]
async fn an_action_makes_a_lead_and_the_advisor_is_told() {
    let world = World::open().await;
    agreed(&world, 1).await;
    let answer = act(&world, json!({"customerPhone": "13800138000"})).await;
    let data = answer.success("记录客户行为成功，已创建新客户线索").data();
    assert_eq!((&data["customerCreated"], &data["action"]["notified"]), (&json!(true), &json!(false)));
    assert_eq!(data["action"]["willNotify"], true);
    assert_eq!(data["customerId"], data["customer"]["_id"]);
    assert_eq!(data["action"]["customerRecordId"], data["customer"]["_id"]);
    let customer = &data["customer"];
    let number = customer["customerId"].as_str().unwrap().strip_prefix("CUS").unwrap();
    assert!(number.bytes().all(|byte| byte.is_ascii_digit()));
    for (field, value) in [
        ("name", "微信客户8000"),
        ("phone", "13800138000"),
        ("wechatId", "oCustomer"),
        ("leadSource", "其他"),
        ("contractStatus", "待定"),
        ("leadLevel", "B类"),
        ("createdBy", "li"),
        ("assignedTo", "li"),
        ("remarks", "通过微信小程序查看简历自动创建"),
    ] {
        assert_eq!(customer[field], value, "{field}");
    }
    assert_eq!(only_notification(&world).await["status"], "queued");
    work(&world).await;
    let message = world.emulator.received("advisor-li").pop().unwrap().content;
    let value = |field: &str| message["data"][field]["value"].as_str().unwrap().to_owned();
    assert_eq!(
        ["thing1", "time2", "thing3", "thing7"].map(value),
        ["新客户查看了您的简历", "2025-09-05 16:58:10", "13800138000", "新客户"]
    );
    assert_eq!(message["page"], format!("pages/customer/detail?id={}", customer["_id"].as_str().unwrap()));
    assert_eq!(message["miniprogram_state"], "formal");
    let sent = only_notification(&world).await;
    assert_eq!((&sent["status"], &sent["attempts"], &sent["touser"]), (&json!("sent"), &json!(1), &json!(li(&world))));
    assert!(sent["msgid"].is_string());
    let one = admin(&world, "GET", &format!("/api/admin/notifications/{}", sent["id"].as_str().unwrap())).await;
    assert_eq!(one.is(StatusCode::OK).data()["attempts"][0]["verdict"], "sent");
    let listed = admin(&world, "GET", "/api/admin/actions").await;
    assert_eq!(listed.data()["items"][0]["notified"], true);
    assert_eq!(listed.data()["items"][0]["customer_phone"], "138****8000");
    let leads = admin(&world, "GET", "/api/admin/leads?phone=13800138000").await;
    assert_eq!((&leads.data()["total"], &leads.data()["items"][0]["phone"]), (&json!(1), &json!("138****8000")));
}

#[tokio::test]
async fn an_existing_lead_is_linked_and_hides_what_is_stored() {
    let world = World::open().await;
    let first = act(&world, json!({"customerPhone": "13800138000", "customerName": "王小明"})).await;
    assert_eq!(first.data()["action"]["willNotify"], false, "nobody subscribed");
    let again = act(&world, json!({"customerPhone": "13800138000", "customerId": "oStranger"})).await;
    let data = again.success("记录客户行为成功").data();
    assert_eq!((&data["customerCreated"], &data["customerId"]), (&json!(false), &first.data()["customerId"]));
    let number = &first.data()["customer"]["customerId"];
    assert_eq!(
        data["customer"],
        json!({"_id": data["customerId"], "customerId": number, "name": "王**", "phone": "13800138000", "leadSource": "其他"})
    );
    let none = act(&world, json!({"customerPhone": "12345"})).await;
    assert!(none.data().get("customer").is_none() && none.data().get("customerId").is_none());
    assert_eq!(none.data()["action"]["customerPhone"], "12345");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_at_once_with_one_phone_are_one_lead() {
    let world = World::open().await;
    let body = action(&json!({"customerPhone": "13900139000"})).to_string();
    let all = futures_util::future::join_all((0..50).map(|_| world.post(ACTION, &body))).await;
    let lead = &all[0].is(StatusCode::OK).data()["customerId"];
    assert!(lead.is_string() && all.iter().all(|one| one.data()["customerId"] == *lead));
    assert_eq!(all.iter().filter(|one| one.data()["customerCreated"] == true).count(), 1);
}

#[tokio::test]
async fn a_repeated_request_is_one_action() {
    let world = World::open().await;
    agreed(&world, 1).await;
    let post = |key: &str, rest: Value| {
        world.request("POST", ACTION).header("idempotency-key", key).json(&action(&rest).to_string()).send()
    };
    let phone = json!({"customerPhone": "13900139000", "customerName": "王小明"});
    let all = futures_util::future::join_all((0..20).map(|_| post("k1", phone.clone()))).await;
    assert!(all.iter().all(|one| one.is(StatusCode::OK).data() == all[0].data() && one.message() == all[0].message()));
    only_notification(&world).await;
    let other = post("k1", json!({})).await;
    other.is(StatusCode::CONFLICT).code("IDEMPOTENCY_KEY_REUSED");
    assert_ne!(post("k2", phone).await.data()["actionId"], all[0].data()["actionId"]);
    post(&"k".repeat(256), json!({})).await.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
}

#[tokio::test]
async fn every_type_has_its_words() {
    let world = World::open().await;
    agreed(&world, 8).await;
    for (kind, new, known) in [
        ("view_resume", "新客户查看了您的简历", "客户查看了您的简历"),
        ("contact_advisor", "新客户想要联系您", "客户想要联系您"),
        ("book_service", "新客户预约了您的服务", "客户预约了您的服务"),
        ("other", "新客户进行了操作", "客户进行了操作"),
    ] {
        let phone = format!("1380013{:04}", kind.len());
        for text in [new, known] {
            let name = if text == known { json!("李\n雷 🙂") } else { json!("") };
            act(&world, json!({"actionType": kind, "customerPhone": phone, "customerName": name})).await;
            work(&world).await;
            let data = world.emulator.received("advisor-li").pop().unwrap().content["data"].clone();
            let called = if text == known { "李 雷 🙂" } else { "新客户" };
            assert_eq!((&data["thing1"]["value"], &data["thing7"]["value"]), (&json!(text), &json!(called)));
        }
    }
    act(&world, json!({"customerId": "a b&c"})).await;
    agreed(&world, 1).await;
    act(&world, json!({"customerId": "a b&c"})).await;
    work(&world).await;
    let message = world.emulator.received("advisor-li").pop().unwrap().content;
    assert_eq!(message["page"], "pages/customer/detail?id=a%20b%26c");
    assert_eq!(message["data"]["thing3"]["value"], "未提供");
}

#[tokio::test]
async fn what_is_used_up_stops_until_it_is_renewed() {
    let world = World::open().await;
    world.post(SUBSCRIBE, subscription(&li(&world), true)).await.is(StatusCode::OK);
    act(&world, json!({})).await;
    work(&world).await;
    let refused = only_notification(&world).await;
    assert_eq!((&refused["status"], &refused["last_errcode"]), (&json!("refused"), &json!(43101)));
    let calls = world.wechat_calls(SEND_AT_WECHAT);
    act(&world, json!({})).await;
    work(&world).await;
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT), calls, "nothing is sent, and nothing owed");
    let page = admin(&world, "GET", "/api/admin/subscriptions").await;
    assert_eq!((&page.data()["items"][0]["active"], &page.data()["items"][0]["credits"]), (&json!(false), &json!(0)));
    agreed(&world, 1).await;
    let id = refused["id"].as_str().unwrap();
    admin(&world, "POST", &format!("/api/admin/notifications/{id}/retry")).await.is(StatusCode::OK);
    work(&world).await;
    assert_eq!(only_notification(&world).await["status"], "sent");
    let path = format!("/api/admin/notifications/{id}/cancel");
    admin(&world, "POST", &path).await.is(StatusCode::CONFLICT).code("JOB_STATE");
    admin(&world, "GET", "/api/admin/notifications/none").await.is(StatusCode::NOT_FOUND).code("NOT_FOUND");
}

#[tokio::test]
async fn a_lost_answer_is_uncertain_and_a_refused_repeat_says_that_it_arrived() {
    let world = World::open().await;
    agreed(&world, 1).await;
    let lost = weixin_emulator::Fault::on(SEND_AT_WECHAT).status(502).deliver().times(1);
    world.emulator.fault(lost);
    act(&world, json!({})).await;
    work(&world).await;
    let uncertain = only_notification(&world).await;
    assert_eq!(uncertain["status"], "uncertain", "{uncertain}");
    world.advance(std::time::Duration::from_secs(120));
    work(&world).await;
    let sent = only_notification(&world).await;
    assert_eq!((&sent["status"], &sent["attempts"], &sent["last_errcode"]), (&json!("sent"), &json!(2), &json!(43101)));
    let page = admin(&world, "GET", "/api/admin/subscriptions").await;
    assert_eq!(page.data()["items"][0]["active"], true, "it is not known to be used up");
    assert_eq!(world.emulator.received("advisor-li").len(), 1);
}

#[tokio::test]
async fn a_whole_account_that_waits_says_until_when() {
    let world = World::open().await;
    agreed(&world, 2).await;
    let notifications =
        async || admin(&world, "GET", "/api/admin/notifications").await.is(StatusCode::OK).data()["items"].clone();
    world.wechat_refuses(SEND_AT_WECHAT, 45009, 1).await;
    for _ in 0..2 {
        act(&world, json!({})).await;
    }
    work(&world).await;
    world.advance(std::time::Duration::from_secs(3_600));
    let hold = admin(&world, "GET", "/api/admin/jobs/holds").await.is(StatusCode::OK).data()[0].clone();
    assert_eq!(hold["reason"], "quota");
    let waiting = notifications().await;
    // The newest first. The call that was throttled was a try all the same.
    let seen: Vec<_> = waiting.as_array().unwrap().iter().map(|one| (&one["status"], &one["attempts"])).collect();
    assert_eq!(seen, [(&json!("queued"), &json!(0)), (&json!("retrying"), &json!(1))]);
    for one in waiting.as_array().unwrap() {
        let path = format!("/api/admin/notifications/{}", one["id"].as_str().unwrap());
        let alone = admin(&world, "GET", &path).await;
        assert_eq!((&one["next_attempt_at"], &alone.data()["next_attempt_at"]), (&hold["until"], &hold["until"]));
    }
    world.advance(std::time::Duration::from_secs(7 * 3_600));
    work(&world).await;
    for one in notifications().await.as_array().unwrap() {
        assert_eq!((&one["status"], &one["next_attempt_at"]), (&json!("sent"), &json!(null)));
    }
}

#[tokio::test]
async fn strict_mode_believes_sessions_and_keys_only() {
    let world = World::strict().await;
    let (openid, token) = session(&world, "advisor-li").await;
    let (other, others) = session(&world, "xiaohong").await;
    let subscribe = |openid: &str, token: &str| {
        let call = world.request("POST", SUBSCRIBE).json(&subscription(openid, true));
        if token.is_empty() { call.send() } else { call.bearer(token).send() }
    };
    subscribe(&openid, "").await.is(StatusCode::UNAUTHORIZED).code("UNAUTHORIZED");
    subscribe(&openid, "junk").await.is(StatusCode::UNAUTHORIZED);
    subscribe(&openid, &others).await.is(StatusCode::FORBIDDEN).code("OPENID_MISMATCH");
    subscribe(&openid, &token).await.is(StatusCode::FORBIDDEN).code("ADVISOR_UNKNOWN");
    let body = json!({"advisor_id": "li", "openid": openid}).to_string();
    let saved = world.request("POST", "/api/admin/advisors").api_key(World::API_KEY).json(&body).send().await;
    assert_eq!(saved.is(StatusCode::OK).data()["bound"], true);
    subscribe(&other, &others).await.is(StatusCode::FORBIDDEN).code("ADVISOR_TAKEN");
    subscribe(&openid, &token).await.is(StatusCode::OK);
    let advisors = admin(&world, "GET", "/api/admin/advisors").await;
    assert_eq!(advisors.data()["items"][0]["advisor_id"], "li");

    let body =
        |customer: &str, advisor: &str| action(&json!({"customerId": customer, "advisorId": advisor})).to_string();
    let post = |body: String| world.request("POST", ACTION).json(&body);
    post(body(&other, "li")).send().await.is(StatusCode::UNAUTHORIZED);
    post("{}".into()).send().await.is(StatusCode::UNAUTHORIZED);
    post(body(&openid, "li")).bearer(&others).send().await.is(StatusCode::FORBIDDEN).code("OPENID_MISMATCH");
    post(body(&other, "nobody")).bearer(&others).send().await.is(StatusCode::FORBIDDEN).code("ADVISOR_UNKNOWN");
    post(body(&other, "li")).bearer(&others).send().await.is(StatusCode::OK);
    let key = world.api_key(&[ApiScope::ActionWrite]).await;
    post(body("anybody", "li")).api_key(&key).send().await.is(StatusCode::OK);
    let wrong = world.api_key(&[ApiScope::MessageSend]).await;
    post(body("anybody", "li")).api_key(&wrong).send().await.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
}

#[tokio::test]
async fn advisors_may_register_themselves_where_that_is_wanted() {
    let world = World::with(weiqiao_app::AuthMode::Strict, "https://app.example.com/", |plan| {
        plan.app.crm.advisor_self_register = true;
    })
    .await;
    let (openid, token) = session(&world, "advisor-li").await;
    let (other, others) = session(&world, "xiaohong").await;
    let subscribe = |openid: &str, token: &str| {
        world.request("POST", SUBSCRIBE).bearer(token).json(&subscription(openid, true)).send()
    };
    subscribe(&openid, &token).await.is(StatusCode::OK);
    subscribe(&other, &others).await.is(StatusCode::FORBIDDEN).code("ADVISOR_TAKEN");
}

#[tokio::test]
async fn nothing_personal_lies_open() {
    let world = World::open().await;
    agreed(&world, 1).await;
    act(&world, json!({"customerPhone": "13800138000", "customerName": "王小明", "customerId": "oCustomerCanary"}))
        .await;
    for role in [Role::Viewer, Role::Supervisor] {
        let staff = world.staff_token(role.as_str(), role).await;
        for list in ["leads", "actions", "subscriptions", "notifications", "advisors"] {
            let answer = world.request("GET", &format!("/api/admin/{list}")).bearer(&staff).send().await;
            assert!(!answer.is(StatusCode::OK).text().contains("13800138000"), "{list}");
        }
    }
    let advisor = world.staff_token("advisor", Role::Advisor).await;
    world.request("GET", "/api/admin/leads").bearer(&advisor).send().await.is(StatusCode::FORBIDDEN);
    let job = admin(&world, "GET", "/api/admin/jobs?kind=subscribe_message").await;
    assert!(!job.text().contains("oCustomerCanary") && !job.text().contains(&li(&world)));
}
