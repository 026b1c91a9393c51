//! The one binary. What it does is in the library, so that the playground can do it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    weiqiao::cli::main()
}
