//! Every endpoint there is, for tests that walk them all and for tools that list them.

use crate::api::cgi_bin::message::{custom, subscribe, template as template_message};
use crate::api::cgi_bin::{
    self, callback, customservice as staff, material, media, menu, openapi, qrcode, shorten, tags, template, ticket,
    token, user,
};
use crate::api::customservice::{kfaccount, kfsession, msgrecord};
use crate::api::wxaapi::newtmpl;
use crate::api::{sns, wxa};
use crate::endpoint::{Endpoint, Spec};

/// The facts of every endpoint, in the order of the paths.
#[must_use]
pub fn catalogue() -> &'static [Spec] {
    CATALOGUE
}

const CATALOGUE: &[Spec] = &[
    callback::CheckCallback::SPEC,
    cgi_bin::ClearQuota::SPEC,
    staff::ListStaff::SPEC,
    staff::ListOnlineStaff::SPEC,
    cgi_bin::GetApiDomainIp::SPEC,
    cgi_bin::GetAutoReplies::SPEC,
    cgi_bin::GetCurrentMenu::SPEC,
    cgi_bin::GetCallbackIp::SPEC,
    material::AddMaterial::SPEC,
    material::ListMaterial::SPEC,
    material::DeleteMaterial::SPEC,
    material::GetMaterial::SPEC,
    material::CountMaterial::SPEC,
    media::GetMedia::SPEC,
    media::GetJsSdkVoice::SPEC,
    media::UploadMedia::SPEC,
    media::UploadPicture::SPEC,
    menu::AddConditionalMenu::SPEC,
    menu::CreateMenu::SPEC,
    menu::DeleteConditionalMenu::SPEC,
    menu::DeleteMenu::SPEC,
    menu::GetMenu::SPEC,
    menu::TryMatchMenu::SPEC,
    custom::SendCustomMessage::SPEC,
    custom::SetTyping::SPEC,
    subscribe::SendSubscription::SPEC,
    subscribe::SendMiniSubscription::SPEC,
    template_message::SendTemplateMessage::SPEC,
    template_message::SendOneTimeMessage::SPEC,
    openapi::GetQuota::SPEC,
    openapi::GetRid::SPEC,
    qrcode::CreateQrCode::SPEC,
    shorten::FetchShortKey::SPEC,
    shorten::CreateShortKey::SPEC,
    token::GetStableToken::SPEC,
    tags::CreateTag::SPEC,
    tags::DeleteTag::SPEC,
    tags::ListTags::SPEC,
    tags::GetUserTags::SPEC,
    tags::BlockUsers::SPEC,
    tags::TagUsers::SPEC,
    tags::UnblockUsers::SPEC,
    tags::UntagUsers::SPEC,
    tags::ListBlocked::SPEC,
    tags::UpdateTag::SPEC,
    template::AddTemplate::SPEC,
    template::SetIndustry::SPEC,
    template::DeleteTemplate::SPEC,
    template::ListTemplates::SPEC,
    template::GetIndustry::SPEC,
    ticket::GetTicket::SPEC,
    token::GetToken::SPEC,
    user::ListFollowers::SPEC,
    user::GetUserInfo::SPEC,
    user::GetUserInfoBatch::SPEC,
    user::UpdateRemark::SPEC,
    user::ListTagged::SPEC,
    cgi_bin::wxaapp::CreateSquareCode::SPEC,
    kfaccount::AddStaff::SPEC,
    kfaccount::DeleteStaff::SPEC,
    kfaccount::InviteWorker::SPEC,
    kfaccount::RenameStaff::SPEC,
    kfaccount::SetStaffPicture::SPEC,
    kfsession::CloseSession::SPEC,
    kfsession::OpenSession::SPEC,
    kfsession::FindSession::SPEC,
    kfsession::ListSessions::SPEC,
    kfsession::ListWaiting::SPEC,
    msgrecord::ListRecords::SPEC,
    sns::CheckOAuthToken::SPEC,
    sns::CodeToSession::SPEC,
    sns::ExchangeCode::SPEC,
    sns::RefreshOAuthToken::SPEC,
    sns::FetchUserProfile::SPEC,
    wxa::CheckEncryptedMessage::SPEC,
    wxa::GetUserEncryptKey::SPEC,
    wxa::GetPhoneNumber::SPEC,
    wxa::CheckSessionKey::SPEC,
    wxa::link::GenerateUrlLink::SPEC,
    wxa::link::GenerateNfcScheme::SPEC,
    wxa::link::GenerateScheme::SPEC,
    wxa::link::GenerateShortLink::SPEC,
    wxa::GetPaidUnionId::SPEC,
    wxa::GetPluginOpenPid::SPEC,
    wxa::security::GetUserRiskRank::SPEC,
    wxa::code::GetCode::SPEC,
    wxa::code::GetUnlimitedCode::SPEC,
    wxa::security::CheckPicture::SPEC,
    wxa::security::CheckMedia::SPEC,
    wxa::security::CheckText::SPEC,
    wxa::link::QueryUrlLink::SPEC,
    wxa::link::QueryScheme::SPEC,
    wxa::ResetSessionKey::SPEC,
    newtmpl::AddSubscriptionTemplate::SPEC,
    newtmpl::DeleteSubscriptionTemplate::SPEC,
    newtmpl::ListCategories::SPEC,
    newtmpl::ListKeywords::SPEC,
    newtmpl::ListTitles::SPEC,
    newtmpl::ListSubscriptionTemplates::SPEC,
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::endpoint::{Auth, Encoding, Method};

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push(path);
            }
        }
    }

    #[test]
    fn every_endpoint_file_is_in_the_catalogue() {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api"), &mut files);
        let endpoints: Vec<_> = files
            .iter()
            .map(|file| (file, fs::read_to_string(file).unwrap()))
            .filter(|(_, source)| source.contains("\nimpl Endpoint for "))
            .collect();
        assert_eq!(endpoints.len(), CATALOGUE.len(), "one endpoint per file, one catalogue line per endpoint");
        for (file, source) in endpoints {
            let first = source.lines().next().unwrap();
            let spec = CATALOGUE
                .iter()
                .find(|spec| {
                    let method = if spec.method == Method::Get { "GET" } else { "POST" };
                    first == format!("//! `{method} {}`", spec.path)
                })
                .unwrap_or_else(|| panic!("{}: {first:?} is not in the catalogue", file.display()));
            assert!(source.contains(&format!("//! <{}>\n", spec.doc)), "{}: the page of {spec:?}", file.display());
        }
    }

    #[test]
    fn the_facts_are_in_order_and_agree_with_each_other() {
        assert!(CATALOGUE.windows(2).all(|pair| pair[0].path < pair[1].path), "sorted, none twice");
        for spec in CATALOGUE {
            assert!(spec.doc.starts_with("https://developers.weixin.qq.com/"), "{spec:?}");
            let in_body = matches!(spec.encoding, Encoding::Json | Encoding::Multipart);
            assert_eq!(in_body, spec.method == Method::Post, "{spec:?}");
            if spec.path.starts_with("/sns/") {
                assert_ne!(spec.auth, Auth::AccessToken, "the account's token is of no use here: {spec:?}");
            }
        }
    }
}
