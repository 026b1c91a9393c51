//! A server sends one subscribe message and waits for WeChat's answer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep, timeout};
use weiqiao_coord::Limit;
use weiqiao_model::{AccountKind, ApiScope, JobStatus};
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::idempotency::IdempotencyKey;
use weiqiao_store::facts::job::{AttemptResult, SettleJob};
use weiqiao_store::facts::message::{BeginMessage, BegunMessage, IsRecipient, NewMessage, SettleMessage};
use weiqiao_store::facts::notification::{NotificationResult, SettleNotification};
use weiqiao_store::facts::spending::Allowance;
use weiqiao_store::{Command, StoreErrorKind};
use weixin::api::cgi_bin::message::subscribe::SendMiniSubscription;
use weixin_proto::OpenId;

use super::answer::{LOOK_EVERY, PATIENCE, Told, in_doubt, told_before, topic, uncertain};
use super::content::{Content, MessageDraft, seal_answer, seal_content, seal_recipient};
use crate::App;
use crate::accounts::Account;
use crate::audit::{Actor, Deed};
use crate::caller::Caller;
use crate::china;
use crate::convert::wechat_error;
use crate::error::{AppError, ErrorKind, Result, code};
use crate::hint::Call;
use crate::jobs::direct_message::{DirectMessage, NOT_SUBSCRIBED, Nothing};
use crate::jobs::{JobKind as _, Outcome, Plan, Step};
use crate::usecase::callback::who;
use crate::usecase::limits::{alarm, check_rate, used_up};
use crate::usecase::once::{key_reused, named_key};
use crate::usecase::staff::Permission;

/// A message.
#[derive(Clone)]
pub struct SendMessage<'a> {
    /// Another mini program than the default one.
    pub account: Option<&'a str>,
    /// Whose openid.
    pub touser: String,
    /// Which template.
    pub template_id: String,
    /// What it says.
    pub draft: MessageDraft,
    /// The request's own name, when it must not be done twice.
    pub idempotency_key: Option<String>,
}

impl fmt::Debug for SendMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendMessage").field("template_id", &self.template_id).finish_non_exhaustive()
    }
}

/// WeChat took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentMessage {
    /// WeChat's number of it; beyond what JavaScript counts.
    pub msgid: Option<i64>,
}

/// Whoever sends has so long to say how it ended; then the worker takes the message for uncertain, milliseconds.
const LEASE_MS: i64 = 60_000;
/// The longest a call may take.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// The name of whoever sends, in leases and attempts: no worker.
const OWNER: &str = "request";
/// How often a result is tried to be written down, and how long is waited in between.
const WRITE_TRIES: u32 = 5;
const WRITE_EVERY: Duration = Duration::from_millis(200);

