//! `/cgi-bin/wxaapp/…`: square codes of mini programs.

mod createwxaqrcode;

pub use self::createwxaqrcode::CreateSquareCode;
