//! `weiqiao completion`: what a shell needs to complete our command line.

use std::io;
use std::process::ExitCode;

use clap_complete::Shell;

use super::super::exit::{self, Failure};
use super::super::words::t;
use super::super::{Context, command};

#[derive(Debug, clap::Args)]
#[command(after_help = t(
    "例如：weiqiao completion bash > /etc/bash_completion.d/weiqiao",
    "For example: weiqiao completion bash > /etc/bash_completion.d/weiqiao",
))]
pub(crate) struct Args {
    #[arg(value_enum, value_name = "SHELL", help = t("bash、zsh、fish、elvish 或 powershell", "bash, zsh, fish, elvish or powershell"))]
    shell: Shell,
}

pub(crate) fn run(args: Args, _: &Context) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "weiqiao", &mut script);
    let written = io::Write::write_all(&mut io::stdout().lock(), &script);
    written.map_err(|error| Failure::failed(error.to_string()))?;
    Ok(ExitCode::from(exit::DONE))
}
