//! What every driver promises. Each test runs on all of them.

mod leases;
mod one_time;
mod rates;
mod raw;
mod strikes;
mod tokens;
mod wakes;
