//! What the person, or a headless test, wants of a login: fields of the form, or query parameters with `_` in front.

use http::HeaderMap;
use http::header::COOKIE;

/// The cookie that remembers who this browser was last.
pub(crate) const COOKIE_NAME: &str = "weixin_emulator_persona";

/// Longest delay, seconds.
const LONGEST_S: u64 = 60;

/// The choices of the advanced part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) persona: Option<String>,
    /// `Some(true)`: allow without asking; `Some(false)`: refuse without asking.
    pub(crate) auto: Option<bool>,
    /// Request the redirect target twice with the same code.
    pub(crate) twice: bool,
    pub(crate) expired: bool,
    pub(crate) drop_state: bool,
    pub(crate) snapshot: bool,
    pub(crate) delay_s: u64,
    /// Chosen by a person on the page, not by switches in a link.
    pub(crate) interactive: bool,
}

fn read(pairs: &[(String, String)], prefix: &str) -> Options {
    let get = |name: &str| {
        pairs
            .iter()
            .find(|(key, _)| key.strip_prefix(prefix) == Some(name))
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    };
    let on = |name: &str| get(name).is_some_and(|value| value != "0" && value != "false");
    Options {
        persona: get("persona").map(str::to_owned),
        auto: match get("auto").or_else(|| get("decision")) {
            Some("allow") => Some(true),
            Some("deny") => Some(false),
            _ => None,
        },
        twice: on("twice"),
        expired: on("expired"),
        drop_state: on("drop_state"),
        snapshot: on("snapshot"),
        delay_s: get("delay").and_then(|text| text.parse().ok()).map_or(0, |seconds: u64| seconds.min(LONGEST_S)),
        interactive: false,
    }
}

impl Options {
    /// From the form.
    pub(crate) fn of_form(fields: &[(String, String)]) -> Self {
        Self { interactive: true, ..read(fields, "") }
    }

    /// From a link: `_persona`, `_auto`, `_twice`, `_expired`, `_drop_state`, `_snapshot`, `_delay`. A plain `persona`
    /// is understood too.
    pub(crate) fn of_link(query: &[(String, String)]) -> Self {
        let mut options = read(query, "_");
        if options.persona.is_none() {
            options.persona = query.iter().find(|(key, _)| key == "persona").map(|(_, value)| value.clone());
        }
        options
    }
}

/// Whom this browser was last, by its cookie.
pub(crate) fn remembered(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        form_urlencoded::parse(text.as_bytes()).into_owned().collect()
    }

    #[test]
    fn links_carry_switches_with_an_underscore() {
        let options = Options::of_link(&pairs("appid=x&_persona=p&_auto=deny&_twice=1&_expired=0&_delay=999"));
        assert_eq!(options.persona.as_deref(), Some("p"));
        assert_eq!((options.auto, options.twice, options.expired, options.delay_s), (Some(false), true, false, 60));
        assert_eq!(Options::of_link(&pairs("persona=q")).persona.as_deref(), Some("q"));
    }

    #[test]
    fn forms_carry_plain_names() {
        let options = Options::of_form(&pairs("persona=p&decision=allow&drop_state=on&snapshot=on"));
        assert_eq!((options.auto, options.drop_state, options.snapshot), (Some(true), true, true));
    }
}
