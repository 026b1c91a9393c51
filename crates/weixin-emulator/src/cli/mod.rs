//! What the program does besides being an emulator.

mod printed;
pub(crate) mod trigger;
