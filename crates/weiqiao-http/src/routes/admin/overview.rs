//! `GET /api/admin/overview`: how it goes, for the first page of the console.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::health::CacheHealth;
use weiqiao_app::usecase::overview::{Notifications, ShownAttempt, read_overview};
use weiqiao_app::usecase::token::{AccountTokens, TokenKind};
use weiqiao_model::AccountKind;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadOverview;
use crate::engine::{Allowed, ApiError, Envelope, Failure, Limited, Success};
use crate::pages::is_emulated;

/// How it goes. Times are in epoch seconds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverviewBody {
    /// When today began in China.
    #[schema(example = 1_757_001_600_i64)]
    since: i64,
    /// Whether WeChat is an emulator's.
    #[schema(example = false)]
    emulated: bool,
    /// What customers did today; nothing for those who may not see customers.
    #[schema(example = 12)]
    actions_today: Option<i64>,
    /// Leads that were made today; nothing for those who may not see customers.
    #[schema(example = 3)]
    leads_today: Option<i64>,
    /// How notifications go.
    notifications: NotificationsBody,
    /// `up`, or `down`.
    #[schema(example = "up")]
    database: &'static str,
    /// `up`, `down`, or `none` where there is no Redis.
    #[schema(example = "none")]
    cache: &'static str,
    /// How WeChat has been answering: `up`, `failing` or `resting`.
    #[schema(example = "up")]
    wechat: &'static str,
    /// The accounts and how their access tokens are.
    accounts: Vec<OverviewAccountBody>,
    /// The last tries of jobs, the newest first.
    attempts: Vec<OverviewAttemptBody>,
}

/// How notifications go.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotificationsBody {
    /// Still to be sent, however old.
    #[schema(example = 1)]
    pending: i64,
    /// Nobody knows whether they arrived, however old.
    #[schema(example = 0)]
    uncertain: i64,
    /// Made today and sent.
    #[schema(example = 9)]
    sent_today: i64,
    /// Made today and refused, given up or too late.
    #[schema(example = 2)]
    failed_today: i64,
}

/// One account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverviewAccountBody {
    /// Its name.
    #[schema(example = "mini")]
    name: String,
    /// `official` or `mini`.
    #[schema(example = "mini")]
    kind: &'static str,
    /// Its access token: `good`, `expired`, `none`, `resting` or `failing`.
    #[schema(example = "good")]
    token: &'static str,
    /// When the token ends.
    #[schema(example = 1_757_069_890_i64)]
    expires_at: Option<i64>,
    /// How often somebody else who uses the secret replaced it.
    #[schema(example = 0)]
    replaced_outside: i64,
    /// What is wrong and what to do, where something is.
    hint: Option<String>,
    /// Which of its jobs have to wait: `quota`, `busy`, `account` or `unreachable`.
    #[schema(example = json!([]))]
    holds: Vec<String>,
}

/// One try of a job.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverviewAttemptBody {
    /// Which job.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    job_id: String,
    /// Which kind of work.
    #[schema(example = "subscribe_message")]
    kind: String,
    /// Whose.
    #[schema(example = "mini")]
    account: Option<String>,
    /// Which try, from 1.
    #[schema(example = 1)]
    n: i64,
    /// When.
    #[schema(example = 1_757_062_690_i64)]
    at: i64,
    /// How long it took, milliseconds; nothing while it is under way.
    #[schema(example = 84)]
    ms: Option<i64>,
    /// WeChat's number, where there was one.
    #[schema(example = 43101)]
    errcode: Option<i64>,
    /// What came of it, in a word.
    #[schema(example = "refused")]
    verdict: Option<String>,
    /// What the number means and what to do.
    hint: Option<&'static str>,
}

impl From<Notifications> for NotificationsBody {
    fn from(counts: Notifications) -> Self {
        let Notifications { pending, uncertain, sent, failed } = counts;
        Self { pending, uncertain, sent_today: sent, failed_today: failed }
    }
}