/// Sends a message as it is: values are not changed. Before the call it is written down with its first attempt, so that it is
/// never unknown that something may have been sent; the call goes on when whoever asked goes away.
///
/// With an idempotency key a repeated request sends nothing and is told what the first one was. Only where certainly nothing
/// was sent, and it may work later, the same request sends it anew; what was written down for the first one is never sent then.
///
/// # Errors
///
/// In strict mode `Unauthorized` without an API key with scope `message:send` or staff who may. `Invalid` for data, words or a
/// page that cannot be; `Forbidden` with code `TEMPLATE_NOT_ALLOWED` or `RECIPIENT_UNKNOWN` where that is configured.
/// `TooMany` above the sender's rate, or when the day's allowance is used up. `Conflict` when the idempotency key was used for
/// another request. `WeChat` with the text `发送消息失败: <errmsg>` and code `SEND_MESSAGE_FAILED`.
pub async fn send_message(app: &App, caller: &Caller, message: SendMessage<'_>) -> Result<SentMessage> {
    if app.auth_mode().is_strict() {
        caller.demand(Permission::SendMessages, ApiScope::MessageSend)?;
    }
    let account = app.accounts().pick(AccountKind::Mini, message.account)?;
    let (app_id, rules) = (account.app_id().as_str(), &app.settings().crm.messages);
    let SendMessage { touser, template_id, draft, idempotency_key, .. } = message;
    let content = Content::check(draft, &rules.pages)?;
    if !rules.allows_template(account.name.as_str(), &template_id) {
        return Err(template_not_allowed());
    }
    let sender = sender(caller);
    let limits = &app.settings().crm.limits;
    check_rate(app, "message sender", &sender, Limit::per_minute(limits.messages_per_minute)).await?;
    let who = who(app, app_id, &touser).unwrap_or_default();
    if rules.known_recipients {
        demand_known(app, app_id, &who).await?;
    }
    let key =
        idempotency_key.map(|key| key_of(app, &sender, &key, (app_id, &touser, &template_id), &content)).transpose()?;
    let plan = Plan { account: app_id.to_owned(), ..Plan::default() };
    let job = app.plan_job::<DirectMessage>(plan, &Nothing {})?;
    let (id, now) = (job.id.clone(), app.now_ms());
    let new = NewMessage {
        id: id.clone(),
        app_id: app_id.to_owned(),
        template_id: template_id.clone(),
        who,
        openid: seal_recipient(app, &id, app_id, &touser),
        content: seal_content(app, &id, app_id, &content)?,
        sender: sender.clone(),
    };
    let allowances = allowances(app, app_id, &sender, now);
    let turn = turn_topic(&new.who);
    let lease_until = now.saturating_add(LEASE_MS);
    let begin = BeginMessage { message: new, job, key, allowances, owner: OWNER.to_owned(), lease_until, now };
    let detail = json!({ "account": account.name.as_str(), "template_id": template_id });
    let entry = app.audit_entry(Actor::from(caller), Deed::MessageSent, "notification", id.clone(), &detail);
    // Whoever waits for their turn begins when it comes.
    let begin = || {
        let now = app.now_ms();
        let begin = BeginMessage { lease_until: now.saturating_add(LEASE_MS), now, ..begin.clone() };
        Audited::new(begin, entry.clone(), |begun| matches!(begun, BegunMessage::Begun { .. }))
    };
    match begin_in_turn(app, begin, &turn).await? {
        BegunMessage::Begun { renewals, last } => {
            if let Some(what) = last {
                alarm(what, account);
            }
            let request = content.request(OpenId::new(touser), &template_id);
            let sending = Sending { app: app.clone(), account: Arc::clone(account), id, renewals, turn };
            tokio::spawn(sending.run(request)).await.map_err(AppError::internal)?
        }
        BegunMessage::Again(id) => told_before(app, &id).await,
        BegunMessage::KeyTaken => Err(key_reused()),
        BegunMessage::Busy => {
            let kind = ErrorKind::TooMany { retry_after: Duration::from_secs(1) };
            Err(AppError::new(kind, code::TOO_MANY_REQUESTS, "上一条消息还在发给同一个收件人，请稍后再试"))
        }
        BegunMessage::UsedUp(_) => Err(used_up(now, "今天的消息发送额度已用完")),
    }
}

/// Begins when no other message to the recipient is under way, from whatever instance; waits for its turn.
async fn begin_in_turn<C: Command<Output = BegunMessage>>(
    app: &App,
    begin: impl Fn() -> C,
    turn: &str,
) -> Result<BegunMessage> {
    let (until, mut wakes) = (Instant::now() + PATIENCE, None);
    loop {
        match app.store().run(begin()).await {
            Ok(BegunMessage::Busy) if Instant::now() < until => {}
            // Two came at once, and the other one was first.
            Err(error) if error.kind() == StoreErrorKind::Conflict && Instant::now() < until => {}
            outcome => return Ok(outcome?),
        }
        // Who was woken before this was made looks again in a moment.
        let wakes = wakes.get_or_insert_with(|| app.coord().wake().subscribe(turn));
        let _ = timeout(LOOK_EVERY, wakes.next()).await;
    }
}

fn turn_topic(who: &str) -> String {
    format!("recipient {who}")
}

/// A message that was written down and is sent now.
struct Sending {
    app: App,
    account: Arc<Account>,
    id: String,
    renewals: Option<i64>,
    /// Who waits for the recipient is woken under this name.
    turn: String,
}

impl Sending {
    async fn run(self, request: SendMiniSubscription) -> Result<SentMessage> {
        let (outcome, result) = match timeout(TIME_LIMIT, self.app.weixin().send(&self.account.weixin, request)).await {
            Ok(Ok(sent)) => {
                let outcome = Outcome::sent();
                let outcome = match sent.msgid {
                    Some(msgid) => outcome.with_reference(msgid.to_string()),
                    None => outcome,
                };
                (outcome, Ok(SentMessage { msgid: sent.msgid }))
            }
            Ok(Err(error)) => {
                let word = code::SEND_MESSAGE_FAILED;
                let told = wechat_error(&self.app, "发送消息失败", word, Call::Mini, &self.account, &error, None);
                let outcome = Outcome::of_wechat(&self.app, &error);
                let told = match outcome.step {
                    Step::Doubt | Step::AskPerson => in_doubt(told).with_source(error),
                    _ => told,
                };
                let outcome = match (self.renewals, outcome.errcode) {
                    (Some(renewals), Some(NOT_SUBSCRIBED)) => outcome.with_spent(renewals),
                    _ => outcome,
                };
                (outcome, Err(told))
            }
            Err(_) => (Outcome::uncertain("超过 30 秒没有结束，不知道是否已经送达"), Err(uncertain())),
        };
        let verdict = outcome.verdict().as_str();
        metrics::counter!("weiqiao_job_attempts_total", "kind" => DirectMessage::NAME, "verdict" => verdict)
            .increment(1);
        self.write(outcome, &result).await;
        result
    }

