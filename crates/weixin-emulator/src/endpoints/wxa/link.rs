//! What schemes and URL links have in common.

use serde_json::Value;

use crate::answer::{Object, Refusal};
use crate::endpoints::{Call, text};
use crate::refusals;
use crate::state::account::Account;
use crate::state::mini_link::{LinkKind, MiniLink};

/// Thirty days.
const LONGEST_MS: i64 = 30 * 86_400_000;
const MINUTE_MS: i64 = 60_000;
/// How often one account's links may be opened in a day.
const VISITS: i64 = 3_000_000;

/// Path, query and version of what is opened.
pub(super) struct Target {
    path: String,
    query: String,
    env_version: String,
}

/// The account, when it may make links.
pub(super) fn maker(call: &Call<'_>) -> Result<Account, Refusal> {
    let account = call.account()?;
    if !account.mini_program.company {
        return Err(refusals::INVALID_GRANT_TYPE);
    }
    if !account.mini_program.released {
        return Err(refusals::coded(85079));
    }
    Ok(account)
}

/// What is to be opened: 40165, 40212 and 85402 when it is not well said.
pub(super) fn target(account: &Account, fields: Option<&Value>) -> Result<Target, Refusal> {
    let field = |name: &str| fields.and_then(|fields| text(fields, name)).unwrap_or_default();
    let (path, query, env_version) = (field("path"), field("query"), field("env_version"));
    if !path.is_empty() && !account.mini_program.has_page(path.trim_start_matches('/')) {
        return Err(refusals::INVALID_PAGE_PATH);
    }
    let visible = |c: char| c.is_ascii_alphanumeric() || "!#$&'()*+,/:;=?@-._~%".contains(c);
    let pairs = query.split('&').all(|pair| pair.contains('='));
    if !query.is_empty() && (query.len() > 1024 || !query.chars().all(visible) || !pairs) {
        return Err(refusals::coded(40212));
    }
    if !matches!(env_version, "" | "release" | "trial" | "develop") {
        return Err(refusals::coded(85402));
    }
    let env_version = if env_version.is_empty() { "release" } else { env_version };
    Ok(Target { path: path.to_owned(), query: query.to_owned(), env_version: env_version.to_owned() })
}

/// When the link ends: 85401 unless between a minute and thirty days ahead.
pub(super) fn ends_ms(body: &Value, now_ms: i64) -> Result<i64, Refusal> {
    let number = |name: &str| body.get(name).and_then(Value::as_i64);
    let ends_ms = match number("expire_type").unwrap_or_default() {
        0 => number("expire_time").map(|seconds| seconds.saturating_mul(1000)),
        1 => number("expire_interval").filter(|days| *days >= 1).map(|days| now_ms + days.min(31) * 86_400_000),
        _ => None,
    };
    let fits = |ends_ms: &i64| (now_ms + MINUTE_MS..=now_ms + LONGEST_MS).contains(ends_ms);
    ends_ms.filter(fits).ok_or(refusals::coded(85401))
}

/// Makes the link.
pub(super) fn make(
    call: &mut Call<'_>,
    kind: LinkKind,
    target: Target,
    expires_ms: Option<i64>,
    cloud_base: Option<Value>,
) -> String {
    let Target { path, query, env_version } = target;
    let (app_id, created_ms) = (call.app_id().to_owned(), call.now_ms);
    let link = MiniLink { kind, app_id, path, query, env_version, created_ms, expires_ms, cloud_base };
    call.world.mini_links.create(link, call.random)
}

/// What is known of a link of this account, or how often links may be opened: 85403 for one nobody made.
pub(super) fn answer(
    call: &Call<'_>,
    body: &Value,
    field: &str,
    kind: LinkKind,
    name: &'static str,
) -> Result<Object, Refusal> {
    let asked = text(body, field).ok_or(refusals::INVALID_ARGS)?;
    let quota = match body.get("query_type").map(Value::as_i64) {
        None | Some(Some(0)) => false,
        Some(Some(1)) => true,
        _ => return Err(refusals::INVALID_ARGS),
    };
    let found = call.world.mini_links.find(asked, kind, call.now_ms);
    let (link, custom) = found.filter(|(link, _)| link.app_id == call.app_id()).ok_or(refusals::coded(85403))?;
    if quota {
        return Ok(Object::ok().with_object("quota_info", Object::new().with("remain_visit_quota", VISITS)));
    }
    let query = match (link.query.as_str(), custom.as_str()) {
        (query, "") => query.to_owned(),
        ("", custom) => custom.to_owned(),
        (query, custom) => format!("{query}&{custom}"),
    };
    let info = Object::new()
        .with("appid", link.app_id.as_str())
        .with("path", link.path.as_str())
        .with("query", query)
        .with("create_time", link.created_ms.div_euclid(1000))
        .with("expire_time", link.expires_ms.map_or(0, |expires| expires.div_euclid(1000)))
        .with("env_version", link.env_version.as_str())
        .with_some("cloud_base", link.cloud_base.clone());
    Ok(Object::ok().with_object(name, info))
}
