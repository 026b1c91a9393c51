//! A panic is an event like any other: one line, scrubbed, counted.

use std::panic;

/// From now on panics are logged instead of printed.
pub(super) fn report() {
    panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let what =
            payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        metrics::counter!("weiqiao_panics_total").increment(1);
        tracing::error!(problem = what.unwrap_or("unknown"), location, "a task panicked; this is a bug");
    }));
}
