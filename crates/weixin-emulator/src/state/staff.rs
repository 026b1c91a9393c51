//! The staff of customer service: names customers read, and the people who stand behind them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Somebody asked to stand behind a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Invitation {
    /// The person, whose WeChat name here is the id.
    pub(crate) persona: String,
    /// Epoch milliseconds.
    pub(crate) expires_ms: i64,
    pub(crate) rejected: bool,
}

impl Invitation {
    /// WeChat's word for what became of it.
    pub(crate) fn status(&self, now_ms: i64) -> &'static str {
        match (self.rejected, self.expires_ms > now_ms) {
            (true, _) => "rejected",
            (false, true) => "waiting",
            (false, false) => "expired",
        }
    }
}

/// One member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) kf_account: String,
    pub(crate) kf_id: i64,
    pub(crate) nickname: String,
    /// The kept file with the picture.
    pub(crate) picture: Option<String>,
    /// The person behind it.
    pub(crate) persona: Option<String>,
    pub(crate) online: bool,
    pub(crate) invitation: Option<Invitation>,
}

/// Why something cannot be done, by WeChat's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i64)]
pub(crate) enum StaffError {
    Unknown = 65401,
    Unbound = 65402,
    Nickname = 65403,
    Malformed = 65404,
    TooMany = 65405,
    Exists = 65406,
    WorksHere = 65407,
    InvitedElsewhere = 65408,
    NoSuchPerson = 65409,
    Pending = 65411,
    Taken = 65412,
}

/// What the person does about a place on the staff, on the phone or at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StaffAct {
    /// Accepts the invitation, and is online.
    Accept,
    /// Refuses it.
    Reject,
    /// Comes to the desk.
    Online,
    /// Leaves it.
    Offline,
}

const MOST: usize = 100;
const LONGEST_NICKNAME: usize = 16;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Desk {
    hired: i64,
    members: Vec<Member>,
}

/// The staff of all accounts, by appid.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Staff {
    of: BTreeMap<String, Desk>,
}

/// Whether this is `name@suffix` with one of the suffixes of the account.
fn well_formed(kf_account: &str, suffixes: &[&str]) -> bool {
    kf_account.split_once('@').is_some_and(|(name, suffix)| {
        (1..=10).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && suffixes.contains(&suffix)
    })
}

fn check_nickname(nickname: &str) -> Result<(), StaffError> {
    let fits = (1..=LONGEST_NICKNAME).contains(&nickname.chars().count());
    if fits { Ok(()) } else { Err(StaffError::Nickname) }
}

impl Staff {
    /// Everybody on the staff of an account, in the order they were added.
    pub(crate) fn list(&self, app_id: &str) -> &[Member] {
        self.of.get(app_id).map_or(&[], |desk| desk.members.as_slice())
    }

    pub(crate) fn find(&self, app_id: &str, kf_account: &str) -> Result<&Member, StaffError> {
        self.list(app_id).iter().find(|member| member.kf_account == kf_account).ok_or(StaffError::Unknown)
    }

    pub(crate) fn find_mut(&mut self, app_id: &str, kf_account: &str) -> Result<&mut Member, StaffError> {
        let desk = self.of.get_mut(app_id).ok_or(StaffError::Unknown)?;
        desk.members.iter_mut().find(|member| member.kf_account == kf_account).ok_or(StaffError::Unknown)
    }

    /// Adds a member whose account ends with `@` and one of these names of the official account.
    pub(crate) fn add(
        &mut self,
        app_id: &str,
        kf_account: &str,
        nickname: &str,
        suffixes: &[&str],
    ) -> Result<(), StaffError> {
        if !well_formed(kf_account, suffixes) {
            return Err(StaffError::Malformed);
        }
        check_nickname(nickname)?;
        if self.find(app_id, kf_account).is_ok() {
            return Err(StaffError::Exists);
        }
        let desk = self.of.entry(app_id.to_owned()).or_default();
        if desk.members.len() >= MOST {
            return Err(StaffError::TooMany);
        }
        desk.hired += 1;
        desk.members.push(Member {
            kf_account: kf_account.to_owned(),
            kf_id: 1000 + desk.hired,
            nickname: nickname.to_owned(),
            picture: None,
            persona: None,
            online: false,
            invitation: None,
        });
        Ok(())
    }

    pub(crate) fn rename(&mut self, app_id: &str, kf_account: &str, nickname: &str) -> Result<(), StaffError> {
        check_nickname(nickname)?;
        nickname.clone_into(&mut self.find_mut(app_id, kf_account)?.nickname);
        Ok(())
    }

    pub(crate) fn remove(&mut self, app_id: &str, kf_account: &str) -> Result<(), StaffError> {
        self.find(app_id, kf_account)?;
        if let Some(desk) = self.of.get_mut(app_id) {
            desk.members.retain(|member| member.kf_account != kf_account);
        }
        Ok(())
    }

    /// Asks a person to stand behind a member, for so many seconds.
    pub(crate) fn invite(
        &mut self,
        app_id: &str,
        kf_account: &str,
        persona: &str,
        lifetime_s: i64,
        now_ms: i64,
    ) -> Result<(), StaffError> {
        let waiting = |member: &Member| {
            member.invitation.as_ref().filter(|it| it.status(now_ms) == "waiting").map(|it| it.persona.clone())
        };
        let member = self.find(app_id, kf_account)?;
        if member.persona.is_some() {
            return Err(StaffError::Taken);
        }
        if waiting(member).is_some() {
            return Err(StaffError::Pending);
        }
        let works = |member: &Member| member.persona.as_deref() == Some(persona);
        if self.list(app_id).iter().any(works) {
            return Err(StaffError::WorksHere);
        }
        if self.list(app_id).iter().any(|member| waiting(member).as_deref() == Some(persona)) {
            return Err(StaffError::InvitedElsewhere);
        }
        let expires_ms = now_ms + lifetime_s * 1000;
        self.find_mut(app_id, kf_account)?.invitation =
            Some(Invitation { persona: persona.to_owned(), expires_ms, rejected: false });
        Ok(())
    }

