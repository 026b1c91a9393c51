//! The first start: there is no default password, somebody has to be let in.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use weiqiao_app::App;
use weiqiao_app::settings::SettingSecret;
use weiqiao_app::usecase::staff::{FirstAdmin, SetupToken, ensure_first_admin};

use crate::compose::ComposeError;
use crate::config::Settings;

/// The name of the file with the set-up token, in the data folder.
const FILE: &str = "setup-token";

/// Makes the first member of staff from the settings; without a password writes a one-time token for setting one, and
/// returns where. A token file that is no longer good for anything is removed.
pub(crate) async fn ensure(settings: &Settings, app: &App) -> Result<Option<PathBuf>, ComposeError> {
    let path = settings.database.data_folder().join(FILE);
    let password = settings.admin.password.as_ref().map(SettingSecret::expose);
    match ensure_first_admin(app, &settings.admin.username, password).await.map_err(ComposeError::FirstAdmin)? {
        FirstAdmin::Token(token) => match write(&path, &token) {
            Ok(()) => Ok(Some(path)),
            Err(error) => Err(ComposeError::SetupToken { path, error }),
        },
        FirstAdmin::Created(_) => {
            tracing::info!("the first member of staff was made from ADMIN_USERNAME and ADMIN_PASSWORD");
            Ok(forget(&path))
        }
        FirstAdmin::NotNeeded => Ok(forget(&path)),
    }
}

/// A new file for its owner only, in the place of one that may be there.
fn write(path: &Path, token: &SetupToken) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{}", token.expose())
}

fn forget(path: &Path) -> Option<PathBuf> {
    // Usually there is none. One that cannot be removed holds a token that opens nothing.
    let _ = fs::remove_file(path);
    None
}
