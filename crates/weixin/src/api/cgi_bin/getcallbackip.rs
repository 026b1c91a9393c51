//! `GET /cgi-bin/getcallbackip`
//!
//! The addresses WeChat's callbacks come from, for an inbound allow-list. To be refreshed daily.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_the_WeChat_server_IP_address.html>

use serde::Serialize;

use super::IpList;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the addresses callbacks come from.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct GetCallbackIp {}

impl Endpoint for GetCallbackIp {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/getcallbackip",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_the_WeChat_server_IP_address.html",
    };
    type Response = IpList;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&GetCallbackIp {}), "GET /cgi-bin/getcallbackip?access_token=ACCESS_TOKEN");
        let list = answer(&GetCallbackIp {}, r#"{"ip_list":["127.0.0.1","127.0.0.2","101.226.103.0/25"]}"#).unwrap();
        assert_eq!(list.ip_list.len(), 3);
        assert_nothing_is_no_success(&GetCallbackIp {});
    }
}
