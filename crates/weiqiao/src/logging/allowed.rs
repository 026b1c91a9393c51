//! The names of fields whose values may be seen.

/// Sorted. A field belongs here when its value can never be a secret or say who a person is; its text is scrubbed all
/// the same. What is not here comes out as `[redacted]`.
const ALLOWED: [&str; 69] = [
    "account",
    "address",
    "age_s",
    "anchor",
    "app_id",
    "attempt",
    "attempts",
    "behind_s",
    "cause",
    "code",
    "column",
    "connections",
    "count",
    "damaged",
    "data_key",
    "done",
    "endpoint",
    "engine",
    "errcode",
    "errmsg",
    "error",
    "event",
    "fact",
    "fence",
    "file",
    "folder",
    "free_mib",
    "generation",
    "given_up",
    "good",
    "hint",
    "how",
    "http_status",
    "inbox",
    "job",
    "kind",
    "lasted_s",
    "level",
    "location",
    "message",
    "method",
    "mode",
    "ms",
    "outcome",
    "overdue_s",
    "pause_ms",
    "port",
    "problem",
    "reason",
    "refresh_at_ms",
    "refused",
    "rejections",
    "reply",
    "request_id",
    "rest_s",
    "retry_after_s",
    "rid",
    "route",
    "row",
    "rule",
    "schema",
    "signal",
    "status",
    "table",
    "tries",
    "trouble",
    "version",
    "what",
    "why",
];

/// Whether values of this field may be seen.
pub(super) fn is_allowed(name: &str) -> bool {
    // `a.b` is a field of something: its last name decides.
    let last = name.rsplit('.').next().unwrap_or(name);
    ALLOWED.binary_search(&last).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_names_nothing_personal() {
        assert!(ALLOWED.is_sorted());
        for name in [
            "openid",
            "unionid",
            "phone",
            "nickname",
            "token",
            "secret",
            "session_key",
            "path",
            "peer",
            "uri",
            "url",
            "body",
            "query",
        ] {
            assert!(!is_allowed(name), "{name}");
        }
        assert!(is_allowed("lasted_s") && is_allowed("held.refresh_at_ms") && !is_allowed("status.openid"));
    }
}
