//! One delivery, from its bytes to its answer.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout_at;
use weiqiao_model::crash_point;
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::inbox::{AcceptCallback, BeginCallback, NewPush, Outcome, Receipt};
use weixin_proto::callback::reply::Address;
use weixin_proto::callback::{Format, Inbound, Opened, Query};

use super::decide_slowly::{self, Slow};
use super::refusal::{count, no_callback, refused};
use super::{AnswerForm, CallbackAnswer, CallbackRefusal, Delivery, effects, stored, wait, webhooks};
use crate::App;
use crate::callback::{Counter, refresh_sources};
use crate::decide::ReplySpec;
use crate::error::{AppError, Result};
use crate::usecase::inbox::tell_followers;
use crate::usecase::rule::rules_in_force;

/// WeChat hangs up after five seconds: then an error is as good as an answer.
const PATIENCE: Duration = Duration::from_millis(4_900);

/// Takes one delivery: verifies it, decides, writes it down, and gives what is to be answered.
///
/// # Errors
///
/// See [`CallbackRefusal`]. Nothing of a refused delivery is stored.
pub async fn receive(app: &App, delivery: Delivery<'_>) -> Result<CallbackAnswer, CallbackRefusal> {
    let desk = app.callbacks();
    let Some(counter) = desk.counter(delivery.account) else {
        return Err(no_callback(delivery.account));
    };
    let name = counter.account.name.as_str();
    if let Some(ip) = delivery.source {
        keep_sources_fresh(app, counter);
        if !desk.knows_source(counter, ip) {
            count(name, "source");
            return Err(CallbackRefusal::NotAuthentic);
        }
    }
    let now_s = app.now_ms().div_euclid(1000);
    let opened = counter.receiver.open(delivery.query, delivery.body, now_s);
    let opened = opened.map_err(|error| refused(app, name, &error))?;
    desk.clock_alarm().fresh();
    let taken = timeout_at(delivery.begun + PATIENCE, take(app, counter, &opened, &delivery)).await;
    let (id, spec) = taken.unwrap_or_else(|_| Err(too_slow()))?;
    let answer = answer(app, counter, &opened, &spec, delivery.query)?;
    tracing::debug!(account = name, inbox = id, reply = spec.word(), "a callback was answered");
    Ok(answer)
}

/// A delivery whose body is longer than any may be. Only a sender who knows the token learns that it was the length.
pub fn refuse_too_long(app: &App, account: Option<&str>, query: &Query<'_>) -> CallbackRefusal {
    let Some(counter) = app.callbacks().counter(account) else {
        return no_callback(account);
    };
    let reason = counter.receiver.refuse_too_long(query, app.now_ms().div_euclid(1000));
    refused(app, counter.account.name.as_str(), &reason)
}

fn too_slow() -> AppError {
    use crate::error::{Dependency, ErrorKind, code};
    let kind = ErrorKind::Unavailable(Dependency::Database);
    AppError::new(kind, code::DATABASE_UNAVAILABLE, "数据库暂时不可用，请稍后再试")
}

/// Writes the push down, unless it is known, and gives its row and what is said to it.
async fn take(app: &App, counter: &Counter, opened: &Opened, delivery: &Delivery<'_>) -> Result<(String, ReplySpec)> {
    let account = &counter.account;
    let push = stored::row(app, account, counter.receiver.mode(), opened);
    let effects = effects::effects(app, &push, &opened.inbound);
    let inbound = &opened.inbound;
    let matched = rules_in_force(app).await?.decide(&account.name, inbound);
    let asks = matched.is_none() && webhooks::takes_time(app, account, &push.id, inbound).await?;
    let jobs = webhooks::jobs(app, account, &push.id, inbound, asks).await?;
    if asks || matched.is_none() && app.callbacks().handlers().take(inbound) {
        return slow(app, counter, opened, delivery, push, effects, jobs).await;
    }
    let (spec, decided_by) = match &matched {
        Some(matched) => (matched.reply().clone(), format!("rule:{}", matched.rule.id)),
        None => (ReplySpec::None, "nobody".to_owned()),
    };
    let reply = stored::seal_reply(app, (&push.app_id, &push.dedup_key), &spec)?;
    let response_ms = decide_slowly::elapsed_ms(delivery.begun);
    let outcome = Outcome { reply, decided_by, decided_at: app.now_ms(), response_ms, jobs };
    let (id, key) = (push.id.clone(), push.dedup_key.clone());
    let (word, wakes) = (push.kind, !outcome.jobs.is_empty());
    crash_point!("app.callback.decided");
    let forgotten = effects::forgotten(app, &effects);
    let forgets = forgotten.is_some();
    let accept = AcceptCallback { push, outcome, effects };
    let receipt = match forgotten {
        None => app.store().run(accept).await?,
        Some(entry) => app.store().run(Audited::new(accept, entry, is_new)).await?,
    };
    crash_point!("app.callback.written");
    match receipt {
        Receipt::New => {
            told(word, "new");
            if forgets {
                app.sessions().forget_all();
            }
            tell_followers(app);
            if wakes {
                app.wake_worker().await;
            }
            Ok((id, spec))
        }
        Receipt::Again { id, decision } => {
            told(word, "again");
            let slow = Slow::new(app, account, &id, &key, Arc::new(inbound.clone()));
            let spec = wait::for_decision(slow, decision, delivery.begun).await?;
            Ok((id, spec))
        }
    }
}

