//! Where a sealed value lives.

/// Where a sealed value lives. All of it is authenticated: the value opens nowhere else.
///
/// Whatever names the row must be in the row itself, in clear: that is how `weiqiao keys reseal` finds the place again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table, such as `oauth_token`.
    pub table: &'static str,
    /// The column, such as `access`.
    pub column: &'static str,
    /// What tells the row from its neighbours, such as the blind index of an openid.
    pub row: &'a str,
    /// The account the row belongs to; empty when it belongs to none.
    pub app_id: &'a str,
}

/// The bytes of a place; those of most fit without an allocation.
pub(super) struct PlaceBytes {
    short: [u8; SHORT],
    len: usize,
    long: Vec<u8>,
}

const SHORT: usize = 192;

impl<'a> Place<'a> {
    /// A place in the tables.
    #[must_use]
    pub const fn new(table: &'static str, column: &'static str, row: &'a str, app_id: &'a str) -> Self {
        Self { table, column, row, app_id }
    }

    /// Each part with its length in front, so that no two places give the same bytes.
    pub(super) fn bytes(&self, key_id: &[u8]) -> PlaceBytes {
        let mut bytes = PlaceBytes { short: [0; SHORT], len: 0, long: Vec::new() };
        for part in [self.table.as_bytes(), self.column.as_bytes(), self.row.as_bytes(), key_id, self.app_id.as_bytes()]
        {
            bytes.push(&(part.len() as u64).to_be_bytes());
            bytes.push(part);
        }
        bytes
    }
}

impl PlaceBytes {
    fn push(&mut self, part: &[u8]) {
        match self.short.get_mut(self.len..self.len + part.len()) {
            Some(room) if self.long.is_empty() => {
                room.copy_from_slice(part);
                self.len += part.len();
            }
            _ => {
                if self.long.is_empty() {
                    self.long.extend_from_slice(self.short.get(..self.len).unwrap_or_default());
                }
                self.long.extend_from_slice(part);
            }
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        match self.long.is_empty() {
            true => self.short.get(..self.len).unwrap_or_default(),
            false => &self.long,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_places_are_complete_too() {
        for len in [0, 1, 20, 100, 127, 128, 129, 130, 200, 1000] {
            let row = "r".repeat(len);
            let bytes = Place::new("table", "column", &row, "wx1").bytes(b"kkkk");
            let mut expected = Vec::new();
            for part in ["table", "column", &row, "kkkk", "wx1"] {
                expected.extend_from_slice(&(part.len() as u64).to_be_bytes());
                expected.extend_from_slice(part.as_bytes());
            }
            assert_eq!(bytes.as_slice(), expected, "{len}");
        }
    }
}
