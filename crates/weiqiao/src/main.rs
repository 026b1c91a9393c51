//! The one binary. What it does is in the library, so that the playground can do it too.

use std::process::ExitCode;

/// Requests make many small things that live as long as they do; this allocator gives them out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    weiqiao::run(weiqiao::Handlers::new())
}
