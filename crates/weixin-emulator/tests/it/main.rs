//! The emulator from outside, over real HTTP on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod admin;
mod api_security;
mod audience;
mod binary;
mod callbacks;
mod consent;
mod control;
mod customer_message;
mod doings;
mod faults;
mod jssdk;
mod media;
mod menus;
mod mini;
mod mini_content;
mod mini_links;
mod mini_message;
mod notification;
mod qr_codes;
mod qrconnect;
mod receiver;
mod rig;
mod sns;
mod staff;
mod subscription_requests;
mod token;
mod trigger;
