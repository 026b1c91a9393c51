//! Which field of which template holds what.

use std::collections::BTreeMap;

use super::{CrmLimits, MessageRules};

/// How customers and advisors are dealt with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrmSettings {
    /// The fields of templates that are not named below.
    pub fields: TemplateFields,
    /// The fields of single templates, by their id.
    pub templates: BTreeMap<String, TemplateFields>,
    /// Whether somebody nobody knows becomes an advisor by subscribing as one. Counts in strict mode only.
    pub advisor_self_register: bool,
    /// How much may be done.
    pub limits: CrmLimits,
    /// What may be sent, to whom, and where it leads.
    pub messages: MessageRules,
}

impl CrmSettings {
    /// The fields of this template.
    #[must_use]
    pub fn fields_of(&self, template_id: &str) -> &TemplateFields {
        self.templates.get(template_id).unwrap_or(&self.fields)
    }
}

/// The fields of a template, by what they hold. A field that is nothing is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFields {
    /// What happened.
    pub text: Option<String>,
    /// When.
    pub time: Option<String>,
    /// The customer's phone.
    pub phone: Option<String>,
    /// The customer's name.
    pub name: Option<String>,
}

impl Default for TemplateFields {
    /// `thing1`, `time2`, `thing3`, `thing7`.
    fn default() -> Self {
        let field = |name: &str| Some(name.to_owned());
        Self { text: field("thing1"), time: field("time2"), phone: field("thing3"), name: field("thing7") }
    }
}

impl TemplateFields {
    /// Reads the four names in the order text, time, phone, name; `-` leaves one out.
    #[must_use]
    pub fn from_names(names: [&str; 4]) -> Self {
        let [text, time, phone, name] = names.map(|name| (name != "-").then(|| name.to_owned()));
        Self { text, time, phone, name }
    }
}
