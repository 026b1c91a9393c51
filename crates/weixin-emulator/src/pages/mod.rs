//! What people see: the consent page, the QR login, the overview, pictures, and the emulated JS-SDK script.
//!
//! Server-rendered; styles and scripts are own files, nothing is inline, nothing comes from elsewhere.

mod assets;
mod authorize;
mod avatar;
mod confirm;
mod files;
mod finish;
mod html;
mod notice;
mod open_as;
mod options;
mod panel;
mod people;
#[cfg(feature = "web")]
mod phone;
mod qr_image;
mod qrconnect;
mod sheet;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::engine::Engine;

/// The pages anybody may open.
pub(crate) fn router() -> Router<Arc<Engine>> {
    let router = Router::new()
        .route("/connect/oauth2/authorize", get(authorize::show).post(authorize::decide))
        .route("/cgi-bin/showqrcode", get(qr_image::show))
        .route("/connect/qrconnect", get(qrconnect::show).post(qrconnect::decide))
        .route("/connect/qrcode/{uuid}", get(qrconnect::image))
        .route("/connect/l/qrconnect", get(qrconnect::poll))
        .route("/connect/confirm", get(confirm::show).post(confirm::decide))
        .route("/connect/as", get(open_as::open))
        .route("/connect/people", post(people::add))
        .route("/connect/zh_CN/htmledition/js/wxLogin.js", get(assets::wx_login))
        .route("/open/js/{file}", get(assets::jweixin))
        .route("/mmopen/{persona}/{size}", get(avatar::show))
        .route("/mmbiz/{id}/0", get(files::show))
        .route("/_page/{file}", get(assets::page))
        .route("/favicon.ico", get(assets::icon));
    #[cfg(feature = "web")]
    let router = phone::routes(router);
    router
}

/// The page that shows everything, secrets too.
pub(crate) fn overview() -> Router<Arc<Engine>> {
    let router = Router::new().route("/panel", get(panel::show));
    #[cfg(not(feature = "web"))]
    let router = router.route("/", get(panel::show));
    router
}
