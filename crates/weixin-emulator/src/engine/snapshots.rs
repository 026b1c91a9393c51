//! The whole state: look at it, keep it, bring it back, begin again.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ControlError, Engine};
use crate::clock::Mode;
use crate::state::World;
use crate::state::token::TokenLine;

/// A world with the clock it was taken at.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    world: World,
    clock: Mode,
}

/// Named snapshots kept in memory at most.
const KEPT: usize = 32;

impl Engine {
    /// Everything, as JSON for people and tests; not for [`Engine::restore`].
    #[must_use]
    pub fn state(&self) -> Value {
        let inner = self.lock();
        let now_ms = inner.clock.now_ms();
        let world = &inner.world;
        let accounts: Vec<Value> = world
            .accounts
            .iter()
            .map(|account| {
                let tokens: Vec<Value> = world
                    .tokens
                    .alive(&account.app_id, now_ms)
                    .map(|token| {
                        json!({
                            "line": token.line, "generation": token.generation, "access_token": token.value,
                            "status": token.status(now_ms), "remaining_s": token.remaining_s(now_ms),
                        })
                    })
                    .collect();
                let tickets: Vec<Value> = world
                    .tickets
                    .iter()
                    .filter(|ticket| ticket.app_id == account.app_id && ticket.expires_ms > now_ms)
                    .map(|ticket| {
                        json!({
                            "kind": ticket.kind, "generation": ticket.generation, "ticket": ticket.value,
                            "remaining_s": (ticket.expires_ms - now_ms) / 1000,
                        })
                    })
                    .collect();
                json!({
                    "account": account,
                    "generations": {
                        "classic": world.tokens.generation(TokenLine::Classic, &account.app_id),
                        "stable": world.tokens.generation(TokenLine::Stable, &account.app_id),
                    },
                    "tokens": tokens,
                    "tickets": tickets,
                    "templates": world.templates.of(&account.app_id).collect::<Vec<_>>(),
                })
            })
            .collect();
        let (codes, used) = world.codes.counts();
        json!({
            "public_url": inner.public_url(),
            "clock": inner.clock_view(),
            "settings": world.settings,
            "accounts": accounts,
            "personas": world.people.iter().map(|persona| inner.persona_view(persona)).collect::<Vec<_>>(),
            "codes": { "issued": codes, "used": used },
            "user_tokens": world.user_tokens.len(),
            "mini_sessions": world.mini_sessions.len(),
            "shares": world.shares.iter().collect::<Vec<_>>(),
            "faults": inner.faults.list(),
            "ledger": { "kept": inner.ledger.len() },
            "snapshots": inner.snapshots.keys().collect::<Vec<_>>(),
        })
    }

    /// Back to the beginning: the seeded accounts and people, real time, no faults, an empty ledger, no deliveries,
    /// not even those on their way. Named snapshots stay, and random values never repeat.
    pub fn reset(&self) {
        self.stop();
        let mut inner = self.lock();
        inner.world = inner.seeds.clone();
        inner.clock.real();
        inner.ledger.clear();
        inner.deliveries.clear();
        inner.faults.remove(None);
        self.tell(&mut inner, "reset", json!({}));
    }

    /// Keeps the state, under a name when one is given, and gives it as JSON.
    ///
    /// # Errors
    /// [`ControlError::Invalid`] when it cannot be written as JSON.
    pub fn snapshot(&self, name: Option<&str>) -> Result<Value, ControlError> {
        let mut inner = self.lock();
        let snapshot = Snapshot { world: inner.world.clone(), clock: inner.clock.mode() };
        let value = serde_json::to_value(&snapshot).map_err(|error| ControlError::Invalid(error.to_string()))?;
        if let Some(name) = name {
            if inner.snapshots.len() >= KEPT && !inner.snapshots.contains_key(name) {
                return Err(ControlError::Invalid(format!("{KEPT} snapshots are kept already")));
            }
            inner.snapshots.insert(name.to_owned(), snapshot);
            self.tell(&mut inner, "snapshot", json!({ "name": name }));
        }
        Ok(value)
    }

    /// Brings back a named snapshot.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is none of that name.
    pub fn restore_named(&self, name: &str) -> Result<(), ControlError> {
        let mut inner = self.lock();
        let missing = || ControlError::NotFound(format!("there is no snapshot {name:?}"));
        let snapshot = inner.snapshots.get(name).cloned().ok_or_else(missing)?;
        self.bring_back(&mut inner, snapshot);
        Ok(())
    }

    /// Brings back what [`Engine::snapshot`] gave.
    ///
    /// # Errors
    /// [`ControlError::Invalid`] when it is not a snapshot.
    pub fn restore(&self, snapshot: &Value) -> Result<(), ControlError> {
        let unreadable = |error: serde_json::Error| ControlError::Invalid(format!("not a snapshot: {error}"));
        let snapshot = Snapshot::deserialize(snapshot).map_err(unreadable)?;
        self.bring_back(&mut self.lock(), snapshot);
        Ok(())
    }

    fn bring_back(&self, inner: &mut super::Inner, snapshot: Snapshot) {
        inner.world = snapshot.world;
        inner.clock.set_mode(snapshot.clock);
        self.tell(inner, "restore", json!({}));
    }
}
