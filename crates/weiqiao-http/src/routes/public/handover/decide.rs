//! `POST …/handover/{ticket}`: the phone answers.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::handover::{Decision, decide_handover};

use super::{Ticket, Told, phone_error, session};
use crate::AppState;
use crate::engine::bare::BareError;
use crate::engine::csrf;
use crate::engine::limit::Start;
use crate::engine::query::ApiForm;
use crate::engine::{ApiError, Field, Input, Limited, RequestContext};

/// The answer.
#[derive(Deserialize, ToSchema)]
pub(crate) struct HandoverAnswer {
    /// What our own page put into the form.
    proof: String,
    /// The number on the computer's screen, or `no`.
    #[schema(example = "42")]
    answer: String,
}

impl Input for HandoverAnswer {
    const NAME: &'static str = "HandoverAnswer";
    const FIELDS: &'static [Field] =
        &[Field::text("proof", "Proof").required().max(128), Field::text("answer", "Answer").required().max(8)];
}

/// Confirms with the number the computer shows, or declines. A wrong number declines.
#[utoipa::path(
    post, path = "/auths/loginTypes/{name}/handover/{ticket}", tag = "login instances", operation_id = "handover_decide",
    params(
        ("name" = String, Path, description = "the instance", example = "MyWechatLogin"),
        ("ticket" = String, Path, description = "what the QR code says"),
    ),
    request_body(content = HandoverAnswer, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "a page: the computer goes on, or does not"),
        (status = 400, description = "a page: the code is used, too old, or unknown, or the form is not ours"),
        (status = 401, description = "a page: the phone is not logged in any more"),
        (status = 403, description = "a page: another site's page sent the form"),
        (status = 404, description = "a page: no such instance, or nothing a QR code of ours says"),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    context: RequestContext,
    limited: Result<Limited<Start>, ApiError>,
    path: Result<Ticket, ApiError>,
    headers: HeaderMap,
    form: Result<ApiForm<HandoverAnswer>, ApiError>,
) -> Response {
    let decided = async {
        limited?;
        let (path, ApiForm(answer)) = (path?, form?);
        decide(&state, &headers, path, &answer).await
    };
    let told = match decided.await {
        Ok(Decided::Agreed) => Told {
            title: "已确认登录",
            text: "请回到电脑上继续，这个页面可以关闭了。",
            english: "Confirmed. Please go on at the computer; you may close this page.",
            again: None,
        },
        Ok(Decided::Declined) => Told {
            title: "已取消登录",
            text: "电脑不会登录。",
            english: "Cancelled. The computer will not be logged in.",
            again: None,
        },
        Ok(Decided::WrongNumber) => Told {
            title: "数字不一致，已取消",
            text: "您选的数字不是电脑屏幕上的那一个，这次登录已经作废。如果不是您本人在登录，有人可能在诱导您扫码。",
            english: "That is not the number on the computer's screen, so the login was cancelled.",
            again: None,
        },
        Err(error) => return phone_error(&state, &context, &error),
    };
    told.page(&state, &context, StatusCode::OK)
}

enum Decided {
    Agreed,
    Declined,
    WrongNumber,
}

async fn decide(
    state: &AppState,
    headers: &HeaderMap,
    Ticket { name, ticket }: Ticket,
    form: &HandoverAnswer,
) -> Result<Decided, BareError> {
    csrf::check_form(headers, state.settings())?;
    let session = session(state, headers).await.ok_or_else(ApiError::unauthorized)?;
    let decision = match form.answer.parse() {
        Ok(number) => Decision::Confirm { number },
        Err(_) => Decision::Decline,
    };
    let agreed = decide_handover(state.app(), &name, &ticket, &session, &form.proof, decision).await?;
    Ok(match (agreed, decision) {
        (true, _) => Decided::Agreed,
        (false, Decision::Confirm { .. }) => Decided::WrongNumber,
        (false, Decision::Decline) => Decided::Declined,
    })
}
