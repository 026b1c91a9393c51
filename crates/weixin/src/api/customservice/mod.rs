//! `/customservice/…`: the people who answer customers by hand, and whom each of them is talking to.
//!
//! The lists of staff are in [`cgi_bin::customservice`](crate::api::cgi_bin::customservice).

pub mod kfaccount;
pub mod kfsession;
pub mod msgrecord;
