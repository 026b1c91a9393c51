//! Hears what other instances publish, on a connection of its own that is made again whenever it breaks.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use redis::RedisResult;
use redis::aio::{PubSubSink, PubSubStream};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};

use super::link::Link;
use crate::driver::hub::Hub;

/// How often a quiet connection is asked for a sign of life: a half-open one would stay silent for ever.
const PING_EVERY: Duration = Duration::from_secs(10);
/// First and longest wait before connecting again.
const RETRY_FIRST: Duration = Duration::from_millis(50);
const RETRY_LONGEST: Duration = Duration::from_secs(1);

/// Runs until aborted. After every new subscription the waiting ones are told that they may have missed something.
pub(super) async fn run(
    link: Arc<Link>,
    channel: String,
    hub: Arc<Hub>,
    open: impl Fn(&[u8]) -> Option<([u8; 16], Vec<u8>)> + Send,
) {
    let mut pause = RETRY_FIRST;
    loop {
        if let Ok(Ok((sink, stream))) = timeout(link.connect_timeout(), subscribe(&link, &channel)).await {
            pause = RETRY_FIRST;
            hub.missed();
            hear(sink, stream, link.connect_timeout(), &hub, &open).await;
            tracing::debug!("the wake-up subscription broke");
        }
        sleep(pause).await;
        pause = (pause * 2).min(RETRY_LONGEST);
    }
}

async fn subscribe(link: &Link, channel: &str) -> RedisResult<(PubSubSink, PubSubStream)> {
    let (mut sink, stream) = link.client().get_async_pubsub().await?.split();
    sink.subscribe(channel).await?;
    Ok((sink, stream))
}

/// Passes messages on until the connection ends or stops answering.
async fn hear(
    mut sink: PubSubSink,
    mut stream: PubSubStream,
    patience: Duration,
    hub: &Hub,
    open: impl Fn(&[u8]) -> Option<([u8; 16], Vec<u8>)>,
) {
    let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            message = stream.next() => match message {
                None => return,
                Some(message) => {
                    if let Some((topic, payload)) = open(message.get_payload_bytes()) {
                        hub.send(topic, &payload);
                    }
                }
            },
            _ = ping.tick() => match timeout(patience, sink.ping::<redis::Value>()).await {
                Ok(Ok(_)) => {}
                _ => return,
            },
        }
    }
}
