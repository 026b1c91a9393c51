//! Access tokens and tickets that all instances share.
//!
//! [`SharedTokenSource`] keeps them at three levels: in this process (a read costs a lock), in coordination (another
//! instance's fetch is found without the database), and in the store, which alone is true: one row per account and kind
//! with a generation that only grows.
//!
//! - A token that is needed and not there is fetched by whoever gets the store's lease; everybody else waits for it.
//!   Three instances fetch one token per expiry.
//! - After 85 % of its life (± 5 %) a token is replaced early; the old one is served meanwhile.
//! - When WeChat refuses a token, *that* generation is replaced. If a newer one is there already, it is used and nothing
//!   is fetched: a stolen token is replaced once, however many calls were refused with it.
//! - What is given to other programs is compared with the store first: a token that another instance has replaced leaves no
//!   instance any more, and is dropped by whoever still held it.
//! - A fetch that failed is not repeated at once, on no instance: a wrong secret never storms. Nor do tokens that WeChat
//!   refuses as soon as it has given them.
//!
//! Redis is never needed: without it the store is asked instead.

mod cell;
mod fetch;
mod refusal;
mod reject;
mod shared;

pub use fetch::COOL_DOWNS_MS;
pub(crate) use refusal::Told;
pub use shared::SharedTokenSource;
