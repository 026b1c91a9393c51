//! Floods: what is above the limit is refused before anything is written down, wherever it seems to come from.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use weiqiao_model::ApiScope;

use super::{ACTION, SEND_AT_WECHAT, action, advisor, agreed, limited, mini_openid, session, total, work};
use crate::testing::{Answer, World};

#[tokio::test]
async fn t_38_a_flood_of_actions_is_refused_and_loses_nothing() {
    let world = limited(|_| {}).await;
    let li = mini_openid(&world, "advisor-li");
    advisor(&world, "li", &li).await;
    agreed(&world, 100).await;
    let (customer, token) = session(&world, "xiaohong").await;
    let send = |number: usize| {
        let body = action(&json!({"customerId": customer, "customerPhone": format!("139{number:08}")}));
        let ip = format!("198.51.{}.{}", number / 250, number % 250);
        world.request("POST", ACTION).at_ip(&ip).bearer(&token).json(&body).send()
    };
    let (mut taken, mut refused) = (0, 0);
    for number in 0..1_000 {
        let answer = send(number).await;
        match answer.status() {
            StatusCode::OK => taken += 1,
            StatusCode::TOO_MANY_REQUESTS => {
                refused += 1;
                assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
            }
            other => panic!("{other}"),
        }
        if number % 100 == 99 {
            world.advance(Duration::from_secs(1));
        }
    }
    println!("of 1,000 actions of one person in 10 s {taken} were taken and {refused} refused");
    assert!((30..=40).contains(&taken), "{taken}");
    assert_eq!((total(&world, "actions").await, total(&world, "leads").await), (taken, taken), "all that were taken");
    assert_eq!(total(&world, "notifications").await, taken, "each owes one: nothing is coalesced");
    work(&world).await;
    assert_eq!(world.wechat_calls(SEND_AT_WECHAT) as u64, taken);
}

#[tokio::test]
async fn t_38_one_advisor_one_phone_and_one_address_have_their_share() {
    let world = limited(|plan| plan.app.crm.limits.actions_per_advisor = 7).await;
    advisor(&world, "li", "oLi").await;
    advisor(&world, "wang", "oWang").await;
    let mut people = Vec::new();
    for persona in ["xiaoming", "xiaohong", "advisor-li"] {
        people.push(session(&world, persona).await);
    }
    let post = |person: usize, advisor: &str, phone: &str, ip: &str| {
        let body = action(&json!({"customerId": people[person].0, "advisorId": advisor, "customerPhone": phone}));
        world.request("POST", ACTION).at_ip(ip).bearer(&people[person].1).json(&body).send()
    };
    let mut taken = 0;
    for number in 0..12 {
        let answer = post(number % 3, "li", &format!("139{number:08}"), &format!("198.51.100.{number}")).await;
        taken += usize::from(answer.status() == StatusCode::OK);
    }
    assert_eq!(taken, 7, "one advisor");
    post(0, "wang", "13900139000", "198.51.100.99").await.is(StatusCode::OK);

    let world = limited(|plan| plan.app.crm.limits.actions_per_person = 4).await;
    let key = world.api_key(&[ApiScope::ActionWrite]).await;
    advisor(&world, "li", "oLi").await;
    let of_phone = |answer: &Answer| usize::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
    let mut refused = 0;
    let (first, second) = (session(&world, "xiaoming").await, session(&world, "xiaohong").await);
    for (openid, token) in [&first, &first, &second, &second, &second] {
        let body = action(&json!({"customerId": openid, "customerPhone": "13900139000"}));
        refused += of_phone(&world.request("POST", ACTION).bearer(token).json(&body).send().await);
    }
    assert_eq!(refused, 1, "one phone, whoever sends it");
    // A server that speaks for many customers is limited by its key instead.
    for number in 0..20 {
        let body = action(&json!({"customerId": format!("o{number}"), "customerPhone": "13900139000"}));
        world.request("POST", ACTION).api_key(&key).json(&body).send().await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn t_45_inventing_addresses_evades_no_limit() {
    let world: World = limited(|plan| plan.http.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()]).await;
    let mut refused = 0;
    for number in 0..1_000_usize {
        let invented = format!("{}.{}.{}.{}", 1 + number % 220, number % 251, number / 7 % 251, number % 253);
        let forms = [
            ("x-forwarded-for", invented.clone()),
            ("x-forwarded-for", format!("{invented}, 10.0.0.1")),
            ("x-real-ip", invented.clone()),
            ("forwarded", format!("for={invented};proto=https")),
            ("x-client-ip", invented.clone()),
            ("cf-connecting-ip", invented.clone()),
            ("true-client-ip", invented.clone()),
        ];
        let (name, value) = &forms[number % forms.len()];
        let call = world.request("POST", ACTION).at_ip("203.0.113.9").header(name, value).json("{}");
        refused += usize::from(call.send().await.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 1_000 - 120, "one address is one client, whatever it says");
    // The word of a proxy of ours counts, and only its last hop.
    for number in 0..200 {
        let hops = format!("203.0.113.9, 198.51.100.{number}");
        let call = world.request("POST", ACTION).at_ip("10.0.0.1").header("x-forwarded-for", &hops).json("{}");
        call.send().await.is(StatusCode::UNAUTHORIZED);
    }
}
