//! What ends the process on purpose is in the programs of tests only.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

/// The crate that has them, as it is built when the program is built with these features.
fn model(features: &str) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = [
        "tree",
        "--offline",
        "--package",
        "weiqiao",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p} [{f}]",
        "--features",
        features,
    ];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find(|line| line.starts_with("weiqiao-model ")).unwrap().to_owned()
}

#[test]
fn a_released_program_has_no_crash_points() {
    assert!(!model("web").contains("[crash-points]"), "the default features turn crash points on");
    assert!(model("web,crash-points").contains("[crash-points]"), "this test sees nothing");
    for file in ["Makefile", "scripts/run.sh", "scripts/figures.sh"] {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        assert!(!text.contains("crash-points"), "{file} turns crash points on");
    }
    let built = root().join("target/release/weiqiao");
    if let Ok(bytes) = std::fs::read(&built) {
        let name = b"CRASH_POINT_AT";
        assert!(!bytes.windows(name.len()).any(|window| window == name), "{} has crash points", built.display());
    }
}
