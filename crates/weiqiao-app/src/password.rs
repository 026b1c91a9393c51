//! Passwords of staff: Argon2id, at most two at a time.
//!
//! One hash costs 19 MiB and some 20 ms of one core. Two run at once, sixteen wait, the rest is told to come back: a
//! flood of guesses cannot take the computer away from everybody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use weiqiao_model::{Rng, random_bytes};
use zeroize::Zeroizing;

use crate::error::{AppError, ErrorKind, Result, code};

/// Memory of one hash in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Threads of one hash.
const LANES: u32 = 1;
/// Hashes that run at once.
const AT_ONCE: usize = 2;
/// Hashes that may wait beyond those.
const QUEUE: usize = 16;

/// The shortest password that can be set, in characters.
pub const MIN_CHARACTERS: usize = 12;
/// The longest password that can be set or tried, in characters.
pub const MAX_CHARACTERS: usize = 128;

/// Hashes and verifies. Cheap to clone; all clones share the limit.
#[derive(Clone)]
pub struct Passwords {
    inner: Arc<Inner>,
}

struct Inner {
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    rng: Arc<dyn Rng>,
    /// What no password has as its hash: verified in place of a user who does not exist, so both take as long.
    decoy: String,
}

impl Passwords {
    /// Computes no hash: a start neither waits for one nor keeps its memory.
    ///
    /// # Errors
    ///
    /// Only a bug: the parameters are constants.
    pub fn new(rng: Arc<dyn Rng>) -> Result<Self> {
        let decoy = decoy(&*rng)?;
        let inner = Inner { running: Arc::new(Semaphore::new(AT_ONCE)), waiting: AtomicUsize::new(0), rng, decoy };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The PHC text to store for a new password.
    ///
    /// # Errors
    ///
    /// `Invalid` when it is too short, too long or one everybody tries first; `TooMany` when the queue is full.
    pub async fn hash(&self, password: &str) -> Result<String> {
        check_strength("password", password)?;
        let salt = salt(&*self.inner.rng);
        let password = Zeroizing::new(password.as_bytes().to_vec());
        self.run(move || hash_now(&password, &salt)).await?
    }

    /// Whether the password belongs to the stored PHC text. `None` stands for a user who does not exist: it takes as
    /// long and is always false.
    ///
    /// # Errors
    ///
    /// `TooMany` when the queue is full; `Internal` when the stored text is damaged.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        self.place()?.verify(password, stored).await
    }

    /// A place in the queue, for whoever has something to do before the password is verified.
    ///
    /// # Errors
    ///
    /// `TooMany` when the queue is full.
    pub fn place(&self) -> Result<QueuePlace<'_>> {
        let place = QueuePlace(&self.inner);
        if self.inner.waiting.fetch_add(1, Ordering::Relaxed) >= AT_ONCE + QUEUE {
            return Err(busy());
        }
        Ok(place)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        self.place()?.run(work).await
    }
}

/// A place among those running and waiting; given back when dropped, also when the caller goes away.
pub struct QueuePlace<'a>(&'a Inner);

impl QueuePlace<'_> {
    /// [`Passwords::verify`] in this place.
    ///
    /// # Errors
    ///
    /// `Internal` when the stored text is damaged.
    pub async fn verify(self, password: &str, stored: Option<&str>) -> Result<bool> {
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.0.decoy).to_owned();
        let password = Zeroizing::new(password.as_bytes().to_vec());
        let matches = self.run(move || verify_now(&password, &stored)).await??;
        Ok(known && matches)
    }

    async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit = Arc::clone(&self.0.running).acquire_owned().await.map_err(AppError::internal)?;
        // The permit goes along: a caller who leaves does not make room before the hash is done.
        let hash = move || {
            let done = work();
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(hash).await.map_err(AppError::internal)
    }
}

impl std::fmt::Debug for QueuePlace<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QueuePlace")
    }
}

impl Drop for QueuePlace<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

fn busy() -> AppError {
    let retry_after = Duration::from_secs(1);
    AppError::new(ErrorKind::TooMany { retry_after }, code::TOO_MANY_REQUESTS, "当前登录人数过多，请稍后再试")
}

/// # Errors
///
/// `Invalid` with the rule that is broken and the `field` the password came in. No rules about kinds of characters: length is
/// what counts.
pub fn check_strength(field: &'static str, password: &str) -> Result<()> {
    let characters = password.chars().count();
    if !(MIN_CHARACTERS..=MAX_CHARACTERS).contains(&characters) {
        let text = format!("密码长度必须为 {MIN_CHARACTERS} 到 {MAX_CHARACTERS} 个字符");
        return Err(AppError::field(field, "length", text));
    }
    let lower = password.to_lowercase();
    let mut letters = lower.chars();
    let first = letters.next();
    let one_letter = letters.all(|letter| Some(letter) == first);
    if one_letter || COMMON.iter().any(|common| lower.trim_matches(|c: char| !c.is_alphanumeric()) == *common) {
        return Err(AppError::field(field, "common", "这个密码太常见，请换一个"));
    }
    Ok(())
}

