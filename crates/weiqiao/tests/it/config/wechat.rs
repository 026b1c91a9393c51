use weiqiao::config::{CallbackMode, WechatAccount};
use weiqiao_app::callback::SourceCheck;
use weiqiao_model::AccountKind;
use weixin::TokenMode;

use super::Desk;

const SECRET: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const OTHER: &str = "f9e8d7c6b5a4938271605f4e3d2c1b0a";
const AES: &str = "kWxPuuHQl2XbwVDjdyTpmPdPLgFJ8lWNMqkd7oRfMYA";

fn summary(accounts: &[WechatAccount]) -> Vec<(&str, AccountKind, &str)> {
    accounts.iter().map(|a| (a.account.name.as_str(), a.account.kind, a.account.app_id.as_str())).collect()
}

fn official() -> Desk {
    Desk::strict().with("WECHAT_OFFICIAL_APP_ID", "wx1234567890abcdef").with("WECHAT_OFFICIAL_APP_SECRET", SECRET)
}

#[test]
fn both_kinds_have_names_of_their_own() {
    let desk = official().with("WECHAT_MINI_APP_ID", "wxabcdef1234567890").with("WECHAT_MINI_APP_SECRET", OTHER);
    let settings = desk.ok().settings;
    assert_eq!(
        summary(&settings.wechat.accounts),
        [("official", AccountKind::Official, "wx1234567890abcdef"), ("mini", AccountKind::Mini, "wxabcdef1234567890")]
    );
    assert!(settings.wechat.accounts.iter().all(|account| account.account.token_mode == TokenMode::Stable));
}

#[test]
fn the_short_form_serves_every_kind_without_a_pair() {
    let short = |desk: Desk| desk.with("WECHAT_APP_ID", "wx00000000000000ff").with("WECHAT_APP_SECRET", OTHER);
    assert_eq!(
        summary(&short(Desk::strict()).ok().settings.wechat.accounts),
        [("official", AccountKind::Official, "wx00000000000000ff"), ("mini", AccountKind::Mini, "wx00000000000000ff")]
    );
    assert_eq!(
        summary(&short(official()).ok().settings.wechat.accounts),
        [("official", AccountKind::Official, "wx1234567890abcdef"), ("mini", AccountKind::Mini, "wx00000000000000ff")]
    );
    let with_table = short(Desk::strict()).with_file(&format!(
        "[[account]]\nname = 'shop'\nkind = 'mini'\napp_id = 'wxabcdef1234567890'\napp_secret = '{SECRET}'\n"
    ));
    assert_eq!(
        summary(&with_table.ok().settings.wechat.accounts),
        [("shop", AccountKind::Mini, "wxabcdef1234567890"), ("official", AccountKind::Official, "wx00000000000000ff")]
    );
}

#[test]
fn the_file_holds_several_accounts() {
    let desk = official().with("WECHAT_TOKEN_MODE", "classic").with_file(&format!(
        "[[account]]\nname = 'shop'\nkind = 'official'\napp_id = 'wxabcdef1234567890'\napp_secret_file = 'secret'\n\
         token_mode = 'stable'\ngroup = 'other'\ntoken = 'Hx8Kq2Lm'\naes_key = '{AES}'\n\
         [[account]]\nname = 'game'\nkind = 'mini'\napp_id = 'wxabcdef1234567891'\napp_secret = '{OTHER}'\ntoken = 'Zp4Rw9Tn'\n"
    ));
    desk.write("secret", SECRET.replace('0', "9").as_str());
    let accounts = desk.ok().settings.wechat.accounts;
    assert_eq!(
        summary(&accounts),
        [
            ("official", AccountKind::Official, "wx1234567890abcdef"),
            ("shop", AccountKind::Official, "wxabcdef1234567890"),
            ("game", AccountKind::Mini, "wxabcdef1234567891"),
        ]
    );
    assert_eq!(
        (accounts[0].account.token_mode, accounts[1].account.token_mode),
        (TokenMode::Classic, TokenMode::Stable)
    );
    assert_eq!(accounts[1].account.group.as_deref(), Some("other"));
    assert!(accounts[0].callback.is_none());
    let safe = accounts[1].callback.as_ref().unwrap();
    assert_eq!((safe.mode, safe.aes_key.is_some()), (CallbackMode::Safe, true), "safe when an AES key is set");
    assert_eq!(accounts[2].callback.as_ref().unwrap().mode, CallbackMode::Plain);
}

