//! `/wxa/…`

pub(crate) mod business;
pub(crate) mod checksession;
pub(crate) mod code;
mod content;
pub(crate) mod generate_urllink;
pub(crate) mod generatenfcscheme;
pub(crate) mod generatescheme;
pub(crate) mod genwxashortlink;
pub(crate) mod getpaidunionid;
pub(crate) mod getpluginopenpid;
pub(crate) mod getuserriskrank;
pub(crate) mod getwxacode;
pub(crate) mod getwxacodeunlimit;
pub(crate) mod img_sec_check;
mod link;
pub(crate) mod media_check_async;
pub(crate) mod msg_sec_check;
pub(crate) mod query_urllink;
pub(crate) mod queryscheme;
pub(crate) mod resetusersessionkey;
mod session_signature;
