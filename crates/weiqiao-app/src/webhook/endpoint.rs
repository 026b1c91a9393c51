//! An endpoint, opened.

use url::Url;
use weiqiao_store::facts::webhook::StoredEndpoint;

use super::{Event, WebhookSecret};
use crate::App;
use crate::error::{AppError, Result};
use crate::vault::Place;

/// An endpoint as deliveries need it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where events go. May hold credentials in its query: not for logs.
    pub url: Url,
    /// Only events of this appid.
    pub app_id: Option<String>,
    /// Which events: types, or beginnings of types with `*` at the end; none means all.
    pub events: Vec<String>,
    /// Whether it gets any.
    pub enabled: bool,
    /// Whether it is asked for the reply while WeChat waits.
    pub synchronous: bool,
    secret: WebhookSecret,
    previous: Option<(WebhookSecret, i64)>,
}

impl Endpoint {
    /// What a delivery of that time (epoch milliseconds) is signed with: the secret, and for a while the one before it.
    #[must_use]
    pub fn secrets(&self, now_ms: i64) -> Vec<WebhookSecret> {
        let previous = self.previous.iter().filter(|(_, until)| *until > now_ms).map(|(secret, _)| secret);
        std::iter::once(&self.secret).chain(previous).cloned().collect()
    }

    /// Whether it wants an event of that account.
    #[must_use]
    pub fn takes(&self, event: &Event, app_id: Option<&str>) -> bool {
        let mine = self.app_id.as_deref().is_none_or(|wanted| Some(wanted) == app_id);
        self.enabled && mine && wants(&self.events, &event.kind)
    }
}

#[cfg(test)]
impl Endpoint {
    /// An endpoint at that address.
    pub(super) fn at(url: &str) -> Self {
        Self {
            id: "1".to_owned(),
            name: "test".to_owned(),
            url: Url::parse(url).unwrap(),
            app_id: None,
            events: Vec::new(),
            enabled: true,
            synchronous: false,
            secret: WebhookSecret::random(&weiqiao_model::SeededRng::new(1)),
            previous: None,
        }
    }
}

/// Whether a list of types holds that one. An empty list holds all.
fn wants(filters: &[String], kind: &str) -> bool {
    let fits = |filter: &String| match filter.strip_suffix('*') {
        Some(beginning) => kind.starts_with(beginning),
        None => filter == kind,
    };
    filters.is_empty() || filters.iter().any(fits)
}

/// Where a column of an endpoint is sealed for.
pub(crate) fn place<'a>(column: &'static str, id: &'a str) -> Place<'a> {
    Place::new("webhook_endpoint", column, id, "")
}

/// Opens what is sealed.
pub(crate) fn open(app: &App, stored: &StoredEndpoint) -> Result<Endpoint> {
    let text = |column, sealed: &[u8]| app.vault().open_text(place(column, &stored.id), sealed);
    // Both secrets are sealed as `secret`: rotation moves one to the other column.
    let secret = |sealed: &[u8]| -> Result<WebhookSecret> {
        let opened = text("secret", sealed)?;
        WebhookSecret::parse(&opened).ok_or_else(|| AppError::internal("a stored webhook secret is none"))
    };
    let previous = match (&stored.previous_secret, stored.previous_until) {
        (Some(sealed), Some(until)) => Some((secret(sealed)?, until)),
        _ => None,
    };
    let url = text("url", &stored.settings.url)?;
    Ok(Endpoint {
        id: stored.id.clone(),
        name: stored.settings.name.clone(),
        url: Url::parse(&url).map_err(|_| AppError::internal("the stored address of a webhook is none"))?,
        app_id: stored.settings.account.clone(),
        events: stored.settings.events.clone(),
        enabled: stored.settings.enabled,
        synchronous: stored.settings.synchronous,
        secret: secret(&stored.secret)?,
        previous,
    })
}

#[cfg(test)]
mod tests {
    use super::wants;

    #[test]
    fn filters_are_types_or_beginnings_of_types() {
        let filters = |list: &[&str]| list.iter().map(|filter| (*filter).to_owned()).collect::<Vec<_>>();
        assert!(wants(&[], "wechat.event.subscribe"));
        assert!(wants(&filters(&["wechat.message.*"]), "wechat.message.text"));
        assert!(!wants(&filters(&["wechat.message.*"]), "wechat.event.subscribe"));
        assert!(wants(&filters(&["x", "wechat.event.subscribe"]), "wechat.event.subscribe"));
        assert!(!wants(&filters(&["wechat.event.sub"]), "wechat.event.subscribe"));
        assert!(wants(&filters(&["*"]), "anything"));
    }
}
