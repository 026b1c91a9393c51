//! T-76, T-77, T-84: guessing passwords, usual passwords, telling users from strangers.

use std::time::{Duration, Instant};

use http::StatusCode;
use rstest::rstest;
use serde_json::json;
use weiqiao_app::AuthMode;
use weiqiao_model::Role;

use crate::testing::World;

async fn guess(world: &World, username: &str, password: &str, ip: &str) -> StatusCode {
    let body = json!({ "username": username, "password": password }).to_string();
    world.request("POST", "/api/auth/login").at_ip(ip).json(&body).send().await.status()
}

/// T-76: of a thousand guesses within a minute at most thirty are looked at, wherever they come from and whoever they are
/// about; and other routes do not feel it.
#[rstest]
#[case::one_user_from_one_address(false, false, 6)]
#[case::many_users_from_one_address(true, false, 30)]
#[case::one_user_from_many_addresses(false, true, 20)]
#[tokio::test]
async fn a_thousand_guesses_a_minute_are_a_handful(
    #[case] many_users: bool,
    #[case] many_addresses: bool,
    #[case] most: usize,
) {
    let world = World::with(AuthMode::Strict, "https://app.example.com/", |plan| plan.http.rate_limits = true).await;
    world.staff_token("boss", Role::Admin).await;
    let (mut looked_at, mut slowest) = (0, Duration::ZERO);
    for number in 0..1_000_u32 {
        let username = if many_users { format!("user-{number}") } else { "boss".to_owned() };
        let last = if many_addresses { number } else { 1 };
        let ip = format!("203.0.{}.{}", last / 250, last % 250 + 1);
        match guess(&world, &username, "a wrong guess of many", &ip).await {
            StatusCode::UNAUTHORIZED => looked_at += 1,
            status => assert_eq!(status, StatusCode::TOO_MANY_REQUESTS),
        }
        if number % 50 == 0 {
            let begun = Instant::now();
            world.get("/livez").await.is(StatusCode::OK);
            slowest = slowest.max(begun.elapsed());
        }
        world.advance(Duration::from_millis(60));
    }
    println!("1,000 guesses in 60 s: {looked_at} looked at; another route took {slowest:?} at most");
    assert!(looked_at <= most, "{looked_at}");
    // A busy machine is no failure; a route that waits behind a thousand hashes is.
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
}

/// Whoever logged in from an address goes on from there, whatever strangers do elsewhere.
#[tokio::test]
async fn strangers_do_not_shut_the_owner_out() {
    let world = World::strict().await;
    world.staff_token("boss", Role::Admin).await;
    assert_eq!(guess(&world, "boss", World::PASSWORD, "198.51.100.7").await, StatusCode::OK);
    for number in 0..40 {
        guess(&world, "boss", "a wrong guess of many", &format!("203.0.113.{number}")).await;
    }
    let elsewhere = guess(&world, "boss", World::PASSWORD, "192.0.2.1").await;
    assert_eq!(elsewhere, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(guess(&world, "boss", World::PASSWORD, "198.51.100.7").await, StatusCode::OK);
}

/// The ladder: a minute, ten, an hour, a day.
#[tokio::test]
async fn the_door_stays_shut_longer_each_time() {
    let world = World::strict().await;
    world.staff_token("boss", Role::Admin).await;
    let shut_for = async || {
        let body = json!({ "username": "boss", "password": World::PASSWORD }).to_string();
        let answer = world.request("POST", "/api/auth/login").at_ip("203.0.113.9").json(&body).send().await;
        answer.is(StatusCode::TOO_MANY_REQUESTS).failure("TOO_MANY_ATTEMPTS", "登录尝试次数过多，请稍后再试");
        answer.header("retry-after").parse::<u64>().unwrap()
    };
    for expected in [60, 600, 3_600, 86_400] {
        while guess(&world, "boss", "a wrong guess of many", "203.0.113.9").await == StatusCode::UNAUTHORIZED {}
        assert_eq!(shut_for().await, expected);
        world.advance(Duration::from_secs(expected));
    }
    assert_eq!(guess(&world, "boss", World::PASSWORD, "203.0.113.9").await, StatusCode::OK);
    for _ in 0..5 {
        guess(&world, "boss", "a wrong guess of many", "203.0.113.9").await;
    }
    assert_eq!(shut_for().await, 60, "success begins the ladder anew");
}

/// T-77: nothing opens the door of a fresh service.
#[tokio::test]
async fn a_fresh_service_knows_no_usual_password() {
    let world = World::strict().await;
    let names = ["admin", "root", "administrator", "weiqiao"];
    let words = ["admin", "password", "123456", "weiqiao", ""];
    for (number, (name, word)) in names.iter().flat_map(|name| words.map(|word| (*name, word))).enumerate() {
        let status = guess(&world, name, word, &format!("203.0.113.{number}")).await;
        let expected = if word.is_empty() { StatusCode::BAD_REQUEST } else { StatusCode::UNAUTHORIZED };
        assert_eq!(status, expected, "{name} {word}");
    }
}

/// T-84: an unknown user takes as long as a wrong password, and gets the same words.
#[tokio::test]
async fn time_does_not_tell_users_from_strangers() {
    const EACH: u32 = 30;
    let world = World::strict().await;
    for number in 0..EACH / 10 {
        world.staff_token(&format!("user-{number}"), Role::Viewer).await;
    }
    let (mut known, mut unknown) = (Duration::ZERO, Duration::ZERO);
    for number in 0..EACH {
        for (kind, total) in [("user", &mut known), ("stranger", &mut unknown)] {
            let username = format!("{kind}-{}", number / 10);
            let begun = Instant::now();
            let status = guess(&world, &username, "a wrong guess of many", &format!("203.0.113.{number}")).await;
            *total += begun.elapsed();
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        }
    }
    let (known, unknown) = (known / EACH, unknown / EACH);
    let ratio = known.as_secs_f64() / unknown.as_secs_f64();
    println!("mean of {EACH}: known {known:?}, unknown {unknown:?}, ratio {ratio:.3}");
    assert!((0.5..2.0).contains(&ratio), "{ratio}");
}
