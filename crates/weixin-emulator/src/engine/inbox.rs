//! What people received, and what lets accounts write to them.

use serde_json::json;

use super::{ControlError, Engine, Inner};
use crate::state::contact::Interaction;
use crate::state::inbox::ReceivedMessage;
use crate::state::media::Format;

impl Engine {
    /// What this person received after an id, oldest first.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is no such person.
    pub fn received(&self, persona: &str, after: u64) -> Result<Vec<ReceivedMessage>, ControlError> {
        let inner = self.lock();
        let persona = inner.persona(persona)?;
        Ok(inner.world.inbox.find(Some(&persona.id), after).cloned().collect())
    }

    /// The person does something that lets the account send customer-service messages, without any delivery.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is no such person or account.
    pub fn interact(&self, persona: &str, account: &str, act: Interaction) -> Result<(), ControlError> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let app_id = inner.account(account)?.app_id.clone();
        let persona = inner.persona(persona)?.id.clone();
        inner.interacted(&app_id, &persona, act);
        self.tell(inner, "interaction", json!({ "persona": persona, "account": account, "act": act }));
        Ok(())
    }

    /// A kept file by its id: media type and content.
    pub(crate) fn file(&self, media_id: &str) -> Option<(&'static str, Vec<u8>)> {
        let inner = self.lock();
        let now_ms = inner.clock.now_ms();
        let file = inner.world.media.by_id(media_id)?;
        let alive = file.expires_ms.is_none_or(|at_ms| at_ms > now_ms);
        let content_type = Format::of(&file.bytes).map_or("application/octet-stream", Format::content_type);
        alive.then(|| (content_type, file.bytes.clone()))
    }

    /// Tells the listeners of messages that came after this id.
    pub(crate) fn tell_of_messages(&self, inner: &mut Inner, after: u64) {
        let fresh: Vec<_> = inner.world.inbox.find(None, after).map(|message| json!(message)).collect();
        for message in fresh {
            self.tell(inner, "message", message);
        }
    }
}

impl Inner {
    /// Opens the window this act opens.
    pub(crate) fn interacted(&mut self, app_id: &str, persona: &str, act: Interaction) {
        let now_ms = self.clock.now_ms();
        self.world.contacts.interacted(app_id, persona, act, &self.world.settings, now_ms);
    }
}
