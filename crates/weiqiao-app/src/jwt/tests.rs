//! Forged tokens of every class we know (T-22 to T-24), each refused; good ones accepted to the second.

use jsonwebtoken::crypto::sign;
use serde_json::{Value, json};

use super::*;

const SECRET: &str = "jwt-secret-0123456789abcdef-0123456789";
const PREVIOUS: &str = "jwt-previous-0123456789abcdef-012345678";
const ISSUER: &str = "https://wx.example.com/";
const NOW_S: i64 = 1_757_062_690;
const DAY_S: i64 = 86_400;

fn tokens(secret: &str, previous: Option<&str>) -> Tokens {
    let settings = SecretSettings {
        master: "unused".into(),
        master_previous: Vec::new(),
        jwt: secret.into(),
        jwt_previous: previous.map(Into::into),
    };
    Tokens::new(&settings, ISSUER, Duration::from_secs(86_400)).unwrap()
}

fn ours() -> Tokens {
    tokens(SECRET, Some(PREVIOUS))
}

fn issue(tokens: &Tokens, audience: Audience) -> String {
    let account = AccountName::new("official").unwrap();
    let account = (audience == Audience::User).then_some(&account);
    tokens.issue(audience, "user-1", account, &SessionId::new("session-1"), "jti-1".into(), NOW_S * 1000).unwrap()
}

fn verify(token: &str) -> Result<Claims, TokenProblem> {
    ours().verify(Audience::User, token, NOW_S * 1000)
}

