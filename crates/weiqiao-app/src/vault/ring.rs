//! The data keys of a database, and how they are written down: wrapped by every master key that may ask for them.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use weiqiao_model::random_bytes;
use zeroize::Zeroizing;

use super::keys::{IndexKey, Key, KeyId};
use super::seal::{HEAD_BYTES, OpenError, key_id, open_with, seal_with};
use super::{ACTIVATION_MS, Place, Vault, label};

/// The configured master keys do not unwrap the data keys of this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// None of the master keys is one of this database.
    #[error(
        "SESSION_SECRET is not the one this database was written with; configure the earlier one, or list it as \
         SESSION_SECRET_PREVIOUS"
    )]
    WrongMasterKey,
    /// The stored keys were altered.
    #[error("the wrapped data keys of this database are damaged; restore the row vault.ring of the table setting")]
    Damaged,
}

type Secret = Zeroizing<[u8; 32]>;

struct DataKey {
    secret: Secret,
    key: Key,
    /// From when on it seals, epoch milliseconds.
    from: i64,
}

impl DataKey {
    fn new(secret: Secret, from: i64) -> Self {
        let key = Key::derive(&*secret, label::AT_REST);
        Self { secret, key, from }
    }
}

/// Every data key that is known.
pub(super) struct Ring {
    /// In the order of their making; never empty.
    keys: Vec<DataKey>,
    /// The position of the one that seals.
    current: usize,
    pub(super) index: IndexKey,
    /// For rings without keys, which nobody can make.
    none: Key,
}

impl Ring {
    pub(super) fn fresh(data: [u8; 32], index: [u8; 32]) -> Self {
        Self::of(vec![DataKey::new(Zeroizing::new(data), 0)], Zeroizing::new(index), 0)
    }

    fn of(keys: Vec<DataKey>, index: Secret, now: i64) -> Self {
        let current = keys.iter().rposition(|key| key.from <= now).unwrap_or_default();
        Self { keys, current, none: Key::derive(&*index, label::AT_REST), index: IndexKey::new(index) }
    }

    pub(super) fn current(&self) -> &Key {
        self.keys.get(self.current).map_or(&self.none, |data| &data.key)
    }

    pub(super) fn find(&self, id: &KeyId) -> Option<&Key> {
        let current = self.current();
        if current.id == *id {
            return Some(current);
        }
        self.keys.iter().map(|data| &data.key).find(|key| key.id == *id)
    }
}

/// The keys of a database as they are stored, one row of the table `setting`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    /// The key of the blind indexes, by the id of the master key that wraps it.
    index: BTreeMap<String, String>,
    keys: Vec<StoredKey>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredKey {
    id: String,
    from: i64,
    wraps: BTreeMap<String, String>,
}

/// A data key, for people who look after them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataKeyState {
    /// Its name: 8 hex digits.
    pub id: String,
    /// From when on it seals, epoch milliseconds; told in seconds, as the API does.
    #[serde(serialize_with = "in_seconds")]
    pub from: i64,
    /// Whether it seals now.
    pub current: bool,
}

/// As `serialize_with` calls it.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn in_seconds<S: serde::Serializer>(ms: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(ms.div_euclid(1000))
}

impl KeyRecord {
    /// As it is stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// As it was stored.
    ///
    /// # Errors
    ///
    /// [`VaultError::Damaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let record: Self = serde_json::from_slice(bytes).map_err(|_| VaultError::Damaged)?;
        if record.keys.is_empty() { Err(VaultError::Damaged) } else { Ok(record) }
    }
}

impl Vault {
    /// The data keys of this vault, wrapped by the configured master keys and by no other.
    #[must_use]
    pub fn record(&self) -> KeyRecord {
        let ring = self.ring();
        let stored = |data: &DataKey| {
            let id = hex::encode(data.key.id);
            StoredKey { wraps: self.wraps(&id, &data.secret), id, from: data.from }
        };
        KeyRecord { index: self.wraps(INDEX, ring.index.secret()), keys: ring.keys.iter().map(stored).collect() }
    }

    /// Takes over the keys of a database. `now`, epoch milliseconds, says which of them is the current one.
    ///
    /// # Errors
    ///
    /// See [`VaultError`]; then nothing changes.
    pub fn adopt(&self, record: &KeyRecord, now: i64) -> Result<(), VaultError> {
        let index = self.unwrap(INDEX, &record.index)?;
        let keys = record.keys.iter().map(|stored| {
            let data = DataKey::new(self.unwrap(&stored.id, &stored.wraps)?, stored.from);
            (hex::encode(data.key.id) == stored.id).then_some(data).ok_or(VaultError::Damaged)
        });
        let ring = Ring::of(keys.collect::<Result<_, _>>()?, index, now);
        *self.inner.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }

