//! Generated files are what their generator makes today.

use std::path::Path;

#[test]
fn the_openapi_snapshot_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("docs/openapi.json");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == weiqiao_http::openapi_json(), "docs/openapi.json is stale: run `make gen` and commit it");
}
