//! The rows of an action and nothing else: no HTTP, no JSON, no keys, nothing looked up.

use std::io::BufRead as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tokio::task::JoinSet;
use weiqiao_model::{JobId, OsRng, SystemClock, new_id};
use weiqiao_store::{Command, Sharing, Store, StoreConfig, StoreError, Transaction, Value};

use crate::{serving, support};

const LEAD: &str = "INSERT INTO lead (id, app_id, number, phone_index, phone, name, openid_index, openid, source, \
    contract_status, level, remarks, created_by, assigned_to, created_at, updated_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $14)";

const ACTION: &str = "INSERT INTO customer_action (id, app_id, advisor_id, kind, customer_index, detail, lead_id, \
    lead_created, notified, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 0, $8)";

const JOB: &str = "INSERT INTO job (id, kind, account, serial_key, origin, payload, status, attempts, tries, next_at, \
    expires_at, lease_owner, lease_until, fence, last_errcode, last_error, reference, created_at, updated_at, finished_at) \
    VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, 0, $7, $8, NULL, 0, 0, NULL, NULL, NULL, $7, $7, NULL)";

/// What sealing adds to a text, bytes.
const SEALED: usize = 45;
const APP: &str = "wx2222222222222222";
const NOW: i64 = 1_757_062_690_123;

/// An action, its lead and its job, of the sizes they have in the product.
pub struct ThreeRows {
    number: u64,
    pub action: JobId,
    pub lead: JobId,
    job: JobId,
    /// Whether it may share a transaction on Postgres, as an action may.
    shares: bool,
}

impl ThreeRows {
    pub fn new(number: u64, shares: bool) -> Self {
        let [action, lead, job] = [(); 3].map(|()| new_id(&SystemClock, &OsRng));
        Self { number, action, lead, job, shares }
    }
}

impl Command for ThreeRows {
    const NAME: &'static str = "bench.three_rows";
    type Output = ();

    fn sharing(&self) -> Sharing<'_> {
        if self.shares { Sharing::Always } else { Sharing::Never }
    }

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        let (customer, advisor) = (index(self.number, 1), format!("advisor-{:05}", self.number % 200));
        let text = |text: &str| Value::from(text);
        let sealed = |length: usize| Value::from(vec![7_u8; length + SEALED]);
        let lead = vec![
            (&self.lead).into(),
            text(APP),
            format!("CUS{NOW}{:08}", self.number).into(),
            index(self.number, 2).into(),
            sealed(11),
            sealed(9),
            (&customer).into(),
            sealed(28),
            text("其他"),
            text("待定"),
            text("B类"),
            sealed(45),
            (&advisor).into(),
            NOW.into(),
        ];
        tx.execute(LEAD, lead).await?;
        let action = vec![
            (&self.action).into(),
            text(APP),
            (&advisor).into(),
            text("contact_advisor"),
            customer.into(),
            sealed(319),
            (&self.lead).into(),
            NOW.into(),
        ];
        tx.execute(ACTION, action).await?;
        let recipient = format!("subscribe:{}", index(self.number % 200, 3));
        let job = vec![
            (&self.job).into(),
            text("subscribe_message"),
            text(APP),
            recipient.into(),
            text("action"),
            sealed(4),
            NOW.into(),
            (NOW + 86_400_000).into(),
        ];
        tx.execute(JOB, job).await?;
        Ok(())
    }
}

/// 22 characters in no order, as blind indexes are.
fn index(number: u64, salt: u64) -> String {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (salt << 56) | 1;
    let word = || {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("{state:016x}")
    };
    let mut text: String = std::iter::repeat_with(word).take(2).collect();
    text.truncate(22);
    text
}

/// A process that does as many as each line of its standard input says: on `sqlite`, on `postgres` with a transaction for each, on
/// `postgres` sharing transactions when another word says so.
pub fn alone(arguments: &[String]) {
    let (engine, shares) = (arguments[0].as_str(), arguments.len() > 1);
    let runtime = serving::runtime(1);
    let folder = tempfile::tempdir().unwrap();
    let own = StoreConfig::Sqlite { path: folder.path().join("raw.db") };
    let store = runtime.block_on(async {
        let store = Store::open(&serving::database(engine).await.unwrap_or(own)).await.unwrap();
        store.migrate().await.unwrap();
        store
    });
    println!("0");
    let next = Arc::new(AtomicU64::new(0));
    for line in std::io::stdin().lock().lines() {
        let until = next.load(Ordering::Relaxed) + line.unwrap().parse::<u64>().unwrap();
        println!("{}", runtime.block_on(callers(&store, &next, until, shares)));
        next.store(until, Ordering::Relaxed);
    }
}

/// 64 callers, each waiting for its answer before the next.
async fn callers(store: &Store, next: &Arc<AtomicU64>, until: u64, shares: bool) -> String {
    let mut running = JoinSet::new();
    let begun = Instant::now();
    for _ in 0..support::CONNECTIONS {
        let (store, next) = (store.clone(), Arc::clone(next));
        running.spawn(async move {
            let mut each = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= until {
                    return each;
                }
                let rows = ThreeRows::new(number, shares);
                let sent = Instant::now();
                store.run(rows).await.unwrap();
                each.push(sent.elapsed());
            }
        });
    }
    let each = running.join_all().await.concat();
    support::told(begun.elapsed(), each)
}
