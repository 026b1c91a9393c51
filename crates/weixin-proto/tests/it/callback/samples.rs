//! Samples gathered by others, kept outside the project: our reader has to understand every one of them.
//!
//! `WEIQIAO_SAMPLES` names the folder that has `events/`. Without it the test says that it was skipped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use weixin_proto::callback::event;
use weixin_proto::callback::event::mass_send_job_finish::MassStatus;
use weixin_proto::callback::event::subscribe_msg_popup::PopupStatus;
use weixin_proto::callback::event::subscribe_msg_sent::SentStatus;
use weixin_proto::callback::event::template_send_job_finish::TemplateStatus;
use weixin_proto::callback::reply::news::Article;
use weixin_proto::callback::reply::{Image, Music, News, Reply, TransferCustomerService, Video, Voice};
use weixin_proto::callback::{Body, Fields, Inbound, Kind, Limits, MsgId, message};

fn files(folder: &Path, found: &mut BTreeMap<String, PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.insert(path.file_name().unwrap().to_str().unwrap().to_owned(), path);
        }
    }
}

struct Samples(BTreeMap<String, PathBuf>);

impl Samples {
    fn take(&mut self, name: &str) -> Vec<u8> {
        let path = self.0.remove(name).unwrap_or_else(|| panic!("{name} is missing or was read twice"));
        std::fs::read(path).unwrap()
    }

