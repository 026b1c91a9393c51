//! Customers of a mini program.

pub(super) mod action;
