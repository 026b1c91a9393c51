//! What the console of a mini program knows beside its keys: pages, devices, what it may do.

use serde::{Deserialize, Serialize};

/// Settings of a mini program; official accounts have none of this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MiniProgram {
    /// Pages of the released version, without a slash at the beginning, for instance `pages/index/index`. Empty: every
    /// well-formed one exists.
    pub pages: Vec<String>,
    /// There is a released version: otherwise links answer 85079.
    pub released: bool,
    /// It belongs to a company: a person's own gets no schemes and links (40002).
    pub company: bool,
    /// It sells things: otherwise short links answer 43104.
    pub sells: bool,
    /// `getuserriskrank` has been applied for: otherwise 48001.
    pub risk_rank: bool,
    /// Models of devices with NFC tags.
    pub nfc_models: Vec<NfcModel>,
}

/// A model of devices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NfcModel {
    /// Its number in the console.
    pub model_id: String,
    /// Each device has a scheme of its own.
    #[serde(default)]
    pub per_device: bool,
}

impl Default for MiniProgram {
    fn default() -> Self {
        Self { pages: Vec::new(), released: true, company: true, sells: true, risk_rank: true, nfc_models: Vec::new() }
    }
}

impl MiniProgram {
    /// Is this a page of the released version? Without query and without a slash at the beginning.
    pub(crate) fn has_page(&self, page: &str) -> bool {
        let well_formed = !page.is_empty()
            && !page.starts_with('/')
            && page.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'));
        well_formed && (self.pages.is_empty() || self.pages.iter().any(|known| known.trim_start_matches('/') == page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_those_of_the_list_or_any_well_formed_one() {
        let open = MiniProgram::default();
        assert!(open.has_page("pages/index/index") && open.has_page("index"));
        for bad in ["", "/pages/index", "pages/index?a=1", "页面"] {
            assert!(!open.has_page(bad), "{bad}");
        }
        let listed = MiniProgram { pages: vec!["/pages/index/index".into()], ..MiniProgram::default() };
        assert!(listed.has_page("pages/index/index") && !listed.has_page("pages/other"));
    }
}
