//! The running service, seen from outside.

mod memory;
mod start;
mod stop;
