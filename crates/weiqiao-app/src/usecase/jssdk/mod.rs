//! Signing pages for the JS-SDK.

mod sign_page;

pub use sign_page::sign_page;
pub use weixin::JsSdkConfig;
