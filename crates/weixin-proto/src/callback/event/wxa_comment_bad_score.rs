//! `wxa_comment_bad_score`: somebody gave a mini program a bad score.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/industry/guarantee/comment.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody gave a mini program a bad score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WxaCommentBadScore {
    /// The comment; beyond 2^53.
    pub comment_id: String,
}

impl Body for WxaCommentBadScore {
    const NAMES: &'static [&'static str] = &["wxa_comment_bad_score"];
}

impl Read for WxaCommentBadScore {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let result = field.inside("result")?;
        Ok(Self { comment_id: result.read("comment_id")? })
    }
}

#[cfg(test)]
mod tests {
    use super::WxaCommentBadScore;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "wxa_comment_bad_score",
            "<result><comment_id>2272502024443330610</comment_id></result>",
            &WxaCommentBadScore { comment_id: "2272502024443330610".into() },
            r#"{"comment_id":"2272502024443330610"}"#,
        );
    }
}
