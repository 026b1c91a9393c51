//! JS-SDK and card tickets.

use serde::{Deserialize, Serialize};

use crate::random::Random;
use crate::settings::{Settings, TicketRepeat};

/// What a ticket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TicketKind {
    /// Page signatures.
    Jsapi,
    /// Card signatures.
    WxCard,
}

/// One issued ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ticket {
    pub(crate) value: String,
    pub(crate) app_id: String,
    pub(crate) kind: TicketKind,
    pub(crate) generation: u64,
    pub(crate) expires_ms: i64,
}

/// Tickets remembered per account and kind.
const KEPT: usize = 64;

/// All tickets, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Tickets {
    list: Vec<Ticket>,
}

impl Tickets {
    /// Tickets of an account that are still good, newest first.
    pub(crate) fn alive<'a>(
        &'a self,
        app_id: &'a str,
        kind: TicketKind,
        now_ms: i64,
    ) -> impl Iterator<Item = &'a Ticket> {
        self.list.iter().rev().filter(move |t| t.app_id == app_id && t.kind == kind && t.expires_ms > now_ms)
    }

    /// `getticket`: the ticket and its remaining seconds.
    pub(crate) fn get(
        &mut self,
        app_id: &str,
        kind: TicketKind,
        settings: &Settings,
        random: &mut Random,
        now_ms: i64,
    ) -> (String, i64) {
        if settings.ticket_repeat == TicketRepeat::Same
            && let Some(ticket) = self.alive(app_id, kind, now_ms).next()
        {
            return (ticket.value.clone(), (ticket.expires_ms - now_ms) / 1000);
        }
        let ours = |t: &&Ticket| t.app_id == app_id && t.kind == kind;
        let generation = self.list.iter().rev().find(ours).map_or(1, |last| last.generation + 1);
        let value = random.token(86);
        self.list.push(Ticket {
            value: value.clone(),
            app_id: app_id.to_owned(),
            kind,
            generation,
            expires_ms: now_ms + settings.ticket_lifetime_s * 1000,
        });
        if self.list.iter().filter(ours).count() > KEPT
            && let Some(oldest) = self.list.iter().position(|t| t.app_id == app_id && t.kind == kind)
        {
            self.list.remove(oldest);
        }
        (value, settings.ticket_lifetime_s)
    }

    /// Every ticket, for the state view.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Ticket> {
        self.list.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_repeated_with_its_remaining_life_and_then_renewed() {
        let (mut tickets, settings, mut random) = (Tickets::default(), Settings::default(), Random::new(1));
        let mut get = |kind, now| tickets.get("wx1", kind, &settings, &mut random, now);
        let (first, life) = get(TicketKind::Jsapi, 0);
        assert_eq!(life, 7200);
        assert_eq!(get(TicketKind::Jsapi, 1000), (first.clone(), 7199));
        let (card, _) = get(TicketKind::WxCard, 1000);
        assert_ne!(card, first, "kinds are separate");
        let (second, _) = get(TicketKind::Jsapi, 7_200_000);
        assert_ne!(second, first);
    }

    #[test]
    fn by_setting_each_call_gives_a_new_one_and_old_ones_stay_good() {
        let settings = Settings { ticket_repeat: TicketRepeat::New, ..Settings::default() };
        let (mut tickets, mut random) = (Tickets::default(), Random::new(1));
        let (a, _) = tickets.get("wx1", TicketKind::Jsapi, &settings, &mut random, 0);
        let (b, _) = tickets.get("wx1", TicketKind::Jsapi, &settings, &mut random, 1);
        let alive: Vec<&str> = tickets.alive("wx1", TicketKind::Jsapi, 2).map(|t| t.value.as_str()).collect();
        assert_eq!(alive, [b.as_str(), a.as_str()]);
    }
}
