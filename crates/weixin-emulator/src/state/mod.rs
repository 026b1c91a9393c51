//! What the emulated WeChat remembers. Pure: no I/O, no clock of its own; `now_ms` is an argument everywhere.
//!
//! One file per thing. Everything serialises, so a snapshot is the whole world as JSON.

pub(crate) mod account;
pub(crate) mod api_security;
pub(crate) mod blacklist;
pub(crate) mod code;
pub(crate) mod contact;
pub(crate) mod follow;
pub(crate) mod ids;
pub(crate) mod inbox;
pub(crate) mod login_page;
pub(crate) mod media;
pub(crate) mod menu;
pub(crate) mod mini_link;
pub(crate) mod mini_program;
pub(crate) mod mini_session;
pub(crate) mod open_data;
pub(crate) mod persona;
pub(crate) mod qr_code;
pub(crate) mod quota;
mod relations;
pub(crate) mod remark;
pub(crate) mod service_desk;
pub(crate) mod share;
pub(crate) mod short_key;
pub(crate) mod staff;
pub(crate) mod subscription_choice;
pub(crate) mod tag;
pub(crate) mod template;
pub(crate) mod template_value;
pub(crate) mod ticket;
pub(crate) mod token;
pub(crate) mod user_token;

use serde::{Deserialize, Serialize};

use crate::delivery::Push;
use crate::settings::Settings;
use account::Accounts;
use blacklist::Blacklists;
use code::Codes;
use contact::Contacts;
use follow::Follows;
use inbox::Inbox;
use login_page::LoginPages;
use media::MediaShelf;
use menu::Menus;
use mini_link::MiniLinks;
use mini_session::MiniSessions;
use open_data::OpenData;
use persona::People;
use qr_code::QrCodes;
use quota::Quotas;
use remark::Remarks;
use service_desk::ServiceDesks;
use share::Shares;
use short_key::ShortKeys;
use staff::Staff;
use subscription_choice::SubscriptionChoices;
use tag::Tags;
use template::Templates;
use ticket::Tickets;
use token::Tokens;
use user_token::UserTokens;

/// Everything one emulator knows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) accounts: Accounts,
    pub(crate) people: People,
    pub(crate) tokens: Tokens,
    pub(crate) tickets: Tickets,
    pub(crate) codes: Codes,
    pub(crate) user_tokens: UserTokens,
    pub(crate) mini_sessions: MiniSessions,
    pub(crate) quotas: Quotas,
    pub(crate) follows: Follows,
    pub(crate) remarks: Remarks,
    pub(crate) tags: Tags,
    pub(crate) blacklists: Blacklists,
    pub(crate) menus: Menus,
    pub(crate) qr_codes: QrCodes,
    pub(crate) short_keys: ShortKeys,
    pub(crate) login_pages: LoginPages,
    pub(crate) shares: Shares,
    pub(crate) inbox: Inbox,
    pub(crate) contacts: Contacts,
    pub(crate) staff: Staff,
    pub(crate) service_desks: ServiceDesks,
    pub(crate) media: MediaShelf,
    pub(crate) templates: Templates,
    pub(crate) subscription_choices: SubscriptionChoices,
    pub(crate) mini_links: MiniLinks,
    pub(crate) open_data: OpenData,
    /// Events to be pushed once the call that caused them is answered.
    #[serde(skip)]
    pub(crate) pushes: Vec<Push>,
}
