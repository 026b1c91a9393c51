//! Failures on demand: an exact queue first, then probabilities.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::random::Random;

/// A failure to inject. Fields left out do nothing.
///
/// With `times` it hits exactly the next so many calls; with `probability` each call with that chance; with neither,
/// the next call only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// Given by the emulator.
    pub id: u64,
    /// The path it hits, exactly; with `*` at the end every path that begins so.
    pub path: String,
    /// Only calls of this account (handle or appid).
    pub account: Option<String>,
    /// How many calls are left to hit.
    pub times: Option<u32>,
    /// Chance per call, 0.0–1.0.
    pub probability: Option<f64>,
    /// Lets this many matching calls pass before it begins.
    pub skip: u32,
    /// Answer with this errcode.
    pub errcode: Option<i64>,
    /// The text for it; WeChat's own when left out.
    pub errmsg: Option<String>,
    /// HTTP status; 200 when left out.
    pub status: Option<u16>,
    /// Answer with this text, byte for byte.
    pub body: Option<String>,
    /// Answer with these bytes, Base64; wins over `body`.
    pub body_base64: Option<String>,
    /// Content type of the answer.
    pub content_type: Option<String>,
    /// Real milliseconds to wait before answering.
    pub delay_ms: u64,
    /// Drop the connection instead of answering.
    pub reset: bool,
    /// Send this many bytes of the answer's body, though announcing all of it, and then drop the connection.
    pub cut_at: Option<usize>,
    /// Change these fields of the real answer, which comes of real work; `null` takes one away (JSON merge patch).
    pub patch: Option<Map<String, Value>>,
    /// Put these bytes before the answer, Base64.
    pub prefix_base64: Option<String>,
    /// Put these bytes behind the answer, Base64.
    pub suffix_base64: Option<String>,
    /// Announce a body of this many bytes. What is missing never comes and the connection is dropped; what is too much is cut.
    pub announce: Option<usize>,
    /// Send the body byte by byte, with this many real milliseconds between two.
    pub drip_ms: u64,
    /// Do the work first, then fail. Without it, nothing happens to the state.
    pub deliver: bool,
}

