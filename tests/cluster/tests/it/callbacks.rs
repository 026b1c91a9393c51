//! FI-17, short: pushes three times each, shuffled, to three instances at once. Every effect happens once.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use weiqiao_cluster::{Fleet, Instance, Sample, Samples, figure, say, until};
use weixin_proto::sign::callback_signature;

const TOKEN: &str = "clusterToken";
const COPIES: usize = 3;

/// A push as WeChat signs it.
fn push(fleet: &Fleet, instance: &Instance, n: u64, body: &str) -> impl Future<Output = Sample> + use<> {
    let (now, nonce) = (SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().to_string(), "415670741");
    let signature = callback_signature(TOKEN, &now, nonce);
    let url = instance.url(&format!("/wx?signature={signature}&timestamp={now}&nonce={nonce}"));
    Sample::of(n, fleet.http.post(url).header("content-type", "text/xml").body(body.to_owned()))
}

fn text(n: u64, openid: &str) -> String {
    format!(
        "<xml><ToUserName>gh_cluster</ToUserName><FromUserName>{openid}</FromUserName><CreateTime>1700000000</CreateTime>\
         <MsgType>text</MsgType><Content>hello {n}</Content><MsgId>{}</MsgId></xml>",
        7_000_000_000_000_000_000 + n
    )
}

fn event(name: &str, openid: &str, at: u64) -> String {
    format!(
        "<xml><ToUserName>gh_cluster</ToUserName><FromUserName>{openid}</FromUserName><CreateTime>{at}</CreateTime>\
         <MsgType>event</MsgType><Event>{name}</Event></xml>"
    )
}

/// The same order every time, and not the one they were made in.
fn shuffled<T>(mut things: Vec<T>) -> Vec<T> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for at in (1..things.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        things.swap(at, usize::try_from(state).unwrap() % (at + 1));
    }
    things
}

/// A reply without the second it was written in.
fn undated(reply: &str) -> String {
    let (before, rest) = reply.split_once("<CreateTime>").unwrap();
    format!("{before}{}", rest.split_once("</CreateTime>").unwrap().1)
}

/// Whoever webhooks go to: counts what it was told, by the text of the message.
async fn receiver(told: Arc<Mutex<HashMap<String, u32>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(take(stream, Arc::clone(&told)));
        }
    });
    url
}

