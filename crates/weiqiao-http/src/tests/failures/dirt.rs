//! Answers that are not quite JSON, or not quite as documented, and still mean something.

use http::StatusCode;
use serde_json::{Value, json};
use weixin_emulator::Fault;

use super::{SEND, STABLE, login, menu, mini_login, send};
use crate::testing::World;

const EXCHANGE: &str = "/sns/oauth2/access_token";
const MINI: &str = "/sns/jscode2session";
const PROFILE: &str = "/sns/userinfo";

/// What WeChat answers about 小明, with this between the quotes of the nickname.
fn profile(world: &World, nickname: &[u8], sex: &str, rest: &str) -> Vec<u8> {
    let head = format!(r#"{{"openid":"{}","nickname":""#, world.openid("xiaoming"));
    let tail = format!(
        r#"","sex":{sex},"language":"zh_CN","city":"","province":"","country":"","headimgurl":"https://thirdwx.qlogo.cn/mmopen/1/132","privilege":[]{rest}}}"#
    );
    [head.as_bytes(), nickname, tail.as_bytes()].concat()
}

/// Logs in with this answer about the person; the nickname that is shown, or why there is none.
async fn nickname_of(world: &World, body: Vec<u8>) -> Result<String, String> {
    world.emulator.fault(Fault::on(PROFILE).body(body).deliver());
    let answer = login(world).await;
    match answer.status() {
        StatusCode::OK => Ok(answer.data()["user_info"]["nickname"].as_str().unwrap().to_owned()),
        _ => Err(answer.message().to_owned()),
    }
}

/// Nicknames as they have come over the wire, and as they are shown.
fn nicknames() -> Vec<(Vec<u8>, String)> {
    let mut all: Vec<(Vec<u8>, String)> = Vec::new();
    let mut add = |bytes: &[u8], shown: &str| all.push((bytes.to_vec(), shown.to_owned()));
    // Control characters as they are, and escaped.
    for control in 0_u8..0x20 {
        add(&["小".as_bytes(), &[control], "明".as_bytes()].concat(), "小明");
        add(format!("小\\u{control:04x}明").as_bytes(), "小明");
    }
    add("小\u{7f}明".as_bytes(), "小明");
    // Escapes that JSON does not know.
    for (escape, shown) in [("\\x41", "\\x41"), ("\\'", "\\'"), ("\\a", "\\a"), ("\\ ", "\\ "), ("\\微", "\\微")] {
        add(format!("小{escape}明").as_bytes(), &format!("小{shown}明"));
    }
    // Halves of pairs, written as escapes.
    for half in ["\\ud83d", "\\ude00", "\\ud83d\\ud83d", "\\ude00\\ud83d"] {
        let marks = "\u{fffd}".repeat(half.len() / 6);
        add(format!("小{half}明").as_bytes(), &format!("小{marks}明"));
    }
    add("小\\ud83d\\ude00明".as_bytes(), "小😀明");
    // Bytes that are no UTF-8.
    for broken in [&b"\xff"[..], b"\xc0", b"\xe5\xb0", b"\xf0\x9f\x98"] {
        add(&["小".as_bytes(), broken, "明".as_bytes()].concat(), "小\u{fffd}明");
    }
    // What is unusual and fine.
    for fine in [
        "小\u{e415}明",
        "👨‍👩‍👧‍👦",
        "é̂̃",
        "\u{202e}مرحبا",
        "a\u{301}",
        "𠮷野家",
        "🇨🇳",
        "‌\u{feff}小明",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "👩🏽‍🚀小明",
        "ｆｕｌｌ　ｗｉｄｔｈ",
    ] {
        add(fine.as_bytes(), fine);
    }
    add(b"", "");
    add(br#"\"quoted\" \\ \/"#, "\"quoted\" \\ /");
    all
}

#[tokio::test]
async fn fm_18_the_content_type_is_of_no_interest() {
    let world = World::open().await;
    for kind in [
        "text/plain",
        "text/html",
        "text/html; charset=gbk",
        "application/json; encoding=utf-8",
        "application/json;charset=GB2312",
        "image/jpeg",
        "application/octet-stream",
        "text/xml",
        "",
    ] {
        for path in [EXCHANGE, PROFILE, MINI] {
            let fault = Fault { content_type: Some(kind.to_owned()), ..Fault::on(path).patch(json!({})) };
            world.emulator.fault(fault);
        }
        login(&world).await.is(StatusCode::OK);
        mini_login(&world).await.is(StatusCode::OK);
        assert!(world.emulator.engine().faults().is_empty(), "{kind}: each was met");
    }
}

#[tokio::test]
async fn fm_19_control_characters_and_bad_escapes_are_cleaned_and_read() {
    let world = World::open().await;
    let bad = |(bytes, _): &&(Vec<u8>, String)| bytes.iter().any(|byte| *byte < 0x20 || *byte == b'\\');
    let all = nicknames();
    let mut tried = 0;
    for (bytes, shown) in all.iter().filter(bad) {
        for (before, after) in [("", ""), ("真的", ""), ("", "🐱")] {
            let whole = [before.as_bytes(), bytes, after.as_bytes()].concat();
            let expected = format!("{before}{shown}{after}");
            let found = nickname_of(&world, profile(&world, &whole, "0", "")).await;
            assert_eq!(found, Ok(expected), "{:?}", String::from_utf8_lossy(&whole));
            tried += 1;
        }
    }
    assert!(tried >= 200, "{tried}");
}

#[tokio::test]
async fn fm_20_broken_text_is_repaired_but_an_openid_is_not() {
    let world = World::open().await;
    for (before, after) in [("\u{feff}", ""), ("", "\0"), ("\u{feff}", "\0\0"), (" \r\n\t", "\r\n")] {
        for path in [EXCHANGE, PROFILE, MINI] {
            world.emulator.fault(Fault::on(path).around(before, after));
        }
        login(&world).await.is(StatusCode::OK);
        mini_login(&world).await.is(StatusCode::OK);
    }
    for (bytes, shown) in [(&b"\xe5\xb0\x8f\xff"[..], "小\u{fffd}"), (b"\\ud83d", "\u{fffd}")] {
        assert_eq!(nickname_of(&world, profile(&world, bytes, "0", "")).await, Ok(shown.to_owned()));
    }
    for openid in ["o\\ud83d1234567890123456789", "oabc\u{1}def", "o微信", "o\\u0000", "o 1"] {
        for (path, rest) in [
            (MINI, r#""session_key":"AAAAAAAAAAAAAAAAAAAAAA==""#),
            (EXCHANGE, r#""access_token":"a","expires_in":7200,"refresh_token":"r","scope":"snsapi_base""#),
        ] {
            world.emulator.fault(Fault::on(path).body(format!(r#"{{"openid":"{openid}",{rest}}}"#)).deliver());
            let answer = if path == MINI { mini_login(&world).await } else { login(&world).await };
            assert!(answer.status().is_server_error(), "{openid:?} at {path}: {answer:?}");
        }
    }
    let broken = [br#"{"openid":"o"#, &b"\xff"[..], br#"x","session_key":"AAAAAAAAAAAAAAAAAAAAAA=="}"#].concat();
    world.emulator.fault(Fault::on(MINI).body(broken).deliver());
    assert!(mini_login(&world).await.status().is_server_error());
}

#[tokio::test]
async fn fm_21_unusual_text_is_kept_as_it_is() {
    let world = World::open().await;
    let fine: Vec<_> = nicknames().into_iter().filter(|(bytes, shown)| bytes == shown.as_bytes()).collect();
    assert!(fine.len() >= 10);
    for (bytes, shown) in fine {
        assert_eq!(nickname_of(&world, profile(&world, &bytes, "0", "")).await, Ok(shown.clone()));
        let kept = world.get(&format!("/api/user/{}", world.openid("xiaoming"))).await;
        assert_eq!(kept.is(StatusCode::OK).data()["user_info"]["nickname"], shown, "{kept:?}");
    }
    // 64 characters, however many bytes.
    let long = "👨".repeat(100);
    let shown = nickname_of(&world, profile(&world, long.as_bytes(), "0", "")).await.unwrap();
    assert_eq!(shown, "👨".repeat(64));
}

#[tokio::test]
async fn fm_22_numbers_may_be_texts_and_codes_may_be_missing() {
    let world = World::open().await;
    for (path, patch) in [
        (EXCHANGE, json!({ "expires_in": "7200" })),
        (EXCHANGE, json!({ "errcode": 0 })),
        (EXCHANGE, json!({ "errcode": "0", "errmsg": "ok" })),
        (EXCHANGE, json!({ "is_snapshotuser": "0" })),
        (PROFILE, json!({ "sex": "1" })),
        (PROFILE, json!({ "sex": null })),
        (PROFILE, json!({ "errcode": "0" })),
        (PROFILE, json!({ "nickname": 12345 })),
        (MINI, json!({ "errcode": "0" })),
        (MINI, json!({ "errcode": null, "errmsg": null })),
        (MINI, json!({ "expires_in": "7200" })),
        (STABLE, json!({ "expires_in": "7200" })),
        (STABLE, json!({ "errcode": "0", "errmsg": "ok" })),
    ] {
        world.emulator.fault(Fault::on(path).patch(patch.clone()));
        login(&world).await.is(StatusCode::OK);
        mini_login(&world).await.is(StatusCode::OK);
        world.advance(std::time::Duration::from_secs(7_300));
        menu(&world).await.is(StatusCode::OK);
        assert!(world.emulator.engine().faults().is_empty(), "{path} {patch}: was met");
    }
    world.emulator.fault(Fault::on(MINI).body(r#"{"errcode":"40029","errmsg":"invalid code"}"#));
    assert_eq!(mini_login(&world).await.error()["errcode"], 40029);
}

#[tokio::test]
async fn fm_23_unknown_fields_pass_and_known_ones_stand_once() {
    let world = World::open().await;
    for rest in [
        r#","new_field":{"a":[1,2,{"b":null}]}"#,
        r#","twice":1,"twice":2"#,
        r#","List":{"x":1}"#,
        r#","privilege2":"","level":99999999999999999999"#,
    ] {
        assert_eq!(nickname_of(&world, profile(&world, b"n", "0", rest)).await, Ok("n".to_owned()), "{rest}");
    }
    for rest in [r#","openid":"oSomebodyElse0000000000000""#, r#","nickname":"other""#] {
        nickname_of(&world, profile(&world, b"n", "0", rest)).await.unwrap_err();
    }
    world.emulator.fault(Fault::on(PROFILE).patch(json!({ "privilege": { "0": "chinaunicom" } })));
    assert!(login(&world).await.status() != StatusCode::NOT_FOUND, "an object where a list was promised is no crash");
}

#[tokio::test]
async fn fm_24_message_numbers_beyond_two_to_the_53_survive() {
    let world = World::open().await;
    world.emulator.accept_notifications("advisor-li", "mini", super::TEMPLATE, 10);
    for (said, read) in [
        (json!(9_007_199_254_740_993_i64), 9_007_199_254_740_993_i64),
        (json!(i64::MAX), i64::MAX),
        (json!("9007199254740993"), 9_007_199_254_740_993),
    ] {
        world.emulator.fault(Fault::on(SEND).patch(json!({ "msgid": said })));
        let sent = send(&world).await;
        assert_eq!(sent.is(StatusCode::OK).data()["msgid"], read);
        assert!(sent.text().contains(&read.to_string()), "every digit: {}", sent.text());
    }
}

/// G-33: whatever a person could read is a login.
#[tokio::test]
async fn g_33_more_than_three_hundred_dirty_answers_are_logins() {
    let world = World::open().await;
    let wraps: [(&str, &str); 4] = [("", ""), ("\u{feff}", ""), (" \n", "\0"), ("\r\n\t", "\n\n")];
    let sexes = ["0", "\"1\"", "2", "\"\"", "\"男\"", "-1", "99999999999"];
    let rests = ["", r#","unionid":"""#, r#","errcode":0,"errmsg":"ok""#, r#","errcode":"0","x":{"y":[{}]}"#];
    let mut read = 0;
    for (number, (bytes, shown)) in nicknames().into_iter().enumerate() {
        for (turn, (before, after)) in wraps.into_iter().enumerate() {
            let body = profile(&world, &bytes, sexes[(number + turn) % 7], rests[(number + 2 * turn) % 4]);
            let body = [before.as_bytes(), &body, after.as_bytes()].concat();
            let found = nickname_of(&world, body.clone()).await;
            assert_eq!(found, Ok(shown.clone()), "{:?}", String::from_utf8_lossy(&body));
            read += 1;
        }
    }
    for (before, after) in wraps {
        for patch in [
            json!({}),
            json!({ "errcode": 0, "errmsg": "ok" }),
            json!({ "errcode": "0" }),
            json!({ "unionid": null }),
            json!({ "unionid": "" }),
            json!({ "expires_in": "7200", "new": [1, { "a": Value::Null }] }),
        ] {
            world.emulator.fault(Fault::on(MINI).patch(patch.clone()).around(before, after));
            mini_login(&world).await.is(StatusCode::OK);
            world.emulator.fault(Fault::on(EXCHANGE).patch(patch).around(before, after));
            login(&world).await.is(StatusCode::OK);
            read += 2;
        }
    }
    println!("{read} dirty answers were logins");
    assert!(read >= 300, "{read}");
}
