//! `/customservice/msgrecord/…`: what was said.

mod getmsglist;

pub use self::getmsglist::{ListRecords, Operation, Record, RecordPage};
