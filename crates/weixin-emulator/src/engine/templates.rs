//! Templates given to accounts by hand, and people agreeing to notifications.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlError, Engine};
use crate::delivery::notify;
use crate::state::World;
use crate::state::account::AccountKind;
use crate::state::template::{Template, TemplateKind};

/// A template to give to an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateRequest {
    pub(crate) account: String,
    pub(crate) template_id: String,
    pub(crate) title: String,
    /// Keys, as `thing1`.
    pub(crate) fields: Vec<String>,
    /// Agreed to once and for good.
    #[serde(default)]
    pub(crate) long_term: bool,
    /// For subscriptions; always so at mini programs. Otherwise for template messages.
    #[serde(default)]
    pub(crate) subscription: bool,
}

/// What somebody says to a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Answered {
    Accept,
    Reject,
    Ban,
}

impl Engine {
    /// The templates of an account, with what people have agreed to.
    pub(crate) fn templates(&self, account: &str, persona: Option<&str>) -> Result<Value, ControlError> {
        let inner = self.lock();
        let app_id = &inner.account(account)?.app_id;
        let persona = persona.map(|persona| inner.persona(persona)).transpose()?;
        let shown = inner.world.templates.of(app_id).map(|template| {
            let mut shown = json!(template);
            if let (Some(shown), Some(persona)) = (shown.as_object_mut(), persona) {
                let left = inner.world.templates.left(app_id, &persona.id, &template.template_id);
                shown.insert("left".to_owned(), left.into());
            }
            shown
        });
        Ok(shown.collect())
    }

    pub(crate) fn put_template(&self, request: TemplateRequest) -> Result<Value, ControlError> {
        let mut inner = self.lock();
        let account = inner.account(&request.account)?.clone();
        if request.template_id.is_empty() || request.fields.is_empty() {
            return Err(ControlError::Invalid("template_id and fields must not be empty".to_owned()));
        }
        let subscription = request.subscription || request.long_term || account.kind == AccountKind::Mini;
        let kind = match (subscription, request.long_term) {
            (_, true) => TemplateKind::LongTerm,
            (true, false) => TemplateKind::OneTime,
            (false, false) => TemplateKind::Template,
        };
        let fields = request.fields.into_iter().map(|key| (key.clone(), key)).collect();
        let (template_id, app_id, title) = (request.template_id, account.app_id, request.title);
        let template = Template { template_id, app_id, kind, title, fields };
        let shown = json!(template);
        inner.world.templates.put(template);
        self.tell(&mut inner, "template", shown.clone());
        Ok(shown)
    }

    /// The person accepts `count` messages of a template, or wants no more; gives how many the account may send now.
    pub(crate) fn subscribe(
        &self,
        persona: &str,
        account: &str,
        template_id: &str,
        answered: Answered,
        count: u32,
    ) -> Result<u32, ControlError> {
        let mut inner = self.lock();
        let (app_id, scene) = {
            let account = inner.account(account)?;
            (account.app_id.clone(), if account.kind == AccountKind::Mini { 0 } else { 1 })
        };
        let persona = inner.persona(persona)?.id.clone();
        tell_account(&mut inner.world, &app_id, &persona, template_id, answered, count, scene);
        let left = if answered == Answered::Accept {
            inner.world.templates.accept(&app_id, &persona, template_id, count)
        } else {
            inner.world.templates.reject(&app_id, &persona, template_id);
            0
        };
        let data = json!({ "persona": persona, "account": account, "template_id": template_id, "left": left });
        self.tell(&mut inner, "subscription", data);
        Ok(left)
    }
}

/// Most popups told of one by one.
const MOST_POPUPS: u32 = 100;

/// Every popup is told of; a switch turned off in the settings is another event.
fn tell_account(
    world: &mut World,
    app_id: &str,
    persona: &str,
    template_id: &str,
    answered: Answered,
    count: u32,
    scene: u8,
) {
    let (event, status, times) = match answered {
        Answered::Accept => ("subscribe_msg_popup_event", "accept", count.min(MOST_POPUPS)),
        Answered::Reject => ("subscribe_msg_popup_event", "reject", 1),
        Answered::Ban => ("subscribe_msg_change_event", "reject", 1),
    };
    let mut item = json!({ "TemplateId": template_id, "SubscribeStatusString": status });
    if let Some(item) = item.as_object_mut().filter(|_| answered != Answered::Ban) {
        item.insert("PopupScene".to_owned(), scene.into());
    }
    for _ in 0..times {
        notify(world, app_id, persona, event, &[("List", json!([item]))]);
    }
}
