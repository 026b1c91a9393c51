//! How a push and its answer are written down: sealed, bound to the account and to what copies have in common.

use weiqiao_store::facts::inbox::NewPush;
use weixin_proto::callback::{Format, Inbound, Kind, Mode, Opened};
use zeroize::Zeroizing;

use super::effects::person;

use crate::App;
use crate::accounts::Account;
use crate::decide::ReplySpec;
use crate::error::Result;
use crate::vault::Place;

/// The words of a kind: `kind`, `msg_type`, `event`.
pub(super) fn words(inbound: &Inbound) -> (&'static str, String, Option<String>) {
    match &inbound.kind {
        Kind::Message(message) => ("message", message.name().to_owned(), None),
        Kind::Event(event) => ("event", "event".to_owned(), Some(event.name().to_owned())),
        Kind::Info(info) => ("info", info.to_string(), None),
        _ => ("other", String::new(), None),
    }
}

/// The row of a push.
pub(super) fn row(app: &App, account: &Account, mode: Mode, opened: &Opened) -> NewPush {
    let inbound = &opened.inbound;
    let (kind, msg_type, event) = words(inbound);
    let app_id = account.app_id().as_str();
    let dedup_key: String = inbound.dedup_key().into();
    let now = app.now_ms();
    let place = body_place((app_id, &dedup_key));
    let mode = match mode {
        Mode::Plain => "plain",
        Mode::Compatible => "compatible",
        Mode::Safe => "safe",
    };
    let format = match opened.format() {
        Format::Xml => "xml",
        Format::Json => "json",
    };
    NewPush {
        id: app.new_id::<weiqiao_model::id::kind::Job>().into_string(),
        app_id: app_id.to_owned(),
        account: account.name.as_str().to_owned(),
        body: app.vault().seal(place, inbound.fields().source().as_bytes()),
        dedup_key,
        kind,
        msg_type: plain(&msg_type),
        event: event.as_deref().map(plain),
        who: who(app, app_id, person(app_id, inbound)),
        form: format!("{mode} {format}"),
        sent_at: sent_at(inbound, now),
        received_at: now,
    }
}

/// A name as it may stand in a column: short, no NUL.
fn plain(name: &str) -> String {
    name.chars().filter(|character| !character.is_control()).take(100).collect()
}

/// The blind index of a person; nothing for nobody.
pub(crate) fn who(app: &App, app_id: &str, openid: &str) -> Option<String> {
    (!openid.is_empty()).then(|| app.vault().fingerprint("openid", &[app_id, openid]))
}

/// When it happened, epoch milliseconds: what WeChat says, unless that is nothing or lies ahead of us.
pub(super) fn sent_at(inbound: &Inbound, now: i64) -> i64 {
    match inbound.create_time {
        seconds if seconds > 0 => seconds.saturating_mul(1000).min(now.saturating_add(15 * 60 * 1000)),
        _ => now,
    }
}

/// Where a push is sealed for, by appid and what its copies have in common.
pub(crate) const fn body_place<'a>((app_id, dedup_key): (&'a str, &'a str)) -> Place<'a> {
    Place::new("inbox", "body", dedup_key, app_id)
}

/// Where its answer is sealed for.
pub(crate) const fn reply_place<'a>((app_id, dedup_key): (&'a str, &'a str)) -> Place<'a> {
    Place::new("inbox", "reply", dedup_key, app_id)
}

/// The answer as it is stored; nothing when nothing is said.
pub(super) fn seal_reply(app: &App, (app_id, dedup_key): (&str, &str), spec: &ReplySpec) -> Result<Option<Vec<u8>>> {
    if *spec == ReplySpec::None {
        return Ok(None);
    }
    let text = serde_json::to_vec(spec)?;
    Ok(Some(app.vault().seal(reply_place((app_id, dedup_key)), &text)))
}

/// The answer as it was stored.
pub(crate) fn open_reply(app: &App, (app_id, dedup_key): (&str, &str), sealed: Option<&[u8]>) -> Result<ReplySpec> {
    let Some(sealed) = sealed else { return Ok(ReplySpec::None) };
    let text = app.vault().open(reply_place((app_id, dedup_key)), sealed)?;
    Ok(serde_json::from_slice(&text)?)
}

/// The push as it was stored.
pub(crate) fn open_body(app: &App, (app_id, dedup_key): (&str, &str), sealed: &[u8]) -> Result<Zeroizing<String>> {
    Ok(app.vault().open_text(body_place((app_id, dedup_key)), sealed)?)
}
