//! Advisors, and the fields of the messages they get.

use weiqiao_app::crm::{CrmSettings, TemplateFields};

use crate::config::parse;
use crate::config::reader::{Expected, Reader};

/// One entry of `SUBSCRIBE_TEMPLATES`.
pub(super) enum Entry {
    /// A field of all templates.
    Field(String),
    /// The fields of one template.
    Template(String, TemplateFields),
}

/// `thing1`, `-`, or `template=thing1|time2|-|name4`.
pub(super) fn entry(text: &str) -> Result<Entry, Expected> {
    let read = || match text.split_once('=') {
        None => is_field(text).then(|| Entry::Field(text.to_owned())),
        Some((template, fields)) => {
            let fields: Vec<_> = fields.split('|').map(str::trim).collect();
            let is_id =
                !template.is_empty() && template.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
            let [first, second, third, fourth] = fields.as_slice() else { return None };
            let names = [*first, *second, *third, *fourth];
            (is_id && names.iter().all(|name| is_field(name)) && names.iter().any(|name| *name != "-"))
                .then(|| Entry::Template(template.to_owned(), TemplateFields::from_names(names)))
        }
    };
    read().ok_or_else(|| {
        Expected::new(
            "应当是模板字段名，例如 thing1，或者 模板ID=thing1|time2|thing3|thing7。",
            "must be a field of the template, such as thing1, or template_id=thing1|time2|thing3|thing7.",
        )
    })
}

fn is_field(text: &str) -> bool {
    let kind = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let named = !kind.is_empty() && kind.len() < text.len();
    text == "-" || named && kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

pub(super) fn read(reader: &mut Reader, entries: Vec<Entry>) -> CrmSettings {
    let mut crm = CrmSettings {
        advisor_self_register: reader.value("ADVISOR_SELF_REGISTER", parse::switch).unwrap_or(false),
        ..CrmSettings::default()
    };
    let mut names = Vec::new();
    for entry in entries {
        match entry {
            Entry::Field(name) => names.push(name),
            Entry::Template(template, fields) => {
                crm.templates.insert(template, fields);
            }
        }
    }
    if !names.is_empty() {
        let name = |at: usize| names.get(at).map_or("-", String::as_str);
        crm.fields = TemplateFields::from_names([name(0), name(1), name(2), name(3)]);
    }
    crm
}
