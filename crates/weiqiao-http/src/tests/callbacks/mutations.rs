//! A hundred thousand forgeries.

use http::StatusCode;
use weiqiao_model::{Rng as _, SeededRng};
use weixin_proto::callback::Mode;

use super::{Desk, Sent, bytes, text};

/// G-11: of 100,000 changed deliveries none is accepted, and all are answered alike, to the byte. Without optimisation
/// 10,000, because each of them takes ten times as long there.
#[tokio::test]
async fn of_a_hundred_thousand_changed_deliveries_none_is_accepted() {
    let count = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
    let rng = SeededRng::new(11);
    for mode in [Mode::Safe, Mode::Plain] {
        let desk = Desk::new(mode).await;
        let sent = desk.push(&text("转账给小明", 1));
        let expected = bytes(&desk.deliver(&Sent { query: "x".to_owned(), ..sent.clone() }).await);
        assert_eq!(expected.0, StatusCode::FORBIDDEN);
        for _ in 0..count / 2 {
            let forged = changed(&sent, mode, &rng);
            assert_eq!(bytes(&desk.deliver(&forged).await), expected, "{forged:?}");
        }
        assert_eq!(desk.inbox().await.len(), 0);
    }
}

/// Changes what is signed: in safe mode the sealed text, time, nonce and signature; in plain mode the last three.
fn changed(sent: &Sent, mode: Mode, rng: &SeededRng) -> Sent {
    let mut random = [0; 8];
    rng.fill(&mut random);
    let [which, how, at_high, at_low, with, ..] = random;
    let mut forged = sent.clone();
    let name = if mode == Mode::Plain { "signature=" } else { "msg_signature=" };
    let places: &[&str] =
        if mode == Mode::Plain { &["timestamp=", "nonce=", name] } else { &["timestamp=", "nonce=", name, "body"] };
    let place = places[usize::from(which) % places.len()];
    let (text, from, to) = match place {
        "body" => {
            let from = forged.body.find("<Encrypt><![CDATA[").unwrap() + 18;
            let to = forged.body.rfind("]]></Encrypt>").unwrap();
            (&mut forged.body, from, to)
        }
        _ => {
            let from = forged.query.rfind(place).unwrap() + place.len();
            let to = forged.query[from..].find('&').map_or(forged.query.len(), |end| from + end);
            (&mut forged.query, from, to)
        }
    };
    let at = from + usize::from(u16::from_be_bytes([at_high, at_low])) % (to - from);
    const LETTERS: &[u8] = b"0123456789abcdefABCDEFghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ-_.~";
    let letter = char::from(LETTERS[usize::from(with) % LETTERS.len()]);
    let old = text[at..].chars().next().unwrap();
    match how % 3 {
        0 if letter != old => text.replace_range(at..=at, letter.to_string().as_str()),
        1 => text.insert(at, letter),
        _ => drop(text.remove(at)),
    }
    forged
}
