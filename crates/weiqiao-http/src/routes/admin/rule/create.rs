//! `POST /api/admin/rules`: make a rule.

use axum::extract::State;
use http::StatusCode;
use weiqiao_app::usecase::rule::add_rule;

use super::{RuleBody, RuleRequest, RuleText};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageRules;
use crate::engine::{Allowed, ApiError, ApiJson, Envelope, Failure, Limited, Success};

/// Makes a rule. It is in force at once, on other instances within two seconds.
#[utoipa::path(
    post, path = "/api/admin/rules", tag = "rules", operation_id = "create_rule", request_body = RuleText,
    responses(
        (status = 201, description = "made", body = Success<RuleBody>),
        (status = 400, description = "a field is wrong; `details` names it", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such account", body = Failure),
        (status = 409, description = "there are 1,000 rules already", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageRules>,
    ApiJson(RuleRequest(fields)): ApiJson<RuleRequest>,
) -> Result<Envelope<RuleBody>, ApiError> {
    let rule = add_rule(state.app(), allowed.caller(), &fields).await?;
    Ok(Envelope::of(RuleBody::of(rule)?).status(StatusCode::CREATED))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;
    use serde_json::json;
    use weiqiao_model::Role;

    use crate::testing::World;

    const PATH: &str = "/api/admin/rules";

    #[tokio::test]
    async fn a_rule_is_made_listed_changed_and_taken_away() {
        let world = World::strict().await;
        let staff = world.staff_token("boss", Role::Supervisor).await;
        let rule = json!({"match": {"on": "text", "equals": "hello"}, "reply": {"type": "text", "content": "你好"}});
        let answer = world.request("POST", PATH).bearer(&staff).json(&rule.to_string()).send().await;
        let made = answer.is(StatusCode::CREATED).data().clone();
        assert_eq!((&made["match"], &made["reply"]), (&rule["match"], &rule["reply"]));
        assert_eq!((&made["source"], &made["priority"], &made["enabled"]), (&json!("staff"), &json!(0), &json!(true)));

        let one = format!("{PATH}/{}", made["id"].as_str().unwrap());
        let changed = json!({"priority": 5, "enabled": false, "match": {"on": "any"}, "reply": {"type": "none"}});
        let answer = world.request("PUT", &one).bearer(&staff).json(&changed.to_string()).send().await;
        assert_eq!(answer.is(StatusCode::OK).data()["priority"], 5);
        let list = world.request("GET", PATH).bearer(&staff).send().await;
        assert_eq!(list.is(StatusCode::OK).data()["items"], json!([answer.data()]));

        world.request("DELETE", &one).bearer(&staff).send().await.is(StatusCode::OK);
        world.request("DELETE", &one).bearer(&staff).send().await.is(StatusCode::NOT_FOUND).code("NOT_FOUND");
        let answer = world.request("PUT", &one).bearer(&staff).json(&changed.to_string()).send().await;
        answer.is(StatusCode::NOT_FOUND).failure("NOT_FOUND", "没有这条规则");
    }

    #[tokio::test]
    async fn who_only_looks_changes_nothing() {
        let world = World::strict().await;
        for role in [Role::Advisor, Role::Viewer] {
            let staff = world.staff_token(role.as_str(), role).await;
            world.request("GET", PATH).bearer(&staff).send().await.is(StatusCode::OK);
            let answer = world.request("POST", PATH).bearer(&staff).json("{}").send().await;
            answer.is(StatusCode::FORBIDDEN).code("FORBIDDEN");
        }
    }

    #[rstest]
    #[case(json!({}), "match 不能为空")]
    #[case(json!({"match": {"on": "text"}, "reply": {"type": "text"}}), "reply.content 不能为空")]
    #[case(json!({"match": {"on": "text", "regex": "["}, "reply": {"type": "none"}}), "match.regex 不是可用的正则表达式，或者过于复杂")]
    #[tokio::test]
    async fn what_is_wrong_is_said_by_field(#[case] rule: serde_json::Value, #[case] text: &str) {
        let world = World::open().await;
        let answer = world.request("POST", PATH).api_key(World::API_KEY).json(&rule.to_string()).send().await;
        answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &format!("请求参数错误: {text}"));
        assert_eq!(answer.error()["details"][0]["message"], text);
    }

    #[tokio::test]
    async fn an_account_has_to_exist() {
        let world = World::open().await;
        let rule = r#"{"account":"nobody","match":{"on":"any"},"reply":{"type":"none"}}"#;
        let answer = world.request("POST", PATH).api_key(World::API_KEY).json(rule).send().await;
        answer.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
    }
}
