//! `/cgi-bin/message/subscribe/…`: notifications people have subscribed to.

mod bizsend;
mod send;

pub use self::bizsend::SendSubscription;
pub use self::send::{MessageLanguage, MiniProgramState, MiniSubscriptionSent, SendMiniSubscription};
