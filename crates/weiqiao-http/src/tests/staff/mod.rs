//! The threats to administration (T-76 … T-84), told through the router.

mod cookie;
mod guesses;
mod rights;
mod routes;
mod secrets;
