//! What happened around a lead, whoever did it: actions of the customer, messages about them, follow-ups, changes of hands.

use crate::facts::window;
use crate::value::params;
use crate::{Query, Read, Row, Shape, StoreError};

const COUNT: &str = "SELECT (SELECT count(*) FROM customer_action WHERE lead_id = $1) \
    + (SELECT count(*) FROM customer_action a JOIN notification n ON n.id = a.id WHERE a.lead_id = $1) \
    + (SELECT count(*) FROM follow_up WHERE lead_id = $1) \
    + (SELECT count(*) FROM lead_history WHERE lead_id = $1)";

const READ: &str = "SELECT 'action' AS source, id, created_at AS moment, app_id, advisor_id, kind AS word, \
    CAST(NULL AS TEXT) AS other, CAST(NULL AS TEXT) AS further, detail AS sealed, lead_created AS one, notified AS two, \
    CAST(NULL AS TEXT) AS actor_kind, CAST(NULL AS TEXT) AS actor_id, \
    CASE WHEN 1 = 0 THEN detail END AS staff_name, CAST(NULL AS TEXT) AS key_name \
    FROM customer_action WHERE lead_id = $1 \
    UNION ALL SELECT 'notification', n.id, n.created_at, n.app_id, n.advisor_id, job.status, job.last_error, NULL, NULL, \
    job.attempts, job.last_errcode, NULL, NULL, NULL, NULL \
    FROM customer_action a JOIN notification n ON n.id = a.id JOIN job ON job.id = n.id WHERE a.lead_id = $1 \
    UNION ALL SELECT 'follow_up', f.id, f.created_at, f.app_id, NULL, f.kind, NULL, NULL, f.text, f.next_at, NULL, \
    f.actor_kind, f.actor_id, s.name, k.name FROM follow_up f LEFT JOIN staff s ON s.id = f.actor_id \
    LEFT JOIN api_key k ON k.id = f.actor_id WHERE f.lead_id = $1 \
    UNION ALL SELECT 'history', h.id, h.created_at, '', h.from_advisor, h.kind, h.to_advisor, h.detail, NULL, NULL, NULL, \
    h.actor_kind, h.actor_id, s.name, k.name FROM lead_history h LEFT JOIN staff s ON s.id = h.actor_id \
    LEFT JOIN api_key k ON k.id = h.actor_id WHERE h.lead_id = $1 \
    ORDER BY moment DESC, id DESC, source DESC LIMIT $2 OFFSET $3";

/// Reads what happened around a lead, the newest first.
#[derive(Debug, Clone)]
pub struct ReadTimeline {
    /// The lead.
    pub lead_id: String,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One page of what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelinePage {
    /// What happened.
    pub items: Vec<TimelineEntry>,
    /// How many entries there are on all pages.
    pub total: u64,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    /// Its id: the action's, which its notification has too, the follow-up's or its own.
    pub id: String,
    /// When, epoch milliseconds.
    pub at: i64,
    /// What.
    pub what: TimelineWhat,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimelineWhat {
    /// The customer did something.
    Action {
        /// In which mini program.
        app_id: String,
        /// For which advisor.
        advisor_id: String,
        /// What.
        kind: String,
        /// Everything else, sealed; nothing when it is to be forgotten.
        detail: Option<Vec<u8>>,
        /// Whether it made the lead.
        lead_created: bool,
        /// Whether the advisor was told.
        notified: bool,
    },
    /// A message about that was owed.
    Notification {
        /// To whom.
        advisor_id: String,
        /// How far it has come.
        status: String,
        /// How often it was tried.
        attempts: i64,
        /// WeChat's number in the last refusal.
        last_errcode: Option<i64>,
        /// Why the last try was not the last one needed.
        last_error: Option<String>,
    },
    /// Somebody followed up.
    FollowUp {
        /// In which mini program the lead is.
        app_id: String,
        /// How.
        kind: String,
        /// What was said, sealed; nothing when it is to be forgotten.
        text: Option<Vec<u8>>,
        /// When to go on, epoch milliseconds.
        next_at: Option<i64>,
        /// Who did.
        actor: LeadActor,
    },
    /// It changed hands, or staff changed it.
    Change {
        /// `assigned`, `claimed`, `released` or `changed`.
        kind: String,
        /// Whose it was.
        from: Option<String>,
        /// Whose it is since.
        to: Option<String>,
        /// Which fields changed, a JSON object.
        detail: String,
        /// Who did it.
        actor: LeadActor,
    },
}

/// Who did something to a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadActor {
    /// `staff`, `key` …
    pub kind: String,
    /// Our id of them.
    pub id: String,
    /// What staff are called, sealed for their row; nothing when it is none of them, or they are gone.
    pub staff_name: Option<Vec<u8>>,
    /// What a key is called; nothing when it is none, or it is gone.
    pub key_name: Option<String>,
}

impl LeadActor {
    pub(in crate::facts) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { kind: row.text()?, id: row.text()?, staff_name: row.opt_bytes()?, key_name: row.opt_text()? })
    }
}

impl Query for ReadTimeline {
    const NAME: &'static str = "lead.timeline";
    const SHAPE: Shape = Shape::Scan;
    type Output = TimelinePage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<TimelinePage, StoreError> {
        let total = db.query_one(COUNT, params![&self.lead_id]).await?.integer()?;
        let (size, skip) = window(self.page, self.page_size);
        let rows = db.query(READ, params![&self.lead_id, size, skip]).await?;
        let items = rows.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(TimelinePage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}

fn read(mut row: Row) -> Result<TimelineEntry, StoreError> {
    let (source, id, at) = (row.text()?, row.text()?, row.integer()?);
    let (app_id, advisor, word) = (row.text()?, row.opt_text()?, row.text()?);
    let (other, further, sealed) = (row.opt_text()?, row.opt_text()?, row.opt_bytes()?);
    let (one, two) = (row.opt_integer()?, row.opt_integer()?);
    let what = match source.as_str() {
        "action" => TimelineWhat::Action {
            app_id,
            advisor_id: advisor.unwrap_or_default(),
            kind: word,
            detail: sealed,
            lead_created: one == Some(1),
            notified: two == Some(1),
        },
        "notification" => TimelineWhat::Notification {
            advisor_id: advisor.unwrap_or_default(),
            status: word,
            attempts: one.unwrap_or(0),
            last_errcode: two,
            last_error: other,
        },
        "follow_up" => {
            TimelineWhat::FollowUp { app_id, kind: word, text: sealed, next_at: one, actor: LeadActor::read(&mut row)? }
        }
        _ => TimelineWhat::Change {
            kind: word,
            from: advisor,
            to: other,
            detail: further.unwrap_or_default(),
            actor: LeadActor::read(&mut row)?,
        },
    };
    Ok(TimelineEntry { id, at, what })
}
