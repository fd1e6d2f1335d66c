//! A set of patterns, in which a look-up parses nothing and does not try each pattern.

use std::collections::{HashMap, HashSet};

use cors_rules::pattern::{Port, host_text, suffixes};
use cors_rules::{Origin, Pattern};

/// Patterns by scheme, then host. A look-up takes a few steps for each label of the origin's host,
/// however many patterns there are.
#[derive(Debug, Default)]
pub(super) struct Patterns(HashMap<Box<str>, HashMap<Box<str>, HostPatterns>>);

/// The patterns of one scheme and host.
#[derive(Debug, Default)]
struct HostPatterns {
    /// Of patterns without `*.`.
    host: Ports,
    /// Of patterns with `*.`.
    subdomains: Ports,
}

/// The ports of patterns that have all else in common.
#[derive(Debug, Default)]
struct Ports {
    any: bool,
    /// `None` is the default port of the scheme.
    numbers: HashSet<Option<u16>>,
}

impl Ports {
    fn insert(&mut self, port: Port) {
        match port {
            Port::Any => self.any = true,
            Port::Default => drop(self.numbers.insert(None)),
            Port::Number(number) => drop(self.numbers.insert(Some(number))),
        }
    }

    fn contain(&self, port: Option<u16>) -> bool {
        self.any || self.numbers.contains(&port)
    }

    fn iter(&self) -> impl Iterator<Item = Port> {
        let any = self.any.then_some(Port::Any);
        let numbers = self.numbers.iter();
        any.into_iter()
            .chain(numbers.map(|port| port.map_or(Port::Default, Port::Number)))
    }
}

impl<'a> FromIterator<Pattern<'a>> for Patterns {
    fn from_iter<I: IntoIterator<Item = Pattern<'a>>>(patterns: I) -> Self {
        let mut schemes: HashMap<Box<str>, HashMap<Box<str>, HostPatterns>> = HashMap::new();
        for pattern in patterns {
            let hosts = schemes.entry(pattern.scheme.into()).or_default();
            let found = hosts.entry(pattern.host.into()).or_default();
            let ports = if pattern.subdomains {
                &mut found.subdomains
            } else {
                &mut found.host
            };
            ports.insert(pattern.port);
        }
        Self(schemes)
    }
}

impl Patterns {
    /// Whether one of the patterns matches `origin`.
    pub(super) fn matches(&self, origin: &Origin<'_>) -> bool {
        let Some(hosts) = self.0.get(origin.scheme()) else {
            return false;
        };
        let host = host_text(origin);
        suffixes(host).any(|suffix| {
            hosts.get(suffix).is_some_and(|found| {
                let is_whole = suffix.len() == host.len();
                let ports = if is_whole {
                    &found.host
                } else {
                    &found.subdomains
                };
                ports.contain(origin.port())
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
                    ports.iter().map(move |port| {
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
