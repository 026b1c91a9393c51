//! `POST /cgi-bin/callback/check`
//!
//! Has WeChat look up and ping the configured callback address, and tells what it saw.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Network_Detection.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a look at the callback address.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct CheckCallback {
    /// What to do.
    pub action: CheckAction,
    /// From which network.
    pub check_operator: CheckOperator,
}

/// What WeChat does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckAction {
    /// Look up the name.
    Dns,
    /// Ping the addresses.
    Ping,
    /// Both.
    All,
}

/// The network the check is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CheckOperator {
    /// China Telecom.
    ChinaNet,
    /// China Unicom.
    Unicom,
    /// Tencent's own.
    Cap,
    /// WeChat chooses by the address.
    Default,
}

/// What WeChat saw.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct CallbackHealth {
    /// Addresses found; empty if only a ping was asked for.
    pub dns: Vec<DnsResult>,
    /// Addresses pinged; empty if only a look-up was asked for.
    pub ping: Vec<PingResult>,
}

/// One address of the name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DnsResult {
    /// The address.
    pub ip: String,
    /// The network it belongs to.
    #[serde(default, deserialize_with = "de::text")]
    pub real_operator: String,
}

/// One address pinged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PingResult {
    /// The address.
    pub ip: String,
    /// The network it was pinged from.
    #[serde(default, deserialize_with = "de::text")]
    pub from_operator: String,
    /// Lost packets, with unit: `0%`.
    #[serde(default, deserialize_with = "de::text")]
    pub package_loss: String,
    /// Round trip, with unit: `23.079ms`.
    #[serde(default, deserialize_with = "de::text")]
    pub time: String,
}

#[derive(Deserialize)]
struct Wire {
    dns: Option<Vec<DnsResult>>,
    ping: Option<Vec<PingResult>>,
}

impl TryFrom<Wire> for CallbackHealth {
    type Error = &'static str;

    fn try_from(Wire { dns, ping }: Wire) -> Result<Self, Self::Error> {
        if dns.is_none() && ping.is_none() {
            return Err("missing field `dns` or `ping`");
        }
        Ok(Self { dns: dns.unwrap_or_default(), ping: ping.unwrap_or_default() })
    }
}

impl Endpoint for CheckCallback {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/callback/check",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Network_Detection.html",
    };
    type Response = CallbackHealth;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    const ALL: CheckCallback = CheckCallback { action: CheckAction::All, check_operator: CheckOperator::Default };

    #[test]
    fn the_documented_request() {
        assert_eq!(line(&ALL), "POST /cgi-bin/callback/check?access_token=ACCESS_TOKEN");
        assert_eq!(body(&ALL), json!({"action": "all", "check_operator": "DEFAULT"}));
        let telecom = CheckCallback { action: CheckAction::Dns, check_operator: CheckOperator::ChinaNet };
        assert_eq!(body(&telecom), json!({"action": "dns", "check_operator": "CHINANET"}));
    }

    #[test]
    fn the_documented_answer() {
        let health = answer(
            &ALL,
            r#"{"dns":[{"ip":"111.161.64.40","real_operator":"UNICOM"},{"ip":"111.161.64.48","real_operator":"UNICOM"}],
                "ping":[{"ip":"111.161.64.40","from_operator":"UNICOM","package_loss":"0%","time":"23.079ms"}]}"#,
        )
        .unwrap();
        assert_eq!(health.dns.len(), 2);
        assert_eq!(health.ping[0].package_loss, "0%");
        assert_eq!(health.ping[0].time, "23.079ms");
    }

    #[test]
    fn one_half_is_enough_and_none_is_not() {
        let health = answer(&ALL, r#"{"dns":[]}"#).unwrap();
        assert!(health.dns.is_empty() && health.ping.is_empty());
        assert_nothing_is_no_success(&ALL);
    }
}
