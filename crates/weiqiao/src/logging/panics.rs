//! A panic is an event like any other: one line, scrubbed, counted.

use std::panic;

/// From now on panics are logged instead of printed.
pub(super) fn report() {
    panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        metrics::counter!("weiqiao_panics_total").increment(1);
        tracing::error!(problem = text.unwrap_or("unknown"), location, "a task panicked; this is a bug");
    }));
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::config::LogFormat;
    use crate::logging::capture::lines;
    use weiqiao_app::scrub::Scrubber;

    #[test]
    fn a_panic_is_one_scrubbed_line_with_its_place() {
        let before = panic::take_hook();
        let text = lines(LogFormat::Json, "info", Scrubber::knowing(["canary-known"]), || {
            report();
            let _ = catch_unwind(AssertUnwindSafe(|| panic!("canary-known\nsession_key={}", "canary")));
            let _ = catch_unwind(AssertUnwindSafe(|| panic::panic_any(7)));
        });
        panic::set_hook(before);
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("panics.rs:") && text.contains("unknown") && !text.contains("canary"), "{text}");
    }
}
