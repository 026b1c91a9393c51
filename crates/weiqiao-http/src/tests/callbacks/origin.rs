//! Who sends, and to whom.

use http::StatusCode;
use rstest::rstest;
use weiqiao_app::callback::{SourceCheck, refresh_sources};
use weixin_proto::callback::Mode;
use weixin_proto::secret::{AesKey, CallbackToken};
use weixin_proto::sign;

use super::{Desk, KEY, OURS, TOKEN, account, bytes, echo, signed, text};
use crate::testing::{World, encode};

/// T-54: the echo is no way to put markup on our domain.
#[tokio::test]
async fn t_54_the_echo_is_verified_first_and_harmless() {
    let desk = Desk::new(Mode::Safe).await;
    let now = desk.world.now_s();
    let right = desk.world.get(&format!("/wx?{}", echo(TOKEN, "4375120948345356249", now))).await;
    assert_eq!(right.is(StatusCode::OK).text(), "4375120948345356249");
    assert_eq!(right.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(right.header("x-content-type-options"), "nosniff");
    let named = desk.world.get(&format!("/wx/official?{}", echo(TOKEN, "aZ09+/=_-", now))).await;
    assert_eq!(named.is(StatusCode::OK).text(), "aZ09+/=_-");

    let most = "x".repeat(512);
    desk.world.get(&format!("/wx?{}", echo(TOKEN, &most, now))).await.is(StatusCode::OK);
    for markup in ["<script>alert(1)</script>", "a b", "a\"b", "", "中", &"x".repeat(513)] {
        let answer = desk.world.get(&format!("/wx?{}", echo(TOKEN, markup, now))).await;
        assert_eq!(answer.is(StatusCode::BAD_REQUEST).text(), "", "{markup}");
    }
    for wrong in [
        echo("another", "<script>", now),
        echo(TOKEN, "1", now).replace("signature=", "signature=0"),
        echo(TOKEN, "1", now).to_uppercase().replace("SIGNATURE=", "signature="),
        "echostr=1".to_owned(),
        String::new(),
    ] {
        let answer = desk.world.get(&format!("/wx?{wrong}")).await;
        assert_eq!(answer.is(StatusCode::FORBIDDEN).text(), "验证失败", "{wrong}");
    }
    desk.world.get(&format!("/wx/nobody?{}", echo(TOKEN, "1", now))).await.is(StatusCode::FORBIDDEN);
    for (off, fresh) in [(-300, true), (300, true), (-301, false), (301, false)] {
        let answer = desk.world.get(&format!("/wx?{}", echo(TOKEN, "1", now + off))).await;
        let expected = if fresh { (StatusCode::OK, "1") } else { (StatusCode::FORBIDDEN, "验证失败") };
        assert_eq!((answer.status(), answer.text()), expected, "{off}");
    }
    World::open().await.get("/wx").await.is(StatusCode::FORBIDDEN);
}

/// T-55: what a request says about itself counts for nothing.
#[tokio::test]
async fn t_55_a_plain_event_is_refused_where_a_key_is_set() {
    for mode in [Mode::Safe, Mode::Compatible] {
        let desk = Desk::new(mode).await;
        let mut plain = signed(Mode::Plain, World::OFFICIAL, OURS, &text("hello", 1), desk.world.now_s());
        desk.deliver(&plain).await.is(StatusCode::FORBIDDEN);
        plain.query.push_str("&encrypt_type=raw");
        desk.deliver(&plain).await.is(StatusCode::FORBIDDEN);
        assert_eq!(desk.inbox().await.len(), 0);
    }
}

/// T-57: an old request from a log is refused, a young one has no second effect.
#[tokio::test]
async fn t_57_a_captured_request_is_good_for_five_minutes_and_once() {
    let desk = Desk::new(Mode::Safe).await;
    let captured = desk.push(&text("hello", 1));
    desk.deliver(&captured).await.is(StatusCode::OK);
    desk.advance(299);
    desk.deliver(&captured).await.is(StatusCode::OK);
    desk.advance(1);
    desk.deliver(&captured).await.is(StatusCode::OK);
    desk.advance(1);
    desk.deliver(&captured).await.is(StatusCode::FORBIDDEN);
    let ahead = desk.push_at(&text("hello", 2), desk.world.now_s() + 301);
    desk.deliver(&ahead).await.is(StatusCode::FORBIDDEN);
    let inbox = desk.inbox().await;
    assert_eq!((inbox.len(), &inbox[0]["copies"]), (1, &3.into()));
}

#[tokio::test]
async fn the_window_can_be_widened() {
    let desk = Desk::with(Mode::Plain, |settings| settings.window = std::time::Duration::from_secs(900)).await;
    let captured = desk.push(&text("hello", 1));
    desk.advance(900);
    desk.deliver(&captured).await.is(StatusCode::OK);
    desk.advance(1);
    desk.deliver(&captured).await.is(StatusCode::FORBIDDEN);
}

/// T-59: for another appid, or another account.
#[tokio::test]
async fn t_59_what_is_for_somebody_else_is_refused() {
    let desk = Desk::new(Mode::Safe).await;
    let now = desk.world.now_s();
    let elsewhere = text("hello", 2).replace(OURS, "gh_000000000000");
    for (app_id, to, inner) in [
        ("wx9999999999999999", OURS, text("hello", 1)),
        ("", OURS, text("hello", 1)),
        (World::OFFICIAL, "gh_000000000000", text("hello", 1)),
        (World::OFFICIAL, "gh_000000000000", elsewhere.clone()),
        (World::OFFICIAL, OURS, elsewhere),
    ] {
        let answer = desk.deliver(&signed(Mode::Safe, app_id, to, &inner, now)).await;
        assert_eq!(answer.is(StatusCode::FORBIDDEN).text(), "");
    }
    assert_eq!(desk.inbox().await.len(), 0);
    desk.deliver(&signed(Mode::Safe, World::OFFICIAL, OURS, &text("hello", 1), now)).await.is(StatusCode::OK);
}

/// T-60: every form of a wrong signature, one answer.
#[tokio::test]
async fn t_60_forms_and_flips_of_the_signature_are_refused_alike() {
    let desk = Desk::new(Mode::Safe).await;
    let sent = desk.push(&text("hello", 1));
    let signature = sent.query.split("msg_signature=").nth(1).unwrap().to_owned();
    let replaced = |with: &str| sent.query.replace(&format!("msg_signature={signature}"), with);
    let shorter = &signature[1..];
    let forms = [
        replaced(""),
        replaced("msg_signature="),
        replaced(&format!("msg_signature={}", signature.to_uppercase())),
        replaced(&format!("msg_signature[]={signature}")),
        replaced(&format!("msg_signature={signature}&msg_signature={signature}")),
        replaced(&format!("msg_signature={signature}&msg_signature=")),
        replaced(&format!("Msg_Signature={signature}")),
        replaced(&format!("msg_signature=%20{signature}")),
        replaced(&format!("msg_signature={signature}%00")),
        replaced(&format!("msg_signature={signature}0")),
        replaced(&format!("msg_signature={shorter}")),
        replaced("msg_signature=null"),
        replaced("msg_signature=0"),
        replaced(&format!("msg_signature={}", "0".repeat(40))),
        replaced(&format!("msg_signature={}", "é".repeat(20))),
        sent.query.replace("timestamp=", "timestamp=0"),
        sent.query.replace("timestamp=", "timestamp=%2B"),
        sent.query.replace("nonce=", "nonce=%20"),
        sent.query.replace("nonce=415670741", "nonce="),
        sent.query.replace("nonce=415670741", "nonce=1&nonce=415670741"),
        String::new(),
    ];
    let expected = bytes(&desk.deliver(&super::Sent { query: "x".to_owned(), ..sent.clone() }).await);
    assert_eq!((expected.0, expected.1.as_str()), (StatusCode::FORBIDDEN, ""));
    for query in forms {
        let answer = desk.deliver(&super::Sent { query: query.clone(), ..sent.clone() }).await;
        assert_eq!(bytes(&answer), expected, "{query}");
    }
    // Bits of the sealed text and of the signature.
    for number in 0..1_000_usize {
        let mut flipped = sent.clone();
        let (place, from, to) = match number % 2 {
            0 => {
                let from = sent.body.find("<Encrypt><![CDATA[").unwrap() + 18;
                (&mut flipped.body, from, sent.body.rfind("]]></Encrypt>").unwrap())
            }
            _ => (&mut flipped.query, sent.query.find("msg_signature=").unwrap() + 14, sent.query.len()),
        };
        let at = from + (number * 7) % (to - from);
        let bit = char::from(place.as_bytes()[at] ^ (1 << (number % 3))).to_string();
        let bit = if number % 2 == 0 { bit } else { encode(&bit) };
        place.replace_range(at..=at, &bit);
        assert_eq!(bytes(&desk.deliver(&flipped).await), expected, "{flipped:?}");
    }
    assert_eq!(desk.inbox().await.len(), 0);
}

/// T-61: how long a comparison takes tells nothing. Three tries, because the machine does other things too: what leaks,
/// leaks each time.
#[test]
fn t_61_comparing_takes_as_long_whatever_differs() {
    let pairs = if cfg!(debug_assertions) { 60_000 } else { 1_000_000 };
    let right = sign::callback_signature(TOKEN, "1714112445", "415670741");
    let early = format!("{}{}", if right.starts_with('0') { '1' } else { '0' }, &right[1..]);
    let late = format!("{}{}", &right[..39], if right.ends_with('0') { '1' } else { '0' });
    let t = || {
        let mut times = [Vec::with_capacity(pairs), Vec::with_capacity(pairs)];
        // One place for both: where a text lies in a line of the cache is not what is measured.
        let mut guess = [0; 40];
        for number in 0..pairs * 2 {
            // Mixed, so that whatever else happens on the machine happens to both.
            let class = (number ^ (number >> 3) ^ (number >> 7)) & 1;
            guess.copy_from_slice([&early, &late][class].as_bytes());
            let guess = std::hint::black_box(&guess);
            let begun = std::time::Instant::now();
            let equal = sign::ct_eq(std::hint::black_box(right.as_bytes()), guess);
            let took = begun.elapsed().as_nanos();
            assert!(!std::hint::black_box(equal));
            times[class].push(f64::from(u32::try_from(took).unwrap_or(u32::MAX)));
        }
        let [a, b] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            // Interruptions are not comparisons.
            times.truncate(times.len() * 9 / 10);
            let count = times.len() as f64;
            let mean = times.iter().sum::<f64>() / count;
            let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
            (mean, variance / count)
        });
        (a.0 - b.0) / (a.1 + b.1).sqrt().max(f64::EPSILON)
    };
    let tries = [t(), t(), t()];
    assert!(tries.iter().any(|t| t.abs() < 4.5), "{tries:?}");
}

