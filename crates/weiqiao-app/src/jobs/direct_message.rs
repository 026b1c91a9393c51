//! A subscribe message that was asked for: sent at once by the request itself, and here only when a person has it sent again.
//!
//! It is never repeated by itself: whoever asked was told how it ended, and decides.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use weiqiao_store::facts::message::{FindMessage, StoredMessage};
use weixin_proto::ErrCode;

use super::subscribe_message::mini_program;
use super::{JobKind, OnUncertain, Outcome, Policy, SCHEDULE, Task, Wanted};
use crate::App;
use crate::error::Result;
use crate::usecase::message::{open_content, open_recipient};

/// Sends a message that was asked for.
#[derive(Debug)]
pub struct DirectMessage;

/// Everything about a message is in its own row, so that it can be forgotten there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Nothing {}

impl JobKind for DirectMessage {
    const NAME: &'static str = "direct_message";
    const POLICY: Policy = Policy {
        schedule: SCHEDULE,
        expiry: Duration::from_secs(24 * 3_600),
        on_uncertain: OnUncertain::Hold,
        time_limit: Duration::from_secs(30),
        per_second: Some(50),
        at_once: 16,
    };
    const NOTIFIES: bool = true;
    type Payload = Nothing;

    fn serves(app: &App, account: &str) -> bool {
        mini_program(app, account).is_some()
    }

    async fn wanted(app: &App, task: &Task, _: &Nothing) -> Result<Wanted> {
        Ok(match find(app, task).await? {
            None => Wanted::Impossible("消息的内容已经不在了".to_owned()),
            Some(StoredMessage { replaced_by: Some(_), .. }) => {
                Wanted::No("同一个 Idempotency-Key 的请求已经另外发送了一条消息".to_owned())
            }
            Some(StoredMessage { openid: Some(_), content: Some(_), .. }) => Wanted::Yes,
            Some(_) => Wanted::No("当事人要求删除自己的资料".to_owned()),
        })
    }

    async fn run(app: &App, task: &Task, _: &Nothing) -> Outcome {
        let stored = match find(app, task).await {
            Ok(Some(stored)) => stored,
            Ok(None) => return Outcome::refused("没有可以发送的内容"),
            Err(error) => return Outcome::failed(error.message().to_owned()),
        };
        if let Some(msgid) = stored.arrived.filter(|_| task.uncertain_attempts > 0) {
            return Outcome::sent().with_reference(msgid);
        }
        let (Some(account), Some(openid), Some(content)) =
            (mini_program(app, &task.account), &stored.openid, &stored.content)
        else {
            return Outcome::refused("没有可以发送的内容");
        };
        let opened = open_recipient(app, &task.id, &stored.app_id, openid)
            .and_then(|touser| Ok((touser, open_content(app, &task.id, &stored.app_id, content)?)));
        let request = match opened {
            Ok((touser, content)) => content.request(touser, &stored.template_id),
            Err(error) => return Outcome::failed(error.message().to_owned()),
        };
        match app.weixin().send(&account.weixin, request).await {
            Ok(sent) => match sent.msgid {
                Some(msgid) => Outcome::sent().with_reference(msgid.to_string()),
                None => Outcome::sent(),
            },
            Err(error) if error.errcode() == Some(ErrCode(NOT_SUBSCRIBED)) && task.uncertain_attempts > 0 => {
                // The try before took the leave: it arrived.
                Outcome::sent().with_errcode(NOT_SUBSCRIBED)
            }
            Err(error) => match (Outcome::of_wechat(app, &error), stored.renewals) {
                (outcome, Some(renewals)) if outcome.errcode == Some(NOT_SUBSCRIBED) => outcome.with_spent(renewals),
                (outcome, _) => outcome,
            },
        }
    }
}

/// "user refuse to accept the msg".
pub(crate) const NOT_SUBSCRIBED: i64 = 43101;

async fn find(app: &App, task: &Task) -> Result<Option<StoredMessage>> {
    Ok(app.store().read(FindMessage { id: task.id.clone() }).await?)
}
