//! `GET /MP_verify_{code}.txt`: WeChat's console checks that a host is ours.

use std::collections::BTreeSet;

use axum::response::Response;
use axum::routing::get;
use http::header::{CONTENT_TYPE, HeaderValue};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::AppState;
use crate::routes::Undescribed;
use crate::routes::pages::missing_file;

/// The code of a configured file, and nothing else. In the root, or in a folder that was configured with it.
#[utoipa::path(
    get, path = "/MP_verify_{code}.txt", tag = "callbacks", operation_id = "mp_verify", params(
        ("code" = String, Path, description = "what the console put into the file's name", example = "AbC123dEf456GhI7"),
    ),
    responses(
        (status = 200, description = "exactly the code", body = String, content_type = "text/plain",
            example = "AbC123dEf456GhI7"),
        (status = 404, description = "not configured in WECHAT_MP_VERIFY"),
    ),
)]
fn answer(code: &'static str) -> Response {
    let mut response = Response::new(code.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

#[derive(OpenApi)]
#[openapi(paths(answer))]
struct Description;

/// The description of the paths; they themselves are known from the settings only.
pub(crate) fn description() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Description::openapi())
}

/// The configured files; in the root, others are known to be none.
pub(crate) fn routes(places: &[String]) -> Vec<Undescribed> {
    let places: BTreeSet<(&str, &str)> = places
        .iter()
        .filter(|place| place.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte)))
        .map(|place| place.trim_matches('/').rsplit_once('/').unwrap_or(("", place.trim_matches('/'))))
        .collect();
    let file = |(folder, code): (&str, &str)| {
        let folder = if folder.is_empty() { String::new() } else { format!("/{folder}") };
        // One for each start of the process: the router lives as long as it does.
        let text: &'static str = Box::leak(code.to_owned().into_boxed_str());
        (format!("{folder}/MP_verify_{code}.txt").into(), get(async move || answer(text)))
    };
    let others: Undescribed = ("/MP_verify_{file}".into(), missing_file());
    places.into_iter().map(file).chain([others]).collect()
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use weiqiao_app::AuthMode;

    use crate::testing::World;

    #[tokio::test]
    async fn configured_files_are_served_where_they_are_configured() {
        let places = ["AbC123dEf456GhI7", "shop/m/Xyz98765", "AbC123dEf456GhI7", "bad{code}"];
        let world = World::with(AuthMode::Strict, "https://app.example.com/", |plan| {
            plan.http.mp_verify = places.map(str::to_owned).to_vec();
        })
        .await;
        let answer = world.get("/MP_verify_AbC123dEf456GhI7.txt").await;
        assert_eq!(answer.is(StatusCode::OK).text(), "AbC123dEf456GhI7");
        assert!(answer.header("content-type").starts_with("text/plain"));
        assert_eq!(world.get("/shop/m/MP_verify_Xyz98765.txt").await.is(StatusCode::OK).text(), "Xyz98765");
        for other in ["/MP_verify_Xyz98765.txt", "/shop/MP_verify_Xyz98765.txt", "/MP_verify_x.txt", "/MP_verify_.txt"]
        {
            world.get(other).await.is(StatusCode::NOT_FOUND);
        }
    }

    #[tokio::test]
    async fn files_are_read_and_nothing_else() {
        let world = World::with(AuthMode::Strict, "https://app.example.com/", |plan| {
            plan.http.mp_verify = vec!["AbC123dEf456GhI7".to_owned()];
        })
        .await;
        for path in ["/MP_verify_AbC123dEf456GhI7.txt", "/MP_verify_x.txt"] {
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                let refused = world.request(method, path).send().await;
                refused.is(StatusCode::METHOD_NOT_ALLOWED).failure("METHOD_NOT_ALLOWED", "请求方法不允许");
                assert_eq!(refused.header("allow"), "GET,HEAD", "{method} {path}");
            }
        }
        let browser = world.request("GET", "/MP_verify_x.txt").header("accept", "text/html").send().await;
        assert!(browser.is(StatusCode::NOT_FOUND).text().contains("没有这个页面"));
    }
}
