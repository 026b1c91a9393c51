//! FI-03 (a): seen from below, by system calls: no reply leaves before the disk has confirmed what it acknowledges.
//!
//! A process that is killed loses nothing the kernel already has, so killing cannot tell a synced write from one that was
//! not. `strace` can: between the write of a row into the WAL and the reply that tells of it there must be a sync that began
//! after the one and ended before the other.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::sleep;

use crate::support::{Book, Desk, Engine, Load, figure, locked, say};

/// Follows a trace.
#[derive(Debug, Default)]
struct Order {
    /// The descriptors of the WAL: the writer's, that of the thread beside it and those of readers, who never write. A sync
    /// through any of them is one of the file.
    wal: HashSet<String>,
    /// By thread, whether it is a WAL that is being opened there.
    opening: HashMap<String, bool>,
    /// Writes into the WAL so far, and how many of them a sync has confirmed.
    written: u64,
    synced: u64,
    syncs: u64,
    /// By thread, how many were written when the sync began that is under way there.
    syncing: HashMap<String, u64>,
    /// By id, which write brought it first.
    rows: HashMap<String, u64>,
    replies: u64,
    wrong: Vec<String>,
}

impl Order {
    fn line(&mut self, line: &str) {
        let Some((thread, call)) = line.split_once(' ') else { return };
        let call = call.trim_start();
        if call.starts_with("openat(") {
            let is_wal = call.contains(".db-wal\"");
            match call.contains("unfinished") {
                true => drop(self.opening.insert(thread.to_owned(), is_wal)),
                false => self.opened(is_wal, call),
            }
        } else if call.starts_with("<... openat resumed>") {
            if let Some(is_wal) = self.opening.remove(thread) {
                self.opened(is_wal, call);
            }
        } else if let Some(rest) = call.strip_prefix("pwrite64(") {
            if self.is_wal(rest) {
                self.written += 1;
                for id in ids(rest) {
                    self.rows.entry(id.to_owned()).or_insert(self.written);
                }
            }
        } else if let Some(rest) = call.strip_prefix("fdatasync(").or_else(|| call.strip_prefix("fsync(")) {
            if self.is_wal(rest) {
                if rest.contains("unfinished") {
                    self.syncing.insert(thread.to_owned(), self.written);
                } else if rest.contains("= 0") {
                    self.confirmed(self.written);
                }
            }
        } else if call.starts_with("<... fdatasync resumed>") || call.starts_with("<... fsync resumed>") {
            if let Some(written) = self.syncing.remove(thread)
                && call.contains("= 0")
            {
                self.confirmed(written);
            }
        } else if call.contains("HTTP/1.1 200") {
            let Some((_, told)) = call.split_once("actionId") else { return };
            let Some(id) = ids(told).next() else { return };
            self.replies += 1;
            match self.rows.get(id) {
                Some(row) if *row <= self.synced => {}
                Some(row) => self.wrong.push(format!("{id}: written as {row}, confirmed {}", self.synced)),
                None => self.wrong.push(format!("{id}: never written")),
            }
        }
    }

    fn opened(&mut self, is_wal: bool, call: &str) {
        let Some((_, number)) = call.rsplit_once("= ") else { return };
        match is_wal {
            true => self.wal.insert(number.trim().to_owned()),
            // Closed, and given to another file.
            false => self.wal.remove(number.trim()),
        };
    }

    fn confirmed(&mut self, written: u64) {
        self.syncs += 1;
        self.synced = self.synced.max(written);
    }

    fn is_wal(&self, arguments: &str) -> bool {
        arguments.split([',', ')', ' ']).next().is_some_and(|descriptor| self.wal.contains(descriptor))
    }
}

/// Our ids in a text: UUIDs.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let is_id = move |at: &usize| {
        let dashes = [8, 13, 18, 23];
        let fits = |(place, byte): (usize, &u8)| match dashes.contains(&place) {
            true => *byte == b'-',
            false => byte.is_ascii_hexdigit(),
        };
        bytes[*at..].len() >= 36 && bytes[*at + 8] == b'-' && bytes[*at..*at + 36].iter().enumerate().all(fits)
    };
    (0..bytes.len().saturating_sub(35)).filter(is_id).map(move |at| &text[at..at + 36])
}

