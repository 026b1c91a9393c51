//! `weiqiao openapi`: the description of the API.

use std::process::ExitCode;

use super::super::Context;
use super::super::exit::{self, Failure};
use super::super::output::say;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: Args, _: &Context) -> Result<ExitCode, Failure> {
    let document = weiqiao_http::openapi().to_pretty_json();
    say(&document.map_err(|error| Failure::failed(format!("the document cannot be written: {error}")))?);
    Ok(ExitCode::from(exit::DONE))
}
