//! WeChat's API, one file per endpoint in the tree of WeChat's own paths.
//!
//! To add one: write its file (a `pub(crate) const ENDPOINT` and a `run` function), name it in its folder's `mod.rs`,
//! and add one line to the list below.

mod call;
mod cgi_bin;
mod customservice;
mod sns;
mod wxa;
mod wxaapi;

pub(crate) use call::{Call, Upload, text};
pub(crate) use cgi_bin::menu::read as read_menu;

use crate::answer::{Family, Object, Refusal};
use crate::state::account::AccountKind;
use crate::state::quota::Limits;

/// The HTTP method an endpoint takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// GET only: 43001 otherwise.
    Get,
    /// POST only: 43002 otherwise.
    Post,
    /// Both.
    Either,
}

/// What a call must present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Auth {
    /// Nothing the table checks; the endpoint looks itself.
    Own,
    /// An access token of one of these kinds of account: 48001 for another kind.
    Token(&'static [AccountKind]),
}

/// Both kinds of account that have access tokens.
pub(crate) const BOTH: &[AccountKind] = &[AccountKind::Official, AccountKind::Mini];
/// Official accounts only.
pub(crate) const OFFICIAL: &[AccountKind] = &[AccountKind::Official];
/// Mini programs only.
pub(crate) const MINI: &[AccountKind] = &[AccountKind::Mini];

/// One emulated endpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint {
    pub(crate) path: &'static str,
    pub(crate) verb: Verb,
    pub(crate) auth: Auth,
    pub(crate) family: Family,
    /// Per account. Endpoints with [`Auth::Own`] charge themselves.
    pub(crate) limits: Limits,
    pub(crate) run: fn(&mut Call<'_>) -> Result<Object, Refusal>,
}

/// No known limit.
pub(crate) const UNLIMITED: Limits = Limits { daily: None, per_minute: None };

/// A day's quota.
pub(crate) const fn daily(calls: u64) -> Limits {
    Limits { daily: Some(calls), per_minute: None }
}

/// A minute's quota.
pub(crate) const fn per_minute(calls: u64) -> Limits {
    Limits { daily: None, per_minute: Some(calls) }
}

/// A day's quota and a minute's.
pub(crate) const fn both(daily: u64, per_minute: u64) -> Limits {
    Limits { daily: Some(daily), per_minute: Some(per_minute) }
}

