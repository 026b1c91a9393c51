//! Copies and attempts, and what the person sees in the end.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::oneshot;

use super::options::Act;
use super::plan::{Plan, plan, plan_told, target_of};
use super::post;
use super::reply::{self, Answer};
use super::report::{
    DeliveredReply, DeliveryAttempt, DeliveryFormat, DeliveryOutcome, DeliveryReport, GivenResponse, SentRequest,
    Verification,
};
use super::{effects, options::DeliveryOptions};
use crate::engine::{ControlError, Engine, Inner};
use crate::state::account::AccountKind;

/// The answer of a service, as far as reports show it.
const SHOWN_BYTES: usize = 64 * 1024;

/// How one copy ended.
enum End {
    Silent,
    Reply(DeliveredReply),
    Broken(String),
}

impl Engine {
    /// A person does something an account is told of: a message, a click, an event of any name. Gives back what became
    /// of it once all attempts are over, which can take three times the limit.
    ///
    /// # Errors
    /// When there is no such person or account, the account never gets such a thing, or a field or option is wrong.
    /// Then nothing has happened.
    pub async fn act(self: &Arc<Self>, persona: &str, account: &str, act: Act) -> Result<DeliveryReport, ControlError> {
        let plan = {
            let mut guard = self.lock();
            let inner = &mut *guard;
            let account = inner.account(account)?.clone();
            let persona = inner.persona(persona)?.id.clone();
            let plan = plan(inner, &account, &persona, act)?;
            self.begin(inner, plan)
        };
        self.see_through(plan).await
    }

    /// Notes that it begins; gives it its number.
    pub(super) fn begin(&self, inner: &mut Inner, mut plan: Plan) -> Plan {
        inner.deliveries.begin(&mut plan.report);
        self.tell(inner, "delivery", json!({ "stage": "started", "report": plan.report }));
        plan
    }

    /// Makes the attempts in a task of their own: whoever asked may go away.
    pub(super) async fn see_through(self: &Arc<Self>, plan: Plan) -> Result<DeliveryReport, ControlError> {
        let (done, ended) = oneshot::channel();
        let engine = Arc::clone(self);
        self.spawn(async move {
            // Nobody waiting for the report is fine.
            let _ = done.send(engine.deliver(plan).await);
        });
        ended.await.map_err(|_| {
            ControlError::Invalid("the emulator was reset or stopped before the delivery ended".to_owned())
        })
    }

    /// Sends what is queued, in order. Called after every HTTP request and every act.
    pub fn dispatch(self: &Arc<Self>) {
        // Outside a runtime it stays queued until the next call.
        if tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        let pushes = std::mem::take(&mut self.lock().world.pushes);
        if pushes.is_empty() {
            return;
        }
        let engine = Arc::clone(self);
        self.spawn(async move {
            for push in pushes {
                let planned = {
                    let mut guard = engine.lock();
                    let inner = &mut *guard;
                    let account = inner.world.accounts.by_app_id(&push.app_id).cloned();
                    let make = if push.happens { plan } else { plan_told };
                    let made = account.map(|account| make(inner, &account, &push.persona, push.act));
                    made.transpose().map(|made| made.map(|plan| engine.begin(inner, plan)))
                };
                match planned {
                    Ok(Some(plan)) => {
                        engine.deliver(plan).await;
                    }
                    Ok(None) => {}
                    Err(error) => tracing::warn!(%error, "an event cannot be pushed"),
                }
            }
        });
    }

    async fn deliver(self: &Arc<Self>, plan: Plan) -> DeliveryReport {
        let report = Mutex::new(plan.report.clone());
        let ends = if plan.target.is_some() {
            let copies = (1..).zip(&plan.pauses).map(|(copy, pause)| self.copy(&plan, copy, *pause, &report));
            join_all(copies).await
        } else {
            Vec::new()
        };
        let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.finish(&plan, ends, &mut report);
        self.dispatch();
        report
    }

