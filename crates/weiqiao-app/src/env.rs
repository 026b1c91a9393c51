//! Our clock and randomness, in the SDK's words. The SDK knows nothing of our model.

use std::sync::Arc;

use weiqiao_model::{Clock, Rng};

pub(crate) struct SdkClock(pub(crate) Arc<dyn Clock>);

impl weixin::Clock for SdkClock {
    fn now_ms(&self) -> i64 {
        self.0.now_ms()
    }
}

pub(crate) struct SdkRng(pub(crate) Arc<dyn Rng>);

impl weixin::Rng for SdkRng {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.fill(buffer);
    }
}
