//! `/cgi-bin/qrcode/…`: QR codes with a scene.

mod create;

pub use self::create::{CreateQrCode, QrCode, QrScene, qr_image_url};