    /// Whether the record should be written anew: a configured master key could not unwrap it, or one that is no longer
    /// configured still could.
    #[must_use]
    pub fn should_rewrap(&self, record: &KeyRecord) -> bool {
        let configured = self.inner.masters.iter().map(|master| hex::encode(master.id));
        let configured: std::collections::BTreeSet<_> = configured.collect();
        std::iter::once(&record.index)
            .chain(record.keys.iter().map(|key| &key.wraps))
            .any(|wraps| !wraps.keys().eq(configured.iter()))
    }

    /// The record with one more data key, which becomes the current one [`ACTIVATION_MS`] after `now`.
    #[must_use]
    pub fn record_with_new_key(&self, now: i64) -> (KeyRecord, DataKeyState) {
        let data = DataKey::new(Zeroizing::new(random_bytes(&*self.inner.rng)), now.saturating_add(ACTIVATION_MS));
        let id = hex::encode(data.key.id);
        let mut record = self.record();
        record.keys.push(StoredKey { wraps: self.wraps(&id, &data.secret), id: id.clone(), from: data.from });
        (record, DataKeyState { id, from: data.from, current: false })
    }

    /// The data keys, in the order of their making.
    #[must_use]
    pub fn data_keys(&self) -> Vec<DataKeyState> {
        let ring = self.ring();
        let state = |(position, data): (usize, &DataKey)| DataKeyState {
            id: hex::encode(data.key.id),
            from: data.from,
            current: position == ring.current,
        };
        ring.keys.iter().enumerate().map(state).collect()
    }

    /// The id of the key that seals, as sealed values begin with it after their version byte.
    #[must_use]
    pub fn current_key_id(&self) -> [u8; 4] {
        self.ring().current().id
    }

    fn wraps(&self, name: &str, secret: &[u8; 32]) -> BTreeMap<String, String> {
        let wrap = |master: &Key| {
            let nonce = random_bytes(&*self.inner.rng);
            (hex::encode(master.id), STANDARD.encode(seal_with(master, &nonce, place(name), secret)))
        };
        self.inner.masters.iter().map(wrap).collect()
    }

    fn unwrap(&self, name: &str, wraps: &BTreeMap<String, String>) -> Result<Secret, VaultError> {
        let known = self.inner.masters.iter().find_map(|master| Some((master, wraps.get(&hex::encode(master.id))?)));
        let (master, wrapped) = known.ok_or(VaultError::WrongMasterKey)?;
        let mut wrapped = Zeroizing::new(STANDARD.decode(wrapped).map_err(|_| VaultError::Damaged)?);
        let plain = opened(master, name, &mut wrapped).map_err(|_| VaultError::Damaged)?;
        let mut secret = Zeroizing::new([0; 32]);
        secret.copy_from_slice(plain);
        Ok(secret)
    }
}

/// The name the key of the blind indexes is wrapped under.
const INDEX: &str = "index";

fn place(name: &str) -> Place<'_> {
    Place::new("setting", "value", name, "")
}

fn opened<'w>(master: &Key, name: &str, wrapped: &'w mut [u8]) -> Result<&'w [u8; 32], OpenError> {
    if key_id(wrapped) != Some(&master.id) {
        return Err(OpenError::UnknownKey);
    }
    let end = open_with(master, place(name), wrapped)?;
    wrapped.get(HEAD_BYTES..end).and_then(|plain| plain.try_into().ok()).ok_or(OpenError::Malformed)
}

#[cfg(test)]
mod tests {
    use weiqiao_model::SeededRng;

    use super::*;
    use crate::settings::SecretSettings;

    const FIRST: &str = "first-master-key-0123456789abcdefghi";
    const SECOND: &str = "second-master-key-0123456789abcdefgh";

    fn vault(master: &str, previous: &[&str], seed: u64) -> Vault {
        let settings = SecretSettings {
            master: master.into(),
            master_previous: previous.iter().map(|secret| (*secret).into()).collect(),
            jwt: "unused".into(),
            jwt_previous: None,
        };
        Vault::new(&settings, Arc::new(SeededRng::new(seed))).unwrap()
    }