async fn take(stream: TcpStream, told: Arc<Mutex<HashMap<String, u32>>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.ok()?;
        let text = String::from_utf8_lossy(&body).into_owned();
        if let Some(at) = text.find("hello ") {
            let word: String = text[at + 6..].chars().take_while(char::is_ascii_digit).collect();
            *told.lock().unwrap().entry(word).or_default() += 1;
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.ok()?;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_effect_once_on_three_instances() {
    let Some(mut fleet) = Fleet::start().await else { return };
    fleet.set("WECHAT_OFFICIAL_TOKEN", TOKEN);
    fleet.set("WEBHOOK_ALLOW_PRIVATE", "on");
    fleet.set("CALLBACK_SOURCE_CHECK", "off");
    let instances = fleet.three().await;
    let told = Arc::<Mutex<HashMap<String, u32>>>::default();
    let hook = json!({"name": "count", "url": receiver(Arc::clone(&told)).await, "events": ["wechat.message.*"]});
    let made = fleet.post(instances[0].url("/api/admin/webhooks"), &hook).send().await.unwrap();
    assert_eq!(made.status(), 201, "{}", made.text().await.unwrap());
    let rule = json!({"match": {"on": "text", "contains": "hello"}, "reply": {"type": "text", "content": "收到"}});
    let made = fleet.post(instances[0].url("/api/admin/rules"), &rule).send().await.unwrap();
    assert!(made.status().is_success(), "{}", made.text().await.unwrap());
    // Every instance has heard of both.
    sleep(Duration::from_secs(2)).await;

    let (messages, openid) = (figure(600, 6_000), fleet.emulator.openid("xiaoming", "official"));
    let pushes: Vec<(usize, u64)> = (0..messages).flat_map(|n| (0..COPIES).map(move |copy| (copy, n))).collect();
    let begun = Instant::now();
    let sent = shuffled(pushes).into_iter().map(|(copy, n)| {
        let at = (usize::try_from(n).unwrap() + copy) % instances.len();
        push(&fleet, &instances[at], n, &text(n, &openid))
    });
    let samples = Samples(futures_util::stream::iter(sent).buffer_unordered(64).collect().await);
    say(format!(
        "FI-17 {messages} messages × {COPIES} in {:.1?}: {samples}, p99.9 {:.1?}",
        begun.elapsed(),
        samples.within(0.999)
    ));
    let odd = samples.but(Sample::is_good);
    assert!(odd.is_empty(), "{} failed, such as {:?}", odd.len(), odd[0]);
    let mut replies: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for sample in &samples.0 {
        assert!(sample.text.contains("收到"), "{sample:?}");
        replies.entry(sample.n).or_default().push(undated(&sample.text));
    }
    assert!(replies.values().all(|same| same.iter().all(|reply| *reply == same[0])), "copies get one reply");

    let db = fleet.look().await;
    let wanted = i64::try_from(messages).unwrap();
    assert_eq!(db.number("SELECT count(*) FROM inbox").await, wanted, "one row for each message");
    assert_eq!(db.number("SELECT count(*) FROM job WHERE kind = 'webhook'").await, wanted, "one job for each");
    let ((), took) = until("all are told", Duration::from_secs(90), async || {
        (told.lock().unwrap().len() as u64 == messages).then_some(())
    })
    .await;
    // Whoever would be told twice would be by now.
    until("all is written down", Duration::from_secs(10), async || {
        (db.number("SELECT count(*) FROM job WHERE status <> 'sent'").await == 0).then_some(())
    })
    .await;
    assert!(told.lock().unwrap().values().all(|count| *count == 1), "each receiver is told once");
    say(format!("FI-17 {messages} effects, each once; the last {took:.1?} after the last push"));
}

#[tokio::test(flavor = "multi_thread")]
async fn follow_and_unfollow_out_of_order_end_right() {
    let Some(mut fleet) = Fleet::start().await else { return };
    fleet.set("WECHAT_OFFICIAL_TOKEN", TOKEN);
    fleet.set("CALLBACK_SOURCE_CHECK", "off");
    let instances = fleet.three().await;
    let (people, changes) = (figure(40, 400), 6);
    let start = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() - 60;
    let mut pushes = Vec::new();
    for person in 0..people {
        // Half of them stay in the end.
        for change in 0..changes + person % 2 {
            let name = if change % 2 == 0 { "subscribe" } else { "unsubscribe" };
            for copy in 0..COPIES {
                pushes.push((copy, event(name, &format!("oCluster{person:020}"), start + change as u64)));
            }
        }
    }
    let total = pushes.len();
    let sent = shuffled(pushes)
        .into_iter()
        .enumerate()
        .map(|(n, (copy, body))| push(&fleet, &instances[(n + copy) % instances.len()], n as u64, &body));
    let samples = Samples(futures_util::stream::iter(sent).buffer_unordered(32).collect().await);
    let odd = samples.but(Sample::is_good);
    assert!(odd.is_empty(), "{} failed, such as {:?}", odd.len(), odd[0]);
    let db = fleet.look().await;
    let followers = db.counts("SELECT who, subscribed FROM follower").await;
    assert_eq!(followers.len(), people, "one row for each person");
    let stay = followers.iter().filter(|(_, subscribed)| *subscribed == 1).count();
    assert_eq!(stay, people / 2, "whoever followed last, follows");
    let shown: Vec<Value> = join_all(instances.iter().map(|instance| async {
        Sample::of(0, fleet.get(instance.url("/api/admin/followers?page_size=1"))).await.json()
    }))
    .await;
    say(format!(
        "FI-17 {total} pushes of {people} people, out of order: {stay} follow; {samples}; shown {}",
        shown[0]["data"]["total"]
    ));
}
