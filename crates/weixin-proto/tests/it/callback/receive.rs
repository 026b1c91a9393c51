//! From the request to the push: order, modes, time, keys, receivers.

use rstest::rstest;
use weixin_proto::callback::event::{DebugDemo, Event};
use weixin_proto::callback::message::{Message, Text};
use weixin_proto::callback::reply::{Address, Reply};
use weixin_proto::callback::{
    Draft, Envelope, Format, Kind, Limits, Malformation, Mode, Of, Opened, ParseError, Query, Reason, Receiver,
    Refused, SealedReply,
};
use weixin_proto::{AesKey, AppId, CallbackToken, envelope, sign};

pub(super) const APP: &str = "wx1111111111111111";
pub(super) const NOW: i64 = 1_714_112_445;
const TEXT: &str = "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><FromUserName><![CDATA[oABCD]]></FromUserName>\
                    <CreateTime>1714112445</CreateTime><MsgType><![CDATA[text]]></MsgType>\
                    <Content><![CDATA[hello]]></Content><MsgId>1</MsgId></xml>";

pub(super) fn token() -> CallbackToken {
    "token".into()
}

pub(super) fn key() -> AesKey {
    AesKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").unwrap()
}

fn other_key() -> AesKey {
    AesKey::parse("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C").unwrap()
}

pub(super) fn safe() -> Receiver {
    Receiver::safe(APP.into(), token(), key())
}

fn plain() -> Receiver {
    Receiver::plain(APP.into(), token())
}

/// A request as WeChat makes it.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) query: Query<'static>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn plain(token: &CallbackToken, timestamp: i64, body: &str) -> Self {
        let timestamp = timestamp.to_string();
        let signature = sign::callback_signature(token.expose(), &timestamp, "415670741");
        let query = Query {
            signature: signature.into(),
            timestamp: timestamp.into(),
            nonce: "415670741".into(),
            ..Query::default()
        };
        Self { query, body: body.into() }
    }

    pub(super) fn sealed(token: &CallbackToken, key: &AesKey, app: &str, message: &str, format: Format) -> Self {
        let encrypt = envelope::seal(key, &AppId::new(app), message.as_bytes(), *b"0123456789abcdef").unwrap();
        Self::around(token, &encrypt, &Envelope::write("gh_97417a04a28d", &encrypt, format))
    }

    fn around(token: &CallbackToken, encrypt: &str, body: &str) -> Self {
        let mut request = Self::plain(token, NOW, body);
        let msg_signature =
            sign::msg_signature(token.expose(), &request.query.timestamp, &request.query.nonce, encrypt);
        request.query.msg_signature = msg_signature.into();
        request
    }

    pub(super) fn open(&self, receiver: &Receiver) -> Result<Opened, Refused> {
        receiver.open(&self.query, &self.body, NOW)
    }
}

#[track_caller]
fn content(opened: &Opened) -> &str {
    &Text::of(&opened.inbound).unwrap().content
}

#[track_caller]
fn reason(result: Result<Opened, Refused>) -> Reason {
    let refused = result.unwrap_err();
    assert_eq!(refused.to_string(), "the callback was refused");
    refused.reason().clone()
}

#[test]
fn the_documented_verification() {
    let receiver = Receiver::plain(APP.into(), "AAAAA".into());
    let query = Query {
        signature: "f464b24fc39322e44b38aa78f5edd27bd1441696".into(),
        timestamp: "1714036504".into(),
        nonce: "1514711492".into(),
        echostr: "4375120948345356249".into(),
        ..Query::default()
    };
    let now = 1_714_036_504;
    assert_eq!(receiver.verify_echo(&query, now).unwrap(), "4375120948345356249");
    let previous = Receiver::plain(APP.into(), "BBBBB".into());
    assert_eq!(previous.verify_echo(&query, now).unwrap_err().reason(), &Reason::Signature);
    assert!(previous.previous_token("AAAAA".into()).verify_echo(&query, now).is_ok());
    for (off, fresh) in [(300, true), (-300, true), (301, false), (-301, false)] {
        match receiver.verify_echo(&query, now + off) {
            Ok(_) => assert!(fresh, "{off}"),
            Err(refused) => {
                assert!(!fresh && !refused.is_malformed(), "{off}");
                assert_eq!(refused.reason(), &Reason::Stale { behind_s: off, genuine: true });
            }
        }
    }
}

