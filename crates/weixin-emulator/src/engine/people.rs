//! People: who they are to each account, following, a changed password.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::{ControlError, Engine, Inner};
use crate::clock::rfc3339;
use crate::state::account::{Account, AccountKind};
use crate::state::contact::Interaction;
use crate::state::persona::{Persona, PersonaSeed};

/// A person as the control API shows one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonaView {
    /// The person.
    #[serde(flatten)]
    pub persona: Persona,
    /// The picture's address, also when the emulator draws it.
    pub picture: String,
    /// openid by account handle.
    pub openids: BTreeMap<String, String>,
    /// unionid by open-platform group.
    pub unionids: BTreeMap<String, String>,
    /// Followed accounts and since when.
    pub follows: BTreeMap<String, String>,
}

impl Inner {
    /// One person with everything the accounts know.
    pub(crate) fn persona_view(&self, persona: &Persona) -> PersonaView {
        let mut view = PersonaView {
            persona: persona.clone(),
            picture: persona.picture(self.public_url()),
            openids: BTreeMap::new(),
            unionids: BTreeMap::new(),
            follows: BTreeMap::new(),
        };
        for account in self.world.accounts.iter() {
            view.openids.insert(account.name.clone(), account.openid(&persona.id));
            if let (Some(group), Some(unionid)) = (&account.group, account.unionid(&persona.id)) {
                view.unionids.insert(group.clone(), unionid);
            }
            if let Some(follow) = self.world.follows.find(&account.app_id, &persona.id) {
                view.follows.insert(account.name.clone(), rfc3339(follow.since_ms));
            }
        }
        view
    }
}

impl Engine {
    /// Adds or changes a person.
    ///
    /// # Errors
    /// [`ControlError::Invalid`] naming the field that is wrong.
    pub fn put_persona(&self, seed: PersonaSeed) -> Result<PersonaView, ControlError> {
        let mut inner = self.lock();
        let persona = inner.world.people.put(seed).map_err(ControlError::Invalid)?.clone();
        let view = inner.persona_view(&persona);
        self.tell(&mut inner, "persona", json!({ "id": persona.id, "nickname": persona.nickname }));
        Ok(view)
    }

    /// All people, in the order they were added.
    #[must_use]
    pub fn personas(&self) -> Vec<PersonaView> {
        let inner = self.lock();
        inner.world.people.iter().map(|persona| inner.persona_view(persona)).collect()
    }

    /// One person.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is none.
    pub fn persona(&self, id: &str) -> Result<PersonaView, ControlError> {
        let inner = self.lock();
        Ok(inner.persona_view(inner.persona(id)?))
    }

    /// This person's openid at this account.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is no such person or account.
    pub fn openid(&self, persona: &str, account: &str) -> Result<String, ControlError> {
        let inner = self.lock();
        Ok(inner.account(account)?.openid(&inner.persona(persona)?.id))
    }

    /// This person is the one active last, first in every picker.
    pub(crate) fn touch_persona(&self, persona: &str) {
        self.lock().world.people.touch(persona);
    }

    /// Follows an official account, optionally through a QR code with this scene, without telling the account
    /// ([`Engine::follow_told`] does). `true` when it is a new follow.
    ///
    /// # Errors
    /// When there is no such person or account, or the account is not an official one.
    pub fn follow(&self, persona: &str, account: &str, scene: Option<&str>) -> Result<bool, ControlError> {
        self.relate(persona, account, |inner, app_id, persona| {
            let now_ms = inner.clock.now_ms();
            let fresh = inner.world.follows.follow(app_id, persona, scene, now_ms);
            inner.interacted(app_id, persona, if fresh { Interaction::Follow } else { Interaction::Scan });
            fresh
        })
    }

    /// Stops following, without telling the account. `true` when the person followed before.
    ///
    /// # Errors
    /// When there is no such person or account, or the account is not an official one.
    pub fn unfollow(&self, persona: &str, account: &str) -> Result<bool, ControlError> {
        self.relate(persona, account, |inner, app_id, persona| {
            inner.world.contacts.parted(app_id, persona);
            inner.world.follows.unfollow(app_id, persona)
        })
    }

    fn relate(
        &self,
        persona: &str,
        account: &str,
        change: impl FnOnce(&mut Inner, &str, &str) -> bool,
    ) -> Result<bool, ControlError> {
        let mut inner = self.lock();
        let account = inner.account(account)?.clone();
        let persona = inner.persona(persona)?.id.clone();
        if account.kind != AccountKind::Official {
            return Err(ControlError::Invalid(format!("{} is not an official account", account.name)));
        }
        let changed = change(&mut inner, &account.app_id, &persona);
        inner.world.people.touch(&persona);
        self.tell_of_follow(&mut inner, &account, &persona, changed);
        Ok(changed)
    }

    /// Tells the listeners who follows whom now.
    pub(crate) fn tell_of_follow(&self, inner: &mut Inner, account: &Account, persona: &str, changed: bool) {
        let following = inner.world.follows.find(&account.app_id, persona).is_some();
        let data = json!({ "persona": persona, "account": account.name, "following": following, "changed": changed });
        self.tell(inner, "follow", data);
    }

    /// The person changes the WeChat password: every user token of theirs is dead (42007). How many died.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is no such person.
    pub fn change_password(&self, persona: &str) -> Result<usize, ControlError> {
        let mut inner = self.lock();
        let persona = inner.persona(persona)?.id.clone();
        let revoked = inner.world.user_tokens.revoke(&persona);
        self.tell(&mut inner, "password", json!({ "persona": persona, "revoked": revoked }));
        Ok(revoked)
    }
}