impl Fault {
    /// A fault on this path that does nothing yet and hits the next call only.
    #[must_use]
    pub fn on(path: impl Into<String>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    /// Hits exactly the next `n` calls.
    #[must_use]
    pub fn times(mut self, n: u32) -> Self {
        self.times = Some(n);
        self
    }

    /// Hits each call with this chance, 0.0–1.0.
    #[must_use]
    pub fn probability(mut self, chance: f64) -> Self {
        self.probability = Some(chance);
        self
    }

    /// Answers with this errcode.
    #[must_use]
    pub fn errcode(mut self, errcode: i64) -> Self {
        self.errcode = Some(errcode);
        self
    }

    /// Answers with this HTTP status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Answers with exactly these bytes.
    #[must_use]
    pub fn body(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.body_base64 = Some(STANDARD.encode(bytes));
        self
    }

    /// Waits this many real milliseconds before answering.
    #[must_use]
    pub fn delay_ms(mut self, ms: u64) -> Self {
        self.delay_ms = ms;
        self
    }

    /// Drops the connection instead of answering.
    #[must_use]
    pub fn reset(mut self) -> Self {
        self.reset = true;
        self
    }

    /// Cuts the answer after this many bytes of its body.
    #[must_use]
    pub fn cut_at(mut self, bytes: usize) -> Self {
        self.cut_at = Some(bytes);
        self
    }

    /// Changes these fields of the real answer; `null` takes one away. Anything but an object changes nothing.
    #[must_use]
    pub fn patch(mut self, fields: Value) -> Self {
        self.patch = if let Value::Object(fields) = fields { Some(fields) } else { None };
        self
    }

    /// Puts these bytes around the answer.
    #[must_use]
    pub fn around(mut self, prefix: impl AsRef<[u8]>, suffix: impl AsRef<[u8]>) -> Self {
        self.prefix_base64 = Some(STANDARD.encode(prefix));
        self.suffix_base64 = Some(STANDARD.encode(suffix));
        self
    }

    /// Announces a body of this many bytes, whatever its length.
    #[must_use]
    pub fn announce(mut self, bytes: usize) -> Self {
        self.announce = Some(bytes);
        self
    }

    /// Sends the body byte by byte, with this many real milliseconds between two.
    #[must_use]
    pub fn drip_ms(mut self, ms: u64) -> Self {
        self.drip_ms = ms;
        self
    }

    /// Does the work first, then fails.
    #[must_use]
    pub fn deliver(mut self) -> Self {
        self.deliver = true;
        self
    }

    /// Only calls of this account.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Lets this many matching calls pass first.
    #[must_use]
    pub fn skip(mut self, calls: u32) -> Self {
        self.skip = calls;
        self
    }

    /// The bytes this fault answers with, if it names any.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        match (&self.body_base64, &self.body) {
            (Some(encoded), _) => STANDARD.decode(encoded).ok(),
            (None, Some(text)) => Some(text.clone().into_bytes()),
            (None, None) => None,
        }
    }

    /// The answer with everything this fault changes about it.
    pub(crate) fn changed(&self, mut answer: Vec<u8>) -> Vec<u8> {
        if let Some(patch) = &self.patch {
            answer = crate::patch::merge(&answer, patch);
        }
        let bytes = |encoded: &Option<String>| encoded.as_ref().and_then(|text| STANDARD.decode(text).ok());
        if let Some(mut prefix) = bytes(&self.prefix_base64) {
            prefix.append(&mut answer);
            answer = prefix;
        }
        answer.extend(bytes(&self.suffix_base64).unwrap_or_default());
        answer
    }

    /// Whether it replaces the answer (a pure delay or cut leaves it as it is).
    pub(crate) fn replaces(&self) -> bool {
        self.errcode.is_some()
            || self.status.is_some()
            || self.body.is_some()
            || self.body_base64.is_some()
            || self.reset
    }

    fn check(&self) -> Result<(), String> {
        if !self.path.starts_with('/') {
            return Err("path must begin with /".to_owned());
        }
        if self.path.starts_with("/_emulator") {
            return Err("path must not be in the control API".to_owned());
        }
        if self.probability.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
            return Err("probability must be between 0.0 and 1.0".to_owned());
        }
        if self.times.is_some() && self.probability.is_some() {
            return Err("give times or probability, not both".to_owned());
        }
        if self.times == Some(0) {
            return Err("times must be at least 1".to_owned());
        }
        if self.status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err("status must be 200–599".to_owned());
        }
        for (name, text) in [
            ("body_base64", &self.body_base64),
            ("prefix_base64", &self.prefix_base64),
            ("suffix_base64", &self.suffix_base64),
        ] {
            if text.as_ref().is_some_and(|text| STANDARD.decode(text).is_err()) {
                return Err(format!("{name} is not Base64"));
            }
        }
        if self.patch.is_some() && self.replaces() && !self.deliver {
            return Err("patch changes the real answer: give it alone, or with deliver".to_owned());
        }
        if self.drip_ms > 10_000 {
            return Err("drip_ms must be at most 10000".to_owned());
        }
        if self.content_type.as_ref().is_some_and(|text| http::HeaderValue::from_str(text).is_err()) {
            return Err("content_type is not a header value".to_owned());
        }
        if self.delay_ms > 600_000 {
            return Err("delay_ms must be at most 600000".to_owned());
        }
        let changes = self.patch.is_some() || self.prefix_base64.is_some() || self.suffix_base64.is_some();
        let sends = self.delay_ms > 0 || self.drip_ms > 0 || self.cut_at.is_some() || self.announce.is_some();
        if !self.replaces() && !changes && !sends {
            return Err(
                "it does nothing: give errcode, status, body, patch, prefix_base64, suffix_base64, delay_ms, drip_ms, reset, \
                 cut_at or announce"
                    .to_owned(),
            );
        }
        Ok(())
    }

    fn matches(&self, path: &str, account: Option<(&str, &str)>) -> bool {
        let path_fits = match self.path.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == self.path,
        };
        let account_fits = self
            .account
            .as_ref()
            .is_none_or(|wanted| account.is_some_and(|(name, app_id)| wanted == name || wanted == app_id));
        path_fits && account_fits
    }
}

/// All pending faults.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    next: u64,
    list: Vec<Fault>,
}

impl Faults {
    /// Adds a fault and gives its id.
    ///
    /// # Errors
    /// A sentence saying what is wrong with it.
    pub(crate) fn add(&mut self, mut fault: Fault) -> Result<Fault, String> {
        fault.check()?;
        if fault.times.is_none() && fault.probability.is_none() {
            fault.times = Some(1);
        }
        self.next += 1;
        fault.id = self.next;
        self.list.push(fault.clone());
        Ok(fault)
    }

