//! The folder of the named login instances.

use weixin::oauth::Scope;

use super::Desk;

const ABOUT: &str = r#"{ "title": "微信登录", "type": "auths.loginTypes.WechatPublicType" }"#;
const SECRET: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

/// A strict desk with one instance in the usual folder.
fn desk(about: &str, login: &str) -> Desk {
    let desk = Desk::strict();
    put(&desk, "auths/loginTypes", "MyLogin", about, login);
    desk
}

fn put(desk: &Desk, folder: &str, name: &str, about: &str, login: &str) {
    std::fs::create_dir_all(desk.path().join(folder).join(name)).unwrap();
    desk.write(&format!("{folder}/{name}/e.json"), about);
    desk.write(&format!("{folder}/{name}/{name}.json"), login);
}

fn login(more: &str) -> String {
    format!(r#"{{ "appId": "wx0123456789abcdef", "appSecret": "{SECRET}"{more} }}"#)
}

#[test]
fn both_files_make_an_instance_and_the_defaults_are_the_documented_ones() {
    let desk = desk(ABOUT, &login(""));
    std::fs::create_dir_all(desk.path().join("auths/loginTypes/.git")).unwrap();
    desk.write("auths/loginTypes/README.md", "notes");
    let loaded = desk.ok();
    let instances = &loaded.settings.wechat.login_instances;
    let [one] = instances.as_slice() else { panic!("{instances:?}") };
    assert_eq!(
        (one.name.as_str(), one.title.as_str(), one.app_id.as_str()),
        ("MyLogin", "微信登录", "wx0123456789abcdef")
    );
    assert_eq!((one.scope, one.state_label.as_str(), one.app_secret.expose()), (Scope::UserInfo, "", SECRET));
    assert!(!format!("{loaded:?}").contains(SECRET));
}

#[test]
fn scope_label_and_another_folder() {
    let desk = Desk::strict().with("LOGIN_TYPES_DIR", "logins");
    put(&desk, "logins", "A", ABOUT, &login(r#", "scope": "snsapi_base", "state": "shop7", "note": "x""#));
    let loaded = desk.ok();
    let one = loaded.settings.wechat.login_instances.first().unwrap();
    assert_eq!((one.scope, one.state_label.as_str()), (Scope::Base, "shop7"));
    assert!(loaded.notes.iter().any(|note| note.key == "logins/A/A.json: note"), "{:?}", loaded.notes);
    assert!(Desk::strict().ok().settings.wechat.login_instances.is_empty(), "no folder, no instances");
}

#[test]
fn a_secret_may_stand_in_any_variable() {
    for name in ["SHOP_SECRET", "WECHAT_LOGIN_SECRET"] {
        let text = login("").replace(SECRET, &format!("env:{name}"));
        let loaded = desk(ABOUT, &text).with(name, SECRET).ok();
        assert_eq!(loaded.settings.wechat.login_instances.first().unwrap().app_secret.expose(), SECRET);
    }
    let (keys, text) = desk(ABOUT, &login("").replace(SECRET, "env:NOT_SET")).wrong();
    assert_eq!(keys, ["auths/loginTypes/MyLogin/MyLogin.json: appSecret"]);
    assert!(text.contains("NOT_SET"), "{text}");
    let (keys, _) = Desk::strict().with("WECHAT_LOGIN_SECRET", SECRET).wrong();
    assert_eq!(keys, ["WECHAT_LOGIN_SECRET"], "a name nobody names is still a slip");
}

#[test]
fn what_is_wrong_is_told_with_file_and_field() {
    let cases = [
        (r#"{ "type": "auths.loginTypes.WechatPublicType" }"#.to_owned(), login(""), "e.json: title"),
        (r#"{ "title": "x" }"#.to_owned(), login(""), "e.json: type"),
        (r#"{ "title": "x", "type": "auths.loginTypes.Canary" }"#.to_owned(), login(""), "e.json: type"),
        ("canary".to_owned(), login(""), "e.json"),
        ("[]".to_owned(), login(""), "e.json"),
        (ABOUT.to_owned(), format!(r#"{{ "appSecret": "{SECRET}" }}"#), "MyLogin.json: appId"),
        (ABOUT.to_owned(), login("").replace("wx0123456789abcdef", "canary"), "MyLogin.json: appId"),
        (ABOUT.to_owned(), r#"{ "appId": "wx0123456789abcdef" }"#.to_owned(), "MyLogin.json: appSecret"),
        (ABOUT.to_owned(), login("").replace(SECRET, " "), "MyLogin.json: appSecret"),
        (ABOUT.to_owned(), login("").replace(SECRET, "canary"), "MyLogin.json: appSecret"),
        (ABOUT.to_owned(), login("").replace(&format!("\"{SECRET}\""), "1"), "MyLogin.json: appSecret"),
        (ABOUT.to_owned(), login(r#", "scope": "snsapi_canary""#), "MyLogin.json: scope"),
        (ABOUT.to_owned(), login(r#", "state": "my canary""#), "MyLogin.json: state"),
        (ABOUT.to_owned(), "{ canary".to_owned(), "MyLogin.json"),
    ];
    for (about, login, key) in cases {
        let (keys, text) = desk(&about, &login).wrong();
        assert_eq!(keys, [format!("auths/loginTypes/MyLogin/{key}")], "{about} {login}");
        assert!(!text.contains("canary") && !text.contains(SECRET), "{text}");
    }
}

/// What the service would refuse at its start, `check-config` says too.
#[test]
fn an_instance_has_to_agree_with_the_account_of_its_appid() {
    const OTHER: &str = "f9e8d7c6b5a40312233445566778899a";
    let with_account = |about: &str, login: &str, app_id: &str, secret: &str| {
        desk(about, login).with("WECHAT_OFFICIAL_APP_ID", app_id).with("WECHAT_OFFICIAL_APP_SECRET", secret)
    };
    let same = with_account(ABOUT, &login(""), "wx0123456789abcdef", SECRET);
    assert_eq!(same.ok().settings.wechat.login_instances.len(), 1);
    let other = with_account(ABOUT, &login(""), "wx0123456789abcdef", OTHER);
    let (keys, text) = other.wrong();
    assert_eq!(keys, ["auths/loginTypes/MyLogin/MyLogin.json: appSecret"]);
    assert!(text.contains("和账号 official 的不一样") && text.contains("not that of the account official"), "{text}");
    assert!(!text.contains(SECRET) && !text.contains(OTHER), "{text}");
    let apart = with_account(ABOUT, &login(""), "wxfedcba9876543210", OTHER);
    assert_eq!(apart.ok().settings.wechat.login_instances.len(), 1);
    put(&apart, "auths/loginTypes", "official", ABOUT, &login(""));
    assert_eq!(apart.wrong().0, ["auths/loginTypes/official"]);
}

#[test]
fn what_cannot_be_read_is_told_in_words_of_ours() {
    let missing = Desk::strict();
    std::fs::create_dir_all(missing.path().join("auths/loginTypes/A/e.json")).unwrap();
    std::fs::write(missing.path().join("auths/loginTypes/A/A.json"), [0xff, 0xfe]).unwrap();
    std::fs::create_dir_all(missing.path().join("auths/loginTypes/B")).unwrap();
    missing.write("auths/loginTypes/B/e.json", ABOUT);
    let (_, text) = missing.wrong();
    for words in ["应当是文件，却是文件夹。", "不是 UTF-8 文本。", "没有这个文件。", "does not exist."]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("os error"), "{text}");
}

#[test]
fn missing_files_and_unfit_names_are_told() {
    let desk = Desk::strict();
    std::fs::create_dir_all(desk.path().join("auths/loginTypes/Empty")).unwrap();
    let (keys, _) = desk.wrong();
    assert_eq!(keys, ["auths/loginTypes/Empty/e.json", "auths/loginTypes/Empty/Empty.json"]);
    let desk = Desk::strict();
    put(&desk, "auths/loginTypes", "两个", ABOUT, &login(""));
    assert_eq!(desk.wrong().0, ["auths/loginTypes/两个"]);
}
