//! `GET /api/admin/health/tokens`: how it is with the tokens of every account, and with WeChat.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::token::{
    AccountTokens, HeldJobs, KnownToken, LastError, Standing, TokenHealth, token_health,
};
use weiqiao_model::AccountKind;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadJobs;
use crate::engine::{Allowed, ApiError, Envelope, Failure, Limited, Success};

/// Tokens, holds and the way to WeChat. Times are in seconds; no token is in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenHealthBody {
    /// How WeChat has been answering the instance that was asked.
    wechat: WechatBody,
    /// Every account.
    accounts: Vec<AccountBody>,
}

/// The way to WeChat.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WechatBody {
    /// `up`; `failing`: the last calls had no answer; `resting`: calls fail at once, one in five seconds tries.
    #[schema(example = "up")]
    state: &'static str,
    /// Calls in a row without an answer.
    #[schema(example = 0)]
    failures: u32,
    /// While calls fail at once: in how many seconds the next one tries.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    next_try_s: Option<u64>,
}

/// One account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountBody {
    /// Its name.
    #[schema(example = "official")]
    account: String,
    /// `official` or `mini`.
    #[schema(example = "official")]
    kind: &'static str,
    /// Its appid.
    #[schema(example = "wx1111111111111111")]
    app_id: String,
    /// Its access token, and the tickets that were ever asked for.
    tokens: Vec<TokenStateBody>,
    /// Which of its jobs have to wait, and why.
    holds: Vec<TokenHoldBody>,
}

/// One token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenStateBody {
    /// `access`, `jsapi_ticket` or `card_ticket`.
    #[schema(example = "access")]
    kind: &'static str,
    /// `good`; `expired`: the next call fetches another; `none`: none was ever asked for; `resting`: WeChat gives none, or
    /// refuses what it gives, and is not asked before `retry_at`; `failing`: the same, and the next call asks.
    #[schema(example = "good")]
    state: &'static str,
    /// Which one it is, counted over all instances; 0 for none yet.
    #[schema(example = 3)]
    generation: i64,
    /// How old it is.
    #[schema(example = 1_200)]
    age_s: Option<i64>,
    /// When WeChat stops accepting it, epoch seconds.
    #[schema(example = 1_757_069_890_i64)]
    expires_at: Option<i64>,
    /// How many were ever fetched.
    #[schema(example = 3)]
    fetch_count: i64,
    /// How many of them were fetched because somebody outside had replaced the one before: another program uses the secret.
    #[schema(example = 0)]
    replaced_outside: i64,
    /// Fetches in a row that failed.
    #[schema(example = 0)]
    failures: i64,
    /// Fresh tokens in a row that WeChat refused.
    #[schema(example = 0)]
    rejections: i64,
    /// Before this nothing is fetched, epoch seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1_757_062_750_i64)]
    retry_at: Option<i64>,
    /// What WeChat refused last, unless it has given a token since.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<TokenErrorBody>,
}

/// What WeChat refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenErrorBody {
    /// WeChat's number.
    #[schema(example = 40125)]
    errcode: i64,
    /// WeChat's text.
    #[schema(example = "invalid appsecret")]
    errmsg: String,
    /// When, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    at: i64,
    /// Cause and next step.
    hint: String,
}

/// Jobs that have to wait.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenHoldBody {
    /// Which kind of work.
    #[schema(example = "subscribe_message")]
    kind: String,
    /// `quota`: until tomorrow; `busy`: a minute; `account`: secret or address are refused; `unreachable`.
    #[schema(example = "account")]
    reason: String,
    /// WeChat's number.
    errcode: Option<i64>,
    /// Until when, epoch seconds.
    until: i64,
    /// Since when, epoch seconds.
    since: i64,
    /// Cause and next step, where WeChat gave a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// Tells how it is with the tokens of every account. Fetches nothing, and shows no token.