    async fn copy(&self, plan: &Plan, copy: u32, pause: Duration, report: &Mutex<DeliveryReport>) -> End {
        let Some((target, sealed)) = &plan.target else { return End::Silent };
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let client = match self.http() {
            Ok(client) => client,
            Err(error) => return End::Broken(error),
        };
        let content_type = match target.format {
            DeliveryFormat::Xml => "text/xml",
            DeliveryFormat::Json => "application/json",
        };
        let (attempts, limit, retry_status) = {
            let settings = &self.lock().world.settings;
            let limit = Duration::from_millis(settings.callback_timeout_ms);
            (settings.callback_attempts, limit, settings.callback_retry_status)
        };
        let mut end = End::Broken("no attempt is allowed".to_owned());
        for n in 1..=attempts {
            let (at_ms, signed) = {
                let mut inner = self.lock();
                let at_ms = inner.clock.now_ms();
                let nonce = nonce(&mut inner);
                let timestamp = plan.timestamp.unwrap_or_else(|| at_ms.div_euclid(1000));
                (at_ms, target.sign(&plan.expected.openid, timestamp, nonce, sealed.encrypt.as_deref()))
            };
            let request = SentRequest { url: signed.url.to_string(), body: sealed.body.clone() };
            let got = post::call(client, signed.url, Some((content_type, sealed.body.clone())), limit).await;
            let mut attempt = DeliveryAttempt {
                n,
                copy,
                at_ms,
                status: None,
                ms: got.ms,
                error: None,
                request,
                signature: signed.steps,
                response: None,
            };
            let mut again = true;
            end = match got.answer {
                Err(error) => End::Broken(error),
                Ok((status, body)) => {
                    attempt.status = Some(status);
                    let mut response = GivenResponse { body: excerpt(&body), inner: None };
                    let end = if status == 200 {
                        let read = reply::read(&body, target, &plan.expected);
                        response.inner = read.inner;
                        again = false;
                        self.judged(plan, read.answer)
                    } else {
                        again = retry_status;
                        End::Broken(format!("the status is {status}, not 200"))
                    };
                    attempt.response = Some(response);
                    end
                }
            };
            if let End::Broken(error) = &end {
                attempt.error = Some(error.clone());
            }
            self.note(report, attempt);
            if !again {
                break;
            }
        }
        end
    }

    /// A reply's files have to be there too.
    fn judged(&self, plan: &Plan, answer: Result<Answer, String>) -> End {
        match answer {
            Ok(Answer::Silent) => End::Silent,
            Ok(Answer::Reply(reply)) => match effects::check_media(&self.lock(), &plan.account, &reply) {
                Ok(()) => End::Reply(reply),
                Err(error) => End::Broken(error),
            },
            Err(error) => End::Broken(error),
        }
    }

    fn note(&self, report: &Mutex<DeliveryReport>, attempt: DeliveryAttempt) {
        let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
        report.attempts.push(attempt);
        let mut inner = self.lock();
        inner.deliveries.update(&report);
        self.tell(&mut inner, "delivery", json!({ "stage": "attempt", "report": *report }));
    }

    /// The first copy that was replied to decides what the person sees; else one that was taken; else it has failed.
    fn finish(&self, plan: &Plan, ends: Vec<End>, report: &mut DeliveryReport) {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let newest = inner.world.inbox.newest();
        let (mut reply, mut silent, mut broken) = (None, false, Vec::new());
        let copies = ends.len();
        for (copy, end) in (1..).zip(ends) {
            match end {
                End::Reply(given) => reply = reply.or(Some(given)),
                End::Silent => silent = true,
                End::Broken(error) => broken.push(format!("copy {copy}: {error}")),
            }
        }
        report.outcome = match (copies, &reply, silent) {
            (0, ..) if report.staff.is_some() => DeliveryOutcome::Staff,
            (0, ..) => DeliveryOutcome::NotConfigured,
            (_, Some(_), _) => DeliveryOutcome::Replied,
            (_, None, true) => DeliveryOutcome::Empty,
            (_, None, false) => DeliveryOutcome::Failed,
        };
        let persona = report.persona.clone();
        if let Some(given) = reply {
            let documented = plan.account.kind != AccountKind::Mini || given.kind == "transfer_customer_service";
            report.shown = plan.shown && documented;
            if report.shown {
                effects::replied(inner, &plan.account, &persona, &given);
            } else if documented {
                report.remarks.push(format!("nothing is shown in answer to {}", report.name));
            } else {
                report
                    .remarks
                    .push("mini programs have no passive replies; send a customer-service message".to_owned());
            }
            report.reply = Some(given);
        }
        if report.outcome == DeliveryOutcome::Failed {
            report.shown = plan.shown;
            if plan.shown {
                let notice = notice(plan.account.kind);
                effects::noticed(inner, &plan.account, &persona, notice);
                report.notice = Some(notice.to_owned());
            }
        }
        // With one copy its attempts say it all.
        if report.outcome != DeliveryOutcome::Failed && copies > 1 || report.attempts.is_empty() {
            report.remarks.append(&mut broken);
        }
        for act in &plan.then {
            let (app_id, act) = (plan.account.app_id.clone(), act.clone());
            inner.world.pushes.push(super::Push { app_id, persona: persona.clone(), act, happens: true });
        }
        inner.deliveries.update(report);
        self.tell(inner, "delivery", json!({ "stage": "finished", "report": report }));
        self.tell_of_messages(inner, newest);
    }

