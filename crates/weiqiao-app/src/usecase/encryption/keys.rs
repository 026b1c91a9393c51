//! Which data keys does this database have?

use weiqiao_store::Store;
use weiqiao_store::facts::setting::{FindSetting, PutSettingOnce, ReplaceSetting};

use super::RING;
use crate::App;
use crate::app::StartError;
use crate::error::{AppError, Result};
use crate::vault::{KeyRecord, Vault};

/// Takes over the data keys of the database, or gives a new database its first. Configured master keys that could not
/// unwrap them are let in, those that are no longer configured let go.
///
/// # Errors
///
/// A master key that is none of this database, and a database that does not answer.
pub(crate) async fn settle_keys(store: &Store, vault: &Vault, now: i64) -> std::result::Result<(), StartError> {
    let put = PutSettingOnce { name: RING.to_owned(), value: vault.record().to_bytes(), now };
    let mut stored = store.run(put).await?.value;
    loop {
        let record = KeyRecord::from_bytes(&stored)?;
        vault.adopt(&record, now)?;
        if !vault.should_rewrap(&record) {
            return Ok(());
        }
        let value = vault.record().to_bytes();
        let replace = ReplaceSetting { name: RING.to_owned(), seen: stored, value: value.clone(), audit: None };
        // When another instance was faster, there is a newer record to look at.
        stored = match store.run(replace).await? {
            true => return Ok(()),
            false => store.read(FindSetting { name: RING.to_owned() }).await?.unwrap_or(value),
        };
    }
}

/// Asks for data keys that were made meanwhile, and lets one whose time has come seal. To be called
/// [every so often](super::REFRESH_EVERY) by every instance.
///
/// # Errors
///
/// `Unavailable` when the database is down; the keys of before stay. `Internal` when the keys are wrapped by master keys that
/// are not configured here: the instance has to be told the new one.
pub async fn refresh_keys(app: &App) -> Result<()> {
    record(app).await.map(drop)
}

/// The keys as they are stored, taken over.
pub(super) async fn record(app: &App) -> Result<Vec<u8>> {
    let stored = app.store().read(FindSetting { name: RING.to_owned() }).await?;
    let stored = stored.ok_or_else(|| AppError::internal("the row vault.ring of the table setting is gone"))?;
    let record = KeyRecord::from_bytes(&stored).map_err(AppError::internal)?;
    app.vault().adopt(&record, app.now_ms()).map_err(AppError::internal)?;
    Ok(stored)
}
