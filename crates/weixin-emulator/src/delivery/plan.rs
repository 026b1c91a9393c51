//! One act made ready: composed, its effects done, its copies timed.

use std::time::Duration;

use serde_json::Value;
use url::Url;
use weixin_proto::AesKey;

use super::build::{Given, Scene, bare, described, put_over};
use super::catalogue::{self, Kind, Sender};
use super::effects;
use super::node::{Fields, JsonStyle, Node};
use super::options::{Act, DeliveryOptions};
use super::reply::Expected;
use super::report::{DeliveryFormat, DeliveryMode, DeliveryOutcome, DeliveryReport};
use super::sign::{Sealed, Target, written};
use crate::engine::{ControlError, Inner};
use crate::settings::JsonList;
use crate::state::account::{Account, AccountKind};
use crate::state::ids;

/// Everything the attempts need.
pub(crate) struct Plan {
    pub(crate) report: DeliveryReport,
    pub(crate) account: Account,
    /// Where it goes; `None` without a callback address.
    pub(crate) target: Option<(Target, Sealed)>,
    pub(crate) expected: Expected,
    /// How long each copy waits.
    pub(crate) pauses: Vec<Duration>,
    /// Of the signed address, when it is not the time of the attempt.
    pub(crate) timestamp: Option<i64>,
    /// A reply, or a notice, is shown.
    pub(crate) shown: bool,
    /// What the phone sends next.
    pub(crate) then: Vec<Act>,
}

/// An act of a person that changes nothing and is not told.
pub(crate) fn unchanged(account: &Account, persona: &str, act: &Act, now_ms: i64) -> DeliveryReport {
    DeliveryReport {
        id: 0,
        account: account.name.clone(),
        app_id: account.app_id.clone(),
        persona: persona.to_owned(),
        kind: if act.is_message { "message" } else { "event" }.to_owned(),
        name: act.name.clone(),
        staff: None,
        key: None,
        mode: act.options.mode.unwrap_or_else(|| mode_of(account)),
        format: act.options.format.unwrap_or_else(|| format_of(account)),
        created_at_ms: now_ms,
        body: String::new(),
        attempts: Vec::new(),
        outcome: DeliveryOutcome::Unchanged,
        reply: None,
        shown: false,
        notice: None,
        remarks: Vec::new(),
    }
}

fn mode_of(account: &Account) -> DeliveryMode {
    match account.callback_mode.as_str() {
        "safe" => DeliveryMode::Safe,
        "compatible" => DeliveryMode::Compatible,
        _ => DeliveryMode::Plain,
    }
}

fn format_of(account: &Account) -> DeliveryFormat {
    if account.callback_format == "json" { DeliveryFormat::Json } else { DeliveryFormat::Xml }
}

/// Where the account's callbacks go; `None` without an address.
pub(crate) fn target_of(account: &Account, options: &DeliveryOptions) -> Result<Option<Target>, String> {
    let Some(url) = &account.callback_url else { return Ok(None) };
    let what = |field: &str| format!("account {:?} has a callback_url but no {field}", account.name);
    let url = Url::parse(url).map_err(|error| format!("callback_url of {:?}: {error}", account.name))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("callback_url of {:?} must begin with http:// or https://", account.name));
    }
    let mode = options.mode.unwrap_or_else(|| mode_of(account));
    let key = match (&account.aes_key, mode) {
        (None, DeliveryMode::Plain) => None,
        (None, _) => return Err(what("aes_key, which this mode needs")),
        (Some(key), _) => Some(AesKey::parse(key).map_err(|error| error.to_string())?),
    };
    Ok(Some(Target {
        url,
        token: account.token.clone().ok_or_else(|| what("token"))?,
        key,
        app_id: account.app_id.as_str().into(),
        mode,
        format: options.format.unwrap_or_else(|| format_of(account)),
    }))
}

/// Composes an act and does what it changes.
pub(crate) fn plan(inner: &mut Inner, account: &Account, persona: &str, act: Act) -> Result<Plan, ControlError> {
    compose(inner, account, persona, act, true)
}

/// Composes an event whose effects were had already.
pub(crate) fn plan_told(inner: &mut Inner, account: &Account, persona: &str, act: Act) -> Result<Plan, ControlError> {
    compose(inner, account, persona, act, false)
}

