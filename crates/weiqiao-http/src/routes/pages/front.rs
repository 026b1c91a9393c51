//! `GET /`: the front page, for people's browsers. To everybody else there is nothing here, as at any unknown path.

use axum::response::Response;
use http::{HeaderMap, Method};

use super::page_or_nothing;
use crate::pages::FrontPage;

pub(crate) async fn handler(method: Method, headers: HeaderMap) -> Response {
    page_or_nothing(&method, &headers, || FrontPage)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;

    use crate::testing::World;

    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    #[tokio::test]
    async fn a_browser_is_shown_the_way() {
        let world = World::strict().await;
        let page = world.request("GET", "/").header("accept", BROWSER).send().await;
        assert_eq!(page.is(StatusCode::OK).header("content-type"), "text/html; charset=utf-8");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
        assert!(page.headers().get_all("vary").iter().any(|vary| vary == "accept"), "{page:?}");
        assert!(!page.text().contains("<script") && !page.text().contains("style="), "{}", page.text());
        assert_eq!(page.text().contains("href=\"/docs/\""), cfg!(feature = "docs"));
        let links: Vec<&str> =
            page.text().split("<a href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        for path in ["/wechat/frontend-driven", "/console", "/health"] {
            assert!(links.contains(&path), "{links:?}");
        }
        for path in links {
            world.request("GET", path).header("accept", BROWSER).send().await.is(StatusCode::OK);
        }
    }

    #[rstest]
    #[case("GET", None)]
    #[case("GET", Some("*/*"))]
    #[case("GET", Some("application/json"))]
    #[case("GET", Some("application/json, text/html;q=0.5"))]
    #[case("POST", Some(BROWSER))]
    #[case("DELETE", None)]
    #[tokio::test]
    async fn others_find_nothing_here(#[case] method: &str, #[case] accept: Option<&str>) {
        let world = World::open().await;
        let mut call = world.request(method, "/");
        if let Some(accept) = accept {
            call = call.header("accept", accept);
        }
        call.send().await.is(StatusCode::NOT_FOUND).failure("NOT_FOUND", "接口不存在");
    }
}
