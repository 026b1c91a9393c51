//! What a repeated request is told: what the first one was, or is when it is over.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout};
use weiqiao_model::JobStatus;
use weiqiao_store::facts::message::{FindMessage, StoredMessage};

use super::content::open_answer;
use super::send_message::SentMessage;
use crate::App;
use crate::error::{AppError, ErrorKind, Remembered, Result, WeChatRefusal, code};
use crate::usecase::once::answer_forgotten;

/// How long a request waits for another one, the first of its name or one to the same person. Shorter than a request may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// How often it looks although nobody woke it.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What whoever asked was told.
#[derive(Serialize, Deserialize)]
pub(super) enum Told {
    /// WeChat took it.
    Sent {
        /// WeChat's number of it.
        msgid: Option<i64>,
    },
    /// It did not work.
    Failed(Remembered),
}

impl Told {
    pub(super) fn of(result: &Result<SentMessage>) -> Self {
        match result {
            Ok(sent) => Self::Sent { msgid: sent.msgid },
            Err(error) => Self::Failed(error.remember()),
        }
    }

    fn again(self) -> Result<SentMessage> {
        match self {
            Self::Sent { msgid } => Ok(SentMessage { msgid }),
            Self::Failed(remembered) => Err(AppError::recall(remembered)),
        }
    }
}

/// Who waits for a message is woken under this name.
pub(super) fn topic(id: &str) -> String {
    format!("message {id}")
}

/// What the request was told for which this message was sent; waits while it is under way.
///
/// # Errors
///
/// What the first request was told; `Conflict` with code `IDEMPOTENCY_KEY_IN_USE` when that takes too long.
pub(super) async fn told_before(app: &App, id: &str) -> Result<SentMessage> {
    let mut wakes = app.coord().wake().subscribe(&topic(id));
    let until = Instant::now() + PATIENCE;
    loop {
        let stored = app.store().read(FindMessage { id: id.to_owned() }).await?;
        if let Some(told) = stored.map_or_else(|| Ok(Some(Err(uncertain()))), |stored| look(app, id, &stored))? {
            return told;
        }
        if Instant::now() >= until {
            let kind = ErrorKind::Conflict;
            return Err(AppError::new(kind, code::IDEMPOTENCY_KEY_IN_USE, "相同 Idempotency-Key 的请求还在处理")
                .with_hint("请稍后用同一个 Idempotency-Key 再试一次，会得到第一次请求的结果，不会重复发送。"));
        }
        let _ = timeout(LOOK_EVERY, wakes.next()).await;
    }
}

fn look(app: &App, id: &str, stored: &StoredMessage) -> Result<Option<Result<SentMessage>>> {
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    match (stored.status, &stored.answer) {
        // Whatever was said then: WeChat's event may have told better, or a person had it sent.
        (JobStatus::Sent, _) => Ok(Some(Ok(SentMessage { msgid: number(&stored.reference) }))),
        // A person has it sent again.
        (JobStatus::Queued | JobStatus::Retrying | JobStatus::Sending, Some(_)) => Ok(None),
        (_, Some(sealed)) => Ok(Some(open_answer::<Told>(app, id, &stored.app_id, sealed)?.again())),
        (JobStatus::Sending, None) => Ok(None),
        // It is known how it ended; only what was told then went with the person it was about.
        (
            JobStatus::Refused | JobStatus::Dead | JobStatus::Cancelled | JobStatus::Expired | JobStatus::Skipped,
            None,
        ) => Ok(Some(Err(answer_forgotten()))),
        // Whoever sent it died, and nobody knows.
        (_, None) => Ok(Some(Err(uncertain()))),
    }
}

/// It left and no readable answer came, or nobody wrote one down.
pub(super) fn uncertain() -> AppError {
    let refusal = WeChatRefusal { errcode: None, errmsg: None, rid: None, retryable: false };
    let text = "发送消息失败: 没有收到微信的完整答复，不知道是否已经送达";
    AppError::new(ErrorKind::WeChat(refusal), code::SEND_MESSAGE_FAILED, text).with_hint(MAY_HAVE_ARRIVED)
}

const MAY_HAVE_ARRIVED: &str =
    "消息可能已经送达。可在 /api/admin/notifications 查看；收到微信的送达事件后状态会更新，再决定是否重发。";

/// WeChat's own words about a message that may have arrived all the same: whoever repeats it may send it twice.
pub(super) fn in_doubt(told: AppError) -> AppError {
    let Some(refusal) = told.wechat() else { return told };
    let refusal = WeChatRefusal { retryable: false, ..refusal.clone() };
    AppError::new(ErrorKind::WeChat(refusal), code::SEND_MESSAGE_FAILED, told.message().to_owned())
        .with_hint(MAY_HAVE_ARRIVED)
}
