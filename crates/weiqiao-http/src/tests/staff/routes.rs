//! Every operation of the API description, as a request that reaches its door.

use http::{Method, Request, StatusCode};
use tower::ServiceExt as _;

use crate::testing::World;

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Operation {
    /// Upper case.
    pub(super) method: String,
    /// With its parameters in braces.
    pub(super) path: String,
}

impl Operation {
    /// `GET /api/me`.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(super) fn changes(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    /// With something in place of every parameter.
    pub(super) fn filled(&self) -> String {
        let mut path = String::new();
        for part in self.path.split_inclusive('/') {
            let (part, slash) = part.strip_suffix('/').map_or((part, ""), |part| (part, "/"));
            path.push_str(match part {
                "{account}" => "official",
                "{name}" => "MyWechatLogin",
                "{menuid}" => "208379533",
                "{kind}" => "webhook",
                _ if part.starts_with('{') => "0199193d",
                _ => part,
            });
            path.push_str(slash);
        }
        path
    }
}

/// All operations of the description.
pub(super) fn all() -> Vec<Operation> {
    let document = serde_json::to_value(crate::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            if Method::from_bytes(method.as_bytes()).is_ok_and(|method| method != Method::OPTIONS) {
                found.push(Operation { method, path: path.clone() });
            }
        }
    }
    found.sort();
    found
}

/// The status alone: some answers never end.
pub(super) async fn status(world: &World, method: &str, path: &str, headers: &[(&str, &str)]) -> StatusCode {
    let body = match path {
        "/api/message/send" => r#"{"touser":"oX","template_id":"t","data":{"thing1":{"value":"x"}}}"#,
        "/api/wechat/phone" => r#"{"code":"phone-code"}"#,
        "/api/wechat/decrypt" => r#"{"encryptedData":"AAAA","iv":"AAAAAAAAAAAAAAAAAAAAAA=="}"#,
        "/api/advisor/subscribe" => r#"{"advisorId":"a","openid":"oX","templateId":"t","subscribed":true}"#,
        "/api/customer/action" => r#"{"customerId":"c","advisorId":"a","actionType":"other","actionData":{}}"#,
        _ => "{}",
    };
    let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(axum::body::Body::from(body)).unwrap();
    world.router.clone().oneshot(request).await.unwrap().status()
}
