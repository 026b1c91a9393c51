//! `/wxaapi/newtmpl/…`: templates of notifications people subscribe to.

pub(crate) mod addtemplate;
pub(crate) mod deltemplate;
pub(crate) mod getcategory;
pub(crate) mod getpubtemplatekeywords;
pub(crate) mod getpubtemplatetitles;
pub(crate) mod gettemplate;
