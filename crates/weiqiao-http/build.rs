//! With feature `web`, the built pages have to be there before the crate is compiled. Nothing is built here.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_WEB").is_none() {
        return;
    }
    let Some(here) = std::env::var_os("CARGO_MANIFEST_DIR") else { return };
    for app in ["demo", "console"] {
        let dist = std::path::Path::new(&here).join("../../web/apps").join(app).join("dist");
        println!("cargo::rerun-if-changed={}", dist.display());
        if !dist.join("index.html").is_file() {
            println!("cargo::error=feature `web` embeds web/apps/{app}/dist, which is not built: run `make web` first");
        }
    }
}