#[test]
fn accounts_that_contradict_each_other_are_refused() {
    let table = |name: &str, kind: &str, app_id: &str, more: &str| {
        official().with_file(&format!(
            "[[account]]\nname = '{name}'\nkind = '{kind}'\napp_id = '{app_id}'\napp_secret = '{OTHER}'\n{more}\n"
        ))
    };
    let new = "wxabcdef1234567890";
    for (desk, key) in [
        (table("official", "mini", new, ""), "account.official.name"),
        (table("shop", "official", "wx1234567890abcdef", ""), "account.shop.app_id"),
        (table("shop", "mini", "wx1234567890abcdef", ""), "account.shop.app_id"),
        (table("a/b", "mini", new, ""), "account.a/b.name"),
        (table("shop", "service", new, ""), "account.shop.kind"),
        (table("shop", "mini", "gh_1234567890ab", ""), "account.shop.app_id"),
        (table("shop", "mini", new, "token_mode = 'new'"), "account.shop.token_mode"),
        (table("shop", "mini", new, &format!("aes_key = '{AES}'")), "account.shop.token"),
        (table("shop", "mini", new, "token = 'Hx8Kq2Lm'\ncallback_mode = 'safe'"), "account.shop.aes_key"),
        (
            table("shop", "mini", new, &format!("token = 'Hx8Kq2Lm'\naes_key = '{AES}'\ncallback_mode = 'plain'")),
            "account.shop.callback_mode",
        ),
        (table("shop", "mini", new, "token = 'Hx8Kq2Lm'\naes_key = 'short'"), "account.shop.aes_key"),
        (table("shop", "mini", new, "app_secret_file = 'x'"), "account.shop.app_secret"),
        (official().with_file("account = ['x']"), "account"),
        (official().with_file("[account]\nname = 'x'"), "account"),
    ] {
        let (keys, text) = desk.wrong();
        assert_eq!(keys, [key], "{text}");
    }
}

#[test]
fn half_a_pair_names_the_other_half() {
    for (given, value, missing) in [
        ("WECHAT_OFFICIAL_APP_ID", "wx1234567890abcdef", "WECHAT_OFFICIAL_APP_SECRET"),
        ("WECHAT_MINI_APP_SECRET", SECRET, "WECHAT_MINI_APP_ID"),
    ] {
        assert_eq!(Desk::strict().with(given, value).wrong().0, [missing]);
    }
    let (keys, _) = Desk::strict().with("WECHAT_OFFICIAL_TOKEN", "Hx8Kq2Lm").wrong();
    assert_eq!(keys, ["WECHAT_OFFICIAL_APP_ID", "WECHAT_OFFICIAL_APP_SECRET"]);
}

#[test]
fn production_talks_to_wechat_unless_told_twice() {
    for (name, value) in [
        ("WECHAT_API_BASE", "http://127.0.0.1:3002"),
        ("WECHAT_API_BASE", "https://api.weixin.qq.com.evil.example"),
        ("WECHAT_API_BASE", "http://api.weixin.qq.com"),
        ("WECHAT_API_BASE", "https://api.weixin.qq.com:8443"),
        ("WECHAT_API_BASE", "https://open.weixin.qq.com"),
        ("WECHAT_OPEN_BASE", "https://localhost"),
        ("WECHAT_MP_BASE", "https://mp.weixin.qq.com/relay"),
    ] {
        let (keys, text) = official().with(name, value).wrong();
        assert_eq!(keys, [name]);
        assert!(text.contains("ALLOW_CUSTOM_WECHAT_BASE=1"), "{text}");
        if value != "https://mp.weixin.qq.com/relay" {
            let loaded = official().with(name, value).with("ALLOW_CUSTOM_WECHAT_BASE", "1").ok();
            assert!(loaded.notes.iter().any(|note| note.key == name), "allowed, and said so");
        }
    }
    for value in ["https://sh.api.weixin.qq.com", "https://api2.weixin.qq.com/"] {
        let loaded = official().with("WECHAT_API_BASE", value).ok();
        assert!(!loaded.notes.iter().any(|note| note.key == "WECHAT_API_BASE"));
    }
    let open = Desk::open().with("WECHAT_API_BASE", "http://127.0.0.1:3002").ok();
    assert_eq!(open.settings.wechat.api_base.as_str(), "http://127.0.0.1:3002/");
}

#[test]
fn an_appid_looks_like_one_everywhere() {
    for wrong in
        ["foo", "wx123", "gh_1234567890abcdef", "wx1234567890abcdeg", "wx1234567890abcdef0", "WX1234567890abcdef"]
    {
        for desk in [Desk::strict(), Desk::open(), Desk::strict().with("ALLOW_CUSTOM_WECHAT_BASE", "1")] {
            let desk = desk.with("WECHAT_OFFICIAL_APP_ID", wrong).with("WECHAT_OFFICIAL_APP_SECRET", SECRET);
            assert_eq!(desk.wrong().0, ["WECHAT_OFFICIAL_APP_ID"], "{wrong}");
        }
    }
}

