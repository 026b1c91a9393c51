//! One change at a time: what was read must still be so when it is replaced.

use std::time::Duration;

use crate::App;
use crate::accounts::Account;
use crate::error::{AppError, ErrorKind, Result, code};

/// Longer than a handful of calls to WeChat take.
const TURN: Duration = Duration::from_secs(60);

/// Does `work` while nobody else, on any instance, changes the menus of this account. Without Redis between instances two
/// of them may do so in the same second.
///
/// # Errors
///
/// `Conflict` with code `MENU_BUSY` when somebody does, and those of the work.
pub(super) async fn in_turn<T>(app: &App, account: &Account, work: impl Future<Output = Result<T>>) -> Result<T> {
    let lease = match app.coord().lease().acquire(&format!("menu {}", account.app_id()), "menu", TURN).await {
        Ok(Some(lease)) => Some(lease),
        Ok(None) => {
            let kind = ErrorKind::Conflict;
            return Err(AppError::new(kind, code::MENU_BUSY, "另一个人正在修改这个账号的菜单")
                .with_hint("请稍后重新读取菜单再提交。"));
        }
        Err(error) => {
            tracing::warn!(%error, "menus are changed without taking turns");
            None
        }
    };
    let done = work.await;
    if let Some(lease) = lease {
        // What is not given back runs out by itself.
        let _ = app.coord().lease().release(lease).await;
    }
    done
}
