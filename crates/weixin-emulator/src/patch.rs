//! Changes to an answer that was given: WeChat's own, with something wrong about it.

use serde_json::{Map, Value};
use weixin_proto::json;

/// The answer with these fields in place of its own, objects within objects likewise; `null` takes a field away (JSON merge
/// patch, RFC 7396). An answer that is no JSON object stays as it is.
pub(crate) fn merge(answer: &[u8], patch: &Map<String, Value>) -> Vec<u8> {
    // Nicknames may hold raw control characters.
    let Ok(Value::Object(mut fields)) = json::from_slice::<Value>(answer) else { return answer.to_vec() };
    merge_fields(&mut fields, patch);
    // Writing plain values cannot fail.
    serde_json::to_vec(&fields).unwrap_or_else(|_| answer.to_vec())
}

fn merge_fields(fields: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        match (value, fields.get_mut(name)) {
            (Value::Null, _) => drop(fields.remove(name)),
            (Value::Object(inner), Some(Value::Object(there))) => merge_fields(there, inner),
            _ => drop(fields.insert(name.clone(), value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_replaced_added_and_taken_away() {
        let patch = json!({ "expires_in": "7200", "errcode": null, "new": [1], "inner": { "b": null, "c": 3 } });
        let Value::Object(patch) = patch else { unreachable!("it is an object") };
        let answer = br#"{"errcode":0,"access_token":"T","expires_in":7200,"inner":{"a":1,"b":2}}"#;
        let merged: Value = serde_json::from_slice(&merge(answer, &patch)).unwrap();
        let expected = json!({ "access_token": "T", "expires_in": "7200", "new": [1], "inner": { "a": 1, "c": 3 } });
        assert_eq!(merged, expected);
        assert_eq!(merge(b"<html>", &patch), b"<html>");
        let raw = merge("{\"nickname\":\"a\u{1}b\",\"errcode\":0}".as_bytes(), &patch);
        assert!(String::from_utf8(raw).unwrap().contains("new"), "control characters are no obstacle");
    }
}
