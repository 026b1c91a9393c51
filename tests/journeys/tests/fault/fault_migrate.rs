//! FI-21: the process is killed while it brings the schema up to date. The next start does the rest.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::support::{Chance, Desk, Engine, figure, say};

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_migrating_is_made_good_by_the_next_start_on_sqlite() {
    kill_while_migrating(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_migrating_is_made_good_by_the_next_start_on_postgres() {
    kill_while_migrating(Engine::Postgres).await;
}

/// The schema as text: every column of every table.
async fn schema(desk: &Desk) -> Vec<String> {
    let sql = match desk.engine {
        Engine::Sqlite => "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1",
        Engine::Postgres => {
            "SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns \
             WHERE table_schema = 'public' ORDER BY 1"
        }
    };
    desk.rows.texts(sql).await
}

async fn kill_while_migrating(engine: Engine) {
    let name = format!("FI-21 {engine:?}");
    let (worlds, mut chance) = (figure(4, 40), Chance::new(&name));
    let mut whole = None;
    let (mut kills, mut half) = (0, 0);
    let begun = Instant::now();
    for _ in 0..worlds {
        let Some(desk) = Desk::new(engine).await else { return };
        // Killed again and again, each time a little later, until one start was whole.
        let mut wait = chance.of(1..=6);
        loop {
            let mut process = desk.start(&[]);
            match tokio::time::timeout(Duration::from_millis(wait), process.ready()).await {
                Ok(Ok(_)) => {
                    process.kill();
                    break;
                }
                Ok(Err(status)) => panic!("after {kills} kills a start ended with {status}: {}", desk.log()),
                Err(_) => {}
            }
            process.kill();
            kills += 1;
            let migrated = std::fs::metadata(desk.path("data/weiqiao.db")).is_ok_and(|file| file.len() > 0);
            half += usize::from(migrated || engine == Engine::Postgres);
            wait += chance.of(3..=12);
            assert!(wait < 30_000, "never ready: {}", desk.log());
            sleep(Duration::from_millis(1)).await;
        }
        let found = schema(&desk).await;
        let expected = whole.get_or_insert_with(|| found.clone());
        assert_eq!(&found, expected, "two databases went through the same migrations");
    }
    say(format!(
        "{name}: {worlds} databases, {kills} kills while they were made ({half} with something in them), in {:.0?}",
        begun.elapsed()
    ));
}