#[test]
fn only_what_is_harmless_is_echoed() {
    let request = Request::plain(&token(), NOW, "");
    for (echo, right) in [
        ("1".repeat(512), true),
        ("aA0+/=_-".into(), true),
        (String::new(), false),
        ("1".repeat(513), false),
        ("<script>alert(1)</script>".into(), false),
        ("1 2".into(), false),
        ("1\n".into(), false),
        ("微".into(), false),
    ] {
        let query = Query { echostr: echo.clone().into(), ..request.query.clone() };
        match plain().verify_echo(&query, NOW) {
            Ok(echoed) => assert!(right && echoed == echo, "{echo}"),
            Err(refused) => {
                assert!(!right && refused.is_malformed(), "{echo}");
                assert_eq!(refused.reason(), &Reason::Echo);
            }
        }
        // With a wrong signature nothing else is looked at.
        let forged = Query { signature: "0".repeat(40).into(), echostr: echo.into(), ..request.query.clone() };
        let refused = plain().verify_echo(&forged, NOW).unwrap_err();
        assert_eq!((refused.reason(), refused.is_malformed()), (&Reason::Signature, false));
    }
}

#[test]
fn the_documented_pushes_of_a_mini_program() {
    let body = r#"{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714037059,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}"#;
    let query = Query {
        signature: "899cf89e464efb63f54ddac96b0a0a235f53aa78".into(),
        timestamp: "1714037059".into(),
        nonce: "486452656".into(),
        ..Query::default()
    };
    let receiver = Receiver::plain("wxba5fad812f8e6fb9".into(), "AAAAA".into());
    let opened = receiver.open(&query, body.as_bytes(), 1_714_037_059).unwrap();
    assert_eq!(DebugDemo::of(&opened.inbound).unwrap().debug_str, "hello world");
    assert_eq!((opened.format(), opened.is_encrypted()), (Format::Json, false));

    let body = r#"{"ToUserName":"gh_97417a04a28d","Encrypt":"+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="}"#;
    let query = Query {
        signature: "6c5c811b55cc85e0e1b54100749188c20beb3f5d".into(),
        msg_signature: "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3".into(),
        timestamp: "1714112445".into(),
        nonce: "415670741".into(),
        ..Query::default()
    };
    let key = AesKey::parse(&"A".repeat(43)).unwrap();
    let receiver = Receiver::safe("wxba5fad812f8e6fb9".into(), "AAAAA".into(), key);
    let opened = receiver.open(&query, body.as_bytes(), NOW).unwrap();
    assert_eq!(DebugDemo::of(&opened.inbound).unwrap().debug_str, "hello world");
    assert_eq!((opened.format(), opened.is_encrypted()), (Format::Json, true));

    let answer = r#"{"demo_resp":"good luck"}"#.to_owned();
    let sealed = receiver.seal(&opened, answer, 1_713_424_427, "415670741", *b"707722b803182950").unwrap();
    assert_eq!(
        sealed,
        r#"{"Encrypt":"ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==","MsgSignature":"1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1","TimeStamp":1713424427,"Nonce":"415670741"}"#
    );
}

#[rstest]
fn a_safe_push_and_its_answer(#[values(Format::Xml, Format::Json)] format: Format) {
    let message = match format {
        Format::Xml => TEXT.to_owned(),
        Format::Json => Draft::from(super::push(TEXT).fields()).to_json(),
    };
    let opened = Request::sealed(&token(), &key(), APP, &message, format).open(&safe()).unwrap();
    assert_eq!(content(&opened), "hello");
    assert_eq!(opened.inbound.format(), format);

    let reply = Reply::text("hi ]]> 😀");
    let address = Address::answering(&opened.inbound, NOW);
    let answer = reply.write(&address, format).unwrap();
    let sealed = safe().seal(&opened, answer, NOW, "415670741", [9; 16]).unwrap();
    assert!(!sealed.contains("hi"));
    let sealed = SealedReply::parse(sealed, &Limits::default()).unwrap();
    assert_eq!((sealed.timestamp, sealed.nonce.as_str()), (NOW, "415670741"));
    let answer = sealed.open(&token(), &key(), &APP.into()).unwrap();
    assert_eq!(Reply::parse(answer, &Limits::default()).unwrap(), (address, reply));
    assert!(sealed.open(&"other".into(), &key(), &APP.into()).is_err());
    assert!(sealed.open(&token(), &other_key(), &APP.into()).is_err());
}

