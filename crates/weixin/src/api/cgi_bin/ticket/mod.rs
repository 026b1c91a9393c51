//! `/cgi-bin/ticket/…`: tickets for pages and cards.

mod get;

pub(crate) use self::get::PATH;
pub use self::get::{GetTicket, Ticket, TicketType};
