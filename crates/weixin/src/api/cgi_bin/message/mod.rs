//! `/cgi-bin/message/…`: what accounts say to people.

pub mod custom;
