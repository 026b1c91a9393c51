//! The part of the catalogue about followers, tags, menus and QR codes.

use weixin::OpenId;
use weixin::api::Language;
use weixin::api::cgi_bin::menu::{
    AddConditionalMenu, CreateMenu, DeleteConditionalMenu, DeleteMenu, GetMenu, TryMatchMenu,
};
use weixin::api::cgi_bin::qrcode::{CreateQrCode, QrScene};
use weixin::api::cgi_bin::shorten::{CreateShortKey, FetchShortKey};
use weixin::api::cgi_bin::tags::{
    BlockUsers, CreateTag, DeleteTag, GetUserTags, ListBlocked, ListTags, Tag, TagUsers, UnblockUsers, UntagUsers,
    UpdateTag,
};
use weixin::api::cgi_bin::user::{GetUserInfo, GetUserInfoBatch, ListFollowers, ListTagged, UpdateRemark};
use weixin::api::cgi_bin::{GetAutoReplies, GetCurrentMenu};
use weixin::menu::{Action, Button, ClientPlatform, MatchRule, Menu};

use crate::conformance::Walk;

pub(crate) async fn walk(walk: &mut Walk<'_>) {
    let emulator = &walk.bed.emulator;
    for persona in ["xiaoming", "xiaohong"] {
        emulator.engine().follow(persona, "official", None).unwrap();
    }
    let openid = OpenId::new(emulator.openid("xiaoming", "official"));
    people(walk, &openid).await;
    tags(walk, &openid).await;
    menus(walk, &openid).await;

    let official = &walk.bed.official;
    let code = walk.send(official, CreateQrCode::temporary(QrScene::Text("门口".into()), Some(600))).await;
    assert_eq!(code.expire_seconds, Some(600));
    assert!(code.image_url(walk.bed.client.bases()).starts_with(&walk.bed.emulator.url().to_string()));
    let kept = walk.send(official, CreateQrCode::permanent(QrScene::Number(7))).await;
    assert_eq!(kept.expire_seconds, None);

    let long_data = "很长的数据".to_owned();
    let request = CreateShortKey { long_data: long_data.clone(), expire_seconds: None };
    let short_key = walk.send(official, request).await.short_key;
    assert_eq!(walk.send(official, FetchShortKey { short_key }).await.long_data, long_data);
    assert!(!walk.send(official, GetAutoReplies {}).await.is_autoreply_open);
}

async fn people(walk: &mut Walk<'_>, openid: &OpenId) {
    let official = &walk.bed.official;
    let page = walk.send(official, ListFollowers::default()).await;
    assert_eq!((page.total, page.openids.len()), (Some(2), 2));
    let beyond = walk.send(official, ListFollowers { next_openid: page.next().cloned() }).await;
    assert!(beyond.openids.is_empty() && beyond.next().is_none());

    walk.send(official, UpdateRemark { openid: openid.clone(), remark: "老朋友".into() }).await;
    let user_list = vec![GetUserInfo { openid: openid.clone(), lang: Language::default() }];
    let people = walk.send(official, GetUserInfoBatch { user_list }).await.user_info_list;
    assert_eq!(people[0].remark, "老朋友");

    walk.send(official, BlockUsers { openid_list: vec![openid.clone()] }).await;
    assert_eq!(walk.send(official, ListBlocked::default()).await.openids, std::slice::from_ref(openid));
    walk.send(official, UnblockUsers { openid_list: vec![openid.clone()] }).await;
}

async fn tags(walk: &mut Walk<'_>, openid: &OpenId) {
    let official = &walk.bed.official;
    let tag = walk.send(official, CreateTag::new("广东")).await.tag;
    walk.send(official, UpdateTag { tag: Tag { name: "广东人".into(), ..tag.clone() } }).await;
    let (openid_list, tagid) = (vec![openid.clone()], tag.id);
    walk.send(official, TagUsers { openid_list: openid_list.clone(), tagid }).await;
    assert_eq!(walk.send(official, GetUserTags { openid: openid.clone() }).await.tagid_list, [tagid]);
    let tags = walk.send(official, ListTags {}).await.tags;
    assert!(tags.iter().any(|tag| (tag.id, tag.name.as_str(), tag.count) == (tagid, "广东人", 1)), "{tags:?}");
    assert_eq!(walk.send(official, ListTagged { tagid, next_openid: None }).await.openids, openid_list);
    walk.send(official, UntagUsers { openid_list, tagid }).await;
    walk.send(official, DeleteTag::new(tagid)).await;
}

async fn menus(walk: &mut Walk<'_>, openid: &OpenId) {
    let (official, mini) = (&walk.bed.official, &walk.bed.mini);
    let (url, pagepath) = ("https://example.com/".to_owned(), "pages/index".to_owned());
    let weapp = Action::MiniProgram { url, appid: mini.app_id().clone(), pagepath };
    let list = [Button::view("搜索", "http://www.soso.com/"), Button::new("小程序", weapp)];
    let menu = Menu::new([Button::click("今日歌曲", "V1001_TODAY_MUSIC"), Button::list("菜单", list)]);
    walk.send(official, CreateMenu::new(menu.clone()).unwrap()).await;
    assert_eq!(walk.send(official, GetMenu {}).await.default_menu(), menu);
    let current = walk.send(official, GetCurrentMenu {}).await;
    assert_eq!((current.is_menu_open, current.to_menu().as_ref()), (true, Some(&menu)));

    let android = Menu::new([Button::click("安卓", "A")]);
    let rule = MatchRule::platform(ClientPlatform::Android);
    let menuid = walk.send(official, AddConditionalMenu::new(android.clone(), rule.clone()).unwrap()).await.menuid;
    let conditional = walk.send(official, GetMenu {}).await.conditionalmenu;
    assert_eq!((&conditional[0].menuid, &conditional[0].matchrule), (&menuid, &rule));
    assert_eq!(walk.send(official, TryMatchMenu { user_id: openid.to_string() }).await, android);
    walk.send(official, DeleteConditionalMenu { menuid }).await;
    assert_eq!(walk.send(official, TryMatchMenu { user_id: openid.to_string() }).await, menu);
    walk.send(official, DeleteMenu {}).await;
}
