//! Phone numbers cost money, and encrypted data may be forged.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::json;
use weixin_emulator::{CodeKind, OpenDataKind};

use super::{Dice, limited, session};
use crate::testing::{Answer, World};

const PHONE: &str = "/api/wechat/phone";
const PHONE_AT_WECHAT: &str = "/wxa/business/getuserphonenumber";
const DECRYPT: &str = "/api/wechat/decrypt";

#[tokio::test]
async fn t_19_forged_data_is_refused_in_one_way() {
    let world = World::strict().await;
    let (_, token) = session(&world, "xiaohong").await;
    let sealed = world.emulator.engine().open_data("xiaohong", "mini", OpenDataKind::UserInfo).unwrap();
    let post = |data: String, iv: String| {
        let body = json!({"encryptedData": data, "iv": iv}).to_string();
        world.request("POST", DECRYPT).bearer(&token).header("x-request-id", "same").json(&body).send()
    };
    post(sealed.encrypted_data.clone(), sealed.iv.clone()).await.is(StatusCode::OK);
    let (data, iv) = (STANDARD.decode(&sealed.encrypted_data).unwrap(), STANDARD.decode(&sealed.iv).unwrap());
    let mut dice = Dice(19);
    let mut first: Option<String> = None;
    let mut lucky = 0;
    for number in 0..1_000 {
        let (mut data, mut iv) = (data.clone(), iv.clone());
        match number % 5 {
            // Of CBC, a flip in the IV changes one character of the first block.
            0 => iv[dice.roll(16)] ^= 1 << dice.roll(8),
            1 => data.truncate(dice.roll(data.len())),
            2 => data.extend((0..16 * (1 + dice.roll(3))).map(|_| 7)),
            3 => {
                let (a, b) = (dice.roll(data.len() / 16), dice.roll(data.len() / 16));
                for at in 0..16 {
                    data.swap(16 * a + at, 16 * b + at);
                }
                data[16 * a] ^= 1;
            }
            _ => {
                let at = dice.roll(data.len());
                data[at] ^= 1 << dice.roll(8);
            }
        }
        let answer = post(STANDARD.encode(&data), STANDARD.encode(&iv)).await;
        if answer.status() == StatusCode::OK {
            // Without a signature CBC cannot tell; but whom and when it was made for is checked.
            assert_eq!(answer.data()["watermark"]["appid"], World::MINI);
            lucky += 1;
            continue;
        }
        answer.is(StatusCode::BAD_REQUEST).code("DECRYPT_FAILED");
        let text = first.get_or_insert_with(|| answer.text().to_owned());
        assert_eq!(answer.text(), text, "an oracle");
    }
    println!("of 1,000 mutations {lucky} were still about this person and this account");
    assert!(lucky < 300, "{lucky}");

    // With the signature that WeChat gives, what was altered is known.
    let wrong =
        json!({"encryptedData": sealed.encrypted_data, "iv": sealed.iv, "signature": "0".repeat(40), "rawData": "{}"});
    let call = world.request("POST", DECRYPT).bearer(&token).header("x-request-id", "same").json(&wrong.to_string());
    assert_eq!(call.send().await.text(), first.unwrap());
    // Too old is refused in the same way.
    world.advance(Duration::from_secs(2 * 86_400 - 3_600));
    let (_, token) = session(&world, "xiaohong").await;
    let body = json!({"encryptedData": sealed.encrypted_data, "iv": sealed.iv}).to_string();
    let old = world.request("POST", DECRYPT).bearer(&token).json(&body).send().await;
    old.is(StatusCode::BAD_REQUEST).code("DECRYPT_FAILED");
}

async fn ask(world: &World, token: &str, ip: &str) -> Answer {
    let code = world.emulator.persona_code("xiaohong", "mini", CodeKind::Phone);
    let body = json!({ "code": code }).to_string();
    world.request("POST", PHONE).at_ip(ip).bearer(token).json(&body).send().await
}

#[tokio::test]
async fn t_31_a_person_gets_few_numbers_a_day_and_all_together_what_was_budgeted() {
    let world = limited(|plan| plan.app.crm.limits.phones_per_day = 7).await;
    let code = world.emulator.persona_code("xiaohong", "mini", CodeKind::Phone);
    world.post(PHONE, json!({ "code": code }).to_string()).await.is(StatusCode::UNAUTHORIZED);
    let (_, hong) = session(&world, "xiaohong").await;
    let mut refused = 0;
    for number in 0..100 {
        let answer = ask(&world, &hong, &format!("198.51.100.{number}")).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            refused += 1;
            assert!(answer.headers().contains_key("retry-after"));
        }
        world.advance(Duration::from_secs(2));
    }
    assert_eq!((world.wechat_calls(PHONE_AT_WECHAT), refused), (5, 95));

    // Junk codes count too: they are calls.
    let (_, ming) = session(&world, "xiaoming").await;
    for (status, ip) in [(500, "192.0.2.1"), (500, "192.0.2.2"), (429, "192.0.2.3"), (429, "192.0.2.4")] {
        let call = world.request("POST", PHONE).at_ip(ip).bearer(&ming).json(r#"{"code":"junk"}"#);
        assert_eq!(call.send().await.status(), status);
    }
    let over = ask(&world, &ming, "192.0.2.5").await;
    over.is(StatusCode::TOO_MANY_REQUESTS).failure("DAY_ALLOWANCE_USED_UP", "今天获取手机号的总次数已用完");
    let wait: u64 = over.header("retry-after").parse().unwrap();
    assert_eq!(world.wechat_calls(PHONE_AT_WECHAT), 7);
    // The next day of China is another day.
    world.advance(Duration::from_secs(wait));
    ask(&world, &hong, "192.0.2.6").await.is(StatusCode::OK);
}
