//! Guesses at passwords of staff, counted where every instance sees them and no restart forgets them.

mod clear_guard;
mod find_guard;
mod sweep_guards;
mod take_guess;

pub use clear_guard::ClearGuard;
pub use find_guard::FindGuard;
pub use sweep_guards::SweepGuards;
pub use take_guess::{Guess, GuessPolicy, TakeGuess};
