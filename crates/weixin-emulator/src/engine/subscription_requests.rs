//! `wx.requestSubscribeMessage` and the settings page of notifications, as WeChat's client decides them.
//!
//! The phone asks first: either everything is decided already, or there is a sheet to show. Then it comes back with what
//! the person tapped on. Only here are agreements counted, so that what the sheet says and what a send finds are the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ControlError, Engine, Inner};
use crate::delivery::notify;
use crate::state::World;
use crate::state::account::{Account, AccountKind};
use crate::state::subscription_choice::Choice;
use crate::state::template::{Template, TemplateKind, example};

/// A call of `wx.requestSubscribeMessage`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubscriptionAsked {
    pub(crate) account: String,
    pub(crate) template_ids: Vec<String>,
    /// What was tapped on the sheet; a template on it that is not named is rejected. Absent: not asked yet.
    #[serde(default)]
    pub(crate) answers: Option<BTreeMap<String, Choice>>,
    /// 总是保持以上选择.
    #[serde(default)]
    pub(crate) always: bool,
}

/// What the mini program's call comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum SubscriptionOutcome {
    /// There is a sheet to show with these.
    Ask { ask: Vec<Value> },
    /// Decided, with how many messages may be sent now.
    #[serde(rename_all = "camelCase")]
    Decided { err_msg: &'static str, results: BTreeMap<String, &'static str>, left: BTreeMap<String, u32> },
    /// WeChat's client refuses.
    #[serde(rename_all = "camelCase")]
    Refused { err_code: u32, err_msg: String },
}

/// A change on the settings page of a mini program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubscriptionChange {
    pub(crate) account: String,
    #[serde(default)]
    pub(crate) main_switch: Option<bool>,
    #[serde(default)]
    pub(crate) template_id: Option<String>,
    /// `accept` or `reject`; null or absent with a template: ask again next time.
    #[serde(default)]
    pub(crate) keep: Option<Choice>,
}

/// Templates in one call.
const MOST: usize = 5;

fn refused(code: u32, text: &str) -> SubscriptionOutcome {
    SubscriptionOutcome::Refused { err_code: code, err_msg: format!("requestSubscribeMessage:fail {text}") }
}

impl Engine {
    /// Decides a call, or says which sheet to show. A call with answers leaves its agreements, kept choices and events.
    pub(crate) fn ask_subscription(
        &self,
        persona: &str,
        asked: SubscriptionAsked,
    ) -> Result<SubscriptionOutcome, ControlError> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let account = mini_program(inner, &asked.account)?;
        let persona = inner.persona(persona)?.id.clone();
        let SubscriptionAsked { template_ids, answers, always, .. } = asked;
        if let Some(refusal) = refusal(&inner.world, &account.app_id, &persona, &template_ids) {
            return Ok(refusal);
        }
        let (mut results, mut open) = (BTreeMap::new(), Vec::new());
        let mut titles: Vec<&str> = Vec::new();
        for id in &template_ids {
            let Some(template) = inner.world.templates.find(&account.app_id, id) else { continue };
            if titles.contains(&template.title.as_str()) {
                results.entry(id.clone()).or_insert("filter");
                continue;
            }
            titles.push(&template.title);
            match inner.world.subscription_choices.kept(&account.app_id, &persona, id) {
                Some(choice) => drop(results.insert(id.clone(), word(choice))),
                None => open.push(template.clone()),
            }
        }
        let Some(answers) = answers.or_else(|| open.is_empty().then(BTreeMap::new)) else {
            return Ok(SubscriptionOutcome::Ask { ask: open.iter().map(shown).collect() });
        };
        let mut told = Vec::new();
        for template in open {
            let choice = answers.get(&template.template_id).copied().unwrap_or(Choice::Reject);
            let id = template.template_id;
            told.push(json!({ "TemplateId": id, "SubscribeStatusString": word(choice), "PopupScene": 0 }));
            if always {
                inner.world.subscription_choices.keep(&account.app_id, &persona, &id, Some(choice));
            }
            results.insert(id, word(choice));
        }
        // Only what was on a sheet is told: a kept choice shows none.
        if !told.is_empty() {
            notify(&mut inner.world, &account.app_id, &persona, "subscribe_msg_popup_event", &[("List", json!(told))]);
        }
        let mut left = BTreeMap::new();
        for (id, result) in &results {
            if *result == "accept" {
                inner.world.templates.accept(&account.app_id, &persona, id, 1);
            }
            left.insert(id.clone(), inner.world.templates.left(&account.app_id, &persona, id));
        }
        let data = json!({ "persona": persona, "account": account.name, "results": results, "left": left });
        self.tell(inner, "subscription", data);
        Ok(SubscriptionOutcome::Decided { err_msg: "requestSubscribeMessage:ok", results, left })
    }

    /// The settings page of a mini program: main switch, kept answers, and how many messages each template may send.
    pub(crate) fn subscription_settings(&self, persona: &str, account: &str) -> Result<Value, ControlError> {
        let inner = self.lock();
        let account = mini_program(&inner, account)?;
        let persona = &inner.persona(persona)?.id;
        Ok(settings(&inner.world, &account.app_id, persona))
    }

    /// Changes the settings page. What is turned off is told to the account and takes all agreements.
    pub(crate) fn change_subscriptions(
        &self,
        persona: &str,
        change: SubscriptionChange,
    ) -> Result<Value, ControlError> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let account = mini_program(inner, &change.account)?;
        let (persona, app_id) = (inner.persona(persona)?.id.clone(), account.app_id);
        if let Some(on) = change.main_switch {
            inner.world.subscription_choices.set_main_switch(&app_id, &persona, on);
        }
        if let Some(id) = change.template_id {
            if inner.world.templates.find(&app_id, &id).is_none() {
                return Err(ControlError::NotFound(format!("{} has no template {id:?}", account.name)));
            }
            let before = inner.world.subscription_choices.kept(&app_id, &persona, &id);
            inner.world.subscription_choices.keep(&app_id, &persona, &id, change.keep);
            if let Some(now) = change.keep.filter(|now| before != Some(*now)) {
                if now == Choice::Reject {
                    inner.world.templates.reject(&app_id, &persona, &id);
                }
                let item = json!([{ "TemplateId": id, "SubscribeStatusString": word(now) }]);
                notify(&mut inner.world, &app_id, &persona, "subscribe_msg_change_event", &[("List", item)]);
            }
        }
        let settings = settings(&inner.world, &app_id, &persona);
        self.tell(inner, "subscription", json!({ "persona": persona, "account": account.name, "settings": settings }));
        Ok(settings)
    }
}

