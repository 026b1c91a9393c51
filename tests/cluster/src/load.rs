//! Requests at a steady rate, whatever becomes of the ones before, and what became of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// What became of one request.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The how-manieth it was.
    pub n: u64,
    /// When it was sent.
    pub at: Instant,
    /// How long it took.
    pub took: Duration,
    /// The status; nothing when no answer came, with the reason in `text`.
    pub status: Option<u16>,
    /// Whether it said when to come again.
    pub retry_after: bool,
    /// The answer, or why there is none.
    pub text: String,
}

impl Sample {
    /// Sends one request and notes what becomes of it.
    pub async fn of(n: u64, request: reqwest::RequestBuilder) -> Self {
        let at = Instant::now();
        let answered = async {
            let answer = request.send().await?;
            let (status, retry) = (answer.status().as_u16(), answer.headers().contains_key("retry-after"));
            Ok::<_, reqwest::Error>((status, retry, answer.text().await?))
        };
        let (status, retry_after, text) = match answered.await {
            Ok((status, retry, text)) => (Some(status), retry, text),
            Err(error) => (None, false, format!("{error:?}")),
        };
        Self { n, at, took: at.elapsed(), status, retry_after, text }
    }

    pub fn is_good(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

/// What became of many.
#[derive(Debug, Clone, Default)]
pub struct Samples(pub Vec<Sample>);

impl Samples {
    /// Those that were sent in this time.
    pub fn between(&self, from: Instant, to: Instant) -> Self {
        Self(self.0.iter().filter(|sample| sample.at >= from && sample.at < to).cloned().collect())
    }

    /// Those that are not as they should be.
    pub fn but(&self, fine: impl Fn(&Sample) -> bool) -> Vec<&Sample> {
        self.0.iter().filter(|sample| !fine(sample)).collect()
    }

    pub fn good(&self) -> usize {
        self.0.iter().filter(|sample| sample.is_good()).count()
    }

    /// How often each status came; 0 is no answer.
    pub fn statuses(&self) -> BTreeMap<u16, usize> {
        let mut counts = BTreeMap::new();
        for sample in &self.0 {
            *counts.entry(sample.status.unwrap_or(0)).or_default() += 1;
        }
        counts
    }

    /// The time that this share of them took at most.
    pub fn within(&self, share: f64) -> Duration {
        let mut took: Vec<Duration> = self.0.iter().map(|sample| sample.took).collect();
        took.sort_unstable();
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let at = ((took.len() as f64 * share).ceil() as usize).clamp(1, took.len().max(1)) - 1;
        took.get(at).copied().unwrap_or_default()
    }
}

impl std::fmt::Display for Samples {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (median, tail, longest) = (self.within(0.5), self.within(0.99), self.within(1.0));
        write!(
            f,
            "{} requests {:?}, p50 {median:.1?} p99 {tail:.1?} longest {longest:.1?}",
            self.0.len(),
            self.statuses()
        )
    }
}

/// Requests on their way.
pub struct Load {
    stop: Arc<AtomicBool>,
    task: JoinHandle<Samples>,
}

impl Load {
    /// Sends `rate` requests a second. A sender that fell behind catches up: the load does not become less because the
    /// service became slow.
    pub fn start<F>(rate: u32, send: impl Fn(u64) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Sample> + Send + 'static,
    {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            let mut ticks = interval(Duration::from_secs(1) / rate);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
            let mut sent = Vec::new();
            while !stopped.load(Ordering::SeqCst) {
                ticks.tick().await;
                sent.push(tokio::spawn(send(sent.len() as u64)));
            }
            let mut samples = Vec::with_capacity(sent.len());
            for one in sent {
                samples.push(one.await.unwrap());
            }
            Samples(samples)
        });
        Self { stop, task }
    }

    /// Sends no more, waits for what is under way, and gives what became of all.
    pub async fn end(self) -> Samples {
        self.stop.store(true, Ordering::SeqCst);
        self.task.await.unwrap()
    }
}
