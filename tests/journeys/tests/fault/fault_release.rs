//! What ends the process on purpose is in the programs of tests only.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault_points::points;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

/// Everything that is built when the program is built with these features.
fn tree(features: &str) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["tree", "--offline", "--package", "weiqiao", "--edges", "normal,build,features", "--features", features];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_released_program_has_no_crash_points() {
    let feature = "weiqiao-model feature \"crash-points\"";
    assert!(!tree("web").contains(feature), "the default features turn crash points on");
    assert!(tree("web,crash-points").contains(feature), "this test sees nothing");
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

#[test]
fn the_program_under_test_has_them() {
    let bytes = std::fs::read(crate::support::Desk::program()).unwrap();
    let missing: Vec<_> = points()
        .into_iter()
        .filter(|point| !bytes.windows(point.len()).any(|window| window == point.as_bytes()))
        .collect();
    assert!(missing.is_empty(), "not in the program: {missing:?}");
}
