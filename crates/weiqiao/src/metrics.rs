//! The recorder behind `/metrics`: one per process, whoever asks first.

use std::sync::OnceLock;

use metrics_exporter_prometheus::PrometheusHandle;

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// What has been counted in this process. Nothing when another library took the recorder's place before us.
pub(crate) fn handle() -> Option<PrometheusHandle> {
    HANDLE
        .get_or_init(|| {
            let handle = weiqiao_http::recorder().and_then(|builder| builder.install_recorder());
            handle.map_err(|error| tracing::error!(%error, "metrics cannot be collected")).ok()
        })
        .clone()
}
