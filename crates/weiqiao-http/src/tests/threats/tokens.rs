//! Sessions: forged, too old, for somebody else, ended.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};
use weiqiao_app::AuthMode;
use weiqiao_app::usecase::upkeep::sweep;
use weiqiao_model::Role;

use super::{super::envelope::described_paths, session};
use crate::testing::World;

/// The secret the worlds of these tests sign with.
fn secret() -> String {
    "token-secret-".repeat(8)
}

fn b64(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// HMAC by its definition, over any hash.
fn hmac<D: Digest>(key: &[u8], message: &[u8], block: usize) -> Vec<u8> {
    let mut key = if key.len() > block { D::digest(key).to_vec() } else { key.to_vec() };
    key.resize(block, 0);
    let pad = |byte: u8| key.iter().map(|one| one ^ byte).collect::<Vec<_>>();
    let inner = D::digest([pad(0x36).as_slice(), message].concat());
    D::digest([pad(0x5c).as_slice(), &inner].concat()).to_vec()
}

fn hs256(header: &str, body: &str, key: &str) -> String {
    let message = format!("{}.{}", b64(header), b64(body));
    format!("{message}.{}", b64(hmac::<Sha256>(key.as_bytes(), message.as_bytes(), 64)))
}

const HEADER: &str = r#"{"typ":"JWT","alg":"HS256"}"#;

/// What a good token claims.
fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// Forgeries of every class, made from a good token.
fn forgeries(good: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let claims = claims(good);
    let text = claims.to_string();
    let key = secret();
    let headed = |header: &str| hs256(header, &text, &key);
    let with = |name: &str, value: Value| {
        let mut changed = claims.clone();
        changed[name] = value;
        hs256(HEADER, &changed.to_string(), &key)
    };
    let message = format!("{}.{}", b64(HEADER), b64(&text));
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    let mut all = vec![
        ("two parts", format!("{head}.{body}")),
        ("empty signature", format!("{head}.{body}.")),
        ("four parts", format!("{good}.x")),
        ("signature cut", good[..good.len() - 2].to_owned()),
        ("signature padded", format!("{good}=")),
        ("signature as hex", format!("{head}.{body}.{}", "ab".repeat(32))),
        ("signature of zeros", format!("{head}.{body}.{}", b64([0; 32]))),
        (
            "other claims under the signature",
            format!("{head}.{}.{signature}", b64(text.replace("\"sub\":\"", "\"sub\":\"x"))),
        ),
        ("huge", format!("{head}.{}.{signature}", "A".repeat(12_000))),
        ("another key", hs256(HEADER, &text, &"another-secret-".repeat(8))),
        ("an empty key", hs256(HEADER, &text, "")),
        ("the word secret", hs256(HEADER, &text, "secret")),
        ("HS384 with our key", format!("{message}.{}", b64(hmac::<Sha384>(key.as_bytes(), message.as_bytes(), 128)))),
        ("HS512 with our key", format!("{message}.{}", b64(hmac::<Sha512>(key.as_bytes(), message.as_bytes(), 128)))),
        ("alg none", format!("{}.{body}.", b64(r#"{"typ":"JWT","alg":"none"}"#))),
        ("alg nOnE, our signature", format!("{}.{body}.{signature}", b64(r#"{"typ":"JWT","alg":"nOnE"}"#))),
        ("alg none, signed", headed(r#"{"typ":"JWT","alg":"none"}"#)),
        ("alg RS256", headed(r#"{"typ":"JWT","alg":"RS256"}"#)),
        ("alg ES256", headed(r#"{"typ":"JWT","alg":"ES256"}"#)),
        ("alg HS512 in the header", headed(r#"{"typ":"JWT","alg":"HS512"}"#)),
        ("alg missing", headed(r#"{"typ":"JWT"}"#)),
        ("alg twice", headed(r#"{"typ":"JWT","alg":"none","alg":"HS256"}"#)),
        ("typ missing", headed(r#"{"alg":"HS256"}"#)),
        ("typ of access tokens", headed(r#"{"typ":"at+jwt","alg":"HS256"}"#)),
        ("kid as a path", headed(r#"{"typ":"JWT","alg":"HS256","kid":"../../dev/null"}"#)),
        ("kid as SQL", headed(r#"{"typ":"JWT","alg":"HS256","kid":"x' UNION SELECT 'k"}"#)),
        ("jku", headed(r#"{"typ":"JWT","alg":"HS256","jku":"https://evil.example/jwks"}"#)),
        ("jwk", headed(r#"{"typ":"JWT","alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}"#)),
        ("x5u", headed(r#"{"typ":"JWT","alg":"HS256","x5u":"https://evil.example/c"}"#)),
        ("crit", headed(r#"{"typ":"JWT","alg":"HS256","crit":["exp"]}"#)),
        ("zip", headed(r#"{"typ":"JWT","alg":"HS256","zip":"DEF"}"#)),
        ("header an array", headed(r#"["HS256"]"#)),
        ("header not JSON", headed("HS256")),
        ("another issuer", with("iss", json!("https://evil.example/"))),
        ("issuer a list", with("iss", json!([claims["iss"]]))),
        ("for staff", with("aud", json!("weiqiao-staff"))),
        ("audience a list", with("aud", json!(["weiqiao", "weiqiao-staff"]))),
        ("exp as text", with("exp", json!("9999999999"))),
        ("exp a fraction", with("exp", json!(9_999_999_999.5))),
        ("exp null", with("exp", Value::Null)),
        ("exp too big", with("exp", json!(1e300))),
        ("exp past", with("exp", json!(iat - 31))),
        ("exp negative", with("exp", json!(-1))),
        ("iat ahead", with("iat", json!(iat + 31))),
        ("nbf ahead", with("nbf", json!(iat + 31))),
        ("a session that is none", with("sid", json!("0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10"))),
        ("sub empty", with("sub", json!(""))),
        ("sub a number", with("sub", json!(1))),
        ("one claim more", with("role", json!("admin"))),
        ("claims a list", hs256(HEADER, "[]", &key)),
        ("claims not JSON", hs256(HEADER, "user", &key)),
        ("claims with junk behind", hs256(HEADER, &format!("{text}x"), &key)),
    ];
    assert!(exp > iat);
    for name in ["sub", "account", "sid", "iss", "aud", "iat", "nbf", "exp", "jti"] {
        let mut less = claims.clone();
        less.as_object_mut().unwrap().remove(name);
        all.push(("a claim is missing", hs256(HEADER, &less.to_string(), &key)));
    }
    all
}

#[tokio::test]
async fn t_22_forged_tokens_are_refused_everywhere_and_at_once() {
    let world = World::strict().await;
    let (_, good) = session(&world, "xiaoming").await;
    world.request("GET", "/api/me").bearer(&good).send().await.is(StatusCode::OK);
    let again = hs256(HEADER, &claims(&good).to_string(), &secret());
    world.request("GET", "/api/me").bearer(&again).send().await.is(StatusCode::OK);
    let forgeries = forgeries(&good);
    assert!(forgeries.len() >= 45, "{}", forgeries.len());
    let mut longest = Duration::ZERO;
    for (class, forged) in &forgeries {
        for (method, path) in [("GET", "/api/me"), ("GET", "/api/admin/leads"), ("POST", "/api/wechat/phone")] {
            let call = world.request(method, path).bearer(forged).json("{}");
            let begun = Instant::now();
            let answer = call.send().await;
            longest = longest.max(begun.elapsed());
            answer.is(StatusCode::UNAUTHORIZED).code("UNAUTHORIZED");
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{class}");
        }
        let cookie = world.request("GET", "/api/me").header("cookie", &format!("weiqiao_session={forged}"));
        cookie.send().await.is(StatusCode::UNAUTHORIZED);
    }
    println!("{} forged tokens, the longest refusal took {longest:?}", forgeries.len());
    assert!(longest < Duration::from_millis(500));
}

#[tokio::test]
async fn t_23_a_session_lasts_a_day_whatever_the_clock_does() {
    let world = World::strict().await;
    let begun = world.now_ms();
    let (_, token) = session(&world, "xiaoming").await;
    let me = || world.request("GET", "/api/me").bearer(&token).send();
    let day = 86_400_000;
    for (at, status) in [(day - 31_000, 200), (day + 30_000, 200), (day + 31_000, 401), (2 * day, 401)] {
        world.clock.set(begun + at);
        assert_eq!(me().await.status(), status, "{at}");
    }
    // The clock is put back: what was over stays over once the sweep that runs every minute has seen it.
    world.clock.set(begun + day + 61_000);
    sweep(&world.app).await.unwrap();
    world.clock.set(begun + day - 3_600_000);
    me().await.is(StatusCode::UNAUTHORIZED);
    // A token from the future of a clock that was put back is not good yet.
    let (_, later) = session(&world, "xiaoming").await;
    world.clock.set(begun + day - 7_200_000);
    world.request("GET", "/api/me").bearer(&later).send().await.is(StatusCode::UNAUTHORIZED);
}

/// A body that is right at the doors for people.
const BODY: &str = r#"{"code":"x","encryptedData":"AAAA","iv":"AAAA"}"#;

/// A path that wants staff or a key, and one that wants a person.
fn guarded(path: &str) -> Option<bool> {
    let staff = path.starts_with("/api/admin/") || path == "/api/users" || path == "/api/auth/me";
    let person = ["/api/me", "/api/wechat/phone", "/api/wechat/decrypt"].contains(&path);
    (staff || person).then_some(staff)
}

#[tokio::test]
async fn t_24_a_token_opens_only_the_doors_it_was_made_for() {
    let world = World::strict().await;
    // Another service with the same secret, and one with the same address.
    let other = World::with(AuthMode::Strict, "https://other.example.com/", |_| {}).await;
    let stranger = World::with(AuthMode::Strict, "https://app.example.com/", |plan| {
        plan.app.secrets.jwt = weiqiao_app::settings::SettingSecret::new("other-secret-".repeat(8));
    })
    .await;
    let (_, person) = session(&world, "xiaoming").await;
    let staff = world.staff_token("boss", Role::Admin).await;
    let foreign = [
        ("a person of another service with our secret", session(&other, "xiaoming").await.1),
        ("staff of another service with our secret", other.staff_token("boss", Role::Admin).await),
        ("a person of a service at our address", session(&stranger, "xiaoming").await.1),
        ("staff of a service at our address", stranger.staff_token("boss", Role::Admin).await),
        ("a token of the emulator's", {
            let answer = world.emulator.steal_token("mini");
            format!("{answer:?}").chars().filter(char::is_ascii_alphanumeric).collect()
        }),
    ];
    let mut doors = 0;
    for (path, methods) in described_paths() {
        let Some(for_staff) = guarded(&path) else { continue };
        for method in methods {
            let ask = |token: &str| world.request(&method, &path).bearer(token).json(BODY).send();
            for (class, token) in &foreign {
                let status = ask(token).await.status();
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{class} at {method} {path}");
            }
            let wrong = if for_staff { &person } else { &staff };
            let status = ask(wrong).await.status();
            assert!([401, 403].contains(&status.as_u16()), "{method} {path}: {status}");
            doors += 1;
        }
    }
    println!("{doors} guarded doors, {} foreign tokens", foreign.len());
    assert!(doors >= 30, "{doors}");
    world.request("GET", "/api/me").bearer(&person).send().await.is(StatusCode::OK);
    world.request("GET", "/api/users").bearer(&staff).send().await.is(StatusCode::OK);
}

#[tokio::test]
async fn t_25_who_is_thrown_out_is_out_on_both_instances_within_five_seconds() {
    let world = World::strict().await;
    let other = world.instance().await;
    let (_, token) = session(&world, "xiaoming").await;
    let routers = [world.router.clone(), other.router.clone()];
    let me = |router: &crate::Edge| world.request("GET", "/api/me").at(router).bearer(&token).send();
    for router in &routers {
        me(router).await.is(StatusCode::OK);
    }
    world.request("POST", "/api/logout").bearer(&token).json("{}").send().await.is(StatusCode::OK);
    me(&routers[0]).await.is(StatusCode::UNAUTHORIZED);
    world.advance(Duration::from_secs(5));
    for router in &routers {
        me(router).await.is(StatusCode::UNAUTHORIZED);
    }
    // Nor does the code bring it back.
    world.advance(Duration::from_secs(3_600));
    me(&routers[1]).await.is(StatusCode::UNAUTHORIZED);
}
