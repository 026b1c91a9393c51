//! Traces: read and checked, sent by a later version.

use crate::config::parse;
use crate::config::reader::Reader;
use crate::config::setting::Setting;

pub(super) const SETTINGS: &[Setting] = &[Setting::plain(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "无 / none",
    "OpenTelemetry 采集端地址",
    "address of the OpenTelemetry collector",
)
.example("http://127.0.0.1:4318")
.not_in_use_yet()];

pub(super) fn read(reader: &mut Reader) {
    reader.value("OTEL_EXPORTER_OTLP_ENDPOINT", parse::base);
}
