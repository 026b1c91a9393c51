//! All routes behind the edge, and their description.

use axum::Router;
use axum::routing::{MethodRouter, any};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    Components, ContactBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref,
    ResponseBuilder,
};
use utoipa::{PartialSchema as _, ToSchema as _};
use utoipa_axum::router::OpenApiRouter;

use crate::AppState;
use crate::engine::bare::BareFailure;
use crate::engine::cookies::SESSION_COOKIE;
use crate::engine::edge::Edge;
use crate::engine::route_table::RouteTable;
use crate::engine::{ApiError, Failure};
use crate::routes::{self, Undescribed};

/// The public router: every route, everything around them, 404 and 405 in the envelope.
pub fn router(state: AppState) -> Edge {
    let pages = routes::pages::routes();
    let docs = routes::ops::pages();
    let files = routes::public::mp_verify::routes(&state.settings().mp_verify);
    joined(described(), pages.into_iter().chain(docs).chain(files), routes::pages::missing(), state)
}

/// What a process without a public listener answers: how it is, at `/livez`, `/readyz`, `/health` and `/api/health`, and
/// nothing else.
pub fn health_router(state: AppState) -> Edge {
    let missing = any(|| async { ApiError::no_such_path() });
    joined(routes::ops::health_routes(), std::iter::empty(), missing, state)
}

/// Described routes and others behind the edge, and what answers elsewhere.
fn joined(
    described: OpenApiRouter<AppState>,
    others: impl Iterator<Item = Undescribed>,
    missing: MethodRouter<AppState>,
    state: AppState,
) -> Edge {
    let (mut router, description) = described.split_for_parts();
    let mut templates: Vec<String> = description.paths.paths.into_keys().collect();
    for (template, methods) in others {
        router = router.route(&template, methods);
        templates.push(template.into_owned());
    }
    let router: Router = router
        .fallback(missing)
        .method_not_allowed_fallback(|| async { ApiError::wrong_method() })
        .with_state(state.clone());
    Edge::around(router, RouteTable::new(templates), state)
}

/// The OpenAPI description of the router, the same that `/openapi.json` serves.
#[must_use]
pub fn openapi() -> OpenApi {
    described().into_openapi()
}

/// The description as text, as `docs/openapi.json` holds it: indented, with a line break at the end.
#[must_use]
pub fn openapi_json() -> String {
    // The description is plain data with text keys; writing it does not fail.
    let mut text = openapi().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

fn described() -> OpenApiRouter<AppState> {
    let mut limited = OpenApiRouter::with_openapi(head())
        .merge(routes::public::routes())
        .merge(routes::pages::described())
        .merge(routes::staff::routes())
        .merge(routes::admin::routes());
    describe_limits(limited.get_openapi_mut());
    limited.merge(routes::public::unlimited()).merge(routes::ops::routes())
}

/// The answers that any of the limited routes may give, where it has not said more about them.
fn describe_limits(description: &mut OpenApi) {
    let answers = [
        ("429", "too many calls; `Retry-After` says when the next may come"),
        ("503", "the service is busy, or the database is down; `Retry-After`"),
    ];
    for (path, item) in &mut description.paths.paths {
        let is_bare = path.starts_with("/auths/loginTypes/");
        let failure = if is_bare { BareFailure::name() } else { Failure::name() };
        let methods = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in methods.into_iter().flatten() {
            for (status, text) in answers {
                operation.responses.responses.entry(status.to_owned()).or_insert_with(|| {
                    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(failure.as_ref()))).build();
                    ResponseBuilder::new().description(text).content("application/json", content).build().into()
                });
            }
        }
    }
}

fn head() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Weiqiao 微桥")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "WeChat logins, JS-SDK signatures and tokens for web pages, mini programs and the servers behind them.\n\n\
             Every answer is one envelope; failures have a stable `error.code`. `timestamp` is in milliseconds, times in \
             `data` are in seconds.",
        ))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
        .contact(Some(ContactBuilder::new().name(Some("Weiqiao")).build()))
        .build();
    let bearer = |about: &str| {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.bearer_format = Some("JWT".to_owned());
        scheme.description = Some(about.to_owned());
        SecurityScheme::Http(scheme)
    };
    let mut components = Components::new();
    let key = ApiKeyValue::with_description("X-Api-Key", "A key made under /api/admin/api-keys.");
    let cookie = ApiKeyValue::with_description(SESSION_COOKIE, "The session, set at log-in.");
    components.add_security_scheme("session", bearer("The token of a person who logged in through WeChat."));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let console = "The console's session; changing calls are taken from our own pages only.";
    let console = ApiKeyValue::with_description("__Host-adm", console);
    components.add_security_scheme("console", SecurityScheme::ApiKey(ApiKey::Cookie(console)));
    components.add_security_scheme("staff", bearer("The token of a member of staff."));
    components.add_security_scheme("api_key", SecurityScheme::ApiKey(ApiKey::Header(key)));
    components.schemas.insert(Failure::name().into_owned(), Failure::schema());
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}
