//! Web logins for which WeChat gives no answer, or one that cannot be believed.

use weixin_emulator::Fault;

use crate::people::count;
use crate::support::{World, post, stranger};

const EXCHANGE: &str = "/sns/oauth2/access_token";

#[tokio::test]
async fn a_wechat_that_cannot_be_reached_is_not_our_database() {
    let world = World::open().await;
    world.wechat.fault(Fault::on(EXCHANGE).reset());
    let error = post(&world.app, &world.code(), None, &stranger()).await.unwrap_err();
    assert!(error.message().starts_with("微信登录失败: "), "{error}");
    let told = error.wechat().unwrap();
    assert_eq!((told.errcode, told.errmsg.as_deref()), (None, None));
    assert!(error.hint().unwrap().contains("api.weixin.qq.com"));
}

/// What came is told as what it was; and where the code may have been spent, nobody is told to bring it again.
#[tokio::test]
async fn an_answer_that_is_none_is_told_as_what_came() {
    let world = World::open().await;
    let fault = || Fault::on(EXCHANGE);
    for (fault, told) in [
        (fault().status(502).body("<html>Bad Gateway</html>"), "收到的是网页，不是微信接口的答复（HTTP 502）"),
        (fault().body("<!DOCTYPE html><p>log in to the network"), "收到的是网页，不是微信接口的答复（HTTP 200）"),
        (fault().body(""), "微信服务器返回了空的内容（HTTP 200）"),
        (fault().body("{\"access_token\":\"half"), "微信服务器返回了无法识别的内容（HTTP 200）"),
        (fault().body("{}"), "微信服务器返回的内容与文档不符"),
        (fault().status(503).body("{}"), "微信服务器返回 HTTP 503"),
        (fault().reset(), "与微信服务器的连接中途断开"),
        (fault().cut_at(20), "与微信服务器的连接中途断开"),
    ] {
        world.wechat.fault(fault);
        let (code, browser) = (world.code(), stranger());
        for _ in 0..2 {
            let error = post(&world.app, &code, None, &browser).await.unwrap_err();
            assert_eq!(error.message(), format!("微信登录失败: {told}"));
            let refusal = error.wechat().unwrap();
            assert_eq!((refusal.errcode, &refusal.errmsg, refusal.retryable), (None, &None, false), "{told}");
            assert!(error.hint().unwrap().contains("重新发起授权"), "{error:?}");
        }
    }
    assert_eq!(world.exchanges(), 8, "an uncertain exchange is not repeated");

    world.wechat.fault(Fault::on("/sns/userinfo").times(9).errcode(-1));
    let error = post(&world.app, &world.code(), None, &stranger()).await.unwrap_err();
    assert!(!error.wechat().unwrap().retryable, "the code is spent");
}

#[tokio::test]
async fn the_profile_of_somebody_else_is_a_failure_of_the_user_info() {
    let world = World::open().await;
    world.wechat.fault(Fault::on("/sns/userinfo").body(r#"{"openid":"oSomebodyElse0000000000000000","nickname":"x"}"#));
    let error = post(&world.app, &world.code(), None, &stranger()).await.unwrap_err();
    assert_eq!(error.message(), "获取用户信息失败: 微信返回了另一个用户的资料");
    assert_eq!((error.code(), error.wechat().unwrap().retryable), ("GET_USER_INFO_FAILED", false));
    assert!(!error.hint().unwrap().contains("oSomebodyElse"));
    assert_eq!(count(&world).await, 0);
}

#[tokio::test]
async fn a_refused_token_of_the_person_is_not_taken_for_the_accounts() {
    let world = World::open().await;
    world.wechat.fault(Fault::on("/sns/userinfo").errcode(40001));
    let error = post(&world.app, &world.code(), None, &stranger()).await.unwrap_err();
    assert_eq!(error.wechat().unwrap().errcode, Some(40001));
    assert!(error.hint().unwrap().contains("网页授权 access_token"), "{error:?}");
}