/// What is tried first, of the lengths that are allowed at all.
const COMMON: [&str; 22] = [
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789123",
    "123123123123",
    "112233445566",
    "password1234",
    "password12345",
    "passwordpassword",
    "qwertyuiop123",
    "qwertyuiop12",
    "qwertyuiopas",
    "qwertyuiop[]",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abcdefghijkl",
    "abcd12345678",
    "administrator",
    "adminadminadmin",
    "iloveyou1234",
    "woaini1314520",
    "weiqiao123456",
];

const ALGORITHM: Algorithm = Algorithm::Argon2id;
const VERSION: Version = Version::V0x13;

fn params() -> Result<Params> {
    Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(AppError::internal)
}

fn argon2() -> Result<Argon2<'static>> {
    Ok(Argon2::new(ALGORITHM, VERSION, params()?))
}

fn salt(rng: &dyn Rng) -> [u8; 16] {
    random_bytes(rng)
}

/// A stored text like any other, but for its hash, which is random.
fn decoy(rng: &dyn Rng) -> Result<String> {
    let decoy = PasswordHash {
        algorithm: ALGORITHM.ident(),
        version: Some(VERSION.into()),
        params: ParamsString::try_from(&params()?).map_err(AppError::internal)?,
        salt: Some(Salt::new(&salt(rng)).map_err(AppError::internal)?),
        hash: Some(Output::new(&random_bytes::<32>(rng)).map_err(AppError::internal)?),
    };
    Ok(decoy.to_string())
}

fn hash_now(password: &[u8], salt: &[u8]) -> Result<String> {
    let hash = argon2()?.hash_password_with_salt(password, salt);
    hash.map(|hash| hash.to_string()).map_err(|error| AppError::internal(error.to_string()))
}

fn verify_now(password: &[u8], stored: &str) -> Result<bool> {
    let stored = PasswordHash::new(stored).map_err(|error| AppError::internal(error.to_string()))?;
    Ok(argon2()?.verify_password(password, &stored).is_ok())
}

#[cfg(test)]
mod tests {
    use weiqiao_model::SeededRng;

    use super::*;

    fn passwords() -> Passwords {
        Passwords::new(Arc::new(SeededRng::new(1))).unwrap()
    }

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let passwords = passwords();
        let stored = passwords.hash("correct horse battery").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.verify("correct horse battery", Some(&stored)).await.unwrap());
        assert!(!passwords.verify("correct horse batterx", Some(&stored)).await.unwrap());
        assert!(!passwords.verify("", Some(&stored)).await.unwrap());
        assert_ne!(stored, passwords.hash("correct horse battery").await.unwrap(), "every hash has its own salt");
    }

    #[tokio::test]
    async fn nobody_has_no_password_and_it_takes_as_long_to_see_that() {
        let passwords = passwords();
        assert!(!passwords.verify("anything at all", None).await.unwrap());
        let cost = |stored: &str| {
            let stored = PasswordHash::new(stored).unwrap();
            let lengths = (stored.salt.unwrap().len(), stored.hash.unwrap().len());
            (stored.algorithm, stored.version, stored.params, lengths)
        };
        assert_eq!(cost(&passwords.inner.decoy), cost(&passwords.hash("correct horse battery").await.unwrap()));
    }

    #[tokio::test]
    async fn weak_passwords_are_refused() {
        let passwords = passwords();
        for weak in ["", "short", "11111111111", "aaaaaaaaaaaa", "Password1234", "Password1234!", &"x".repeat(129)] {
            let error = passwords.hash(weak).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Invalid(_)), "{weak}");
        }
        assert!(check_strength("password", "一二三四五六七八九十百千").is_ok());
    }

    #[tokio::test]
    async fn a_flood_is_told_to_come_back() {
        let passwords = passwords();
        let tries = futures_util::future::join_all((0..40).map(|_| passwords.verify("guess", None))).await;
        let refused = tries.iter().filter(|answer| answer.is_err()).count();
        assert_eq!(refused, 40 - AT_ONCE - QUEUE);
        assert!(passwords.verify("guess", None).await.is_ok(), "afterwards there is room again");
    }

    #[tokio::test]
    async fn a_damaged_hash_is_an_error_and_not_a_refusal() {
        assert!(passwords().verify("x", Some("not a hash")).await.is_err());
    }
}
