//! What people write: it fits into WeChat's fields, and does nothing where it is shown.

use http::StatusCode;
use serde_json::{Value, json};
use weixin_emulator::PersonaSeed;

use super::{ACTION, Dice, SEND_AT_WECHAT, action, admin, agreed, newest, total, work};
use crate::testing::World;

/// Text that breaks, misleads or is too long.
fn hostile(dice: &mut Dice) -> String {
    const PIECES: [&str; 34] = [
        "王",
        "小明",
        "a",
        "Z",
        "0",
        "9",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u{200b}",
        "\u{200d}",
        "\u{202e}",
        "\u{2066}",
        "\u{feff}",
        "\u{ad}",
        "\u{301}",
        "🙂",
        "👨‍👩‍👧‍👦",
        "🇨🇳",
        "👍🏽",
        "https://evil.example/x",
        "www.evil.cn",
        "<b>",
        "&amp;",
        "\"",
        "'",
        "\\",
        "]]>",
        "{{",
        "%s",
        "𠮷",
        "ﷺ",
        "\u{3000}",
    ];
    (0..1 + dice.roll(30)).map(|_| PIECES[dice.roll(PIECES.len())]).collect()
}

#[tokio::test]
async fn t_41_whatever_customers_write_wechat_takes_it() {
    let world = World::open().await;
    agreed(&world, 0).await;
    let inputs: u32 = 500;
    world.emulator.accept_notifications("advisor-li", "mini", super::TEMPLATE, inputs);
    let mut dice = Dice(41);
    let mut taken: u64 = 0;
    for number in 0..inputs {
        let (name, phone) =
            (hostile(&mut dice), if dice.roll(2) == 0 { hostile(&mut dice) } else { "13800138000".into() });
        let phone: String = phone.chars().take(16).collect();
        let body = json!({"customerName": name, "customerPhone": phone, "customerId": hostile(&mut dice).replace(char::is_control, "x"),
            "actionType": format!("x{}", hostile(&mut dice).chars().filter(|c| c.is_alphanumeric()).take(8).collect::<String>())});
        let answer = world.post(ACTION, action(&body)).await;
        match answer.status() {
            StatusCode::OK => taken += 1,
            StatusCode::BAD_REQUEST => {}
            other => panic!("{other}: {body}"),
        }
        // Fifty in a second are sent.
        if number % 40 == 39 {
            work(&world).await;
            world.advance(std::time::Duration::from_secs(2));
        }
    }
    work(&world).await;
    let sent = world.wechat_calls(SEND_AT_WECHAT) as u64;
    println!("{inputs} inputs, {taken} taken, {sent} calls of WeChat");
    assert!(taken > 450 && sent == taken, "{taken} {sent}");
    for call in world.emulator.ledger(SEND_AT_WECHAT) {
        let answer: Value = serde_json::from_str(&call.answer).unwrap();
        assert_eq!(answer["errcode"], 0, "{call:?}");
    }
    let open = admin(&world, "GET", "/api/admin/notifications?status=refused").await;
    assert_eq!(open.data()["total"], 0);
    for received in world.emulator.received("advisor-li") {
        let shown = received.content["data"].to_string();
        assert!(!shown.contains('\u{202e}') && !shown.contains("\\n"), "{shown}");
    }
}

/// A lead nobody could find, or one that is lost for a character nobody sees: neither comes of a name.
#[tokio::test]
async fn t_41_a_name_is_what_is_seen_of_it() {
    let world = World::open().await;
    let post = |phone: u32, name: Value| {
        let body =
            json!({"customerName": name, "customerPhone": format!("1380013{phone}"), "actionData": {"again": name}});
        world.post(ACTION, action(&body))
    };
    for (phone, (said, kept)) in (1000..).zip([
        ("\u{200b}", None),
        ("\u{feff}\u{2060}\u{ad}", None),
        ("\u{202e}\u{2066} \u{fe0f}", None),
        ("\u{0}\u{7}", None),
        ("李\n\t雷", Some("李 雷")),
        ("王\u{0}小\u{1b}明", Some("王小明")),
        ("\u{202e}明小王\u{202c}", Some("明小王")),
    ]) {
        let answer = post(phone, json!(said)).await;
        let data = answer.success("记录客户行为成功，已创建新客户线索").data();
        let called = kept.map_or_else(|| format!("微信客户{phone}"), str::to_owned);
        assert_eq!(data["customer"]["name"], called, "{said:?}");
        assert_eq!(data["action"].get("customerName").and_then(Value::as_str), kept, "{said:?}");
        assert_eq!(data["action"]["actionData"]["again"], said, "what is sent along stays");
        let listed = newest(&world, "actions").await;
        assert_eq!(listed["customer_name"].as_str().map(|name| name.ends_with('*')), kept.map(|_| true));
        if kept.is_some() {
            assert_eq!(listed["action_data"]["again"], listed["customer_name"], "masked in both places");
        }
    }
    let leads = total(&world, "leads").await;
    assert_eq!(leads, 7);
    let masked = post(2000, json!("J")).await;
    assert_eq!(masked.is(StatusCode::OK).data()["customer"]["name"], "J");
    assert_eq!(post(2000, json!(null)).await.is(StatusCode::OK).data()["customer"]["name"], "*");
    for (name, rule) in
        [(json!("王".repeat(86)), "max"), (json!(7), "type"), (json!(["王"]), "type"), (json!({}), "type")]
    {
        let answer = post(3000, name).await;
        let detail = &answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED").json()["error"]["details"][0];
        assert_eq!((&detail["field"], &detail["rule"]), (&json!("customerName"), &json!(rule)));
    }
    let broken = action(&json!({"customerName": "X"})).replace('X', "\\ud83d");
    world.post(ACTION, broken).await.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    assert_eq!(total(&world, "leads").await, leads + 1);
}

