//! What a service holds before anybody has come.

use crate::program::Desk;

/// The number of a line such as `RssAnon:     14000 kB`.
fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name} in {status}"));
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Of its own, beside what it shares with its file on the disk. A hash that was computed for nobody, huge pages, or a queue
/// for a hundred thousand lines each cost more than is left here.
#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_service_at_rest_holds_little() {
    let running = Desk::strict().serve().await;
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.child.id())).unwrap();
    assert_eq!(field(&status, "THP_enabled:"), 0, "{status}");
    let own = field(&status, "RssAnon:");
    assert!((1..=22_000).contains(&own), "{own} kB\n{status}");
}
