//! The program as it is released, and in it the places where the fault tests end it: see `weiqiao_model::crash`.

use std::process::ExitCode;

/// As in the released program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    weiqiao::run(weiqiao::Handlers::new())
}
