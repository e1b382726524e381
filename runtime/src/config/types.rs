//! The settings of a whole server, as plain values.
//!
//! Built by `load`, read by everybody else. Every value here has already been checked against its bounds, so
//! nothing that takes a [`Config`] needs to doubt it.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::config::{Account, Limits, Marketplace, Network};

/// Everything `switchboard.toml` says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// Addresses and the data folder.
    pub server: Server,
    /// Every bound of the server.
    pub limits: Limits,
    /// How the log is written.
    pub log: Log,
    /// Whom the server may call and who may look at it.
    pub security: Security,
    /// The accounts, in the order of the file; names are unique.
    pub accounts: Vec<Account>,
    /// How shops connect themselves, when they may.
    pub marketplace: Option<Marketplace>,
    /// The file that they were read from, when they were read from one.
    pub file: Option<PathBuf>,
}

/// `[server]`: addresses and the data folder.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Server {
    /// Where notifications arrive.
    pub listen: SocketAddr,
    /// Where the console, the detailed health and the metrics are.
    pub console_listen: SocketAddr,
    /// The folder of the store; made when it is not there.
    pub data: PathBuf,
    /// Proxies whose `X-Forwarded-For` is believed; empty means that nobody's is.
    pub trusted_proxies: Vec<Network>,
}

/// `[log]`: how the log is written.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Log {
    /// Lines for people or objects for machines.
    pub format: LogFormat,
    /// A level (`info`) or directives (`info,switchboard_runtime=debug`).
    pub level: String,
}

/// The two shapes of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// One line a happening, for a terminal.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// `[security]`: whom the server may call and who may look at it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Security {
    /// Domains whose sub-domains may be called as a RetailCRM account.
    pub allowed_crm_domains: Vec<String>,
    /// Whether loopback addresses may be called, over plain HTTP too; for the emulator and for tests.
    pub allow_loopback: bool,
    /// Whether the console may listen on an address that is not loopback; it is then read-only and masked.
    pub remote_console: bool,
}

impl Config {
    /// The sections that differ and that a running server does not take up.
    pub fn changed_sections(&self, new: &Self) -> Vec<&'static str> {
        let sections = [
            ("server", self.server != new.server),
            ("limits", self.limits != new.limits),
            ("log", self.log != new.log),
            ("security", self.security != new.security),
        ];
        sections.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }

    /// Whether anything differs that a running server does take up.
    pub fn serves_otherwise(&self, new: &Self) -> bool {
        self.accounts != new.accounts || self.marketplace != new.marketplace
    }

    /// These settings with everything of the new ones that a running server takes up.
    #[must_use]
    pub fn serving_as(&self, new: Self) -> Self {
        Self { accounts: new.accounts, marketplace: new.marketplace, ..self.clone() }
    }

    /// Finds an account by its name.
    pub fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }
}