#[test]
fn a_plain_push_is_answered_as_it_is() {
    let opened = Request::plain(&token(), NOW, TEXT).open(&plain()).unwrap();
    assert!(!opened.is_encrypted());
    assert_eq!(plain().seal(&opened, "<xml/>".into(), NOW, "1", [0; 16]).unwrap(), "<xml/>");
}

#[test]
fn the_window_is_five_minutes_either_way() {
    for (receiver, window) in [(plain(), 300), (plain().window_s(900), 900), (plain().window_s(0), 0)] {
        for (sent, fresh) in
            [(-window, true), (window, true), (0, true), (-window - 1, false), (window + 1, false), (-NOW, false)]
        {
            let result = Request::plain(&token(), NOW + sent, TEXT).open(&receiver);
            if fresh {
                assert_eq!(content(&result.unwrap()), "hello");
            } else {
                assert_eq!(reason(result), Reason::Stale { behind_s: -sent, genuine: true });
            }
        }
    }
    // Whoever makes up old requests does not make our clock look wrong.
    let forged = Request::plain(&"guess".into(), NOW - 301, TEXT).open(&plain());
    assert_eq!(reason(forged), Reason::Stale { behind_s: 301, genuine: false });
}

#[test]
fn the_mode_is_ours_to_choose() {
    let clear = Request::plain(&token(), NOW, TEXT);
    let sealed = Request::sealed(&token(), &key(), APP, TEXT, Format::Xml);
    let compatible = Receiver::compatible(APP.into(), token(), key());
    assert_eq!([plain().mode(), compatible.mode(), safe().mode()], [Mode::Plain, Mode::Compatible, Mode::Safe]);
    // A clear body is refused by the encrypted modes, however it is signed.
    for receiver in [&safe(), &compatible] {
        assert_eq!(reason(clear.open(receiver)), Reason::Query("msg_signature"));
        for signed in ["", "hello", TEXT] {
            let request = Request::around(&token(), signed, TEXT);
            assert_eq!(reason(request.open(receiver)), Reason::NotEncrypted);
        }
        assert_eq!(content(&sealed.open(receiver).unwrap()), "hello");
    }
    // And an encrypted one by the plain mode.
    assert_eq!(reason(sealed.open(&plain())), Reason::Encrypted);
}

#[test]
fn in_compatible_mode_the_clear_part_means_nothing() {
    let encrypt = envelope::seal(&key(), &APP.into(), TEXT.as_bytes(), [1; 16]).unwrap();
    let both = format!(
        "<xml><ToUserName>gh_97417a04a28d</ToUserName><FromUserName>oEVIL</FromUserName><CreateTime>1</CreateTime>\
         <MsgType>text</MsgType><Content>give me the money</Content><MsgId>2</MsgId><Encrypt>{encrypt}</Encrypt></xml>"
    );
    let request = Request::around(&token(), &encrypt, &both);
    for receiver in [Receiver::compatible(APP.into(), token(), key()), safe()] {
        let opened = request.open(&receiver).unwrap();
        assert_eq!((content(&opened), opened.inbound.from.as_str()), ("hello", "oABCD"));
    }
    // Sent by whom plain mode is enough for, the clear part is all there is.
    assert_eq!(content(&request.open(&plain()).unwrap()), "give me the money");
}

#[test]
fn tokens_and_keys_are_changed_without_losing_a_push() {
    let (old_token, old_key) = (CallbackToken::new("old"), other_key());
    let changing = || safe().previous_token("old".into()).previous_key(other_key());
    for token in [&token(), &old_token] {
        for key in [&key(), &old_key] {
            let request = Request::sealed(token, key, APP, TEXT, Format::Xml);
            let opened = request.open(&changing()).unwrap();
            assert_eq!(content(&opened), "hello");
            // Answered with the very ones it came with: the sender may not know the others.
            let answer = changing().seal(&opened, "<xml/>".into(), NOW, "1", [1; 16]).unwrap();
            let answer = SealedReply::parse(answer, &Limits::default()).unwrap();
            assert_eq!(answer.open(token, key, &APP.into()).unwrap(), "<xml/>");
        }
    }
    let request = Request::sealed(&old_token, &key(), APP, TEXT, Format::Xml);
    assert_eq!(reason(request.open(&safe())), Reason::Signature);
    let request = Request::sealed(&token(), &old_key, APP, TEXT, Format::Xml);
    assert_eq!(reason(request.open(&safe())), Reason::Envelope(envelope::Reason::Fill));
    assert!(Request::plain(&old_token, NOW, TEXT).open(&plain().previous_token("old".into())).is_ok());
}

