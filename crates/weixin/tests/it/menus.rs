//! What the check of a menu says before WeChat would, the emulator says too, with the same errcode.

use serde_json::{Value, json};
use weixin::File;
use weixin::api::cgi_bin::material::AddMaterial;
use weixin::api::cgi_bin::media::MediaType;
use weixin::menu::{MatchRule, Menu};

use crate::emulated::Bed;

/// What WeChat says about a body sent as it is; 0 when it takes it.
async fn sent(bed: &Bed, path: &str, body: &Value) -> i64 {
    match bed.client.raw(&bed.official).post_json(path, body).await {
        Ok(_) => 0,
        Err(error) => error.errcode().unwrap_or_else(|| panic!("{body}: {error:?}")).get(),
    }
}

/// The check of a menu cannot know which material there is: `kept` is there.
fn buttons(kept: &str) -> Vec<Value> {
    let text = |length: usize| "a".repeat(length);
    let click = |name: &str, key: &str| json!({ "type": "click", "name": name, "key": key });
    let view = |url: &str| json!({ "type": "view", "name": "v", "url": url });
    vec![
        click("ok", "k"),
        click(&text(16), "k"),
        click(&text(17), "k"),
        click("五个汉字字", "k"),
        click("六个汉字字字", "k"),
        click(&text(60), "k"),
        click(&text(61), "k"),
        click("", "k"),
        click("n", &text(128)),
        click("n", &text(129)),
        click("n", ""),
        json!({ "type": "click", "name": "n" }),
        json!({ "name": "n" }),
        json!({ "type": "pop", "name": "n" }),
        view("https://example.com/?a=b#c"),
        view(&format!("https://e.com/{}", text(1010))),
        view(&format!("https://e.com/{}", text(1011))),
        view(""),
        view("www.example.com"),
        view("ftp://example.com/"),
        json!({ "type": "media_id", "name": "m", "media_id": kept }),
        json!({ "type": "view_limited", "name": "m" }),
        json!({ "type": "article_id", "name": "a", "article_id": "A" }),
        json!({ "type": "article_view_limited", "name": "a", "article_id": "" }),
        json!({ "type": "miniprogram", "name": "w", "url": "https://e.com", "appid": "wx2222222222222222", "pagepath": "p" }),
        json!({ "type": "miniprogram", "name": "w", "url": "https://e.com", "appid": "wx2222222222222222" }),
        json!({ "type": "miniprogram", "name": "w", "url": "https://e.com", "pagepath": "p" }),
        json!({ "type": "location_select", "name": "l", "key": "k" }),
    ]
}

fn list(buttons: &[Value]) -> Value {
    json!({ "name": "菜单", "sub_button": buttons })
}

#[tokio::test]
async fn the_check_and_wechat_agree_about_every_button_on_both_levels() {
    let bed = Bed::start().await;
    let file = File::new("a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0".as_slice());
    let upload = AddMaterial { kind: MediaType::Image, file, video: None };
    let kept = bed.client.send(&bed.official, upload).await.unwrap().media_id;
    let mut refused = 0;
    for button in buttons(kept.as_str()) {
        for body in [json!({ "button": [button] }), json!({ "button": [list(&[button])] })] {
            let menu: Menu = serde_json::from_value(body.clone()).unwrap();
            let checked = menu.check().err().map_or(0, |error| error.faults[0].errcode.get());
            assert_eq!(checked, sent(&bed, "/cgi-bin/menu/create", &body).await, "{body}");
            refused += usize::from(checked != 0);
        }
    }
    assert_eq!(refused, 33, "cases that are refused");
}

#[tokio::test]
async fn they_agree_about_numbers_and_depth() {
    let bed = Bed::start().await;
    let click = json!({ "type": "click", "name": "n", "key": "k" });
    let many = |n| vec![click.clone(); n];
    for buttons in
        [many(0), many(3), many(4), vec![list(&many(5))], vec![list(&many(6))], vec![list(&[list(&many(1))])]]
    {
        let body = json!({ "button": buttons });
        let menu: Menu = serde_json::from_value(body.clone()).unwrap();
        let checked = menu.check().err().map_or(0, |error| error.faults[0].errcode.get());
        assert_eq!(checked, sent(&bed, "/cgi-bin/menu/create", &body).await, "{body}");
    }
}

#[tokio::test]
async fn they_agree_about_conditional_menus() {
    let bed = Bed::start().await;
    let click = json!({ "type": "click", "name": "n", "key": "k" });
    let default = json!({ "button": [click] });
    assert_eq!(sent(&bed, "/cgi-bin/menu/create", &default).await, 0);
    let star = json!({ "tag_id": "2" });
    let view = |n: usize| json!({ "type": "view", "name": "v", "url": format!("https://d{n}.example.com/") });
    let domains = |n| list(&(0..n).map(view).collect::<Vec<_>>());
    for (buttons, rule) in [
        (json!([click]), star.clone()),
        (json!([click]), json!({ "client_platform_type": "3" })),
        (json!([click]), json!({})),
        (json!([click]), json!({ "tag_id": "" })),
        (json!([]), star.clone()),
        (json!([{ "name": "n" }]), star.clone()),
        (json!([{ "type": "view", "name": "v", "url": "nothing" }]), star.clone()),
        (json!([domains(3)]), star.clone()),
        (json!([domains(4)]), star),
    ] {
        let body = json!({ "button": buttons, "matchrule": rule });
        let menu: Menu = serde_json::from_value(body.clone()).unwrap();
        let rule: MatchRule = serde_json::from_value(rule).unwrap();
        let checked = menu.check_conditional(&rule).err().map_or(0, |error| error.faults[0].errcode.get());
        assert_eq!(checked, sent(&bed, "/cgi-bin/menu/addconditional", &body).await, "{body}");
    }
}
