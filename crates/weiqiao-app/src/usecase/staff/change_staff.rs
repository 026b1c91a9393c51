//! What is known about a member of staff changes.

use serde_json::{Value, json};
use weiqiao_model::{Role, StaffId};
use weiqiao_store::facts::staff::{ChangeStaff, FindStaff, StaffChange, StoredStaff};

use super::create_staff::{check_details, sealed_detail, sealed_name};
use super::{ListedStaff, OpenedStaff};
use crate::App;
use crate::audit::{Actor, Deed, audited};
use crate::error::{AppError, ErrorKind, Result, code};
use crate::usecase::text;

/// What is to change; `None` leaves it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffPatch {
    /// Their name, 1 to 100 characters.
    pub name: Option<String>,
    /// Their phone.
    pub phone: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
    /// Where they work.
    pub department: Option<String>,
    /// Which advisor they are; `Some(None)`: none any more.
    pub advisor_id: Option<Option<String>>,
    /// Whether they may not log in any more.
    pub disabled: Option<bool>,
}

impl StaffPatch {
    /// Leaves out what is so already.
    fn without(self, staff: &StoredStaff, known: &OpenedStaff) -> Self {
        let differs = |new: &String, known: &Option<String>| Some(new) != known.as_ref();
        Self {
            name: self.name.filter(|name| differs(name, &known.name)),
            phone: self.phone.filter(|phone| differs(phone, &known.phone)),
            email: self.email.filter(|email| differs(email, &known.email)),
            role: self.role.filter(|role| *role != staff.role),
            department: self.department.filter(|department| *department != staff.department),
            advisor_id: self.advisor_id.filter(|advisor| *advisor != staff.advisor_id),
            disabled: self.disabled.filter(|disabled| *disabled != staff.disabled_at.is_some()),
        }
    }
}

/// Changes a member of staff: here at once, on other instances within five seconds. Whoever is disabled is out as fast.
/// What changes nothing is answered and not written down. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `Invalid` for a name, an e-mail address or an advisor that cannot be; `NotFound` when there is nobody of this id; `Conflict` with code `LAST_ADMIN` when nobody could administer any more.
pub async fn change_staff(app: &App, actor: impl Into<Actor>, id: &str, mut patch: StaffPatch) -> Result<ListedStaff> {
    let (id, actor) = (StaffId::new(id), actor.into());
    patch.name = patch.name.map(|name| text::name(&name).map(str::to_owned)).transpose()?;
    check_details(patch.email.as_deref(), patch.advisor_id.as_ref().and_then(Option::as_deref))?;
    let now = app.store().read(FindStaff { id: id.clone() }).await?.ok_or_else(unknown)?;
    let patch = patch.without(&now, &OpenedStaff::of(app, &now));
    if patch == StaffPatch::default() {
        return Ok(ListedStaff::of(app, now));
    }
    let change = ChangeStaff {
        id: id.clone(),
        name: patch.name.map(|name| sealed_name(app, &id, &name)),
        phone: patch.phone.map(|phone| sealed_detail(app, "phone", &id, &phone)),
        email: patch.email.map(|email| sealed_detail(app, "email", &id, &email)),
        role: patch.role,
        department: patch.department,
        advisor_id: patch.advisor_id,
        disabled: patch.disabled,
        now: app.now_ms(),
    };
    let book = app.clone();
    let audited = audited(change, move |change: &StaffChange| {
        let StaffChange::Changed(both) = change else { return None };
        let (before, after) = &**both;
        let (old, new) = (state(&book, before), state(&book, after));
        let detail = json!({ "changed": changed(&old, &new), "role": after.role.as_str() });
        let mut entry = book.audit_entry(actor.clone(), Deed::StaffChanged, "staff", id.as_str(), &detail);
        entry.before = Some(book.audit_digest(&old));
        entry.after = Some(book.audit_digest(&new));
        Some(entry)
    });
    match app.store().run(audited).await? {
        StaffChange::Changed(both) => {
            app.staff().clear();
            Ok(ListedStaff::of(app, both.1))
        }
        StaffChange::Unknown => Err(unknown()),
        StaffChange::LastAdmin => {
            Err(AppError::new(ErrorKind::Conflict, code::LAST_ADMIN, "这是最后一个管理员，不能停用或改变角色")
                .with_hint("请先把另一个员工设为管理员。"))
        }
    }
}

fn unknown() -> AppError {
    AppError::not_found(code::NOT_FOUND, "没有这个员工")
}

/// What is damaged is nothing here.
fn state(app: &App, staff: &StoredStaff) -> Value {
    let OpenedStaff { name, phone, email, .. } = OpenedStaff::of(app, staff);
    json!({
        "name": name, "phone": phone, "email": email, "role": staff.role.as_str(),
        "department": staff.department, "advisor_id": staff.advisor_id, "disabled": staff.disabled_at.is_some(),
    })
}

/// The names of the fields that differ, and of role and link what they are.
fn changed(old: &Value, new: &Value) -> Vec<String> {
    let fields = ["name", "phone", "email", "role", "department", "advisor_id", "disabled"];
    fields
        .into_iter()
        .filter(|field| old.get(*field) != new.get(*field))
        .map(|field| match field {
            "role" | "disabled" => format!("{field}: {} → {}", value(old, field), value(new, field)),
            _ => field.to_owned(),
        })
        .collect()
}

fn value(state: &Value, field: &str) -> String {
    state.get(field).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default()
}
