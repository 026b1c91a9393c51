//! QR codes with a scene.

use super::Engine;

impl Engine {
    /// What the picture of a living QR code says.
    pub(crate) fn qr_code_url(&self, ticket: &str) -> Option<String> {
        let inner = self.lock();
        inner.world.qr_codes.find(ticket, inner.clock.now_ms()).map(|code| code.url.clone())
    }
}
