//! Folding the WAL into the database.
//!
//! Most of it happens on a thread beside the writer, which goes on writing: 64 MiB of pages take some fifty milliseconds, and
//! nobody should wait for that. What came meanwhile is little, and the writer folds it between two groups: only a WAL that
//! is folded whole at that moment is used again from its beginning.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Sender, bounded};
use rusqlite::Connection;
use weiqiao_model::crash_point;

use super::connection::open_for_folding;
use crate::StoreError;

/// How many pages (4 KiB each) the WAL gathers before it is folded. A page that was written ten times meanwhile is folded
/// once.
pub(super) const FOLD_PAGES: i32 = 16_000;

/// How many pages later it is looked again: whether the disk has room for a WAL of [`FOLD_PAGES`], or whether a reader that
/// kept the WAL from its beginning is gone.
const LOOK_PAGES: i32 = 1_000;

/// The most pages the writer folds itself, a few milliseconds.
const REST_PAGES: i32 = 1_000;

/// How many times the thread beside goes after what came meanwhile. Then the disk is too slow for what is written, and
/// those who write wait for the rest.
const ROUNDS: u32 = 4;

/// How far a fold came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folded {
    /// Pages the WAL had when it began.
    pub(super) pages: i32,
    /// How many of them are in the database now; fewer while a reader looks at an older state.
    pub(super) folded: i32,
}

/// Folds what can be folded without waiting for anybody.
pub(super) fn fold(connection: &Connection) -> Result<Folded, rusqlite::Error> {
    crash_point!("store.checkpoint.before");
    let outcome = connection
        .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok(Folded { pages: row.get(1)?, folded: row.get(2)? }));
    crash_point!("store.checkpoint.after");
    outcome
}

/// The thread beside the writer.
pub(super) struct FoldThread {
    ask: Sender<()>,
    thread: JoinHandle<()>,
}

impl FoldThread {
    /// Opens its connection and starts it. `tell` hears, on that thread, how far each fold came.
    pub(super) fn start(
        path: &Path,
        tell: impl Fn(Result<Folded, rusqlite::Error>) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let connection = open_for_folding(path)?;
        let (ask, asked) = bounded(1);
        let serve = move || asked.iter().for_each(|()| tell(fold(&connection)));
        let thread = thread::Builder::new()
            .name("weiqiao-fold".to_owned())
            .spawn(serve)
            .map_err(|error| StoreError::unavailable(format!("starting the thread that folds the WAL: {error}")))?;
        Ok(Self { ask, thread })
    }

    /// Begins a fold. None is under way.
    pub(super) fn ask(&self) {
        let _ = self.ask.try_send(());
    }

    /// Waits until a fold that is under way is done, and closes the connection.
    pub(super) fn stop(self) {
        drop(self.ask);
        let _ = self.thread.join();
    }
}

/// What is to be done about the WAL now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing.
    Wait,
    /// The thread beside the writer folds.
    Beside,
    /// The writer folds, now.
    Here,
}

/// When to fold, and where.
pub(super) struct Plan {
    /// Pages in the WAL, as of the last commit.
    pages: Arc<AtomicI32>,
    /// The next fold begins at this many.
    fold_at: i32,
    /// The next look at the room on the disk happens at this many.
    look_at: i32,
    /// All of this many are in the database: the next commit starts the WAL from its beginning, unless somebody reads it.
    whole: Option<i32>,
    /// How many times the thread beside was asked for the fold that is under way.
    rounds: u32,
}

impl Plan {
    pub(super) fn new(pages: Arc<AtomicI32>) -> Self {
        Self { pages, fold_at: FOLD_PAGES, look_at: LOOK_PAGES, whole: None, rounds: 0 }
    }

    fn pages(&self) -> i32 {
        self.pages.load(Ordering::Relaxed)
    }

    /// After a group. `is_scarce` looks whether the disk may soon be full.
    pub(super) fn next(&mut self, is_scarce: impl FnOnce() -> bool) -> Step {
        let pages = self.pages();
        if self.whole.is_some_and(|whole| pages < whole) {
            (self.fold_at, self.look_at, self.whole) = (FOLD_PAGES, LOOK_PAGES, None);
        }
        if self.rounds > 0 {
            return Step::Wait;
        }
        if pages >= self.fold_at {
            self.rounds = 1;
            return Step::Beside;
        }
        if pages >= self.look_at {
            self.look_at = pages.saturating_add(LOOK_PAGES);
            if is_scarce() {
                return Step::Here;
            }
        }
        Step::Wait
    }

    /// After the thread beside was done.
    pub(super) fn beside(&mut self, folded: Folded) -> Step {
        let pages = self.pages();
        let is_held = folded.folded < folded.pages;
        if pages - folded.folded > REST_PAGES && is_held {
            self.rounds = 0;
            self.fold_at = pages.saturating_add(FOLD_PAGES);
            return Step::Wait;
        }
        if pages - folded.folded > REST_PAGES && self.rounds < ROUNDS {
            self.rounds += 1;
            return Step::Beside;
        }
        self.rounds = 0;
        Step::Here
    }

