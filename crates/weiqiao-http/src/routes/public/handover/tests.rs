//! A computer, a phone, and people who should not be able to come between them.

use std::time::Duration;

use http::StatusCode;
use rstest::rstest;
use url::Url;

use crate::testing::{Answer, Browser, DESKTOP, World, encode};

/// The page of a computer: the ticket's address, and the number.
struct Shown {
    address: String,
    number: String,
}

async fn show(computer: &Browser<'_>, page: &str) -> Shown {
    let path = format!("/auths/loginTypes/MyWechatLogin/login?redirectUrl={}", encode(page));
    let answer = computer.open(&path).await;
    answer.is(StatusCode::OK);
    let text =
        |before: &str, after: &str| answer.text().split_once(before).unwrap().1.split_once(after).unwrap().0.to_owned();
    let code: Url = text("data-text=\"", "\"").parse().unwrap();
    assert_eq!(code.origin().ascii_serialization(), "https://app.example.com");
    Shown { address: code.path().to_owned(), number: text("<strong id=\"number\">", "<") }
}

/// Scans as a phone that may not be logged in yet: the question.
async fn scan(world: &World, phone: &Browser<'_>, address: &str, persona: &str) -> Answer {
    let first = phone.open(address).await;
    if first.status() != StatusCode::FOUND {
        return first;
    }
    let wechat: Url = first.header("location").parse().unwrap();
    let state = wechat.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
    let path = format!("/auths/loginTypes/MyWechatLogin/callback?code={}&state={state}", world.code(persona));
    let back: Url = phone.open(&path).await.is(StatusCode::FOUND).header("location").parse().unwrap();
    assert_eq!(back.path(), address);
    phone.open(&format!("{}?{}", back.path(), back.query().unwrap())).await
}

async fn answer(phone: &Browser<'_>, address: &str, question: &Answer, answer: &str) -> Answer {
    let proof = question.text().split_once("name=\"proof\" value=\"").unwrap().1.split_once('"').unwrap().0;
    let form = format!("proof={proof}&answer={answer}");
    // As the browsers in WeChat send it: a page without referrer gives no origin away.
    phone.send(phone.request("POST", address).header("origin", "null").form(&form)).await
}

