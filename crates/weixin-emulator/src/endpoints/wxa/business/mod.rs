//! `/wxa/business/…`

pub(crate) mod checkencryptedmsg;
pub(crate) mod getuserencryptkey;
pub(crate) mod getuserphonenumber;
