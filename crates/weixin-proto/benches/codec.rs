//! What a callback costs without the network and the store: verify, decrypt, parse, reply, encrypt.
//!
//! `cargo bench -p weixin-proto`. The steps are measured one by one as well, to show where the time goes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use weixin_proto::callback::message::Text;
use weixin_proto::callback::reply::{Address, Reply};
use weixin_proto::callback::{Draft, Envelope, Fields, Format, Inbound, Limits, Of, Query, Receiver};
use weixin_proto::{AesKey, AppId, envelope, sign};

const APP: &str = "wx1111111111111111";
const TOKEN: &str = "weiqiao";
const NOW: i64 = 1_714_112_445;
const NONCE: &str = "415670741";
const TEXT: &str = "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName>\
                    <FromUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]></FromUserName>\
                    <CreateTime>1714112445</CreateTime><MsgType><![CDATA[text]]></MsgType>\
                    <Content><![CDATA[你好，请问周末营业吗？]]></Content><MsgId>23456789012345678</MsgId></xml>";
const EVENT: &str = "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName>\
                     <FromUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]></FromUserName>\
                     <CreateTime>1714112445</CreateTime><MsgType><![CDATA[event]]></MsgType>\
                     <Event><![CDATA[subscribe_msg_sent_event]]></Event><SubscribeMsgSentEvent><List>\
                     <TemplateId><![CDATA[VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc]]></TemplateId>\
                     <MsgID>1700827132819554304</MsgID><ErrorCode>0</ErrorCode>\
                     <ErrorStatus><![CDATA[success]]></ErrorStatus></List></SubscribeMsgSentEvent></xml>";

fn key() -> AesKey {
    AesKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").unwrap()
}

fn query(encrypt: &str) -> Query<'static> {
    let timestamp = NOW.to_string();
    Query {
        signature: sign::callback_signature(TOKEN, &timestamp, NONCE).into(),
        msg_signature: sign::msg_signature(TOKEN, &timestamp, NONCE, encrypt).into(),
        timestamp: timestamp.into(),
        nonce: NONCE.into(),
        ..Query::default()
    }
}

/// One request, from the bytes of the body to the bytes of the answer.
fn answer(receiver: &Receiver, query: &Query<'_>, body: &[u8]) -> String {
    let opened = receiver.open(query, body, NOW).unwrap();
    let text = Text::of(&opened.inbound).unwrap();
    let reply = Reply::text(format!("收到：{}", text.content));
    let reply = reply.write(&Address::answering(&opened.inbound, NOW), opened.format()).unwrap();
    receiver.seal(&opened, reply, NOW, &query.nonce, [7; 16]).unwrap()
}

fn whole(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("callback");
    let plain = Receiver::plain(APP.into(), TOKEN.into());
    let safe = Receiver::safe(APP.into(), TOKEN.into(), key());
    let json = Draft::from(&Fields::parse(TEXT, &Limits::default()).unwrap()).to_json();
    for (name, message, format) in [("xml", TEXT, Format::Xml), ("json", json.as_str(), Format::Json)] {
        let clear = query("");
        group.bench_function(format!("plain/{name}"), |bench| {
            bench.iter(|| answer(&plain, black_box(&clear), black_box(message.as_bytes())));
        });
        let encrypt = envelope::seal(&key(), &AppId::new(APP), message.as_bytes(), [3; 16]).unwrap();
        let (sealed, body) = (query(&encrypt), Envelope::write("gh_97417a04a28d", &encrypt, format));
        group.bench_function(format!("safe/{name}"), |bench| {
            bench.iter(|| answer(&safe, black_box(&sealed), black_box(body.as_bytes())));
        });
        // One wrong bit: how cheap it is to be refused.
        let forged = query("forged");
        group.bench_function(format!("forged/{name}"), |bench| {
            bench.iter(|| safe.open(black_box(&forged), black_box(body.as_bytes()), NOW).unwrap_err());
        });
    }
    group.finish();
}

fn steps(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("step");
    let app = AppId::new(APP);
    let encrypt = envelope::seal(&key(), &app, TEXT.as_bytes(), [3; 16]).unwrap();
    let (query, body) = (query(&encrypt), Envelope::write("gh_97417a04a28d", &encrypt, Format::Xml));
    let limits = Limits::default();
    group.bench_function("read the envelope", |bench| {
        bench.iter(|| Envelope::parse(black_box(body.as_bytes()), &limits).unwrap());
    });
    group.bench_function("verify msg_signature", |bench| {
        bench.iter(|| {
            sign::verify_msg(TOKEN, &query.timestamp, &query.nonce, black_box(&encrypt), &query.msg_signature)
        });
    });
    group.bench_function("verify signature", |bench| {
        bench.iter(|| sign::verify_callback(TOKEN, black_box(&query.timestamp), &query.nonce, &query.signature));
    });
    let key = key();
    group.bench_function("decrypt", |bench| {
        bench.iter(|| envelope::open([&key], &app, black_box(&encrypt)).unwrap());
    });
    group.bench_function("read the fields", |bench| {
        bench.iter(|| Fields::parse(black_box(TEXT), &limits).unwrap());
    });
    group.bench_function("read a text", |bench| bench.iter(|| Inbound::parse(black_box(TEXT), &limits).unwrap()));
    group.bench_function("read an event", |bench| bench.iter(|| Inbound::parse(black_box(EVENT), &limits).unwrap()));
    let inbound = Inbound::parse(TEXT, &limits).unwrap();
    group.bench_function("key for copies", |bench| bench.iter(|| black_box(&inbound).dedup_key()));
    group.bench_function("as json for webhooks", |bench| {
        bench.iter(|| serde_json::to_string(black_box(&inbound)).unwrap());
    });
    let (reply, address) = (Reply::text("收到：你好，请问周末营业吗？"), Address::answering(&inbound, NOW));
    group.bench_function("write the reply", |bench| {
        bench.iter(|| black_box(&reply).write(&address, Format::Xml).unwrap());
    });
    let written = reply.write(&address, Format::Xml).unwrap();
    group.bench_function("encrypt", |bench| {
        bench.iter(|| envelope::seal(&key, &app, black_box(written.as_bytes()), [7; 16]).unwrap());
    });
    group.finish();
}

criterion_group!(benches, whole, steps);
criterion_main!(benches);
