//! A set of patterns, in which a look-up parses nothing and does not try each pattern.

use std::collections::{HashMap, HashSet};

use cors_rules::pattern::{Port, host_text, suffixes};
use cors_rules::{Origin, Pattern};

/// Patterns by scheme, then host. A look-up takes a few steps for each label of the origin's host,
/// however many patterns there are.
#[derive(Debug, Default)]
pub(super) struct Patterns(HashMap<Box<str>, HashMap<Box<str>, HostPatterns>>);

/// The ports of the patterns of one scheme and host.
#[derive(Debug, Default)]
struct HostPatterns {
    /// Of patterns without `*.`.
    host: HashSet<Port>,
    /// Of patterns with `*.`.
    subdomains: HashSet<Port>,
}

impl<'a> FromIterator<Pattern<'a>> for Patterns {
    fn from_iter<I: IntoIterator<Item = Pattern<'a>>>(patterns: I) -> Self {
        let mut set = Self::default();
        for pattern in patterns {
            let hosts = set.0.entry(pattern.scheme.into()).or_default();
            let found = hosts.entry(pattern.host.into()).or_default();
            let ports = if pattern.subdomains {
                &mut found.subdomains
            } else {
                &mut found.host
            };
            ports.insert(pattern.port);
        }
        set
    }
}

impl Patterns {
    /// Whether one of the patterns matches `origin`.
    pub(super) fn matches(&self, origin: &Origin<'_>) -> bool {
        let Some(hosts) = self.0.get(origin.scheme()) else {
            return false;
        };
        let host = host_text(origin);
        let port = origin.port().map_or(Port::Default, Port::Number);
        suffixes(host).any(|suffix| {
            hosts.get(suffix).is_some_and(|found| {
                let is_whole = suffix.len() == host.len();
                let ports = if is_whole {
                    &found.host
                } else {
                    &found.subdomains
                };
                ports.contains(&port) || ports.contains(&Port::Any)
            })
        })
    }

    /// The patterns as they are written, in any order.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        let hosts = self.0.iter().flat_map(|(scheme, hosts)| {
            hosts.iter().map(move |(host, found)| (scheme, host, found))
        });
        hosts.flat_map(|(scheme, host, found)| {
            [(false, &found.host), (true, &found.subdomains)]
                .into_iter()
                .flat_map(move |(subdomains, ports)| {
                    ports.iter().map(move |&port| {
                        let pattern = Pattern {
                            scheme,
                            subdomains,
                            host,
                            port,
                        };
                        pattern.to_string()
                    })
                })
        })
    }
}
