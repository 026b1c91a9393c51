//! `GET /cgi-bin/ticket/getticket`
//!
//! The ticket that pages (`jsapi`) or cards (`wx_card`) are signed with. Lives two hours and is to be shared: calls are
//! few. Usually asked for through [`Client::token`](crate::Client::token).
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html>

use serde::{Deserialize, Serialize};
use weixin_proto::TicketValue;
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::filled_secret;

pub(crate) const PATH: &str = "/cgi-bin/ticket/getticket";

/// Asks for a ticket.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct GetTicket {
    /// Which one.
    #[serde(rename = "type")]
    pub kind: TicketType,
}

/// What a ticket signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketType {
    /// Pages that use the JS-SDK.
    Jsapi,
    /// Cards and coupons.
    WxCard,
}

/// A ticket, fresh from WeChat.
#[derive(Debug, Clone, Deserialize)]
pub struct Ticket {
    /// The ticket.
    #[serde(deserialize_with = "filled_secret")]
    pub ticket: TicketValue,
    /// Seconds it lives, as WeChat says: usually 7200.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub expires_in: Option<i64>,
}

impl Endpoint for GetTicket {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: PATH,
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html",
    };
    type Response = Ticket;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    const JSAPI: GetTicket = GetTicket { kind: TicketType::Jsapi };

    #[test]
    fn the_documented_request() {
        assert_eq!(line(&JSAPI), "GET /cgi-bin/ticket/getticket?type=jsapi&access_token=ACCESS_TOKEN");
        let card = GetTicket { kind: TicketType::WxCard };
        assert_eq!(line(&card), "GET /cgi-bin/ticket/getticket?type=wx_card&access_token=ACCESS_TOKEN");
    }

    #[test]
    fn the_documented_answer() {
        let ticket =
            answer(&JSAPI, r#"{"errcode":0,"errmsg":"ok","ticket":"bxLdikRXVbTPdHSM05e5u5sUoXNK","expires_in":7200}"#)
                .unwrap();
        assert_eq!(ticket.ticket.expose(), "bxLdikRXVbTPdHSM05e5u5sUoXNK");
        assert_eq!(ticket.expires_in, Some(7200));
        assert!(!format!("{ticket:?}").contains("bxLd"));
        assert_nothing_is_no_success(&JSAPI);
        assert!(answer(&JSAPI, r#"{"errcode":0,"errmsg":"ok"}"#).is_err());
    }
}