    fn push(&mut self, name: &str) -> Inbound {
        let inbound = Inbound::parse(self.take(name), &Limits::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(inbound.problem(), None, "{name}");
        inbound
    }

    #[track_caller]
    fn is<B: Body + Clone>(&mut self, name: &str) -> B {
        let inbound = self.push(name);
        assert!(!inbound.from.is_empty() && !inbound.to.is_empty() && inbound.create_time > 0, "{name}");
        B::of(&inbound).unwrap_or_else(|| panic!("{name}: {inbound:?}")).clone()
    }

    #[track_caller]
    fn stranger(&mut self, name: &str, event: &str) -> Fields {
        let inbound = self.push(name);
        let Kind::Event(found) = &inbound.kind else { panic!("{name}: {inbound:?}") };
        assert_eq!(found, &event::Event::Other(event.into()), "{name}");
        inbound.fields().clone()
    }

    #[track_caller]
    fn reply(&mut self, name: &str, expected: impl Into<Reply>) {
        let (address, reply) = Reply::parse(self.take(name), &Limits::default()).unwrap();
        assert!(!address.to.is_empty() && !address.from.is_empty() && address.create_time > 0, "{name}");
        assert_eq!(reply, expected.into(), "{name}");
        reply.check().unwrap();
    }
}

#[test]
fn every_sample_means_what_it_says() {
    let Some(folder) = std::env::var_os("WEIQIAO_SAMPLES") else {
        println!("skipped: WEIQIAO_SAMPLES does not name a folder of samples");
        return;
    };
    let mut found = BTreeMap::new();
    files(&Path::new(&folder).join("events"), &mut found);
    let mut samples = Samples(found);
    messages(&mut samples);
    pushes(&mut samples);
    jobs(&mut samples);
    subscriptions(&mut samples);
    account(&mut samples);
    mini_program(&mut samples);
    strangers(&mut samples);
    replies(&mut samples);
    assert!(samples.0.is_empty(), "nobody looked at {:?}", samples.0.keys());
}

fn messages(samples: &mut Samples) {
    for name in ["TextMessageEvent.xml", "TextMessageEvent.json"] {
        let inbound = samples.push(name);
        assert_eq!((inbound.msg_id, inbound.business_id()), (Some(MsgId(1_234_567_890_123_456)), Some("1")));
        let Kind::Message(message::Message::Text(text)) = inbound.kind else { panic!("{name}") };
        assert_eq!(text.content, "this is a test");
    }
    let image: message::Image = samples.is("ImageMessageEvent.xml");
    assert_eq!((image.pic_url.as_str(), image.media_id.as_str()), ("this is a url", "media_id"));
    let voice: message::Voice = samples.is("VoiceMessageEvent.xml");
    assert_eq!((voice.format.as_str(), voice.recognition), ("Format", None));
    let video: message::Video = samples.is("VideoMessageEvent.xml");
    assert_eq!(video.thumb_media_id.unwrap().as_str(), "thumb_media_id");
    let video: message::ShortVideo = samples.is("ShortVideoMessageEvent.xml");
    assert_eq!(video.media_id.as_str(), "media_id");
    let place: message::Location = samples.is("LocationMessageEvent.xml");
    assert_eq!((place.latitude, place.longitude, place.scale), (23.134_521, 113.358_803, Some(20.0)));
    assert_eq!(place.label, "位置信息");
}

fn pushes(samples: &mut Samples) {
    assert_eq!(samples.is::<event::Click>("ClickPushEvent.xml").event_key, "EVENTKEY");
    let location: event::Location = samples.is("LocationPushEvent.xml");
    assert_eq!((location.latitude, location.longitude, location.precision), (23.137_466, 113.352_425, 119.385_04));
    let scan: event::ScancodePush = samples.is("ScanCodePushEvent.xml");
    assert_eq!((scan.event_key.as_str(), scan.scan_type.as_str(), scan.scan_result.as_str()), ("6", "qrcode", "1"));
    let scan: event::Scan = samples.is("ScanPushEvent.xml");
    assert_eq!((scan.scene.as_str(), scan.ticket.as_deref()), ("SCENE_VALUE", Some("TICKET")));
    assert_eq!(samples.is::<event::Subscribe>("SubscribePushEvent.xml").scene, None);
    samples.is::<event::Unsubscribe>("UnsubscribePushEvent.xml");
    let view: event::ViewMiniProgram = samples.is("ViewMiniProgramPushEvent.xml");
    assert_eq!((view.event_key.as_str(), view.menu_id.as_deref()), ("pages/index/index", Some("MENUID")));
    assert_eq!(samples.is::<event::View>("ViewPushEvent.xml").event_key, "www.qq.com");
    for (name, revoked, openid) in [
        ("UserAuthorizationRevokeEvent.xml", "1", "owAqB1nqaOYYWl0Ng484G2z5NIwU"),
        ("UserAuthorizationRevokeEvent.json", "201", "oaKk343WOktAaT2ygsX138BGblrg"),
    ] {
        let event: event::UserAuthorizationRevoke = samples.is(name);
        assert_eq!((event.open_id.as_str(), event.revoke_info.as_deref()), (openid, Some(revoked)));
        assert_eq!(event.app_id.unwrap().as_str(), "wx13974bf780d3dc89");
    }
    let [xml, json] =
        ["UserEnterTempSessionEvent.xml", "UserEnterTempSessionEvent.json"].map(|name| samples.push(name));
    assert_eq!(xml, json);
    assert_eq!(xml.dedup_key(), json.dedup_key());
}

fn jobs(samples: &mut Samples) {
    let sent: event::MassSendJobFinish = samples.is("MassSendJobFinishEvent.xml");
    assert_eq!((sent.msg_id, sent.status), (MsgId(1_000_001_625), MassStatus::Refused(30_003)));
    let check = sent.copyright_check_result.unwrap();
    assert_eq!((check.check_state, check.result_list.len()), (Some(2), 2));
    assert_eq!(check.result_list[1].original_article_url.as_deref(), Some("Url_2"));
    assert_eq!(sent.article_url_result.len(), 1);
    let sent: event::TemplateSendJobFinish = samples.is("TemplateSendJobFinishEvent.xml");
    assert_eq!((sent.msg_id, sent.status), (MsgId(200_163_836), TemplateStatus::Success));
    let published: event::PublishJobFinish = samples.is("FreePublishJobFinishEvent.xml");
    // White space around CDATA is layout.
    assert_eq!(published.article_id.as_deref(), Some("b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvyWP4Hq4"));
    assert_eq!((published.publish_id.as_str(), published.publish_status), ("2247503051", 0));
    assert_eq!((published.articles[0].article_url.as_str(), published.fail_idx), ("ARTICLE_URL", vec![1, 2]));
}

fn subscriptions(samples: &mut Samples) {
    for name in ["SubscribeMessageChangeEvent.xml", "SubscribeMessageChangeEvent.json"] {
        let changed: event::SubscribeMsgChange = samples.is(name);
        assert_eq!(changed.list.len(), 1);
        assert_eq!(changed.list[0].subscribe_status_string.as_str(), "reject");
    }
    let popup: event::SubscribeMsgPopup = samples.is("SubscribeMessagePopupEvent.xml");
    let answers: Vec<_> = popup.list.iter().map(|one| (one.popup_scene, &one.subscribe_status_string)).collect();
    assert_eq!(answers, [(Some(2), &PopupStatus::Accept), (Some(2), &PopupStatus::Reject)]);
    let list: event::SubscribeMsgPopup = samples.is("SubscribeMessagePopupEvent.List.json");
    let object: event::SubscribeMsgPopup = samples.is("SubscribeMessagePopupEvent.Object.json");
    assert_eq!(list, object);
    assert_eq!((list.list.len(), list.list[0].popup_scene), (1, Some(0)));
    for (name, id) in [
        ("SubscribeMessageSentEvent.xml", 1_700_827_132_819_554_304),
        ("SubscribeMessageSentEvent.json", 1_864_323_726_461_255_680),
    ] {
        let sent: event::SubscribeMsgSent = samples.is(name);
        assert_eq!((sent.list[0].msg_id, sent.list[0].error_code), (MsgId(id), 0));
        assert_eq!(sent.list[0].error_status, SentStatus::Success);
    }
}

fn account(samples: &mut Samples) {
    assert_eq!(samples.is::<event::AnnualRenew>("AnnualRenewEvent.xml").expired_time, 1_442_401_004);
    assert_eq!(samples.is::<event::NamingVerifySuccess>("NamingVerifySuccessEvent.xml").expired_time, 1_442_401_093);
    assert_eq!(
        samples.is::<event::QualificationVerifySuccess>("QualificationVerifySuccessEvent.xml").expired_time,
        1_442_401_156
    );
    assert_eq!(samples.is::<event::VerifyExpired>("VerifyExpiredEvent.xml").expired_time, 1_442_400_900);
    let failed: event::NamingVerifyFail = samples.is("NamingVerifyFailEvent.xml");
    assert_eq!((failed.fail_time, failed.fail_reason.as_str()), (1_442_401_061, "by time"));
    let failed: event::QualificationVerifyFail = samples.is("QualificationVerifyFailEvent.xml");
    assert_eq!((failed.fail_time, failed.fail_reason.as_str()), (1_442_401_122, "by time"));
    // The sample is sloppy: it has `![CDATA[xxx]]` without the angle brackets, which is a text like any other.
    let scan: event::GuideQrcodeScan = samples.is("GuideQrcodeScanEvent.xml");
    assert_eq!((scan.openid.as_str(), scan.action), ("![CDATA[xxx]]", 11));
}

fn mini_program(samples: &mut Samples) {
    assert_eq!(
        samples.is::<event::WxaCommentBadScore>("WxaCommentBadScoreEvent.xml").comment_id,
        "2272502024443330610"
    );
    let check: event::WxaMediaCheck = samples.is("WxaMediaCheckEvent.json");
    assert_eq!((check.trace_id.as_str(), check.version), ("60f96f1d-3845297a-1976a3ae", Some(2)));
    assert_eq!(check.result.unwrap().suggest, "pass");
    assert_eq!((check.detail[0].prob, check.detail[0].strategy.as_deref()), (Some(90), Some("content_model")));
    for (name, order, version) in
        [("AddExpressPathEvent.xml", "123456", 3), ("AddExpressPathEvent.json", "123456789", 2)]
    {
        let path: event::AddExpressPath = samples.is(name);
        assert_eq!((path.order_id.as_deref(), path.version), (Some(order), Some(version)));
        assert_eq!(path.actions.len(), 3);
        assert_eq!(path.actions[2].action_msg.as_deref(), Some("运往目的地"));
    }
}

fn strangers(samples: &mut Samples) {
    for name in ["AddWaybillEvent.xml", "AddWaybillEvent.json"] {
        let fields = samples.stranger(name, "add_waybill");
        assert_eq!(fields.text("Sender/Name"), Some("张三"));
        assert_eq!(fields.text("OrderID"), Some("012345678901234567890123456789"));
        assert_eq!(fields.text("Cargo/Weight"), Some("1.2"));
        let goods: Vec<_> = fields.list("Cargo/DetailList").filter_map(|item| item.child("Name")).collect();
        assert_eq!(goods.iter().map(|name| name.text()).collect::<Vec<_>>(), ["一千零一夜钻石包", "爱马仕柏金钻石包"]);
    }
    for (file, event) in [
        ("CancelWaybillEvent", "cancel_waybill"),
        ("CheckBusinessEvent", "check_biz"),
        ("GetQuotaEvent", "get_quota"),
        ("UpdateBusinessBindResultEvent", "update_business_bind_result"),
    ] {
        // These are the same in both languages, field by field.
        let xml = samples.stranger(&format!("{file}.xml"), event);
        let json = samples.stranger(&format!("{file}.json"), event);
        assert_eq!(xml, json, "{file}");
    }
    let fields = samples.stranger("UpdateWaybillStatusEvent.json", "update_waybill_status");
    assert_eq!((fields.text("agent/name"), fields.text("order_status")), (Some("xxx"), Some("102")));
    for (name, info) in [
        ("NotifyThirdPartyWxaAuthEvent.xml", "notify_3rd_wxa_auth"),
        ("NotifyThirdPartyWxaVerifyEvent.xml", "notify_3rd_wxa_wxverify"),
    ] {
        let inbound = samples.push(name);
        assert_eq!(inbound.kind, Kind::Info(info.into()));
        // `AppId` and `appid` are two fields: the platform and the mini program.
        assert_eq!(inbound.fields().text("AppId"), Some("wx31f828cesdfa4eabc"));
        assert_eq!(inbound.fields().text("appid"), Some("wxaf614423g25ffd9b"));
    }
}

fn replies(samples: &mut Samples) {
    let media_id = || "media_id".into();
    samples.reply("TextMessageReply.xml", "你好");
    samples.reply("ImageMessageReply.xml", Image { media_id: media_id() });
    samples.reply("VoiceMessageReply.xml", Voice { media_id: media_id() });
    let (title, description) = (Some("title".into()), Some("description".into()));
    samples.reply("VideoMessageReply.xml", Video { media_id: media_id(), title, description, thumb_media_id: None });
    samples.reply(
        "MusicMessageReply.xml",
        Music {
            title: Some("TITLE".into()),
            description: Some("DESCRIPTION".into()),
            music_url: Some("MUSIC_Url".into()),
            hq_music_url: Some("HQ_MUSIC_Url".into()),
            thumb_media_id: media_id(),
        },
    );
    let article = Article {
        title: "title1".into(),
        description: "description1".into(),
        pic_url: "picurl".into(),
        url: "url".into(),
    };
    samples.reply("NewsMessageReply.xml", News { articles: vec![article] });
    samples
        .reply("TransferCustomerServiceReply.xml", TransferCustomerService { kf_account: Some("test1@test".into()) });
}
