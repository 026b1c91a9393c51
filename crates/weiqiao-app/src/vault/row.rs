//! Reading a row whose values are sealed. A value that does not open is shown as nothing, told, and not the end of the row,
//! nor of the list the row stands in.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{OpenError, Place, Vault};

/// The fields of a row that are nothing because their stored value cannot be read, by the names they are shown under.
/// Empty for nearly every row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Damaged(Vec<&'static str>);

impl Damaged {
    /// Whether everything could be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the fields.
    #[must_use]
    pub fn into_names(self) -> Vec<&'static str> {
        self.0
    }
}

/// Opens the sealed values of one row, for showing them. What has to be right to go on is opened with [`Vault::open`].
pub(crate) struct SealedRow<'v> {
    vault: &'v Vault,
    id: &'v str,
    damaged: Damaged,
}

impl Vault {
    /// A row of this id; the id is for the log.
    pub(crate) const fn row<'v>(&'v self, id: &'v str) -> SealedRow<'v> {
        SealedRow { vault: self, id, damaged: Damaged(Vec::new()) }
    }
}

impl SealedRow<'_> {
    /// The text that is shown as `field`.
    pub(crate) fn text(&mut self, field: &'static str, place: Place<'_>, sealed: &[u8]) -> Option<String> {
        let opened = self.vault.open_text(place, sealed).map(|text| text.as_str().to_owned());
        self.keep(&[field], place, opened)
    }

    /// What is shown as `field`, stored as JSON.
    pub(crate) fn json<T: DeserializeOwned>(
        &mut self,
        fields: &[&'static str],
        place: Place<'_>,
        sealed: &[u8],
    ) -> Option<T> {
        let opened = self.vault.open(place, sealed);
        // The text of the error may quote what is stored.
        let read = opened.and_then(|plain| serde_json::from_slice(&plain).map_err(|_| OpenError::Malformed));
        self.keep(fields, place, read)
    }

    /// What was opened, or nothing and a line in the log; `fields` are what it is shown as.
    pub(crate) fn keep<T, E: fmt::Display>(
        &mut self,
        fields: &[&'static str],
        place: Place<'_>,
        opened: Result<T, E>,
    ) -> Option<T> {
        opened
            .map_err(|problem| {
                let (table, column, row) = (place.table, place.column, self.id);
                tracing::error!(table, column, row, %problem, "a stored value cannot be read, and is shown as null");
                metrics::counter!("weiqiao_vault_open_failures_total").increment(1);
                self.damaged.0.extend(fields);
            })
            .ok()
    }

    /// What could not be read.
    pub(crate) fn damaged(self) -> Damaged {
        self.damaged
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};
    use weiqiao_model::SeededRng;

    use super::*;
    use crate::settings::SecretSettings;

    #[test]
    fn what_cannot_be_read_is_named_and_the_rest_is_read() {
        let settings = SecretSettings {
            master: "master-key-0123456789abcdef-0123456789".into(),
            master_previous: Vec::new(),
            jwt: "unused".into(),
            jwt_previous: None,
        };
        let vault = Vault::new(&settings, Arc::new(SeededRng::new(7))).unwrap();
        let (name, data) = (Place::new("t", "name", "r", ""), Place::new("t", "data", "r", ""));
        let mut row = vault.row("r");
        assert_eq!(row.text("name", name, &vault.seal(name, "小明".as_bytes())).as_deref(), Some("小明"));
        assert_eq!(row.json::<Value>(&["data"], data, &vault.seal(data, b"{}")), Some(json!({})));
        assert!(row.damaged().is_empty());

        let mut row = vault.row("r");
        assert_eq!(row.text("name", name, b"junk"), None);
        assert_eq!(row.json::<Value>(&["data", "about"], data, &vault.seal(data, b"{")), None, "opens, and is no JSON");
        assert_eq!(serde_json::to_value(row.damaged()).unwrap(), json!(["name", "data", "about"]));
    }
}
