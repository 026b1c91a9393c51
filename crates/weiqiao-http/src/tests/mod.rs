//! What holds for every route, tested through the real router.

mod callbacks;
mod cors;
mod edge;
mod envelope;
mod failures;
mod foreign_pages;
mod hostile;
mod kept;
mod limits;
mod lists;
mod login_instances;
mod metrics;
mod pages;
mod secrets;
mod staff;
mod threats;
