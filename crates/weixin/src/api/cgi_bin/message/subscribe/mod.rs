//! `/cgi-bin/message/subscribe/…`: notifications people have subscribed to.

mod bizsend;

pub use self::bizsend::SendSubscription;