/// T-68: an address that is not WeChat's; without a list nobody is refused.
#[tokio::test]
async fn t_68_foreign_addresses_are_refused_only_when_that_is_wanted() {
    for (check, refused) in [(SourceCheck::Off, false), (SourceCheck::Log, false), (SourceCheck::Refuse, true)] {
        let desk = Desk::with(Mode::Safe, |settings| settings.source_check = check).await;
        let from = async |ip: &str, msg_id| {
            let sent = desk.push(&text("hello", msg_id));
            let call = desk.world.request("POST", &format!("/wx?{}", sent.query)).at_ip(ip).body(sent.body);
            call.send().await.status()
        };
        let account = std::sync::Arc::clone(&desk.world.app.callbacks().counter(None).unwrap().account);
        refresh_sources(&desk.world.app, &account).await.unwrap();
        let expected = if refused { StatusCode::FORBIDDEN } else { StatusCode::OK };
        assert_eq!(from("203.0.113.7", 1).await, expected, "{check:?}");
        let theirs = "101.226.103.9";
        assert_eq!(from(theirs, 2).await, StatusCode::OK);

        desk.world.wechat_refuses("/cgi-bin/getcallbackip", 45009, 100).await;
        refresh_sources(&desk.world.app, &account).await.unwrap_err();
        assert_eq!(from("203.0.113.7", 3).await, expected, "the last good list stays");
        assert_eq!(from(theirs, 4).await, StatusCode::OK);
    }
}

