//! How work is done later.

use std::time::Duration;

use weiqiao_app::worker::WorkerSettings;

use crate::config::parse;
use crate::config::reader::Reader;
use crate::config::setting::Setting;

pub(super) const SETTINGS: &[Setting] = &[
    Setting::plain(
        "WORKER_CONCURRENCY",
        "32",
        "一个进程里同时执行多少个后台任务，1 到 1000",
        "how many jobs one process does at the same time, 1 to 1000",
    )
    .example("32"),
    Setting::plain(
        "JOBS_KEEP_DAYS",
        "30",
        "结束的后台任务（含 Webhook 投递）保存几天，1 到 3650；到期后删除",
        "how many days jobs that are over, deliveries too, are kept, 1 to 3650",
    )
    .example("30"),
];

pub(super) fn read(reader: &mut Reader) -> WorkerSettings {
    let usual = WorkerSettings::default();
    let at_once = reader.value("WORKER_CONCURRENCY", |text| parse::whole_number(text, 1..=1_000));
    let days = reader.value("JOBS_KEEP_DAYS", |text| parse::whole_number(text, 1..=3_650));
    WorkerSettings {
        at_once: at_once.and_then(|number| usize::try_from(number).ok()).unwrap_or(usual.at_once),
        keep: days.map_or(usual.keep, |days| Duration::from_secs(days * 86_400)),
    }
}
