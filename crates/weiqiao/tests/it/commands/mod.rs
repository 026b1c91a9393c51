//! Every command: what it says to people and to programs, and what it ends with.

mod about;
mod database;
mod listen;
mod menu;
mod offline;
mod token;
