//! The types of messages, one file each.
//!
//! The fields every message has are in [`Inbound`](super::Inbound); a type has only its own.
//!
//! To add one: its file, its `pub mod` line and its line in the list.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html>

use super::body::catalogue;

pub mod device_event;
pub mod device_status;
pub mod device_text;
pub mod file;
pub mod image;
pub mod link;
pub mod location;
pub mod mini_program_page;
pub mod shortvideo;
pub mod text;
pub mod video;
pub mod voice;

catalogue! {
    /// A message, by its type.
    Message {
        text::Text,
        image::Image,
        voice::Voice,
        video::Video,
        shortvideo::ShortVideo,
        location::Location,
        link::Link,
        mini_program_page::MiniProgramPage,
        file::File,
        device_text::DeviceText,
        device_event::DeviceEvent,
        device_status::DeviceStatus,
    }
}
