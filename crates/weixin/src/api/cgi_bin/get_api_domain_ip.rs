//! `GET /cgi-bin/get_api_domain_ip`
//!
//! The addresses WeChat's interface has, for an outbound firewall.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_the_WeChat_server_IP_address.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the addresses calls go to.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct GetApiDomainIp {}

/// Addresses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct IpList {
    /// Single addresses, and blocks such as `101.226.103.0/25`.
    #[serde(deserialize_with = "de::list")]
    pub ip_list: Vec<String>,
}

impl Endpoint for GetApiDomainIp {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/get_api_domain_ip",
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
        assert_eq!(line(&GetApiDomainIp {}), "GET /cgi-bin/get_api_domain_ip?access_token=ACCESS_TOKEN");
        let list = answer(&GetApiDomainIp {}, r#"{"ip_list":["127.0.0.1","101.226.103.0/25"]}"#).unwrap();
        assert_eq!(list.ip_list, ["127.0.0.1", "101.226.103.0/25"]);
        assert_nothing_is_no_success(&GetApiDomainIp {});
    }
}
