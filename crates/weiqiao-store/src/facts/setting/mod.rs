//! Small values that are written once and hold for this database, such as the check value of the master key.

mod find_setting;
mod put_setting_once;

pub use find_setting::FindSetting;
pub use put_setting_once::{PutOnce, PutSettingOnce};
