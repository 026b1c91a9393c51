//! Places where a test can end the process, as if the power had gone.
//!
//! `crash_point!("store.commit.before")` is nothing at all unless the feature `crash-points` is on, which only the tests of
//! the whole service turn on; a released program has none. With it, the environment decides:
//!
//! | variable | does |
//! |---|---|
//! | `CRASH_POINT_AT=store.commit.before#3` | ends the process at the third pass of that place, without any goodbye |
//! | `CRASH_POINT_TRACE=/path/to/file` | writes the name of each place there when it is passed for the first time |
//!
//! A name is `part.thing.when` and stands at exactly one place, or at the same place of both database engines. To add one:
//! write the macro; `fault_points` finds it in the sources and demands that its load passes it.

/// A place where a test can end the process; see [`crash`](crate::crash). Nothing without the feature `crash-points`.
#[cfg(not(feature = "crash-points"))]
#[macro_export]
macro_rules! crash_point {
    ($name:literal) => {};
}

/// A place where a test can end the process; see [`crash`](crate::crash).
#[cfg(feature = "crash-points")]
#[macro_export]
macro_rules! crash_point {
    ($name:literal) => {
        $crate::crash::pass($name)
    };
}

#[cfg(feature = "crash-points")]
pub use armed::pass;

#[cfg(feature = "crash-points")]
mod armed {
    use std::collections::HashSet;
    use std::fs::{File, OpenOptions};
    use std::io::Write as _;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{LazyLock, Mutex, PoisonError};

    struct Plan {
        place: String,
        /// How many passes are left.
        left: AtomicU64,
    }

    struct Trace {
        file: File,
        seen: HashSet<&'static str>,
    }

    static PLAN: LazyLock<Option<Plan>> = LazyLock::new(|| {
        let text = variable("CRASH_POINT_AT")?;
        let (place, pass) = text.split_once('#').unwrap_or((&text, "1"));
        Some(Plan { place: place.to_owned(), left: AtomicU64::new(pass.parse().unwrap_or(1)) })
    });

    static TRACE: LazyLock<Option<Mutex<Trace>>> = LazyLock::new(|| {
        let file = OpenOptions::new().create(true).append(true).open(variable("CRASH_POINT_TRACE")?).ok()?;
        Some(Mutex::new(Trace { file, seen: HashSet::new() }))
    });

    /// The environment enters through configuration everywhere else; this is for tests, and nobody may set it in a file.
    #[allow(clippy::disallowed_methods)]
    fn variable(name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|text| !text.is_empty())
    }

    /// The process is at this place: notes it, and ends here when it is to.
    pub fn pass(name: &'static str) {
        if let Some(trace) = &*TRACE {
            let mut trace = trace.lock().unwrap_or_else(PoisonError::into_inner);
            if trace.seen.insert(name) {
                // A test that misses the line says so.
                let _ = writeln!(trace.file, "{name}");
            }
        }
        let Some(plan) = PLAN.as_ref().filter(|plan| plan.place == name) else { return };
        if plan.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    }
}
