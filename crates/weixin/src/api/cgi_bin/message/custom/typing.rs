//! `POST /cgi-bin/message/custom/typing`
//!
//! Shows a person that an answer is being typed, for about 15 seconds or until it comes. Only within 30 seconds of a
//! message in either direction (45080).
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html>

use serde::Serialize;
use weixin_proto::OpenId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Shows or hides "typing".
#[derive(Debug, Clone, Serialize)]
pub struct SetTyping {
    /// Who sees it.
    pub touser: OpenId,
    /// Which of the two.
    pub command: TypingCommand,
}

/// Show or hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TypingCommand {
    /// Show.
    Typing,
    /// Hide.
    CancelTyping,
}

impl Endpoint for SetTyping {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/message/custom/typing",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = SetTyping { touser: "OPENID".into(), command: TypingCommand::Typing };
        assert_eq!(line(&request), "POST /cgi-bin/message/custom/typing?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"touser": "OPENID", "command": "Typing"}));
        let cancel = SetTyping { command: TypingCommand::CancelTyping, ..request.clone() };
        assert_eq!(body(&cancel)["command"], "CancelTyping");
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