#[test]
fn a_base_that_is_not_wechats_is_noted_with_what_goes_there() {
    let noted = |name: &str| {
        let loaded = official().with(name, "http://127.0.0.1:3002").with("ALLOW_CUSTOM_WECHAT_BASE", "1").ok();
        let is_wechats = loaded.settings.wechat.is_open_wechats();
        let note = loaded.notes.into_iter().find(|note| note.key == name).unwrap();
        (note.en.contains("secret") || note.zh.contains("AppSecret"), is_wechats)
    };
    assert_eq!(noted("WECHAT_API_BASE"), (true, true));
    assert_eq!(noted("WECHAT_OPEN_BASE"), (false, false));
    assert_eq!(noted("WECHAT_MP_BASE"), (false, true));
}

#[test]
fn the_emulators_account_is_for_the_emulator() {
    let emulated = |desk: Desk| {
        desk.with("WECHAT_OFFICIAL_APP_ID", "wx1111111111111111")
            .with("WECHAT_OFFICIAL_APP_SECRET", "11111111111111111111111111111111")
    };
    assert_eq!(emulated(Desk::strict()).wrong().0, ["WECHAT_OFFICIAL_APP_SECRET"]);
    emulated(Desk::open()).ok();
    emulated(Desk::strict()).with("ALLOW_CUSTOM_WECHAT_BASE", "1").ok();
}

#[test]
fn callbacks_are_told_how_to_be_received() {
    let other = "mYAkWxPuuHQl2XbwVDjdyTpmPdPLgFJ8lWNMqkd7oRf";
    let desk = official()
        .with("WECHAT_OFFICIAL_TOKEN", "Hx8Kq2Lm")
        .with("WECHAT_OFFICIAL_TOKEN_PREVIOUS", "Zp4Rw9Tn")
        .with("WECHAT_OFFICIAL_AES_KEY", AES)
        .with("WECHAT_OFFICIAL_AES_KEY_PREVIOUS", other)
        .with("WECHAT_OFFICIAL_ORIGINAL_ID", "gh_97417a04a28d")
        .with("WECHAT_MP_VERIFY", "AbC123dEf456GhI7, shop/m/XyZ98765")
        .with("CALLBACK_WINDOW", "15m")
        .with("CALLBACK_BODY_LIMIT", "1024")
        .with("CALLBACK_SOURCE_CHECK", "refuse")
        .with("CALLBACK_KEEP_DAYS", "30");
    let settings = desk.ok().settings;
    let callback = settings.wechat.accounts[0].callback.as_ref().unwrap();
    assert!(callback.token_previous.is_some() && callback.aes_key_previous.is_some());
    assert_eq!(callback.original_id.as_ref().unwrap().as_str(), "gh_97417a04a28d");
    assert_eq!(settings.wechat.mp_verify, ["AbC123dEf456GhI7", "shop/m/XyZ98765"]);
    let section = settings.callback;
    assert_eq!((section.window.as_secs(), section.body_limit), (900, 1024 * 1024));
    assert_eq!((section.source_check, section.keep.as_secs()), (SourceCheck::Refuse, 30 * 86_400));
    assert_eq!(Desk::strict().ok().settings.callback.source_check, SourceCheck::Log);
    assert_eq!(Desk::open().ok().settings.callback.source_check, SourceCheck::Off);

    for (name, value) in [
        ("WECHAT_OFFICIAL_AES_KEY_PREVIOUS", "short"),
        ("WECHAT_OFFICIAL_TOKEN_PREVIOUS", "a b"),
        ("WECHAT_OFFICIAL_ORIGINAL_ID", "wx1234567890abcdef"),
        ("WECHAT_OFFICIAL_ORIGINAL_ID", "foo"),
        ("WECHAT_OFFICIAL_AES_KEY_PREVIOUS", AES),
        ("WECHAT_MP_VERIFY", "../AbC123dEf456GhI7"),
        ("WECHAT_MP_VERIFY", "MP_verify_AbC123.txt"),
        ("CALLBACK_WINDOW", "901"),
        ("CALLBACK_BODY_LIMIT", "2048"),
        ("CALLBACK_SOURCE_CHECK", "yes"),
        ("CALLBACK_KEEP_DAYS", "0"),
    ] {
        assert_eq!(official().with("WECHAT_OFFICIAL_TOKEN", "Hx8Kq2Lm").with(name, value).wrong().0, [name], "{value}");
    }
}

