//! What this process may leave behind.

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, setrlimit, umask};

/// From now on files are made for their owner only, and no core dump is written: both would hold secrets.
pub fn harden() {
    umask(Mode::RWXG | Mode::RWXO);
    // Refused only where a limit of zero would be raised, which it is not.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}
