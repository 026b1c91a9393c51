//! `/api/admin/**`: for the console and for other servers. Every handler names the right it demands; a test walks the
//! API description and checks that no path under this prefix answers anybody without one.

mod advisor;
mod api_key;
mod audit;
mod customer;
mod encryption;
mod follower;
mod inbox;
mod job;
mod lead;
mod menu;
mod notification;
mod overview;
mod rule;
mod staff;
mod token;
mod webhook;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(token::access::handler))
        .routes(routes!(token::ticket::handler))
        .routes(routes!(token::health::handler))
        .routes(routes!(overview::handler))
        .routes(routes!(audit::list::handler))
        .routes(routes!(audit::verify::handler))
        .routes(routes!(staff::list::handler, staff::create::handler))
        .routes(routes!(staff::change::handler))
        .routes(routes!(staff::reset::handler))
        .routes(routes!(api_key::list::handler, api_key::create::handler))
        .routes(routes!(api_key::revoke::handler))
        .routes(routes!(encryption::status::handler))
        .routes(routes!(encryption::rotate::handler))
        .routes(routes!(rule::list::handler, rule::create::handler))
        .routes(routes!(rule::change::handler, rule::remove::handler))
        .routes(routes!(rule::test::handler))
        .routes(routes!(inbox::list::handler))
        .routes(routes!(inbox::stream::handler))
        .routes(routes!(inbox::stream::events))
        .routes(routes!(inbox::read::handler))
        .routes(routes!(follower::list::handler))
        .routes(routes!(menu::read::handler, menu::publish::handler, menu::delete::handler))
        .routes(routes!(menu::add_conditional::handler))
        .routes(routes!(menu::delete_conditional::handler))
        .routes(routes!(menu::try_match::handler))
        .routes(routes!(lead::list::handler))
        .routes(routes!(lead::export::handler))
        .routes(routes!(lead::read::handler, lead::change::handler))
        .routes(routes!(lead::timeline::handler))
        .routes(routes!(lead::assign::handler))
        .routes(routes!(lead::claim::handler))
        .routes(routes!(lead::release::handler))
        .routes(routes!(lead::reveal::handler))
        .routes(routes!(lead::follow_ups::list, lead::follow_ups::add))
        .routes(routes!(customer::actions::handler))
        .routes(routes!(customer::subscriptions::handler))
        .routes(routes!(advisor::list::handler, advisor::save::handler))
        .routes(routes!(notification::list::handler))
        .routes(routes!(notification::read::handler))
        .routes(routes!(notification::retry::handler))
        .routes(routes!(notification::cancel::handler))
        .routes(routes!(job::list::handler))
        .routes(routes!(job::read::handler))
        .routes(routes!(job::retry::handler))
        .routes(routes!(job::cancel::handler))
        .routes(routes!(job::recover::handler))
        .routes(routes!(job::holds::handler))
        .routes(routes!(job::release::handler))
        .routes(routes!(webhook::list::handler, webhook::create::handler))
        .routes(routes!(webhook::read::handler, webhook::change::handler, webhook::remove::handler))
        .routes(routes!(webhook::rotate::handler))
        .routes(routes!(webhook::test::handler))
        .routes(routes!(webhook::replay::handler))
        .routes(routes!(webhook::deliveries::handler))
        .routes(routes!(webhook::delivery::handler))
        .routes(routes!(webhook::replay_delivery::handler))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::testing::World;

    #[tokio::test]
    async fn no_path_answers_without_a_right() {
        for world in [World::open().await, World::strict().await] {
            let person = world.browser().log_in("xiaoming").await;
            let document = serde_json::to_value(crate::openapi()).unwrap();
            let mut seen = 0;
            for (path, operations) in document["paths"].as_object().unwrap() {
                if !path.starts_with("/api/admin/") {
                    continue;
                }
                let path =
                    path.replace("{account}", "official").replace("{id}", "0199193d").replace("{menuid}", "208379533");
                let path = path.replace("{kind}", "webhook").replace("{delivery}", "0199193d");
                for method in operations.as_object().unwrap().keys() {
                    let method = method.to_uppercase();
                    for (token, word) in [("", "UNAUTHORIZED"), ("junk", "UNAUTHORIZED"), (&person, "FORBIDDEN")] {
                        let call = world.request(&method, &path);
                        let call = if token.is_empty() { call } else { call.bearer(token) };
                        let status = if word == "FORBIDDEN" { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
                        call.json("{}").send().await.is(status).code(word);
                    }
                    seen += 1;
                }
            }
            assert!(seen >= 5, "{seen}");
        }
    }
}
