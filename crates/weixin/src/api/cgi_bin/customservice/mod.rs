//! `/cgi-bin/customservice/…`: lists of the staff. The other calls about them are in
//! [`api::customservice`](crate::api::customservice).

mod getkflist;
mod getonlinekflist;

pub use self::getkflist::{ListStaff, Staff, StaffList};
pub use self::getonlinekflist::{ListOnlineStaff, OnlineStaff, OnlineStaffList};