impl From<AccountTokens> for OverviewAccountBody {
    fn from(account: AccountTokens) -> Self {
        let access = account.tokens.into_iter().find(|token| token.kind == TokenKind::Access);
        let hints = account.holds.iter().filter_map(|held| held.hint.clone());
        let hint = access.as_ref().and_then(|token| token.last_error.as_ref()).map(|error| error.hint.clone());
        Self {
            name: account.name,
            kind: match account.kind {
                AccountKind::Official => "official",
                AccountKind::Mini => "mini",
            },
            token: access.as_ref().map_or("none", |token| token.standing.word()),
            expires_at: access.as_ref().filter(|t| t.state.generation > 0).map(|t| seconds(t.state.expires_at)),
            replaced_outside: access.map_or(0, |token| token.state.replaced_outside),
            hint: hint.or_else(|| hints.into_iter().next()),
            holds: account.holds.into_iter().map(|held| held.hold.reason).collect(),
        }
    }
}

impl From<ShownAttempt> for OverviewAttemptBody {
    fn from(shown: ShownAttempt) -> Self {
        let attempt = shown.attempt;
        Self {
            job_id: attempt.job_id,
            kind: attempt.kind,
            account: shown.account,
            n: attempt.n,
            at: seconds(attempt.started_at),
            ms: attempt.finished_at.map(|end| end.saturating_sub(attempt.started_at).max(0)),
            errcode: attempt.errcode,
            verdict: attempt.verdict,
            hint: shown.hint,
        }
    }
}

const fn seconds(ms: i64) -> i64 {
    ms.div_euclid(1000)
}

/// Tells how it goes: today's figures, what is still to be done, accounts, the last tries.
#[utoipa::path(
    get, path = "/api/admin/overview", tag = "console", operation_id = "read_overview",
    responses(
        (status = 200, description = "how it goes", body = Success<OverviewBody>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 503, description = "the database is down", body = Failure),
    ),
    security(("staff" = []), ("console" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadOverview>,
) -> Result<Envelope<OverviewBody>, ApiError> {
    let found = read_overview(state.app(), allowed.caller()).await?;
    let wechat = match (found.tokens.wechat.rests, found.tokens.wechat.failures) {
        (Some(_), _) => "resting",
        (None, 0) => "up",
        (None, _) => "failing",
    };
    Ok(Envelope::of(OverviewBody {
        since: seconds(found.since),
        emulated: is_emulated(&state),
        actions_today: found.actions,
        leads_today: found.leads,
        notifications: found.notifications.into(),
        database: if found.health.database { "up" } else { "down" },
        cache: match found.health.cache {
            CacheHealth::Up => "up",
            CacheHealth::Down => "down",
            CacheHealth::None => "none",
        },
        wechat,
        accounts: found.tokens.accounts.into_iter().map(Into::into).collect(),
        attempts: found.attempts.into_iter().map(Into::into).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use weiqiao_model::Role;

    use crate::testing::World;

    #[tokio::test]
    async fn everybody_on_the_staff_sees_how_it_goes_and_customers_only_who_may() {
        let world = World::strict().await;
        for role in Role::ALL {
            let staff = world.staff_token(role.as_str(), role).await;
            let answer = world.request("GET", "/api/admin/overview").bearer(&staff).send().await;
            let data = answer.is(StatusCode::OK).data();
            assert_eq!(data["actions_today"].is_null(), role == Role::Advisor, "{role:?}");
            assert_eq!((&data["database"], &data["wechat"]), (&"up".into(), &"up".into()));
            assert_eq!(data["notifications"]["pending"], 0);
            assert_eq!(data["accounts"].as_array().unwrap().len(), 2);
            assert_eq!(data["accounts"][0]["token"], "none");
            assert_eq!(data["since"], 1_757_001_600);
        }
    }
}
