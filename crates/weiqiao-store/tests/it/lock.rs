//! One process per SQLite file.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use weiqiao_store::facts::setting::{FindSetting, PutSettingOnce};
use weiqiao_store::{Store, StoreConfig, StoreErrorKind};

use crate::support::{Db, Engine, NOW};

const HOLD: &str = "WEIQIAO_TEST_HOLD";

/// Not a test of its own: what the second process does in the tests below.
#[test]
#[ignore = "run by the tests of this module in a process of its own"]
fn second_process() {
    let Some(path) = std::env::var_os(HOLD) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match Store::open(&StoreConfig::Sqlite { path: path.into() }).await {
            Ok(store) => {
                store.migrate().await.unwrap();
                store.run(PutSettingOnce { name: "child".into(), value: vec![1], now: NOW }).await.unwrap();
                eprintln!("holding");
                std::future::pending::<()>().await;
            }
            Err(refusal) => eprintln!("{:?} {refusal}", refusal.kind()),
        }
    });
}

/// Starts the second process and gives the first line it has to say.
fn start(path: &Path) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "lock::second_process", "--ignored", "--nocapture"])
        .env(HOLD, path)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    (child, line)
}

#[tokio::test]
async fn a_second_process_is_refused_and_told_why() {
    let db = Db::fresh(Engine::Sqlite).await.unwrap();
    let (mut child, line) = start(&db.path());
    child.wait().unwrap();
    assert!(line.starts_with("Locked the database "), "{line}");
    for clue in ["weiqiao.db.lock", "in use by another process", &std::process::id().to_string()] {
        assert!(line.contains(clue), "{clue} is missing in: {line}");
    }
}

#[tokio::test]
async fn the_lock_of_a_killed_process_is_free_at_once_and_its_writes_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weiqiao.db");
    let (mut child, line) = start(&path);
    assert_eq!(line, "holding\n");
    let config = StoreConfig::Sqlite { path };
    assert_eq!(Store::open(&config).await.unwrap_err().kind(), StoreErrorKind::Locked);
    child.kill().unwrap();
    child.wait().unwrap();
    let store = Store::open(&config).await.unwrap();
    assert_eq!(store.read(FindSetting { name: "child".into() }).await.unwrap(), Some(vec![1]));
}

#[tokio::test]
async fn every_file_is_for_the_owner_only() {
    let db = Db::fresh(Engine::Sqlite).await.unwrap();
    db.run(PutSettingOnce { name: "x".into(), value: vec![1], now: NOW }).await;
    let files: Vec<_> = std::fs::read_dir(db.path().parent().unwrap()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 4, "database, WAL, shared memory, lock");
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
}

#[tokio::test]
async fn a_path_that_cannot_be_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a database, and long enough to be looked at: ".repeat(100)).unwrap();
    let open = async |path: &Path| Store::open(&StoreConfig::Sqlite { path: path.to_owned() }).await.unwrap_err();
    let below_a_file = open(&file.join("weiqiao.db")).await;
    assert_eq!(below_a_file.kind(), StoreErrorKind::Config);
    assert!(below_a_file.to_string().contains(&file.display().to_string()), "{below_a_file}");
    let no_database = open(&file).await;
    assert_eq!(no_database.kind(), StoreErrorKind::Corrupt);
    assert!(no_database.to_string().contains(&file.display().to_string()), "{no_database}");
    assert_eq!(open(Path::new("/")).await.kind(), StoreErrorKind::Config);
}