fn is_new(receipt: &Receipt) -> bool {
    *receipt == Receipt::New
}

/// A push whose answer takes time is written down first.
async fn slow(
    app: &App,
    counter: &Counter,
    opened: &Opened,
    delivery: &Delivery<'_>,
    push: NewPush,
    effects: Vec<weiqiao_store::facts::inbox::Effect>,
    jobs: Vec<weiqiao_store::facts::job::NewJob>,
) -> Result<(String, ReplySpec)> {
    let (id, key, word) = (push.id.clone(), push.dedup_key.clone(), push.kind);
    let lease_until = app.now_ms().saturating_add(decide_slowly::LEASE_MS);
    let wakes = !jobs.is_empty();
    let forgotten = effects::forgotten(app, &effects);
    let forgets = forgotten.is_some();
    let begin = BeginCallback { push, jobs, effects, lease_until };
    let receipt = match forgotten {
        None => app.store().run(begin).await?,
        Some(entry) => app.store().run(Audited::new(begin, entry, is_new)).await?,
    };
    let inbound: Arc<Inbound> = Arc::new(opened.inbound.clone());
    let (id, decision) = match receipt {
        Receipt::New => {
            told(word, "new");
            if forgets {
                app.sessions().forget_all();
            }
            if wakes {
                app.wake_worker().await;
            }
            let slow = Slow::new(app, &counter.account, &id, &key, inbound);
            let spec = decide_slowly::decide_within(slow, 1, delivery.begun).await?;
            return Ok((id, spec));
        }
        Receipt::Again { id, decision } => (id, decision),
    };
    told(word, "again");
    let slow = Slow::new(app, &counter.account, &id, &key, inbound);
    let spec = wait::for_decision(slow, decision, delivery.begun).await?;
    Ok((id, spec))
}

fn told(kind: &'static str, outcome: &'static str) {
    metrics::counter!("weiqiao_callbacks_total", "kind" => kind, "outcome" => outcome).increment(1);
}

/// The answer in the language of the push, encrypted when the push was.
fn answer(
    app: &App,
    counter: &Counter,
    opened: &Opened,
    spec: &ReplySpec,
    query: &Query<'_>,
) -> Result<CallbackAnswer> {
    let Some(reply) = spec.reply() else { return Ok(CallbackAnswer::success()) };
    let now_s = app.now_ms().div_euclid(1000);
    let written = match reply.write(&Address::answering(&opened.inbound, now_s), opened.format()) {
        Ok(written) => written,
        // Checked when it was decided; a push without sender or receiver cannot be answered at all.
        Err(error) => {
            tracing::warn!(account = %counter.account.name, %error, "a reply cannot be given; nothing is said");
            return Ok(CallbackAnswer::success());
        }
    };
    let random = weiqiao_model::random_bytes::<16>(app.rng());
    let body = counter.receiver.seal(opened, written, now_s, &query.nonce, random).map_err(AppError::internal)?;
    let form = match opened.format() {
        Format::Xml => AnswerForm::Xml,
        Format::Json => AnswerForm::Json,
    };
    Ok(CallbackAnswer { body, form })
}

/// Asks for WeChat's addresses in the background when the list is a day old.
fn keep_sources_fresh(app: &App, counter: &Arc<Counter>) {
    let desk = app.callbacks();
    let wanted = desk.settings().source_check != crate::callback::SourceCheck::Off;
    if wanted && desk.sources().take_turn(counter.account.app_id(), app.now_ms()) {
        let (app, counter) = (app.clone(), Arc::clone(counter));
        tokio::spawn(async move { refresh_sources(&app, &counter.account).await });
    }
}