    /// The person acts; says why not when there is nothing to act on.
    pub(crate) fn act(
        &mut self,
        app_id: &str,
        kf_account: &str,
        persona: &str,
        act: StaffAct,
        now_ms: i64,
    ) -> Result<&Member, &'static str> {
        let member = self.find_mut(app_id, kf_account).map_err(|_| "there is no such kf_account")?;
        match act {
            StaffAct::Accept | StaffAct::Reject => {
                let invitation = member.invitation.as_mut();
                let open = invitation.filter(|it| it.persona == persona && it.status(now_ms) == "waiting");
                let invitation = open.ok_or("this person has no open invitation to it")?;
                if act == StaffAct::Reject {
                    invitation.rejected = true;
                } else {
                    member.persona = Some(persona.to_owned());
                    member.online = true;
                    member.invitation = None;
                }
            }
            StaffAct::Online | StaffAct::Offline => {
                if member.persona.as_deref() != Some(persona) {
                    return Err("this person does not stand behind it");
                }
                member.online = act == StaffAct::Online;
            }
        }
        Ok(member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: &str = "wx1";

    fn staffed() -> Staff {
        let mut staff = Staff::default();
        for name in ["a@gh_1", "b@gh_1"] {
            staff.add(ME, name, "客服", &["gh_1"]).unwrap();
        }
        staff
    }

    #[test]
    fn names_are_short_and_end_with_the_account() {
        let mut staff = staffed();
        for bad in ["a", "@gh_1", "elevenchars@gh_1", "a-b@gh_1", "客@gh_1", "c@gh_2", "c@gh_1@gh_1"] {
            assert_eq!(staff.add(ME, bad, "n", &["gh_1"]), Err(StaffError::Malformed), "{bad}");
        }
        staff.add(ME, "ten_chars_@gh_1", &"长".repeat(16), &["gh_1"]).unwrap();
        for bad in ["", "12345678901234567"] {
            assert_eq!(staff.add(ME, "c@gh_1", bad, &["gh_1"]), Err(StaffError::Nickname));
            assert_eq!(staff.rename(ME, "a@gh_1", bad), Err(StaffError::Nickname));
        }
        assert_eq!(staff.add(ME, "a@gh_1", "n", &["gh_1"]), Err(StaffError::Exists));
        assert_eq!(staff.rename(ME, "z@gh_1", "n"), Err(StaffError::Unknown));
    }

    #[test]
    fn a_hundred_and_no_number_twice() {
        let mut staff = staffed();
        for n in 2..100 {
            staff.add(ME, &format!("n{n}@gh_1"), "n", &["gh_1"]).unwrap();
        }
        assert_eq!(staff.add(ME, "more@gh_1", "n", &["gh_1"]), Err(StaffError::TooMany));
        staff.remove(ME, "b@gh_1").unwrap();
        assert_eq!(staff.remove(ME, "b@gh_1"), Err(StaffError::Unknown));
        staff.add(ME, "more@gh_1", "n", &["gh_1"]).unwrap();
        assert_eq!(staff.find(ME, "more@gh_1").unwrap().kf_id, 1101);
        assert!(staff.list("wx2").is_empty());
    }

    #[test]
    fn one_person_one_place_and_an_invitation_ends() {
        let mut staff = staffed();
        staff.invite(ME, "a@gh_1", "li", 60, 0).unwrap();
        assert_eq!(staff.invite(ME, "a@gh_1", "wang", 60, 0), Err(StaffError::Pending));
        assert_eq!(staff.invite(ME, "b@gh_1", "li", 60, 0), Err(StaffError::InvitedElsewhere));
        assert!(staff.act(ME, "a@gh_1", "li", StaffAct::Accept, 60_000).is_err(), "too late");
        assert_eq!(staff.find(ME, "a@gh_1").unwrap().invitation.as_ref().unwrap().status(60_000), "expired");
        staff.invite(ME, "a@gh_1", "li", 60, 60_000).unwrap();
        assert!(staff.act(ME, "a@gh_1", "wang", StaffAct::Accept, 60_001).is_err(), "not asked");
        staff.act(ME, "a@gh_1", "li", StaffAct::Accept, 60_001).unwrap();
        assert_eq!(staff.invite(ME, "a@gh_1", "wang", 60, 60_002), Err(StaffError::Taken));
        assert_eq!(staff.invite(ME, "b@gh_1", "li", 60, 60_002), Err(StaffError::WorksHere));
        staff.invite(ME, "b@gh_1", "wang", 60, 60_002).unwrap();
        staff.act(ME, "b@gh_1", "wang", StaffAct::Reject, 60_003).unwrap();
        assert_eq!(staff.find(ME, "b@gh_1").unwrap().invitation.as_ref().unwrap().status(60_003), "rejected");
        assert!(staff.act(ME, "b@gh_1", "wang", StaffAct::Online, 60_004).is_err(), "does not work here");
        assert!(!staff.act(ME, "a@gh_1", "li", StaffAct::Offline, 60_004).unwrap().online);
        assert!(staff.act(ME, "a@gh_1", "li", StaffAct::Online, 60_005).unwrap().online);
    }
}
