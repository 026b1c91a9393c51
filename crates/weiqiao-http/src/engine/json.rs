//! A JSON request body.

use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::ApiError;
use super::body;
use super::input::{self, Input};
use crate::AppState;

/// Deepest nesting of a body.
const DEEPEST: u8 = 32;
/// Most keys of one object.
const MOST_KEYS: usize = 256;

/// The JSON body of a request, checked against its described fields.
#[derive(Debug)]
pub struct ApiJson<T>(pub T);

impl<T: Input> FromRequest<AppState> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let bytes = body::read(&parts.headers, body, state.settings().body_limit).await?;
        // An empty body lacks every field, and that is what the client is told.
        if !bytes.is_empty() && !is_json(&parts.headers) {
            return Err(ApiError::unsupported_media_type("application/json"));
        }
        check_charset(&parts.headers)?;
        let fields = parse(&bytes)?;
        input::check_known::<T>(parts.uri.path(), "字段", &fields)?;
        input::read(fields).map(Self)
    }
}

/// Whether the content type says JSON. A missing one does not: a page of another site can post without one, but
/// cannot post JSON without asking first.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = essence(headers) else { return false };
    kind.eq_ignore_ascii_case("application/json")
        || (kind.len() > 17
            && kind.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("application/"))
            && kind.get(kind.len() - 5..).is_some_and(|end| end.eq_ignore_ascii_case("+json")))
}

/// Refuses a `charset` other than UTF-8, which JSON is always in: text in another one would be read as something else than
/// was written. None counts as UTF-8.
pub(super) fn check_charset(headers: &HeaderMap) -> Result<(), ApiError> {
    let parameters =
        headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().split(';').skip(1);
    let is_other = |parameter: &str| {
        parameter.split_once('=').is_some_and(|(name, value)| {
            let value = value.trim();
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
            name.trim().eq_ignore_ascii_case("charset")
                && !["utf-8", "utf8"].iter().any(|name| name.eq_ignore_ascii_case(value))
        })
    };
    if parameters.into_iter().any(is_other) {
        return Err(ApiError::unsupported_media_type("application/json; charset=utf-8"));
    }
    Ok(())
}

/// The content type without its parameters.
pub(super) fn essence(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim())
}

/// Reads an object; an empty body is an empty object.
pub(super) fn parse(bytes: &[u8]) -> Result<Map<String, Value>, ApiError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| refuse(&error))?;
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(ApiError::validation("请求体必须是 JSON 对象", Vec::new())),
    }
}

fn refuse(error: &serde_json::Error) -> ApiError {
    if error.is_data() {
        // Ours: a key that came twice, or a limit. serde_json appends the position, which we drop.
        let text = error.to_string();
        let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
        return match text.strip_prefix(DUPLICATE) {
            Some(name) => input::duplicate(name),
            None => ApiError::validation(text, Vec::new()),
        };
    }
    let (line, column) = (error.line(), error.column());
    ApiError::validation(&format!("请求体不是合法的 JSON（第 {line} 行第 {column} 列）"), Vec::new())
}

/// Marks the error that names a key given twice.
const DUPLICATE: &str = "duplicate key ";

/// Reads a value with limits, refusing objects that name a key twice.
#[derive(Clone, Copy)]
struct Strict {
    depth: u8,
}

impl Strict {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth == DEEPEST {
            return Err(E::custom(format_args!("请求体嵌套超过 {DEEPEST} 层")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut fields = Map::new();
        while let Some(Key(name)) = entries.next_key()? {
            if fields.len() == MOST_KEYS {
                return Err(de::Error::custom(format_args!("一个对象超过 {MOST_KEYS} 个字段")));
            }
            if fields.contains_key(&name) {
                return Err(de::Error::custom(format_args!("{DUPLICATE}{name}")));
            }
            let value = entries.next_value_seed(inner)?;
            fields.insert(name, value);
        }
        Ok(Value::Object(fields))
    }
}

struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use rstest::rstest;
    use serde_json::json;

    use super::{check_charset, is_json, parse};

    #[rstest]
    #[case("application/json", true)]
    #[case("Application/JSON; charset=utf-8", true)]
    #[case("application/problem+json", true)]
    #[case("application/+json", false)]
    #[case("text/plain", false)]
    #[case("text/json", false)]
    #[case("application/x-www-form-urlencoded", false)]
    #[case("", false)]
    fn content_types(#[case] value: &'static str, #[case] expected: bool) {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(value));
        assert_eq!(is_json(&headers), expected);
    }

    #[rstest]
    #[case("application/json", true)]
    #[case("application/json; charset=UTF-8", true)]
    #[case("application/json;Charset=\"utf-8\"", true)]
    #[case("application/json; charset=utf8 ; v=1", true)]
    #[case("application/json; v=gbk", true)]
    #[case("application/json; charset=gbk", false)]
    #[case("application/json; v=1; CHARSET=\"utf-16\"", false)]
    #[case("application/json; charset=", false)]
    fn another_charset_is_refused(#[case] value: &'static str, #[case] expected: bool) {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(value));
        match check_charset(&headers) {
            Ok(()) => assert!(expected),
            Err(refused) => assert!(!expected && refused.status() == 415 && refused.message().contains("utf-8")),
        }
    }

    #[test]
    fn an_object_is_read_whole() {
        let text = r#"{"a":"x","b":[1,-2,3.5,true,null],"c":{"d":18446744073709551615}}"#;
        assert_eq!(
            serde_json::Value::Object(parse(text.as_bytes()).unwrap()),
            serde_json::from_str::<serde_json::Value>(text).unwrap()
        );
        assert_eq!(parse(b"\xef\xbb\xbf{\"a\":1}").unwrap().get("a"), Some(&json!(1)));
        assert!(parse(b" \n").unwrap().is_empty());
    }

    #[rstest]
    #[case(r#"{"code":"a","code":"b"}"#, "code 重复出现")]
    #[case(r#"{"a":{"x":1,"x":1}}"#, "x 重复出现")]
    #[case("[]", "请求体必须是 JSON 对象")]
    #[case("\"code\"", "请求体必须是 JSON 对象")]
    #[case("null", "请求体必须是 JSON 对象")]
    #[case("{", "请求体不是合法的 JSON（第 1 行第 1 列）")]
    #[case("{\"a\":1}}", "请求体不是合法的 JSON（第 1 行第 8 列）")]
    #[case("{\"a\":\"\u{1}\"}", "请求体不是合法的 JSON（第 1 行第 7 列）")]
    fn other_bodies_are_refused_in_our_words(#[case] body: &str, #[case] expected: &str) {
        assert_eq!(parse(body.as_bytes()).unwrap_err().message(), format!("请求参数错误: {expected}"));
    }

    #[test]
    fn broken_utf8_deep_and_wide_bodies_are_refused() {
        assert!(parse(b"{\"a\":\"\xff\"}").is_err());
        let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(31).as_bytes()).is_ok());
        assert!(parse(nested(32).as_bytes()).unwrap_err().message().contains("嵌套超过 32 层"));
        assert!(parse(nested(100_000).as_bytes()).is_err());
        let wide = |keys: usize| {
            let pairs: Vec<_> = (0..keys).map(|key| format!("\"{key}\":0")).collect();
            format!("{{{}}}", pairs.join(","))
        };
        assert!(parse(wide(256).as_bytes()).is_ok());
        assert!(parse(wide(257).as_bytes()).unwrap_err().message().contains("超过 256 个字段"));
    }
}
