//! FI-09 and FI-10: the disk is full, and the disk fails.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::time::sleep;
use weixin_emulator::CodeKind;

use crate::support::{API_KEY, Book, Desk, Engine, Findings, Load, Process, Rows, check, drained, locked, say, until};

/// How to make a disk of one's own: as root, or as a user who may be root among themselves.
fn namespace() -> Option<Vec<&'static str>> {
    [vec!["unshare", "--mount"], vec!["unshare", "--user", "--map-root-user", "--mount"]].into_iter().find(|way| {
        let mut command = Command::new(way[0]);
        command.args(&way[1..]).args(["sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]);
        command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    })
}

/// A service whose database is on a small disk that nobody else sees.
struct SmallDisk {
    desk: Desk,
    process: Process,
    /// The disk, seen through the process.
    folder: PathBuf,
}

impl SmallDisk {
    async fn start(size: &str) -> Option<Self> {
        let Some(way) = namespace() else {
            say("FI-09: SKIPPED, NOTHING WAS SHOWN: no disk can be mounted here");
            return None;
        };
        let mut desk = Desk::new(Engine::Sqlite).await.unwrap();
        let data = desk.path("data");
        std::fs::create_dir(&data).unwrap();
        let mut command = Command::new(way[0]);
        let mount = format!("mount -t tmpfs -o size={size} tmpfs \"$0\" && exec \"$@\"");
        command.args(&way[1..]).args(["sh", "-c", &mount]).arg(&data).arg(Desk::program());
        let mut process = desk.start_as(command, &[]);
        process.ready().await.unwrap_or_else(|status| panic!("{status}: {}", desk.log()));
        let root = PathBuf::from(format!("/proc/{}/root", process.child.id()));
        let folder = root.join(data.strip_prefix("/").unwrap());
        desk.rows = Rows::Unseen(folder.join("weiqiao.db"));
        Some(Self { desk, process, folder })
    }

    /// Takes all the space that is left.
    fn fill(&self) {
        let mut filler = File::options().create(true).append(true).open(self.folder.join("filler")).unwrap();
        for size in [1 << 20, 4_096, 1] {
            let block = vec![0_u8; size];
            while filler.write_all(&block).is_ok() {}
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.folder.join("filler")).unwrap();
    }
}

async fn text(http: &reqwest::Client, desk: &Desk, path: &str) -> (u16, String) {
    let answer = http.get(desk.url(path)).header("x-api-key", API_KEY).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_and_heals_by_itself() {
    let Some(mut small) = SmallDisk::start("64m").await else { return };
    let desk = &small.desk;
    let http = reqwest::Client::new();
    desk.subscribe().await;
    let code = desk.emulator.persona_code("xiaohong", "mini", CodeKind::Mini);
    let answer = desk.post(&http, "/api/wechat/openid", &serde_json::json!({"code": code})).await.unwrap();
    let session: Value = answer.json().await.unwrap();
    let (token, openid) = (session["data"]["token"].as_str().unwrap(), session["data"]["openid"].as_str().unwrap());
    let book = Arc::new(Mutex::new(Book::default()));
    locked(&book).logins.asked = 1;
    locked(&book).logins.acked = 1;
    assert_eq!(text(&http, desk, "/readyz").await, (200, "ready, but the disk is low".to_owned()), "less than 256 MiB");
    let (_, health) = text(&http, desk, "/api/health").await;
    let health: Value = serde_json::from_str(&health).unwrap();
    assert_eq!((&health["data"]["status"], &health["data"]["services"]["disk"]), (&"degraded".into(), &"low".into()));

    // Some work with space enough, then none is left, in the middle of it.
    let load = Load::start(desk, &book, 32);
    sleep(Duration::from_secs(2)).await;
    let before = locked(&book).acknowledged();
    assert!(before > 0 && locked(&book).odd.is_empty(), "{:?}", locked(&book).odd);
    small.fill();
    let full = Instant::now();
    until("a write is refused", Duration::from_secs(60), async || (locked(&book).odd.len() >= 100).then_some(())).await;
    let refused_after = full.elapsed();

    // Reads and health go on all the while.
    let mut reads = Vec::new();
    let reading = Instant::now();
    while reading.elapsed() < Duration::from_secs(2) {
        for path in [
            "/livez",
            "/readyz",
            "/health",
            "/api/health",
            "/api/admin/actions?page_size=5",
            "/api/admin/jobs?page_size=5",
        ] {
            let begun = Instant::now();
            let (status, body) = text(&http, desk, path).await;
            assert_eq!(status, 200, "{path} with a full disk: {body}");
            reads.push(begun.elapsed());
        }
        let mine = http.get(desk.url(&format!("/api/user/{openid}"))).bearer_auth(token).send().await.unwrap();
        assert_eq!(mine.status(), 200, "a session is read: {}", mine.text().await.unwrap());
    }
    load.end().await;
    let during = locked(&book).acknowledged() - before;
    let odd = locked(&book).odd_kinds();
    let pushes_refused = locked(&book).odd.iter().filter(|odd| odd.contains(" /wx:")).count();
    assert!(pushes_refused > 0, "WeChat is told to come again: {odd:?}");
    let messages = |odd: &str| odd.contains("message/send");
    assert!(
        odd.keys().all(|status| status.starts_with("503") || status.starts_with("507") || messages(status)),
        "{odd:?}"
    );
    assert!(small.process.ended().is_none(), "it went away: {}", desk.log());

    // Space again, and nobody restarts anything.
    locked(&book).odd.clear();
    small.free();
    let freed = Instant::now();
    until("a write is taken", Duration::from_secs(30), async || {
        let had = locked(&book).acknowledged();
        Load::owe(desk, &book, 1).await;
        (locked(&book).acknowledged() > had).then_some(())
    })
    .await;
    let healthy = freed.elapsed();
    Load::repeat_unknown(desk, &book).await;
    let mut findings = Findings::default();
    drained(desk, &mut findings).await;
    let wrong = check(desk, &locked(&book), &mut findings).await;
    reads.sort();
    say(format!(
        "FI-09: {before} writes acknowledged before the disk was full, {during} after that, refused {odd:?} (the first hundred \
         within {refused_after:.1?}); {} reads, all answered, the slowest in {:.0?}; a write is taken {healthy:.2?} after there \
         is space again; lost {}, integrity ok",
        reads.len(),
        reads.last().unwrap(),
        wrong.len(),
    ));
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(healthy < Duration::from_secs(8), "five seconds, and a busy machine's share");
}

/// The disk says once that a sync failed and then forgets what was lost, so nothing may be said after that.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_sync_nothing_is_acknowledged_and_the_process_ends() {
    if !Command::new("strace").args(["-o", "/dev/null", "true"]).status().is_ok_and(|status| status.success()) {
        say("FI-10: SKIPPED, NOTHING WAS SHOWN: processes cannot be traced here");
        return;
    }
    let desk = Desk::new(Engine::Sqlite).await.unwrap();
    let book = Arc::new(Mutex::new(Book::default()));
    let mut process = desk.start(&[]);
    process.ready().await.unwrap();
    desk.subscribe().await;
    process.kill();

    // The n-th sync of each thread fails; only the writer's thread makes so many.
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync"]);
    strace.args(["-e", "inject=fsync,fdatasync:error=EIO:when=40"]).arg(Desk::program());
    let mut process = desk.start_as(strace, &[]);
    process.ready().await.unwrap_or_else(|status| panic!("{status}: {}", desk.log()));
    let load = Load::start(&desk, &book, 16);
    let ended = process.end(Duration::from_secs(60)).await;
    load.end().await;
    let status = ended.unwrap_or_else(|| panic!("it goes on after a failed sync: {}", desk.log()));
    assert!(!status.success(), "{status}: whoever restarts it must see that it failed");
    let log = std::fs::read_to_string(desk.path("log")).unwrap();
    assert!(log.contains("the store gave up"), "{log}");
    let acknowledged = locked(&book).acknowledged();
    assert!(acknowledged > 0);

    let mut process = desk.start(&[]);
    process.ready().await.unwrap();
    Load::repeat_unknown(&desk, &book).await;
    let mut findings = Findings::default();
    drained(&desk, &mut findings).await;
    let wrong = check(&desk, &locked(&book), &mut findings).await;
    say(format!(
        "FI-10: {acknowledged} writes acknowledged before a sync failed; ended with {status}; after a restart lost {}",
        wrong.len()
    ));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
