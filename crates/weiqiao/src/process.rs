//! What this process may leave behind, and how it takes memory.

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, setrlimit, umask};

/// From now on files are made for their owner only, and no core dump is written: both would hold secrets.
pub fn harden() {
    umask(Mode::RWXG | Mode::RWXO);
    // Refused only where a limit of zero would be raised, which it is not.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Memory comes in small pages only. The allocator would be given huge ones, and a service at rest would hold two MiB
/// wherever it touches a few KiB.
pub fn stay_small() {
    // Where the system knows no huge pages there is nothing to refuse.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
