//! What nobody can find: a page for people's browsers that shows a way on, the envelope for programs.

use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};

use super::page_or_nothing;
use crate::engine::RequestContext;
use crate::pages::MessagePage;

pub(crate) async fn handler(method: Method, headers: HeaderMap, context: RequestContext) -> Response {
    page_or_nothing(&method, &headers, || page(&context))
}

fn page(context: &RequestContext) -> MessagePage<'_> {
    MessagePage {
        status: StatusCode::NOT_FOUND,
        title: "没有这个页面",
        text: "网址可能写错了，或者页面已经不在这里。请检查网址，或从首页重新进入。",
        english: "There is no such page. Please check the address, or start from the front page.",
        action: Some(("/".to_owned(), "回到首页 Front page")),
        request_id: &context.request_id,
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;

    use crate::testing::World;

    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    #[tokio::test]
    async fn a_browser_is_told_what_happened_and_where_to_go() {
        let world = World::strict().await;
        for path in ["/nothing", "/wechat/%3Cscript%3E", "/api/nothing"] {
            let page = world.request("GET", path).header("accept", BROWSER).send().await;
            assert_eq!(page.is(StatusCode::NOT_FOUND).header("content-type"), "text/html; charset=utf-8");
            assert!(page.text().contains("没有这个页面") && page.text().contains("href=\"/\""), "{}", page.text());
            assert!(page.text().contains(page.header("x-request-id")), "{}", page.text());
            assert!(page.text().contains("name=\"viewport\"") && !page.text().contains("<script"), "{}", page.text());
            assert!(page.headers().get_all("vary").iter().any(|vary| vary == "accept"), "{page:?}");
        }
    }

    #[rstest]
    #[case("GET", None)]
    #[case("GET", Some("*/*"))]
    #[case("GET", Some("application/json"))]
    #[case("GET", Some("application/json, text/html;q=0.5"))]
    #[case("POST", Some(BROWSER))]
    #[tokio::test]
    async fn programs_get_the_envelope(#[case] method: &str, #[case] accept: Option<&str>) {
        let world = World::open().await;
        let mut call = world.request(method, "/nothing");
        if let Some(accept) = accept {
            call = call.header("accept", accept);
        }
        call.send().await.is(StatusCode::NOT_FOUND).failure("NOT_FOUND", "接口不存在");
    }
}
