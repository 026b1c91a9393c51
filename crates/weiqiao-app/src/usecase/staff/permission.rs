//! What staff may do. Deny by default: a route names the permission it demands.

use std::fmt;
use std::str::FromStr;

use weiqiao_model::Role;

/// One right of a member of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See who has logged in.
    ReadUsers,
    /// End people's sessions.
    ManageUsers,
    /// See accounts and the state of their tokens; never a token.
    ReadAccounts,
    /// See which callbacks came, who follows (without names), which rules there are.
    ReadCallbacks,
    /// Read what people write.
    ReadMessages,
    /// Make, change and take away rules.
    ManageRules,
    /// See actions, subscriptions and notifications, and who is an advisor.
    ReadCustomers,
    /// See leads, masked; advisors their own and those of the public pool.
    ReadLeads,
    /// Claim and release leads, change them, follow up; advisors their own.
    ManageLeads,
    /// Give leads to advisors.
    AssignLeads,
    /// Read the phone and name of a lead in clear; advisors of their own.
    RevealLeads,
    /// Take leads away as a file; advisors their own.
    ExportLeads,
    /// Say who is an advisor.
    ManageAdvisors,
    /// Send subscribe messages.
    SendMessages,
    /// See what is done later, and how that goes; not what it is about.
    ReadJobs,
    /// Try jobs again, call them off.
    ManageJobs,
    /// Say where events go, and read what went there.
    ManageWebhooks,
    /// Publish and delete menus.
    ManageMenus,
    /// Add staff, change their rights and passwords.
    ManageStaff,
    /// Make and revoke API keys.
    ManageKeys,
    /// See who did what.
    ReadAudit,
    /// Change settings.
    ManageSettings,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 22] = [
        Self::ReadUsers,
        Self::ManageUsers,
        Self::ReadAccounts,
        Self::ReadCallbacks,
        Self::ReadMessages,
        Self::ManageRules,
        Self::ReadCustomers,
        Self::ReadLeads,
        Self::ManageLeads,
        Self::AssignLeads,
        Self::RevealLeads,
        Self::ExportLeads,
        Self::ManageAdvisors,
        Self::SendMessages,
        Self::ReadJobs,
        Self::ManageJobs,
        Self::ManageWebhooks,
        Self::ManageMenus,
        Self::ManageStaff,
        Self::ManageKeys,
        Self::ReadAudit,
        Self::ManageSettings,
    ];

    /// The word used in answers and storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadUsers => "users:read",
            Self::ManageUsers => "users:manage",
            Self::ReadAccounts => "accounts:read",
            Self::ReadCallbacks => "callbacks:read",
            Self::ReadMessages => "messages:read",
            Self::ManageRules => "rules:manage",
            Self::ReadCustomers => "customers:read",
            Self::ReadLeads => "leads:read",
            Self::ManageLeads => "leads:manage",
            Self::AssignLeads => "leads:assign",
            Self::RevealLeads => "leads:reveal",
            Self::ExportLeads => "leads:export",
            Self::ManageAdvisors => "advisors:manage",
            Self::SendMessages => "messages:send",
            Self::ReadJobs => "jobs:read",
            Self::ManageJobs => "jobs:manage",
            Self::ManageWebhooks => "webhooks:manage",
            Self::ManageMenus => "menus:manage",
            Self::ManageStaff => "staff:manage",
            Self::ManageKeys => "keys:manage",
            Self::ReadAudit => "audit:read",
            Self::ManageSettings => "settings:manage",
        }
    }

    /// Whether everybody of this role has it.
    #[must_use]
    pub fn comes_with(self, role: Role) -> bool {
        match self {
            Self::ReadUsers | Self::ReadAccounts | Self::ReadCallbacks | Self::ReadJobs | Self::ReadLeads => true,
            Self::ReadCustomers => role != Role::Advisor,
            Self::ManageLeads | Self::RevealLeads => role != Role::Viewer,
            Self::ManageUsers
            | Self::SendMessages
            | Self::AssignLeads
            | Self::ExportLeads
            | Self::ManageAdvisors
            | Self::ReadMessages
            | Self::ManageRules
            | Self::ManageMenus
            | Self::ManageJobs
            | Self::ReadAudit => {
                matches!(role, Role::Admin | Role::Supervisor)
            }
            Self::ManageStaff | Self::ManageKeys | Self::ManageSettings | Self::ManageWebhooks => role == Role::Admin,
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown permission")]
pub struct UnknownPermission;

impl FromStr for Permission {
    type Err = UnknownPermission;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == text).ok_or(UnknownPermission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_one_word_and_belongs_to_admins() {
        for permission in Permission::ALL {
            assert_eq!(permission.as_str().parse(), Ok(permission));
            assert!(permission.comes_with(Role::Admin));
        }
        assert!("*".parse::<Permission>().is_err());
    }

    #[test]
    fn viewers_change_nothing() {
        let theirs: Vec<_> =
            Permission::ALL.into_iter().filter(|permission| permission.comes_with(Role::Viewer)).collect();
        let reading = [
            Permission::ReadUsers,
            Permission::ReadAccounts,
            Permission::ReadCallbacks,
            Permission::ReadCustomers,
            Permission::ReadLeads,
            Permission::ReadJobs,
        ];
        assert_eq!(theirs, reading);
    }
}
