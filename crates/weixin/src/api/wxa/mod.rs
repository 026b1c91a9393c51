//! `/wxa/…`: mini programs.

mod check_session;
mod get_user_phone_number;

pub use self::check_session::CheckSessionKey;
pub use self::get_user_phone_number::{GetPhoneNumber, PhoneInfo, PhoneNumber, Watermark};
