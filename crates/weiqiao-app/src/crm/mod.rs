//! Customers of a mini program: what is told to advisors, in which words and in which fields, and how much of it.

mod fields;
mod fit;
mod limits;
mod name;
mod pages;
mod wording;

pub use fields::{CrmSettings, TemplateFields};
pub use fit::fit;
pub use limits::{AllowedTemplate, CrmLimits, MessageRules};
pub use name::shows_nothing;
pub(crate) use name::{clean_name, mask_name};
pub use pages::PageRules;
pub(crate) use wording::{
    customer_name, is_lead_phone, mask_phone, page, remarks, shanghai_time, told_name, told_text,
};

/// What is told when there is no phone.
pub(crate) const NO_PHONE: &str = "未提供";