    /// The fault this call meets: the first exact one, otherwise the first whose chance falls.
    pub(crate) fn pick(&mut self, path: &str, account: Option<(&str, &str)>, random: &mut Random) -> Option<Fault> {
        let exact = self.list.iter().position(|fault| fault.times.is_some() && fault.matches(path, account));
        if let Some(fault) = exact.and_then(|at| self.list.get_mut(at)) {
            if fault.skip > 0 {
                fault.skip -= 1;
                return None;
            }
            let left = fault.times.unwrap_or(1).saturating_sub(1);
            fault.times = Some(left);
            let hit = fault.clone();
            self.list.retain(|fault| fault.times != Some(0));
            return Some(hit);
        }
        let chances = self.list.iter_mut().filter(|fault| fault.probability.is_some() && fault.matches(path, account));
        for fault in chances {
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if fault.probability.is_some_and(|chance| random.unit() < chance) {
                return Some(fault.clone());
            }
        }
        None
    }

    /// Pending faults in their order.
    pub(crate) fn list(&self) -> &[Fault] {
        &self.list
    }

    /// Removes one (`Some`) or all faults; how many went.
    pub(crate) fn remove(&mut self, id: Option<u64>) -> usize {
        let before = self.list.len();
        self.list.retain(|fault| id.is_some_and(|id| fault.id != id));
        before - self.list.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(faults: &mut Faults, random: &mut Random, n: usize) -> Vec<Option<i64>> {
        (0..n).map(|_| faults.pick("/a", None, random).and_then(|fault| fault.errcode)).collect()
    }

    #[test]
    fn the_exact_queue_comes_first_in_its_order_then_the_chance() {
        let (mut faults, mut random) = (Faults::default(), Random::new(1));
        faults.add(Fault::on("/a").probability(1.0).errcode(-1)).unwrap();
        faults.add(Fault::on("/a").times(2).errcode(40001)).unwrap();
        faults.add(Fault::on("/a").errcode(42001)).unwrap();
        let seen = codes(&mut faults, &mut random, 5);
        assert_eq!(seen, [Some(40001), Some(40001), Some(42001), Some(-1), Some(-1)]);
        assert_eq!(faults.list().len(), 1);
        assert_eq!(faults.remove(None), 1);
        assert_eq!(codes(&mut faults, &mut random, 1), [None]);
    }

    #[test]
    fn skipping_reaches_the_nth_call() {
        let (mut faults, mut random) = (Faults::default(), Random::new(1));
        faults.add(Fault::on("/a").skip(2).errcode(7)).unwrap();
        assert_eq!(codes(&mut faults, &mut random, 4), [None, None, Some(7), None]);
    }

    #[test]
    fn paths_and_accounts_must_fit() {
        let (mut faults, mut random) = (Faults::default(), Random::new(1));
        faults.add(Fault::on("/cgi-bin/*").account("official").times(1).reset()).unwrap();
        assert!(faults.pick("/sns/auth", Some(("official", "wx1")), &mut random).is_none());
        assert!(faults.pick("/cgi-bin/x", None, &mut random).is_none());
        assert!(faults.pick("/cgi-bin/x", Some(("mini", "wx2")), &mut random).is_none());
        assert!(faults.pick("/cgi-bin/x", Some(("official", "wx1")), &mut random).is_some());
    }

    #[test]
    fn a_chance_falls_about_as_often_as_said() {
        let (mut faults, mut random) = (Faults::default(), Random::new(1));
        faults.add(Fault::on("/a").probability(0.25).errcode(-1)).unwrap();
        let hits = codes(&mut faults, &mut random, 4000).iter().flatten().count();
        assert!((850..1150).contains(&hits), "{hits}");
    }

    #[test]
    fn nonsense_is_refused() {
        let mut faults = Faults::default();
        for fault in [
            Fault::on("a").errcode(1),
            Fault::on("/_emulator/state").errcode(1),
            Fault::on("/a"),
            Fault::on("/a").times(0).errcode(1),
            Fault::on("/a").times(1).probability(0.5).errcode(1),
            Fault::on("/a").probability(1.5).errcode(1),
            Fault::on("/a").status(99),
            Fault { body_base64: Some("%".into()), ..Fault::on("/a") },
            Fault { suffix_base64: Some("%".into()), ..Fault::on("/a") },
            Fault::on("/a").status(500).patch(serde_json::json!({ "a": 1 })),
            Fault::on("/a").drip_ms(10_001),
        ] {
            assert!(faults.add(fault.clone()).is_err(), "{fault:?}");
        }
    }
}
