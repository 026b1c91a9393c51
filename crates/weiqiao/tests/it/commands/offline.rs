use serde_json::Value;

use crate::program::{Desk, stderr, stdout};

#[test]
fn an_errcode_is_explained_in_both_languages() {
    let explain = |lang: &str, arguments: &[&str]| Desk::empty().with("LANG", lang).run(arguments);
    let chinese = stdout(&explain("zh_CN.UTF-8", &["explain", "40029"]));
    assert!(chinese.contains("invalid code") && chinese.contains("下一步") && chinese.contains("AppID"), "{chinese}");
    let english = stdout(&explain("C", &["explain", "40029"]));
    assert!(english.contains("meaning") && english.contains("expired"), "{english}");
    let json: Value = stdout(&explain("C", &["--json", "explain", "--", "-1"])).parse().unwrap();
    assert_eq!((json["errcode"].as_i64(), json["class"].as_str()), (Some(-1), Some("backoff")));
    assert_eq!(stdout(&explain("C", &["explain", "-1", "--json"])).parse::<Value>().unwrap(), json);

    let unknown = explain("C", &["explain", "987654"]);
    assert_eq!((unknown.status.code(), stdout(&unknown).as_str()), (Some(1), ""));
    assert!(stderr(&unknown).contains("987654"));
}

/// `/dev/full` is a disk without room.
#[test]
fn an_answer_that_is_lost_is_no_success() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let lost = Desk::empty().run_into(&["explain", "40029"], full);
    assert_eq!(lost.status.code(), Some(1));
    assert!(stderr(&lost).contains("not written"), "{}", stderr(&lost));
}

/// The example of WeChat's own documentation.
#[test]
fn a_js_sdk_signature_is_computed_step_by_step() {
    let desk = Desk::empty();
    std::fs::write(
        desk.path("ticket"),
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg\n",
    )
    .unwrap();
    let sign = |more: &[&str]| {
        let base = ["sign", "jssdk", "--ticket", "@ticket", "--nonce", "Wm3WZYTPz0wzccnW", "--timestamp", "1414587457"];
        desk.run(&[&base[..], &["--url", "http://mp.weixin.qq.com?params=value#fragment"], more].concat())
    };
    const RIGHT: &str = "0f9de62fce790f9a083d5c99e95740ceb90c27ed";
    let text = stdout(&sign(&[]));
    assert!(
        text.contains(RIGHT) && text.contains("&noncestr=Wm3WZYTPz0wzccnW&timestamp=1414587457&url=http://mp"),
        "{text}"
    );
    assert!(!text.contains("#fragment"), "{text}");
    assert_eq!(sign(&["--expect", RIGHT]).status.code(), Some(0));
    let differs = sign(&["--expect", "0000", "--json"]);
    assert_eq!(differs.status.code(), Some(1));
    let json: Value = stdout(&differs).parse().unwrap();
    assert_eq!((json["signature"].as_str(), json["matches"].as_bool()), (Some(RIGHT), Some(false)));
    assert_eq!(json["steps"].as_array().unwrap().len(), 2);
}

#[test]
fn callback_signatures_sort_and_join() {
    let sign = |arguments: &[&str]| Desk::empty().run_with_input(&[&["--json", "sign"], arguments].concat(), "token\n");
    let common = ["--token", "-", "--timestamp", "1409659813", "--nonce", "1372623149"];
    let plain: Value = stdout(&sign(&[&["callback"], &common[..]].concat())).parse().unwrap();
    assert_eq!(plain["steps"][1]["value"], "13726231491409659813token");
    let right = weixin_proto::sign::callback_signature("token", "1409659813", "1372623149");
    assert_eq!(plain["signature"], right);
    let sealed = sign(&[&["msg", "--encrypt", "abc="], &common[..], &["--expect", "x"]].concat());
    assert_eq!(sealed.status.code(), Some(1));
    let sealed: Value = stdout(&sealed).parse().unwrap();
    assert_eq!(sealed["steps"][0]["value"], "1372623149\n1409659813\nabc=\ntoken");
    assert_eq!(sealed["signature"], weixin_proto::sign::msg_signature("token", "1409659813", "1372623149", "abc="));
}
