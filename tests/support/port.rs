//! A port of a test's own. Part of every program of tests that starts the real service: `#[path]`, no crate, because those that
//! have crash points built in share none with those that have not.

use std::fs::File;
use std::net::TcpListener;

/// A port of one's own, also while what listens there is down: below those the system gives to outgoing connections, and
/// kept from other tests, and their processes, for as long as this lives.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) number: u16,
    _mine: File,
}

impl Port {
    pub(crate) fn take() -> Self {
        // One folder for all of them, and for all checkouts.
        let folder = std::env::temp_dir().join("weiqiao-test-ports");
        std::fs::create_dir_all(&folder).unwrap();
        let first = u16::try_from(std::process::id() % 18_000).unwrap();
        for number in (0..18_000).map(|n| 12_000 + (first + n) % 18_000) {
            let file = folder.join(number.to_string());
            let file = File::options().create(true).truncate(false).write(true).open(file).unwrap();
            if file.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", number)).is_ok() {
                return Self { number, _mine: file };
            }
        }
        panic!("no port is free");
    }
}
