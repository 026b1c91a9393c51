//! Looks for bytes that the readers cannot bear: bodies in XML, bodies in JSON, envelopes.
//!
//! Runs on stable Rust. Inputs are changed in one to eight places, and whatever makes a reader say something that it has not
//! said before is changed further, so the search goes where the readers branch. Each target tries 20,000 inputs, the same
//! ones every time; for longer, with other numbers each time:
//!
//! `WEIQIAO_FUZZ_SECONDS=600 cargo test --release -p weixin-proto --test it fuzz -- --nocapture`
//!
//! An input that fails is printed in hex.

#![allow(clippy::print_stdout, reason = "a long search says what it did")]

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use weixin_proto::callback::{Draft, Fields, Format, Inbound, Limits, Receiver};
use weixin_proto::envelope::{self, Sealed};
use weixin_proto::{AesKey, AppId, CallbackToken, json, sign};

use crate::callback::forged::Numbers;
use crate::survive::read_everything;

const ROUNDS: u64 = 20_000;
/// The largest collection of inputs worth going on from.
const KEPT: usize = 4_000;
/// Longer ones only take longer.
const LONGEST: usize = 8_192;

const XML: [&str; 5] = [
    "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1714112445\
     </CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好 ]]]]><![CDATA[>]]></Content><MsgId>23</MsgId></xml>",
    "<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType>\
     <Event>SCAN</Event><EventKey>&lt;&#65;&#x4e2d;&amp;</EventKey><Ticket/></xml>",
    "<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType>\
     <Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><TemplateId>t</TemplateId>\
     <SubscribeStatusString>accept</SubscribeStatusString><PopupScene>0</PopupScene></List><List><TemplateId>u</TemplateId>\
     <SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgPopupEvent></xml>",
    "\u{feff} <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml> <ToUserName>gh_1</ToUserName> <Event>PUBLISHJOBFINISH</Event>\
     <MsgType>event</MsgType><PublishEventInfo><fail_idx>1</fail_idx><fail_idx>2</fail_idx></PublishEventInfo> </xml> ",
    "<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[aGVsbG8=]]></Encrypt></xml>",
];

const JSON: [&str; 4] = [
    r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1714112445,"MsgType":"text","Content":"\u4f60\ud83d\ude00\n","MsgId":23456789012345678}"#,
    r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":"1","MsgType":"event","Event":"subscribe_msg_sent_event","List":{"TemplateId":"t","MsgID":"1700827132819554304","ErrorCode":"0","ErrorStatus":"success"}}"#,
    r#"{"MsgType":"event","Event":"wxa_media_check","detail":[{"strategy":"content_model","errcode":0,"suggest":"pass","label":100,"prob":90.5},{"a":null,"b":[true,[]],"c":{}}],"trace_id":"-1e400"}"#,
    r#"{"ToUserName":"gh_1","Encrypt":"aGVsbG8="}"#,
];

/// Pieces that mean something to one of the readers.
const WORDS: [&[u8]; 32] = [
    b"<xml>",
    b"</xml>",
    b"<a>",
    b"</a>",
    b"<a/>",
    b"<List>",
    b"</List>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?",
    b"?>",
    b"<!DOCTYPE a>",
    b"&amp;",
    b"&#65;",
    b"&#x1;",
    b"&",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b"\\u0041",
    b"\\ud83d",
    b",",
    b":",
    b"null",
    b"\xff",
    b"\xe4\xb8",
    b"\0",
];

#[test]
fn bodies_in_xml() {
    search("XML", XML.map(|seed| seed.as_bytes().to_vec()).to_vec(), body);
}

#[test]
fn bodies_in_json() {
    search("JSON", JSON.map(|seed| seed.as_bytes().to_vec()).to_vec(), |bytes| {
        let value = json::parse(bytes);
        format!("{} {:?}", body(bytes), value.map(|(_, repairs)| repairs).map_err(|error| error.to_string()))
    });
}

