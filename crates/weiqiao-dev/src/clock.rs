//! One clock for both halves.

use std::sync::Arc;

use weiqiao_model::Clock;
use weixin_emulator::{Emulator, Engine};

/// The emulator's movable clock, as the service sees it.
pub(crate) struct EmulatedClock(Arc<Engine>);

impl EmulatedClock {
    pub(crate) fn of(emulator: &Emulator) -> Self {
        Self(Arc::clone(emulator.engine()))
    }
}

impl Clock for EmulatedClock {
    fn now_ms(&self) -> i64 {
        self.0.now_ms()
    }
}
