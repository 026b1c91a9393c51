//! Who somebody is to an account: openid, unionid, and the fake identity of a snapshot page.

use super::World;
use super::account::Account;
use super::code::Code;
use super::ids;
use super::persona::Persona;
use super::user_token::Identity;

impl Account {
    /// This person's openid here.
    pub(crate) fn openid(&self, persona: &str) -> String {
        ids::openid(&self.app_id, persona)
    }

    /// This person's unionid, when the account is in an open-platform group.
    pub(crate) fn unionid(&self, persona: &str) -> Option<String> {
        self.group.as_ref().map(|group| ids::unionid(group, persona))
    }

    /// Who a code is about. A snapshot code is about nobody real, and about somebody else each time.
    pub(crate) fn identity(&self, code: &Code) -> Identity {
        let name =
            if code.snapshot { format!("snapshot:{}:{}", code.persona, code.value) } else { code.persona.clone() };
        Identity { openid: self.openid(&name), unionid: self.unionid(&name), snapshot: code.snapshot }
    }
}

impl World {
    /// The person with this openid at this account.
    pub(crate) fn person_of(&self, account: &Account, openid: &str) -> Option<&Persona> {
        self.people.iter().find(|persona| account.openid(&persona.id) == openid)
    }

    /// Whether this is somebody's openid at another account.
    pub(crate) fn is_known_elsewhere(&self, account: &Account, openid: &str) -> bool {
        let mut others = self.accounts.iter().filter(|other| other.app_id != account.app_id);
        others.any(|other| self.person_of(other, openid).is_some())
    }
}

impl Persona {
    /// The address of the picture; the last path segment is its size, as in the real ones.
    pub(crate) fn picture(&self, public_url: &str) -> String {
        self.headimgurl.clone().unwrap_or_else(|| format!("{public_url}/mmopen/{}/132", self.id))
    }
}