#[utoipa::path(
    get, path = "/api/admin/health/tokens", tag = "token centre", operation_id = "token_health",
    responses(
        (status = 200, description = "all accounts", body = Success<TokenHealthBody>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 503, description = "the database is down", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ReadJobs>,
) -> Result<Envelope<TokenHealthBody>, ApiError> {
    let TokenHealth { wechat, accounts } = token_health(state.app()).await?;
    let now = state.now_ms();
    let state = match (wechat.rests, wechat.failures) {
        (Some(_), _) => "resting",
        (None, 0) => "up",
        (None, _) => "failing",
    };
    let next_try_s = wechat.rests.map(|rest| u64::try_from(rest.as_millis().div_ceil(1000)).unwrap_or(u64::MAX));
    let wechat = WechatBody { state, failures: wechat.failures, next_try_s };
    let accounts = accounts.into_iter().map(|one| account(one, now)).collect();
    Ok(Envelope::of(TokenHealthBody { wechat, accounts }))
}

fn account(AccountTokens { name, kind, app_id, tokens, holds }: AccountTokens, now: i64) -> AccountBody {
    let kind = match kind {
        AccountKind::Official => "official",
        AccountKind::Mini => "mini",
    };
    let tokens = tokens.into_iter().map(|one| token(one, now)).collect();
    AccountBody { account: name, kind, app_id, tokens, holds: holds.into_iter().map(held).collect() }
}

fn token(KnownToken { kind, standing, state, last_error }: KnownToken, now: i64) -> TokenStateBody {
    let ever = state.generation > 0;
    TokenStateBody {
        kind: kind.as_str(),
        state: standing.word(),
        generation: state.generation,
        age_s: ever.then(|| seconds(now.saturating_sub(state.fetched_at))),
        expires_at: ever.then(|| seconds(state.expires_at)),
        fetch_count: state.fetch_count,
        replaced_outside: state.replaced_outside,
        failures: state.failures,
        rejections: state.rejections,
        retry_at: (standing == Standing::Resting).then(|| seconds(state.retry_at)),
        last_error: last_error.map(|LastError { errcode, errmsg, at, hint }| TokenErrorBody {
            errcode,
            errmsg,
            at: seconds(at),
            hint,
        }),
    }
}

fn held(HeldJobs { hold, hint }: HeldJobs) -> TokenHoldBody {
    TokenHoldBody {
        kind: hold.kind,
        reason: hold.reason,
        errcode: hold.errcode,
        until: seconds(hold.until),
        since: seconds(hold.since),
        hint,
    }
}

const fn seconds(ms: i64) -> i64 {
    ms.div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;
    use serde_json::{Value, json};
    use weiqiao_model::{ApiScope, Role};
    use weixin_emulator::Fault;

    use crate::testing::World;

    const PATH: &str = "/api/admin/health/tokens";
    const TOKEN: &str = "/api/admin/accounts/official/token";
    const STABLE: &str = "/cgi-bin/stable_token";

    async fn health(world: &World) -> Value {
        let answer = world.request("GET", PATH).api_key(World::API_KEY).send().await;
        answer.is(StatusCode::OK).data().clone()
    }

    async fn read(world: &World) -> StatusCode {
        world.request("GET", TOKEN).api_key(World::API_KEY).send().await.status()
    }

    #[tokio::test]
    async fn generation_age_and_end_are_told_and_no_token_is() {
        let world = World::strict().await;
        let before = health(&world).await;
        assert_eq!(before["wechat"], json!({ "state": "up", "failures": 0 }));
        assert_eq!(before["accounts"][0]["account"], "official");
        assert_eq!(before["accounts"][1]["kind"], "mini");
        assert_eq!(before["accounts"][0]["tokens"][0]["state"], "none");
        assert_eq!(world.wechat_calls(STABLE), 0, "looking fetches nothing");
        read(&world).await;
        world.advance(Duration::from_secs(60));
        let answer = world.request("GET", PATH).api_key(World::API_KEY).send().await;
        let expected = json!({
            "kind": "access", "state": "good", "generation": 1, "age_s": 60, "expires_at": world.now_s() + 7140,
            "fetch_count": 1, "replaced_outside": 0, "failures": 0, "rejections": 0,
        });
        assert_eq!(answer.data()["accounts"][0]["tokens"], json!([expected]));
        let token = world.request("GET", TOKEN).api_key(World::API_KEY).send().await;
        assert!(!answer.text().contains(token.data()["access_token"].as_str().unwrap()));
        world.advance(Duration::from_secs(7200));
        assert_eq!(health(&world).await["accounts"][0]["tokens"][0]["state"], "expired");
    }

    #[tokio::test]
    async fn a_refused_secret_is_explained_until_it_works_again() {
        let world = World::open().await;
        world.wechat_refuses(STABLE, 40125, 1).await;
        read(&world).await;
        let token = health(&world).await["accounts"][0]["tokens"][0].clone();
        assert_eq!((&token["state"], &token["failures"]), (&json!("resting"), &json!(1)));
        assert_eq!(token["retry_at"], world.now_s() + 60);
        assert_eq!(
            (&token["last_error"]["errcode"], &token["last_error"]["at"]),
            (&json!(40125), &json!(world.now_s()))
        );
        assert!(token["last_error"]["hint"].as_str().unwrap().contains("AppSecret"), "{token}");
        world.advance(Duration::from_secs(61));
        assert_eq!(health(&world).await["accounts"][0]["tokens"][0]["state"], "failing");
        read(&world).await;
        let token = health(&world).await["accounts"][0]["tokens"][0].clone();
        assert_eq!((&token["state"], &token["last_error"]), (&json!("good"), &Value::Null));
    }

    #[tokio::test]
    async fn a_theft_is_counted_and_a_wechat_that_is_away_is_seen() {
        let world = World::open().await;
        let sign = || world.get("/wechat/jsconfig?url=http%3A%2F%2Flocalhost%3A3001%2F");
        sign().await.is(StatusCode::OK);
        world.emulator.steal_token("official");
        world.advance(Duration::from_secs(7201));
        sign().await;
        world.emulator.steal_token("official");
        let menu = || world.request("GET", "/api/admin/accounts/official/menu").api_key(World::API_KEY).send();
        menu().await;
        let account = health(&world).await["accounts"][0].clone();
        assert_eq!(account["tokens"][0]["replaced_outside"], 1, "{account}");
        assert_eq!(account["tokens"][1]["kind"], "jsapi_ticket");
        world.emulator.fault(Fault::on("/*").status(502).probability(1.0));
        for _ in 0..5 {
            menu().await;
        }
        let wechat = health(&world).await["wechat"].clone();
        assert_eq!((&wechat["state"], &wechat["next_try_s"]), (&json!("resting"), &json!(5)), "{wechat}");
    }

    #[tokio::test]
    async fn it_is_for_staff_and_admin_keys() {
        let world = World::strict().await;
        world.get(PATH).await.is(StatusCode::UNAUTHORIZED);
        let key = world.api_key(&[ApiScope::UserRead]).await;
        world.request("GET", PATH).api_key(&key).send().await.is(StatusCode::FORBIDDEN);
        let staff = world.staff_token("boss", Role::Admin).await;
        world.request("GET", PATH).bearer(&staff).send().await.is(StatusCode::OK);
    }
}