/// A rotation that was left half done: the value of before is the present one, or goes with none.
#[test]
fn an_earlier_value_that_replaces_nothing_is_refused() {
    // The last character carries two bits that mean nothing.
    let same_key = format!("{}{}", &AES[..42], if AES.ends_with('A') { 'B' } else { 'A' });
    let both = || official().with("WECHAT_OFFICIAL_TOKEN", "Hx8Kq2Lm").with("WECHAT_OFFICIAL_AES_KEY", AES);
    for (desk, key) in [
        (both().with("WECHAT_OFFICIAL_TOKEN_PREVIOUS", "Hx8Kq2Lm"), "WECHAT_OFFICIAL_TOKEN_PREVIOUS"),
        (both().with("WECHAT_OFFICIAL_AES_KEY_PREVIOUS", AES), "WECHAT_OFFICIAL_AES_KEY_PREVIOUS"),
        (both().with("WECHAT_OFFICIAL_AES_KEY_PREVIOUS", &same_key), "WECHAT_OFFICIAL_AES_KEY_PREVIOUS"),
        (official().with("WECHAT_OFFICIAL_TOKEN_PREVIOUS", "Hx8Kq2Lm"), "WECHAT_OFFICIAL_TOKEN_PREVIOUS"),
        (
            Desk::open().with_file(
                "[[account]]\nname = 'shop'\nkind = 'official'\napp_id = 'wx1234567890abcdef'\napp_secret = 's'\n\
                 token = 'Hx8Kq2Lm'\ntoken_previous = 'Hx8Kq2Lm'\noriginal_id = 'foo'\n",
            ),
            "account.shop.original_id account.shop.token_previous",
        ),
    ] {
        let (keys, said) = desk.wrong();
        assert_eq!(keys.join(" "), key, "{said}");
        assert!(!said.contains("Hx8Kq2Lm") && !said.contains(AES), "{said}");
    }
}

#[test]
fn rules_may_stand_in_the_file() {
    let rules = |text: &str| official().with_file(text);
    let settings = rules(
        "[[rules]]\naccount = 'official'\npriority = 5\nmatch = { on = 'text', contains = '价格' }\n\
         reply = { type = 'text', content = '一百' }\n\
         [[rules]]\n[rules.match]\non = 'any'\n[rules.reply]\ntype = 'news'\n[[rules.reply.articles]]\ntitle = '题'\n",
    )
    .ok()
    .settings;
    let rules_read = settings.callback.rules;
    assert_eq!(rules_read.len(), 2);
    assert_eq!((rules_read[0].priority, rules_read[0].condition.contains.as_deref()), (5, Some("价格")));
    assert_eq!(rules_read[1].reply.word(), "news");
    for (text, key, why) in [
        ("[[rules]]\nreply = { type = 'none' }", "rules.1.match", "is missing"),
        ("[[rules]]\nmatch = { on = 'all' }\nreply = { type = 'none' }", "rules.1.match.on", "none of the words"),
        ("[[rules]]\nmatch = { on = 'any' }\nreply = { type = 'text' }", "rules.1.reply.content", "is missing"),
        (
            "[[rules]]\naccount = 'shop'\nmatch = { on = 'any' }\nreply = { type = 'none' }",
            "rules.1.account",
            "no account",
        ),
        (
            "[[rules]]\nmatch = { on = 'menu' }\nreply = { type = 'transfer' }",
            "rules.1.reply.type",
            "more than WeChat takes",
        ),
        ("rules = ['x']", "rules", "as [[rules]] tables"),
        ("[rules]\nmatch = 'x'", "rules", "as [[rules]] tables"),
        ("[account]\nname = 'x'", "account", "as [[account]] tables"),
    ] {
        let (keys, said) = rules(text).wrong();
        assert_eq!(keys, [key], "{said}");
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn rules_are_not_blamed_for_an_account_that_was_refused() {
    let rule = |account: &str| {
        format!("[[rules]]\naccount = '{account}'\nmatch = {{ on = 'any' }}\nreply = {{ type = 'none' }}\n")
    };
    let rules = format!("{}{}{}", rule("official"), rule("official"), rule("shop"));
    let shop = |more: &str| {
        format!("{rules}[[account]]\nname = 'shop'\napp_id = 'wx1234567890abcde0'\napp_secret = '{SECRET}'\n{more}\n")
    };
    let (keys, said) = official().with("WECHAT_OFFICIAL_APP_SECRET", "short").with_file(&shop("kind = 'mini'")).wrong();
    assert_eq!(keys, ["WECHAT_OFFICIAL_APP_SECRET"], "{said}");
    let (keys, said) = official().with_file(&shop("kind = 'shop'")).wrong();
    assert_eq!(keys, ["account.shop.kind"], "{said}");
    let nameless = shop("kind = 'mini'").replace("name = 'shop'", "");
    let (keys, said) = official().with_file(&nameless).wrong();
    assert_eq!(keys, ["account.1.name"], "{said}");
    let (keys, said) = official().with_file(&rule("shop")).wrong();
    assert_eq!(keys, ["rules.1.account"], "{said}");
}
