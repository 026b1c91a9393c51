//! FI-02: the process ends at each of the places marked with `crash_point!`, on both engines. What was acknowledged is there.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::sleep;

use crate::support::{
    Book, Chance, Desk, Engine, Findings, Load, check, crashed, drained, figure, locked, lost, say, until,
};

const PEOPLE: usize = 24;

/// Places only SQLite has.
const SQLITE_ONLY: &str = "store.checkpoint.";

/// Places that are passed once in the life of a database.
const ONCE: [&str; 4] = ["token.", "app.token.", "start.", "login.person."];

/// Places that are passed once or twice in the life of a process, or seldom.
const SELDOM: [&str; 8] = [
    "worker.adopt.",
    "worker.heartbeat.",
    "worker.sweep.",
    "worker.release.",
    "job.renew.",
    "job.sweep.",
    "upkeep.",
    SQLITE_ONLY,
];

/// Places of messages on their way. On Postgres the leases of whoever died before would keep others from them for half a
/// minute, so there they have databases of their own.
const ON_THEIR_WAY: [&str; 3] = ["worker.", "job.", "notification."];

fn is_one_of(point: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| point.starts_with(part))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_at_any_point_loses_nothing_on_sqlite() {
    Points::walk(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_at_any_point_loses_nothing_on_postgres() {
    Points::walk(Engine::Postgres).await;
}

/// The names in the sources.
fn points() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(root.join("crates")).unwrap() {
        read(&entry.unwrap().path().join("src"), &mut found);
    }
    found
}

fn read(path: &Path, found: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            read(&entry.unwrap().path(), found);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let text = std::fs::read_to_string(path).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let names = code.split("crash_point!(\"").skip(1).filter_map(|rest| rest.split_once('"'));
        found.extend(names.map(|(name, _)| name.to_owned()));
    }
}

struct Points {
    engine: Engine,
    book: Arc<Mutex<Book>>,
    findings: Findings,
    chance: Chance,
    reached: BTreeSet<String>,
    runs: usize,
}

impl Points {
    async fn walk(engine: Engine) {
        let Some(desk) = Desk::new(engine).await else { return };
        let name = format!("FI-02 {engine:?}");
        let all: Vec<String> =
            points().into_iter().filter(|name| engine == Engine::Sqlite || !name.starts_with(SQLITE_ONLY)).collect();
        assert!(all.len() >= 40, "{} points", all.len());
        let mut walk = Self {
            engine,
            book: Arc::default(),
            findings: Findings::default(),
            chance: Chance::new(&name),
            reached: BTreeSet::new(),
            runs: 0,
        };
        let begun = Instant::now();
        let mut first = desk.start(&[]);
        first.ready().await.unwrap();
        desk.subscribe().await;
        first.kill();
        for pass in 1..=figure(1, 20) {
            for point in &all {
                let apart = engine == Engine::Postgres && is_one_of(point, &ON_THEIR_WAY) && !is_one_of(point, &SELDOM);
                if apart || is_one_of(point, &ONCE) {
                    if pass == 1 {
                        walk.in_a_new_world(point).await;
                    }
                } else if is_one_of(point, &SELDOM) {
                    walk.once(&desk, point, 1).await;
                } else {
                    let n = if figure(0, 1) == 1 { pass as u64 } else { walk.chance.of(1..=4) };
                    walk.once(&desk, point, n).await;
                }
            }
        }
        walk.end(&desk).await;
        let missed: Vec<_> = all.iter().filter(|point| !walk.reached.contains(*point)).collect();
        say(format!(
            "{name}: {} points, {} runs in {:.0?}, {} points reached; {} writes acknowledged, lost 0, violations 0",
            all.len(),
            walk.runs,
            begun.elapsed(),
            walk.reached.len(),
            locked(&walk.book).acknowledged(),
        ));
        say(format!("{name}: {}", walk.reached.iter().cloned().collect::<Vec<_>>().join(" ")));
        assert!(missed.is_empty(), "never ended at {missed:?}");
    }

