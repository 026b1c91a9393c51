use std::fmt;

/// Why bytes could not be read as JSON. Its text names places and fields of ours, never a value of theirs: answers
/// carry tokens and names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    kind: JsonErrorKind,
    detail: Option<String>,
    line: usize,
    column: usize,
}

/// The kinds of [`JsonError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// No bytes at all, or only white space.
    Empty,
    /// It ends in the middle.
    Truncated,
    /// It is not JSON, even after repair; often a page in HTML.
    Syntax,
    /// It is JSON but not what was expected: a field is missing, twice, or of another type.
    Shape,
}

impl JsonError {
    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> JsonErrorKind {
        self.kind
    }

    /// Line and column, both counted from 1; after repair, of the repaired text. The column counts bytes.
    #[must_use]
    pub const fn position(&self) -> (usize, usize) {
        (self.line, self.column)
    }

    pub(super) fn from_serde(bytes: &[u8], refusal: &serde_json::Error) -> Self {
        use serde_json::error::Category;
        let kind = match refusal.classify() {
            Category::Data => JsonErrorKind::Shape,
            Category::Eof if bytes.iter().all(|byte| byte.is_ascii_whitespace()) => JsonErrorKind::Empty,
            Category::Eof => JsonErrorKind::Truncated,
            Category::Syntax | Category::Io => JsonErrorKind::Syntax,
        };
        let detail = (kind == JsonErrorKind::Shape).then(|| safe_part(&refusal.to_string())).flatten();
        Self { kind, detail, line: refusal.line(), column: refusal.column() }
    }
}

/// The part of serde's words that was written by us: which field, or what was expected. What was found is theirs.
fn safe_part(message: &str) -> Option<String> {
    let words = message.rsplit_once(" at line ").map_or(message, |(words, _)| words);
    if words.starts_with("missing field `") || words.starts_with("duplicate field `") {
        return Some(words.to_owned());
    }
    words.rsplit_once(", expected ").map(|(_, expected)| format!("expected {expected}"))
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            JsonErrorKind::Empty => return f.write_str("the answer is empty where JSON was expected"),
            JsonErrorKind::Truncated => f.write_str("the JSON ends in the middle")?,
            JsonErrorKind::Syntax => f.write_str("this is not JSON")?,
            JsonErrorKind::Shape => {
                f.write_str("the JSON has another shape than expected")?;
                if let Some(detail) = &self.detail {
                    write!(f, ": {detail}")?;
                }
            }
        }
        write!(f, " (line {}, column {})", self.line, self.column)
    }
}

impl std::error::Error for JsonError {}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use crate::OpenId;
    use crate::json::{JsonErrorKind, from_slice};

    #[derive(Debug, Deserialize)]
    struct Profile {
        #[serde(rename = "openid")]
        _openid: OpenId,
        #[serde(rename = "sex")]
        _sex: i64,
    }

    #[track_caller]
    fn refused(text: &str) -> (JsonErrorKind, String) {
        let error = from_slice::<Profile>(text.as_bytes()).unwrap_err();
        (error.kind(), error.to_string())
    }

    #[test]
    fn the_words_name_the_field_and_never_a_value() {
        assert_eq!(
            refused(r#"{"sex":1}"#),
            (
                JsonErrorKind::Shape,
                "the JSON has another shape than expected: missing field `openid` (line 1, column 9)".into()
            )
        );
        assert_eq!(
            refused(r#"{"openid":"oA","openid":"oB","sex":1}"#).1,
            "the JSON has another shape than expected: duplicate field `openid` (line 1, column 23)"
        );
        assert_eq!(
            refused(r#"{"openid":"oA","sex":"man, expected woman"}"#).1,
            "the JSON has another shape than expected: expected i64 (line 1, column 42)"
        );
        assert_eq!(
            refused("{\"openid\":\"o\u{4e00}A\",\"sex\":1}").1,
            "the JSON has another shape than expected: expected OpenId of printable ASCII (line 1, column 17)"
        );
    }

    #[test]
    fn the_kinds() {
        assert_eq!(refused("").0, JsonErrorKind::Empty);
        assert_eq!(refused(" \r\n").0, JsonErrorKind::Empty);
        assert_eq!(refused(r#"{"openid":"oA","#).0, JsonErrorKind::Truncated);
        assert_eq!(refused("<html>502 Bad Gateway</html>").0, JsonErrorKind::Syntax);
        assert_eq!(refused("{}").0, JsonErrorKind::Shape);
    }
}
