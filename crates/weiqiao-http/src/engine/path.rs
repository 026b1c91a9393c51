//! The variable part of a path.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use super::ApiError;

/// The one variable part of a path, decoded: 1 to 512 bytes of UTF-8 without control characters. Anything else is
/// refused in the envelope.
#[derive(Debug)]
pub struct ApiPath(pub String);

impl<S: Send + Sync> FromRequestParts<S> for ApiPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| refused())?;
        Ok(Self(fit(text)?))
    }
}

/// The two variable parts of a path, each as [`ApiPath`].
#[derive(Debug)]
pub struct ApiPaths(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for ApiPaths {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path((one, other)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| refused())?;
        Ok(Self(fit(one)?, fit(other)?))
    }
}

fn fit(text: String) -> Result<String, ApiError> {
    let has_control = match text.is_ascii() {
        true => text.bytes().any(|byte| byte.is_ascii_control()),
        false => text.chars().any(char::is_control),
    };
    if text.is_empty() || text.len() > 512 || has_control {
        return Err(refused());
    }
    Ok(text)
}

fn refused() -> ApiError {
    ApiError::validation("路径参数格式不正确", Vec::new())
}
