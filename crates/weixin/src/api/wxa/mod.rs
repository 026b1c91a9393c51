//! `/wxa/…`: mini programs.

mod check_session;
mod checkencryptedmsg;
pub mod code;
mod get_user_phone_number;
mod getpaidunionid;
mod getpluginopenpid;
mod getuserencryptkey;
pub mod link;
mod resetusersessionkey;
pub mod security;

pub use self::check_session::CheckSessionKey;
pub use self::checkencryptedmsg::{CheckEncryptedMessage, EncryptedMessageChecked};
pub use self::get_user_phone_number::{GetPhoneNumber, PhoneInfo, PhoneNumber, Watermark};
pub use self::getpaidunionid::{GetPaidUnionId, PaidUnionId, Payment};
pub use self::getpluginopenpid::{GetPluginOpenPid, PluginOpenPid};
pub use self::getuserencryptkey::{GetUserEncryptKey, UserEncryptKey, UserEncryptKeys};
pub use self::resetusersessionkey::{NewSessionKey, ResetSessionKey};
