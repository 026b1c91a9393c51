//! What the API description says an answer looks like is what it looks like: real answers are held against the schemas.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Map, Value};

use super::Stage;

/// Where an answer differs from its schema, each place once.
struct Reader<'a> {
    document: &'a Value,
    wrong: Vec<String>,
}

impl<'a> Reader<'a> {
    /// The schema a reference leads to.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(path) => self.resolved(self.document.pointer(path.trim_start_matches('#')).unwrap()),
            None => schema,
        }
    }

    fn says(&mut self, at: &str, what: impl std::fmt::Display) {
        self.wrong.push(format!("{at}: {what}"));
    }

    /// How many differences there would be.
    fn differs(&self, at: &str, schema: &'a Value, value: &Value) -> usize {
        let mut probe = Reader { document: self.document, wrong: Vec::new() };
        probe.check(at, schema, value);
        probe.wrong.len()
    }

    fn check(&mut self, at: &str, schema: &'a Value, value: &Value) {
        let schema = self.resolved(schema);
        for word in ["oneOf", "anyOf"] {
            if let Some(ways) = schema.get(word).and_then(Value::as_array) {
                if !ways.iter().any(|way| self.differs(at, way, value) == 0) {
                    self.says(at, format_args!("none of the {} {word} fits {value}", ways.len()));
                }
                return;
            }
        }
        if schema.get("allOf").is_some() || schema.get("properties").is_some() {
            return self.check_object(at, schema, value);
        }
        let Some(kinds) = schema.get("type") else { return };
        let kinds: Vec<_> = match kinds {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            kind => kind.as_str().into_iter().collect(),
        };
        let is = |kind: &&str| match *kind {
            "null" => value.is_null(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "array" => value.is_array(),
            _ => value.is_object(),
        };
        if !kinds.iter().any(is) {
            return self.says(at, format_args!("{value} is none of {kinds:?}"));
        }
        if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
            for value in values {
                self.check(&format!("{at}[]"), items, value);
            }
        }
    }

    /// An object whose fields are described: none is missing that has to be there, and none is there that is not described.
    fn check_object(&mut self, at: &str, schema: &'a Value, value: &Value) {
        let nullable = schema.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.contains(&"null".into()));
        if value.is_null() && nullable {
            return;
        }
        let Some(fields) = value.as_object() else { return self.says(at, format_args!("{value} is no object")) };
        let (mut known, mut needed, mut open) = (BTreeMap::new(), Vec::new(), false);
        self.gather(schema, fields, &mut known, &mut needed, &mut open);
        for name in needed.iter().filter(|name| !fields.contains_key(**name)) {
            self.says(at, format_args!("{name} is missing"));
        }
        for (name, value) in fields {
            let at = format!("{at}.{name}");
            match known.get(name.as_str()) {
                Some(field) => self.check(&at, field, value),
                None if open => {}
                None => self.says(&at, "not described"),
            }
        }
    }

    /// The fields of a schema and of all it is made of.
    fn gather(
        &self,
        schema: &'a Value,
        fields: &Map<String, Value>,
        known: &mut BTreeMap<&'a str, &'a Value>,
        needed: &mut Vec<&'a str>,
        open: &mut bool,
    ) {
        let schema = self.resolved(schema);
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.gather(part, fields, known, needed, open);
        }
        if let Some(ways) = schema.get("oneOf").and_then(Value::as_array) {
            // Parts of which one is there: the one that knows most of the fields.
            let count = |way: &&Value| {
                let properties = self.resolved(way).get("properties").and_then(Value::as_object);
                properties.map_or(0, |known| known.keys().filter(|name| fields.contains_key(*name)).count())
            };
            if let Some(way) = ways.iter().max_by_key(count) {
                self.gather(way, fields, known, needed, open);
            }
        }
        *open |= schema.get("additionalProperties").is_some();
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            needed.extend(name.as_str());
        }
        for (name, field) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            known.insert(name, field);
        }
    }
}

#[tokio::test]
async fn answers_are_what_the_description_says() {
    let stage = Stage::full().await;
    let document = serde_json::to_value(crate::openapi()).unwrap();
    let mut reader = Reader { document: &document, wrong: Vec::new() };
    for (address, path) in stage.addresses().await {
        let answer = stage.get(&address).await;
        let responses = &document["paths"][path]["get"]["responses"];
        let schema = &responses["200"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{path} is not described: {responses}");
        reader.check(path, schema, answer.is(StatusCode::OK).json());
        let envelope = answer.json();
        assert!(envelope["timestamp"].is_i64() && envelope["request_id"].is_string(), "{path}");
    }
    // A failure of each sort.
    for (path, asked, status) in [
        ("/api/admin/leads", "/api/admin/leads?level=Z", "400"),
        ("/api/admin/leads/{id}", "/api/admin/leads/none", "404"),
    ] {
        let answer = stage.get(asked).await;
        assert_eq!(answer.status().as_str(), status);
        let schema = &document["paths"][path]["get"]["responses"][status]["content"]["application/json"]["schema"];
        reader.check(path, schema, answer.json());
    }
    reader.wrong.sort();
    reader.wrong.dedup();
    assert!(reader.wrong.is_empty(), "{}", reader.wrong.join("\n"));
}