/// Every emulated endpoint.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    cgi_bin::callback::check::ENDPOINT,
    cgi_bin::clear_quota::ENDPOINT,
    cgi_bin::clear_quota::v2::ENDPOINT,
    cgi_bin::customservice::getkflist::ENDPOINT,
    cgi_bin::customservice::getonlinekflist::ENDPOINT,
    cgi_bin::get_api_domain_ip::ENDPOINT,
    cgi_bin::get_current_autoreply_info::ENDPOINT,
    cgi_bin::get_current_selfmenu_info::ENDPOINT,
    cgi_bin::getcallbackip::ENDPOINT,
    cgi_bin::material::add_material::ENDPOINT,
    cgi_bin::material::batchget_material::ENDPOINT,
    cgi_bin::material::del_material::ENDPOINT,
    cgi_bin::material::get_material::ENDPOINT,
    cgi_bin::material::get_materialcount::ENDPOINT,
    cgi_bin::media::get::ENDPOINT,
    cgi_bin::media::get::jssdk::ENDPOINT,
    cgi_bin::media::upload::ENDPOINT,
    cgi_bin::media::uploadimg::ENDPOINT,
    cgi_bin::menu::addconditional::ENDPOINT,
    cgi_bin::menu::create::ENDPOINT,
    cgi_bin::menu::delconditional::ENDPOINT,
    cgi_bin::menu::delete::ENDPOINT,
    cgi_bin::menu::get::ENDPOINT,
    cgi_bin::menu::trymatch::ENDPOINT,
    cgi_bin::message::custom::send::ENDPOINT,
    cgi_bin::message::custom::typing::ENDPOINT,
    cgi_bin::message::subscribe::bizsend::ENDPOINT,
    cgi_bin::message::subscribe::send::ENDPOINT,
    cgi_bin::message::template::send::ENDPOINT,
    cgi_bin::message::template::subscribe::ENDPOINT,
    cgi_bin::openapi::quota::clear::ENDPOINT,
    cgi_bin::openapi::quota::get::ENDPOINT,
    cgi_bin::openapi::rid::get::ENDPOINT,
    cgi_bin::qrcode::create::ENDPOINT,
    cgi_bin::shorten::fetch::ENDPOINT,
    cgi_bin::shorten::generate::ENDPOINT,
    cgi_bin::stable_token::ENDPOINT,
    cgi_bin::tags::create::ENDPOINT,
    cgi_bin::tags::delete::ENDPOINT,
    cgi_bin::tags::get::ENDPOINT,
    cgi_bin::tags::getidlist::ENDPOINT,
    cgi_bin::tags::members::batchblacklist::ENDPOINT,
    cgi_bin::tags::members::batchtagging::ENDPOINT,
    cgi_bin::tags::members::batchunblacklist::ENDPOINT,
    cgi_bin::tags::members::batchuntagging::ENDPOINT,
    cgi_bin::tags::members::getblacklist::ENDPOINT,
    cgi_bin::tags::update::ENDPOINT,
    cgi_bin::template::api_add_template::ENDPOINT,
    cgi_bin::template::api_set_industry::ENDPOINT,
    cgi_bin::template::del_private_template::ENDPOINT,
    cgi_bin::template::get_all_private_template::ENDPOINT,
    cgi_bin::template::get_industry::ENDPOINT,
    cgi_bin::ticket::getticket::ENDPOINT,
    cgi_bin::token::ENDPOINT,
    cgi_bin::user::get::ENDPOINT,
    cgi_bin::user::info::ENDPOINT,
    cgi_bin::user::info::batchget::ENDPOINT,
    cgi_bin::user::info::updateremark::ENDPOINT,
    cgi_bin::user::tag::get::ENDPOINT,
    cgi_bin::wxaapp::createwxaqrcode::ENDPOINT,
    customservice::kfaccount::add::ENDPOINT,
    customservice::kfaccount::del::ENDPOINT,
    customservice::kfaccount::inviteworker::ENDPOINT,
    customservice::kfaccount::update::ENDPOINT,
    customservice::kfaccount::uploadheadimg::ENDPOINT,
    customservice::kfsession::close::ENDPOINT,
    customservice::kfsession::create::ENDPOINT,
    customservice::kfsession::getsession::ENDPOINT,
    customservice::kfsession::getsessionlist::ENDPOINT,
    customservice::kfsession::getwaitcase::ENDPOINT,
    customservice::msgrecord::getmsglist::ENDPOINT,
    sns::auth::ENDPOINT,
    sns::jscode2session::ENDPOINT,
    sns::oauth2::access_token::ENDPOINT,
    sns::oauth2::refresh_token::ENDPOINT,
    sns::userinfo::ENDPOINT,
    wxa::business::checkencryptedmsg::ENDPOINT,
    wxa::business::getuserencryptkey::ENDPOINT,
    wxa::business::getuserphonenumber::ENDPOINT,
    wxa::checksession::ENDPOINT,
    wxa::generate_urllink::ENDPOINT,
    wxa::generatenfcscheme::ENDPOINT,
    wxa::generatescheme::ENDPOINT,
    wxa::genwxashortlink::ENDPOINT,
    wxa::getpaidunionid::ENDPOINT,
    wxa::getpluginopenpid::ENDPOINT,
    wxa::getuserriskrank::ENDPOINT,
    wxa::getwxacode::ENDPOINT,
    wxa::getwxacodeunlimit::ENDPOINT,
    wxa::img_sec_check::ENDPOINT,
    wxa::media_check_async::ENDPOINT,
    wxa::msg_sec_check::ENDPOINT,
    wxa::query_urllink::ENDPOINT,
    wxa::queryscheme::ENDPOINT,
    wxa::resetusersessionkey::ENDPOINT,
    wxaapi::newtmpl::addtemplate::ENDPOINT,
    wxaapi::newtmpl::deltemplate::ENDPOINT,
    wxaapi::newtmpl::getcategory::ENDPOINT,
    wxaapi::newtmpl::getpubtemplatekeywords::ENDPOINT,
    wxaapi::newtmpl::getpubtemplatetitles::ENDPOINT,
    wxaapi::newtmpl::gettemplate::ENDPOINT,
];

/// The endpoint on this path.
pub(crate) fn find(path: &str) -> Option<&'static Endpoint> {
    ENDPOINTS.iter().find(|endpoint| endpoint.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_sorted_by_file_and_unique() {
        let mut paths: Vec<&str> = ENDPOINTS.iter().map(|endpoint| endpoint.path).collect();
        let listed = paths.clone();
        paths.sort_unstable();
        assert_eq!(paths, listed);
        paths.dedup();
        assert_eq!(paths.len(), ENDPOINTS.len());
    }
}