    /// Ends at the n-th pass of a place, or at the first when there are not so many.
    async fn once(&mut self, desk: &Desk, point: &str, n: u64) {
        for n in BTreeSet::from([n, 1]).into_iter().rev() {
            self.runs += 1;
            let mut process = desk.start(&[("CRASH_POINT_AT", &format!("{point}#{n}"))]);
            let ended = match process.ready().await {
                Err(status) => Some(status),
                Ok(_) => self.use_until_dead(desk, &mut process, point).await,
            };
            process.kill();
            let wrong = lost(desk, &locked(&self.book)).await;
            assert!(wrong.is_empty(), "ended at {point}#{n}: {wrong:#?}");
            self.findings.read(desk);
            match ended {
                Some(status) if crashed(status) => {
                    self.reached.insert(point.to_owned());
                    return;
                }
                Some(status) => assert!(status.success(), "{point}#{n}: {status}: {}", desk.log()),
                None => {}
            }
        }
    }

    async fn use_until_dead(
        &self,
        desk: &Desk,
        process: &mut crate::support::Process,
        point: &str,
    ) -> Option<std::process::ExitStatus> {
        Load::repeat_unknown(desk, &self.book).await;
        let load = Load::start(desk, &self.book, PEOPLE);
        if point.starts_with("worker.release.") {
            sleep(Duration::from_millis(100)).await;
            kill_process(Pid::from_child(&process.child), Signal::TERM).unwrap();
        }
        let limit = if point.starts_with(SQLITE_ONLY) { 60 } else { 8 };
        let ended = process.end(Duration::from_secs(limit)).await;
        process.kill();
        load.end().await;
        ended
    }

    /// On a database of its own. On SQLite, whoever died while fetching a token does not keep messages waiting.
    async fn in_a_new_world(&mut self, point: &str) {
        self.runs += 1;
        let Some(desk) = Desk::new(self.engine).await else { return };
        let book = Arc::new(Mutex::new(Book::default()));
        let mut process = desk.start(&[("CRASH_POINT_AT", point)]);
        let ended = match process.ready().await {
            Err(status) => Some(status),
            Ok(_) => {
                desk.subscribe().await;
                let load = Load::start(&desk, &book, PEOPLE);
                let ended = process.end(Duration::from_secs(8)).await;
                process.kill();
                load.end().await;
                ended
            }
        };
        process.kill();
        if ended.is_some_and(crashed) {
            self.reached.insert(point.to_owned());
        }
        let wrong = if point.starts_with("start.") { Vec::new() } else { lost(&desk, &locked(&book)).await };
        assert!(wrong.is_empty(), "ended at {point}: {wrong:#?}");

        let mut process = desk.start(&[]);
        process.ready().await.unwrap_or_else(|status| panic!("ended at {point}, then {status}: {}", desk.log()));
        desk.subscribe().await;
        Load::repeat_unknown(&desk, &book).await;
        Load::owe(&desk, &book, 1).await;
        let mut findings = Findings::default();
        if self.engine == Engine::Postgres && point != "app.token.fetched" {
            // That one waits for the lease of the dead; the others would wait as long.
            process.kill();
            return;
        }
        let patience = if self.engine == Engine::Sqlite { 10 } else { 60 };
        until(&format!("a message after the end at {point}"), Duration::from_secs(patience), async || {
            findings.read(&desk);
            (!findings.taken.is_empty()).then_some(())
        })
        .await;
        process.kill();
    }

    /// Nobody dies any more: everything comes to its end, and all of it is compared.
    async fn end(&mut self, desk: &Desk) {
        let mut process = desk.start(&[]);
        process.ready().await.unwrap();
        Load::repeat_unknown(desk, &self.book).await;
        drained(desk, &mut self.findings).await;
        let wrong = check(desk, &locked(&self.book), &mut self.findings).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