fn b64(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

const OUR_HEADER: &str = r#"{"typ":"JWT","alg":"HS256"}"#;

fn claims() -> Value {
    json!({
        "sub": "user-1", "account": "official", "sid": "session-1", "iss": ISSUER, "aud": "weiqiao",
        "iat": NOW_S, "nbf": NOW_S, "exp": NOW_S + DAY_S, "jti": "jti-1",
    })
}

/// Signs any header and body text with any key.
fn forge(header: &str, body: &str, key: &str, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", b64(header), b64(body));
    let signature = sign(message.as_bytes(), &EncodingKey::from_secret(key.as_bytes()), algorithm).unwrap();
    format!("{message}.{signature}")
}

/// Our header and our key around any claims, as a leak or another service of the owner could make.
fn signed(body: &Value) -> String {
    forge(OUR_HEADER, &body.to_string(), SECRET, Algorithm::HS256)
}

/// Our key and our claims under any header.
fn headed(header: &str) -> String {
    forge(header, &claims().to_string(), SECRET, Algorithm::HS256)
}

fn with(key: &str, value: Value) -> Value {
    let mut changed = claims();
    changed[key] = value;
    changed
}

fn without(key: &str) -> Value {
    let mut changed = claims();
    changed.as_object_mut().unwrap().remove(key);
    changed
}

#[test]
fn a_good_token_says_what_it_was_given_and_the_fixture_is_good_too() {
    let token = issue(&ours(), Audience::User);
    let found = verify(&token).unwrap();
    assert_eq!(serde_json::to_value(&found).unwrap(), claims());
    assert_eq!(token.split('.').next().unwrap(), b64(OUR_HEADER), "the library writes the header we demand");
    assert_eq!(verify(&signed(&claims())).unwrap(), found, "what the forgeries below start from is accepted");
}

#[test]
fn the_previous_secret_still_verifies_and_no_longer_signs() {
    let old = issue(&tokens(PREVIOUS, None), Audience::User);
    assert!(verify(&old).is_ok());
    assert_eq!(tokens(SECRET, None).verify(Audience::User, &old, NOW_S * 1000), Err(TokenProblem::Signature));
    let new = issue(&ours(), Audience::User);
    assert_eq!(tokens(PREVIOUS, None).verify(Audience::User, &new, NOW_S * 1000), Err(TokenProblem::Signature));
}

#[test]
fn life_ends_to_the_second_with_thirty_of_leeway() {
    let (tokens, token) = (ours(), issue(&ours(), Audience::User));
    for (at, accepted) in
        [(-31, false), (-30, true), (0, true), (DAY_S - 31, true), (DAY_S + 30, true), (DAY_S + 31, false)]
    {
        let answer = tokens.verify(Audience::User, &token, (NOW_S + at) * 1000);
        assert_eq!(answer.is_ok(), accepted, "{at} s after it was issued: {answer:?}");
    }
}

#[test]
fn the_two_audiences_never_mix() {
    let tokens = ours();
    let (user, staff) = (issue(&tokens, Audience::User), issue(&tokens, Audience::Staff));
    assert!(tokens.verify(Audience::Staff, &staff, NOW_S * 1000).is_ok());
    assert!(tokens.verify(Audience::Staff, &user, NOW_S * 1000).is_err());
    assert!(tokens.verify(Audience::User, &staff, NOW_S * 1000).is_err());
    // Not even with the header and the audience of the other: the keys differ.
    let staff_like = forge(
        r#"{"typ":"staff+jwt","alg":"HS256"}"#,
        &with("aud", json!("weiqiao-staff")).to_string(),
        SECRET,
        Algorithm::HS256,
    );
    assert_eq!(tokens.verify(Audience::Staff, &staff_like, NOW_S * 1000), Err(TokenProblem::Signature));
}

#[test]
fn forged_tokens_of_every_class_are_refused() {
    let good = issue(&ours(), Audience::User);
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let by = |key: &str, algorithm| forge(OUR_HEADER, &claims().to_string(), key, algorithm);
    let raw = |body: &str| forge(OUR_HEADER, body, SECRET, Algorithm::HS256);
    let mut battery: Vec<(&str, String)> = vec![
        ("nothing", String::new()),
        ("dots", "..".into()),
        ("one part", head.into()),
        ("two parts", format!("{head}.{body}")),
        ("empty signature", format!("{head}.{body}.")),
        ("four parts", format!("{good}.{signature}")),
        ("five parts, as encrypted tokens have", format!("{head}..{body}.{signature}.x")),
        ("white space in front", format!(" {good}")),
        ("white space behind", format!("{good}\n")),
        ("a NUL behind", format!("{good}\0")),
        ("the scheme repeated", format!("Bearer {good}")),
        ("huge", format!("{head}.{}.{signature}", "A".repeat(1 << 20))),
        ("another key", by("another-secret-0123456789abcdef-012345", Algorithm::HS256)),
        ("an empty key", by("", Algorithm::HS256)),
        ("the word secret as key", by("secret", Algorithm::HS256)),
        ("our key with HS384", by(SECRET, Algorithm::HS384)),
        ("our key with HS512", by(SECRET, Algorithm::HS512)),
        ("signature of other claims", format!("{head}.{}.{signature}", b64(with("sub", json!("admin")).to_string()))),
        ("signature cut", format!("{head}.{body}.{}", signature.split_at(signature.len() - 2).0)),
        ("signature lengthened", format!("{good}A")),
        ("signature padded", format!("{good}=")),
        ("signature in standard alphabet", format!("{head}.{body}.{}", "/".repeat(43))),
        ("signature as hex", format!("{head}.{body}.{}", "ab".repeat(32))),
        ("body padded", format!("{head}.{body}=.{signature}")),
        ("alg none, no signature", format!("{}.{body}.", b64(r#"{"typ":"JWT","alg":"none"}"#))),
        ("alg None, our signature", format!("{}.{body}.{signature}", b64(r#"{"typ":"JWT","alg":"None"}"#))),
        ("alg NONE signed", headed(r#"{"typ":"JWT","alg":"NONE"}"#)),
        ("alg HS384 in the header", headed(r#"{"typ":"JWT","alg":"HS384"}"#)),
        ("alg RS256 in the header", headed(r#"{"typ":"JWT","alg":"RS256"}"#)),
        ("alg ES256 in the header", headed(r#"{"typ":"JWT","alg":"ES256"}"#)),
        ("alg missing", headed(r#"{"typ":"JWT"}"#)),
        ("alg twice", headed(r#"{"typ":"JWT","alg":"none","alg":"HS256"}"#)),
        ("alg in lower case", headed(r#"{"typ":"JWT","alg":"hs256"}"#)),
        ("typ missing", headed(r#"{"alg":"HS256"}"#)),
        ("typ of access tokens", headed(r#"{"typ":"at+jwt","alg":"HS256"}"#)),
        ("typ of staff", headed(r#"{"typ":"staff+jwt","alg":"HS256"}"#)),
        ("typ in lower case", headed(r#"{"typ":"jwt","alg":"HS256"}"#)),
        ("kid as a path", headed(r#"{"typ":"JWT","alg":"HS256","kid":"../../dev/null"}"#)),
        ("kid as SQL", headed(r#"{"typ":"JWT","alg":"HS256","kid":"x' UNION SELECT 'k"}"#)),
        ("jku", headed(r#"{"typ":"JWT","alg":"HS256","jku":"https://evil.example/jwks"}"#)),
        ("jwk", headed(r#"{"typ":"JWT","alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}"#)),
        ("x5u", headed(r#"{"typ":"JWT","alg":"HS256","x5u":"https://evil.example/c"}"#)),
        ("x5c", headed(r#"{"typ":"JWT","alg":"HS256","x5c":["AAAA"]}"#)),
        ("crit", headed(r#"{"typ":"JWT","alg":"HS256","crit":["exp"]}"#)),
        ("unencoded payload", headed(r#"{"typ":"JWT","alg":"HS256","b64":false,"crit":["b64"]}"#)),
        ("cty nested token", headed(r#"{"typ":"JWT","alg":"HS256","cty":"JWT"}"#)),
        ("zip", headed(r#"{"typ":"JWT","alg":"HS256","zip":"DEF"}"#)),
        ("header with white space", headed(r#"{"typ": "JWT", "alg": "HS256"}"#)),
        ("header an array", headed(r#"["HS256"]"#)),
        ("header not JSON", headed("HS256")),
        ("staff token", issue(&ours(), Audience::Staff)),
        ("issued by another instance with our key", signed(&with("iss", json!("https://evil.example/")))),
        ("issuer with a suffix", signed(&with("iss", json!(format!("{ISSUER}x"))))),
        ("issuer as a list", signed(&with("iss", json!([ISSUER])))),
        ("for staff", signed(&with("aud", json!("weiqiao-staff")))),
        ("audience as a list", signed(&with("aud", json!(["weiqiao", "weiqiao-staff"])))),
        ("audience empty", signed(&with("aud", json!("")))),
        ("exp as text", signed(&with("exp", json!("9999999999")))),
        ("exp as a fraction", signed(&with("exp", json!(9_999_999_999.5)))),
        ("exp null", signed(&with("exp", Value::Null))),
        ("exp as a list", signed(&with("exp", json!([9_999_999_999_i64])))),
        ("exp too big for a number", signed(&with("exp", json!(1e300)))),
        ("exp in the past", signed(&with("exp", json!(NOW_S - 31)))),
        ("exp negative", signed(&with("exp", json!(-1)))),
        ("exp before iat", signed(&with("exp", json!(NOW_S)))),
        ("iat in the future", signed(&with("iat", json!(NOW_S + 31)))),
        ("iat as text", signed(&with("iat", json!(NOW_S.to_string())))),
        ("nbf in the future", signed(&with("nbf", json!(NOW_S + 31)))),
        ("sub a number", signed(&with("sub", json!(1)))),
        ("sub empty", signed(&with("sub", json!("")))),
        ("sub an object", signed(&with("sub", json!({"id": "user-1"})))),
        ("sid null", signed(&with("sid", Value::Null))),
        ("jti empty", signed(&with("jti", json!("")))),
        ("account null", signed(&with("account", Value::Null))),
        ("account a path", signed(&with("account", json!("../official")))),
        ("one claim more", signed(&with("role", json!("admin")))),
        ("sub twice", raw(&claims().to_string().replacen("\"sub\"", "\"sub\":\"admin\",\"sub\"", 1))),
        ("claims a list", raw("[]")),
        ("claims not JSON", raw("user-1")),
        ("claims with junk behind", raw(&format!("{}x", claims()))),
        ("claims with a BOM", raw(&format!("\u{feff}{}", claims()))),
        ("claims empty", raw("")),
    ];
    for claim in ["sub", "account", "sid", "iss", "aud", "iat", "nbf", "exp", "jti"] {
        battery.push(("a claim is missing", signed(&without(claim))));
    }
    assert!(battery.len() >= 45);
    for (class, forged) in &battery {
        let began = std::time::Instant::now();
        assert!(verify(forged).is_err(), "accepted: {class}");
        assert!(began.elapsed() < Duration::from_millis(50), "slow: {class}");
    }
}

#[test]
fn every_changed_character_of_a_good_token_is_noticed() {
    let good = issue(&ours(), Audience::User);
    for position in 0..good.len() {
        let mut forged = good.clone().into_bytes();
        forged[position] = if forged[position] == b'A' { b'B' } else { b'A' };
        assert!(verify(&String::from_utf8(forged).unwrap()).is_err(), "character {position}");
    }
}

#[test]
fn a_short_secret_is_refused_by_name_only() {
    let settings = |jwt: &str, previous: Option<&str>| SecretSettings {
        master: "unused".into(),
        master_previous: Vec::new(),
        jwt: jwt.into(),
        jwt_previous: previous.map(Into::into),
    };
    let error = Tokens::new(&settings("hunter2", None), ISSUER, Duration::from_secs(1)).unwrap_err();
    assert_eq!(error.key, "JWT_SECRET");
    assert!(!error.to_string().contains("hunter2"));
    let error = Tokens::new(&settings(SECRET, Some("hunter2")), ISSUER, Duration::from_secs(1)).unwrap_err();
    assert_eq!(error.key, "JWT_SECRET_PREVIOUS");
}
