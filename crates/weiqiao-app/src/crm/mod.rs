//! Customers of a mini program: what is told to advisors, in which words and in which fields.

mod fields;
mod fit;
mod wording;

pub use fields::{CrmSettings, TemplateFields};
pub use fit::fit;
pub(crate) use wording::{
    customer_name, is_lead_phone, mask_name, mask_phone, page, remarks, shanghai_time, told_name, told_text,
};

/// What is told when there is no phone.
pub(crate) const NO_PHONE: &str = "未提供";
