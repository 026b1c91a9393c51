//! `/cgi-bin/material/…`: files kept for good. Articles are made of drafts, which the emulator has not.

pub(crate) mod add_material;
pub(crate) mod batchget_material;
pub(crate) mod del_material;
pub(crate) mod get_material;
pub(crate) mod get_materialcount;
