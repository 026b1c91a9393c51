//! The events, one file each.
//!
//! To add one: its file, its `pub mod` line and its line in the list. The list is searched from the top, so what
//! happens often stands first.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html>

use super::body::catalogue;

pub mod add_express_path;
pub mod annual_renew;
pub mod card_merchant_check_result;
pub mod card_not_pass_check;
pub mod card_pass_check;
pub mod card_pay_order;
pub mod card_sku_remind;
pub mod click;
pub mod cloud_invoice_result;
pub mod debug_demo;
pub mod enter;
pub mod giftcard_pay_done;
pub mod giftcard_send_to_friend;
pub mod giftcard_user_accept;
pub mod guide_invite_result;
pub mod guide_qrcode_scan;
pub mod kf_close_session;
pub mod kf_create_session;
pub mod kf_switch_session;
pub mod location;
pub mod location_select;
pub mod mass_send_job_finish;
pub mod merchant_order;
pub mod naming_verify_fail;
pub mod naming_verify_success;
pub mod notify_service_msg_send_result;
pub mod pic_photo_or_album;
pub mod pic_sysphoto;
pub mod pic_weixin;
pub mod poi_check_notify;
pub mod publish_job_finish;
pub mod qualification_verify_fail;
pub mod qualification_verify_success;
pub mod scan;
pub mod scancode_push;
pub mod scancode_waitmsg;
pub mod secvod_audit;
pub mod secvod_upload;
pub mod shakearound_user_shake;
pub mod submit_membercard_user_info;
pub mod subscribe;
pub mod subscribe_msg_change;
pub mod subscribe_msg_popup;
pub mod subscribe_msg_sent;
pub mod template_send_job_finish;
pub mod trade_manage_order_settlement;
pub mod trade_manage_remind_access_api;
pub mod trade_manage_remind_shipping;
pub mod unsubscribe;
pub mod update_invoice_status;
pub mod update_member_card;
pub mod user_authorization_cancellation;
pub mod user_authorization_revoke;
pub mod user_authorize_invoice;
pub mod user_consume_card;
pub mod user_del_card;
pub mod user_enter_session_from_card;
pub mod user_enter_tempsession;
pub mod user_get_card;
pub mod user_gifting_card;
pub mod user_info_modified;
pub mod user_pay_from_pay_cell;
pub mod user_view_card;
pub mod verify_expired;
pub mod view;
pub mod view_miniprogram;
pub mod weapp_audit_delay;
pub mod weapp_audit_fail;
pub mod weapp_audit_success;
pub mod wifi_connected;
pub mod wxa_appeal_record;
pub mod wxa_category_audit;
pub mod wxa_comment_bad_score;
pub mod wxa_illegal_record;
pub mod wxa_media_check;
pub mod wxa_nickname_audit;
pub mod wxa_punish;
pub mod wxa_trade_controlled;
pub mod xpay_coin_pay_notify;
pub mod xpay_goods_deliver_notify;

catalogue! {
    /// An event, by its name.
    Event {
        subscribe::Subscribe,
        unsubscribe::Unsubscribe,
        scan::Scan,
        location::Location,
        click::Click,
        view::View,
        view_miniprogram::ViewMiniProgram,
        scancode_push::ScancodePush,
        scancode_waitmsg::ScancodeWaitmsg,
        pic_sysphoto::PicSysphoto,
        pic_photo_or_album::PicPhotoOrAlbum,
        pic_weixin::PicWeixin,
        location_select::LocationSelect,
        enter::Enter,
        template_send_job_finish::TemplateSendJobFinish,
        mass_send_job_finish::MassSendJobFinish,
        publish_job_finish::PublishJobFinish,
        subscribe_msg_popup::SubscribeMsgPopup,
        subscribe_msg_change::SubscribeMsgChange,
        subscribe_msg_sent::SubscribeMsgSent,
        kf_create_session::KfCreateSession,
        kf_close_session::KfCloseSession,
        kf_switch_session::KfSwitchSession,
        user_enter_tempsession::UserEnterTempsession,
        user_info_modified::UserInfoModified,
        user_authorization_revoke::UserAuthorizationRevoke,
        user_authorization_cancellation::UserAuthorizationCancellation,
        qualification_verify_success::QualificationVerifySuccess,
        qualification_verify_fail::QualificationVerifyFail,
        naming_verify_success::NamingVerifySuccess,
        naming_verify_fail::NamingVerifyFail,
        annual_renew::AnnualRenew,
        verify_expired::VerifyExpired,
        wxa_media_check::WxaMediaCheck,
        wxa_punish::WxaPunish,
        wxa_illegal_record::WxaIllegalRecord,
        wxa_appeal_record::WxaAppealRecord,
        wxa_comment_bad_score::WxaCommentBadScore,
        weapp_audit_success::WeappAuditSuccess,
        weapp_audit_fail::WeappAuditFail,
        weapp_audit_delay::WeappAuditDelay,
        wxa_nickname_audit::WxaNicknameAudit,
        wxa_category_audit::WxaCategoryAudit,
        trade_manage_remind_access_api::TradeManageRemindAccessApi,
        trade_manage_remind_shipping::TradeManageRemindShipping,
        trade_manage_order_settlement::TradeManageOrderSettlement,
        wxa_trade_controlled::WxaTradeControlled,
        notify_service_msg_send_result::NotifyServiceMsgSendResult,
        debug_demo::DebugDemo,
        add_express_path::AddExpressPath,
        secvod_upload::SecvodUpload,
        secvod_audit::SecvodAudit,
        xpay_goods_deliver_notify::XpayGoodsDeliverNotify,
        xpay_coin_pay_notify::XpayCoinPayNotify,
        user_get_card::UserGetCard,
        user_gifting_card::UserGiftingCard,
        user_del_card::UserDelCard,
        user_consume_card::UserConsumeCard,
        user_pay_from_pay_cell::UserPayFromPayCell,
        user_view_card::UserViewCard,
        user_enter_session_from_card::UserEnterSessionFromCard,
        update_member_card::UpdateMemberCard,
        submit_membercard_user_info::SubmitMembercardUserInfo,
        card_pass_check::CardPassCheck,
        card_not_pass_check::CardNotPassCheck,
        card_sku_remind::CardSkuRemind,
        card_pay_order::CardPayOrder,
        card_merchant_check_result::CardMerchantCheckResult,
        giftcard_pay_done::GiftcardPayDone,
        giftcard_send_to_friend::GiftcardSendToFriend,
        giftcard_user_accept::GiftcardUserAccept,
        user_authorize_invoice::UserAuthorizeInvoice,
        cloud_invoice_result::CloudInvoiceResult,
        update_invoice_status::UpdateInvoiceStatus,
        merchant_order::MerchantOrder,
        guide_qrcode_scan::GuideQrcodeScan,
        guide_invite_result::GuideInviteResult,
        shakearound_user_shake::ShakearoundUserShake,
        wifi_connected::WifiConnected,
        poi_check_notify::PoiCheckNotify,
    }
}