/// FM-31: the right message at the wrong address.
#[tokio::test]
async fn fm_31_each_account_has_its_own_address() {
    let desk = Desk::with(Mode::Safe, |settings| {
        let mut mini = account("mini", Mode::Safe);
        mini.token = CallbackToken::new("anotherToken");
        settings.accounts.push(mini);
    })
    .await;
    let sent = desk.push(&text("hello", 1));
    for (path, expected) in [
        ("/wx/mini", StatusCode::FORBIDDEN),
        ("/wx/nobody", StatusCode::FORBIDDEN),
        ("/wx/%ff", StatusCode::FORBIDDEN),
        ("/wx/..%2fofficial", StatusCode::FORBIDDEN),
        ("/wx/official", StatusCode::OK),
        ("/wx", StatusCode::OK),
    ] {
        desk.deliver(&super::Sent { path: path.to_owned(), ..sent.clone() }).await.is(expected);
    }
    assert_eq!(desk.inbox().await.len(), 1);
}

/// FM-32: the console says one mode, the settings another.
#[rstest]
#[case(Mode::Plain, Mode::Safe)]
#[case(Mode::Safe, Mode::Plain)]
#[case(Mode::Compatible, Mode::Plain)]
#[tokio::test]
async fn fm_32_modes_do_not_mix(#[case] ours: Mode, #[case] theirs: Mode) {
    let desk = Desk::new(ours).await;
    let sent = signed(theirs, World::OFFICIAL, OURS, &text("hello", 1), desk.world.now_s());
    let answer = desk.deliver(&sent).await;
    assert_eq!(answer.is(StatusCode::FORBIDDEN).text(), "");
    assert_eq!(desk.inbox().await.len(), 0);
}

