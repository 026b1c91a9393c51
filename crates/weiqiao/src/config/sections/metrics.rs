//! Where figures are shown.

use std::net::{Ipv4Addr, SocketAddr};

use super::listen::ListenSection;
use crate::config::parse;
use crate::config::reader::Reader;
use crate::config::setting::Setting;

/// See [`super::Settings::metrics`].
#[derive(Debug, Clone)]
pub struct MetricsSection {
    /// Where `/metrics` is served; nowhere when it is `off`.
    pub address: Option<SocketAddr>,
}

pub(super) const SETTINGS: &[Setting] = &[Setting::plain(
    "METRICS_ADDR",
    "127.0.0.1:9464",
    "Prometheus 指标的监听地址，off 为关闭；不要对公网开放",
    "where Prometheus reads /metrics, or off; not for the public",
)
.example("127.0.0.1:9464")];

pub(super) fn read(reader: &mut Reader, listen: &ListenSection) -> MetricsSection {
    let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 9464));
    let address = match reader.text("METRICS_ADDR").as_deref() {
        Some("off") => None,
        _ => Some(reader.value("METRICS_ADDR", parse::socket_address).unwrap_or(default)),
    };
    let Some(at) = address else { return MetricsSection { address } };
    let same_host = at.ip() == listen.host || at.ip().is_unspecified() || listen.host.is_unspecified();
    if at.port() == listen.port && same_host {
        reader.refuse(
            "METRICS_ADDR",
            "与 API_HOST、API_PORT 是同一个端口；请换一个端口。",
            "is the port of API_HOST and API_PORT; choose another.",
        );
    }
    if !at.ip().is_loopback() {
        reader.note(
            "METRICS_ADDR",
            "不是本机地址：请确认只有监控系统能访问。",
            "is not loopback: make sure that only your monitoring can reach it.",
        );
    }
    MetricsSection { address }
}