    async fn write(&self, outcome: Outcome, result: &Result<SentMessage>) {
        let settle = match self.settle(outcome, result) {
            Ok(settle) => settle,
            Err(error) => {
                tracing::error!(message = self.id, ?error, "what became of a message cannot be sealed");
                return;
            }
        };
        for tries in 1..=WRITE_TRIES {
            match self.app.store().run(settle.clone()).await {
                Ok(true) => break,
                Ok(false) => {
                    tracing::warn!(
                        message = self.id,
                        "the result of a message came after somebody else had taken it up"
                    );
                    break;
                }
                Err(error) if tries == WRITE_TRIES => {
                    tracing::error!(message = self.id, %error, "the result of a message could not be written down: it becomes uncertain");
                }
                Err(_) => sleep(WRITE_EVERY).await,
            }
        }
        self.app.coord().wake().notify(&topic(&self.id), &[]).await;
        self.app.coord().wake().notify(&self.turn, &[]).await;
    }

    fn settle(&self, outcome: Outcome, result: &Result<SentMessage>) -> Result<SettleMessage> {
        let status = match outcome.step {
            Step::Done => JobStatus::Sent,
            Step::Over => JobStatus::Refused,
            Step::Doubt | Step::AskPerson => JobStatus::Uncertain,
            // Whoever asked decides whether it is tried again.
            Step::Again(_) | Step::Hold(_) => JobStatus::Dead,
        };
        let attempt = AttemptResult {
            verdict: outcome.verdict,
            http_status: None,
            errcode: outcome.errcode,
            errmsg: outcome.message.clone(),
            answer: None,
        };
        let settle = SettleJob {
            id: self.id.clone(),
            fence: 1,
            n: 1,
            status,
            next_at: None,
            counts: true,
            attempt: Some(attempt),
            errcode: outcome.errcode,
            error: outcome.message,
            reference: outcome.reference,
            hold: None,
            free: None,
            now: self.app.now_ms(),
        };
        let spent = |renewals| NotificationResult::Spent { renewals };
        let result_of = outcome.spent.map_or(NotificationResult::Plain, spent);
        Ok(SettleMessage {
            settle: SettleNotification { settle, result: result_of },
            answer: seal_answer(&self.app, &self.id, self.account.app_id().as_str(), &Told::of(result))?,
        })
    }
}

/// Who asked, by our id of them.
fn sender(caller: &Caller) -> String {
    match caller {
        Caller::ApiKey(key) => format!("key {}", key.id.as_ref().map_or(key.name.as_str(), |id| id.as_str())),
        Caller::Staff(staff) => format!("staff {}", staff.staff_id.as_str()),
        Caller::Cli => "cli".to_owned(),
        Caller::User(_) | Caller::Anonymous => "anybody".to_owned(),
    }
}

fn key_of(app: &App, sender: &str, key: &str, to: (&str, &str, &str), content: &Content) -> Result<IdempotencyKey> {
    let (app_id, touser, template_id) = to;
    let said = serde_json::to_string(&json!([app_id, touser, template_id, content]))?;
    Ok(named_key(app, "message", sender, key, &said))
}

fn allowances(app: &App, app_id: &str, sender: &str, now: i64) -> Vec<Allowance> {
    let limits = &app.settings().crm.limits;
    if !limits.on {
        return Vec::new();
    }
    let allowance = |what, who: &str, most: u64| Allowance {
        app_id: app_id.to_owned(),
        what,
        who: who.to_owned(),
        day: china::day(now),
        most: i64::try_from(most).unwrap_or(i64::MAX),
    };
    vec![
        allowance("message", "", limits.requested_messages()),
        allowance("message_sender", sender, limits.messages_per_day),
    ]
}

async fn demand_known(app: &App, app_id: &str, who: &str) -> Result<()> {
    let known = app.store().read(IsRecipient { app_id: app_id.to_owned(), who: who.to_owned() }).await?;
    if known {
        return Ok(());
    }
    Err(AppError::forbidden(code::RECIPIENT_UNKNOWN, "收件人不是这个小程序的已知用户")
        .with_hint("MESSAGE_RECIPIENTS=known 时，只能发给登录过、订阅过或有过行为的用户。"))
}

/// The template is not one of those that may be used.
pub(crate) fn template_not_allowed() -> AppError {
    AppError::forbidden(code::TEMPLATE_NOT_ALLOWED, "这个模板不允许使用")
        .with_hint("只能使用 MESSAGE_TEMPLATES 里列出的模板；请在配置里加上它的 ID。")
}
