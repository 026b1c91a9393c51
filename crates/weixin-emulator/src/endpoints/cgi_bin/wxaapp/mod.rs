//! `/cgi-bin/wxaapp/…`

pub(crate) mod createwxaqrcode;
