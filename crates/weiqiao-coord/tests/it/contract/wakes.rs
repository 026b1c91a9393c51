use futures_util::StreamExt as _;
use redis::AsyncCommands as _;
use tokio::time::timeout;
use weiqiao_coord::{Subscription, Wake};

use crate::support::{Bench, PATIENCE, Server, clock, config, next, open, redis_url, until};

/// The next wake that carries something: a new subscription on Redis starts with "you may have missed something".
async fn note(waiting: &mut Subscription) -> Vec<u8> {
    loop {
        if let Wake::Note(payload) = next(waiting).await {
            return payload;
        }
    }
}

#[tokio::test]
async fn this_process_is_woken_once_per_note_and_topic() {
    for bench in Bench::both().await {
        let (mut jobs, mut jobs_too) = (bench.coord.wake().subscribe("jobs"), bench.coord.wake().subscribe("jobs"));
        let mut rules = bench.coord.wake().subscribe("rules");
        bench.coord.wake().notify("nobody waits", b"").await;
        bench.coord.wake().notify("jobs", b"1").await;
        bench.coord.wake().notify("jobs", b"2").await;
        bench.coord.wake().notify("rules", b"3").await;
        for waiting in [&mut jobs, &mut jobs_too] {
            assert_eq!(note(waiting).await, b"1");
            assert_eq!(note(waiting).await, b"2");
        }
        assert_eq!(note(&mut rules).await, b"3", "and not those of other topics");
    }
}

#[tokio::test]
async fn other_instances_are_woken_exactly_once() {
    let Some(url) = redis_url() else { return };
    let (clock, config) = (clock(), config(&url));
    let (here, there) = (open(config.clone(), &clock).await, open(config, &clock).await);
    let (mut heard_here, mut heard_there) = (here.wake().subscribe("jobs"), there.wake().subscribe("jobs"));
    assert_eq!(next(&mut heard_here).await, Wake::Missed, "subscribed");
    assert_eq!(next(&mut heard_there).await, Wake::Missed, "subscribed");

    here.wake().notify("jobs", b"from here").await;
    assert_eq!(next(&mut heard_there).await, Wake::Note(b"from here".to_vec()));
    there.wake().notify("jobs", b"from there").await;
    assert_eq!(next(&mut heard_here).await, Wake::Note(b"from here".to_vec()), "its own, told without Redis");
    assert_eq!(next(&mut heard_here).await, Wake::Note(b"from there".to_vec()), "and its own is not heard twice");
}

#[tokio::test]
async fn an_instance_with_another_secret_is_not_heard() {
    let Some(url) = redis_url() else { return };
    let (clock, config) = (clock(), config(&url));
    let mut foreign = config.clone();
    foreign.key_secret = [8; 32];
    let (here, there) = (open(config.clone(), &clock).await, open(config, &clock).await);
    let stranger = open(foreign, &clock).await;
    let mut heard = here.wake().subscribe("jobs");
    assert_eq!(next(&mut heard).await, Wake::Missed, "subscribed");
    stranger.wake().notify("jobs", b"forged").await;
    there.wake().notify("jobs", b"genuine").await;
    assert_eq!(next(&mut heard).await, Wake::Note(b"genuine".to_vec()));
}

#[tokio::test]
async fn a_note_that_was_changed_on_the_way_is_not_heard() {
    let Some(url) = redis_url() else { return };
    let (clock, config) = (clock(), config(&url));
    let mut server = Server::connect(&url, &config.prefix).await;
    let channel = format!("{}:wake", config.prefix);
    let (here, there) = (open(config.clone(), &clock).await, open(config, &clock).await);
    let mut overheard = redis::Client::open(url).unwrap().get_async_pubsub().await.unwrap();
    overheard.subscribe(&channel).await.unwrap();
    let mut heard = here.wake().subscribe("jobs");
    assert_eq!(next(&mut heard).await, Wake::Missed, "subscribed");

    there.wake().notify("jobs", b"one").await;
    assert_eq!(next(&mut heard).await, Wake::Note(b"one".to_vec()));
    let mut message = overheard.on_message().next().await.unwrap().get_payload_bytes().to_vec();
    *message.last_mut().unwrap() ^= 1;
    for forged in [message.as_slice(), b"", b"short"] {
        let _: () = server.connection.publish(&channel, forged).await.unwrap();
    }
    there.wake().notify("jobs", b"two").await;
    assert_eq!(next(&mut heard).await, Wake::Note(b"two".to_vec()));
}

#[tokio::test]
async fn a_dropped_coord_ends_its_subscriptions_and_its_connections() {
    let Some(mut bench) = Bench::redis().await else { return };
    let mut waiting = bench.coord.wake().subscribe("jobs");
    assert_eq!(next(&mut waiting).await, Wake::Missed);
    let mut server = bench.server.take().unwrap();
    let channel = format!("{}:wake", server.prefix);
    assert_eq!(server.subscribers(&channel).await, 1);
    drop(bench);
    assert_eq!(timeout(PATIENCE, waiting.next()).await, Ok(None));
    until("the connection is closed", async || server.subscribers(&channel).await == 0).await;
}