/// FM-33: our own clock is ten minutes off.
#[tokio::test]
async fn fm_33_a_wrong_clock_is_told_as_such() {
    let desk = Desk::new(Mode::Safe).await;
    let health = async || desk.world.get("/api/health").await.data()["services"]["clock_off_s"].clone();
    assert_eq!(desk.world.get("/readyz").await.text(), "ready");
    for number in 0..3 {
        assert_eq!(health().await, serde_json::Value::Null);
        let sent = desk.push_at(&text("hello", number), desk.world.now_s() - 600);
        desk.deliver(&sent).await.is(StatusCode::FORBIDDEN);
    }
    assert_eq!(health().await, 600);
    assert_eq!(desk.world.get("/readyz").await.is(StatusCode::OK).text(), "ready, but the clock is off");
    assert_eq!(desk.world.get("/api/health").await.data()["status"], "degraded");

    // What is not signed with our token says nothing about our clock.
    let other = Desk::new(Mode::Safe).await;
    for _ in 0..5 {
        let mut sent = other.push_at(&text("hello", 1), other.world.now_s() - 600);
        sent.query = sent.query.replace("signature=", "signature=0");
        other.deliver(&sent).await.is(StatusCode::FORBIDDEN);
    }
    assert_eq!(other.world.get("/readyz").await.text(), "ready");

    desk.say(&text("hello", 9)).await;
    assert_eq!(health().await, serde_json::Value::Null);
}

/// During a rotation both tokens and both keys are good, in any pair; the answer is in the language of the question.
#[tokio::test]
async fn a_rotation_loses_nothing() {
    const NEW: &str = "ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvut";
    let desk = Desk::with(Mode::Safe, |settings| {
        settings.rules.push(rule(r#"{"match":{"on":"any"},"reply":{"type":"text","content":"好"}}"#));
        let account = &mut settings.accounts[0];
        account.previous_tokens.push(std::mem::replace(&mut account.token, CallbackToken::new("newToken")));
        account.previous_aes_keys.extend(account.aes_key.replace(AesKey::parse(NEW).unwrap()));
    })
    .await;
    assert_ne!(KEY, NEW);
    assert!(desk.say(&text("hello", 1)).await.is_some(), "answered with the old token and the old key");
    let now = desk.world.now_s().to_string();
    let signature = sign::callback_signature("newToken", &now, "1");
    let echo = format!("/wx?signature={signature}&timestamp={now}&nonce=1&echostr=42");
    desk.world.get(&echo).await.is(StatusCode::OK);
}

pub(super) fn rule(text: &str) -> weiqiao_app::decide::RuleDraft {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    weiqiao_app::decide::RuleDraft::from_json(value.as_object().unwrap()).unwrap()
}
