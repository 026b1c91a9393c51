use serde_json::{Value, json};
use weixin_emulator::Emulator;

use crate::program::{Desk, stderr, stdout};

fn menu(key: &str) -> Value {
    json!({"button": [
        {"type": "click", "name": "今日歌曲", "key": key},
        {"name": "菜单", "sub_button": [{"type": "view", "name": "搜索", "url": "http://www.soso.com/"}]},
    ]})
}

fn write(desk: &Desk, name: &str, menu: &Value) {
    std::fs::write(desk.path(name), menu.to_string()).unwrap();
}

fn read(desk: &Desk, name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(desk.path(name)).unwrap()).unwrap()
}

/// Runs `weiqiao menu …` and demands how it ends; what it said, answers and complaints.
fn run(desk: &Desk, arguments: &[&str], code: i32) -> (String, String) {
    let output = desk.run(&[&["menu"], arguments].concat());
    let (said, told) = (stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}{told}");
    (said, told)
}

#[tokio::test(flavor = "multi_thread")] // commands block their thread while the emulator answers
async fn a_menu_goes_up_and_comes_down_as_a_file() {
    let emulator = Emulator::start().await;
    let desk = Desk::strict_with(&emulator);
    write(&desk, "menu.json", &menu("K1"));
    let (said, _) = run(&desk, &["diff", "--account", "official"], 1);
    assert!(said.contains("+++ file") && said.contains("+      \"key\": \"K1\""), "{said}");
    assert!(!said.contains('\u{1b}'), "no colours into a pipe");

    let (_, told) = run(&desk, &["push"], 2);
    assert!(told.contains("--yes"), "{told}");
    assert_eq!(emulator.calls("/cgi-bin/menu/create"), 0, "nobody was asked, nothing was done");
    let (said, _) = run(&desk, &["push", "--yes"], 0);
    assert!(said.contains("Published"), "{said}");
    assert_eq!(run(&desk, &["diff"], 0).0.trim(), "No difference.");
    let (said, _) = run(&desk, &["push"], 0);
    assert!(said.contains("nothing to publish"), "{said}");
    assert_eq!(emulator.calls("/cgi-bin/menu/create"), 1);

    run(&desk, &["pull", "--file", "copy.json"], 0);
    assert_eq!(read(&desk, "copy.json"), menu("K1"));
    assert!(
        std::fs::read_to_string(desk.path("copy.json"))
            .unwrap()
            .starts_with("{\n  \"button\": [\n    {\n      \"type\"")
    );
    assert_eq!(serde_json::from_str::<Value>(&run(&desk, &["pull", "--file", "-"], 0).0).unwrap(), menu("K1"));
    write(&desk, "copy.json", &menu("mine"));
    run(&desk, &["pull", "--file", "copy.json"], 2);
    assert_eq!(read(&desk, "copy.json"), menu("mine"), "a file is not overwritten unasked");
    run(&desk, &["pull", "--file", "copy.json", "--yes"], 0);
    assert_eq!(read(&desk, "copy.json"), menu("K1"));

    assert_eq!(emulator.calls("/cgi-bin/stable_token"), 1, "one token for all commands: it is kept in the store");
    run(&desk, &["delete"], 2);
    run(&desk, &["delete", "--yes"], 0);
    assert!(run(&desk, &["delete"], 0).0.contains("no live menu"));
    run(&desk, &["pull"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn conditional_menus_go_with_the_file_that_speaks_of_them() {
    let emulator = Emulator::start().await;
    let desk = Desk::strict_with(&emulator);
    let mut whole = menu("K");
    whole["conditionalmenu"] = json!([{"button": [{"type": "click", "name": "安卓", "key": "A"}], "matchrule": {"client_platform_type": "2"}}]);
    write(&desk, "whole.json", &whole);
    write(&desk, "menu.json", &menu("K"));
    run(&desk, &["push", "--yes", "--file", "whole.json"], 0);
    run(&desk, &["diff"], 0);
    run(&desk, &["pull", "--file", "pulled.json"], 0);
    assert_eq!(read(&desk, "pulled.json"), whole);
    whole["conditionalmenu"] = json!([]);
    write(&desk, "whole.json", &whole);
    let output = desk.run(&["--json", "menu", "diff", "--file", "whole.json"]);
    let compared: Value = stdout(&output).parse().unwrap();
    assert_eq!((output.status.code(), &compared["same"]), (Some(1), &json!(false)));
    assert!(compared["diff"].as_str().unwrap().contains("-          \"name\": \"安卓\""), "{compared}");
    run(&desk, &["push", "--yes", "--file", "whole.json"], 0);
    assert_eq!(emulator.calls("/cgi-bin/menu/delconditional"), 1);
    run(&desk, &["diff", "--file", "whole.json"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_wechat_would_refuse_is_not_sent() {
    let emulator = Emulator::start().await;
    let desk = Desk::strict_with(&emulator);
    let sub = json!([{"type": "view", "name": "a", "url": "example.com"}]);
    write(&desk, "menu.json", &json!({"button": [{"type": "click", "name": "a"}, {"name": "b", "sub_button": sub}]}));
    let (_, told) = run(&desk, &["push", "--yes"], 1);
    assert!(told.contains("button[0].key: missing") && told.contains("button[1].sub_button[0].url: "), "{told}");
    run(&desk, &["diff"], 2);
    let chinese = desk.with("LANG", "zh_CN.UTF-8");
    assert!(run(&chinese, &["push", "--yes"], 1).1.contains("button[0].key 不能为空"));
    let json: Value = stderr(&chinese.run(&["--json", "menu", "push", "--yes"])).parse().unwrap();
    assert_eq!(json["error"]["details"][1]["field"], "button[1].sub_button[0].url");
    write(&chinese, "menu.json", &json!({"button": menu("K")["button"], "conditionalmenus": []}));
    assert!(run(&chinese, &["push", "--yes"], 1).1.contains("menu.json 里的 conditionalmenus 没有意义"));
    std::fs::write(chinese.path("menu.json"), "{\"button\": [").unwrap();
    assert!(run(&chinese, &["diff"], 2).1.contains("第 1 行"));
    run(&chinese, &["diff", "--file", "nowhere.json"], 2);
    assert_eq!(emulator.calls("/cgi-bin/"), 0);

    write(&chinese, "menu.json", &menu("K"));
    emulator.fault(weixin_emulator::Fault::on("/cgi-bin/menu/create").errcode(48001).times(1));
    assert!(run(&chinese, &["push", "--yes"], 1).1.contains("48001"));
    run(&chinese, &["diff", "--account", "mini"], 2);
}