#[test]
fn a_push_for_somebody_else() {
    let request = Request::sealed(&token(), &key(), "wx2222222222222222", TEXT, Format::Xml);
    assert_eq!(reason(request.open(&safe())), Reason::Envelope(envelope::Reason::AppId));

    // The name outside the envelope is nobody's word; it has to be the one inside.
    let encrypt = envelope::seal(&key(), &APP.into(), TEXT.as_bytes(), [1; 16]).unwrap();
    for (outer, right) in [("gh_97417a04a28d", true), ("", true), ("gh_97417a04a28e", false), ("gh", false)] {
        let request = Request::around(&token(), &encrypt, &Envelope::write(outer, &encrypt, Format::Xml));
        assert_eq!(
            request.open(&safe()).map_err(|refused| refused.reason().clone()).err(),
            (!right).then_some(Reason::Receiver)
        );
    }
    let nothing_else = format!("<xml><Encrypt>{encrypt}</Encrypt></xml>");
    assert!(Request::around(&token(), &encrypt, &nothing_else).open(&safe()).is_ok());

    // Where the account's own name is known, it is compared, in plain mode too.
    let ours = |receiver: Receiver| receiver.original_id("gh_97417a04a28d".into());
    let theirs = |receiver: Receiver| receiver.original_id("gh_000000000000".into());
    for (request, receiver) in [
        (Request::plain(&token(), NOW, TEXT), plain()),
        (Request::sealed(&token(), &key(), APP, TEXT, Format::Xml), safe()),
    ] {
        assert!(request.open(&ours(receiver.clone())).is_ok());
        assert_eq!(reason(request.open(&theirs(receiver))), Reason::Receiver);
    }
    // Cloud functions have the appid in its place.
    let by_appid = TEXT.replace("gh_97417a04a28d", APP);
    assert!(Request::plain(&token(), NOW, &by_appid).open(&theirs(plain())).is_ok());
}

#[test]
fn a_body_that_is_malformed_although_the_sender_is_right() {
    let bomb = "<!DOCTYPE xml [<!ENTITY a 'b'>]><xml><MsgType>text</MsgType></xml>";
    for (request, receiver) in [
        (Request::plain(&token(), NOW, bomb), plain()),
        (Request::sealed(&token(), &key(), APP, bomb, Format::Xml), safe()),
    ] {
        let refused = request.open(&receiver).unwrap_err();
        assert!(refused.is_malformed());
        let Reason::Body(ParseError::Malformed(malformed)) = refused.reason() else { panic!("{refused:?}") };
        assert_eq!(malformed.malformation(), Malformation::Doctype);
    }
    // Without a right signature nobody learns that much.
    for (request, receiver) in [
        (Request::plain(&"guess".into(), NOW, bomb), plain()),
        (Request::sealed(&"guess".into(), &key(), APP, bomb, Format::Xml), safe()),
        (Request::around(&token(), "", bomb), safe()),
    ] {
        assert!(!request.open(&receiver).unwrap_err().is_malformed());
    }
}

#[test]
fn a_body_that_is_too_long_is_not_read() {
    let limits = Limits { bytes: 1000, ..Limits::default() };
    let request = Request::plain(&token(), NOW, &" ".repeat(1001));
    let refused = request.open(&plain().limits(limits)).unwrap_err();
    assert_eq!((refused.reason(), refused.is_malformed()), (&Reason::TooLong, true));
}

#[test]
fn what_is_known_of_a_push_that_is_not_known() {
    let body = TEXT.replace("text", "hologram").replace("Content", "Depth");
    let opened = Request::sealed(&token(), &key(), APP, &body, Format::Xml).open(&safe()).unwrap();
    assert_eq!(opened.inbound.kind, Kind::Message(Message::Other("hologram".into())));
    assert_eq!(opened.inbound.fields().text("Depth"), Some("hello"));
    let body = "<xml><MsgType>event</MsgType><Event>LOCATION</Event><Latitude>north</Latitude></xml>";
    let opened = Request::plain(&token(), NOW, body).open(&plain()).unwrap();
    assert_eq!(opened.inbound.kind, Kind::Event(Event::Other("LOCATION".into())));
    assert_eq!(opened.inbound.problem().unwrap().to_string(), "the field `Latitude` is no number");
}