    /// Asks the account's callback address for its `echostr`, as the console does when the address is saved.
    ///
    /// # Errors
    /// When there is no such account, or it has no address or token.
    pub async fn verify_callback(&self, account: &str) -> Result<Verification, ControlError> {
        let (target, signed, echostr, limit) = {
            let mut inner = self.lock();
            let account = inner.account(account)?.clone();
            // Never encrypted, so it needs no key.
            let options =
                DeliveryOptions { mode: Some(super::report::DeliveryMode::Plain), ..DeliveryOptions::default() };
            let target = target_of(&account, &options).map_err(ControlError::Invalid)?;
            let none = || ControlError::Invalid(format!("account {:?} has no callback_url", account.name));
            let target = target.ok_or_else(none)?;
            let echostr =
                format!("{}", 1_000_000_000_000_000_000 + inner.random.next_u64() % 8_000_000_000_000_000_000);
            let (timestamp, nonce) = (inner.clock.now_ms().div_euclid(1000), nonce(&mut inner));
            let signed = target.ask(timestamp, nonce, &echostr);
            let limit = Duration::from_millis(inner.world.settings.callback_timeout_ms);
            (account.name, signed, echostr, limit)
        };
        let client = self.http().map_err(ControlError::Invalid)?;
        let url = signed.url.to_string();
        let got = post::call(client, signed.url, None, limit).await;
        let (status, body, error) = match got.answer {
            Err(error) => (None, None, Some(error)),
            Ok((status, body)) => {
                let error = if status != 200 {
                    Some(format!("the status is {status}, not 200"))
                } else if body != echostr.as_bytes() {
                    Some("the answer is not exactly the echostr".to_owned())
                } else {
                    None
                };
                (Some(status), Some(excerpt(&body)), error)
            }
        };
        let verification = Verification {
            ok: error.is_none(),
            url,
            echostr,
            status,
            ms: got.ms,
            body,
            error,
            signature: signed.steps,
        };
        let mut inner = self.lock();
        self.tell(&mut inner, "verification", json!({ "account": target, "verification": verification }));
        Ok(verification)
    }

    /// Deliveries after an id, of one account and one person when they are named; oldest first.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is no such person or account.
    pub fn deliveries(
        &self,
        account: Option<&str>,
        persona: Option<&str>,
        after: u64,
    ) -> Result<Vec<DeliveryReport>, ControlError> {
        let inner = self.lock();
        let app_id = account.map(|name| inner.account(name)).transpose()?.map(|account| account.app_id.as_str());
        let persona = persona.map(|id| inner.persona(id)).transpose()?.map(|persona| persona.id.as_str());
        Ok(inner.deliveries.find(app_id, persona, after))
    }
}

fn notice(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Mini => "该小程序提供的服务出现故障，请稍后再试",
        _ => "该公众号提供的服务出现故障，请稍后再试",
    }
}

/// Nine digits, or one more.
fn nonce(inner: &mut Inner) -> String {
    (100_000_000 + inner.random.next_u64() % 1_900_000_000).to_string()
}

fn excerpt(body: &[u8]) -> String {
    let shown = body.get(..SHOWN_BYTES).unwrap_or(body);
    String::from_utf8_lossy(shown).into_owned()
}
