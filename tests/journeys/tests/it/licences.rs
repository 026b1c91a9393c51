//! `deny.toml` holds: every crate we build with may be used, comes from the registry, and is not a banned one.
//!
//! `cargo deny check` says the same, and advisories besides; this needs nothing installed.

use std::fs;
use std::path::Path;

use cargo_metadata::{MetadataCommand, Package};
use toml::Table;

fn metadata() -> Vec<Package> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).exec().unwrap().packages
}

fn rules() -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deny.toml");
    fs::read_to_string(path).unwrap().parse().unwrap()
}

#[test]
fn every_crate_has_a_licence_we_allow() {
    let rules = rules();
    let allowed: Vec<&str> =
        rules["licenses"]["allow"].as_array().unwrap().iter().map(|l| l.as_str().unwrap()).collect();
    let allows = |wanted: &spdx::LicenseReq| allowed.contains(&wanted.to_string().as_str());
    let mut wrong = Vec::new();
    for package in metadata() {
        let said = package.license.clone().unwrap_or_default();
        let expression = spdx::Expression::parse_mode(&said, spdx::ParseMode::LAX);
        if !expression.is_ok_and(|expression| expression.evaluate(allows)) {
            wrong.push(format!("{} {}: {said:?}", package.name, package.version));
        }
    }
    assert!(wrong.is_empty(), "not in deny.toml: {wrong:#?}");
}

#[test]
fn every_crate_comes_from_the_registry_and_none_is_banned() {
    let rules = rules();
    let banned: Vec<&str> =
        rules["bans"]["deny"].as_array().unwrap().iter().map(|b| b["crate"].as_str().unwrap()).collect();
    for package in metadata() {
        let ours = package.source.is_none();
        assert!(ours || package.source.as_ref().is_some_and(|source| source.is_crates_io()), "{}", package.id);
        assert!(!banned.contains(&package.name.as_str()), "{} is banned by deny.toml", package.id);
    }
}