    /// After the writer folded.
    pub(super) fn here(&mut self, Folded { pages, folded }: Folded) {
        self.whole = (folded >= pages).then_some(pages);
        self.look_at = pages.saturating_add(LOOK_PAGES);
        // A reader that comes and goes holds a little, and is gone soon; who holds much looks at an old state for long.
        self.fold_at = pages.saturating_add(if pages - folded <= REST_PAGES { LOOK_PAGES } else { FOLD_PAGES });
    }

    /// After a fold that did not work.
    pub(super) fn failed(&mut self) {
        self.rounds = 0;
        self.fold_at = self.pages().saturating_add(FOLD_PAGES);
    }

    /// Whether the thread beside folds.
    #[cfg(test)]
    pub(super) fn is_under_way(&self) -> bool {
        self.rounds > 0
    }

    /// The disk may be full: look at its room after the next group.
    pub(super) fn look_soon(&mut self) {
        self.look_at = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> (Plan, impl Fn(i32)) {
        let pages = Arc::new(AtomicI32::new(0));
        (Plan::new(Arc::clone(&pages)), move |count| pages.store(count, Ordering::Relaxed))
    }

    fn next(plan: &mut Plan) -> Step {
        plan.next(|| false)
    }

    fn whole(pages: i32) -> Folded {
        Folded { pages, folded: pages }
    }

    #[test]
    fn the_thread_beside_folds_most_and_the_writer_the_rest() {
        let (mut plan, set) = plan();
        set(FOLD_PAGES - 1);
        assert_eq!(next(&mut plan), Step::Wait);
        set(FOLD_PAGES + 5);
        assert_eq!(next(&mut plan), Step::Beside);
        set(FOLD_PAGES + 3_000);
        assert_eq!(next(&mut plan), Step::Wait, "one at a time");
        assert_eq!(plan.beside(whole(FOLD_PAGES + 5)), Step::Beside, "much came meanwhile");
        set(FOLD_PAGES + 3_600);
        assert_eq!(plan.beside(whole(FOLD_PAGES + 3_000)), Step::Here);
        plan.here(whole(FOLD_PAGES + 3_600));
        assert_eq!(next(&mut plan), Step::Wait);
        set(10);
        assert_eq!(next(&mut plan), Step::Wait);
        set(FOLD_PAGES);
        assert_eq!(next(&mut plan), Step::Beside, "it began anew, and grew as far as before");
    }

    #[test]
    fn a_disk_that_never_comes_after_makes_the_writer_wait() {
        let (mut plan, set) = plan();
        set(FOLD_PAGES);
        assert_eq!(next(&mut plan), Step::Beside);
        for round in 1..ROUNDS.cast_signed() {
            set(FOLD_PAGES * (round + 1));
            assert_eq!(plan.beside(whole(FOLD_PAGES * round)), Step::Beside);
        }
        assert_eq!(plan.beside(whole(FOLD_PAGES)), Step::Here);
    }

    #[test]
    fn a_long_reader_is_waited_for_in_large_steps_and_a_short_one_in_small_ones() {
        let (mut plan, set) = plan();
        set(FOLD_PAGES);
        assert_eq!(next(&mut plan), Step::Beside);
        assert_eq!(plan.beside(Folded { pages: FOLD_PAGES, folded: 100 }), Step::Wait);
        set(2 * FOLD_PAGES - 1);
        assert_eq!(next(&mut plan), Step::Wait);
        set(2 * FOLD_PAGES);
        assert_eq!(next(&mut plan), Step::Beside);
        assert_eq!(plan.beside(Folded { pages: 2 * FOLD_PAGES, folded: 2 * FOLD_PAGES - 3 }), Step::Here);
        plan.here(Folded { pages: 2 * FOLD_PAGES, folded: 2 * FOLD_PAGES - 3 });
        set(2 * FOLD_PAGES + LOOK_PAGES);
        assert_eq!(next(&mut plan), Step::Beside);
        assert_eq!(plan.beside(whole(2 * FOLD_PAGES + LOOK_PAGES)), Step::Here);
        // Folded whole, and yet somebody read: the WAL goes on where it was.
        plan.here(whole(2 * FOLD_PAGES + LOOK_PAGES));
        set(2 * FOLD_PAGES + LOOK_PAGES + 20);
        assert_eq!(next(&mut plan), Step::Wait);
        set(2 * FOLD_PAGES + 2 * LOOK_PAGES);
        assert_eq!(next(&mut plan), Step::Beside);
    }

    #[test]
    fn a_disk_that_is_nearly_full_is_looked_at_often_and_folded_at_once() {
        let (mut plan, set) = plan();
        set(LOOK_PAGES - 1);
        assert_eq!(plan.next(|| true), Step::Wait);
        set(LOOK_PAGES);
        assert_eq!(plan.next(|| true), Step::Here);
        plan.here(Folded { pages: LOOK_PAGES, folded: 0 });
        assert_eq!(plan.next(|| true), Step::Wait);
        plan.look_soon();
        assert_eq!(plan.next(|| true), Step::Here);
        plan.failed();
        assert_eq!(next(&mut plan), Step::Wait);
    }
}
