//! The value that tells whether this master key is the one the stored rows were sealed with.

use super::{OpenError, Place, Vault};

const PLACE: Place<'static> = Place::new("setting", "vault_check", "vault", "");
const WORD: &[u8] = b"weiqiao";

/// The configured master keys cannot read what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "SESSION_SECRET is not the one this database was written with ({0}); configure the earlier one, or list it as a \
     previous one"
)]
pub struct VaultCheckError(OpenError);

impl Vault {
    /// Names the current master key without telling anything about it: 8 hex digits.
    #[must_use]
    pub fn key_id(&self) -> String {
        hex::encode(self.ring.current.id)
    }

    /// What to store on the first start.
    #[must_use]
    pub fn check_value(&self) -> Vec<u8> {
        self.seal(PLACE, WORD)
    }

    /// Compares with what an earlier start stored.
    ///
    /// # Errors
    ///
    /// No configured key opens it: starting would mix rows that no single key can read.
    pub fn check(&self, stored: &[u8]) -> Result<(), VaultCheckError> {
        match self.open(PLACE, stored) {
            Ok(word) if word.as_slice() == WORD => Ok(()),
            Ok(_) => Err(VaultCheckError(OpenError::Damaged)),
            Err(problem) => Err(VaultCheckError(problem)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use weiqiao_model::SeededRng;

    use super::*;
    use crate::settings::SecretSettings;

    fn vault(master: &str, previous: Option<&str>) -> Vault {
        let settings = SecretSettings {
            master: master.into(),
            master_previous: previous.map(Into::into).into_iter().collect(),
            jwt: "unused".into(),
            jwt_previous: None,
        };
        Vault::new(&settings, Arc::new(SeededRng::new(3))).unwrap()
    }

    #[test]
    fn the_same_key_and_a_rotated_one_pass_another_does_not() {
        let (first, second) = ("first-master-key-0123456789abcdefghi", "second-master-key-0123456789abcdefgh");
        let stored = vault(first, None).check_value();
        assert_eq!(vault(first, None).check(&stored), Ok(()));
        assert_eq!(vault(second, Some(first)).check(&stored), Ok(()));
        let refusal = vault(second, None).check(&stored).unwrap_err();
        assert!(refusal.to_string().contains("SESSION_SECRET"), "{refusal}");
        assert!(vault(first, None).check(b"junk").is_err());
    }
}