/// Markup that would run where it is not text.
fn payloads() -> Vec<String> {
    let calls = ["alert(1)", "fetch('//evil.example')"];
    let frames = [
        "<script>X</script>",
        "<img src=x onerror=X>",
        "<svg/onload=X>",
        "\"><script>X</script>",
        "'-X-'",
        "</script><script>X</script>",
        "<iframe src=javascript:X>",
        "<a href=javascript:X>a</a>",
        "{{constructor.constructor('X')()}}",
        "${X}",
        "`${X}`",
        "<body onload=X>",
        "<details open ontoggle=X>",
        "<math><mtext></mtext><script>X</script></math>",
        "<input autofocus onfocus=X>",
        "<!--<img src=--><img src=x onerror=X>",
        "\u{202e}<script>X</script>",
        "<scr\u{0130}pt>X</scr\u{0130}pt>",
        "&lt;script&gt;X&lt;/script&gt;",
        "<style>@import'//evil.example'</style>",
        "<link rel=stylesheet href=//evil.example>",
        "<base href=//evil.example>",
        "<form action=//evil.example>",
        "<meta http-equiv=refresh content=0;url=//evil.example>",
        "<object data=//evil.example>",
        "<embed src=//evil.example>",
        "<video><source onerror=X></video>",
        "<marquee onstart=X>",
        "<select onfocus=X autofocus>",
        "javascript:X",
        "data:text/html,<script>X</script>",
        "<x onclick=X>",
        "\\u003cscript\\u003eX",
        "%3Cscript%3EX%3C/script%3E",
        "<![CDATA[<script>X</script>]]>",
        "<img src=\"x\" onerror=\"X\">",
        "<svg><animate onbegin=X>",
        "<table background=javascript:X>",
        "=cmd|'/c calc'!A1",
        "<xmp><script>X</script></xmp>",
    ];
    frames.iter().flat_map(|frame| calls.map(|call| frame.replace('X', call))).collect()
}

#[tokio::test]
async fn t_42_markup_is_text_wherever_it_is_shown() {
    let world = World::open().await;
    let payloads = payloads();
    assert!(payloads.len() >= 80, "{}", payloads.len());
    for payload in &payloads {
        let body = action(&json!({"customerName": payload, "resumeId": payload, "userAgent": payload,
            "actionData": {"note": payload, payload.as_str(): [payload]}, "customerInfo": {"x": payload}}));
        let call =
            world.request("POST", ACTION).header("user-agent", &payload.replace(|c: char| !c.is_ascii_graphic(), " "));
        let answer = call.json(&body).send().await;
        answer.is(StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(
            answer.data()["action"]["customerName"],
            payload.replace('\u{202e}', ""),
            "kept as it was said, but for what turns text around"
        );
    }
    assert_eq!(total(&world, "actions").await, payloads.len() as u64);
    for list in ["actions", "leads", "notifications"] {
        let answer = admin(&world, "GET", &format!("/api/admin/{list}?page_size=200")).await;
        assert_eq!(answer.is(StatusCode::OK).header("content-type"), "application/json");
        let policy = answer.headers().get("content-security-policy").map_or("", |value| value.to_str().unwrap());
        assert!(!policy.contains("unsafe-inline"));
    }

    // The one page that shows a name.
    for payload in payloads.iter().step_by(4) {
        let seed =
            PersonaSeed { id: Some("xiaoming".to_owned()), nickname: Some(payload.clone()), ..PersonaSeed::default() };
        world.emulator.engine().put_persona(seed).unwrap();
        let browser = world.browser();
        browser.log_in("xiaoming").await;
        let page = browser.open("/wechat/me").await;
        let html = page.is(StatusCode::OK).text();
        if payload.contains('<') {
            assert!(!html.contains(payload.as_str()), "{payload} in {html}");
        }
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
    }
}

/// The cells of a table in CSV.
fn cells(text: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut rest = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' | '\n' if !quoted => cells.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            c => cell.push(c),
        }
    }
    cells
}

#[tokio::test]
async fn t_43_no_cell_of_an_export_is_a_formula() {
    let world = World::open().await;
    let names = [
        "=cmd|'/c calc'!A1",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "=HYPERLINK(\"https://evil.example\",\"x\")",
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "\u{3000}=1+1",
        "＝1+1",
        "\"=1+1",
        "a,b\n=1+1",
        "a\",\"=1+1",
        "\u{feff}=1+1",
        "\n-1",
        "王,小\"明",
    ];
    for (number, name) in names.iter().enumerate() {
        let body = json!({"customerName": name, "customerPhone": format!("138001380{number:02}"), "customerId": format!("={number}"),
            "actionType": "other"});
        world.post(ACTION, action(&body)).await.is(StatusCode::OK);
    }
    let boss = world.staff_token("boss", weiqiao_model::Role::Admin).await;
    let export = world.request("GET", "/api/admin/leads.csv?reveal=true&reason=audit").bearer(&boss).send().await;
    let text = export.is(StatusCode::OK).text();
    assert!(export.header("content-type").starts_with("text/csv"));
    assert!(export.header("content-disposition").starts_with("attachment"));
    let cells = cells(text);
    assert!(cells.len() > 5 * names.len(), "{text}");
    for cell in &cells {
        let first = cell.trim_start_matches([' ', '\u{3000}', '\u{feff}']).chars().next();
        assert!(!first.is_some_and(|c| "=+-@\t\r\n＝＋－＠".contains(c)), "{cell:?}");
    }
    let viewer = world.staff_token("viewer", weiqiao_model::Role::Viewer).await;
    world.request("GET", "/api/admin/leads.csv").bearer(&viewer).send().await.is(StatusCode::FORBIDDEN);
}
