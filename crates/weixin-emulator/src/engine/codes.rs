//! Fresh codes for a person, as the client would get them.

use serde_json::json;

use super::{ControlError, Engine};
use crate::state::account::AccountKind;
use crate::state::code::{CodeKind, CodeRequest, Scope};

impl Engine {
    /// A fresh code. Asking for a mini-program code is `wx.login`: it may rotate the session key.
    ///
    /// # Errors
    /// When there is no such person or account, or the account's kind gives no such codes.
    pub fn persona_code(&self, persona: &str, account: &str, kind: CodeKind) -> Result<String, ControlError> {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let account = inner.account(account)?.clone();
        let persona = inner.persona(persona)?.clone();
        let fits = match kind {
            CodeKind::OAuth(Scope::Login) => account.kind == AccountKind::Website,
            CodeKind::OAuth(_) => account.kind == AccountKind::Official,
            CodeKind::Mini | CodeKind::Phone | CodeKind::Plugin => account.kind == AccountKind::Mini,
        };
        if !fits {
            return Err(ControlError::Invalid(format!("{} is of a kind that gives no such code", account.name)));
        }
        if kind == CodeKind::Phone && persona.phone.is_none() {
            return Err(ControlError::Invalid(format!("{} has no phone number", persona.id)));
        }
        let now_ms = inner.clock.now_ms();
        let settings = &inner.world.settings;
        if kind == CodeKind::Mini {
            inner.world.mini_sessions.login(&account.openid(&persona.id), settings, &mut inner.random, now_ms);
        }
        let request = CodeRequest {
            kind,
            app_id: &account.app_id,
            persona: &persona.id,
            snapshot: persona.snapshot && matches!(kind, CodeKind::OAuth(Scope::Base | Scope::UserInfo)),
            expired: false,
        };
        let code = inner.world.codes.issue(request, settings, &mut inner.random, now_ms);
        inner.world.people.touch(&persona.id);
        self.tell(inner, "code", json!({ "persona": persona.id, "account": account.name, "kind": kind }));
        Ok(code)
    }
}
