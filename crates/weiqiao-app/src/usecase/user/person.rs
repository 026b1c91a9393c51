//! Who somebody is, as it lies in the database: sealed, found by blind indexes.
//!
//! Profile, openid and unionid are one sealed value, so that reading a person costs one decryption. It is not JSON: it is read
//! with nearly every page, and a few lengths are faster than a grammar.

use weiqiao_model::{AppId, OpenId, Profile, UnionId};
use weiqiao_store::facts::identity::SealedPerson;
use weiqiao_store::facts::login::SealedUnionId;

use crate::accounts::Account;
use crate::vault::{OpenError, Place, Vault};

/// Somebody, opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) openid: String,
    pub(crate) unionid: Option<String>,
    /// Empty while none is known.
    pub(crate) profile: Profile,
}

/// What of a person is shown from what is sealed, by the names it is shown under.
pub(crate) const PERSON: &[&str] =
    &["openid", "nickname", "headimgurl", "sex", "language", "country", "province", "city", "privilege", "unionid"];

/// Somebody, as a login stores them.
pub(crate) struct SealedLogin {
    pub(crate) openid_index: String,
    pub(crate) openid: Vec<u8>,
    pub(crate) unionid: Option<SealedUnionId>,
    pub(crate) profile: Option<Vec<u8>>,
}

/// By what an openid is found: the same in all tables, so that who is to be forgotten is found in all of them.
pub(crate) fn openid_index(vault: &Vault, app_id: &AppId, openid: &str) -> String {
    vault.fingerprint("openid", &[app_id.as_str(), openid])
}

/// By what a unionid is found: within the open-platform group, or within the appid when it belongs to none.
pub(crate) fn unionid_index(vault: &Vault, account: &Account, unionid: &str) -> String {
    let scope = account.group.as_deref().unwrap_or_else(|| account.app_id().as_str());
    vault.fingerprint("unionid", &[scope, unionid])
}

/// Seals what a login tells.
pub(crate) fn seal_login(
    vault: &Vault,
    account: &Account,
    openid: &OpenId,
    unionid: Option<&UnionId>,
    profile: Option<&Profile>,
) -> SealedLogin {
    let app_id = account.app_id();
    let openid_index = openid_index(vault, app_id, openid.as_str());
    let seal = |column, plain: &[u8]| vault.seal(place(column, &openid_index, app_id), plain);
    let unionid = unionid.map(UnionId::as_str);
    SealedLogin {
        openid: seal("openid", openid.as_str().as_bytes()),
        unionid: unionid.map(|unionid| SealedUnionId {
            index: unionid_index(vault, account, unionid),
            sealed: seal("unionid", unionid.as_bytes()),
        }),
        profile: profile.map(|profile| seal("profile", &encode(openid.as_str(), unionid, profile))),
        openid_index,
    }
}

/// Opens what [`seal_login`] sealed.
///
/// # Errors
///
/// See [`OpenError`].
pub(crate) fn open_person(
    vault: &Vault,
    app_id: &AppId,
    openid_index: &str,
    sealed: SealedPerson,
) -> Result<Person, OpenError> {
    let text = |column, sealed: &[u8]| vault.open_text(place(column, openid_index, app_id), sealed);
    let mut person = match sealed.profile {
        Some(mut profile) => {
            let plain = vault.open_here(place("profile", openid_index, app_id), &mut profile)?;
            decode(plain).ok_or(OpenError::Malformed)?
        }
        None => {
            let openid = sealed.openid.ok_or(OpenError::Malformed)?;
            Person { openid: text("openid", &openid)?.as_str().to_owned(), ..Person::default() }
        }
    };
    if let Some(unionid) = sealed.unionid {
        person.unionid = Some(text("unionid", &unionid)?.as_str().to_owned());
    }
    Ok(person)
}

/// The openid of a session's identity.
///
/// # Errors
///
/// As [`open_person`].
pub(crate) fn open_openid(
    vault: &Vault,
    app_id: &AppId,
    openid_index: &str,
    sealed: &[u8],
) -> Result<OpenId, OpenError> {
    Ok(OpenId::new(vault.open_text(place("openid", openid_index, app_id), sealed)?.as_str()))
}

/// Where the openid of a person is sealed for.
pub(crate) fn openid_place<'a>(openid_index: &'a str, app_id: &'a AppId) -> Place<'a> {
    place("openid", openid_index, app_id)
}

/// Where something about a person is sealed for.
pub(super) fn place<'a>(column: &'static str, openid_index: &'a str, app_id: &'a AppId) -> Place<'a> {
    Place::new("identity", column, openid_index, app_id.as_str())
}

const VERSION: u8 = 1;

/// Version, sex, then texts with their lengths in front; what is left are the privileges.
fn encode(openid: &str, unionid: Option<&str>, profile: &Profile) -> Vec<u8> {
    let Profile { nickname, headimgurl, sex, language, country, province, city, privilege } = profile;
    let texts = [openid, unionid.unwrap_or_default(), nickname, headimgurl, language, country, province, city];
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&sex.to_be_bytes());
    for text in texts.into_iter().chain(privilege.iter().map(String::as_str)) {
        // Texts of WeChat have some thousand bytes at most; what does not fit into 4 GiB is left out.
        let text = if u32::try_from(text.len()).is_ok() { text } else { "" };
        bytes.extend_from_slice(&u32::try_from(text.len()).unwrap_or_default().to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

fn decode(bytes: &[u8]) -> Option<Person> {
    let (&VERSION, rest) = bytes.split_first()? else { return None };
    let (sex, mut rest) = rest.split_first_chunk()?;
    let mut next = || {
        let (len, after) = rest.split_first_chunk()?;
        let (text, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?)?;
        rest = after;
        std::str::from_utf8(text).ok().map(str::to_owned)
    };
    let (openid, unionid) = (next()?, next()?);
    let mut profile = Profile {
        nickname: next()?,
        headimgurl: next()?,
        sex: i64::from_be_bytes(*sex),
        language: next()?,
        country: next()?,
        province: next()?,
        city: next()?,
        privilege: Vec::new(),
    };
    profile.privilege.extend(std::iter::from_fn(next));
    rest.is_empty().then_some(Person { openid, unionid: Some(unionid).filter(|unionid| !unionid.is_empty()), profile })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(privilege: &[&str]) -> Profile {
        Profile {
            nickname: "小明 \u{1F468}\u{200D}\u{1F469}".into(),
            headimgurl: "https://thirdwx.qlogo.cn/x/132".into(),
            sex: -1,
            language: "zh_CN".into(),
            country: "中国".into(),
            province: String::new(),
            city: "广州".into(),
            privilege: privilege.iter().map(|&word| word.to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        for privilege in [&[][..], &["chinaunicom"], &["a", "", "b"]] {
            for unionid in [None, Some("union-1")] {
                let profile = profile(privilege);
                let person =
                    Person { openid: "oABC".into(), unionid: unionid.map(Into::into), profile: profile.clone() };
                assert_eq!(decode(&encode("oABC", unionid, &profile)), Some(person));
            }
        }
    }

    #[test]
    fn what_is_cut_or_of_another_version_is_refused() {
        let bytes = encode("oABC", Some("union-1"), &profile(&[]));
        for end in 0..bytes.len() {
            assert_eq!(decode(&bytes[..end]), None, "{end}");
        }
        let mut other = bytes.clone();
        other[0] = 2;
        assert_eq!(decode(&other), None);
        assert_eq!(decode(&[&bytes[..], &[0]].concat()), None);
    }
}
