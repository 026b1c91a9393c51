//! A socket with deadlines.
//!
//! hyper asks the socket for bytes in every phase that waits on the client, so a deadline kept here covers them
//! all: a silent socket, half a head, the pause between requests, a peer that stopped reading. Which deadline
//! counts is decided by the connection's [`Phase`], which the service moves when a head is complete and when its
//! answer is done.
//!
//! One timer serves a connection for its whole life and is only touched when it is armed too late or has fired, so a
//! request costs a clock reading and some stores instead of an allocation and timer operations. A connection stays in one
//! task from its first byte to its last, so a timer that is armed knows whom to wake.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// No deadline: a request is being worked on.
const NONE: u64 = u64::MAX;
/// The first bytes of a further request came: its deadline begins, as soon as somebody has to wait for the rest.
const BEGUN: u64 = u64::MAX - 1;
/// Set in the stored word while the connection is between two requests.
const IDLE: u64 = 1 << 63;

/// What the connection waits for, shared between its socket and its service.
#[derive(Debug)]
pub(super) struct Phase {
    started: Instant,
    /// Milliseconds after `started`, with [`IDLE`] as a flag; or [`NONE`], or [`BEGUN`].
    deadline: AtomicU64,
    /// No request has come yet.
    new: AtomicBool,
    head_timeout: Duration,
    idle_timeout: Duration,
}

impl Phase {
    /// A new connection: the head of its first request is awaited.
    pub(super) fn new(head_timeout: Duration, idle_timeout: Duration) -> Self {
        let (deadline, new) = (AtomicU64::new(NONE), AtomicBool::new(true));
        let phase = Self { started: Instant::now(), deadline, new, head_timeout, idle_timeout };
        phase.deadline.store(phase.after(head_timeout), Ordering::Relaxed);
        phase
    }

    /// A head is complete: from here the request's own limits count.
    pub(super) fn busy(&self) {
        self.deadline.store(NONE, Ordering::Relaxed);
        self.new.store(false, Ordering::Relaxed);
    }

    /// Whether nothing was asked yet.
    pub(super) fn is_new(&self) -> bool {
        self.new.load(Ordering::Relaxed)
    }

    /// The answer is done: the next request may take its time to begin.
    pub(super) fn idle(&self) {
        self.deadline.store(self.after(self.idle_timeout) | IDLE, Ordering::Relaxed);
    }

