//! A subscribe message: an advisor is told what a customer did.
//!
//! WeChat says at most once that a message arrived and cannot be asked. When an answer is lost, the event about it decides; when
//! none comes within 90 seconds it is tried once more: of a one-time leave a repeat can only arrive when the first did not.

use std::sync::Arc;
use std::time::Duration;

use weiqiao_model::{AccountKind, crash_point};
use weiqiao_store::facts::notification::{FindNotification, OwedNotification, Recipient};
use weixin::api::cgi_bin::message::TemplateData;
use weixin::api::cgi_bin::message::subscribe::{MessageLanguage, MiniProgramState, SendMiniSubscription};
use weixin_proto::{ErrCode, OpenId};

use super::{JobKind, OnUncertain, Outcome, Policy, SCHEDULE, Task, Wanted};
use crate::App;
use crate::accounts::Account;
use crate::crm::{NO_PHONE, fit, page, shanghai_time, told_name, told_text};
use crate::error::{AppError, Result};
use crate::usecase::advisor::open_openid;
use crate::usecase::customer::{ActionDetail, open_detail};

/// Tells an advisor. Everything about it is in the rows of the notification, so that it can be forgotten there.
#[derive(Debug)]
pub struct SendSubscribeMessage;

/// How long WeChat's event about a message is waited for.
const EVENT_WAIT: Duration = Duration::from_secs(90);

impl JobKind for SendSubscribeMessage {
    const NAME: &'static str = "subscribe_message";
    const POLICY: Policy = Policy {
        schedule: SCHEDULE,
        expiry: Duration::from_secs(24 * 3_600),
        on_uncertain: OnUncertain::Retry(EVENT_WAIT),
        time_limit: Duration::from_secs(30),
        per_second: Some(50),
        at_once: 16,
    };
    const NOTIFIES: bool = true;
    /// It has the action's id, and what is to be told is read when it is told.
    type Payload = ();

    fn serves(app: &App, account: &str) -> bool {
        mini_program(app, account).is_some()
    }

    async fn wanted(app: &App, task: &Task, _: &()) -> Result<Wanted> {
        let Some(owed) = find(app, task).await? else {
            return Ok(Wanted::Impossible("通知的内容已经不在了".to_owned()));
        };
        Ok(match (&owed.recipient, &owed.detail) {
            (None, _) | (_, None) => Wanted::No("当事人要求删除自己的资料".to_owned()),
            // The try before arrived, and nothing is sent again.
            (Some(_), Some(_)) if task.uncertain_attempts > 0 && owed.arrived.is_some() => Wanted::Yes,
            (Some(recipient), _) if task.uncertain_attempts > 0 && (recipient.spent || !recipient.subscribed) => {
                Wanted::NoMore("前一次不知道是否送达；之后顾问已取消订阅，或订阅已不能用，不再发送".to_owned())
            }
            (Some(recipient), _) if !recipient.subscribed => Wanted::No("顾问已取消订阅".to_owned()),
            (Some(recipient), _) if recipient.spent => Wanted::Impossible(
                "订阅已不能用（次数用完，或 openid 不属于这个小程序），顾问重新订阅之前不再发送".to_owned(),
            ),
            _ => Wanted::Yes,
        })
    }

    async fn run(app: &App, task: &Task, _: &()) -> Outcome {
        let prepared = prepare(app, task).await;
        let (owed, account, recipient, message) = match prepared {
            Ok(Some(prepared)) => prepared,
            Ok(None) => return Outcome::refused("没有可以发送的内容"),
            Err(error) => return Outcome::failed(error.message().to_owned()),
        };
        if let Some(msgid) = owed.arrived.filter(|_| task.uncertain_attempts > 0) {
            return Outcome::sent().with_reference(msgid);
        }
        crash_point!("job.send.before");
        let answer = app.weixin().send(&account.weixin, message).await;
        crash_point!("job.send.after");
        match answer {
            Ok(sent) => match sent.msgid {
                Some(msgid) => Outcome::sent().with_reference(msgid.to_string()),
                None => Outcome::sent(),
            },
            Err(error) if error.errcode() == Some(ErrCode(NOT_SUBSCRIBED)) => {
                if task.uncertain_attempts > 0 {
                    // The try before took the leave: it arrived.
                    return Outcome::sent().with_errcode(NOT_SUBSCRIBED);
                }
                Outcome::of_wechat(app, &error).with_spent(recipient.renewals)
            }
            // Whoever subscribed again has another openid, or the same by now known one.
            Err(error) if error.errcode() == Some(ErrCode::INVALID_OPENID) => {
                Outcome::of_wechat(app, &error).with_spent(recipient.renewals)
            }
            Err(error) if task.uncertain_attempts > 0 => Outcome::of_wechat(app, &error).for_a_person(),
            Err(error) => Outcome::of_wechat(app, &error),
        }
    }
}

/// "user refuse to accept the msg".
const NOT_SUBSCRIBED: i64 = 43101;

async fn find(app: &App, task: &Task) -> Result<Option<OwedNotification>> {
    Ok(app.store().read(FindNotification { id: task.id.clone() }).await?)
}

/// The mini program of this appid.
pub(super) fn mini_program<'a>(app: &'a App, app_id: &str) -> Option<&'a Arc<Account>> {
    app.accounts().with_app_id(app_id).find(|account| account.kind == AccountKind::Mini)
}

type Prepared<'a> = (OwedNotification, &'a Account, Recipient, SendMiniSubscription);

async fn prepare<'a>(app: &'a App, task: &Task) -> Result<Option<Prepared<'a>>> {
    let Some(owed) = find(app, task).await? else { return Ok(None) };
    let (Some(account), Some(recipient)) = (mini_program(app, &task.account), owed.recipient.clone()) else {
        return Ok(None);
    };
    let Some(detail) = open_detail(app, &owed.app_id, &owed.action_id, owed.detail.as_deref())? else {
        return Ok(None);
    };
    let openid = open_openid(app, (&owed.app_id, &owed.advisor_id, &owed.template_id), &recipient.openid)?;
    let message = message(app, &owed, &detail, OpenId::new(openid.as_str()))?;
    Ok(Some((owed, account, recipient, message)))
}

fn message(app: &App, owed: &OwedNotification, detail: &ActionDetail, touser: OpenId) -> Result<SendMiniSubscription> {
    let created = owed.lead_created;
    let fields = app.settings().crm.fields_of(&owed.template_id);
    let phone = detail.customer_phone.as_deref().unwrap_or(NO_PHONE);
    let values = [
        (&fields.text, told_text(&owed.kind, created)),
        (&fields.time, shanghai_time(owed.created_at)),
        (&fields.phone, phone.to_owned()),
        (&fields.name, detail.customer_name.clone().unwrap_or_else(|| told_name(created).to_owned())),
    ];
    let data: TemplateData = values
        .into_iter()
        .filter_map(|(field, value)| field.as_ref().map(|field| (field.clone(), fit(field, &value).into())))
        .collect();
    if data.is_empty() {
        return Err(AppError::internal("the template has no field"));
    }
    Ok(SendMiniSubscription {
        touser,
        template_id: owed.template_id.as_str().into(),
        page: Some(page(owed.lead_id.as_deref().unwrap_or(&detail.customer_id))),
        miniprogram_state: MiniProgramState::Formal,
        lang: MessageLanguage::default(),
        data,
    })
}