#[test]
fn envelopes() {
    let key = AesKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").unwrap();
    let (app, token) = (AppId::new("wx1111111111111111"), CallbackToken::new("token".to_owned()));
    let receiver = Receiver::safe(app.clone(), token.clone(), key.clone());
    let seeds = XML.map(|seed| envelope::seal(&key, &app, seed.as_bytes(), [7; 16]).unwrap().into_bytes());
    let genuine: HashSet<Vec<u8>> = seeds.iter().cloned().collect();
    let signatures = seeds.each_ref().map(|seed| sign::msg_signature("token", "1", "2", str::from_utf8(seed).unwrap()));
    search("envelope", seeds.to_vec(), |bytes| {
        let encrypt = String::from_utf8_lossy(bytes);
        let opened = envelope::open([&key], &app, &encrypt);
        // Without a signature only the filling and the receiver stand in the way of changed bytes; with one, all do.
        for msg_signature in &signatures {
            let sealed = Sealed { encrypt: &encrypt, msg_signature, timestamp: "1", nonce: "2" };
            let verified = envelope::open_verified([&token], [&key], &app, sealed);
            assert!(verified.is_err() || genuine.contains(encrypt.as_bytes()), "a changed envelope was taken");
        }
        let _ = receiver.open(&Default::default(), bytes, 1);
        match opened {
            Ok(message) => format!("opened {}", body(&message)),
            Err(error) => format!("{:?}", error.reason()),
        }
    });
}

/// Reads a body in every way there is; tells what was said.
fn body(bytes: &[u8]) -> String {
    read_everything(bytes);
    let limits = Limits::default();
    let fields = match Fields::parse(bytes, &limits) {
        Ok(fields) => fields,
        Err(error) => return error.to_string().chars().filter(|c| !c.is_ascii_digit()).collect(),
    };
    if fields.format() == Format::Xml {
        // Written and read again it is what it was, as soon as it holds only what XML can.
        let again = Draft::from(&fields).to_xml();
        let wide = Limits { bytes: usize::MAX, ..limits };
        let again = Fields::parse(again, &wide).unwrap();
        assert_eq!(Fields::parse(Draft::from(&again).to_xml(), &wide).unwrap(), again);
    }
    match Inbound::parse(bytes, &limits) {
        Ok(inbound) => format!("{inbound:?}").chars().filter(|c| !c.is_ascii_digit()).collect(),
        Err(error) => error.to_string(),
    }
}

/// Changes inputs until the time or the rounds are over.
fn search(name: &str, mut inputs: Vec<Vec<u8>>, read: impl Fn(&[u8]) -> String) {
    let seconds: Option<u64> = std::env::var_os("WEIQIAO_FUZZ_SECONDS")
        .map(|text| text.to_str().unwrap().parse().expect("WEIQIAO_FUZZ_SECONDS is a number"));
    let begun = Instant::now();
    let numbers = seconds.map_or(0x9e37_79b9_7f4a_7c15, |_| begun_at() | 1);
    println!("fuzzing {name}, numbers begin with {numbers:#x}");
    let mut numbers = Numbers(numbers);
    let mut said: HashSet<String> = inputs.iter().map(|input| read(input)).collect();
    let mut tried = 0_u64;
    let mut slowest = Duration::ZERO;
    loop {
        let over = match seconds {
            Some(seconds) => tried.is_multiple_of(256) && begun.elapsed() >= Duration::from_secs(seconds),
            None => tried >= ROUNDS,
        };
        if over {
            break;
        }
        tried += 1;
        let mut input = inputs[numbers.below(inputs.len())].clone();
        for _ in 0..=numbers.below(8) {
            change(&mut input, &inputs, &mut numbers);
        }
        input.truncate(LONGEST);
        let before = Instant::now();
        let answer = catch_unwind(AssertUnwindSafe(|| read(&input)))
            .unwrap_or_else(|_| panic!("{name}: this input fails: {}", hex::encode(&input)));
        slowest = slowest.max(before.elapsed());
        if said.len() < KEPT && said.insert(answer) {
            inputs.push(input);
        }
    }
    println!(
        "fuzzing {name}: {tried} inputs in {:.0?}, {} different answers, slowest {slowest:.1?}: clean",
        begun.elapsed(),
        said.len()
    );
}

/// Other numbers for each long run.
fn begun_at() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one("fuzz")
}

fn change(input: &mut Vec<u8>, others: &[Vec<u8>], numbers: &mut Numbers) {
    let at = numbers.below(input.len() + 1);
    let end = (at + numbers.below(24)).min(input.len());
    match numbers.below(7) {
        0 if at < input.len() => input[at] ^= 1 << numbers.below(8),
        1 => drop(input.drain(at..end)),
        2 => input.insert(at, numbers.byte()),
        3 => drop(input.splice(at..at, WORDS[numbers.below(WORDS.len())].iter().copied())),
        4 => {
            let piece = input[at..end].to_vec();
            let to = numbers.below(input.len() + 1);
            drop(input.splice(to..to, piece));
        }
        5 => {
            let other = &others[numbers.below(others.len())];
            let from = numbers.below(other.len() + 1);
            drop(input.splice(at.., other[from..].iter().copied()));
        }
        _ => drop(input.splice(at..end, WORDS[numbers.below(WORDS.len())].iter().copied())),
    }
}
