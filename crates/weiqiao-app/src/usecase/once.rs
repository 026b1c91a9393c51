//! A request with a key is done once; whoever repeats it is told what the first one was.

use serde::Serialize;
use serde::de::DeserializeOwned;
use weiqiao_store::Command;
use weiqiao_store::facts::idempotency::{IdempotencyKey, KeyOwner, Once, OnceOutcome};

use super::customer::Standing;
use crate::App;
use crate::caller::Caller;
use crate::digest::digest;
use crate::error::{AppError, ErrorKind, Result, code};
use crate::vault::Place;

/// What came of a request with a key.
#[derive(Debug)]
pub(crate) enum Done<O, A> {
    /// It was done now.
    First(A),
    /// It was done before, and this was the answer.
    Again(A),
    /// Nothing came of it, and the key was not used.
    Nothing(O),
}

/// In whose name keys of requests are counted.
pub(crate) fn speaker(standing: &Standing<'_>, caller: &Caller) -> String {
    match standing {
        Standing::Person(session) => format!("person {}", session.user_id.as_str()),
        Standing::Program => {
            let name = match caller {
                Caller::ApiKey(key) => key.id.as_ref().map_or(key.name.as_str(), |id| id.as_str()),
                _ => "",
            };
            format!("key {name}")
        }
        Standing::Anybody => "anybody".to_owned(),
    }
}

/// How a key is known that a client gave to something it asks; `said` is everything that makes it the same request.
pub(crate) fn named_key(app: &App, what: &str, speaker: &str, key: &str, said: &str) -> IdempotencyKey {
    IdempotencyKey {
        key_hash: digest("idempotency key", &[what, speaker, key]),
        // What is said can be guessed, so its hash needs a key.
        request_hash: app.vault().fingerprint("idempotent request", &[said]),
        since: None,
    }
}

/// Runs a command once for the key. `tell` makes the answer of what came of it, nothing when nothing did. It is kept sealed in
/// the same commit, and the first caller too is told what is kept, so that all are told the same.
///
/// # Errors
///
/// `Conflict` when the key was used for another request, or when the answer went with the person it was about.
pub(crate) async fn once<C: Command, A: Serialize + DeserializeOwned>(
    app: &App,
    command: C,
    (key, owner): (IdempotencyKey, KeyOwner),
    tell: impl Fn(&App, &C::Output) -> Option<A> + Send + Sync + 'static,
) -> Result<Done<C::Output, A>> {
    let (key_hash, app_id) = (key.key_hash.clone(), owner.app_id.clone());
    let sealing = (app.clone(), key_hash.clone(), app_id.clone());
    let seal = move |output: &C::Output| {
        let (app, key_hash, app_id) = &sealing;
        let Some(told) = tell(app, output) else { return Ok(None) };
        let told = serde_json::to_vec(&told).map_err(|error| error.to_string())?;
        Ok(Some(app.vault().seal(place(key_hash, app_id), &told)))
    };
    let open = |sealed: &[u8]| -> Result<A> {
        Ok(serde_json::from_slice(&app.vault().open(place(&key_hash, &app_id), sealed)?)?)
    };
    match app.store().run(Once::new(command, key, owner, app.now_ms(), seal)).await? {
        OnceOutcome::First(sealed) => Ok(Done::First(open(&sealed)?)),
        OnceOutcome::Again(Some(sealed)) => Ok(Done::Again(open(&sealed)?)),
        OnceOutcome::Again(None) => Err(answer_forgotten()),
        OnceOutcome::KeyTaken => Err(key_reused()),
        OnceOutcome::Nothing(output) => Ok(Done::Nothing(output)),
    }
}

/// What the first request was told went with the person it was about.
pub(crate) fn answer_forgotten() -> AppError {
    let text = "这个 Idempotency-Key 的请求已经处理过，但其中的个人信息已按用户的要求删除";
    AppError::new(ErrorKind::Conflict, code::IDEMPOTENCY_ANSWER_FORGOTTEN, text)
        .with_hint("用户撤回了授权，第一次的答复不再保留，请求也不会重复执行；新的请求请换一个 Idempotency-Key。")
}

/// The key was used for another request.
pub(crate) fn key_reused() -> AppError {
    let text = "这个 Idempotency-Key 已经用于另一个请求";
    AppError::new(ErrorKind::Conflict, code::IDEMPOTENCY_KEY_REUSED, text)
}

fn place<'a>(key_hash: &'a str, app_id: &'a str) -> Place<'a> {
    Place::new("idempotency", "answer", key_hash, app_id)
}
