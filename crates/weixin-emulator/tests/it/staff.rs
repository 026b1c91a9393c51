//! The staff of customer service: accounts, invitations, conversations, records.

use serde_json::{Value, json};
use weixin_emulator::{DeliveryOutcome, Interaction, StaffAct};

use crate::media::JPEG;
use crate::receiver::{Service, body};
use crate::rig::{Answer, MINI, MINI_SECRET, OFFICIAL, OFFICIAL_SECRET, Rig};

const ADD: &str = "/customservice/kfaccount/add";
const DEL: &str = "/customservice/kfaccount/del";
const INVITE: &str = "/customservice/kfaccount/inviteworker";
const RENAME: &str = "/customservice/kfaccount/update";
const PICTURE: &str = "/customservice/kfaccount/uploadheadimg";
const CREATE: &str = "/customservice/kfsession/create";
const CLOSE: &str = "/customservice/kfsession/close";
const SESSION: &str = "/customservice/kfsession/getsession";
const SESSIONS: &str = "/customservice/kfsession/getsessionlist";
const WAITING: &str = "/customservice/kfsession/getwaitcase";
const RECORDS: &str = "/customservice/msgrecord/getmsglist";
const LIST: &str = "/cgi-bin/customservice/getkflist";
const ONLINE: &str = "/cgi-bin/customservice/getonlinekflist";
const SEND: &str = "/cgi-bin/message/custom/send";

struct Desk {
    rig: Rig,
    token: String,
}

impl Desk {
    async fn new() -> Self {
        let rig = Rig::new().await;
        rig.emulator.engine().freeze(true);
        let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
        Self { rig, token }
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.rig.post(path, &[("access_token", &self.token)], &body).await
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        let query = [&[("access_token", self.token.as_str())], query].concat();
        self.rig.get(path, &query).await
    }

    /// One member with a person behind, online.
    async fn staffed(&self, name: &str, persona: &str) -> String {
        let who = format!("{name}@official");
        assert_eq!(self.post(ADD, json!({ "kf_account": who, "nickname": "客服" })).await.errcode(), 0);
        assert_eq!(self.post(INVITE, json!({ "kf_account": who, "invite_wx": persona })).await.errcode(), 0);
        self.rig.emulator.engine().staff(persona, "official", &who, StaffAct::Accept).unwrap();
        who
    }

    fn openid(&self, persona: &str) -> String {
        self.rig.emulator.openid(persona, "official")
    }
}