async fn status(computer: &Browser<'_>, address: &str) -> String {
    let answer = computer.get(&format!("{address}/status")).await;
    answer.is(StatusCode::OK).json()["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_computer_is_logged_in_as_the_person_who_confirmed_on_the_phone() {
    let world = World::strict().await;
    let (computer, phone) = (world.browser_as(DESKTOP), world.browser());
    let shown = show(&computer, &world.page("/shop?x=1")).await;
    assert_eq!(status(&computer, &shown.address).await, "waiting");
    let question = scan(&world, &phone, &shown.address, "xiaohong").await;
    question.is(StatusCode::OK);
    for told in ["在电脑上登录？", "小红", "我的微信登录", "Chrome · Windows", "127.0.0.1", &shown.number]
    {
        assert!(question.text().contains(told), "{told}: {}", question.text());
    }
    assert_eq!(status(&computer, &shown.address).await, "scanned");
    computer.get(&format!("{}/finish", shown.address)).await.is(StatusCode::BAD_REQUEST);

    let confirmed = answer(&phone, &shown.address, &question, &shown.number).await;
    assert!(confirmed.is(StatusCode::OK).text().contains("已确认登录"), "{}", confirmed.text());
    assert_eq!(status(&computer, &shown.address).await, "confirmed");
    let finish = format!("{}/finish", shown.address);
    let (one, again) = tokio::join!(computer.open(&finish), computer.open(&finish));
    for done in [&one, &again] {
        assert_eq!(done.is(StatusCode::FOUND).header("location"), world.page("/shop?x=1&wechat_auth=success"));
    }
    let me = computer.get("/api/me").await;
    assert_eq!(me.is(StatusCode::OK).data()["user_info"]["nickname"], "小红");
    let other = phone.get("/api/me").await;
    assert_ne!(me.data()["session"]["id"], other.data()["session"]["id"], "each has a session of its own");
    assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);

    assert_eq!(status(&computer, &shown.address).await, "expired", "taken");
    world.advance(Duration::from_secs(61));
    computer.open(&finish).await.is(StatusCode::BAD_REQUEST);
    phone.open(&shown.address).await.is(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn only_the_browser_that_shows_the_code_learns_and_gets_anything() {
    let world = World::strict().await;
    let (computer, phone, thief) = (world.browser_as(DESKTOP), world.browser(), world.browser_as(DESKTOP));
    let shown = show(&computer, "/").await;
    let own = show(&thief, "/").await;
    assert_ne!(own.address, shown.address);
    let question = scan(&world, &phone, &shown.address, "xiaoming").await;
    answer(&phone, &shown.address, &question, &shown.number).await.is(StatusCode::OK);
    assert_eq!(status(&thief, &shown.address).await, "expired");
    let stolen = thief.get(&format!("{}/finish", shown.address)).await;
    assert!(stolen.is(StatusCode::BAD_REQUEST).cookie_line("weiqiao_session").is_none());
    let other_instance = shown.address.replace("MyWechatLogin", "Silent");
    computer.get(&format!("{other_instance}/finish")).await.is(StatusCode::BAD_REQUEST);
    computer.open(&format!("{}/finish", shown.address)).await.is(StatusCode::FOUND);
}

#[rstest]
#[case::no("no", "已取消登录")]
#[case::other_number("other", "数字不一致")]
#[tokio::test]
async fn who_declines_or_picks_another_number_ends_it(#[case] pick: &str, #[case] told: &str) {
    let world = World::strict().await;
    let (computer, phone) = (world.browser_as(DESKTOP), world.browser());
    let shown = show(&computer, "/").await;
    let question = scan(&world, &phone, &shown.address, "xiaoming").await;
    let other = (10..100)
        .map(|number| number.to_string())
        .find(|number| *number != shown.number && question.text().contains(&format!("value=\"{number}\"")));
    let pick = if pick == "other" { other.unwrap() } else { pick.to_owned() };
    assert!(answer(&phone, &shown.address, &question, &pick).await.is(StatusCode::OK).text().contains(told));
    assert_eq!(status(&computer, &shown.address).await, "declined");
    answer(&phone, &shown.address, &question, &shown.number).await.is(StatusCode::BAD_REQUEST);
    computer.get(&format!("{}/finish", shown.address)).await.is(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_form_of_another_page_or_another_session_decides_nothing() {
    let world = World::strict().await;
    let (computer, phone, lured) = (world.browser_as(DESKTOP), world.browser(), world.browser());
    let shown = show(&computer, "/").await;
    let question = scan(&world, &phone, &shown.address, "xiaoming").await;
    lured.log_in("xiaohong").await;
    answer(&lured, &shown.address, &question, &shown.number).await.is(StatusCode::BAD_REQUEST);
    let guessed = format!("proof={}&answer={}", "0".repeat(64), shown.number);
    phone.send(phone.request("POST", &shown.address).form(&guessed)).await.is(StatusCode::BAD_REQUEST);
    // A page that says whose it is: the proof does not help it.
    let proof = question.text().split_once("name=\"proof\" value=\"").unwrap().1.split_once('"').unwrap().0;
    let form = format!("proof={proof}&answer={}", shown.number);
    for (header, foreign) in [("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")] {
        let sent = phone.send(phone.request("POST", &shown.address).header(header, foreign).form(&form)).await;
        sent.is(StatusCode::FORBIDDEN);
    }
    let nobody = world.browser();
    answer(&nobody, &shown.address, &question, &shown.number).await.is(StatusCode::UNAUTHORIZED);
    assert_eq!(status(&computer, &shown.address).await, "scanned");
}

#[tokio::test]
async fn a_code_is_good_for_three_minutes() {
    let world = World::strict().await;
    let (computer, phone) = (world.browser_as(DESKTOP), world.browser());
    let (early, late) = (show(&computer, "/").await, show(&computer, "/").await);
    world.advance(Duration::from_secs(179));
    let question = scan(&world, &phone, &early.address, "xiaoming").await;
    answer(&phone, &early.address, &question, &early.number).await.is(StatusCode::OK);
    world.advance(Duration::from_secs(2));
    let page = phone.open(&late.address).await;
    assert!(page.is(StatusCode::BAD_REQUEST).text().contains("二维码已失效"), "{}", page.text());
    assert_eq!(status(&computer, &late.address).await, "expired");
    computer.get(&format!("{}/finish", early.address)).await.is(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_declined_consent_may_be_tried_again_and_strange_tickets_are_nothing() {
    let world = World::strict().await;
    let (computer, phone) = (world.browser_as(DESKTOP), world.browser());
    let shown = show(&computer, "/").await;
    let declined = phone.open(&format!("{}?wechat_auth=denied", shown.address)).await;
    assert!(declined.is(StatusCode::BAD_REQUEST).text().contains(&format!("href=\"{}\"", shown.address)));
    scan(&world, &phone, &shown.address, "xiaoming").await.is(StatusCode::OK);
    for strange in ["short", &"a".repeat(33), "%3Cscript%3Ealert(1)%3C%2Fscript%3E", &"-".repeat(32)] {
        let page = phone.open(&format!("/auths/loginTypes/MyWechatLogin/handover/{strange}")).await;
        assert!(!page.is(StatusCode::NOT_FOUND).text().contains("<script>alert"), "{}", page.text());
    }
    let unknown = format!("/auths/loginTypes/MyWechatLogin/handover/{}", "a".repeat(32));
    phone.open(&unknown).await.is(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_no_hand_over_at_all_is_not_found_and_described_so() {
    let world = World::strict().await;
    let document = world.get("/openapi.json").await;
    let template = "/auths/loginTypes/{name}/handover/{ticket}";
    for (method, end) in [("GET", ""), ("POST", ""), ("GET", "/status"), ("GET", "/finish")] {
        for path in [
            format!("/auths/loginTypes/MyWechatLogin/handover/short{end}"),
            format!("/auths/loginTypes/Nobody/handover/{}{end}", "a".repeat(32)),
        ] {
            let browser = world.browser();
            browser.log_in("xiaoming").await;
            let call = browser.request(method, &path).header("origin", "https://app.example.com");
            browser.send(call.form("proof=x&answer=1")).await.is(StatusCode::NOT_FOUND);
        }
        let described = &document.json()["paths"][format!("{template}{end}")][method.to_lowercase()]["responses"];
        assert!(described["404"]["description"].is_string(), "{method} {end}: {described}");
    }
}
