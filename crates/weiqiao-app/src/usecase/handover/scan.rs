//! A phone opens the QR code.

use weiqiao_store::facts::handover::{HandoverStatus, ScanHandover};

use super::{AboutComputer, about, find, invalid};
use crate::App;
use crate::digest::digest;
use crate::error::Result;

/// What the phone shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannedHandover {
    /// What people call the instance.
    pub title: String,
    /// The appid the phone's session has to be of.
    pub app_id: String,
    /// The computer.
    pub about: AboutComputer,
    /// When it showed the QR code, epoch milliseconds.
    pub begun_at: i64,
    /// Three numbers to pick from; one of them is on the computer's screen. The same at every look.
    pub numbers: [u8; 3],
}

/// Lets the computer know, and tells the phone what it is asked.
///
/// # Errors
///
/// `NotFound` for an unknown instance; `Invalid` with code `HANDOVER_INVALID` when there is nothing to confirm any more;
/// `Unavailable` when the database is down.
pub async fn scan_handover(app: &App, instance: &str, ticket: &str) -> Result<ScannedHandover> {
    let instance = app.instances().named(instance)?;
    let now = app.now_ms();
    let found = find(app, instance, ticket).await?.filter(|found| !found.is_over(now)).ok_or_else(invalid)?;
    match found.stored.status {
        HandoverStatus::Waiting => {
            app.store().run(ScanHandover { hash: found.hash.clone(), now }).await?;
        }
        HandoverStatus::Scanned => {}
        HandoverStatus::Confirmed | HandoverStatus::Declined => return Err(invalid()),
    }
    let about = about(app, instance, &found)?;
    Ok(ScannedHandover {
        title: instance.title.clone(),
        app_id: instance.account.app_id().as_str().to_owned(),
        numbers: numbers(&found.hash, about.number),
        about,
        begun_at: found.stored.created_at,
    })
}

/// The true number among two others, in an order that only the hash decides.
fn numbers(hash: &str, number: u8) -> [u8; 3] {
    let digest = digest("handover numbers", &[hash]);
    let mut chance = digest.bytes();
    let mut next = |below: u8| {
        let (high, low) = (chance.next().unwrap_or_default(), chance.next().unwrap_or_default());
        high.wrapping_mul(16).wrapping_add(low) % below
    };
    // 1 to 44 and 45 to 88 further on, in the circle of the 90 numbers: three different ones.
    let (near, far) = (1 + next(44), 45 + next(44));
    let moved = |by: u8| 10 + (number - 10 + by) % 90;
    let (one, other) = (moved(near), moved(far));
    match next(3) {
        0 => [number, one, other],
        1 => [one, number, other],
        _ => [one, other, number],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_different_numbers_of_two_digits_the_true_one_anywhere() {
        let mut places = [0_u32; 3];
        for number in 10..=99 {
            for salt in 0..20 {
                let picks = numbers(&format!("{salt}"), number);
                assert!(picks.iter().all(|pick| (10..=99).contains(pick)), "{picks:?}");
                assert!(picks[0] != picks[1] && picks[1] != picks[2] && picks[0] != picks[2], "{picks:?}");
                places[picks.iter().position(|pick| *pick == number).unwrap()] += 1;
                assert_eq!(picks, numbers(&format!("{salt}"), number), "the same at every look");
            }
        }
        assert!(places.iter().all(|count| *count > 0), "{places:?}");
    }
}
