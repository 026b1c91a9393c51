//! The part of the catalogue that is about mini programs: notifications, codes, links, content, who people are.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use weixin::api::cgi_bin::message::TemplateData;
use weixin::api::cgi_bin::message::subscribe::{MessageLanguage, MiniProgramState, SendMiniSubscription};
use weixin::api::cgi_bin::wxaapp::CreateSquareCode;
use weixin::api::sns::CodeToSession;
use weixin::api::wxa::code::{CodeStyle, EnvVersion, GetCode, GetUnlimitedCode};
use weixin::api::wxa::link::{
    Expiry, GenerateNfcScheme, GenerateScheme, GenerateShortLink, GenerateUrlLink, JumpTarget, LinkQuery, QueryScheme,
    QueryUrlLink, SchemeAnswer, UrlLinkAnswer,
};
use weixin::api::wxa::security::{
    CheckMedia, CheckPicture, CheckText, CheckedMediaType, ContentScene, GetUserRiskRank, RiskScene, Suggestion,
};
use weixin::api::wxa::{
    CheckEncryptedMessage, CheckSessionKey, GetPaidUnionId, GetPluginOpenPid, GetUserEncryptKey, Payment,
    ResetSessionKey,
};
use weixin::{Account, File, OpenId, SessionKey};
use weixin_emulator::{AccountKind, AccountSeed, CodeKind, MiniProgram, NfcModel};

use crate::conformance::Walk;

pub(crate) async fn walk(walk: &mut Walk<'_>) {
    let js_code = walk.bed.emulator.persona_code("xiaohong", "mini", CodeKind::Mini).into();
    let mini = walk.bed.mini.clone();
    let session = walk.bed.client.send(&mini, CodeToSession { js_code }).await.unwrap();
    notification(walk).await;
    codes(walk).await;
    links(walk).await;
    content(walk, &session.openid).await;
    people(walk, session.openid, &session.session_key).await;
}

async fn notification(walk: &mut Walk<'_>) {
    let bed = walk.bed;
    let values =
        [("thing1", "查看了您的简历"), ("time2", "2026-11-21 14:00:00"), ("thing3", "138"), ("thing7", "小红")];
    let data: TemplateData = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
    let message = SendMiniSubscription {
        touser: OpenId::new(bed.emulator.openid("advisor-li", "mini")),
        template_id: "weiqiao-demo-customer-notification-template".into(),
        page: Some("pages/customer/detail?id=1".into()),
        miniprogram_state: MiniProgramState::Formal,
        lang: MessageLanguage::SimplifiedChinese,
        data,
    };
    let refused = bed.client.send(&bed.mini, message.clone()).await.unwrap_err();
    assert_eq!(refused.errcode().map(|code| code.get()), Some(43101));
    bed.emulator.accept_notifications("advisor-li", "mini", message.template_id.as_str(), 1);
    let sent = walk.send(&bed.mini, message).await;
    let arrived = bed.emulator.received("advisor-li").pop().unwrap();
    assert_eq!(sent.msgid.map(i64::unsigned_abs), arrived.msg_id);
}

async fn codes(walk: &mut Walk<'_>) {
    let mini = &walk.bed.mini;
    let style = CodeStyle { width: Some(280), env_version: EnvVersion::Trial, ..CodeStyle::default() };
    let first = walk.send(mini, GetCode { path: "pages/index/index?a=1".into(), style }).await;
    let square = walk.send(mini, CreateSquareCode { path: "pages/index/index".into(), width: Some(280) }).await;
    let request = GetUnlimitedCode { scene: "a=1".into(), page: None, check_path: Some(true), style };
    let unlimited = walk.send(mini, request.clone()).await;
    for picture in [&first, &square, &unlimited] {
        assert_eq!((picture.content_type.as_str(), picture.bytes.get(..2)), ("image/jpeg", Some(&b"\xff\xd8"[..])));
    }
    let refused = walk.bed.client.send(mini, GetUnlimitedCode { scene: "长".into(), ..request }).await.unwrap_err();
    assert_eq!(refused.errcode().map(|code| code.get()), Some(40129));
}

