//! `POST /api/admin/rules/test`: what would be answered? Nobody is.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use weiqiao_app::usecase::rule::{RuleTest, test_rules};

use super::RuleBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadCallbacks;
use crate::engine::{Allowed, ApiError, ApiJson, Envelope, Failure, Field, Input, Limited, Success};

/// Something a person might do: `text`, or `event` with its key.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct TestRulesRequest {
    /// The account it is done to; the default official account when missing.
    account: Option<String>,
    /// What is written.
    #[schema(example = "价格")]
    text: Option<String>,
    /// The name of an event, such as `subscribe`, `CLICK` or `SCAN`.
    event: Option<String>,
    /// The key of the button, or the scene.
    event_key: Option<String>,
}

impl Input for TestRulesRequest {
    const NAME: &'static str = "TestRulesRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("account", "Account"),
        Field::lines("text", "Text").max(4096),
        Field::text("event", "Event").max(100),
        Field::text("event_key", "EventKey").max(1024),
    ];
}

/// What would be answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TestedRules {
    /// Whether a rule fits; if none does, webhooks and handlers are asked.
    #[schema(example = true)]
    matched: bool,
    /// The rule that fits.
    rule: Option<RuleBody>,
    /// What it says.
    #[schema(value_type = Object, example = json!({"type": "text", "content": "你好"}))]
    reply: Value,
}

/// Tries the rules on a text or an event.
#[utoipa::path(
    post, path = "/api/admin/rules/test", tag = "rules", operation_id = "test_rules", request_body = TestRulesRequest,
    responses(
        (status = 200, description = "what would be answered", body = Success<TestedRules>),
        (status = 400, description = "neither text nor event, or both", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such account", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadCallbacks>,
    ApiJson(request): ApiJson<TestRulesRequest>,
) -> Result<Envelope<TestedRules>, ApiError> {
    let TestRulesRequest { account, text, event, event_key } = request;
    let found = test_rules(state.app(), allowed.caller(), RuleTest { account, text, event, event_key }).await?;
    let rule = found.rule.map(RuleBody::of).transpose()?;
    let reply = serde_json::to_value(found.reply).map_err(ApiError::internal)?;
    Ok(Envelope::of(TestedRules { matched: rule.is_some(), rule, reply }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;

    use crate::testing::World;

    #[rstest]
    #[case(r#"{"text":"请问 价格"}"#, Some("一百"))]
    #[case(r#"{"text":"别的"}"#, None)]
    #[case(r#"{"event":"subscribe","event_key":"42"}"#, Some("扫码"))]
    #[case(r#"{"event":"SCAN","event_key":"42"}"#, Some("扫码"))]
    #[case(r#"{"event":"CLICK","event_key":"42"}"#, None)]
    #[tokio::test]
    async fn the_rule_that_fits_is_told(#[case] test: &str, #[case] expected: Option<&str>) {
        let world = World::open().await;
        for rule in [
            r#"{"match":{"on":"text","contains":"价格"},"reply":{"type":"text","content":"一百"}}"#,
            r#"{"match":{"on":"scan","equals":"42"},"reply":{"type":"text","content":"扫码"}}"#,
        ] {
            let answer = world.request("POST", "/api/admin/rules").api_key(World::API_KEY).json(rule).send().await;
            answer.is(StatusCode::CREATED);
        }
        let answer = world.request("POST", "/api/admin/rules/test").api_key(World::API_KEY).json(test).send().await;
        let data = answer.is(StatusCode::OK).data();
        assert_eq!(data["matched"], expected.is_some());
        assert_eq!(data["reply"]["content"].as_str(), expected);
    }

    #[rstest]
    #[case("{}")]
    #[case(r#"{"text":"a","event":"b"}"#)]
    #[tokio::test]
    async fn one_thing_is_tried(#[case] test: &str) {
        let world = World::open().await;
        let answer = world.request("POST", "/api/admin/rules/test").api_key(World::API_KEY).json(test).send().await;
        answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", "请求参数错误: text 与 event 要给出其中一个");
    }
}