#[test]
fn a_reply_before_its_sync_is_noticed() {
    let (one, two) = ("0199f0aa-0000-7000-8000-00000000000a", "0199f0aa-0000-7000-8000-00000000000b");
    let follow = |lines: &[String]| {
        let mut order = Order::default();
        lines.iter().for_each(|line| order.line(line));
        order
    };
    let open = "7 openat(AT_FDCWD, \"/x/weiqiao.db-wal\", O_RDWR|O_CREAT, 0600) = 9".to_owned();
    let row = |id: &str| format!("7 pwrite64(9, \"\\0\\1$\\002{id}\\33\", 4096, 32) = 4096");
    let reply =
        |id: &str| format!("8 sendto(12, \"HTTP/1.1 200 OK\\r\\n\\r\\n{{\\\"actionId\\\":\\\"{id}\\\"\", 9) = 9");
    let sync = "7 fdatasync(9) = 0".to_owned();
    let begin = "7 fdatasync(9 <unfinished ...>".to_owned();
    let end = "7 <... fdatasync resumed>) = 0".to_owned();
    let good =
        follow(&[open.clone(), row(one), sync.clone(), reply(one), row(two), begin.clone(), end.clone(), reply(two)]);
    assert_eq!((good.replies, good.syncs, good.wrong.len()), (2, 2, 0), "{good:?}");
    let beside =
        ["9 openat(AT_FDCWD, \"/x/weiqiao.db-wal\", O_RDWR <unfinished ...>", "9 <... openat resumed>, 0600) = 11"];
    let opened = [open.clone(), beside[0].to_owned(), beside[1].to_owned()];
    let other_sync = "9 fdatasync(11) = 0".to_owned();
    let good = follow(&[&opened[..], &[row(one), other_sync.clone(), reply(one)]].concat());
    assert_eq!((good.syncs, good.wrong.len()), (1, 0), "{good:?}");
    let other = "9 openat(AT_FDCWD, \"/x/log\", O_RDWR) = 11".to_owned();
    for bad in [
        [&opened[..], &[other, row(one), other_sync, reply(one)]].concat(),
        vec![open.clone(), row(one), reply(one), sync.clone()],
        vec![open.clone(), row(one), begin.clone(), reply(one), end.clone()],
        vec![open.clone(), sync.clone(), row(one), reply(one)],
        vec![open.clone(), row(one), sync.clone(), reply(two)],
        vec![open.clone(), begin, row(one), end, reply(one)],
        vec![open, row(one), "7 fdatasync(9) = -1 EIO (Input/output error)".to_owned(), reply(one)],
    ] {
        assert_eq!(follow(&bad).wrong.len(), 1, "{bad:?}");
    }
}

/// Whether processes may be traced here.
fn can_trace() -> bool {
    let traced = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    match traced {
        Ok(status) => status.success(),
        Err(_) => {
            assert!(
                std::env::var_os("WEIQIAO_TEST_REQUIRE_SERVICES").is_none(),
                "strace is missing: scripts/setup.sh test"
            );
            false
        }
    }
}

fn follow(fifo: &Path) -> thread::JoinHandle<Order> {
    let fifo = fifo.to_owned();
    thread::spawn(move || {
        let mut trace = BufReader::with_capacity(1 << 20, std::fs::File::open(fifo).unwrap());
        let (mut order, mut line) = (Order::default(), Vec::new());
        while trace.read_until(b'\n', &mut line).unwrap() > 0 {
            let text = String::from_utf8_lossy(&line);
            order.line(text.trim_end());
            line.clear();
        }
        order
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_leaves_before_its_sync() {
    if !can_trace() {
        say("FI-03(a): SKIPPED, NOTHING WAS SHOWN: processes cannot be traced here");
        return;
    }
    let wanted = figure(10_000, 100_000);
    let desk = Desk::new(Engine::Sqlite).await.unwrap();
    let fifo = desk.path("trace");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let trace = follow(&fifo);
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-s", "6000", "-e", "signal=none", "-o"]).arg(&fifo);
    strace.args(["-e", "trace=openat,pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg", "--seccomp-bpf"]);
    strace.arg(Desk::program());
    let mut process = desk.start_as(strace, &[]);
    process.ready().await.unwrap_or_else(|status| panic!("{status}: {}", desk.log()));
    desk.subscribe().await;
    let (book, begun) = (Arc::new(Mutex::new(Book::default())), Instant::now());
    let load = Load::start_actions(&desk, &book, 64);
    let acknowledged = || locked(&book).actions.values().filter(|action| action.acked.is_some()).count();
    while acknowledged() < wanted {
        assert!(begun.elapsed() < Duration::from_secs(400), "{} replies, {}", acknowledged(), desk.log());
        sleep(Duration::from_millis(100)).await;
    }
    let took = begun.elapsed();
    // Only now, with every connection still open: closing the database syncs too and would hide what was not.
    let id = std::fs::read_to_string(desk.path("data/weiqiao.db.lock")).unwrap();
    kill_process(Pid::from_raw(id.trim().parse().unwrap()).unwrap(), Signal::KILL).unwrap();
    load.end().await;
    process.end(Duration::from_secs(20)).await.expect("strace ends with what it traces");
    let order = trace.join().unwrap();
    say(format!(
        "FI-03(a): {} replies to actions in {took:.1?}, {} writes into the WAL, {} syncs, {} out of order",
        order.replies,
        order.written,
        order.syncs,
        order.wrong.len()
    ));
    assert!(order.replies >= wanted as u64, "{} of {wanted} replies were seen", order.replies);
    assert!(order.wrong.is_empty(), "{:?}", &order.wrong[..order.wrong.len().min(10)]);
}
