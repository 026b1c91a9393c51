//! Accounts and settings.

use serde_json::{Value, json};

use super::{ControlError, Engine};
use crate::settings::Settings;
use crate::state::account::{Account, AccountSeed};

impl Engine {
    /// Creates an account, or replaces the one with the same handle or appid.
    ///
    /// # Errors
    /// [`ControlError::Invalid`] naming the field that is wrong.
    pub fn add_account(&self, seed: AccountSeed) -> Result<Account, ControlError> {
        let account = seed.build().map_err(ControlError::Invalid)?;
        let mut inner = self.lock();
        inner.world.accounts.put(account.clone());
        self.tell(&mut inner, "account", json!({ "name": account.name, "app_id": account.app_id }));
        Ok(account)
    }

    /// Removes an account.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is none.
    pub fn remove_account(&self, name: &str) -> Result<(), ControlError> {
        let mut inner = self.lock();
        let app_id = inner.account(name)?.app_id.clone();
        inner.world.accounts.remove(&app_id);
        self.tell(&mut inner, "account", json!({ "removed": app_id }));
        Ok(())
    }

    /// All accounts.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        self.lock().world.accounts.iter().cloned().collect()
    }

    /// The account with this handle or appid.
    ///
    /// # Errors
    /// [`ControlError::NotFound`] when there is none.
    pub fn account(&self, name: &str) -> Result<Account, ControlError> {
        self.lock().account(name).cloned()
    }

    /// The settings now.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.lock().world.settings.clone()
    }

    /// Changes the settings named in a JSON object; the others stay.
    ///
    /// # Errors
    /// [`ControlError::Invalid`] naming the setting that is wrong; then nothing changes.
    pub fn change_settings(&self, changes: &Value) -> Result<Settings, ControlError> {
        let Value::Object(changes) = changes else {
            return Err(ControlError::Invalid("settings must be a JSON object".to_owned()));
        };
        let mut inner = self.lock();
        let unreadable = |error: serde_json::Error| ControlError::Invalid(format!("settings: {error}"));
        let mut merged = serde_json::to_value(&inner.world.settings).map_err(unreadable)?;
        if let Value::Object(fields) = &mut merged {
            fields.extend(changes.clone());
        }
        let settings: Settings = serde_json::from_value(merged).map_err(unreadable)?;
        settings.check().map_err(ControlError::Invalid)?;
        inner.world.settings = settings.clone();
        self.tell(&mut inner, "settings", Value::Object(changes.clone()));
        Ok(settings)
    }
}
