//! QR codes with a scene: who scans one tells the account which.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// What a QR code tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum QrScene {
    Number(i64),
    Text(String),
}

/// One QR code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct QrCode {
    pub(crate) app_id: String,
    pub(crate) scene: QrScene,
    /// What the picture says.
    pub(crate) url: String,
    /// Epoch milliseconds; `None`: permanent.
    pub(crate) expires_ms: Option<i64>,
}

impl QrCode {
    /// Whether it still works.
    pub(crate) fn is_alive(&self, now_ms: i64) -> bool {
        self.expires_ms.is_none_or(|expires| expires > now_ms)
    }
}

/// Permanent codes of one account.
const MOST_PERMANENT: usize = 100_000;

/// All QR codes, by ticket.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct QrCodes {
    by_ticket: BTreeMap<String, QrCode>,
}

impl QrCodes {
    /// Makes a code that lives until then, or for good: its ticket. `None` when the account has 100,000 permanent ones.
    ///
    /// A permanent code for a scene that has one already is the same code.
    pub(crate) fn create(
        &mut self,
        app_id: &str,
        scene: QrScene,
        expires_ms: Option<i64>,
        random: &mut Random,
        now_ms: i64,
    ) -> Option<(String, &QrCode)> {
        self.by_ticket.retain(|_, code| code.expires_ms.is_none_or(|expires| expires > now_ms));
        let ticket = if expires_ms.is_some() {
            None
        } else {
            let permanent =
                || self.by_ticket.iter().filter(|(_, code)| code.app_id == app_id && code.expires_ms.is_none());
            let same = permanent().find(|(_, code)| code.scene == scene).map(|(ticket, _)| ticket.clone());
            if same.is_none() && permanent().count() >= MOST_PERMANENT {
                return None;
            }
            same
        };
        // The signs of base64 at the end have to be escaped in addresses, as with the real ones.
        let ticket = ticket.unwrap_or_else(|| format!("gQ{}==", random.alnum(92)));
        let code = self.by_ticket.entry(ticket.clone()).or_insert_with(|| QrCode {
            app_id: app_id.to_owned(),
            scene,
            url: format!("http://weixin.qq.com/q/{}", random.alnum(22)),
            expires_ms,
        });
        Some((ticket, code))
    }

    /// The code whose picture says this, dead or alive.
    pub(crate) fn by_url(&self, url: &str) -> Option<(&str, &QrCode)> {
        self.by_ticket.iter().find(|(_, code)| code.url == url).map(|(ticket, code)| (ticket.as_str(), code))
    }

    /// The code with this ticket, dead or alive.
    pub(crate) fn by_ticket(&self, ticket: &str) -> Option<(&str, &QrCode)> {
        self.by_ticket.get_key_value(ticket).map(|(ticket, code)| (ticket.as_str(), code))
    }

    /// The code of an account with this scene, a living one first.
    pub(crate) fn by_scene(&self, app_id: &str, scene: &str, now_ms: i64) -> Option<(&str, &QrCode)> {
        let fits = |code: &QrCode| match &code.scene {
            QrScene::Number(number) => number.to_string() == scene,
            QrScene::Text(text) => text == scene,
        };
        let mut codes = self.by_ticket.iter().filter(|(_, code)| code.app_id == app_id && fits(code));
        let living = codes.clone().find(|(_, code)| code.is_alive(now_ms));
        living.or_else(|| codes.next()).map(|(ticket, code)| (ticket.as_str(), code))
    }

    /// The code with this ticket, if it is still alive.
    pub(crate) fn find(&self, ticket: &str, now_ms: i64) -> Option<&QrCode> {
        self.by_ticket.get(ticket).filter(|code| code.expires_ms.is_none_or(|expires| expires > now_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_codes_die_and_permanent_ones_are_the_same_again() {
        let (mut codes, mut random) = (QrCodes::default(), Random::new(1));
        let mut create = |codes: &mut QrCodes, scene: QrScene, expires_ms, now_ms| {
            let (ticket, code) = codes.create("wx1", scene, expires_ms, &mut random, now_ms).unwrap();
            (ticket, code.url.clone())
        };
        let (ticket, url) = create(&mut codes, QrScene::Number(123), Some(60_000), 0);
        assert!(ticket.len() == 96 && ticket.starts_with("gQ") && ticket.ends_with("=="), "{ticket}");
        assert_eq!(codes.find(&ticket, 59_999).unwrap().scene, QrScene::Number(123));
        assert!(url.starts_with("http://weixin.qq.com/q/"), "{url}");
        assert!(codes.find(&ticket, 60_000).is_none());

        let (kept, _) = create(&mut codes, QrScene::Text("door".into()), None, 70_000);
        assert_eq!(create(&mut codes, QrScene::Text("door".into()), None, 80_000).0, kept);
        assert_ne!(create(&mut codes, QrScene::Text("123".into()), None, 80_000).0, kept);
        assert_ne!(create(&mut codes, QrScene::Text("door".into()), Some(90_000), 80_000).0, kept);
        assert!(codes.find(&kept, i64::MAX).is_some());
    }

    #[test]
    fn permanent_codes_run_out() {
        let mut codes = QrCodes::default();
        for n in 0..100_000 {
            let code = QrCode { app_id: "wx1".into(), scene: QrScene::Number(n), url: String::new(), expires_ms: None };
            codes.by_ticket.insert(n.to_string(), code);
        }
        let mut random = Random::new(1);
        assert!(codes.create("wx1", QrScene::Text("one more".into()), None, &mut random, 0).is_none());
        assert_eq!(codes.create("wx1", QrScene::Number(7), None, &mut random, 0).unwrap().0, "7");
        assert!(codes.create("wx1", QrScene::Text("a while".into()), Some(1), &mut random, 0).is_some());
        assert!(codes.create("wx2", QrScene::Text("other".into()), None, &mut random, 0).is_some());
    }
}