fn compose(inner: &mut Inner, account: &Account, persona: &str, act: Act, happens: bool) -> Result<Plan, ControlError> {
    let invalid = ControlError::Invalid;
    let kind = catalogue::find(act.is_message, &act.name);
    check_account(account, kind, &act).map_err(invalid)?;
    act.options.check().map_err(invalid)?;
    let target = target_of(account, &act.options).map_err(invalid)?;
    let now_ms = inner.clock.now_ms();
    let name = kind.map_or_else(|| catalogue::canonical(act.is_message, &act.name), |kind| kind.name.to_owned());

    let mut given = Given(act.given.clone());
    effects::fill_in(inner, account, persona, &name, &mut given);
    let sender = kind.map_or(Sender::Person, |kind| kind.sender);
    let from = match sender {
        Sender::Person => account.openid(persona),
        Sender::Platform => ids::openid(&account.app_id, "weixin:platform"),
    };
    let mut body = head(account, &from, &act, &name, now_ms);
    let public_url = inner.public_url().to_owned();
    let mut scene = Scene {
        world: &mut inner.world,
        random: &mut inner.random,
        public_url: &public_url,
        account,
        persona,
        now_ms,
        files: Vec::new(),
    };
    body.extend(match kind {
        Some(kind) => described(kind, &mut given, &mut scene).map_err(invalid)?,
        None => bare(given),
    });
    if act.is_message {
        let asked = act.options.message_id().map_err(invalid)?;
        let id = asked.unwrap_or_else(|| inner.world.templates.next_msg_id(now_ms));
        body.push(("MsgId".to_owned(), Node::Number(id.to_string())));
    }
    put_over(&mut body, &act.options.fields);

    let style = JsonStyle {
        numbers_as_text: kind.is_some_and(|kind| kind.loose_json),
        single_bare: kind.is_some_and(|kind| kind.loose_json)
            && inner.world.settings.json_single_list == JsonList::Object,
    };
    let mut report = unchanged(account, persona, &act, now_ms);
    report.body = written(&body, report.format, style);
    report.key = effects::text_of(&body, "EventKey").filter(|key| !key.is_empty()).map(str::to_owned);
    report.outcome = DeliveryOutcome::Running;
    report.name.clone_from(&name);
    let mut random = [0; 16];
    // WeChat fills the front of the envelope with characters that can be read.
    random.iter_mut().zip(inner.random.hex(16).bytes()).for_each(|(to, from)| *to = from);
    if happens && act.is_message {
        report.staff = effects::to_staff(inner, account, persona, &name, &body);
    }
    let target = match target {
        None => None,
        Some(_) if report.staff.is_some() => None,
        Some(target) => {
            let sealed = target.seal(&body, style, random).map_err(invalid)?;
            Some((target, sealed))
        }
    };
    if happens {
        effects::happen(inner, account, persona, &name, &body);
        if let Some(opens) = kind.and_then(|kind| kind.opens) {
            inner.interacted(&account.app_id, persona, opens);
        }
        if sender == Sender::Person {
            inner.world.people.touch(persona);
        }
    }
    Ok(Plan {
        target,
        expected: Expected {
            openid: from,
            original_id: account.original_id.clone(),
            is_message: act.is_message,
            name: name.clone(),
        },
        pauses: pauses(inner, &act.options),
        timestamp: act.options.timestamp,
        shown: kind.map_or(act.is_message, |kind| kind.shown),
        then: if happens { effects::followed_by(&name, &body) } else { Vec::new() },
        account: account.clone(),
        report,
    })
}

fn check_account(account: &Account, kind: Option<&Kind>, act: &Act) -> Result<(), String> {
    if account.kind == AccountKind::Website {
        return Err(format!("{} is a website application; those get no callbacks", account.name));
    }
    match kind {
        Some(kind) if !kind.on.contains(&account.kind) => {
            let whose = if account.kind == AccountKind::Mini { "mini programs" } else { "official accounts" };
            Err(format!("{} is never pushed to {whose}", kind.name))
        }
        _ if act.name.trim().is_empty() => Err("type and event must not be empty".to_owned()),
        _ => Ok(()),
    }
}

fn head(account: &Account, from: &str, act: &Act, name: &str, now_ms: i64) -> Fields {
    let created = act.options.create_time.unwrap_or_else(|| now_ms.div_euclid(1000));
    let text = |name: &str, value: &str| (name.to_owned(), Node::Text(value.to_owned()));
    let mut fields = vec![
        text("ToUserName", &account.original_id),
        text("FromUserName", from),
        ("CreateTime".to_owned(), Node::Number(created.to_string())),
        text("MsgType", if act.is_message { name } else { "event" }),
    ];
    if !act.is_message {
        fields.push(text("Event", name));
    }
    fields
}

fn pauses(inner: &mut Inner, options: &DeliveryOptions) -> Vec<Duration> {
    let span = if options.delay_ms == 0 { 1000 } else { options.delay_ms };
    (0..options.copies.max(1))
        .map(|_| {
            let ms = if options.shuffle { inner.random.next_u64() % (span + 1) } else { options.delay_ms };
            Duration::from_millis(ms)
        })
        .collect()
}

/// An event the emulated WeChat itself has to tell an account.
#[derive(Debug, Clone)]
pub(crate) struct Push {
    pub(crate) app_id: String,
    pub(crate) persona: String,
    pub(crate) act: Act,
    /// The person does it now; otherwise it has happened already.
    pub(crate) happens: bool,
}

impl Push {
    /// Something that happened to a person at an account.
    pub(crate) fn told(app_id: &str, persona: &str, event: &str, fields: &[(&str, Value)]) -> Self {
        let act = fields.iter().fold(Act::event(event), |act, (name, value)| act.with(name, value.clone()));
        Self { app_id: app_id.to_owned(), persona: persona.to_owned(), act, happens: false }
    }
}