async fn links(walk: &mut Walk<'_>) {
    let bed = walk.bed;
    let mini = &bed.mini;
    let target = JumpTarget { path: "pages/index/index".into(), query: "a=1".into(), ..JumpTarget::default() };
    let request = GenerateScheme { jump_wxa: Some(target.clone()), expiry: Expiry::Days(30) };
    let scheme = walk.send(mini, request).await.openlink;
    let query = QueryScheme { scheme: format!("{scheme}&cq=b%3D2"), query_type: LinkQuery::Info };
    let SchemeAnswer::Info { scheme_info } = walk.send(mini, query.clone()).await else { panic!("what it says") };
    assert_eq!((scheme_info.appid, scheme_info.query.as_str()), (mini.app_id().clone(), "a=1&b=2"));
    let query = QueryScheme { query_type: LinkQuery::Quota, ..query };
    assert!(matches!(walk.send(mini, query).await, SchemeAnswer::Quota { .. }));

    let soon = bed.emulator.engine().now_ms() / 1000 + 3600;
    let request = GenerateUrlLink {
        path: String::new(),
        query: String::new(),
        env_version: EnvVersion::Release,
        expiry: Expiry::At(soon),
        cloud_base: None,
    };
    let url_link = walk.send(mini, request).await.url_link;
    let query = QueryUrlLink { url_link, query_type: LinkQuery::Info };
    let UrlLinkAnswer::Info { url_link_info } = walk.send(mini, query).await else { panic!("what it says") };
    assert_eq!(url_link_info.expire_time, Some(soon));
    let (page_url, page_title) = ("pages/index/index".to_owned(), "首页".to_owned());
    let link = walk.send(mini, GenerateShortLink { page_url, page_title, is_permanent: true }).await.link;
    assert!(link.starts_with("#小程序://"), "{link}");

    let model = NfcModel { model_id: "M".into(), per_device: true };
    bed.emulator.add_account(AccountSeed {
        name: "devices".into(),
        kind: AccountKind::Mini,
        app_id: "wx5555555555555555".into(),
        app_secret: "5".repeat(32),
        mini_program: MiniProgram { nfc_models: vec![model], ..MiniProgram::default() },
        ..AccountSeed::default()
    });
    let devices = Account::new("wx5555555555555555".into(), "5".repeat(32).into());
    let request = GenerateNfcScheme { jump_wxa: Some(target), model_id: "M".into(), sn: Some("1".into()) };
    assert!(walk.send(&devices, request).await.openlink.starts_with("weixin://"));
}

async fn content(walk: &mut Walk<'_>, openid: &OpenId) {
    let mini = &walk.bed.mini;
    for (text, advice) in [("你好", Suggestion::Pass), ("违规", Suggestion::Risky), ("疑似", Suggestion::Review)]
    {
        let checked = walk.send(mini, CheckText::new(text, ContentScene::Comment, openid.clone())).await;
        assert_eq!((checked.result.suggest, checked.detail[0].suggest), (advice, Some(advice)), "{text}");
    }
    let scene = ContentScene::Profile;
    let media = CheckMedia::new("https://example.com/a.jpg", CheckedMediaType::Image, scene, openid.clone());
    assert!(!walk.send(mini, media).await.trace_id.is_empty());
    let picture = File::new("a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF a picture".as_slice());
    walk.send(mini, CheckPicture { file: picture }).await;
    let risk = GetUserRiskRank::new(mini.app_id().clone(), openid.clone(), RiskScene::Promotion, "127.0.0.1");
    let rank = walk.send(mini, risk).await;
    assert!(rank.risk_rank == 0 && rank.request_id.is_some());
}

async fn people(walk: &mut Walk<'_>, openid: OpenId, session_key: &SessionKey) {
    let bed = walk.bed;
    let (mini, engine) = (&bed.mini, bed.emulator.engine());
    let sealed = engine.open_data("xiaohong", "mini", weixin_emulator::OpenDataKind::Phone).unwrap();
    let encrypted_msg_hash = hex::encode(Sha256::digest(sealed.encrypted_data.as_bytes()));
    assert!(walk.send(mini, CheckEncryptedMessage { encrypted_msg_hash }).await.is_valid);
    let keys = walk.send(mini, GetUserEncryptKey::new(openid.clone(), session_key)).await.key_info_list;
    assert_eq!((keys.len(), keys[0].version), (1, 1));

    let code = bed.emulator.persona_code("xiaohong", "mini", CodeKind::Plugin).into();
    assert_eq!(walk.send(mini, GetPluginOpenPid { code }).await.openpid.len(), 28);
    let transaction_id = engine.pay("xiaohong", "mini").unwrap();
    let transaction = Payment::Transaction { transaction_id };
    let paid = walk.send(mini, GetPaidUnionId { openid: openid.clone(), payment: transaction }).await;
    assert_eq!(paid.unionid.as_str().len(), 28);

    bed.emulator.advance(Duration::from_secs(1));
    let renewed = walk.send(mini, ResetSessionKey::new(openid.clone(), session_key)).await;
    assert_ne!(renewed.session_key, *session_key);
    walk.send(mini, CheckSessionKey::new(openid.clone(), &renewed.session_key)).await;
    let stale = bed.client.send(mini, CheckSessionKey::new(openid, session_key)).await.unwrap_err();
    assert_eq!(stale.errcode().map(|code| code.get()), Some(87009));
}
