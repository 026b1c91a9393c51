use http::StatusCode;
use weiqiao_app::decide::ReplySpec;
use weiqiao_app::jobs::customer_message::plan_late_reply;
use weiqiao_app::worker::Worker;
use weiqiao_model::Role;
use weiqiao_store::facts::job::AddJobs;
use weixin_proto::callback::reply::Reply;

use crate::testing::World;

const PATH: &str = "/api/admin/jobs";

/// A customer-service message to somebody who was never in touch: WeChat refuses it.
async fn refused(world: &World) -> String {
    let app = world.state.app();
    let account = app.accounts().named("official").unwrap();
    let openid = world.openid("xiaoming").into();
    let reply = ReplySpec::from(Reply::text("晚了"));
    let jobs = plan_late_reply(app, account.app_id(), &openid, &reply, Some("inbox:7".into())).unwrap();
    let id = jobs[0].id.clone();
    app.store().run(AddJobs { jobs }).await.unwrap();
    id
}

async fn work(world: &World) {
    Worker::new(world.state.app().clone()).run_due().await.unwrap();
}

#[tokio::test]
async fn a_job_can_be_looked_at_tried_again_and_called_off() {
    let world = World::strict().await;
    let id = refused(&world).await;
    let (list, one) = (format!("{PATH}?kind=customer_message&status=queued"), format!("{PATH}/{id}"));
    let call =
        async |method: &str, path: &str| world.request(method, path).api_key(World::API_KEY).json("{}").send().await;
    let page = call("GET", &list).await;
    assert_eq!(
        (&page.is(StatusCode::OK).data()["total"], &page.data()["items"][0]["id"]),
        (&1.into(), &id.clone().into())
    );
    assert_eq!(page.data()["items"][0]["attempts"], 0);
    assert!(!page.text().contains("晚了") && !page.text().contains(&world.openid("xiaoming")));
    work(&world).await;
    let job = call("GET", &one).await;
    let data = job.is(StatusCode::OK).data();
    assert_eq!(
        (&data["status"], &data["last_errcode"], &data["origin"]),
        (&"refused".into(), &45015.into(), &"inbox:7".into())
    );
    let attempt = &data["attempts"][0];
    assert_eq!(
        (&attempt["n"], &attempt["verdict"], &attempt["errcode"]),
        (&1.into(), &"refused".into(), &45015.into())
    );
    call("POST", &format!("{one}/cancel")).await.is(StatusCode::CONFLICT).failure("JOB_STATE", "任务已经结束");
    let again = call("POST", &format!("{one}/retry")).await;
    assert_eq!(again.is(StatusCode::OK).data()["status"], "retrying");
    assert_eq!(call("POST", &format!("{one}/cancel")).await.is(StatusCode::OK).data()["status"], "cancelled");
    call("GET", &format!("{PATH}/nobody")).await.is(StatusCode::NOT_FOUND).code("NOT_FOUND");
    let wrong = call("GET", &format!("{PATH}?status=lost")).await;
    assert!(wrong.is(StatusCode::BAD_REQUEST).message().contains("uncertain"), "{}", wrong.message());
}

#[tokio::test]
async fn what_failed_is_recovered_on_request() {
    let world = World::strict().await;
    refused(&world).await;
    work(&world).await;
    let recover = async |body: String| {
        world.request("POST", &format!("{PATH}/recover")).api_key(World::API_KEY).json(&body).send().await
    };
    let since = world.now_s() - 60;
    let of = |rest: &str| format!(r#"{{"kind":"customer_message","since":{since}{rest}}}"#);
    assert_eq!(recover(of("")).await.is(StatusCode::OK).data()["recovered"], 0);
    recover(of(r#","refused":true,"account":"wx9""#)).await.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
    for (account, recovered) in [("mini", 0), ("official", 1), (World::OFFICIAL, 0)] {
        let answer = recover(of(&format!(r#","refused":true,"account":"{account}""#))).await;
        assert_eq!(answer.is(StatusCode::OK).data()["recovered"], recovered, "{account}");
    }
    let unknown = recover(of("").replace("customer_message", "mail")).await;
    unknown.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    let wrong = recover(of(r#","refused":"yes""#)).await;
    wrong.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", "请求参数错误: refused 必须是 true 或 false");
}

#[tokio::test]
async fn what_waits_is_shown_and_can_be_freed() {
    let world = World::strict().await;
    refused(&world).await;
    world.wechat_refuses("/cgi-bin/message/custom/send", 45009, 1).await;
    work(&world).await;
    let call = async |method: &str, path: &str| world.request(method, path).api_key(World::API_KEY).send().await;
    let holds = call("GET", &format!("{PATH}/holds")).await;
    let hold = &holds.is(StatusCode::OK).data()[0];
    assert_eq!(
        (&hold["reason"], &hold["errcode"], &hold["kind"]),
        (&"quota".into(), &45009.into(), &"customer_message".into())
    );
    let path = format!("{PATH}/holds/{}/customer_message", hold["account"].as_str().unwrap());
    call("DELETE", &path).await.is(StatusCode::OK);
    call("DELETE", &path).await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn everybody_may_look_and_few_may_act() {
    let world = World::strict().await;
    let id = refused(&world).await;
    for (role, may) in [(Role::Viewer, false), (Role::Advisor, false), (Role::Supervisor, true), (Role::Admin, true)] {
        let staff = world.staff_token(role.as_str(), role).await;
        world.request("GET", PATH).bearer(&staff).send().await.is(StatusCode::OK);
        let retry = world.request("POST", &format!("{PATH}/{id}/retry")).bearer(&staff).json("{}").send().await;
        retry.is(if may { StatusCode::OK } else { StatusCode::FORBIDDEN });
        let webhooks = world.request("GET", "/api/admin/webhooks").bearer(&staff).send().await;
        webhooks.is(if role == Role::Admin { StatusCode::OK } else { StatusCode::FORBIDDEN });
    }
}
