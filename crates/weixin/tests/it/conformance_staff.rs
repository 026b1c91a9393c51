//! The part of the catalogue about the staff of customer service.

use weixin::OpenId;
use weixin::api::cgi_bin::customservice::{ListOnlineStaff, ListStaff};
use weixin::api::cgi_bin::message::custom::{CustomMessage, SendCustomMessage, Sender};
use weixin::api::customservice::kfaccount::{AddStaff, DeleteStaff, InviteWorker, RenameStaff, SetStaffPicture};
use weixin::api::customservice::kfsession::{CloseSession, FindSession, ListSessions, ListWaiting, OpenSession};
use weixin::api::customservice::msgrecord::{ListRecords, Operation};
use weixin_emulator::{Interaction, StaffAct};

use crate::conformance::Walk;
use crate::conformance_messages::jpeg;

pub(crate) async fn walk(walk: &mut Walk<'_>) {
    let bed = walk.bed;
    let (official, emulator) = (&bed.official, &bed.emulator);
    let kf_account = || "test1@official".to_owned();
    walk.send(official, AddStaff { kf_account: kf_account(), nickname: "客服".into() }).await;
    walk.send(official, RenameStaff { kf_account: kf_account(), nickname: "客服一号".into() }).await;
    walk.send(official, SetStaffPicture { kf_account: kf_account(), picture: jpeg() }).await;
    walk.send(official, InviteWorker { kf_account: kf_account(), invite_wx: "advisor-li".into() }).await;
    let invited = walk.send(official, ListStaff {}).await.kf_list.remove(0);
    assert_eq!((invited.kf_nick.as_str(), invited.invite_status.as_deref()), ("客服一号", Some("waiting")));
    assert!(invited.kf_headimgurl.starts_with("http://"));
    emulator.engine().staff("advisor-li", "official", &kf_account(), StaffAct::Accept).unwrap();
    assert_eq!(walk.send(official, ListStaff {}).await.kf_list[0].kf_wx.as_deref(), Some("advisor-li"));
    let online = walk.send(official, ListOnlineStaff {}).await.kf_online_list;
    assert_eq!((online[0].kf_id, online[0].accepted_case), (invited.kf_id, Some(0)));

    let openid = OpenId::new(emulator.openid("xiaoming", "official"));
    let idle = walk.send(official, FindSession { openid: openid.clone() }).await;
    assert_eq!(idle.served_by(), None);
    walk.send(official, OpenSession { kf_account: kf_account(), openid: openid.clone() }).await;
    let serving = walk.send(official, FindSession { openid: openid.clone() }).await;
    assert_eq!(serving.served_by(), Some("test1@official"));
    let sessions = walk.send(official, ListSessions { kf_account: kf_account() }).await.sessionlist;
    assert_eq!((sessions.len(), &sessions[0].openid), (1, &openid));
    assert_eq!(walk.send(official, ListWaiting {}).await.count, 0);

    emulator.interact("xiaoming", "official", Interaction::Message);
    let mut message = SendCustomMessage::new(openid.clone(), CustomMessage::text("您好"));
    message.customservice = Some(Sender { kf_account: kf_account() });
    walk.send(official, message).await;
    let now_s = emulator.engine().now_ms() / 1000;
    let request = ListRecords::between(now_s - 60, now_s + 60);
    let page = walk.send(official, request.clone()).await;
    assert_eq!((page.recordlist[0].operation(), page.recordlist[0].text.as_str()), (Operation::Staff, "您好"));
    assert!(request.after(&page).is_none());

    walk.send(official, CloseSession { kf_account: kf_account(), openid }).await;
    walk.send(official, DeleteStaff { kf_account: kf_account() }).await;
    let gone = bed.client.send(official, DeleteStaff { kf_account: kf_account() }).await.unwrap_err();
    assert_eq!(gone.errcode().map(|code| code.get()), Some(65401));
}
