//! Unknown paths, wrong methods, request ids, headers.

use http::StatusCode;
use rstest::rstest;
use serde_json::Value;

use crate::testing::World;

/// Every path of the description with an example for its variables, and the methods it has.
pub(super) fn described_paths() -> Vec<(String, Vec<String>)> {
    let document: Value = serde_json::to_value(crate::openapi()).unwrap();
    let fill = |path: &str| path.replace("{openid}", "oNobody").replace("{account}", "official").replace("{id}", "1");
    let methods = |operations: &Value| operations.as_object().unwrap().keys().map(|m| m.to_uppercase()).collect();
    // Which MP_verify files there are is known from the settings only.
    let paths = document["paths"].as_object().unwrap().iter().filter(|(path, _)| !path.starts_with("/MP_verify_"));
    paths.map(|(path, operations)| (fill(path), methods(operations))).collect()
}

#[rstest]
#[case("/")]
#[case("/nothing")]
#[case("/api/nothing")]
#[case("/api/wechat/auth/")]
#[case("/API/wechat/auth")]
#[case("//api/wechat/auth")]
#[case("/api/wechat/auth/%2e%2e")]
#[case("/metrics")]
#[case("/_emulator/state")]
#[case("/%00")]
#[tokio::test]
async fn an_unknown_path_is_404_in_the_envelope(#[case] path: &str) {
    let world = World::open().await;
    for method in ["GET", "POST", "DELETE"] {
        let answer = world.request(method, path).send().await;
        answer.is(StatusCode::NOT_FOUND).failure("NOT_FOUND", "接口不存在");
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_in_the_envelope_with_the_right_ones() {
    let world = World::open().await;
    let paths = described_paths();
    assert!(paths.len() > 20);
    for (path, methods) in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            if methods.iter().any(|allowed| allowed == method) {
                continue;
            }
            let answer = world.request(method, &path).send().await;
            answer.is(StatusCode::METHOD_NOT_ALLOWED).failure("METHOD_NOT_ALLOWED", "请求方法不允许");
            let allow = answer.header("allow");
            assert!(methods.iter().all(|allowed| allow.contains(allowed.as_str())), "{path}: {allow}");
        }
    }
}

