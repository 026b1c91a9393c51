//! What people have decided about notifications for good: answers they asked WeChat to keep, and the main switch.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// An answer to one notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Choice {
    /// One message may be sent.
    Accept,
    /// None.
    Reject,
}

/// Answers kept with 总是保持以上选择, and mini programs whose main switch somebody has turned off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SubscriptionChoices {
    /// appid → persona → template.
    kept: BTreeMap<String, BTreeMap<String, BTreeMap<String, Choice>>>,
    /// appid and persona.
    off: BTreeSet<(String, String)>,
}

impl SubscriptionChoices {
    /// The answer kept for a template.
    pub(crate) fn kept(&self, app_id: &str, persona: &str, template_id: &str) -> Option<Choice> {
        self.of(app_id, persona)?.get(template_id).copied()
    }

    /// All answers a person has had kept at a mini program.
    pub(crate) fn of(&self, app_id: &str, persona: &str) -> Option<&BTreeMap<String, Choice>> {
        self.kept.get(app_id)?.get(persona)
    }

    /// Keeps an answer; `None`: asks again next time.
    pub(crate) fn keep(&mut self, app_id: &str, persona: &str, template_id: &str, choice: Option<Choice>) {
        let of = self.kept.entry(app_id.to_owned()).or_default().entry(persona.to_owned()).or_default();
        match choice {
            Some(choice) => of.insert(template_id.to_owned(), choice),
            None => of.remove(template_id),
        };
    }

    /// Whether the person takes notifications of this mini program at all.
    pub(crate) fn main_switch(&self, app_id: &str, persona: &str) -> bool {
        !self.off.contains(&(app_id.to_owned(), persona.to_owned()))
    }

    /// Turns all notifications of a mini program on or off.
    pub(crate) fn set_main_switch(&mut self, app_id: &str, persona: &str, on: bool) {
        let key = (app_id.to_owned(), persona.to_owned());
        if on {
            self.off.remove(&key);
        } else {
            self.off.insert(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_for_one_person_and_template_until_taken_back() {
        let mut choices = SubscriptionChoices::default();
        choices.keep("wx1", "p", "t", Some(Choice::Accept));
        assert_eq!(choices.kept("wx1", "p", "t"), Some(Choice::Accept));
        for (app_id, persona, template) in [("wx2", "p", "t"), ("wx1", "q", "t"), ("wx1", "p", "u")] {
            assert_eq!(choices.kept(app_id, persona, template), None);
        }
        choices.keep("wx1", "p", "t", None);
        assert_eq!(choices.kept("wx1", "p", "t"), None);
    }

    #[test]
    fn the_main_switch_is_on_until_it_is_turned_off() {
        let mut choices = SubscriptionChoices::default();
        choices.set_main_switch("wx1", "p", false);
        assert!(!choices.main_switch("wx1", "p") && choices.main_switch("wx1", "q") && choices.main_switch("wx2", "p"));
        choices.set_main_switch("wx1", "p", true);
        assert_eq!(choices, SubscriptionChoices::default());
    }
}
