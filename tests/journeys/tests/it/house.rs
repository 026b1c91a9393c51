//! The arrows and invariants of ARCHITECTURE.md, compared with what cargo and the sources say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Which of our crates each of our crates may use. The picture in ARCHITECTURE.md draws the same arrows.
const ARROWS: &[(&str, &[&str])] = &[
    ("weixin-proto", &[]),
    ("weixin", &["weixin-proto"]),
    ("weixin-emulator", &["weixin-proto"]),
    ("weiqiao-model", &["weixin-proto"]),
    ("weiqiao-store", &["weiqiao-model"]),
    ("weiqiao-coord", &["weiqiao-model"]),
    ("weiqiao-app", &["weixin-proto", "weixin", "weiqiao-model", "weiqiao-store", "weiqiao-coord"]),
    ("weiqiao-http", &["weixin-proto", "weixin", "weiqiao-model", "weiqiao-app"]),
    (
        "weiqiao",
        &["weixin-proto", "weixin", "weiqiao-model", "weiqiao-store", "weiqiao-coord", "weiqiao-app", "weiqiao-http"],
    ),
    ("weiqiao-dev", &["weiqiao", "weixin-emulator", "weixin-proto", "weiqiao-model", "weiqiao-app"]),
];

/// Crates that are tests of all the others.
const TEST_CRATES: &[&str] = &["weiqiao-journeys", "weiqiao-cluster"];

/// Third-party crates that only one of our crates may use.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["weiqiao-store"]),
    ("tokio-postgres", &["weiqiao-store"]),
    ("deadpool-postgres", &["weiqiao-store"]),
    ("refinery", &["weiqiao-store"]),
    ("redis", &["weiqiao-coord"]),
    ("reqwest", &["weixin", "weixin-emulator", "weiqiao-app", "weiqiao"]),
    // `weixin` only behind its feature of the same name.
    ("axum", &["weiqiao-http", "weiqiao", "weixin-emulator", "weixin"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

/// Crate name → what it uses outside tests and benches.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    metadata
        .packages
        .iter()
        .map(|package| {
            let used = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
            (package.name.to_string(), used.map(|d| d.name.clone()).collect())
        })
        .collect()
}

#[test]
fn crates_use_each_other_as_the_arrows_allow() {
    let found = dependencies();
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    for (name, allowed) in ARROWS {
        let used: BTreeSet<&str> = found[*name].iter().map(String::as_str).filter(|d| ours.contains(d)).collect();
        let extra: Vec<_> = used.iter().filter(|d| !allowed.contains(d)).collect();
        assert!(extra.is_empty(), "{name} must not use {extra:?}; ARCHITECTURE.md draws the arrows");
    }
    for name in found.keys().filter(|name| !TEST_CRATES.contains(&name.as_str())) {
        assert!(ours.contains(name.as_str()), "{name} is not in the arrows of ARCHITECTURE.md");
    }
}

#[test]
fn engines_are_named_in_one_crate_only() {
    for (name, used) in dependencies() {
        for (engine, allowed) in ONLY_IN {
            let is_test_crate = TEST_CRATES.contains(&name.as_str());
            assert!(
                is_test_crate || !used.contains(*engine) || allowed.contains(&name.as_str()),
                "{name} uses {engine}, which only {allowed:?} may"
            );
        }
    }
}

#[test]
fn the_production_binary_has_no_emulator_in_it() {
    let found = dependencies();
    let mut reached = BTreeSet::new();
    let mut queue = vec!["weiqiao".to_owned()];
    while let Some(name) = queue.pop() {
        if let Some(used) = found.get(&name)
            && reached.insert(name)
        {
            queue.extend(used.iter().cloned());
        }
    }
    assert!(reached.contains("weixin"), "the walk went nowhere");
    assert!(!reached.contains("weixin-emulator"), "weiqiao reaches weixin-emulator");
}

/// Every Rust source below `folder`, with its path relative to the root.
fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    walk(&root().join(folder), &mut paths);
    assert!(!paths.is_empty(), "no source below {folder}");
    paths
        .into_iter()
        .map(|p| {
            let text = std::fs::read_to_string(&p).unwrap();
            (p.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"), text)
        })
        .collect()
}

#[test]
fn database_crates_are_named_in_the_driver_folder_only() {
    for (path, text) in sources("crates/weiqiao-store/src") {
        let names_engine =
            text.contains("rusqlite::") || text.contains("tokio_postgres::") || text.contains("deadpool_postgres::");
        assert!(!names_engine || path.contains("/src/driver/"), "{path} names a database crate outside driver/");
    }
    for (path, text) in sources("crates/weiqiao-coord/src") {
        assert!(
            !text.contains("use redis::")
                || text.contains(" redis::") && !text.contains("redis::Redis")
                || path.contains("/src/driver/"),
            "{path} names the redis crate outside driver/"
        );
    }
}

#[test]
fn sql_text_lives_in_the_store_only() {
    let statement = ["INSERT INTO ", "DELETE FROM ", "SELECT * FROM ", "ON CONFLICT"];
    for krate in ["weiqiao-app", "weiqiao-http", "weiqiao-coord", "weiqiao"] {
        for (path, text) in sources(&format!("crates/{krate}/src")) {
            let found: Vec<_> = statement.iter().filter(|s| text.contains(**s)).collect();
            assert!(found.is_empty(), "{path} has SQL text {found:?}");
        }
    }
}

#[test]
fn the_wire_crate_has_no_io_no_async_and_no_clock() {
    let used = &dependencies()["weixin-proto"];
    for engine in ["tokio", "reqwest", "axum", "hyper", "rand", "time"] {
        assert!(!used.contains(engine), "weixin-proto uses {engine}");
    }
    for (path, text) in sources("crates/weixin-proto/src") {
        for word in ["async fn", "std::fs", "TcpStream", "UdpSocket", "ToSocketAddrs", "SystemTime", "Instant::now"] {
            assert!(!text.contains(word), "{path} contains {word}");
        }
    }
}