#[tokio::test]
async fn members_are_added_renamed_pictured_listed_and_removed() {
    let desk = Desk::new().await;
    assert_eq!(desk.get(LIST, &[]).await.text, r#"{"kf_list":[]}"#);
    let added = desk.post(ADD, json!({ "kf_account": "a@official", "nickname": "一号" })).await;
    assert_eq!(added.text, r#"{"errcode":0,"errmsg":"ok"}"#);
    for (body, errcode) in [
        (json!({ "kf_account": "a@official", "nickname": "n" }), 65406),
        (json!({ "kf_account": "a@elsewhere", "nickname": "n" }), 65404),
        (json!({ "kf_account": "b@official", "nickname": "" }), 65403),
        (json!({ "nickname": "n" }), 65416),
    ] {
        let refused = desk.post(ADD, body.clone()).await;
        assert_eq!(refused.errcode(), errcode, "{body}");
        assert!(refused.errmsg().contains(" rid: "), "{}", refused.text);
    }
    assert_eq!(desk.post(RENAME, json!({ "kf_account": "a@official", "nickname": "小一" })).await.errcode(), 0);
    assert_eq!(desk.post(RENAME, json!({ "kf_account": "b@official", "nickname": "x" })).await.errcode(), 65401);
    for (bytes, who, errcode) in
        [(JPEG, "a@official", 0), (b"GIF89a".as_slice(), "a@official", 40005), (JPEG, "b@official", 65401)]
    {
        let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name("head.jpg");
        let form = reqwest::multipart::Form::new().part("media", part);
        let request = desk.rig.http.post(desk.rig.url(PICTURE));
        let query = [("access_token", desk.token.as_str()), ("kf_account", who)];
        let answer = Rig::read(request.query(&query).multipart(form).send().await.unwrap()).await;
        assert_eq!(answer.errcode(), errcode, "{who}");
    }
    let list = desk.get(LIST, &[]).await.json;
    let member = &list["kf_list"][0];
    assert_eq!((member["kf_nick"].as_str(), member["kf_id"].as_i64()), (Some("小一"), Some(1001)));
    let picture = desk.rig.http.get(member["kf_headimgurl"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(picture.bytes().await.unwrap(), JPEG);
    assert!(member.get("kf_wx").is_none() && member.get("invite_wx").is_none());
    assert_eq!(desk.get(DEL, &[("kf_account", "a@official")]).await.errcode(), 0);
    assert_eq!(desk.get(DEL, &[("kf_account", "a@official")]).await.errcode(), 65401);
    let mini = desk.rig.token(MINI, MINI_SECRET).await;
    let body = json!({ "kf_account": "m@mini", "nickname": "n" });
    assert_eq!(desk.rig.post(ADD, &[("access_token", &mini)], &body).await.errcode(), 0);
    assert_eq!(desk.rig.post(DEL, &[("access_token", &mini)], &body).await.errcode(), 0);
    assert_eq!(desk.rig.post(RENAME, &[("access_token", &mini)], &body).await.errcode(), 48001);
}

#[tokio::test]
async fn an_invitation_waits_until_it_is_answered_or_ends() {
    let desk = Desk::new().await;
    for name in ["a@official", "b@official"] {
        desk.post(ADD, json!({ "kf_account": name, "nickname": "n" })).await;
    }
    let invite = async |who: &str, person: &str| {
        desk.post(INVITE, json!({ "kf_account": who, "invite_wx": person })).await.errcode()
    };
    assert_eq!(invite("c@official", "advisor-li").await, 65401);
    assert_eq!(invite("a@official", "nobody").await, 65409);
    assert_eq!(invite("a@official", "advisor-li").await, 0);
    assert_eq!(invite("a@official", "xiaohong").await, 65411);
    assert_eq!(invite("b@official", "advisor-li").await, 65408);
    let status = async || desk.get(LIST, &[]).await.json["kf_list"][0].clone();
    let waiting = status().await;
    assert_eq!(
        (waiting["invite_wx"].as_str(), waiting["invite_status"].as_str()),
        (Some("advisor-li"), Some("waiting"))
    );
    let now_s = desk.rig.emulator.engine().now_ms() / 1000;
    assert_eq!(waiting["invite_expire_time"].as_i64(), Some(now_s + 86_400));

    let act = async |person: &str, action: &str| {
        let path = format!("/_emulator/personas/{person}/staff");
        let body = json!({ "account": "official", "kf_account": "a@official", "action": action });
        desk.rig.post(&path, &[], &body).await
    };
    assert_eq!(act("xiaohong", "accept").await.status, 400, "not the one who was asked");
    assert_eq!(act("nobody", "accept").await.status, 404);
    assert_eq!(act("advisor-li", "vanish").await.status, 400);
    assert_eq!(act("advisor-li", "reject").await.status, 200);
    assert_eq!(status().await["invite_status"], "rejected");
    assert_eq!(invite("a@official", "advisor-li").await, 0, "asked again");
    assert_eq!(act("advisor-li", "accept").await.json["online"], true);
    assert_eq!(status().await["kf_wx"], "advisor-li");
    assert!(status().await.get("invite_wx").is_none());
    assert_eq!(invite("a@official", "xiaohong").await, 65412);
    assert_eq!(invite("b@official", "advisor-li").await, 65407);
    assert_eq!(desk.get(ONLINE, &[]).await.json["kf_online_list"][0]["accepted_case"], 0);
    act("advisor-li", "offline").await;
    assert_eq!(desk.get(ONLINE, &[]).await.text, r#"{"kf_online_list":[]}"#);
}

#[tokio::test]
async fn a_member_who_is_online_takes_a_customer_whom_no_other_serves() {
    let desk = Desk::new().await;
    let (a, b) = (desk.staffed("a", "advisor-li").await, desk.staffed("b", "xiaohong").await);
    desk.post(ADD, json!({ "kf_account": "c@official", "nickname": "n" })).await;
    let openid = desk.openid("xiaoming");
    let pair = |who: &str| json!({ "kf_account": who, "openid": openid });
    assert_eq!(desk.post(CREATE, pair("z@official")).await.errcode(), 65401);
    assert_eq!(desk.post(CREATE, pair("c@official")).await.errcode(), 65402);
    assert_eq!(desk.post(CREATE, json!({ "kf_account": a, "openid": "oNobody" })).await.errcode(), 40003);
    desk.rig.emulator.engine().staff("advisor-li", "official", &a, StaffAct::Offline).unwrap();
    assert_eq!(desk.post(CREATE, pair(&a)).await.errcode(), 65415);
    desk.rig.emulator.engine().staff("advisor-li", "official", &a, StaffAct::Online).unwrap();
    let idle = desk.get(SESSION, &[("openid", &openid)]).await;
    assert_eq!(idle.text, r#"{"createtime":0,"kf_account":""}"#);
    desk.rig.emulator.engine().wait_for_staff("xiaoming", "official").unwrap();
    let now_s = desk.rig.emulator.engine().now_ms() / 1000;
    let waiting = json!({ "count": 1, "waitcaselist": [{ "latest_time": now_s, "openid": openid }] });
    assert_eq!(desk.get(WAITING, &[]).await.json, waiting);
    assert_eq!(desk.post(CREATE, pair(&a)).await.errcode(), 0);
    assert_eq!(desk.get(WAITING, &[]).await.json["count"], 0, "taken");
    assert_eq!(desk.post(CREATE, pair(&b)).await.errcode(), 65414);
    let serving = desk.get(SESSION, &[("openid", &openid)]).await.json;
    assert_eq!(serving, json!({ "createtime": now_s, "kf_account": a }));
    let list = desk.get(SESSIONS, &[("kf_account", &a)]).await.json;
    assert_eq!(list, json!({ "sessionlist": [{ "createtime": now_s, "openid": openid }] }));
    assert_eq!(desk.get(SESSIONS, &[("kf_account", &b)]).await.text, r#"{"sessionlist":[]}"#);
    assert_eq!(desk.get(SESSIONS, &[("kf_account", "z@official")]).await.errcode(), 65401);
    assert_eq!(desk.get(ONLINE, &[]).await.json["kf_online_list"][0]["accepted_case"], 1);
    assert_eq!(desk.post(CLOSE, pair(&b)).await.errcode(), 65413);
    assert_eq!(desk.post(CLOSE, pair(&a)).await.errcode(), 0);
    assert_eq!(desk.post(CLOSE, pair(&a)).await.errcode(), 65413);
    assert_eq!(desk.post(CREATE, pair(&b)).await.errcode(), 0);
    assert_eq!(desk.get(DEL, &[("kf_account", &b)]).await.errcode(), 0);
    assert_eq!(desk.get(SESSION, &[("openid", &openid)]).await.json["kf_account"], "", "who leaves serves nobody");
    assert_eq!(desk.get(WAITING, &[]).await.text, r#"{"count":0,"waitcaselist":[]}"#);
}

#[tokio::test]
async fn what_staff_says_is_kept_for_a_day_at_a_time() {
    let desk = Desk::new().await;
    let who = desk.staffed("a", "advisor-li").await;
    desk.rig.emulator.interact("xiaoming", "official", Interaction::Message);
    let openid = desk.openid("xiaoming");
    let say = async |who: &str, text: &str| {
        let body = json!({ "touser": openid, "msgtype": "text", "text": { "content": text },
                           "customservice": { "kf_account": who } });
        desk.post(SEND, body).await.errcode()
    };
    assert_eq!(say("z@official", "hello").await, 65401);
    assert_eq!((say(&who, "您好").await, say(&who, "再见").await), (0, 0));
    let now_s = desk.rig.emulator.engine().now_ms() / 1000;
    let ask = async |from_s: i64, to_s: i64, msgid: i64, number: i64| {
        desk.post(RECORDS, json!({ "starttime": from_s, "endtime": to_s, "msgid": msgid, "number": number })).await
    };
    let first = ask(now_s - 10, now_s + 10, 1, 1).await.json;
    let record = json!({ "openid": openid, "opercode": 2002, "text": "您好", "time": now_s, "worker": who });
    assert_eq!(first, json!({ "recordlist": [record], "number": 1, "msgid": 2 }));
    let second = ask(now_s - 10, now_s + 10, 2, 1).await.json;
    assert_eq!((second["recordlist"][0]["text"].as_str(), second["msgid"].as_i64()), (Some("再见"), Some(3)));
    assert_eq!(ask(now_s - 10, now_s + 10, 3, 1).await.json["number"], 0);
    assert_eq!(ask(now_s - 86_400, now_s, 1, 10_000).await.json["number"], 2);
    assert_eq!(ask(now_s - 86_401, now_s, 1, 10).await.errcode(), 65417);
    for (from_s, to_s, msgid, number) in [(10, 9, 1, 1), (1, 2, 0, 1), (1, 2, 1, 0), (1, 2, 1, 10_001)] {
        assert_eq!(ask(from_s, to_s, msgid, number).await.errcode(), 65416, "{from_s} {to_s} {msgid} {number}");
    }
}

/// WeChat routes what a customer writes to the member of staff who serves them; the account hears of the session only.
#[tokio::test]
async fn what_a_served_customer_writes_goes_to_staff_and_not_to_the_callback() {
    let desk = Desk::new().await;
    let who = desk.staffed("a", "advisor-li").await;
    let emulator = &desk.rig.emulator;
    let service = Service::new(|_, _| body("success")).await;
    service.attach(emulator, "official", "plain", "xml");
    let pair = json!({ "kf_account": who, "openid": desk.openid("xiaoming") });
    let before = emulator.say("xiaoming", "official", "在吗").await;
    assert_eq!((before.outcome, before.staff.as_deref()), (DeliveryOutcome::Empty, None));
    assert_eq!(desk.post(CREATE, pair.clone()).await.errcode(), 0);
    let told = service.until(2).await;
    assert!(told[1].body.contains("kf_create_session"), "{}", told[1].body);

    let served = emulator.say("xiaoming", "official", "我要退货").await;
    assert_eq!((served.outcome, served.staff.as_deref()), (DeliveryOutcome::Staff, Some(who.as_str())));
    assert!(served.attempts.is_empty() && served.id > 0);
    assert_eq!(service.seen().len(), 2, "not pushed");
    let other = emulator.say("xiaohong", "official", "你好").await;
    assert_eq!(other.outcome, DeliveryOutcome::Empty, "only whoever is served");
    let click = emulator.event("xiaoming", "official", "CLICK", "V1001").await;
    assert_eq!(click.outcome, DeliveryOutcome::Empty, "events go the usual way");
    let now_s = emulator.engine().now_ms() / 1000;
    let span = json!({ "starttime": now_s - 10, "endtime": now_s + 10, "msgid": 1, "number": 10 });
    let records = desk.post(RECORDS, span).await.json;
    assert_eq!(records["recordlist"][0]["text"], "我要退货");
    assert_eq!((&records["recordlist"][0]["opercode"], &records["number"]), (&json!(2003), &json!(1)));

    assert_eq!(desk.post(CLOSE, pair).await.errcode(), 0);
    service.until(5).await;
    let after = emulator.say("xiaoming", "official", "谢谢").await;
    assert_eq!((after.outcome, after.staff), (DeliveryOutcome::Empty, None));
}
