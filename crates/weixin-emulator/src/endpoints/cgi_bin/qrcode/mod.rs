//! `/cgi-bin/qrcode/…`

pub(crate) mod create;
