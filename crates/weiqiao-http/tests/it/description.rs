use std::path::Path;

#[test]
fn the_committed_description_is_the_one_the_handlers_give() {
    let current = weiqiao_http::openapi_json();
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::fs::read_to_string(committed).is_ok_and(|committed| committed == current) {
        return;
    }
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
    std::fs::write(&fresh, current).unwrap();
    panic!("docs/openapi.json is stale: run `make gen` (the current one is in {})", fresh.display());
}