/// What a stranger and a program meet who send nothing, and name what does not exist.
#[tokio::test]
async fn every_refusal_of_a_login_is_described() {
    let document: Value = serde_json::to_value(crate::openapi()).unwrap();
    let world = World::strict().await;
    let mut missing = Vec::new();
    let logins = |template: &str| ["/api/auth/", "/auths/loginTypes/"].iter().any(|start| template.starts_with(start));
    for (template, operations) in document["paths"].as_object().unwrap().iter().filter(|(path, _)| logins(path)) {
        for (method, operation) in operations.as_object().unwrap() {
            let path = template.split('/').map(|step| if step.starts_with('{') { "nobody" } else { step });
            let path = path.collect::<Vec<_>>().join("/").replace("{code}", "nobody");
            for key in [None, Some(World::API_KEY)] {
                let mut call = world.request(&method.to_uppercase(), &path);
                if let Some(key) = key {
                    call = call.api_key(key);
                }
                let call = if method == "get" { call } else { call.json("{}") };
                let status = call.send().await.status().as_u16();
                if operation["responses"].get(status.to_string()).is_none() {
                    missing.push(format!("{method} {template} (key: {}): {status}", key.is_some()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let world = World::open().await;
    let get = world.get("/api/health").await;
    let head = world.request("HEAD", "/api/health").send().await;
    assert_eq!(head.is(StatusCode::OK).text(), "");
    assert_eq!(head.header("content-length"), get.text().len().to_string());
}

#[tokio::test]
async fn a_sane_request_id_is_kept_and_an_insane_one_replaced() {
    let world = World::open().await;
    let kept = world.request("GET", "/nothing").header("x-request-id", "trace-42_a.b").send().await;
    assert_eq!(kept.json()["request_id"], "trace-42_a.b");
    for insane in ["a b", "a\"b", "{}", "\u{7f}x", &"x".repeat(129)] {
        let Ok(value) = http::HeaderValue::from_str(insane) else { continue };
        let answer = world.request("GET", "/nothing").header("x-request-id", value.to_str().unwrap()).send().await;
        assert_ne!(answer.json()["request_id"], insane);
    }
}

#[tokio::test]
async fn two_answers_have_two_ids() {
    let world = World::open().await;
    let (first, second) = (world.get("/livez").await, world.get("/livez").await);
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}

#[tokio::test]
async fn every_answer_is_private_to_its_reader() {
    let world = World::strict().await;
    for path in ["/api/user/oNobodyNobodyNobodyNobody", "/api/me", "/nothing", "/api/wechat/authorize-url", "/livez"] {
        let answer = world.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
        assert!(answer.headers().get("access-control-allow-origin").is_none());
        assert!(answer.headers().get("x-powered-by").is_none());
    }
    let plain = World::open().await;
    assert!(plain.get("/livez").await.headers().get("strict-transport-security").is_none());
}

#[rstest]
#[case("api_key=x")]
#[case("a=1&API_KEY=x")]
#[case("apikey=x")]
#[case("x-api-key=x")]
#[tokio::test]
async fn a_key_in_the_query_is_refused_everywhere(#[case] query: &str) {
    let world = World::open().await;
    for path in ["/api/users", "/livez", "/wechat/jsconfig", "/nothing"] {
        let answer = world.get(&format!("{path}?{query}")).await;
        answer.is(StatusCode::BAD_REQUEST).code("API_KEY_IN_QUERY");
        assert!(answer.message().contains("X-Api-Key"));
    }
    world.get("/livez?keyword=api_key").await.is(StatusCode::OK);
}

/// Which one counts would depend on who reads.
#[rstest]
#[case("x-api-key", "X-Api-Key", [World::API_KEY, World::API_KEY])]
#[case("x-api-key", "X-Api-Key", ["wxk_live_wrong", World::API_KEY])]
#[case("x-api-key", "X-Api-Key", [World::API_KEY, ""])]
#[case("authorization", "Authorization", ["Bearer a", "Basic b"])]
#[case("authorization", "Authorization", ["Basic b", "Bearer a"])]
#[tokio::test]
async fn a_credential_given_twice_is_none(#[case] header: &str, #[case] said: &str, #[case] values: [&str; 2]) {
    for world in [World::open().await, World::strict().await] {
        for path in ["/api/users", "/api/me", "/livez", "/wechat/jsconfig", "/api/admin/api-keys", "/nothing"] {
            let call = world.request("GET", path).header(header, values[0]).header(header, values[1]);
            let answer = call.send().await;
            let message = format!("请求参数错误: 请求头 {said} 出现了多次");
            answer.is(StatusCode::BAD_REQUEST).failure("CREDENTIAL_AMBIGUOUS", &message);
        }
    }
    let world = World::strict().await;
    let once = world.request("GET", "/api/admin/api-keys").api_key(World::API_KEY).header("authorization", "Basic b");
    once.send().await.is(StatusCode::OK);
}

#[tokio::test]
async fn the_description_names_real_samples_and_every_failure() {
    let document: Value = serde_json::to_value(crate::openapi()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(operation["operationId"].is_string() && operation["tags"][0].is_string(), "{name}");
            assert!(operation["summary"].is_string() || operation["description"].is_string(), "{name}");
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(response["description"].is_string(), "{name} {status}");
                if status.starts_with(['4', '5']) && response["content"].get("application/json").is_some() {
                    let schema = &response["content"]["application/json"]["schema"]["$ref"];
                    // Named login instances answer bare JSON, as the system did that they take the place of.
                    let bare = path.starts_with("/auths/loginTypes/") && schema == "#/components/schemas/BareFailure";
                    assert!(bare || schema == "#/components/schemas/Failure", "{name} {status}: {schema}");
                }
            }
        }
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        for (property, description) in schema["properties"].as_object().into_iter().flatten() {
            let said = description["description"].is_string()
                // What an envelope carries is said by the route.
                || (name.starts_with("Success_") && property == "data")
                || description.get("$ref").is_some()
                || description.get("oneOf").is_some();
            assert!(said, "{name}.{property}");
        }
    }
}

/// Who writes a client from the description learns what to expect.
#[test]
fn the_description_says_how_calls_fail() {
    let document: Value = serde_json::to_value(crate::openapi()).unwrap();
    let answers = |path: &str, method: &str| document["paths"][path][method]["responses"].clone();
    assert_eq!(answers("/api/wechat/jsconfig", "get"), answers("/wechat/jsconfig", "get"), "one handler, two names");
    for status in ["200", "400", "403", "404", "429", "500", "503"] {
        assert!(answers("/wechat/jsconfig", "get").get(status).is_some(), "{status}");
    }
    for path in ["/wechat/me", "/wechat/auth", "/wechat/callback"] {
        for status in ["302", "400", "404", "429", "503"] {
            assert!(answers(path, "get").get(status).is_some(), "{path} {status}");
        }
    }
    // What is never limited: health, the description, and what WeChat asks for.
    let unlimited = ["/livez", "/readyz", "/health", "/api/health", "/openapi.json", "/wx", "/wx/{account}"];
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let said = ["429", "503"].iter().all(|status| operation["responses"].get(status).is_some());
            let limited = !unlimited.contains(&path.as_str()) && !path.starts_with("/MP_verify_");
            assert!(said || !limited, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn operation_ids_are_unique() {
    let document: Value = serde_json::to_value(crate::openapi()).unwrap();
    let mut ids: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|operations| operations.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
