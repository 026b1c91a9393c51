//! One-time codes: web login, mini-program login and phone number, never interchangeable.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::random::Random;
use crate::settings::Settings;

/// What a web-login code was granted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// `snsapi_base`: openid only.
    #[serde(rename = "snsapi_base")]
    Base,
    /// `snsapi_userinfo`: nickname and picture too.
    #[serde(rename = "snsapi_userinfo")]
    UserInfo,
    /// `snsapi_login`: QR login of a website application.
    #[serde(rename = "snsapi_login")]
    Login,
}

impl Scope {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Base => "snsapi_base",
            Self::UserInfo => "snsapi_userinfo",
            Self::Login => "snsapi_login",
        }
    }

    /// Reads the name on the wire.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Base, Self::UserInfo, Self::Login].into_iter().find(|scope| scope.name() == name)
    }
}

/// Which call a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// `/sns/oauth2/access_token`.
    OAuth(Scope),
    /// `/sns/jscode2session`.
    Mini,
    /// `/wxa/business/getuserphonenumber`.
    Phone,
    /// `/wxa/getpluginopenpid`.
    Plugin,
}

/// One issued code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) value: String,
    pub(crate) kind: CodeKind,
    pub(crate) app_id: String,
    pub(crate) persona: String,
    /// Made on a snapshot page: the identity is a fake one.
    pub(crate) snapshot: bool,
    pub(crate) issued_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) used: bool,
}

/// Why a code was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeRefused {
    /// Unknown, of another account, or of another kind.
    Invalid,
    /// Past its life.
    Expired,
    /// Exchanged before.
    Used,
}

/// Codes remembered; the oldest are forgotten, and then unknown.
const KEPT: usize = 8192;

/// All codes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Codes {
    issued: BTreeMap<String, Code>,
}

/// What to make a code for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CodeRequest<'a> {
    pub(crate) kind: CodeKind,
    pub(crate) app_id: &'a str,
    pub(crate) persona: &'a str,
    pub(crate) snapshot: bool,
    /// Made long ago: expired from the start.
    pub(crate) expired: bool,
}

impl Codes {
    /// Makes a code.
    pub(crate) fn issue(
        &mut self,
        request: CodeRequest<'_>,
        settings: &Settings,
        random: &mut Random,
        now_ms: i64,
    ) -> String {
        let (value, life_s) = match request.kind {
            CodeKind::OAuth(Scope::Login) => (format!("0{}", random.alnum(31)), settings.qrconnect_code_lifetime_s),
            CodeKind::OAuth(_) => (format!("0{}", random.alnum(31)), settings.oauth_code_lifetime_s),
            CodeKind::Mini => (format!("0{}", random.alnum(31)), settings.mini_code_lifetime_s),
            CodeKind::Phone => (random.hex(64), settings.phone_code_lifetime_s),
            CodeKind::Plugin => (random.hex(64), settings.mini_code_lifetime_s),
        };
        let issued_ms = if request.expired { now_ms - life_s * 1000 } else { now_ms };
        self.issued.insert(
            value.clone(),
            Code {
                value: value.clone(),
                kind: request.kind,
                app_id: request.app_id.to_owned(),
                persona: request.persona.to_owned(),
                snapshot: request.snapshot,
                issued_ms,
                expires_ms: issued_ms + life_s * 1000,
                used: false,
            },
        );
        while self.issued.len() > KEPT {
            let Some(oldest) = self.issued.values().min_by_key(|code| code.issued_ms).map(|c| c.value.clone()) else {
                break;
            };
            self.issued.remove(&oldest);
        }
        value
    }

    /// Looks at a code without using it.
    pub(crate) fn peek(
        &self,
        value: &str,
        app_id: &str,
        fits: fn(CodeKind) -> bool,
        now_ms: i64,
    ) -> Result<&Code, CodeRefused> {
        let code = self.issued.get(value).ok_or(CodeRefused::Invalid)?;
        if code.app_id != app_id || !fits(code.kind) {
            return Err(CodeRefused::Invalid);
        }
        if code.used {
            return Err(CodeRefused::Used);
        }
        if code.expires_ms <= now_ms {
            return Err(CodeRefused::Expired);
        }
        Ok(code)
    }

    /// Uses a code: good once.
    pub(crate) fn take(
        &mut self,
        value: &str,
        app_id: &str,
        fits: fn(CodeKind) -> bool,
        now_ms: i64,
    ) -> Result<Code, CodeRefused> {
        self.peek(value, app_id, fits, now_ms)?;
        let code = self.issued.get_mut(value).ok_or(CodeRefused::Invalid)?;
        code.used = true;
        Ok(code.clone())
    }

    /// The code with this text, whatever its state.
    pub(crate) fn find(&self, value: &str) -> Option<&Code> {
        self.issued.get(value)
    }

    /// How many are remembered and how many were used.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.issued.len(), self.issued.values().filter(|code| code.used).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_mini(kind: CodeKind) -> bool {
        kind == CodeKind::Mini
    }

    #[test]
    fn a_code_works_once_in_time_for_its_account_and_kind() {
        let (mut codes, settings, mut random) = (Codes::default(), Settings::default(), Random::new(1));
        let request =
            CodeRequest { kind: CodeKind::Mini, app_id: "wx2", persona: "p", snapshot: false, expired: false };
        let code = codes.issue(request, &settings, &mut random, 0);
        assert_eq!(code.len(), 32);
        assert_eq!(codes.take(&code, "wx1", is_mini, 1), Err(CodeRefused::Invalid), "another account");
        assert_eq!(codes.take(&code, "wx2", |kind| kind == CodeKind::Phone, 1), Err(CodeRefused::Invalid));
        assert_eq!(codes.take(&code, "wx2", is_mini, 300_000), Err(CodeRefused::Expired));
        assert_eq!(codes.take(&code, "wx2", is_mini, 299_999).unwrap().persona, "p");
        assert_eq!(codes.take(&code, "wx2", is_mini, 299_999), Err(CodeRefused::Used));
        assert_eq!(codes.take("nothing", "wx2", is_mini, 0), Err(CodeRefused::Invalid));
        let old = codes.issue(CodeRequest { expired: true, ..request }, &settings, &mut random, 0);
        assert_eq!(codes.take(&old, "wx2", is_mini, 0), Err(CodeRefused::Expired));
    }

    #[test]
    fn phone_codes_are_sixty_four_hexadecimal_digits() {
        let (mut codes, settings, mut random) = (Codes::default(), Settings::default(), Random::new(1));
        let request =
            CodeRequest { kind: CodeKind::Phone, app_id: "wx2", persona: "p", snapshot: false, expired: false };
        let code = codes.issue(request, &settings, &mut random, 0);
        assert!(code.len() == 64 && code.chars().all(|c| c.is_ascii_hexdigit()));
    }
}