    /// Bytes came: if they begin a further request, its head has to follow.
    fn heard(&self) {
        let word = self.deadline.load(Ordering::Relaxed);
        if word != NONE && word & IDLE != 0 {
            self.deadline.store(BEGUN, Ordering::Relaxed);
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let mut word = self.deadline.load(Ordering::Relaxed);
        if word == BEGUN {
            // Nearly every head comes whole, and then nobody gets here.
            word = self.after(self.head_timeout);
            self.deadline.store(word, Ordering::Relaxed);
        }
        (word != NONE).then(|| self.started + Duration::from_millis(word & !IDLE))
    }

    fn after(&self, wait: Duration) -> u64 {
        let millis = (self.started.elapsed() + wait).as_millis();
        u64::try_from(millis).unwrap_or(BEGUN - 1) & !IDLE
    }
}

/// A socket whose waits end.
pub(super) struct Guard<S> {
    socket: S,
    phase: Arc<Phase>,
    write_stall: Duration,
    read_timer: Option<Pin<Box<Sleep>>>,
    write_timer: Option<Pin<Box<Sleep>>>,
}

impl<S> Guard<S> {
    pub(super) fn new(socket: S, phase: Arc<Phase>, write_stall: Duration) -> Self {
        Self { socket, phase, write_stall, read_timer: None, write_timer: None }
    }
}

/// Polls a lazily made timer towards `deadline`; ready when that moment has passed.
fn poll_deadline(timer: &mut Option<Pin<Box<Sleep>>>, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
    if timer.as_ref().is_some_and(|armed| armed.deadline() <= deadline && !armed.is_elapsed()) {
        return Poll::Pending;
    }
    let armed = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
    // A timer that rings too early costs one look; one that rings too late would miss the deadline.
    if armed.deadline() > deadline {
        armed.as_mut().reset(deadline);
    }
    loop {
        ready!(armed.as_mut().poll(cx));
        if armed.deadline() >= deadline {
            return Poll::Ready(());
        }
        armed.as_mut().reset(deadline);
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guard<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        match Pin::new(&mut this.socket).poll_read(cx, buf) {
            Poll::Ready(result) => {
                if buf.filled().len() > before {
                    this.phase.heard();
                }
                Poll::Ready(result)
            }
            Poll::Pending => {
                let Some(deadline) = this.phase.deadline() else { return Poll::Pending };
                ready!(poll_deadline(&mut this.read_timer, deadline, cx));
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client was silent for too long")))
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> Guard<S> {
    /// Ends a write that has made no progress for the whole of `write_stall`.
    fn bounded<T>(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let this = self.get_mut();
        if let Poll::Ready(result) = write(Pin::new(&mut this.socket), cx) {
            this.write_timer = None;
            return Poll::Ready(result);
        }
        let deadline = match &this.write_timer {
            Some(armed) => armed.deadline(),
            None => Instant::now() + this.write_stall,
        };
        ready!(poll_deadline(&mut this.write_timer, deadline, cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client stopped reading")))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guard<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.bounded(cx, |socket, cx| socket.poll_write(cx, buf))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().bounded(cx, |socket, cx| socket.poll_flush(cx)))?;
        // The end of an answer starts a pause, and hyper, which waits for bytes since before, does not ask for
        // them again: the timer is armed here. What it says is heard at the read it leads to. One that is armed rings
        // before the end of this pause: no pause begins earlier than those before it.
        let this = self.get_mut();
        let armed = this.read_timer.as_ref().is_some_and(|armed| !armed.is_elapsed());
        if !armed && let Some(deadline) = this.phase.deadline() {
            let _ = poll_deadline(&mut this.read_timer, deadline, cx);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.bounded(cx, |socket, cx| socket.poll_shutdown(cx))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.bounded(cx, |socket, cx| socket.poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::{Guard, Phase};

    const HEAD: Duration = Duration::from_secs(10);
    const IDLE: Duration = Duration::from_secs(15);
    const STALL: Duration = Duration::from_secs(30);

    fn guarded(buffer: usize) -> (tokio::io::DuplexStream, Guard<tokio::io::DuplexStream>, Arc<Phase>) {
        let (client, server) = tokio::io::duplex(buffer);
        let phase = Arc::new(Phase::new(HEAD, IDLE));
        (client, Guard::new(server, Arc::clone(&phase), STALL), phase)
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_socket_ends_after_the_head_timeout() {
        let (_client, mut socket, _phase) = guarded(64);
        let begun = tokio::time::Instant::now();
        let error = socket.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), HEAD.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn dripping_a_head_does_not_move_its_deadline() {
        let (mut client, mut socket, _phase) = guarded(64);
        let begun = tokio::time::Instant::now();
        let drip = async {
            while client.write_u8(b'x').await.is_ok() {
                tokio::time::sleep(Duration::from_secs(3)).await;
            }
        };
        let read = async { while socket.read_u8().await.is_ok() {} };
        tokio::select! { () = drip => unreachable!(), () = read => {} }
        assert_eq!(begun.elapsed().as_secs(), HEAD.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_in_work_has_no_deadline_and_the_pause_after_it_has_the_longer_one() {
        let (_client, mut socket, phase) = guarded(64);
        phase.busy();
        assert!(tokio::time::timeout(Duration::from_secs(60), socket.read_u8()).await.is_err());
        phase.idle();
        let begun = tokio::time::Instant::now();
        socket.read_u8().await.unwrap_err();
        assert_eq!(begun.elapsed().as_secs(), IDLE.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_byte_of_a_further_request_starts_its_head_timeout() {
        let (mut client, mut socket, phase) = guarded(64);
        phase.idle();
        tokio::time::sleep(Duration::from_secs(14)).await;
        client.write_u8(b'G').await.unwrap();
        socket.read_u8().await.unwrap();
        let begun = tokio::time::Instant::now();
        socket.read_u8().await.unwrap_err();
        assert_eq!(begun.elapsed().as_secs(), HEAD.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_takes_nothing_is_cut_and_one_that_takes_a_little_is_not() {
        let (mut client, mut socket, _phase) = guarded(4);
        let begun = tokio::time::Instant::now();
        let write = async {
            loop {
                if let Err(error) = socket.write_all(b"12345678").await {
                    break error;
                }
            }
        };
        let read = async {
            for _ in 0..3 {
                tokio::time::sleep(Duration::from_secs(20)).await;
                client.read_exact(&mut [0; 4]).await.unwrap();
            }
            std::future::pending::<()>().await;
        };
        let error = tokio::select! { error = write => error, () = read => unreachable!() };
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), 60 + STALL.as_secs());
    }
}