    fn row() -> Place<'static> {
        Place::new("oauth_token", "access", "row", "wx1")
    }

    fn stored(vault: &Vault) -> KeyRecord {
        KeyRecord::from_bytes(&vault.record().to_bytes()).unwrap()
    }

    #[test]
    fn the_same_master_key_and_a_rotated_one_unwrap_another_does_not() {
        let first = vault(FIRST, &[], 1);
        let sealed = first.seal(row(), b"x");
        let record = stored(&first);
        for other in [vault(FIRST, &[], 2), vault(SECOND, &[FIRST], 3)] {
            assert!(other.open(row(), &sealed).is_err(), "not its key yet");
            other.adopt(&record, 0).unwrap();
            assert_eq!(other.open(row(), &sealed).unwrap().as_slice(), b"x");
            assert_eq!(other.fingerprint("phone", &["138"]), first.fingerprint("phone", &["138"]));
            assert!(!other.needs_resealing(&sealed));
        }
        let stranger = vault(SECOND, &[], 4);
        let refusal = stranger.adopt(&record, 0).unwrap_err();
        assert_eq!(refusal, VaultError::WrongMasterKey);
        assert!(refusal.to_string().contains("SESSION_SECRET"), "{refusal}");
        assert!(stranger.open(row(), &sealed).is_err());
    }

    #[test]
    fn the_record_holds_no_key_and_every_change_of_it_is_noticed() {
        let vault = vault(FIRST, &[], 1);
        let record = stored(&vault);
        let text = String::from_utf8(record.to_bytes()).unwrap();
        assert!(!text.contains(FIRST));
        let (mut swapped, _) = vault.record_with_new_key(0);
        let (first, second) = (swapped.keys[0].wraps.clone(), swapped.keys[1].wraps.clone());
        (swapped.keys[0].wraps, swapped.keys[1].wraps) = (second, first);
        assert_eq!(vault.adopt(&swapped, 0), Err(VaultError::Damaged), "a key stands for no other");
        let mut swapped = record.clone();
        swapped.index = record.keys[0].wraps.clone();
        assert_eq!(vault.adopt(&swapped, 0), Err(VaultError::Damaged));
        let mut flipped = record.clone();
        flipped.keys[0].wraps.values_mut().for_each(|wrap| *wrap = STANDARD.encode(vec![1; wrap.len() / 2]));
        assert_eq!(vault.adopt(&flipped, 0), Err(VaultError::Damaged));
        for junk in [&b"junk"[..], b"{}", b"{\"index\":{},\"keys\":[]}"] {
            assert_eq!(KeyRecord::from_bytes(junk), Err(VaultError::Damaged));
        }
    }

    #[test]
    fn a_new_data_key_seals_once_everybody_has_it_and_the_old_one_still_opens() {
        let vault = vault(FIRST, &[], 1);
        let before = vault.seal(row(), b"x");
        let (record, _) = vault.record_with_new_key(1_000);
        vault.adopt(&record, 1_000).unwrap();
        assert_eq!(vault.data_keys().iter().map(|key| key.current).collect::<Vec<_>>(), [true, false]);
        assert!(!vault.needs_resealing(&before), "not yet");
        vault.adopt(&record, 1_000 + ACTIVATION_MS).unwrap();
        assert_eq!(vault.data_keys().iter().map(|key| key.current).collect::<Vec<_>>(), [false, true]);
        assert!(vault.needs_resealing(&before));
        assert_eq!(vault.open(row(), &before).unwrap().as_slice(), b"x");
        let after = vault.reseal(row(), &before).unwrap();
        assert!(!vault.needs_resealing(&after));
        assert_eq!(after[1..5], vault.current_key_id());
        assert_eq!(vault.open(row(), &after).unwrap().as_slice(), b"x");
        assert!(vault.reseal(Place { row: "another", ..row() }, &before).is_err());
    }

    #[test]
    fn a_new_master_key_is_let_in_and_an_old_one_let_go() {
        let old = vault(FIRST, &[], 1);
        let both = vault(SECOND, &[FIRST], 2);
        both.adopt(&old.record(), 0).unwrap();
        assert!(both.should_rewrap(&old.record()) && !old.should_rewrap(&old.record()));
        let shared = both.record();
        assert!(!both.should_rewrap(&shared));
        for one in [vault(FIRST, &[], 3), vault(SECOND, &[], 4)] {
            one.adopt(&shared, 0).unwrap();
            assert!(one.should_rewrap(&shared));
        }
        let new = vault(SECOND, &[], 5);
        new.adopt(&shared, 0).unwrap();
        assert_eq!(old.adopt(&new.record(), 0), Err(VaultError::WrongMasterKey));
    }
}
