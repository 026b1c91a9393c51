//! `/wxa/business/…`

pub(crate) mod getuserphonenumber;
