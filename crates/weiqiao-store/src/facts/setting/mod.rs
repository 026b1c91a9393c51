//! Small values that hold for this database, such as its wrapped data keys. Most are written once.

mod find_setting;
mod put_setting_once;
mod replace_setting;

pub use find_setting::FindSetting;
pub use put_setting_once::{PutOnce, PutSettingOnce};
pub use replace_setting::ReplaceSetting;
