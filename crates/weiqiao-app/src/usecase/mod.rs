//! The use cases: one folder per noun, one file per verb, each one async function that reads as a sentence.

pub mod advisor;
pub mod api_key;
pub mod audit;
pub mod callback;
pub mod customer;
pub mod encryption;
pub mod follower;
pub mod handover;
pub mod health;
pub mod inbox;
pub mod job;
pub mod jssdk;
pub mod lead;
mod limits;
pub mod login;
pub mod login_instance;
pub mod menu;
pub mod message;
pub mod mini;
pub mod overview;
pub mod rule;
pub mod session;
pub mod staff;
pub mod token;
pub mod upkeep;
pub mod user;
pub mod webhook;