/// The refusals of WeChat's client, in the order they are looked for.
fn refusal(world: &World, app_id: &str, persona: &str, ids: &[String]) -> Option<SubscriptionOutcome> {
    if ids.is_empty() {
        return Some(refused(10001, "TmplIds can't be empty"));
    }
    if ids.iter().any(|id| id.trim().is_empty()) {
        return Some(refused(10004, "Invalid template id"));
    }
    if ids.len() > MOST {
        return Some(refused(20003, "Templates count out of max bounds"));
    }
    if !world.subscription_choices.main_switch(app_id, persona) {
        return Some(refused(20004, "The main switch is switched off"));
    }
    let mut kinds = Vec::new();
    for id in ids {
        match world.templates.find(app_id, id) {
            Some(template) if template.kind != TemplateKind::Template => kinds.push(template.kind),
            _ => return Some(refused(20001, "No template data return, verify the template id exist")),
        }
    }
    let mixed = kinds.iter().any(|kind| kinds.first() != Some(kind));
    mixed.then(|| refused(20002, "Templates type must be same"))
}

fn mini_program(inner: &Inner, name: &str) -> Result<Account, ControlError> {
    let account = inner.account(name)?;
    if account.kind != AccountKind::Mini {
        return Err(ControlError::Invalid(format!("{} is no mini program", account.name)));
    }
    Ok(account.clone())
}

const fn word(choice: Choice) -> &'static str {
    match choice {
        Choice::Accept => "accept",
        Choice::Reject => "reject",
    }
}

/// A template as the sheet shows it, with examples.
fn shown(template: &Template) -> Value {
    let example: Vec<Value> =
        template.fields.iter().map(|(key, name)| json!({ "name": name, "value": example(key) })).collect();
    json!({ "template_id": template.template_id, "title": template.title, "kind": template.kind, "example": example })
}

fn settings(world: &World, app_id: &str, persona: &str) -> Value {
    let items: Vec<Value> = world
        .templates
        .of(app_id)
        .filter(|template| template.kind != TemplateKind::Template)
        .map(|template| {
            let id = &template.template_id;
            json!({
                "template_id": id,
                "title": template.title,
                "kind": template.kind,
                "left": world.templates.left(app_id, persona, id),
                "kept": world.subscription_choices.kept(app_id, persona, id),
            })
        })
        .collect();
    json!({ "main_switch": world.subscription_choices.main_switch(app_id, persona), "items": items })
}
