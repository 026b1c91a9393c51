//! `/customservice/kfaccount/…`: who is on the staff.
//!
//! A `kf_account` is a name of at most ten letters, digits and underscores, `@`, and the account's own WeChat name:
//! `test1@kftest`. It answers nobody before a person has accepted an invitation to it.

mod add;
mod del;
mod inviteworker;
mod update;
mod uploadheadimg;

pub use self::add::AddStaff;
pub use self::del::DeleteStaff;
pub use self::inviteworker::InviteWorker;
pub use self::update::RenameStaff;
pub use self::uploadheadimg::SetStaffPicture;
