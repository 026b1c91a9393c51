//! The running service, seen from outside.

mod start;
mod stop;
