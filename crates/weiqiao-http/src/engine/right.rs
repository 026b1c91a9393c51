//! What a caller has to be allowed. Asked before the body is read: strangers learn nothing, not even what is wrong
//! with their request.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use http::request::Parts;
use weiqiao_app::Caller;
use weiqiao_app::usecase::staff::Permission;
use weiqiao_model::ApiScope;

use super::{AnyCaller, ApiError};
use crate::AppState;

/// A right, as staff have it and as API keys have it.
pub trait Right: Send + Sync + 'static {
    /// What staff need; `None`: no staff may.
    const PERMISSION: Option<Permission>;
    /// What an API key needs.
    const SCOPE: ApiScope;
    /// Whether it is for staff alone, whatever the scopes of a key.
    const STAFF_ONLY: bool = false;
}

/// Seeing who has logged in.
#[derive(Debug)]
pub(crate) struct ReadUsers;

impl Right for ReadUsers {
    const PERMISSION: Option<Permission> = Some(Permission::ReadUsers);
    const SCOPE: ApiScope = ApiScope::UserRead;
    const STAFF_ONLY: bool = true;
}

/// Seeing which callbacks came, who follows, which rules there are.
#[derive(Debug)]
pub(crate) struct ReadCallbacks;

impl Right for ReadCallbacks {
    const PERMISSION: Option<Permission> = Some(Permission::ReadCallbacks);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Reading what people write.
#[derive(Debug)]
pub(crate) struct ReadMessages;

impl Right for ReadMessages {
    const PERMISSION: Option<Permission> = Some(Permission::ReadMessages);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Making, changing and taking away rules.
#[derive(Debug)]
pub(crate) struct ManageRules;

impl Right for ManageRules {
    const PERMISSION: Option<Permission> = Some(Permission::ManageRules);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Seeing menus.
#[derive(Debug)]
pub(crate) struct ReadMenus;

impl Right for ReadMenus {
    const PERMISSION: Option<Permission> = Some(Permission::ReadAccounts);
    const SCOPE: ApiScope = ApiScope::Menu;
}

/// Publishing and deleting menus.
#[derive(Debug)]
pub(crate) struct ManageMenus;

impl Right for ManageMenus {
    const PERMISSION: Option<Permission> = Some(Permission::ManageMenus);
    const SCOPE: ApiScope = ApiScope::Menu;
}

/// Seeing actions, subscriptions and notifications.
#[derive(Debug)]
pub(crate) struct ReadCustomers;

impl Right for ReadCustomers {
    const PERMISSION: Option<Permission> = Some(Permission::ReadCustomers);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Seeing leads, masked.
#[derive(Debug)]
pub(crate) struct ReadLeads;

impl Right for ReadLeads {
    const PERMISSION: Option<Permission> = Some(Permission::ReadLeads);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Claiming, releasing and changing leads, following up.
#[derive(Debug)]
pub(crate) struct ManageLeads;

impl Right for ManageLeads {
    const PERMISSION: Option<Permission> = Some(Permission::ManageLeads);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Giving leads to advisors.
#[derive(Debug)]
pub(crate) struct AssignLeads;

impl Right for AssignLeads {
    const PERMISSION: Option<Permission> = Some(Permission::AssignLeads);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Reading the phone and name of a lead in clear.
#[derive(Debug)]
pub(crate) struct RevealLeads;

impl Right for RevealLeads {
    const PERMISSION: Option<Permission> = Some(Permission::RevealLeads);
    const SCOPE: ApiScope = ApiScope::LeadReveal;
}

/// Taking leads away as a file.
#[derive(Debug)]
pub(crate) struct ExportLeads;

impl Right for ExportLeads {
    const PERMISSION: Option<Permission> = Some(Permission::ExportLeads);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Saying who is an advisor.
#[derive(Debug)]
pub(crate) struct ManageAdvisors;

impl Right for ManageAdvisors {
    const PERMISSION: Option<Permission> = Some(Permission::ManageAdvisors);
    const SCOPE: ApiScope = ApiScope::AdvisorWrite;
}

/// Seeing what is done later, and how that goes.
#[derive(Debug)]
pub(crate) struct ReadJobs;

impl Right for ReadJobs {
    const PERMISSION: Option<Permission> = Some(Permission::ReadJobs);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Trying jobs again, calling them off.
#[derive(Debug)]
pub(crate) struct ManageJobs;

impl Right for ManageJobs {
    const PERMISSION: Option<Permission> = Some(Permission::ManageJobs);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Saying where events go, and reading what went there.
#[derive(Debug)]
pub(crate) struct ManageWebhooks;

impl Right for ManageWebhooks {
    const PERMISSION: Option<Permission> = Some(Permission::ManageWebhooks);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Seeing and changing who works here.
#[derive(Debug)]
pub(crate) struct ManageStaff;

impl Right for ManageStaff {
    const PERMISSION: Option<Permission> = Some(Permission::ManageStaff);
    const SCOPE: ApiScope = ApiScope::Admin;
    const STAFF_ONLY: bool = true;
}

/// Seeing who did what.
#[derive(Debug)]
pub(crate) struct ReadAudit;

impl Right for ReadAudit {
    const PERMISSION: Option<Permission> = Some(Permission::ReadAudit);
    const SCOPE: ApiScope = ApiScope::Admin;
    const STAFF_ONLY: bool = true;
}

/// Seeing how it goes.
#[derive(Debug)]
pub(crate) struct ReadOverview;

impl Right for ReadOverview {
    const PERMISSION: Option<Permission> = Some(Permission::ReadAccounts);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Making and revoking API keys.
#[derive(Debug)]
pub(crate) struct ManageKeys;

impl Right for ManageKeys {
    const PERMISSION: Option<Permission> = Some(Permission::ManageKeys);
    const SCOPE: ApiScope = ApiScope::Admin;
}

/// Reading access tokens and tickets: for programs only.
#[derive(Debug)]
pub(crate) struct ReadTokens;

impl Right for ReadTokens {
    const PERMISSION: Option<Permission> = None;
    const SCOPE: ApiScope = ApiScope::Token;
}

/// A caller who has the right.
#[derive(Debug)]
pub struct Allowed<R> {
    caller: Caller,
    right: PhantomData<R>,
}

impl<R> Allowed<R> {
    /// Who it is.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl<R: Right> FromRequestParts<AppState> for Allowed<R> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let AnyCaller(caller) = AnyCaller::from_request_parts(parts, state).await?;
        match R::PERMISSION {
            Some(permission) if R::STAFF_ONLY => caller.demand_staff(permission)?,
            Some(permission) => caller.demand(permission, R::SCOPE)?,
            None => caller.demand_scope(R::SCOPE)?,
        }
        Ok(Self { caller, right: PhantomData })
    }
}
